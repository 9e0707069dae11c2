"""The window: the graph in the middle, the library and the inspector beside it, the training below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QMessageBox, QTabWidget, QVBoxLayout, QWidget

from app import closing, theme
from app.actions import Actions
from app.document import Document
from app.drawer import Drawer
from app.dropping import Dropping
from app.engines import Engines
from app.files import Files
from app.journal import Journal, Left, left_in
from app.own_blocks import OwnBlocks
from app.panels.code import CodePanel
from app.panels.compare.window import CompareWindow
from app.panels.data.panel import DataPanel
from app.panels.drawing.dialog import DrawingDialog
from app.panels.graph import GraphPanel
from app.panels.history import HistoryPanel
from app.panels.inspector.panel import InspectorPanel
from app.panels.keys import KeysDialog
from app.panels.library.panel import LibraryPanel
from app.panels.outline import OutlinePanel
from app.panels.page import PagePanel
from app.panels.recipe import RecipePanel
from app.panels.recovered import RecoveredDialog
from app.panels.report import ReportDialog
from app.panels.start import StartPage
from app.panels.training.panel import TrainingPanel
from app.problems import Problems
from app.runs import Runs
from app.settings import Settings
from app.status import Status
from ml.project.project import Project

if TYPE_CHECKING:
    from app.panels.runs.panel import RunsPanel

TITLE = "Neural Atelier"
SIZE = (1600, 1000)
"""Of a new window, where the screen has room for it."""
TRAINING = 0.48
"""The part of the window's height that training has at first."""
TABS = (
    ("Library", ("Outline", "History"), Qt.DockWidgetArea.LeftDockWidgetArea),
    ("Training", ("Runs", "Queue"), Qt.DockWidgetArea.BottomDockWidgetArea),
)
"""Docks behind each other at first: the one in front, those behind it, and where they are."""
ABOUT = (
    "<b>Neural Atelier</b><p>A desktop studio in which neural networks are drawn as graphs, trained while you watch, and taken away as plain Keras files.</p>"
)


