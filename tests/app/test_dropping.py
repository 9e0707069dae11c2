"""What is dropped on the window, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.dropping import Dropping


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("net.atelier", "file"),
        ("net.json", "file"),
        ("net.keras", "file"),
        ("net.h5", "file"),
        ("NET.KERAS", "file"),
        ("flowers.csv", "csv"),
        ("x.npz", "arrays"),
    ],
)
def test_a_project_or_a_model_is_opened_and_all_else_is_data(qtbot: QtBot, name: str, taken: str) -> None:
    window, opened, proposed = QWidget(), list[Path](), list[Any]()
    qtbot.addWidget(window)
    files: Any = SimpleNamespace(open=opened.append)
    panel: Any = SimpleNamespace(propose=proposed.append)
    Dropping(window, files, panel).take(Path(name))
    assert opened == ([Path(name)] if taken == "file" else []) and [data.id for data in proposed] == ([] if taken == "file" else [taken])
