"""How a model goes on with a series by itself, and how long it is near the truth."""

import numpy as np
import pytest

from app.panels.generator.forecast import ForecastPage, sentence, valid
from app.panels.generator.panel import GeneratorPanel
from ml import events

from .conftest import project


def forecast(said, step=7):
    right = np.sin(np.arange(len(said)) / 3).astype("float32")
    seen = np.sin(np.arange(-20, 0) / 3).astype("float32")
    return events.Forecast(step, events.Array.of(seen), events.Array.of(np.asarray(said, "float32")), events.Array.of(right))


@pytest.mark.parametrize(("said", "holds"), [([0, 0, 0, 0], 4), ([0, 1, 0, 0], 1), ([1, 0, 0, 0], 0), ([0, 0, np.nan, 0], 2), ([0, np.inf, 0, 0], 1)])
def test_it_holds_up_to_the_first_that_is_too_far_away(said, holds):
    assert valid(np.array(said, float), np.zeros(4), 1.0) == holds


def test_how_long_it_holds_is_said():
    true = forecast(np.zeros(30)).right.numpy()
    assert sentence(forecast(true)).startswith("After step 7: all of 30 values")
    assert "the first 10 of 30" in sentence(forecast(np.concatenate([true[:10], true[10:] + 9])))
    assert "none of 30" in sentence(forecast(true + 9))


def test_a_forecast_of_no_numbers_is_drawn_as_far_as_there_are_some(qtbot):
    page = ForecastPage()
    qtbot.addWidget(page)
    page.resize(600, 260)
    page.show()
    page.show_event(forecast(np.where(np.arange(30) < 10, np.exp(np.arange(30) * 9.0), np.nan)))
    page.refresh()
    low, high = page._plot.getViewBox().viewRange()[1]
    assert -3 < low < high < 3
    assert np.isnan(page._said.getData()[1][10:]).all()


def test_it_comes_into_the_generator_panel_with_the_first_forecast(qtbot, document, engine):
    panel = GeneratorPanel(document, engine.request)
    qtbot.addWidget(panel)
    panel.begin(project("supervised"))
    assert panel._stack.currentWidget() is panel._empty
    panel.show_event(forecast(np.zeros(30)))
    assert isinstance(panel._stack.currentWidget(), ForecastPage)
    panel.begin(project("supervised"))
    assert panel._stack.currentWidget() is panel._empty
