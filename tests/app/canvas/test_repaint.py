"""Undo paints what is different, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from app.canvas.items.cards import NodeItem
from app.canvas.view import GraphView
from app.document import Document


@pytest.fixture
def painted(view: GraphView, monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[str]]:
    """The names of the nodes that were painted since it was last asked."""
    names: list[str] = []
    paint = NodeItem.paint

    def noted(self: NodeItem, *arguments: object) -> None:
        names.append(self.face.name)
        paint(self, *arguments)  # pyright: ignore[reportArgumentType] - as Qt gives them

    monkeypatch.setattr(NodeItem, "paint", noted)

    def since() -> set[str]:
        QApplication.processEvents()
        found = set(names)
        names.clear()
        return found

    since()
    return since


def test_undoing_a_changed_parameter_paints_one_node(document: Document, view: GraphView, painted: Callable[[], set[str]]) -> None:
    graph = document.graph
    document.edit_graph(graph.with_node("conv", replace(graph["conv"], arguments={"filters": 8, "kernel_size": 3})), "Change")
    assert painted() == {"conv"}
    document.undo_stack.undo()
    assert painted() == {"conv"}


def test_undoing_a_change_elsewhere_in_the_project_paints_no_node(document: Document, view: GraphView, painted: Callable[[], set[str]]) -> None:
    document.edit(replace(document.project, training=replace(document.project.training, epochs=3)), "Change the epochs")
    document.undo_stack.undo()
    assert painted() == set()


def test_a_jump_over_steps_that_come_out_even_paints_no_node(document: Document, view: GraphView, painted: Callable[[], set[str]]) -> None:
    graph = document.graph
    for filters in (8, 16, 32):
        document.edit_graph(graph.with_node("conv", replace(graph["conv"], arguments={"filters": filters, "kernel_size": 3})), "Change")
    painted()
    document.jump(0)
    assert painted() == set()
