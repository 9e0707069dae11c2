"""What the window's tests share: a project, an engine that needs no Keras, and a window on both."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

import main
from app import closing
from app.engine import Engine
from app.engines import Engines
from app.window import MainWindow
from ml.connection import Door
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project

FAKE = (sys.executable, "-m", "tests.app.fake_engine")


def fake_engine(door: Door | None = None) -> Engine:
    return Engine(command=FAKE, door=door)


@pytest.fixture
def project() -> Project:
    nodes = {
        "input": Node("Input", {"shape": [4]}),
        "dense": Node("Dense", {"units": 3}, (Link("input"),)),
        "output": Node("Output", {}, (Link("dense"),)),
    }
    return Project("Flowers", Data("iris"), {"model": Graph(nodes)}, Choice("supervised"))


@pytest.fixture
def engines(qapp: QApplication) -> Iterator[Engines]:
    made = Engines(make=fake_engine)
    yield made
    made.close()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """The window of `main`, on a folder of its own; every question is answered with yes."""
    monkeypatch.setattr(Engine.__init__, "__defaults__", (None, FAKE, None))
    monkeypatch.setattr(closing, "ask", lambda *arguments: closing.END)
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments: QMessageBox.StandardButton.Yes)
    shown = main.window(tmp_path)
    shown.show()
    yield shown
    shown.document.undo_stack.setClean()
    shown.close()
    shown.deleteLater()
