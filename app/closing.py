"""The question that closing the window asks while models train."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

LEAVE, END, CANCEL = "leave", "end", "cancel"


def ask(parent: QWidget, names: list[str], waiting: int = 0) -> str:
    """Whether to `leave` the runs of these names going, to `end` them, or to `cancel` the closing; `waiting` runs have not begun yet."""
    box = QMessageBox(QMessageBox.Icon.Question, "Training", _question(names), parent=parent)
    box.setInformativeText(_explanation(len(names), waiting))
    leave = box.addButton("&Leave it going" if len(names) == 1 else "&Leave them going", QMessageBox.ButtonRole.AcceptRole)
    end = box.addButton("&End it" if len(names) == 1 else "&End them", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(leave)
    box.exec()
    chosen = box.clickedButton()
    box.deleteLater()
    return LEAVE if chosen is leave else END if chosen is end else CANCEL


def _question(names: list[str]) -> str:
    return f"“{names[0]}” is training." if len(names) == 1 else f"{len(names)} models are training: {', '.join(names)}."


def _explanation(count: int, waiting: int) -> str:
    it = "It" if count == 1 else "They"
    text = f"{it} can go on without the window. Open the program again to see how far {it.lower()} came, with everything that happened meanwhile."
    if waiting:
        text += (
            f" {'The run that waits keeps its place, and begins' if waiting == 1 else 'Those that wait keep their places, and begin'} when it is open again."
        )
    return text + f" Ending keeps the weights that {it.lower()} {'has' if count == 1 else 'have'} now."
