"""Datasets that Keras downloads are read where they lie, exactly as Keras reads them; where they are not, it is said what would help."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import keras
import numpy as np
import pytest

from ml import data
from ml.codegen import keras_datasets
from ml.data import DataProblem, downloads, pickled, reuters
from ml.data.preview import preview
from ml.project.project import Data, Split
from tests.ml.data.some_downloads import TESTED, here, point_to

__all__ = ["here"]
ALL = [id for id, source in data.sources().items() if source.files]
SMALL = {"imdb": {"num_words": 100, "maxlen": 12}, "reuters": {"num_words": 100, "maxlen": 12}}
"""Arguments that fit the small files."""


@pytest.fixture
def keras_here(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keras finds the small files too."""
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(here))
    monkeypatch.setattr("keras.src.utils.file_utils.validate_file", lambda *_, **__: True)
    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", lambda *_: pytest.fail("Keras went to the network."))


def test_there_are_the_seven() -> None:
    assert ALL == ["california_housing", "cifar10", "cifar100", "fashion_mnist", "imdb", "mnist", "reuters"]


@pytest.mark.parametrize("id", ALL)
def test_the_digests_are_keras_own(id: str) -> None:
    known = inspect.getsource(import_module(f"keras.src.datasets.{id}"))
    assert all((file.digest in known) is (id != "fashion_mnist") for file in data.sources()[id].files)
    assert all(Path(file.name).name.removesuffix("_archive") in known for file in data.sources()[id].files)


def test_keras_folder_is_looked_into() -> None:
    assert downloads.folder() == (Path(keras.src.backend.config.keras_home()).expanduser() / "datasets").absolute()


@pytest.mark.parametrize("id", [id for id in ALL if id != "cifar10"])
@pytest.mark.usefixtures("keras_here")
def test_samples_are_keras_own(id: str) -> None:
    chosen = Data(id, SMALL.get(id, {}))
    given = data.arguments(chosen)
    given.pop("standardize_target", None)
    (x, y), (their_x, their_y) = data.module(id).load(**given), getattr(keras_datasets, id)(**given)
    assert np.array_equal(x, their_x)
    assert np.array_equal(y, their_y)
    assert (x.dtype, y.dtype) == (their_x.dtype, their_y.dtype)


def test_cifar_is_read_colour_by_colour_and_batch_by_batch(here: Path) -> None:
    """Keras would read nothing but the 10,000 pictures of a whole batch."""
    x, y = data.module("cifar10").load(50_000)
    *batches, tested = pickled.of_tar(here / "datasets" / "cifar-10-batches-py-target_archive", data.module("cifar10").BATCHES)
    raw = np.concatenate([batch[b"data"] for batch in (*batches, tested)])
    assert x[70, 3, 5].tolist() == pytest.approx([raw[70, 1024 * colour + 32 * 3 + 5] / 255 for colour in range(3)])
    assert y.tolist() == [label for batch in (*batches, tested) for label in batch[b"labels"]]


@pytest.mark.parametrize("id", ALL)
@pytest.mark.usefixtures("here")
def test_what_is_told_is_true_of_the_samples(id: str) -> None:
    chosen = Data(id, SMALL.get(id, {}))
    told, samples = data.spec(chosen), data.load(chosen)
    assert (samples.x.shape[1:], samples.x.dtype, len(samples.x)) == (told.shape, told.dtype, len(samples.y))
    assert sorted(np.concatenate(list(samples.parts.values()))) == list(range(len(samples.x)))
    if told.vocabulary:
        assert samples.x.max() < told.vocabulary == len(samples.tokens)


@pytest.mark.usefixtures("here")
def test_the_test_part_is_the_one_that_was_set_aside() -> None:
    loaded = data.load(Data("mnist", split=Split(validation=0.1, test=0.5)))
    assert {part: len(rows) for part, rows in loaded.parts.items()} == {"train": 54, "validation": 6, "test": TESTED}
    assert loaded.parts["test"].tolist() == list(range(60, 80))


@pytest.mark.usefixtures("here")
def test_fewer_pictures_are_the_first_ones() -> None:
    few, all_ = data.load(Data("cifar10", {"samples": 100})), data.load(Data("cifar10"))
    assert np.array_equal(few.x, all_.x)  # there are but 60
    assert len(data.module("cifar10").load(10)[0]) == 10 + TESTED


@pytest.mark.usefixtures("here")
def test_reviews_are_shown_as_words() -> None:
    shown = preview(1, Data("imdb", SMALL["imdb"]))
    assert all(text.endswith(("  →  good", "  →  bad")) for text in shown.texts)
    words = " ".join(text.rpartition("  →  ")[0] for text in shown.texts).split()
    assert {"film", "not", "good"} <= set(words) <= {"the", "film", "was", "not", "good", "at", "all", "wheat", "rose", "…"}


@pytest.mark.usefixtures("here")
def test_rare_words_are_left_out_of_the_vocabulary() -> None:
    x = data.load(Data("reuters", {"num_words": 100, "maxlen": 40})).x
    (plain, _), (few, _) = reuters.load(100, 40), reuters.load(8, 40)
    assert np.array_equal(few, np.where(plain < 8, plain, 2))
    assert x.max() == 3 + 9


def test_topics_are_keras_own() -> None:
    assert keras.datasets.reuters.get_label_names() == reuters.CLASSES


@pytest.mark.parametrize("id", ALL)
def test_what_is_not_here_is_said_with_where_to_get_it(id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    point_to(tmp_path, monkeypatch)
    with pytest.raises(DataProblem, match=f"is not on this machine yet: download it in the Data panel or with `main.py download {id}`, or put ") as caught:
        data.load(Data(id))
    assert str(tmp_path / "datasets") in str(caught.value)
    assert [(way.text.partition(" (")[0], way.download) for way in caught.value.ways] == [("Download it", id)]


@pytest.mark.parametrize("missing", ["imdb.npz", "imdb_word_index.json"])
def test_a_single_missing_file_is_named(missing: str, here: Path) -> None:
    (here / "datasets" / missing).unlink()
    with pytest.raises(DataProblem, match=f"put {missing} into"):
        data.load(Data("imdb"))


def test_a_damaged_file_is_not_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    point_to(here, monkeypatch)
    with pytest.raises(DataProblem, match=r"mnist.npz is not the file that keras.datasets knows") as caught:
        data.load(Data("mnist"))
    assert caught.value.ways[0].text == "Download it again (11.5 MB)"


def test_a_pickle_that_would_run_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"cos\nsystem\n(S'touch /tmp/never'\ntR.")
    with (tmp_path / "bad").open("rb") as file, pytest.raises(pickled.pickle.UnpicklingError, match=r"no use for os\.system"):
        pickled.unpickled(file)


@pytest.mark.parametrize("module", ["numpy.core.multiarray", "numpy._core.multiarray"])
def test_arrays_of_old_and_new_pickles_are_read(module: str, tmp_path: Path) -> None:
    pickle = b"c%s\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I2\ntcnumpy\ndtype\n(S'u1'\nI0\nI1\ntR(I3\nS'|'\nNNNI-1\nI-1\nI0\ntbI00\nS'ab'\ntb."
    (tmp_path / "old").write_bytes(pickle % module.encode())
    with (tmp_path / "old").open("rb") as file:
        assert pickled.unpickled(file, "bytes").tolist() == [97, 98]
