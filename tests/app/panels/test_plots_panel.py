import numpy as np
import pytest

from app.panels.training.chart import DRAWN
from app.panels.training.curves import MOST
from app.panels.training.plots import PlotsPanel
from ml.events import Metrics

from .conftest import project


@pytest.fixture
def panel(qtbot):
    panel = PlotsPanel()
    qtbot.addWidget(panel)
    panel.resize(1280, 400)
    panel.show()
    return panel


def draw(panel):
    """Let it take all the turns that it wants."""
    panel.stale()
    while panel._stale:
        panel._tick()


def train(panel, steps=50):
    for step in range(1, steps + 1):
        panel.show_event(Metrics("block", step, step // 10, {"loss": 1 / step, "accuracy": 1 - 1 / step}, {}, 0.001, 900.0))
        if step % 10 == 0:
            panel.show_event(Metrics("epoch", step, step // 10, {"loss": 1 / step}, {"loss": 2 / step}, 0.001, 900.0))
    draw(panel)


def legend(panel, title):
    return panel._charts[title]._legend.text()


def test_before_a_run_it_says_what_will_come(panel):
    draw(panel)
    assert panel._stack.currentIndex() == 0
    train(panel)
    assert panel._stack.currentIndex() == 1


def test_each_metric_is_drawn_with_its_last_value(panel, qtbot):
    train(panel)
    assert list(panel._charts) == ["loss", "accuracy", "learning rate", "steps/s"]
    qtbot.waitUntil(lambda: all(chart.isVisible() for chart in panel._charts.values()))
    assert "0.02" in legend(panel, "loss")
    assert "0.04" in legend(panel, "loss"), "the last of validation"


def test_the_values_under_the_pointer_are_those_of_that_step(panel):
    train(panel)
    panel._charts["accuracy"].hovered.emit(4.3)
    draw(panel)
    assert "0.75" in legend(panel, "accuracy")
    assert "0.25" in legend(panel, "loss")
    assert "at step 4" in legend(panel, "loss")


def test_by_epoch_draws_the_epochs(panel):
    train(panel)
    panel._axis.setCurrentIndex(1)
    draw(panel)
    raw, _ = panel._charts["loss"]._lines["loss", "train"]
    assert raw.getOriginalDataset()[0].tolist() == [1, 2, 3, 4, 5]


def test_a_long_curve_is_thinned_and_drawn_whole_where_one_looks_closer(panel):
    train(panel, 4000)
    raw, _ = panel._charts["accuracy"]._lines["accuracy", "train"]
    assert len(raw.getOriginalDataset()[0]) <= DRAWN + 8
    box = panel._charts["accuracy"].plot.getViewBox()
    box.setRange(xRange=(100, 200), padding=0)
    box.sigRangeChangedManually.emit([True, False])
    draw(panel)
    assert set(range(100, 201)) <= set(raw.getOriginalDataset()[0].tolist())
    panel._fit.click()
    draw(panel)
    assert raw.getOriginalDataset()[0][-1] == 4000


def test_a_log_scale_on_which_nothing_can_be_drawn_has_no_millions_of_powers(panel, qtbot):
    for loss in (4e6, 2e7):
        panel.show_event(Metrics("block", 1, 0, {"loss": loss}))
    draw(panel)
    qtbot.waitUntil(lambda: panel._charts["loss"].plot.viewRange()[1][1] > 1e7)
    panel.begin(project())
    panel.show_event(Metrics("block", 1, 0, {"loss": 0.0}))
    panel._log.setChecked(True)
    draw(panel)
    low, high = panel._charts["loss"].plot.viewRange()[1]
    assert high - low < 700
    panel._log.setChecked(False)
    panel.show_event(Metrics("block", 2, 0, {"loss": 4e6}))
    draw(panel)
    qtbot.waitUntil(lambda: panel._charts["loss"].plot.viewRange()[1][1] > 1e6)


def test_a_log_scale_leaves_out_what_is_not_positive_and_warns_of_nothing(panel):
    train(panel)
    panel.show_event(Metrics("block", 51, 5, {"loss": -1.0}))
    panel._log.setChecked(True)
    draw(panel)
    raw, _ = panel._charts["loss"]._lines["loss", "train"]
    assert np.isnan(raw.getOriginalDataset()[1][-1])


def test_smoothing_draws_a_second_line_and_keeps_the_measured_one(panel):
    train(panel)
    panel._smoothing.setValue(90)
    draw(panel)
    raw, smooth = panel._charts["loss"]._lines["loss", "train"]
    assert raw.isVisible()
    assert smooth.isVisible()


def test_a_click_in_the_legend_hides_a_curve(panel):
    train(panel)
    panel._charts["loss"]._toggle("loss/validation")
    draw(panel)
    assert not panel._charts["loss"]._lines["loss", "validation"][0].isVisible()


def test_a_new_run_begins_with_empty_plots(panel):
    train(panel)
    panel.begin(project())
    draw(panel)
    assert panel._stack.currentIndex() == 0


def test_while_it_is_hidden_nothing_is_drawn(panel, qtbot):
    panel.hide()
    panel.show_event(Metrics("block", 1, 0, {"loss": 1.0}))
    assert not panel._timer.isActive()
    panel.show()
    assert "loss" in panel._charts


def test_of_many_points_a_bounded_number_is_drawn(panel):
    for step in range(200_000):
        panel.history.add(Metrics("block", step, 0, {"loss": 1.0 / (step + 1), "accuracy": 0.5}))
    draw(panel)
    assert max(len(curve) for curve in panel.history.curves.values()) <= MOST
