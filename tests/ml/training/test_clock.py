"""Looking at a model takes a small part of the time, and one slow look keeps nobody waiting."""

from __future__ import annotations

import pytest

from ml.training import clock
from ml.training.clock import LOOKING_SHARE, Clock


class Time:
    now = 100.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(clock, "time", made)
    return made


def look(made: Clock, time: Time, seconds: float) -> float:
    """Look for so many seconds; how long until it is time again."""
    with made:
        time.now += seconds
    began = time.now
    while not made.due():
        time.now += 0.01
    return time.now - began


def test_the_first_look_traces_and_is_not_counted(time: Time) -> None:
    assert look(Clock(0.5), time, 3.0) == pytest.approx(0.5, abs=0.02)


def test_looks_that_take_long_are_far_between(time: Time) -> None:
    made = Clock(0.5)
    waits = [look(made, time, 0.1) for _ in range(3)]
    assert waits[1:] == pytest.approx([0.1 / LOOKING_SHARE] * 2, abs=0.02)


def test_one_slow_look_keeps_nobody_waiting(time: Time) -> None:
    made = Clock(0.5)
    waits = [look(made, time, seconds) for seconds in (0.01, 0.01, 5.0, 0.01)]
    assert max(waits) < 0.6


def test_a_part_of_the_share_is_waited_for_longer(time: Time) -> None:
    made = Clock(0.1, 0.5)
    look(made, time, 0.1)
    assert look(made, time, 0.1) == pytest.approx(0.2 / LOOKING_SHARE, abs=0.02)
