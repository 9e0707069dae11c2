"""The dialog that opens a stranger's model: refused with a sentence, given up at once, gone when it is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.opening import Opening, tell

LONG = 60_000


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """What the dialog stands before."""
    shown = QWidget()
    qtbot.addWidget(shown)
    shown.show()
    return shown


def test_what_is_no_model_is_refused_with_a_sentence(window: QWidget, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "notes.keras").write_text("my notes")
    said: list[str] = []
    Opening(tmp_path / "notes.keras", tmp_path / "weights.h5", lambda *_: said.append("opened"), said.append, window).start()
    qtbot.waitUntil(lambda: bool(said), timeout=LONG)
    assert said == [f"{tmp_path / 'notes.keras'} is not a .keras file: those are zip files, and this is not one."]


def test_escape_gives_it_up_and_nothing_is_left(window: QWidget, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "notes.keras").write_text("my notes")
    said: list[str] = []
    dialog = Opening(tmp_path / "notes.keras", tmp_path / "weights.h5", lambda *_: said.append("opened"), said.append, window)
    gone: list[int] = []
    dialog.finished.connect(gone.append)
    dialog.start()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(gone), timeout=LONG)
    assert said == []
    assert [path.name for path in tmp_path.iterdir()] == ["notes.keras"]


def test_what_a_file_says_is_never_taken_for_marks(window: QWidget) -> None:
    tell("x.keras was opened. This was found:", ["<b>bold</b> is a Strange from the package <img src='/etc/passwd'>."], window)
    box = next(shown for shown in QApplication.topLevelWidgets() if isinstance(shown, QMessageBox))
    assert box.textFormat() == Qt.TextFormat.PlainText
    box.close()
