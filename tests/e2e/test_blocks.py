"""A block's life in the real window: made, named, given a parameter, repeated, kept, used again, taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QSpinBox

from ml.project.expressions import expression
from ml.project.graph import BLOCK
from tests.e2e.studio import LEFT, NONE, Studio

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def studio(qtbot, tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path)
    studio.window.files.new("cnn")
    studio.window.graph.view.zoom_to_fit()
    studio.until_checked()
    yield studio
    studio.close()


def pick(studio: Studio, *names: str) -> None:
    """Click the first node, and the others with Shift."""
    for index, name in enumerate(names):
        QTest.mouseClick(studio.canvas, LEFT, SHIFT if index else NONE, studio.node_place(name))


def to_canvas(studio: Studio) -> None:
    """Give the canvas the keyboard, also after a menu has had it."""
    studio.window.activateWindow()
    studio.window.graph.view.setFocus()
    studio.until(studio.window.graph.view.hasFocus)


def name_it(studio: Studio, name: str) -> None:
    writing = studio.window.graph.view.writing
    studio.until(writing.isVisible)
    QTest.keyClicks(writing, name)
    QTest.keyClick(writing, Qt.Key.Key_Return)


def from_menu(studio: Studio, parameter: str, words: str) -> None:
    """Choose from the menu of a parameter in the inspector."""
    form = studio.window.inspector.node.form
    assert form is not None
    studio.until(lambda: form.editor(parameter).isVisible())
    form.editor(parameter).setFocus()
    studio.until(form.editor(parameter).hasFocus)
    studio.key(Qt.Key.Key_M, CONTROL)
    menu = next(menu for menu in studio.window.findChildren(QMenu) if menu.isVisible())
    action = next(action for action in menu.actions() if words in action.text().replace("&", ""))
    QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())


def test_a_block_s_life(studio: Studio) -> None:
    window, document = studio.window, studio.window.document
    view = window.graph.view
    before = studio.report.parameters
    pick(studio, "conv2d_1", "max_pooling2d_1")
    QTest.keyClick(view, Qt.Key.Key_G, CONTROL)
    name_it(studio, "stage")
    assert document.graph["stage"].type == BLOCK
    studio.until_checked()
    assert studio.report.parameters == before

    QTest.mouseDClick(studio.canvas, LEFT, NONE, studio.node_place("stage"))
    assert document.scope == ("stage",)
    studio.click_node("conv2d_1")
    from_menu(studio, "filters", "Make It a Parameter of stage")
    assert document.block is not None and document.block.arguments == {"filters": 64}
    assert document.graph["conv2d_1"].arguments["filters"] == expression("filters")
    to_canvas(studio)
    QTest.keyClick(view, Qt.Key.Key_Up, CONTROL)
    assert document.scope == () and view.selected() == ["stage"]

    field = studio.find(QLineEdit, "filters")
    studio.fill(field, "16")
    studio.until(lambda: studio.window.document.node_reports["stage"].shapes == ((None, 2, 2, 16),))
    repeat = studio.find(QSpinBox, "repeat")
    QTest.keyClick(repeat, Qt.Key.Key_Up)
    studio.until(lambda: studio.window.document.node_reports["stage"].shapes == ((None, 1, 1, 16),))

    to_canvas(studio)
    QTest.keyClick(view, Qt.Key.Key_B, CONTROL | SHIFT)
    studio.press("Keep")
    assert list(window.own_blocks.blocks) == ["stage"]
    studio.show_tab("Mine")
    assert window.library.own is not None
    studio.choose(window.library.own.tree, "stage")
    assert document.graph["stage_1"].arguments == {"filters": 16} and document.graph["stage_1"].repeat == 2

    to_canvas(studio)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert "stage_1" not in document.graph.nodes
    pick(studio, "stage")
    QTest.keyClick(view, Qt.Key.Key_G, CONTROL | SHIFT)
    assert sum(node.type == "Conv2D" for node in document.graph.nodes.values()) == 3
    studio.until_checked()
    assert studio.report.errors == 0
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert "conv2d_1" in document.graph.nodes and document.is_clean


def test_a_second_use_shares_the_weights(studio: Studio) -> None:
    document, view = studio.window.document, studio.window.graph.view
    pick(studio, "conv2d")
    QTest.keyClick(view, Qt.Key.Key_D, CONTROL | SHIFT)
    (copy,) = view.selected()
    assert document.graph[copy].shares == "conv2d"
    QTest.keyClick(view, Qt.Key.Key_I, CONTROL | SHIFT)
    assert document.graph[copy].shares is None and document.graph[copy].arguments == document.graph["conv2d"].arguments


def test_the_search_finds_one_s_own_blocks(studio: Studio) -> None:
    document, view = studio.window.document, studio.window.graph.view
    pick(studio, "dropout", "dense")
    QTest.keyClick(view, Qt.Key.Key_G, CONTROL)
    name_it(studio, "classifier")
    QTest.keyClick(view, Qt.Key.Key_B, CONTROL | SHIFT)
    QTest.mouseClick(studio.find(QPushButton, "Keep"), LEFT, NONE)
    to_canvas(studio)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClicks(view.search_menu.field, "classi")
    QTest.keyClick(view.search_menu.field, Qt.Key.Key_Return)
    assert document.graph["classifier_1"].type == BLOCK
