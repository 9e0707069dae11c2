"""Small files in the formats in which Keras downloads its datasets, and Keras made to find them."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest

from ml import data
from ml.data import cifar10, cifar100, downloads, fashion_mnist, imdb, mnist

TRAINED, TESTED = 60, 20
WORDS = ("the", "film", "was", "not", "good", "at", "all", "wheat", "rose")
random = np.random.default_rng(0)


def make_all(home: Path) -> None:
    """All files of all datasets, in Keras's folders under `home`."""
    folder = home / "datasets"
    (folder / "fashion-mnist").mkdir(parents=True)
    grey, colour = (random.integers(0, 255, (TRAINED + TESTED, size), "uint8") for size in (784, 3072))
    labels = np.resize(np.arange(10, dtype="uint8"), TRAINED + TESTED)
    pixels = grey.reshape(-1, 28, 28)
    np.savez(folder / "mnist.npz", x_train=pixels[:TRAINED], y_train=labels[:TRAINED], x_test=pixels[TRAINED:], y_test=labels[TRAINED:])
    for part, rows in {"train": slice(TRAINED), "t10k": slice(TRAINED, None)}.items():
        put_idx(folder / f"fashion-mnist/{part}-images-idx3-ubyte.gz", pixels[rows])
        put_idx(folder / f"fashion-mnist/{part}-labels-idx1-ubyte.gz", labels[rows])
    batches = {f"data_batch_{number + 1}": slice(12 * number, 12 * number + 12) for number in range(5)} | {"test_batch": slice(TRAINED, None)}
    put_cifar(folder, "cifar-10-batches-py", {name: {b"data": colour[rows], b"labels": labels[rows].tolist()} for name, rows in batches.items()})
    things, groups = np.resize(np.arange(100), TRAINED + TESTED).tolist(), np.resize(np.arange(20), TRAINED + TESTED).tolist()
    parts = {"train": slice(TRAINED), "test": slice(TRAINED, None)}
    hundred = {name: {b"data": colour[rows], b"fine_labels": things[rows], b"coarse_labels": groups[rows]} for name, rows in parts.items()}
    put_cifar(folder, "cifar-100-python", hundred)
    put_words(folder)
    np.savez(folder / "california_housing.npz", x=random.normal(size=(700, 8)), y=random.normal(size=700) * 1e5 + 2e5)


def put_idx(path: Path, values: np.ndarray) -> None:
    """Bytes in the format that MNIST came in."""
    with gzip.open(path, "wb") as file:
        file.write(bytes([0, 0, 8, values.ndim]) + b"".join(size.to_bytes(4, "big") for size in values.shape) + values.tobytes())


def put_cifar(folder: Path, inner: str, batches: dict[str, dict[bytes, object]]) -> None:
    """Pickled batches in an archive, as the University of Toronto has them."""
    with tarfile.open(folder / f"{inner}-target_archive", "w:gz") as archive:
        for name, batch in batches.items():
            pickled = pickle.dumps(batch, protocol=4)
            about = tarfile.TarInfo(f"{inner}/{name}")
            about.size = len(pickled)
            archive.addfile(about, io.BytesIO(pickled))


def put_words(folder: Path) -> None:
    """Reviews and reports of ranks of words, and which words those are."""

    def texts(count: int) -> np.ndarray:
        made = np.empty(count, object)
        made[:] = [random.integers(1, len(WORDS) + 1, random.integers(3, 30)).tolist() for _ in range(count)]
        return made

    y = np.resize([0, 1], TRAINED + TESTED)
    np.savez(folder / "imdb.npz", x_train=texts(TRAINED), y_train=y[:TRAINED], x_test=texts(TESTED), y_test=y[TRAINED:])
    np.savez(folder / "reuters.npz", x=texts(2 * 46), y=np.resize(np.arange(46), 2 * 46))
    for name in ("imdb", "reuters"):
        (folder / f"{name}_word_index.json").write_text(json.dumps({word: rank for rank, word in enumerate(WORDS, 1)}))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keras's home with a small file in place of each that can be downloaded; none of them is checked, and nothing is fetched."""
    make_all(tmp_path)
    point_to(tmp_path, monkeypatch)
    monkeypatch.setattr(downloads, "is_right", lambda path, digest: True)
    for module in (mnist, fashion_mnist, cifar10, cifar100, imdb):
        monkeypatch.setattr(module, "TESTED", TESTED)
    return tmp_path


def point_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have both sides look for datasets in `home`."""
    monkeypatch.setenv("KERAS_HOME", str(home))
    data._load.cache_clear()
    data._specs.clear()
