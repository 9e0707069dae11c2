import numpy as np
import pytest

from app.panels.training.curves import EPOCH, MOST, STEP, TRAIN, VALIDATION, Curve, History
from ml.events import Metrics


def curve_of(values):
    curve = Curve()
    for step, value in enumerate(values):
        curve.append(step, value)
    return curve


def test_a_curve_keeps_every_point_as_it_grows():
    values = np.random.default_rng(0).normal(size=MOST)
    assert np.array_equal(curve_of(values).y, values)


def test_smoothing_is_the_bias_corrected_moving_mean_of_adam():
    values = np.random.default_rng(0).normal(size=50)
    weights = 0.9 ** np.arange(50)
    expected = [np.sum(values[: n + 1][::-1] * weights[: n + 1]) / weights[: n + 1].sum() for n in range(50)]
    assert curve_of(values).smoothed(0.9) == pytest.approx(np.array(expected))


def test_smoothing_goes_on_where_it_stopped():
    values = np.random.default_rng(0).normal(size=600)
    curve = Curve()
    for step, value in enumerate(values):
        curve.append(step, value)
        curve.smoothed(0.8)
    assert curve.smoothed(0.8) == pytest.approx(curve_of(values).smoothed(0.8))


def test_smoothing_passes_over_what_is_not_a_number():
    assert curve_of([1.0, float("nan"), 1.0]).smoothed(0.5).tolist() == [1.0, 1.0, 1.0]


def test_a_second_value_at_a_step_takes_the_place_of_the_first():
    curve = curve_of([1.0, 2.0])
    curve.append(1, 5.0)
    assert curve.y.tolist() == [1.0, 5.0]


def test_validation_is_drawn_over_steps_and_over_epochs():
    history = History()
    history.add(Metrics("epoch", 56, 2, {"loss": 0.5}, {"loss": 0.6}))
    assert history.curves[STEP, "loss", VALIDATION].x.tolist() == [56]
    assert history.curves[EPOCH, "loss", VALIDATION].x.tolist() == [2]
    assert history.curves[EPOCH, "loss", TRAIN].y.tolist() == [0.5]


def test_an_epoch_without_a_reported_block_stands_in_for_its_steps():
    history = History()
    history.add(Metrics("block", 1, 0, {"loss": 3.0}))
    for epoch in (1, 2, 3):
        history.add(Metrics("epoch", 40 * epoch, epoch, {"loss": 1 / epoch}))
    assert history.curves[STEP, "loss", TRAIN].x.tolist() == [1, 80, 120]


def test_losses_share_a_chart_and_rate_and_speed_come_last():
    history = History()
    history.add(Metrics("block", 1, 0, {"accuracy": 0.1, "generator_loss": 1.0, "discriminator_loss": 1.0}, {}, 0.001, 900))
    assert list(history.charts(STEP)) == ["loss", "accuracy", "learning rate", "steps/s"]
    assert history.charts(STEP)["loss"] == [("discriminator_loss", TRAIN), ("generator_loss", TRAIN)]


def test_a_curve_of_a_week_stays_small_and_keeps_its_peaks():
    values = np.random.default_rng(0).normal(size=3 * MOST)
    values[8_765] = 99.0
    curve = curve_of(values)
    assert len(curve) <= MOST
    assert curve.y.max() == 99.0 and curve.x[-1] == len(values) - 1
    assert np.all(np.diff(curve.x) > 0)


def test_a_step_lies_at_the_last_epoch_that_was_complete():
    history = History()
    for epoch in (1, 2, 3):
        history.add(Metrics("epoch", 100 * epoch, epoch, {"loss": 1.0}))
    assert [history.place(EPOCH, step) for step in (50, 100, 299)] == [0, 1, 2]
    assert history.place(STEP, 50) == 50
