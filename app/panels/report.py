"""Report a Problem: what a person may hand on so that it can be mended. It is shown, and sent nowhere."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
from PySide6.QtCore import QLocale, QStandardPaths
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app import theme
from app.panels.panel import described
from app.theme import GRID, label
from ml.problem_log import tail
from ml.project import files
from ml.project.files import FileProblem

SIZE = (820, 620)
LINES = 300
PACKAGES = ("neural-atelier", "keras", "tensorflow", "numpy", "PySide6-Essentials", "pyqtgraph", "msgspec", "h5py")
GIGABYTE = 2**30
INTRODUCTION = (
    "Nothing is sent anywhere. Copy this text or save it, read it, take out what should not leave this machine, and put it where you tell of the problem, "
    "with what you did before. It holds nothing of your projects but what an error may name."
)


class ReportDialog(QDialog):
    """Shows facts about the system and the end of the log in `folder`; `state` is what the window says of itself, by its name."""

    def __init__(self, folder: Path, state: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Report a Problem")
        self.resize(*SIZE)
        self.text = described(QPlainTextEdit(written(folder, state)), "Report", "What a report of a problem should have with it.")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.copy = described(QPushButton("&Copy", default=True), "Copy", "Put the text on the clipboard.")
        self.save = described(QPushButton("&Save…", autoDefault=False), "Save", "Write the text to a file.")
        self.leave = described(QPushButton("Close", autoDefault=False), "Close", "Close this dialog.")
        self.result_ = label()
        buttons = QHBoxLayout()
        buttons.addWidget(self.result_, 1)
        for button in (self.leave, self.save, self.copy):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(label(INTRODUCTION))
        column.addWidget(self.text, 1)
        column.addLayout(buttons)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.leave.clicked.connect(self.reject)
        self.copy.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._say("good", "Copied.")

    def _save(self) -> None:
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the report", str(Path(place) / "problem.txt"), "Text (*.txt)")
        if not chosen:
            return
        try:
            files.write(Path(chosen), self.text.toPlainText().encode())
        except FileProblem as problem:
            self._say("error", str(problem))
        else:
            self._say("good", f"Written to {chosen}.")

    def _say(self, kind: str, sentence: str) -> None:
        self.result_.setText(sentence)
        theme.restyle(self.result_, kind)


def written(folder: Path, state: dict[str, str]) -> str:
    """The report's text; the home folder is written as `~`, for its name is a person's."""
    facts = {**_versions(), **_system(folder), **state}
    width = max(map(len, facts))
    lines = [f"{name:{width}}  {fact}" for name, fact in facts.items()]
    log = tail(folder, LINES) or "Nothing has been noted."
    text = "\n".join([*lines, "", f"The end of the log in {folder}:", "", log, ""])
    return text.replace(str(Path.home()), "~")


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return {"Python": sys.version.partition(" ")[0], **found}


def _system(folder: Path) -> dict[str, str]:
    memory, screens = psutil.virtual_memory(), QGuiApplication.screens()
    disk = shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.is_dir()))
    return {
        "system": platform.platform(),
        "processor": f"{platform.machine()}, {os.cpu_count()} cores",
        "memory": f"{memory.total / GIGABYTE:.1f} GB, {memory.available / GIGABYTE:.1f} GB of it free",
        "disk": f"{disk.free / GIGABYTE:.1f} GB free where the settings are",
        "screens": ", ".join(f"{screen.size().width()}×{screen.size().height()} at {screen.devicePixelRatio():g}" for screen in screens),
        "display": QGuiApplication.platformName(),
        "language": QLocale().name(),
        "theme": "dark" if theme.is_dark() else "light",
    }
