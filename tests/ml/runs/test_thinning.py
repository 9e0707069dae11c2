"""What goes on record tells the whole run, and a week of it stays small."""

from pathlib import Path

import numpy as np
import pytest

from ml.events import Array, Attention, AttentionLayer, Done, Message, Metrics, Picture, Progress, Text
from ml.runs.record import Record, read_events
from ml.runs.thinning import MOST, Thinning, even

WEEK = 7 * 24 * 3600
STEPS_A_SECOND = 500


def block(step: int) -> Metrics:
    return Metrics("block", step, 0, {"loss": 0.1234567, "accuracy": 0.7654321}, {}, 0.001, 512.0)


def epoch(step: int) -> Metrics:
    return Metrics("epoch", step, step, {"loss": 0.1234567, "accuracy": 0.7654321}, {"loss": 0.1, "accuracy": 0.8}, 0.001, 512.0)


def text(step: int, name: str = "text") -> Text:
    return Text(name, step, "words")


def recorded(thinning: Thinning, events: list[tuple[float, Message]]) -> list[Message]:
    """What of a run's events, each with its second, stays on record."""
    kept: list[Message] = []
    for seconds, event in events:
        kept += thinning.take(event, seconds)
        for type, steps in thinning.surplus().items():
            gone = set(steps)
            kept = [each for each in kept if each.__class__.__name__ != type or getattr(each, "step", 0) not in gone]
    return kept


def test_blocks_are_recorded_once_a_second_and_epochs_always() -> None:
    events: list[tuple[float, Message]] = [(n / 30, block(n) if n % 2 else epoch(n)) for n in range(300)]
    kept = [event for event in recorded(Thinning(), events) if isinstance(event, Metrics)]
    assert [event.step for event in kept if event.span == "epoch"] == list(range(0, 300, 2))
    assert 9 <= len([event for event in kept if event.span == "block"]) <= 11


def test_a_change_of_state_is_never_left_out_but_that_a_job_prepares_itself_is_none() -> None:
    states = ["preparing", "running", "running", "paused", "running", "ending"]
    events = [(0.01 * n, Progress(state, n, 10, 0, 1, 0.0, None, 1.0)) for n, state in enumerate(states)]
    assert [event.state for event in recorded(Thinning(), list(events)) if isinstance(event, Progress)] == [
        "running",
        "paused",
        "running",
        "ending",
    ]


def test_a_young_run_keeps_every_snapshot() -> None:
    assert len(recorded(Thinning(), [(step, text(step)) for step in range(0, 6000, 100)])) == 60


def test_a_film_covers_all_of_a_long_run_and_is_dense_where_it_begins() -> None:
    kept = recorded(Thinning(), [(step, text(step)) for step in range(0, 1_000_000, 10)])
    steps = np.array([event.step for event in kept if isinstance(event, Text)])
    assert MOST / 2 < len(steps) <= MOST
    assert steps[0] == 0 and steps[-1] > 980_000
    gaps = np.diff(steps)
    assert gaps.max() < 0.05 * 1_000_000
    assert np.median(gaps[:20]) * 8 < np.median(gaps[-20:])


def test_the_last_snapshot_of_a_run_is_on_record() -> None:
    thinning = Thinning()
    events: list[tuple[float, Message]] = [(step, text(step)) for step in range(0, 100_000, 10)]
    kept = recorded(thinning, [*events, (1e5, Done("complete", 1, 1.0, {}, "run"))])
    assert isinstance(kept[-1], Done)
    assert isinstance(kept[-2], Text) and kept[-2].step == 99_990


def test_pictures_of_one_step_stay_together() -> None:
    events: list[tuple[float, Message]] = [(step, text(step, name)) for step in range(0, 100_000, 10) for name in ("samples", "reconstructions")]
    kept = [event for event in recorded(Thinning(), events) if isinstance(event, Text)]
    assert [event.name for event in kept] == ["samples", "reconstructions"] * (len(kept) // 2)


def test_a_resumed_run_goes_on_with_the_film_that_it_has() -> None:
    thinning = Thinning({"Text": [0, 100, 200, 300]})
    thinning.rewind(200)
    assert thinning.take(text(201), 0.0) == []
    assert thinning.take(text(300), 0.0) == [text(300)]


def test_an_even_choice_has_both_ends() -> None:
    steps = list(range(0, 10_000, 7))
    chosen = even(steps, 100)
    assert (chosen[0], chosen[-1]) == (steps[0], steps[-1]) and 70 < len(chosen) <= 100


def test_a_weeks_measurements_are_few() -> None:
    thinning, count = Thinning(), 0
    for second in range(WEEK):
        count += len(thinning.take(block(second * STEPS_A_SECOND), float(second)))
    assert 100_000 < count < 200_000


@pytest.mark.slow
def test_the_record_of_a_week_stays_below_a_gigabyte(tmp_path: Path) -> None:
    """Of a model with 16 heads over 64 tokens, with pictures, texts and layers, one of each a second; epochs too come faster than they are recorded."""
    noise = np.random.default_rng(0)
    scores = Array.of(noise.random((8, 64, 64), "float32"))
    pixels = Array.of(noise.integers(0, 255, (64, 28, 28, 3), "uint8"))
    inside = Array.of(noise.integers(0, 255, 100_000, "uint8"))
    record, thinning = Record(tmp_path / "run.sqlite"), Thinning()
    for second in range(WEEK):
        step = second * STEPS_A_SECOND
        said = [block(step), epoch(step), Progress("running", step, step, 0, 1, 0.0, 1.0, 1.0), text(step), Picture("samples", step, pixels)]
        said += [Attention(step, (AttentionLayer("a", scores), AttentionLayer("b", scores))), Picture("inside", step, inside)]
        for event in said:
            for told in thinning.take(event, float(second)):
                record.write(told)
        for type, steps in thinning.surplus().items():
            record.forget(type, steps)
    record.close()
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    print(f"A week: {size / 1e6:.0f} MB, {sum(1 for _ in read_events(tmp_path / 'run.sqlite'))} events")
    assert size < 1e9
