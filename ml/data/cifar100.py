"""CIFAR-100: 60,000 small colour pictures of a hundred things. Downloaded once by `keras.datasets`."""

from __future__ import annotations

import numpy as np

from ml.data import pickled
from ml.data.dataset import File, Source, Spec
from ml.data.downloads import place
from ml.data.own import check_room
from ml.project.parameters import Parameter

FILES = (File("cifar-100-python-target_archive", 169_001_437, "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7"),)
"""The archive, as Keras calls it."""
TESTED = 10_000
SOURCE = Source(
    id="cifar100",
    title="CIFAR-100",
    family="To download",
    task="classification",
    kind="image",
    help="60,000 colour photographs, 32×32 pixels, of a hundred things in twenty groups of five. 10,000 of them are the test part.",
    origin="A. Krizhevsky, Learning multiple layers of features from tiny images, 2009; through keras.datasets.",
    licence="Published by its maker for research, without terms",
    parameters=(
        Parameter("label_mode", "choice", "fine", ("fine", "coarse"), help="What to tell apart: the hundred things, or the twenty groups."),
        Parameter("samples", "int", 50_000, minimum=1000, maximum=50_000, help="How many of the pictures to train with, the first ones."),
    ),
    files=FILES,
)
THINGS = (
    *("apple", "aquarium fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle", "bowl", "boy", "bridge", "bus", "butterfly"),
    *("camel", "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup"),
    *("dinosaur", "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard", "lamp", "lawn mower"),
    *("leopard", "lion", "lizard", "lobster", "man", "maple tree", "motorcycle", "mountain", "mouse", "mushroom", "oak tree", "orange", "orchid"),
    *("otter", "palm tree", "pear", "pickup truck", "pine tree", "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road"),
    *("rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider", "squirrel", "streetcar", "sunflower"),
    *("sweet pepper", "table", "tank", "telephone", "television", "tiger", "tractor", "train", "trout", "tulip", "turtle", "wardrobe", "whale"),
    *("willow tree", "wolf", "woman", "worm"),
)
GROUPS = (
    *("aquatic mammals", "fish", "flowers", "food containers", "fruit and vegetables", "household electrical devices", "household furniture", "insects"),
    *("large carnivores", "large man-made outdoor things", "large natural outdoor scenes", "large omnivores and herbivores", "medium-sized mammals"),
    *("non-insect invertebrates", "people", "reptiles", "small mammals", "trees", "vehicles 1", "vehicles 2"),
)
"""Both in the order of their labels, which is the alphabet's."""


def spec(label_mode: str, samples: int) -> Spec:
    return Spec((32, 32, 3), classes=THINGS if label_mode == "fine" else GROUPS, tested=TESTED)


def load(label_mode: str, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples + 10000, 32, 32, 3) from 0 to 1, and their labels; those of the test come last."""
    check_room((samples + TESTED) * 32 * 32 * 3 * 4, "CIFAR-100")
    train, tested = pickled.of_tar(place(FILES[0]), ("train", "test"))
    pixels = np.concatenate([train[b"data"][:samples], tested[b"data"]])
    name = f"{label_mode}_labels".encode()
    labels = np.concatenate([train[name][:samples], tested[name]])
    return pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).astype("float32") / 255, labels.astype("int32")
