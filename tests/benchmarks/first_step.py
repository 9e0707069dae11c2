"""How long the first step of a large model takes, in a process of its own: `python -m tests.benchmarks.first_step NAME loop|fit`."""

from __future__ import annotations

import subprocess
import sys
import time

BATCH, SIZE, CLASSES = 4, 64, 10


def first_step(name: str, how: str) -> float:
    """Seconds from a built model to its first trained step, measured in a fresh process."""
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.first_step", name, how], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def _measure(name: str, how: str) -> float:
    import keras
    import numpy as np

    from ml.training.loop import Loop

    model = getattr(keras.applications, name)(weights=None, input_shape=(SIZE, SIZE, 3), classes=CLASSES)
    x = np.random.default_rng(0).random((BATCH, SIZE, SIZE, 3)).astype("float32")
    y = np.arange(BATCH, dtype="int32") % CLASSES
    began = time.perf_counter()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    if how == "fit":
        model.fit(x, y, batch_size=BATCH, epochs=1, verbose=0)
    else:
        model.optimizer.build(model.trainable_variables)
        loop = Loop(model, (x, y), (), BATCH, seed=0)
        loop.begin(0)
        loop.run(0, 1)
    return time.perf_counter() - began


if __name__ == "__main__":
    print(_measure(sys.argv[1], sys.argv[2]))
