"""The lens of models that say what comes next in a series: how they go on by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from ml import catalog
from ml.events import Forecast
from ml.inspect.forecast import ForecastLens, longest_stretch
from ml.training.session import Session


@pytest.mark.parametrize(("template", "units"), [("echo_state", 8), ("lstm", [8])])
def test_what_was_said_is_given_back(template: str, units: object) -> None:
    session = Session(catalog.new(template, settings={"data": "sine", "data.samples": 200, "units": units}))
    seen = ForecastLens(session.project, session.built, session.dataset).read(3)
    assert isinstance(seen, Forecast) and seen.step == 3
    x, y = session.dataset.part("validation")
    np.testing.assert_array_equal(seen.seen.numpy(), x[0, :, 0])
    np.testing.assert_array_equal(seen.right.numpy(), y[:, 0])
    series = list(x[0, :, 0])
    for _ in y[:5]:
        series.append(float(session.models["model"](np.array(series[-x.shape[1] :], "float32")[np.newaxis, :, np.newaxis])[0, 0]))
    np.testing.assert_allclose(seen.said.numpy()[:5], series[-5:], atol=1e-5)
    assert len(seen.said.numpy()) == len(y)


@pytest.mark.parametrize(("template", "settings"), [("lstm", {"data": "adding"}), ("mlp", {}), ("gpt", {})])
def test_there_is_none_of_what_does_not_go_on(template: str, settings: dict[str, object]) -> None:
    session = Session(catalog.new(template, settings=settings))
    assert ForecastLens(session.project, session.built, session.dataset).read(0) is None


def test_a_part_that_goes_round_the_end_of_the_series_begins_at_its_longer_stretch() -> None:
    series = np.arange(40.0)[:, np.newaxis]
    x = np.stack([series[at : at + 3] for at in (*range(30, 37), *range(10))])
    y = np.stack([series[at + 3] for at in (*range(30, 37), *range(10))])
    assert longest_stretch(x, y) == slice(7, 17)
    assert longest_stretch(x[:7], y[:7]) == slice(0, 7)
    assert longest_stretch(x[..., 0], y) == slice(0)
