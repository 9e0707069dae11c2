"""The bar that finds: a few words, and Enter goes from one node to the next that answers to them, also inside blocks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton

from app.canvas.finding import within
from app.canvas.finding.within import Spot
from app.canvas.palette import Palette
from app.canvas.sheet import Sheet
from app.canvas.viewport import READABLE

EDGE, WIDTH = 12, 210
NEAR = 0.8
"""The zoom at which something that was found is shown where it could not be read."""
STEPS = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_F3: 1}


class FindBar(QFrame):
    """Lies over the canvas's upper right corner while something is looked for."""

    def __init__(self, view: Sheet) -> None:
        super().__init__(view)
        self.view, self.document = view, view.document
        self.setObjectName("find-bar")
        self.field = QLineEdit()
        self.field.setAccessibleName("Find")
        self.field.setPlaceholderText("Name, type, filters=64, error …")
        self.field.setFixedWidth(WIDTH)
        self.count = QLabel()
        self.count.setObjectName("find-count")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 6, 6)
        row.setSpacing(4)
        row.addWidget(self.field)
        row.addWidget(self.count)
        for name, sign, slot in (("Find previous", "▲", self.previous), ("Find next", "▼", self.next), ("Close the search", "✕", self.close_bar)):
            button = QToolButton()
            button.setText(sign)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda checked=False, slot=slot: slot())
            row.addWidget(button)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        view.installEventFilter(self)
        self.document.changed.connect(self._recount)
        self.document.checked.connect(self._recount)
        self.hide()

    def set_palette(self, palette: Palette) -> None:
        """Take other colours."""
        self.setStyleSheet(
            f"#find-bar {{ background: {palette.card}; border: 1px solid {palette.border}; border-radius: 8px; }}"
            f"#find-count {{ color: {palette.muted}; background: transparent; padding: 0 4px; }}"
            f"#find-bar QToolButton {{ color: {palette.muted}; padding: 2px 0; min-width: 22px; max-width: 22px; }}"
        )

    def open(self) -> None:
        """Show the bar, with what was looked for last selected."""
        self._show_count()
        self.show()
        self.raise_()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Go away; the canvas has the keyboard again, and what was found stays selected."""
        self.hide()
        self.view.setFocus()

    def next(self) -> None:
        """Go to the next node that answers."""
        self._step(1)

    def previous(self) -> None:
        """Go to the one before."""
        self._step(-1)

    def next_error(self) -> None:
        """Go to the next node with an error, in whichever role or block it is."""
        self._step_error(1)

    def previous_error(self) -> None:
        """Go to the node with an error before."""
        self._step_error(-1)

    def found(self) -> list[Spot]:
        """What answers now."""
        return within.matching(self.document.project, self._reports(), self.field.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.Resize:
            self._place()
        elif watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key, shift = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape:
            self.close_bar()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._select_all()
        elif key in STEPS:
            self._step(-1 if shift else STEPS[key])
        else:
            return False
        return True

    def _typed(self) -> None:
        """Show the first that answers where it lies in the graph that is looked at: nobody is led elsewhere while typing."""
        there = [spot for spot in self.found() if (spot.role, spot.scope) == (self.document.role, self.document.scope)]
        spot = within.following(self.document.project, there, self._here(), 1, stay=True)
        if spot is not None:
            self._go(spot)
        self._show_count()

    def _step(self, step: int) -> None:
        if not self.field.text().strip():
            self.open()
            return
        spot = within.following(self.document.project, self.found(), self._here(), step)
        if spot is not None:
            self._go(spot)
        elif not self.isVisible():
            self.view.status.emit(f"Nothing answers to “{self.field.text()}”.")
        self._show_count()

    def _step_error(self, step: int) -> None:
        report = self.document.report
        if report is None:
            self.view.status.emit("The graph is being checked.")
            return
        found = within.wrong(self.document.project, report.roles)
        spot = within.following(self.document.project, found, self._here(), step)
        if spot is None:
            self.view.status.emit(report.problems[0] if report.problems else "Nothing is wrong.")
            return
        self._go(spot)
        node = self.document.node_reports.get(spot.name)
        self.view.status.emit(f"{found.index(spot) + 1} of {len(found)}: {spot.name}: {node.error if node else ''}")

    def _select_all(self) -> None:
        """Select all that answer in the graph that is looked at."""
        there = [spot for spot in self.found() if (spot.role, spot.scope) == (self.document.role, self.document.scope)]
        self.view.select([spot.name for spot in there if not spot.note], [spot.name for spot in there if spot.note])

    def _here(self) -> Spot | None:
        role, scope = self.document.role, self.document.scope
        if notes := self.view.graph_scene.notes.selected():
            return Spot(role, scope, notes[0], note=True)
        if names := self.view.selected():
            return Spot(role, scope, names[0])
        return Spot(role, scope[:-1], scope[-1]) if scope else None

    def _go(self, spot: Spot) -> None:
        """Look at the graph where something lies and select it."""
        self.document.role = spot.role
        self.document.scope = spot.scope
        scene = self.view.graph_scene
        item = scene.notes.items.get(spot.name) if spot.note else scene.nodes.get(spot.name)
        if item is None:
            return
        if self.view.zoom < READABLE:
            self.view.set_zoom(NEAR)
            self.view.centerOn(item.sceneBoundingRect().center())
        self.view.select([] if spot.note else [spot.name], [spot.name] if spot.note else [])
        if self.isVisible() and self.geometry().intersects(self.view.mapFromScene(item.sceneBoundingRect()).boundingRect()):
            self.view.pan(QPoint(0, self.geometry().bottom() + EDGE - self.view.mapFromScene(item.sceneBoundingRect().topLeft()).y()))

    def _reports(self) -> dict[str, within.Reports]:
        return dict(self.document.report.roles) if self.document.report else {}

    def _recount(self) -> None:
        if self.isVisible():
            self._show_count()

    def _show_count(self) -> None:
        found, here = self.found(), self._here()
        if not self.field.text().strip():
            words = ""
        elif not found:
            words = "nothing"
        else:
            words = f"{found.index(here) + 1} of {len(found)}" if here in found else f"{len(found)} found"
        self.count.setText(words)
        self._place()

    def _place(self) -> None:
        self.adjustSize()
        self.move(self.view.width() - self.width() - EDGE, EDGE)
