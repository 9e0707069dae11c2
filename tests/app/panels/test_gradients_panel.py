"""The panel shows a bar for each layer, on a scale that stays, and says what is under the pointer."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.lenses.gradients import MARGIN, GradientsPanel, _powers
from ml.events import Done, Gradients, LayerGradient


def gradients(*norms: float, step: int = 7, role: str = "model") -> Gradients:
    types = ("Conv2D", "BatchNormalization")
    layers = tuple(LayerGradient(role, f"block_{index // 2 + 1}/{index}", types[index % 2], norm, 1200) for index, norm in enumerate(norms))
    return Gradients(step, layers, 32)


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> GradientsPanel:
    made = GradientsPanel()
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    made.begin(document.project)
    return made


def shown(panel: GradientsPanel, event: Gradients) -> dict:
    panel.show_event(event)
    panel.refresh()
    return panel._bars.opts


def test_it_says_what_will_be_here_and_when_nothing_was(panel: GradientsPanel) -> None:
    assert panel._empty.text() == GradientsPanel.WAITING
    panel.show_event(Done("complete", 1, 1.0, {}, ""))
    assert panel._empty.text() == GradientsPanel.NONE


def test_a_bar_is_ten_times_the_gradient_one_step_higher_and_without_one_there_is_none(panel: GradientsPanel) -> None:
    bars = shown(panel, gradients(0.01, 0.1, 1.0, 0.0))
    np.testing.assert_allclose(bars["height"], [MARGIN, 1 + MARGIN, 2 + MARGIN, 0])
    assert len({brush.color().name() for brush in bars["brushes"]}) == 2
    assert "Conv2D" in panel._legend.text() and panel._says.text() == "After step 7, of 32 samples: 0.01 in block_1/0, 0 in block_2/3"


def test_the_scale_holds_all_that_was_seen_of_a_run(panel: GradientsPanel, document: Document) -> None:
    shown(panel, gradients(0.001, 0.1))
    assert shown(panel, gradients(0.1, 0.1))["y0"] == pytest.approx(-3 - MARGIN)
    panel.begin(document.project)
    assert shown(panel, gradients(0.1, 0.1))["y0"] == pytest.approx(-1 - MARGIN)


def test_what_is_infinite_fills_the_plot_and_what_is_no_number_is_no_bar(panel: GradientsPanel) -> None:
    shown(panel, gradients(0.01, 0.1))
    np.testing.assert_allclose(shown(panel, gradients(0.01, np.inf, np.nan))["height"], [MARGIN, 1 + 2 * MARGIN, 0])
    assert panel._says.text() == "After step 7, of 32 samples: 0.01 in block_1/0, nan in block_2/2"
    np.testing.assert_allclose(shown(panel, gradients(0.01, 0.1))["height"], [MARGIN, 1 + MARGIN])


def test_the_bar_under_the_pointer_is_put_in_words(panel: GradientsPanel) -> None:
    both = (*gradients(0.5).layers, *gradients(0.25, 2.0, role="critic").layers)
    shown(panel, Gradients(7, both, 32))
    panel._plot.hovered.emit(QPointF(2.2, -0.3))
    assert panel._says.text() == "critic: block_1/1, a BatchNormalization: 2 over 1,200 weights"
    panel._plot.hovered.emit(None)
    assert panel._says.text().startswith("After step 7")


def test_blocks_are_named_where_they_begin(panel: GradientsPanel) -> None:
    event = gradients(*[0.1] * 12)
    shown(panel, event)
    assert panel._names(event) == [(2.0 * index, f"block_{index + 1}") for index in range(6)]
    panel._plot.resize(200, 200)
    assert panel._names(event) == [(0.0, "block_1"), (4.0, "block_3"), (8.0, "block_5")]


def test_there_are_as_many_names_as_have_room_after_the_panel_was_made_smaller(qtbot: QtBot, panel: GradientsPanel) -> None:
    shown(panel, gradients(*[0.1] * 24))
    axis = panel._plot.getAxis("bottom")
    qtbot.waitUntil(lambda: len(axis._tickLevels[0]) == 12)
    panel.resize(300, 300)
    qtbot.waitUntil(lambda: len(axis._tickLevels[0]) < 12)


def test_the_scale_is_marked_in_powers_of_ten_and_between_them_where_there_are_few() -> None:
    assert [text for _, text in _powers(-3.2, 0.1)] == ["0.001", "0.01", "0.1", "1"]
    assert [text for _, text in _powers(-1.5, -0.5)] == ["0.05", "0.1", "0.2"]
