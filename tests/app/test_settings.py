"""What is remembered between two starts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray

from app.settings import RECENT, Settings


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
