"""Fashion-MNIST: 70,000 pictures of clothes in MNIST's format, and harder. Downloaded once by `keras.datasets`."""

from __future__ import annotations

import numpy as np

from ml.data.array_files import array
from ml.data.dataset import File, Source, Spec
from ml.data.downloads import place
from ml.data.own import check_room
from ml.project.parameters import Parameter

FILES = (
    File("fashion-mnist/train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
    File("fashion-mnist/train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
    File("fashion-mnist/t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
    File("fashion-mnist/t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
)
"""The digests are those of the dataset's own page; Keras has none of them."""
TESTED = 10_000
SOURCE = Source(
    id="fashion_mnist",
    title="Fashion-MNIST",
    family="To download",
    task="classification",
    kind="image",
    help="70,000 grey pictures of clothes from a shop, 28×28 pixels, made because MNIST had become too easy. 10,000 of them are the test part.",
    origin="H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking, 2017; through keras.datasets.",
    licence="MIT",
    parameters=(Parameter("samples", "int", 60_000, minimum=100, maximum=60_000, help="How many of the pictures to train with, the first ones."),),
    files=FILES,
)
CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")


def spec(samples: int) -> Spec:
    return Spec((28, 28, 1), classes=CLASSES, tested=TESTED)


def load(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples + 10000, 28, 28, 1) from 0 to 1, and their labels; those of the test come last."""
    check_room((samples + TESTED) * 28 * 28 * 4, "Fashion-MNIST")
    pixels, labels, tested_pixels, tested_labels = (array(str(place(file))) for file in FILES)
    x = np.concatenate([pixels[:samples], tested_pixels])[..., np.newaxis]
    return x.astype("float32") / 255, np.concatenate([labels[:samples], tested_labels]).astype("int32")
