"""CIFAR-10: 60,000 small colour pictures of animals and vehicles. Downloaded once by `keras.datasets`."""

from __future__ import annotations

import numpy as np

from ml.data import pickled
from ml.data.dataset import File, Source, Spec
from ml.data.downloads import place
from ml.data.own import check_room
from ml.project.parameters import Parameter

FILES = (File("cifar-10-batches-py-target_archive", 170_498_071, "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"),)
"""The archive, as Keras calls it."""
TESTED = 10_000
SOURCE = Source(
    id="cifar10",
    title="CIFAR-10",
    family="To download",
    task="classification",
    kind="image",
    help="60,000 colour photographs of six animals and four vehicles, 32×32 pixels. 10,000 of them were set aside for the test, and are the test part here.",
    origin="A. Krizhevsky, Learning multiple layers of features from tiny images, 2009; through keras.datasets.",
    licence="Published by its maker for research, without terms",
    parameters=(Parameter("samples", "int", 50_000, minimum=100, maximum=50_000, help="How many of the pictures to train with, the first ones."),),
    files=FILES,
)
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
BATCHES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")


def spec(samples: int) -> Spec:
    return Spec((32, 32, 3), classes=CLASSES, tested=TESTED)


def load(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples + 10000, 32, 32, 3) from 0 to 1, and their labels; those of the test come last."""
    check_room((samples + TESTED) * 32 * 32 * 3 * 4, "CIFAR-10")
    *batches, tested = pickled.of_tar(place(FILES[0]), BATCHES)
    pixels = np.concatenate([np.concatenate([batch[b"data"] for batch in batches])[:samples], tested[b"data"]])
    labels = np.concatenate([np.concatenate([batch[b"labels"] for batch in batches])[:samples], tested[b"labels"]])
    return pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).astype("float32") / 255, labels.astype("int32")
