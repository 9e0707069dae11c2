"""What the panels' tests share: a project as a document, and an engine that answers at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.document import Document
from ml import events
from ml.project.graph import Graph, Node
from ml.project.project import Choice, Data, Project, Training


def project(recipe: str = "supervised", **nodes: Node) -> Project:
    return Project("Digits", Data("digits"), {"model": Graph(nodes)}, Choice(recipe), Training(seed=7))


class FakeEngine:
    """Keeps what it was asked and answers with pictures of noise; `holds` it back until `release`."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.waiting: list[Callable[[], None]] = []
        self.holds = False

    def request(self, command: Any, callback: Callable[[Any], None]) -> None:
        self.asked.append(command)
        self.waiting.append(lambda: callback(self.answer(command)))
        if not self.holds:
            self.release()

    def release(self) -> None:
        waiting, self.waiting = self.waiting, []
        for answer in waiting:
            answer()

    def answer(self, command: Any) -> events.Message:
        if command.kind == "text":
            return events.Generated(0, text="mat.")
        if command.kind == "plane":
            arrays = {"latents": np.eye(4, 3, dtype="float32"), "labels": np.arange(4), "effect": np.array([0.1, 0.3, 0.2])}
        else:
            arrays = {"pixels": pictures(command.n), "latents": np.arange(command.n * 3, dtype="float32").reshape(-1, 3)}
        return events.Generated(0, {name: events.Array.of(array) for name, array in arrays.items()})

    def of_kind(self, kind: str) -> list[Any]:
        return [command for command in self.asked if command.kind == kind]


def pictures(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (count, 8, 8, 1)).astype("uint8")


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def document(qapp: Any) -> Document:
    return Document(project())
