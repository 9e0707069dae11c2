"""Of a burst of events the window gets what it can show."""

from __future__ import annotations

import numpy as np

from app.bursts import MOST, merged
from ml.events import Array, Attention, Inside, Log, Metrics, Picture, Progress


def progress(step: int) -> Progress:
    return Progress("running", step, 10, 0, 1, 0.0, None, 1.0)


def picture(name: str, step: int) -> Picture:
    return Picture(name, step, Array.of(np.zeros((1, 2, 2, 1), np.uint8)))


def test_of_what_replaces_itself_only_the_last_is_kept_and_every_metric_stays() -> None:
    metrics = [Metrics("block", step, 0, {}) for step in range(3)]
    events = [progress(0), metrics[0], picture("samples", 0), Attention(0, ()), metrics[1], picture("other", 0), picture("samples", 1), Attention(1, ())]
    events += [progress(1), metrics[2]]
    assert merged(events) == [metrics[0], metrics[1], picture("other", 0), picture("samples", 1), Attention(1, ()), progress(1), metrics[2]]


def test_of_a_flood_of_measurements_some_are_shown_and_the_last_is_among_them() -> None:
    flood = [Metrics(span, step, 0, {}) for step in range(1000) for span in ("block", "epoch")]
    shown = merged(flood)
    for span in ("block", "epoch"):
        steps = [event.step for event in shown if isinstance(event, Metrics) and event.span == span]
        assert len(steps) == MOST[span] and steps[-1] == 999 and steps == sorted(steps)


def test_of_a_flood_of_lines_it_is_said_how_many_are_left_out() -> None:
    shown = merged([Log(str(number)) for number in range(1000)])
    assert len(shown) == MOST["Log"] + 1
    assert shown[-1] == Log("980 other lines came at the same time and are not shown.")
    assert len(merged(shown)) <= MOST["Log"] + 1


def test_a_burst_that_waits_stays_small() -> None:
    waiting: list = []
    for step in range(0, 5000, 100):
        waiting = merged([*waiting, *(Metrics("block", step + n, 0, {}) for n in range(100)), Inside(step, ())])
    assert len(waiting) == MOST["block"] + 1 and waiting[-1] == Inside(4900, ())
