"""Which part of a training's time goes into looking at every layer, and how large what is seen is."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest

from ml import catalog, events
from ml.inspect.inside import InsideLens
from ml.training.job import run_job
from tests.benchmarks.conftest import Record
from tests.benchmarks.engine import with_epochs

EPOCHS = {"mlp": 400, "cnn": 60, "gpt": 3, "vae": 100}


@pytest.mark.parametrize("template", list(EPOCHS))
def test_looking_inside(template: str, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spent: list[float] = []
    read = InsideLens.read

    def timed(*arguments: object) -> events.Inside | events.Log | None:
        began = time.perf_counter()
        seen = read(*arguments)  # pyright: ignore[reportArgumentType] - the arguments as they came
        spent.append(time.perf_counter() - began)
        return seen

    monkeypatch.setattr(InsideLens, "read", timed)
    said: list[events.Message] = []
    run_job(with_epochs(catalog.new(template), EPOCHS[template]), tmp_path / "run", said.append)
    done = next(event for event in said if isinstance(event, events.Done))
    size = max(len(msgspec.msgpack.encode(event)) for event in said if isinstance(event, events.Inside))
    share = sum(spent[1:-1]) / done.training_seconds  # the first and the last are before and after the training
    value = f"{share:.1%}, {len(spent) - 2} times in {done.training_seconds:.0f} s, at most {size / 1000:.0f} kB"
    record("Looking inside", f"`{template}`", value, "≤ 3 %")
    assert share < 0.05
