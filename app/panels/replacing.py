"""Asks before a file goes that a person may still want."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QWidget


class Replacing:
    """Of one dialog: which files it may replace. What it wrote itself, and what was chosen in a file dialog, which asks, it does not ask about again."""

    def __init__(self, dialog: QWidget) -> None:
        self._dialog = dialog
        self._agreed: set[Path] = set()

    def agree(self, path: Path) -> None:
        """This one may be replaced from now on."""
        self._agreed.add(path.absolute())

    def allows(self, path: Path) -> bool:
        """Whether this one, an absolute path, may be written: nothing is there, or a person wants it replaced."""
        if path.exists() and path not in self._agreed and not self._asked(path):
            return False
        self.agree(path)
        return True

    def _asked(self, path: Path) -> bool:
        question, no = f"{path} is already there. Replace it?", QMessageBox.StandardButton.No
        return QMessageBox.question(self._dialog, self._dialog.windowTitle(), question, defaultButton=no) == QMessageBox.StandardButton.Yes
