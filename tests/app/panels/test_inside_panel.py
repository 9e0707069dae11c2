"""The panel shows a layer's output and weights, and goes with the canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.lenses.glance import coloured, lookup, sentence
from app.panels.lenses.inside import InsidePanel
from ml.events import Array, Done, Glance, Inside, InsideLayer


def glance(name: str = "output", maps: tuple[int, int, int] = (4, 5, 6), low: float = -1.0, odd: float = 0.0) -> Glance:
    return Glance(name, maps[1:], 0.25, 0.5, low, 2.0, 0.5, odd, Array.of(np.arange(32, dtype="uint8")), Array.of(np.zeros(maps, "uint8")))


def inside(step: int = 7, role: str = "model") -> Inside:
    layers = (
        InsideLayer(role, "input", "Input", glance()),
        InsideLayer(role, "dense", "Dense", glance(), (glance("kernel"), glance("bias"))),
        InsideLayer(role, "block/conv", "Conv2D", glance(), (glance("kernel"),)),
    )
    return Inside(step, layers, 3)


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> InsidePanel:
    made = InsidePanel(document)
    qtbot.addWidget(made)
    made.resize(1000, 300)
    made.show()
    made.begin(document.project)
    return made


def names(panel: InsidePanel) -> str:
    return panel._output._title.text()


def test_it_says_what_will_be_here_and_when_nothing_was(panel: InsidePanel) -> None:
    assert panel._stack.currentIndex() == 0 and "While a model trains" in panel._empty.text()
    panel.show_event(Done("complete", 1, 1.0, {}, "run"))
    assert panel._empty.text() == "Of this run no layers were recorded."


def test_the_first_layer_with_weights_is_shown_with_its_numbers(qtbot: QtBot, panel: InsidePanel) -> None:
    panel.show_event(inside())
    qtbot.waitUntil(lambda: names(panel) == "Output of dense")
    assert [panel._weights._choice.itemText(index) for index in range(2)] == ["kernel", "bias"]
    assert "mean 0.25 ± 0.5" in panel._output._says.text() and "50.0% are 0" in panel._output._says.text()
    assert panel._says.text() == "Example 3 after step 7."


def test_a_node_that_is_selected_on_the_canvas_is_shown_and_of_a_block_its_first_layer(qtbot: QtBot, panel: InsidePanel) -> None:
    panel.show_event(inside())
    qtbot.waitUntil(lambda: bool(panel._rows))
    panel.show_selection(["block"])
    assert names(panel) == "Output of block/conv"
    panel.show_selection(["input"])
    assert names(panel) == "Output of input"
    panel.show_selection([])
    panel.show_selection(["not recorded"])
    assert names(panel) == "Output of input"


def test_the_arrow_keys_go_through_the_layers_and_enter_finds_the_node(qtbot: QtBot, panel: InsidePanel) -> None:
    chosen: list[list[str]] = []
    panel.chosen.connect(chosen.append)
    panel.show_event(inside())
    qtbot.waitUntil(lambda: names(panel) == "Output of dense")
    QTest.keyClick(panel._layers, Qt.Key.Key_Down)
    assert names(panel) == "Output of block/conv"
    QTest.keyClick(panel._layers, Qt.Key.Key_Return)
    assert chosen == [["block"]]


def test_the_choice_stays_while_the_model_trains(qtbot: QtBot, panel: InsidePanel) -> None:
    panel.show_event(inside(7))
    qtbot.waitUntil(lambda: bool(panel._rows))
    panel._weights._choice.setCurrentIndex(1)
    panel.show_event(inside(8))
    qtbot.waitUntil(lambda: "step 8" in panel._says.text())
    assert names(panel) == "Output of dense" and panel._weights._choice.currentText() == "bias"


def test_what_is_no_number_is_said() -> None:
    assert "25.0% are no finite numbers" in sentence(glance(odd=0.25))


def test_zero_is_pale_and_the_sides_differ() -> None:
    table = lookup(-1.0, 1.0)[:, :3].astype(int)
    zero = table[127]
    assert abs(table[0] - zero).sum() > 150 and abs(table[255] - zero).sum() > 150 and abs(table[0] - table[255]).sum() > 80
    assert lookup(0.0, 2.0)[0, :3].astype(int) == pytest.approx(zero, abs=6)


def test_a_long_vector_goes_on_in_the_next_row() -> None:
    pixels = coloured(glance(maps=(1, 1, 100)))
    assert pixels.shape == (1, 5, 20, 4) and pixels[..., 3].all()
    assert coloured(glance(maps=(1, 1, 102)))[0, -1, -1, 3] == 0
    assert coloured(glance(maps=(1, 1, 10))).shape == (1, 1, 10, 4)
