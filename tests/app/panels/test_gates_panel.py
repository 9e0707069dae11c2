"""The panel shows gates and states over time, one layer at a time, and says when there is nothing to show."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.lenses.gates import GatesPanel
from app.panels.lenses.names import with_room
from app.panels.lenses.over_time import LINE, ROW, SMALLEST, heights, strip
from ml.events import Array, Done, Recurrent, RecurrentLayer


def layer(name: str, type: str = "LSTM", time: int = 9) -> RecurrentLayer:
    rows = np.linspace(0, 1, time * 4, dtype="float16").reshape(time, 4)
    return RecurrentLayer(name, type, {"input gate": Array.of(rows), "state": Array.of(2 * rows - 1)}, Array.of(np.geomspace(1e-9, 1, time)))


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> GatesPanel:
    made = GatesPanel()
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    made.begin(document.project)
    return made


def test_it_says_what_will_be_here_and_when_nothing_was(panel: GatesPanel) -> None:
    assert panel._empty.text() == GatesPanel.WAITING
    panel.show_event(Done("complete", 1, 1.0, {}, ""))
    assert panel._empty.text() == GatesPanel.NONE


@pytest.mark.parametrize(
    "read", [{"series": Array.of(np.random.rand(9, 2).astype("float32")), "features": ("number", "mark")}, {"tokens": tuple("a line.\nb")}]
)
def test_a_layer_is_chosen_and_drawn(panel: GatesPanel, read: dict) -> None:
    panel.show_event(Recurrent(7, (layer("lstm"), layer("gru", "GRU")), **read))
    panel.refresh()
    before = panel._time.grab().toImage()
    assert panel._says.text() == "LSTM, example 0 after step 7."
    panel._layer.setCurrentIndex(1)
    panel.refresh()
    assert panel._says.text() == "GRU, example 0 after step 7."
    assert before.width() == panel._time.width() and len({before.pixel(x, 150) for x in range(100, 880, 20)}) > 3


def test_a_strip_has_a_column_for_each_step_and_a_row_for_each_unit() -> None:
    picture = strip(np.array([[0.0, 1.0], [1.0, 5.0], [0.5, np.nan]], "float32"), 0.0, 1.0)
    assert (picture.width(), picture.height()) == (3, 2)
    assert picture.pixel(1, 0) == picture.pixel(0, 1) == picture.pixel(1, 1) != picture.pixel(0, 0)


def test_the_reach_is_drawn_on_a_logarithmic_scale_and_what_is_no_number_at_the_bottom() -> None:
    np.testing.assert_allclose(heights(np.array([SMALLEST / 10, SMALLEST, 1e-3, 1])), [0, 0, 0.5, 1])
    assert heights(np.array([np.nan, np.inf, 1.0])).tolist() == [0, 1, 0]
    assert not heights(np.full(3, np.nan)).any()


def test_words_that_are_read_don_t_stand_in_each_other() -> None:
    assert with_room([4, 12, 20], [8, 8, 8]) == [0, 1, 2]
    assert with_room(range(5, 65, 10), [6, 30, 6, 40, 6, 6]) == [0, 2, 4, 5]


def test_all_of_a_layer_has_room_where_the_panel_is_low(qtbot: QtBot, panel: GatesPanel) -> None:
    panel.show_event(Recurrent(7, (layer("lstm"),), tokens=tuple("a line.")))
    qtbot.waitUntil(lambda: panel.minimumSizeHint().height() > 2 * LINE + 2 * ROW)
