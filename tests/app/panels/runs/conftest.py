"""A panel on a folder of runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.panels.runs.panel import RunsPanel
from app.settings import Settings
from ml.events import Message, Refused
from ml.project.graph import Graph
from ml.runs.labels import Labels, write
from tests.ml.runs.some_runs import done, epoch, make, progress


def refuse(command: Message, callback: Callable[[Message], None]) -> None:
    callback(Refused(0, "There is no engine here."))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs: one that is complete, one that was interrupted and has labels, one of another model."""
    folder = tmp_path_factory.mktemp("runs")
    make(folder / "first", epoch(1, 0.5, 0.7), epoch(2, 0.2, 0.9), done(folder / "first", loss=0.2, val_loss=0.3, val_accuracy=0.9))
    make(folder / "second", epoch(1, 0.4, 0.8), progress(at=1), name="Letters")
    make(folder / "third", done(folder / "third"), name="Flowers", models={"model": Graph()})
    write(folder / "second" / "run.sqlite", Labels("Try two", ("paper", "seed 3"), "Too slow.", "thesis/2"))
    return folder


@pytest.fixture
def runs(made: Path, tmp_path: Path) -> Path:
    """A copy of them for each test."""
    return shutil.copytree(made, tmp_path / "runs")


@pytest.fixture
def panel(qtbot: QtBot, runs: Path, tmp_path: Path) -> Iterator[RunsPanel]:
    made = RunsPanel(Settings(tmp_path), refuse)
    qtbot.addWidget(made)
    made.resize(1200, 400)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: len(made.store.runs) == 3, timeout=20_000)
    yield made
    made.leave()
