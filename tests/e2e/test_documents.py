"""Unsaved work in the real window: left by one that died, offered by the next, opened with the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QListWidget, QMessageBox

from app.document import Document
from app.journal import Journal
from ml import catalog
from ml.project import files
from ml.project.project import VERSION
from tests.e2e.studio import Studio


def left_behind(studio: Studio, file: Path) -> None:
    """What a window has left that was killed after an edit."""
    journal = Journal(Document(catalog.new("mlp")), studio.window.settings.journals)
    journal.document.save(file)
    journal.document.edit(replace(journal.document.project, name="Left behind"), "Rename")
    journal.keep()
    journal.flush()
    assert journal._lock is not None
    journal._lock.unlock()


def test_what_a_killed_window_had_is_opened_and_saved_to_its_file(studio: Studio, tmp_path: Path) -> None:
    left_behind(studio, tmp_path / "mine.atelier")
    studio.window._offer_unsaved()
    offered = studio.find(QListWidget, "Unsaved work")
    offered.activateWindow()
    studio.until(offered.hasFocus)
    studio.key(Qt.Key.Key_Return)
    studio.until(lambda: studio.window.document.project.name == "Left behind")
    assert not studio.window.document.is_clean
    assert studio.window.journal.path.exists()
    studio.window.activateWindow()
    studio.until(studio.window.isActiveWindow)
    studio.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    studio.until(lambda: studio.window.document.is_clean)
    assert files.load(tmp_path / "mine.atelier").name == "Left behind"
    studio.window.journal.flush()
    assert not list(studio.window.settings.journals.glob("*.journal"))


def test_what_was_changed_meanwhile_can_be_kept_beside(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, copy = tmp_path / "mine.atelier", tmp_path / "copy.atelier"
    studio.window.files.new("mlp")
    studio.window.document.save(mine)
    files.save(replace(catalog.new("mlp"), name="Theirs"), mine)
    studio.window.document.edit(replace(studio.window.document.project, name="Mine"), "Rename")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments: (str(copy), ""))
    QTimer.singleShot(200, lambda: studio.press("Save As…"))
    assert studio.window.files.save()
    assert (files.load(mine).name, files.load(copy).name) == ("Theirs", "Mine")


def test_a_newer_file_is_open_for_reading(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, said = tmp_path / "newer.atelier", []
    files.save(replace(catalog.new("mlp"), version=VERSION + 1), path)
    monkeypatch.setattr(QMessageBox, "information", lambda *arguments: said.append(arguments[2]))
    studio.window.files.open(path)
    assert len(said) == 1 and "newer version" in said[0]
    assert "(read only)" in studio.window.windowTitle()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments: (arguments[2], ""))
    studio.window.actions_["save"].trigger()
    assert studio.window.document.path == tmp_path / "newer copy.atelier"
    assert "(read only)" not in studio.window.windowTitle()
    QApplication.processEvents()
