"""What an engine says that says ten thousand things a second, all of them also to its run's record."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ml import events
from ml.events import Array, Message
from ml.project.project import Project
from ml.runs import Run
from ml.runs.recording import Recording

A_SECOND = 10_000
AT_ONCE = 100


def flood(project: Project, folder: Path, say: Callable[[Message], None], seconds: float) -> None:
    """Say `A_SECOND` things a second for so long, or as many as can be said, and at the end how many it were."""
    noise = np.random.default_rng(0)
    scores = Array.of(noise.random((8, 32, 32), "float32"))
    pixels = Array.of(noise.integers(0, 255, (64, 8, 8, 1), "uint8"))
    maps = Array.of(noise.integers(0, 255, (16, 16, 16), "uint8"))
    glance = events.Glance("output", (16, 16, 16), 0.0, 1.0, -1.0, 1.0, 0.0, 0.0, Array.of(np.arange(32, dtype="uint8")), maps)
    layers = tuple(events.InsideLayer("model", name, "Dense", glance, (glance,)) for name in ("one", "two"))
    with Recording(Run.create(folder, project), say) as recording:
        began, step = time.monotonic(), 0
        while (now := time.monotonic() - began) < seconds:
            if step > now * A_SECOND:
                time.sleep(step / A_SECOND - now)
            for _ in range(AT_ONCE - 8):
                step += 1
                recording.emit(events.Metrics("block", step, step // 100, {"loss": noise.random(), "accuracy": 0.5}, {}, 0.001, 1e4))
            recording.emit(events.Metrics("epoch", step, step // 100, {"loss": 1.0}, {"loss": 2.0}, 0.001, 1e4))
            recording.emit(events.Progress("running", step, 10**9, step // 100, 10**7, now, 1.0, 1e4))
            recording.emit(events.Log(f"Line {step}"))
            recording.emit(events.Text("text", step, "words " * 20))
            recording.emit(events.Picture("samples", step, pixels))
            recording.emit(events.Attention(step, (events.AttentionLayer("attention", scores),)))
            recording.emit(events.Inside(step, layers))
            recording.emit(events.Log("The same.", "warning"))
            step += 8
        recording.emit(events.Done("complete", step, time.monotonic() - began, {"loss": 0.1}, str(folder)))