class MainWindow(QMainWindow):
    """Owns the document, the engines and the panels, and wires them. What draws plots, and the engine, come after the first paint."""

    def __init__(self, project: Project, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.document = Document(project, parent=self)
        self.engines = Engines(self)
        self.files = Files(self.document, settings, self)
        self.problems = Problems(settings.folder, self)
        self.journal = Journal(self.document, settings.journals, self)
        self.graph = GraphPanel(self.document)
        self.library = LibraryPanel()
        self.own_blocks = OwnBlocks(settings.blocks, self)
        self.outline, self.history = OutlinePanel(self.document), HistoryPanel(self.document)
        self.inspector = InspectorPanel(self.document)
        self.training = TrainingPanel(self.document)
        self.runs = Runs(self.document, self.engines, self.training, settings, self)
        self.start: StartPage | None = None
        self.compare: CompareWindow | None = None
        self.run_list: RunsPanel | None = None
        self.docks: dict[str, QDockWidget] = {}
        self._painted = False
        self._lay_out()
        self.actions_ = Actions(self)
        self._wire()
        self._restore()
        self._show_title()

    # Asked for by the menus.

    def show_start(self) -> None:
        """Open the start page."""
        if self.start is None:
            self.start = StartPage(self)
            self.start.template_chosen.connect(self.files.new)
            self.start.data_chosen.connect(self.files.begin_with)
            self.start.file_chosen.connect(self.files.open)
        self.start.show_recent(self.settings.recent)
        self.start.search.clear()
        self.start.search.setFocus()
        self.start.open()

    def show_page(self) -> None:
        """Show what is written about the project's template."""
        self._show_beside(self.page)

    def show_plots(self) -> None:
        """Open the panels of the training at the first one."""
        self.show_training()
        self._below.setCurrentIndex(0)

    def show_export(self) -> None:
        """Open the export dialog."""
        self.runs.show_export(self)

    def show_compare(self) -> None:
        """Open the window that compares the project with another one."""
        if self.compare is None:
            self.compare = CompareWindow(self.document, self.settings, self.engines.request, self)
        self.compare.open()

    def show_drawing(self) -> None:
        """Open the drawing dialog."""
        view = self.graph.view
        dialog = DrawingDialog(self.document, view.graph_scene.positions(), view.selected(), self.settings, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_unsaved(self) -> None:
        """Show what windows that died left unsaved."""
        if not self._offer_unsaved():
            self.status.showMessage("Nothing was left unsaved.", 8000)

    def show_keys(self) -> None:
        """Show what keys there are."""
        KeysDialog(self.menuBar(), [self.graph.view.commands["menu"]], self).open()

    def show_report(self) -> None:
        """Show what a report of a problem should have with it."""
        dialog = ReportDialog(self.settings.folder, {"engine": self.status.engine.toolTip(), "template": self.document.project.template or "none"}, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        self.status.report.hide()

    def show_about(self) -> None:
        """Say what this is."""
        QMessageBox.about(self, TITLE, ABOUT)

    def arrange(self) -> None:
        """Show every panel, as large as in a new window."""
        for dock in self.docks.values():
            dock.setFloating(False)
            dock.show()
        for first, others, area in TABS:
            for name in others:
                self.addDockWidget(area, self.docks[name])
                self.tabifyDockWidget(self.docks[first], self.docks[name])
            self.docks[first].raise_()
        self.resizeDocks([self.docks["Library"], self.docks["Inspector"]], [276, 320], Qt.Orientation.Horizontal)
        self._give_room()

    def _give_room(self) -> None:
        """Give the training its part of the height, or where its panels are folded only what its controls need."""
        part = 0.0 if self._below.folded else TRAINING
        self.resizeDocks([self.docks["Training"]], [max(1, round(part * self.height()))], Qt.Orientation.Vertical)

    def set_theme(self, choice: str) -> None:
        """Change to `system`, `light` or `dark`."""
        self.settings.theme = choice
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, choice)

    # Events.

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._after_first_paint)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event) and hasattr(self, "actions_"):
            self.actions_.recolour()

    def closeEvent(self, event: QCloseEvent) -> None:
        runs = self._what_of_the_runs()
        if runs == closing.CANCEL or not self.files.may_close():
            event.ignore()
            return
        self.settings.geometry = self.saveGeometry(), self.saveState()
        self.journal.close()
        self.hide()
        if self.compare is not None:
            self.compare.close()
        if self.run_list is not None:
            self.run_list.leave()
        self.runs.timeline.close_film()
        self.runs.queue.leave()
        if hasattr(self, "data"):
            self.data.downloads.end()
        self.engines.close(leave=runs == closing.LEAVE)
        super().closeEvent(event)

    def _what_of_the_runs(self) -> str:
        """What is to become of the runs that are under way when the window goes."""
        names = self.runs.under_way
        return closing.ask(self, names, len(self.runs.queue.runs)) if names else closing.END

    def _after_first_paint(self) -> None:
        """What would have kept the window from being seen: the engine, the panels that draw plots, an earlier session's work."""
        self.engines.start()
        self.engines.check(self.document.project)
        self._add_hidden_panels()
        self.runs.add_heavy_panels(self._below)
        from app.run_list import add_run_list, is_in_front

        self.run_list = add_run_list(self)
        self._below.folded_changed.connect(self._give_room)
        self._below.folded_changed.connect(self.runs.timeline.fold)
        self.graph.view.selection_changed.connect(self.runs.inside.show_selection)
        self.runs.inside.chosen.connect(self.graph.view.select)
        self._below.fold(is_in_front(self.docks["Training"]))
        self.docks["Training"].visibilityChanged.connect(self._below.show_panels)
        self._offer_unsaved()
        self.runs.find()

    def _add_hidden_panels(self) -> None:
        self.recipe = RecipePanel(self.document)
        self.data = DataPanel(self.document, self.engines.request)
        self.data.project_wanted.connect(self.files.begin_on)
        self.files.own_data_wanted.connect(self._ask_for_data)
        self.dropping = Dropping(self, self.files, self.data)
        self.dropping.data_came.connect(lambda: self._show_beside(self.data))
        self.page = PagePanel(self.document)
        self.code = CodePanel(self.document)
        self.code.chosen.connect(self.graph.view.select)
        self.code.said.connect(lambda sentence: self.status.showMessage(sentence, 8000))
        self.graph.view.selection_changed.connect(self.code.show_selection)
        for title, panel in {"Code": self.code, "Project": self.recipe, "Data": self.data, "Page": self.page}.items():
            self._beside.addTab(panel, title)

    def _offer_unsaved(self) -> bool:
        """Where windows that died left something, offer it; whether there is something."""
        if items := left_in(self.settings.journals):
            dialog = RecoveredDialog(items, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.chosen.connect(self._go_on_with)
            dialog.open()
        return bool(items)

    def _go_on_with(self, left: Left) -> None:
        """Open what was left unsaved as it was; it is this window's own unsaved work then."""
        if not self.files.open_left(left):
            left.let_go()
            return
        assert left.unsaved is not None
        if self.journal.go_on(left.unsaved.edits):
            left.discard()
        else:
            left.let_go()

    # Putting together.

    def _lay_out(self) -> None:
        self.setObjectName("window")
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self.setCentralWidget(self.graph)
        self._beside, self._below = QTabWidget(documentMode=True), Drawer()
        self._beside.addTab(self.inspector, "Node")
        left, right, bottom = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
        for name, widget, area in (
            ("Library", self.library, left),
            ("Outline", self.outline, left),
            ("History", self.history, left),
            ("Inspector", self._beside, right),
            ("Training", self._below, bottom),
            ("Runs", None, bottom),
            ("Queue", None, bottom),
        ):
            self.docks[name] = dock = QDockWidget(name)
            dock.setObjectName(name)
            if widget is not None:  # The others come after the first paint.
                dock.setWidget(_sheet(widget, above=self.training, below=self.runs.timeline) if widget is self._below else _sheet(widget))
            self.addDockWidget(area, dock)
        self.docks["Library"].setMinimumWidth(200)
        self.docks["Inspector"].setMinimumWidth(296)
        self.setTabPosition(left, QTabWidget.TabPosition.North)
        self.setCorner(Qt.Corner.BottomLeftCorner, bottom)
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self.status = Status(self.document)
        self.setStatusBar(self.status)

    def _wire(self) -> None:
        document, engines = self.document, self.engines
        document.changed.connect(lambda old, new: engines.check(new) if old is not new else None)
        document.changed.connect(lambda old, new: self._show_title())
        document.path_changed.connect(self._show_title)
        document.clean_changed.connect(self._show_title)
        self.journal.refused.connect(lambda sentence: self.status.showMessage(sentence, 15000))
        engines.checked.connect(document.set_report)
        engines.status_changed.connect(self.status.show_engine)
        self.runs.state_changed.connect(self.actions_.follow_job)
        self.status.restart_requested.connect(self._restart)
        self.status.report_requested.connect(self.show_report)
        self.problems.happened.connect(self.status.show_problem)
        engines.unforeseen.connect(self.problems.read)
        engines.status_changed.connect(self.problems.engine_died)
        self.graph.view.selection_changed.connect(self._show_selection)
        self.graph.view.editor.own = self.own_blocks
        self.graph.view.search_menu.own = lambda: [own.kind for own in self.own_blocks.blocks.values()]
        self.library.follow(self.own_blocks)
        self.graph.view.search_menu.recent = self.settings.node_types
        self.graph.view.search_menu.used.connect(lambda ids: setattr(self.settings, "node_types", ids))
        self.graph.view.status.connect(lambda sentence: self.status.showMessage(sentence, 8000))
        self.inspector.node.renamed.connect(lambda name: QTimer.singleShot(0, lambda: self.graph.view.select([name])))
        self.inspector.fix_chosen.connect(self.graph.view.fixing.use)
        self.library.template_chosen.connect(self.files.new)
        self.library.data_chosen.connect(self.files.use_data)
        self.library.node_chosen.connect(lambda type: self.graph.view.add_node(type))
        self.outline.chosen.connect(self.graph.view.select)
        self.outline.entered.connect(self.graph.view.setFocus)
        self.outline.delete_requested.connect(self.graph.view.editor.delete_selected)
        self.outline.refused.connect(lambda sentence: self.status.showMessage(sentence, 8000))
        self.files.opened.connect(self.graph.view.setFocus)
        self.files.said.connect(lambda sentence: self.status.showMessage(sentence, 8000))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.runs.started.connect(self.show_training)
        self.files.run_opened.connect(self.runs.show)
        self.files.run_opened.connect(lambda run: self.show_training())
        self.runs.queue.said.connect(lambda sentence: self.status.showMessage(sentence, 8000))
        self.runs.said.connect(lambda sentence: self.status.showMessage(sentence, 8000))
        self.runs.refused.connect(self._refuse_to_train)

    def _restore(self) -> None:
        self.resize(self.screen().availableSize().boundedTo(QSize(*SIZE)))
        self.arrange()
        if self.settings.geometry:
            geometry, state = self.settings.geometry
            self.restoreGeometry(geometry)
            self.restoreState(state)

    def _follow_system(self) -> None:
        if self.settings.theme == "system":
            self.set_theme("system")

    def _restart(self) -> None:
        self.engines.start()
        self.data.engine_ready()

    def _show_selection(self, names: list[str]) -> None:
        self.document.end_step()
        self.inspector.show_selection(names)
        self.status.show_selection(names)
        self.outline.show_selection(names)
        if names and self._beside.tabText(self._beside.currentIndex()) != "Code":
            self._show_beside(self.inspector)

    def _ask_for_data(self, source: str) -> None:
        self._show_beside(self.data)
        self.data.ask_for(source)

    def _show_beside(self, panel: QWidget) -> None:
        self.docks["Inspector"].show()
        self._beside.setCurrentWidget(panel)

    def show_training(self) -> None:
        """Open the panels of the training."""
        self.docks["Training"].show()
        self.docks["Training"].raise_()
        self._below.fold(False)

    def _refuse_to_train(self, sentence: str) -> None:
        """Say why in the status bar, and show all that is wrong beside the graph."""
        self.status.showMessage(sentence, 8000)
        self.graph.view.select([])
        self._show_beside(self.inspector)

    def _show_title(self) -> None:
        path = self.document.path
        file = f" – {path.name}{' (read only)' if self.document.read_only else ''}" if path else ""
        self.setWindowTitle(f"{self.document.project.name}[*]{file} – {TITLE}")
        self.setWindowModified(not self.document.is_clean)


def _sheet(widget: QWidget, above: QWidget | None = None, below: QWidget | None = None) -> QWidget:
    """A dock's content in the panels' colour: a widget with all the room that what stands above and below it leaves."""
    sheet = QWidget()
    sheet.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(sheet)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in (above, widget, below):
        if part is not None:
            column.addWidget(part, 1 if part is widget else 0)
    column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinAndMaxSize)
    return sheet
