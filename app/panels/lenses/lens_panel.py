"""What every panel of a lens is: it shows the latest event of one type, and until there is one says in a sentence what will be here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QStackedLayout, QVBoxLayout, QWidget

from app import theme
from app.panels.panel import Panel
from ml import events
from ml.project.project import Project

_Event = TypeVar("_Event", bound=events.Message)


class LensPanel(Panel, Generic[_Event]):
    """Abstract. A panel names its `EVENT` and both sentences, fills `filled`, and overrides `draw`."""

    EVENT: ClassVar[type[events.Message]]
    WAITING: ClassVar[str]
    """What will be here as soon as a model trains."""
    NONE: ClassVar[str]
    """Why there is nothing here, where a run ended without such an event."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._event: _Event | None = None
        self._empty = theme.label(self.WAITING, kind="muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        self._stack = QStackedLayout()
        outer.addLayout(self._stack)  # before it is filled: it shows its first widget at once, without a parent as a window
        self._stack.addWidget(self._empty)
        sheet = QWidget()
        self._stack.addWidget(sheet)
        self.filled = QVBoxLayout(sheet)
        """Where everything goes that an event is shown with."""
        self.filled.setContentsMargins(0, 0, 0, 0)

    def draw(self, event: _Event) -> None:
        """Show this event."""
        raise NotImplementedError

    def begin(self, project: Project) -> None:
        """A run of this project starts."""
        self._event = None
        self._empty.setText(self.WAITING)
        self.stale()

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        if isinstance(event, self.EVENT):
            self._event = event  # pyright: ignore[reportAttributeAccessIssue] - EVENT is the type that the class was made for
            self.stale()
        elif isinstance(event, events.Done) and self._event is None:
            self._empty.setText(self.NONE)

    def refresh(self) -> None:
        """Show the latest event, or the sentence."""
        self._stack.setCurrentIndex(0 if self._event is None else 1)
        if self._event is not None:
            self.draw(self._event)


def offer(box: QComboBox, names: Sequence[str]) -> None:
    """Let one of `names` be chosen; where they are offered already the choice stays."""
    if list(names) != [box.itemText(index) for index in range(box.count())]:
        box.clear()
        box.addItems(list(names))
