"""Runs' folders as a training leaves them, made without training."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from ml import events
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project
from ml.runs import Run
from ml.runs.checkpoints import State
from ml.runs.recording import Recording


def project(name: str = "Flowers") -> Project:
    nodes = {
        "input": Node("Input", {"shape": [4]}),
        "dense": Node("Dense", {"units": 3}, (Link("input"),)),
        "output": Node("Output", {}, (Link("dense"),)),
    }
    return Project(name, Data("iris"), {"model": Graph(nodes)}, Choice("supervised"), template="mlp")


def said(epochs: int = 2, steps: int = 10) -> list[events.Message]:
    """What a run of so many epochs says: measurements, pictures, attention, texts and messages."""
    random = np.random.default_rng(0)
    found: list[events.Message] = [events.Log("Training begins.", "info")]
    for step in range(1, epochs * steps + 1):
        epoch = step // steps
        found.append(events.Metrics("block", step, epoch, {"loss": 1 / step, "accuracy": 1 - 1 / step}, {}, 0.001, 900.0 + step))
        if step % steps == 0:
            pixels = events.Array.of(random.integers(0, 255, (4, 8, 8, 1)).astype("u1"))
            scores = events.Array.of(random.random((2, 3, 3)).astype("f4"))
            found += [
                events.Metrics("epoch", step, epoch, {"loss": 1 / step, "accuracy": 0.5}, {"loss": 2 / step, "accuracy": 0.4}, 0.001, 900.0),
                events.Picture("samples", step, pixels),
                events.Attention(step, (events.AttentionLayer("block/attention", scores),), ("a", "<b>", "c")),
                events.Text("text", step, "Once upon\na time\u2028 “é”"),
                events.Progress("running", step, epochs * steps, epoch, epochs, 0.5 * step, None, 900.0),
            ]
    return [*found, events.Done("complete", epochs * steps, 12.5, {"loss": 0.05, "val_loss": 0.1}, "runs/flowers")]


def make_run(folder: Path, *more: events.Message, name: str = "Flowers", epochs: int = 2, steps: int = 10) -> Run:
    """A finished run with two checkpoints, the best one, and a model."""
    run = Run.create(folder, project(name))
    with Recording(run, lambda event: None) as recording:
        for event in [*said(epochs, steps)[:-1], *more, said(epochs, steps)[-1]]:
            recording.record.write(event)
        for step in (10, 20):
            recording.checkpoints.save(State({"a/0": np.arange(1000.0) + step}, {"at": step}), step, step // 10)
        recording.checkpoints.save(State({"a/0": np.arange(5.0)}, {"epoch": 1}), 20, 2, best=True)
        recording.record.put("labels", '{"tags": ["good"]}')
    run.put_model("model", b"PK not really a model" * 1000)
    return run


def odd_measurements() -> list[events.Message]:
    """Measurements that no table or no JSON has a place for."""
    return [
        events.Metrics("epoch", 21, 3, {"loss": math.nan, "accuracy": math.inf}, {"loss": 0.1, "accuracy": 0.2}),
        events.Metrics("epoch", 22, 3, {"a/b c": 1.0, "ß": 2.0}, {"=1": 3.0}),
        events.Metrics("other", 23, 3, {"\x00": 1.0}),
        events.Metrics("block", 24, 2**63, {"loss": 1.0}),
        events.Metrics("block", 24, 3, {f"m{n}": 1.0 for n in range(500)}),
        events.Picture("samples", 25, events.Array.of(np.zeros((0, 8, 8, 1), "u1"))),
        events.Picture("samples", 26, events.Array.of(np.zeros((2, 4, 4, 3), "u1"))),
        events.Picture("../x/values", 27, events.Array("<f4", (3,), b"short")),
        events.Failed("It broke.", "details\n"),
    ]
