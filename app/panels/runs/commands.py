"""What can be asked of runs, as actions with their words and keys: in the context menu, and by keys in the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ml.runs.summary import LIVE, Summary

Keys = QKeySequence.StandardKey
Condition = Callable[[Sequence[Summary]], bool]


def one(runs: Sequence[Summary]) -> bool:
    """One run that can be read."""
    return len(runs) == 1 and runs[0].state != "unreadable"


def two(runs: Sequence[Summary]) -> bool:
    """Two runs that can be read."""
    return len(runs) == 2 and readable(runs)


def readable(runs: Sequence[Summary]) -> bool:
    """Some runs, all of which can be read."""
    return bool(runs) and all(run.state != "unreadable" for run in runs)


def some(runs: Sequence[Summary]) -> bool:
    """Some runs."""
    return bool(runs)


def stopped(runs: Sequence[Summary]) -> bool:
    """One run that does not train or wait."""
    return one(runs) and runs[0].state not in LIVE


class Commands(QObject):
    """Actions by name, in the groups and in the order of the menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent
        self._actions: dict[str, tuple[QAction, Condition]] = {}
        self._groups: list[list[QAction]] = [[]]

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name][0]

    @property
    def all(self) -> list[QAction]:
        """Every action."""
        return [action for action, _ in self._actions.values()]

    def add(self, name: str, text: str, do: Callable[[], object], keys: Sequence[Keys | str] = (), when: Condition = some) -> None:
        """Another action, which there is `when` this holds of what is selected."""
        action = QAction(text, self)
        action.setShortcuts([each for key in keys for each in (QKeySequence.keyBindings(key) if isinstance(key, Keys) else [QKeySequence(key)])])
        action.triggered.connect(lambda: do())
        self._actions[name] = action, when
        self._groups[-1].append(action)

    def add_group(self) -> None:
        """What is added from now on stands below a line."""
        self._groups.append([])

    def follow(self, runs: Sequence[Summary]) -> None:
        """Enable what can be asked of these runs."""
        for action, when in self._actions.values():
            action.setEnabled(when(runs))

    def menu(self) -> QMenu:
        """All of them, as a menu."""
        menu = QMenu(self._widget)
        for group in self._groups:
            menu.addActions(group)
            menu.addSeparator()
        return menu
