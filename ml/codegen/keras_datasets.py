"""Datasets that `keras.datasets` downloads, as an exported script loads them: the same samples in the same order as `ml.data` reads from the files."""

from __future__ import annotations

import keras
import numpy as np


def mnist(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples + 10000, 28, 28, 1) from 0 to 1, and their labels; those of the test come last."""
    return pictures(keras.datasets.mnist.load_data(), samples)


def fashion_mnist(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples + 10000, 28, 28, 1) from 0 to 1, and their labels; those of the test come last."""
    return pictures(keras.datasets.fashion_mnist.load_data(), samples)


def cifar10(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples + 10000, 32, 32, 3) from 0 to 1, and their labels; those of the test come last."""
    return pictures(keras.datasets.cifar10.load_data(), samples)


def cifar100(label_mode: str, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples + 10000, 32, 32, 3) from 0 to 1, and their labels; those of the test come last."""
    return pictures(keras.datasets.cifar100.load_data(label_mode), samples)


def imdb(num_words: int, maxlen: int, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Words (samples + 25000, maxlen), and whether the review is good; those of the test come last."""
    (texts, labels), (tested_texts, tested_labels) = keras.datasets.imdb.load_data(num_words=num_words)
    x = keras.utils.pad_sequences([*texts[:samples], *tested_texts], maxlen)
    return x, np.concatenate([labels[:samples], tested_labels]).astype("int32")


def reuters(num_words: int, maxlen: int) -> tuple[np.ndarray, np.ndarray]:
    """Words (11228, maxlen), and the topics."""
    (texts, labels), _ = keras.datasets.reuters.load_data(num_words=num_words, test_split=0)
    return keras.utils.pad_sequences(texts, maxlen), labels.astype("int32")


def california_housing(version: str) -> tuple[np.ndarray, np.ndarray]:
    """Columns (20640 or 600, 8) in their own units, and prices (20640 or 600, 1)."""
    (x, y), _ = keras.datasets.california_housing.load_data(version, test_split=0)
    return x.astype("float32"), y[:, np.newaxis].astype("float32")


def pictures(parts: tuple, samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Keras's two parts as one: the first samples of the training, then the test. Pictures from 0 to 1, grey ones with a channel; labels (n,)."""
    (pixels, labels), (tested_pixels, tested_labels) = parts
    x = np.concatenate([pixels[:samples], tested_pixels]).astype("float32") / 255
    y = np.concatenate([labels[:samples], tested_labels]).astype("int32").reshape(-1)
    return x.reshape(*x.shape[:3], -1), y
