"""Writes checkpoints into a run until it is killed, as a training does, but without the time that Keras takes."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np

from ml.runs.checkpoints import Checkpoints, State
from ml.runs.record import Record


def main(run: Path, megabytes: int) -> None:
    record = Record(run / "run.sqlite")
    checkpoints = Checkpoints(run, record)
    last = max((kept.step for kept in checkpoints._kept), default=0)
    for step in range(last + 1, last + 1000):
        arrays = {f"models/model/{n}": np.random.default_rng([step, n]).integers(0, 255, megabytes * 1024**2 // 2, dtype="uint8") for n in range(2)}
        state = State(arrays, {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in arrays.items()})
        print(f"begins {step}", flush=True)
        if step % 3 == 0:
            checkpoints.save(state, step, step, best=True)
        checkpoints.save(state, step, step)
        print(f"entered {step}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
