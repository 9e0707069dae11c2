"""The runs of a window: started, steered, and what they say handed to every panel that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QScrollArea, QTabWidget, QWidget

from app.document import Document
from app.engines import Engines
from app.panels.training.panel import TrainingPanel
from app.panels.training.run_chooser import Running
from app.panels.training.timeline import Timeline
from app.queue import Queue
from app.settings import Settings
from ml.connection import FILE, found
from ml.events import Attached, Continue, Done, Failed, Finish, Message, Metrics, Pause, Step, Stop
from ml.project.files import FileProblem
from ml.project.project import Project
from ml.project.report import NodeReport, ProjectReport
from ml.runs import Run, new_folder
from ml.runs.summary import can_go_on, latest


class Runs(QObject):
    """Trains the document's project. A panel that shows runs has `begin(project)` and `show_event(event)`."""

    started = Signal()
    refused = Signal(str)
    """A run that was not begun: why, as a sentence."""
    said = Signal(str)
    """A run that can't be read, as one whose folder is gone: why, as a sentence."""
    state_changed = Signal(str)
    """What the run that is shown does: `preparing`, `running`, `paused`, `ending`, or `ended`."""

    def __init__(self, document: Document, engines: Engines, training: TrainingPanel, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document, self.engines, self.settings = document, engines, settings
        self.folder: str | None = None
        """The finished run whose models can be exported."""
        self._training = training
        self._panels: list = [training]
        self.queue = Queue(settings.runs, engines, settings.at_once, self)
        self.timeline = Timeline()
        self.timeline.shown.connect(self._show_past)
        training.start_requested.connect(self.train)
        training.resume_requested.connect(lambda: self._attempt(self.resume))
        training.command.connect(engines.tell)
        training.chooser.chosen.connect(self.show)
        engines.arrived.connect(self._show)
        engines.state_changed.connect(self._follow)
        self.state_changed.connect(lambda state: self._offer_runs())
        document.opened.connect(self._forget)

    @property
    def shown(self) -> str | None:
        """The run whose events the panels show."""
        return self.engines.shown or None

    @property
    def under_way(self) -> list[str]:
        """The names of the runs that are under way."""
        return [name(job.folder) for job in self.engines.under_way]

    @property
    def choice(self) -> list[Running]:
        """The runs that can be shown at once: those that are under way, and the one that is shown where it has ended."""
        states = {job.folder: job.state for job in self.engines.under_way}
        if self.shown is not None and self.shown not in states:
            states = {self.shown: "ended", **states}
        return [(folder, name(folder), state) for folder, state in states.items()]

    def add_heavy_panels(self, tabs: QTabWidget) -> None:
        """Add what draws plots. They are imported here, for the first paint must not wait for them."""
        from app.panels.generator.panel import GeneratorPanel
        from app.panels.lenses.attention import AttentionPanel
        from app.panels.lenses.gates import GatesPanel
        from app.panels.lenses.gradients import GradientsPanel
        from app.panels.lenses.inside import InsidePanel
        from app.panels.lenses.mistakes import MistakesPanel
        from app.panels.lenses.regions import RegionsPanel
        from app.panels.training.log import LogPanel
        from app.panels.training.plots import PlotsPanel

        attention, regions, mistakes = AttentionPanel(), RegionsPanel(), MistakesPanel()
        for asking in (attention, regions, mistakes):
            asking.command.connect(self.engines.tell)
            asking.command.connect(self.timeline.go_live)
        plots, self.inside = PlotsPanel(), InsidePanel(self.document)
        self.timeline.moved.connect(plots.show_step)
        self.generator = GeneratorPanel(self.document, self.engines.request)
        panels = {
            "Plots": plots,
            "Regions": regions,
            "Mistakes": mistakes,
            "Attention": attention,
            "Gates": GatesPanel(),
            "Inside": self.inside,
            "Gradients": GradientsPanel(),
            "Generator": self.generator,
            "Log": LogPanel(),
        }
        for title, panel in panels.items():
            self._panels.append(panel)
            tabs.addTab(_scrolled(panel), title)

    def train(self) -> None:
        """Train the project as it is now; where as many train as the machine can do, or others wait already, it waits for its turn."""
        if not self._is_wrong():
            if self.queue.has_room and not self.queue.runs:
                self.begin(self.document.project)
            else:
                self.train_later()

    def train_later(self) -> None:
        """Put a run of the project as it is now at the end of the line of those that wait."""
        if not self._is_wrong():
            try:
                self.queue.add(self.document.project)
            except FileProblem as problem:
                self.refused.emit(str(problem))

    def begin(self, project: Project) -> None:
        """Start a run of `project`."""
        folder = str(new_folder(self.settings.runs, project.name))
        self.turn_to(folder)
        for panel in self._panels:
            panel.begin(project)
        self.started.emit()
        self.timeline.follow(folder)
        self.engines.train(project, folder)

    def resume(self, epochs: int | None = None) -> None:
        """Go on with the run that is shown, from its last checkpoint, to its own end or to `epochs`; what it said before stays in the panels.

        Raises `FileProblem`.
        """
        folder = self.shown
        if folder is None or self.engines.is_training:
            return
        run = Run(Path(folder))
        checkpoint = latest(run)
        for panel in self._panels:
            panel.begin(run.project)
        self._show(folder, [event for event in _measured(run) if checkpoint is None or event.step <= checkpoint.step])
        self.timeline.follow(folder)
        self.folder = None
        self.started.emit()
        self.engines.resume(folder, epochs)

    def show(self, folder: str) -> None:
        """As `open`; of a run that can't be read it is said why."""
        self._attempt(partial(self.open, folder))

    def open(self, folder: str) -> None:
        """Show a run: one that is under way from its beginning and as it goes on, an ended one's events as they came, with its models loaded.

        Raises `FileProblem` where an ended one can't be read.
        """
        job, door = self.engines.jobs.get(folder), found(Path(folder))
        project = None if door is not None or (job is not None and job.is_under_way) else Run(Path(folder)).project
        self.turn_to(folder)
        self.timeline.follow(None)
        if project is None:
            self.engines.attach(folder, door)
            self._offer_runs()
            return
        for panel in self._panels:
            panel.begin(project)
        self._show(folder, list(_measured(Run(Path(folder)))))
        self.timeline.follow(folder)
        self.engines.open_run(folder)

    def find(self) -> None:
        """Come back to the runs that are under way without a window, and show the latest."""
        going = going_on(self.settings.runs)
        for folder in going:
            self.show(folder)
        if going:
            self.started.emit()
        self.queue.advance()

    def pause(self) -> None:
        """Hold the run, or go on with one that is held."""
        self.engines.tell(Continue() if self.engines.state == "paused" else Pause())

    def step(self) -> None:
        """Make one training step, then hold."""
        self.engines.tell(Step())

    def finish(self) -> None:
        """End the run now and keep the best weights."""
        self.engines.tell(Finish())

    def stop(self) -> None:
        """End the run now."""
        self.engines.tell(Stop())

    def show_export(self, window: QWidget) -> None:
        """Open the dialog that exports the models of the run under way, else of the last one, or before there is one the project's, untrained."""
        from app.panels.export import ExportDialog

        run = "" if self.engines.is_training else self.folder
        ExportDialog(self.document.project if run is None else self._shown_project(), self.engines.request, run, window).open()

    def turn_to(self, folder: str) -> None:
        """From now on the panels show this run."""
        self.folder, self.engines.shown = None, folder
        self.engines.rest()
        self.state_changed.emit(self.engines.state)

    def _shown_project(self) -> Project:
        """What the shown run trains, which may be another project than the one that is open by now; of a run that is just being begun it is that one."""
        try:
            return Run(Path(self.engines.shown)).project
        except FileProblem:
            return self.document.project

    def _is_wrong(self) -> bool:
        """Whether the project can't be trained; then why is said."""
        report = self.document.report
        if report is None or not report.errors:
            return False
        self.refused.emit(f"The model can't be trained yet: {first_error(report)}")
        return True

    def _follow(self, folder: str, state: str) -> None:
        if folder == self.engines.shown:
            self.state_changed.emit(state)
        else:
            self._offer_runs()

    def _offer_runs(self) -> None:
        self._training.chooser.show_runs(self.choice, self.shown or "")

    def _show(self, folder: str, events: list[Message]) -> None:
        if folder != self.engines.shown:
            return
        for event in events:
            if isinstance(event, Attached):
                self._attempt(partial(self._begin_again, folder, event))
                continue
            if isinstance(event, Done):
                self.folder = event.run
            if self.timeline.held(event):
                continue
            for panel in self._panels:
                panel.show_event(event)
            if isinstance(event, Done | Failed):
                self._training.offer_resume(can_go_on(Path(folder)))

    def _begin_again(self, folder: str, attached: Attached) -> None:
        """What comes next is all that the run said; where it has ended meanwhile, open it as one that has."""
        if not attached.run:
            self.open(folder)
            return
        project = Run(Path(folder)).project
        for panel in self._panels:
            panel.begin(project)
            if attached.progress is not None:
                panel.show_event(attached.progress)
        self.timeline.follow(folder)

    def _show_past(self, snapshots: list[Message]) -> None:
        for panel in self._panels:
            for event in snapshots:
                panel.show_event(event)

    def _attempt(self, do: Callable[[], None]) -> None:
        try:
            do()
        except FileProblem as problem:
            self.said.emit(str(problem))

    def _forget(self) -> None:
        self.folder = None


def name(folder: str) -> str:
    """What a run is called: its project's name, or where that can't be read its folder's."""
    try:
        return Run(Path(folder)).project.name
    except FileProblem:
        return Path(folder).name


def going_on(folder: Path) -> list[str]:
    """The runs in a folder that an engine has in hand, the latest last."""
    paths = folder.iterdir() if folder.is_dir() else ()
    noted = [path for path in paths if (path / FILE).is_file()]
    return [str(path) for path in sorted(noted, key=lambda path: (path / FILE).stat().st_mtime) if found(path) is not None]


def _measured(run: Run) -> Iterator[Metrics]:
    """What a run measured, as far as it is on record and can be read."""
    try:
        yield from (event for event in run.events("Metrics") if isinstance(event, Metrics))
    except (FileProblem, msgspec.DecodeError):
        return


def _scrolled(panel: QWidget) -> QScrollArea:
    """The panel, with a scroll bar where the dock is smaller than the panel can be."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(panel)
    return area


def first_error(report: ProjectReport) -> str:
    """The first thing that is wrong, as a sentence that names the node."""
    if report.problems:
        return report.problems[0]
    return next(sentence for nodes in report.roles.values() for sentence in _errors(nodes))


def _errors(nodes: dict[str, NodeReport], inside: str = "") -> Iterator[str]:
    for name, node in nodes.items():
        if node.error and not node.inside:
            yield f"{inside}{name}: {node.error}"
        yield from _errors(node.inside, f"{inside}{name}/")
        if node.error:
            yield f"{inside}{name}: {node.error}"
