"""Whatever a person does, in any order: the document stays valid, the canvas shows it, and undoing all of it gives the first document back."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication

from app.canvas import edits
from app.canvas.items.faces import ports
from app.canvas.view import GraphView
from app.document import Document
from ml import catalog
from ml.project import files
from ml.project.graph import Graph, Link
from ml.project.names import NAME

TEMPLATES = ("mlp", "cnn", "gpt")
TYPES = ("Dense", "Conv2D", "Add", "Concatenate", "Flatten", "ops.matmul", "Input", "Output", "Block", "MultiHeadAttention")
LINKS = 12


class Edits(RuleBasedStateMachine):
    """A hand on the canvas, and another one on the keyboard."""

    folder: Path
    keep: Callable[[GraphView], object]

    @initialize(template=st.sampled_from(TEMPLATES))
    def begin(self, template: str) -> None:
        QGuiApplication.clipboard().clear()  # what an earlier example copied would be pasted in this one
        self.document = Document(catalog.new(template))
        self.first = _bytes(self.document)
        self.view = GraphView(self.document)
        self.keep(self.view)
        self.view.resize(QSize(800, 600))

    def teardown(self) -> None:
        if not hasattr(self, "view"):
            return
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        while self.document.undo_stack.canUndo():
            self.document.undo_stack.undo()
        assert _bytes(self.document) == self.first
        while self.document.undo_stack.canRedo():
            self.document.undo_stack.redo()
            self.is_valid()
        self.view.close()

    # The mouse.

    @rule(type=st.sampled_from(TYPES), x=st.integers(-400, 400), y=st.integers(-400, 1200))
    def add(self, type: str, x: int, y: int) -> None:
        self.view.add_node(type, QPointF(x, y))

    @rule(picks=st.lists(st.integers(0, 99), max_size=4))
    def select(self, picks: list[int]) -> None:
        names = list(self.document.graph.nodes)
        self.view.select([names[pick % len(names)] for pick in picks] if names else [])

    @precondition(lambda self: self.document.graph.nodes)
    @rule(start=st.integers(0, 99), end=st.integers(0, 99), port=st.integers(0, 3))
    def connect(self, start: int, end: int, port: int) -> None:
        names = list(self.document.graph.nodes)
        link, name = Link(names[start % len(names)]), names[end % len(names)]
        if edits.refusal(self.document.graph, link, name, port) is None:
            self.view.editor.edit_graph(edits.connect(self.document.graph, link, name, port), f"Connect {name}")

    @precondition(lambda self: self.view.selected())
    @rule(across=st.integers(-300, 300), down=st.integers(-300, 300))
    def drag(self, across: int, down: int) -> None:
        names = self.view.selected()
        self.view.graph_scene.move({name: self.view.graph_scene.nodes[name].pos() + QPointF(across, down) for name in names})
        self.view.editor.keep_positions(names)

    # The keyboard.

    @rule(pick=st.integers(0, 999))
    def command(self, pick: int) -> None:
        """Any command of the canvas that can be given now."""
        actions = [action for action in self.view.commands.values() if action.isEnabled() and not _asks(action)]
        actions[pick % len(actions)].trigger()

    @rule()
    def undo(self) -> None:
        self.document.undo_stack.undo()

    @rule()
    def redo(self) -> None:
        self.document.undo_stack.redo()

    @rule(new=st.text("abc_1", min_size=1, max_size=3), pick=st.integers(0, 99))
    def rename(self, new: str, pick: int) -> None:
        graph = self.document.graph
        if graph.nodes and new not in graph.nodes and NAME.fullmatch(new):
            old = list(graph.nodes)[pick % len(graph.nodes)]
            self.document.edit_graph(graph.renamed(old, new), f"Rename {old} to {new}")

    @rule()
    def save(self) -> None:
        path = self.folder / "edited.atelier"
        files.save(self.document.project, path)
        assert files.load(path) == self.document.project

    # What always holds.

    @invariant()
    def is_valid(self) -> None:
        if hasattr(self, "document"):
            for graph in self.document.project.models.values():
                _valid(graph)

    @invariant()
    def is_shown(self) -> None:
        if hasattr(self, "view"):
            graph, scene = self.document.graph, self.view.graph_scene
            assert list(scene.nodes) == list(graph.nodes) or set(scene.nodes) == set(graph.nodes)
            assert set(scene.links) == {(name, port) for name, port, _ in graph.links()}


@pytest.mark.parametrize("examples", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_any_sequence_of_edits(qapp, qtbot, tmp_path, examples) -> None:
    Edits.folder, Edits.keep = tmp_path, staticmethod(qtbot.addWidget)
    chosen = settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        database=None,
        derandomize=examples < 100,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(Edits, settings=chosen)


def _asks(action: QAction) -> bool:
    """Whether a command opens a dialog of its own, by the dots that say so."""
    return action.text().endswith("…")


def _bytes(document: Document) -> bytes:
    return msgspec.json.encode(document.project)


def _valid(graph: Graph) -> None:
    """Raises AssertionError where a graph is none that the program could have opened."""
    assert not graph.cycle()
    for name, node in graph.nodes.items():
        assert NAME.fullmatch(name), name
        assert node.shares is None or node.shares in graph.nodes
        assert not node.inputs or node.inputs[-1] is not None, f"{name} ends with an empty input"
        found = ports(node)
        assert len(node.inputs) <= len(found) or (found and found[-1].many), f"{name} has more links than ports"
        assert all(link is None or link.node in graph.nodes for link in node.inputs), f"{name} is fed by nothing"
        assert node.position is None or all(map(math.isfinite, node.position))
        assert node.repeat >= 1
        if node.graph is not None:
            _valid(node.graph)
