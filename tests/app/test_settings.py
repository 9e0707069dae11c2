"""What is remembered between two starts, and the copy of unsaved work."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from app.document import Document
from app.recovery import Recovery
from app.settings import RECENT, Settings
from ml import catalog


def test_settings_survive(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert (settings.theme, settings.recent, settings.geometry) == ("system", [], None)
    settings.theme = "dark"
    settings.geometry = QByteArray(b"here"), QByteArray(b"so")
    again = Settings(tmp_path)
    assert again.theme == "dark"
    assert again.geometry == (QByteArray(b"here"), QByteArray(b"so"))


def test_recent_files_are_the_latest_first_once_each_and_only_those_that_are_there(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings")
    paths = [tmp_path / f"{number}.atelier" for number in range(RECENT + 2)]
    for path in [*paths, paths[0]]:
        path.touch()
        settings.remember(path)
    assert settings.recent[:2] == [paths[0], paths[-1]]
    assert len(settings.recent) == RECENT
    paths[0].unlink()
    assert settings.recent[0] == paths[-1]


def test_the_copy_comes_and_goes_with_unsaved_work(qtbot: QtBot, tmp_path: Path) -> None:
    document = Document(catalog.new("mlp"))
    recovery = Recovery(document, tmp_path / "deep" / "recovery.atelier")
    recovery.keep()
    assert recovery.found() is None
    document.edit(replace(document.project, name="Work"), "Rename")
    recovery.keep()
    assert recovery.found() == document.project
    document.save(tmp_path / "work.atelier")
    recovery.keep()
    assert recovery.found() is None


def test_a_broken_copy_is_no_copy(qtbot: QtBot, tmp_path: Path) -> None:
    recovery = Recovery(Document(catalog.new("mlp")), tmp_path / "recovery.atelier")
    recovery.path.write_text("{")
    assert recovery.found() is None
