"""A run's curves, read bit by bit, smoothed, thinned, and found under the hand."""

import numpy as np
import pytest

from ml.events import Metrics
from ml.runs.measured import EPOCH, STEP, TIME, TRAIN, VALIDATION, Measured, best, nearest, smoothed, thinned, within
from ml.runs.record import Record


@pytest.fixture
def run(tmp_path):
    record = Record(tmp_path / "run.sqlite")
    for step, at in ((10, 100.0), (20, 101.0), (30, 5000.0)):
        record.write(Metrics("block", step, step // 20, {"loss": 1 / step}), at)
    record.write(Metrics("epoch", 40, 2, {"loss": 9.0}, {"loss": 0.5}), 5001.0)
    record.write(Metrics("epoch", 60, 3, {"loss": 8.0}, {"loss": 0.4}), 5002.0)
    record.close()
    return Measured(str(tmp_path))


def test_it_is_read_bit_by_bit(run):
    assert [run.read(2), run.read(2), run.read(2), run.read(2)] == [2, 2, 1, 0]
    assert run.columns["loss", VALIDATION].over(STEP)[1].tolist() == [0.5, 0.4]


def test_an_epoch_s_mean_stands_over_steps_only_where_no_block_was_measured(run):
    run.read(100)
    assert run.columns["loss", TRAIN].over(STEP)[0].tolist() == [10, 20, 30, 60]
    assert run.columns["loss", TRAIN].over(EPOCH)[1].tolist() == [9.0, 8.0]


def test_pauses_count_a_minute_at_most(run):
    run.read(100)
    assert run.columns["loss", TRAIN].over(TIME)[0].tolist() == [0, 1, 61, 63]


@pytest.mark.parametrize("weight", [0.01, 0.5, 0.9, 0.99])
def test_smoothing_is_the_moving_mean_without_its_start_at_0(weight):
    values = np.random.default_rng(0).normal(size=5000)
    values[7] = np.nan
    mean = total = 0.0
    expected = []
    for value in values:
        mean = weight * mean + (1 - weight) * (value if np.isfinite(value) else 0)
        total = weight * total + (1 - weight) * np.isfinite(value)
        expected.append(mean / total)
    assert smoothed(values, weight) == pytest.approx(np.array(expected), rel=1e-9)


def test_thinned_curves_keep_their_peaks():
    x, y = np.arange(100_000.0), np.random.default_rng(0).normal(size=100_000)
    few_x, few = thinned(x, y, 2000)
    assert len(few) <= 2100 and few.min() == y.min() and few.max() == y.max() and (np.diff(few_x) > 0).all()
    assert thinned(x[:10], y[:10], 2000)[0].tolist() == x[:10].tolist()


def test_what_is_in_view_has_one_point_more_on_each_side():
    x = np.arange(10.0)
    assert within(x, x, 2.5, 5.5)[0].tolist() == [2, 3, 4, 5, 6]


def test_the_nearest_line_is_nearest_on_the_screen():
    x, y = np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.0, 5.0])
    found = nearest(x, y, (1.2, 0.0), (100.0, 10.0))
    assert found == (1, pytest.approx(20 * 50 / np.hypot(100, 50)))
    assert nearest(x, np.array([1.0, np.nan, 3.0]), (2, 4), (1, 1)) == (2, 1)
    assert nearest(x[:1], y[:1], (3, 4), (1, 1)) == (0, 5)
    assert nearest(x[:0], y[:0], (0, 0), (1, 1)) is None


def test_a_run_that_went_on_from_a_checkpoint_is_read_anew(tmp_path):
    record = Record(tmp_path / "run.sqlite")
    for step in range(1, 11):
        record.write(Metrics("block", step, 0, {"loss": 1.0}), 100.0 + step)
    record.commit()
    run = Measured(str(tmp_path))
    assert run.read(100) == 10
    record.rewind(5)
    for step in range(6, 15):
        record.write(Metrics("block", step, 0, {"loss": 2.0}), 200.0 + step)
    record.close()
    assert run.read(100) == 14
    assert run.columns["loss", TRAIN].over(STEP)[1].tolist() == [1.0] * 5 + [2.0] * 9
    assert run.read(100) == 0


def test_why_a_run_can_not_be_read_is_said(tmp_path):
    run = Measured(str(tmp_path / "nowhere"))
    assert run.read(10) == 0
    assert "is not a run" in run.problem


def test_a_loss_is_best_at_its_least_and_an_accuracy_at_its_greatest():
    values = np.array([3.0, 1.0, np.nan, 4.0])
    assert best("generator_loss", values) == 1
    assert best("accuracy", values) == 3
    assert best("loss", values[2:3]) is None
