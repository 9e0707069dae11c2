"""MNIST: 70,000 handwritten digits of 28×28, the measure of a generation of networks. Downloaded once by `keras.datasets`."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import File, Source, Spec
from ml.data.downloads import place
from ml.data.own import check_room
from ml.project.parameters import Parameter

FILES = (File("mnist.npz", 11_490_434, "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),)
TESTED = 10_000
SOURCE = Source(
    id="mnist",
    title="MNIST",
    family="To download",
    task="classification",
    kind="image",
    help="70,000 digits written by officials and by pupils, 28×28 pixels. 10,000 of them were set aside for the test, and are the test part here.",
    origin="Y. LeCun, C. Cortes and C. Burges, after the National Institute of Standards and Technology; through keras.datasets.",
    licence="CC BY-SA 3.0",
    parameters=(Parameter("samples", "int", 60_000, minimum=100, maximum=60_000, help="How many of the pictures to train with, the first ones."),),
    files=FILES,
)


def spec(samples: int) -> Spec:
    return Spec((28, 28, 1), classes=tuple("0123456789"), tested=TESTED)


def load(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples + 10000, 28, 28, 1) from 0 to 1, and their labels; those of the test come last."""
    check_room((samples + TESTED) * 28 * 28 * 4, "MNIST")
    with np.load(place(FILES[0]), allow_pickle=False) as file:
        pixels = np.concatenate([file["x_train"][:samples], file["x_test"]])
        labels = np.concatenate([file["y_train"][:samples], file["y_test"]])
    return pixels[..., np.newaxis].astype("float32") / 255, labels.astype("int32")
