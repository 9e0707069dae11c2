"""Arrays of one's own: what is in the file is read before anything is made of it."""

from __future__ import annotations

import gzip
import io
import struct
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

from ml import data
from ml.data import DataProblem, Dataset, Spec
from ml.project.project import Data

MNIST = Path("/work/shared/data/mnist.npz")
X = np.arange(24, dtype="float32").reshape(6, 4)
Y = np.array([0, 1, 2, 0, 1, 2])


def loaded(path: Path, **arguments) -> tuple[Spec, Dataset]:
    chosen = Data("arrays", {"path": str(path)} | arguments)
    told, samples = data.spec(chosen), data.load(chosen)
    assert samples.x.shape[1:] == told.shape
    return told, samples


@pytest.fixture
def npz(tmp_path: Path):
    def written(**arrays) -> Path:
        path = tmp_path / "data.npz"
        np.savez(path, **arrays)
        return path

    return written


def idx(values: np.ndarray, kind: int = 8) -> bytes:
    return bytes([0, 0, kind, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


def test_samples_and_labels_are_found_by_their_names(npz) -> None:
    told, samples = loaded(npz(x_train=X, y_train=Y, x_test=X[:2], y_test=Y[:2]))
    assert (told.classes, told.kind, told.task) == (("0", "1", "2"), "table", "classification")
    assert np.array_equal(samples.x, X)
    assert samples.y.tolist() == Y.tolist()


def test_files_of_one_array_stand_beside_each_other(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", X)
    np.save(tmp_path / "y.npy", Y / 2 + 0.1)
    told, _ = loaded(tmp_path / "x.npy", labels_path=str(tmp_path / "y.npy"))
    assert (told.task, told.classes) == ("regression", ())
    assert loaded(tmp_path / "x.npy")[0].task == "none"


@pytest.mark.parametrize("packed", [False, True])
def test_mnists_own_format_is_read(tmp_path: Path, packed: bool) -> None:
    pictures = np.arange(6 * 25, dtype="uint8").reshape(6, 5, 5)
    for name, content in (("images-ubyte", idx(pictures)), ("labels-ubyte", idx(Y.astype("uint8")))):
        (tmp_path / name).write_bytes(gzip.compress(content) if packed else content)
    told, samples = loaded(tmp_path / "images-ubyte", labels_path=str(tmp_path / "labels-ubyte"))
    assert (told.kind, told.shape, told.classes) == ("image", (5, 5, 1), ("0", "1", "2"))
    assert np.allclose(samples.x[..., 0] * 255, pictures, atol=1e-4)


def test_one_hot_labels_are_the_class_of_their_column(npz) -> None:
    _, samples = loaded(npz(x=X, y=np.eye(3)[Y]))
    assert samples.y.tolist() == Y.tolist()


def test_case_23_text_labels_are_numbered(npz) -> None:
    path = npz(x=X, y=np.array(["cat", "ant", "bee"] * 2))
    told, samples = loaded(path)
    assert (told.classes, samples.y.tolist()) == (("ant", "bee", "cat"), [2, 0, 1, 2, 0, 1])
    with pytest.raises(DataProblem, match="label is the text “cat”") as raised:
        loaded(path, number_labels="no")
    assert loaded(path, **raised.value.ways[0].arguments)[0].classes == told.classes


@pytest.mark.parametrize(
    ("labels", "arguments", "said"),
    [
        ([0, 1, 3, 0, 1, 2], {"classes": 3}, r"row 3: label 3, classes are 0 to 2"),
        ([0, 1, -1, 0, 1, 2], {"classes": 3}, r"row 3: label -1, classes are 0 to 2"),
        ([0, 1, -1, 0, 1, 2] * 2, {}, r"row 3: label -1, classes are 0 to 2 \(2 such rows\)"),
        ([0, 1, 0.5, 0, 1, 2], {"task": "classification"}, r"row 3: label 0.5, and classes are whole numbers"),
        ([0, 1, np.nan, 0, 1, 2], {}, "row 3: the label is nan"),
        ([1, 1, 1, 1, 1, 1], {"task": "classification"}, "nothing but 1"),
        ([0, 1, 2], {}, "6 samples, and .* has 3 labels"),
        (np.ones((6, 2)), {}, r"row 1: \[1\. 1\.\] is no one-hot label"),
        (np.eye(3)[Y], {"classes": 4}, "one-hot labels of 3 columns, and classes is 4"),
        (np.array(list("abcabc")), {"task": "regression"}, "holds texts"),
    ],
    ids=["case 20", "case 21", "case 21 found out", "case 22", "nan", "one class", "case 26", "one-hot", "case 42", "texts"],
)
def test_labels_are_checked_before_training(npz, labels, arguments: dict, said: str) -> None:
    labels = np.array(labels)
    x = np.resize(X, (6 if len(labels) == 3 else len(labels), 4))
    with pytest.raises(DataProblem, match=said) as raised:
        loaded(npz(x=x, y=labels), **arguments)
    assert "data.npz" in str(raised.value)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_case_25_what_is_not_finite_is_named(npz, value: float) -> None:
    wrong = X.astype("float64")
    wrong[3, 1] = value
    with pytest.raises(DataProblem, match=r"data.npz, row 4, position 2: the value is (nan|inf)"):
        loaded(npz(x=wrong, y=Y))


def test_case_27_no_samples(npz) -> None:
    with pytest.raises(DataProblem, match="no samples"):
        loaded(npz(x=X[:0], y=Y[:0]))


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def declared(shape: str, kind: str = "<f4") -> bytes:
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(64)


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings(action="ignore"):  # of names that are there twice
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (npy(np.array([{"a": 1}], object)), "holds Python objects, which are pickled"),
        (declared("(2000000000000, 2)"), r"16,000,000,000,000 bytes \(16.0 TB\), and there are 64"),
        (npy(X)[:-30], "96 bytes, and there are 66: it is cut short"),
        (npy(X)[:40], "is damaged"),
        (declared("(-1, 4)"), "is damaged: its header says"),
        (declared("()"), "no samples"),
        (declared("((((" * 20), "is damaged"),
        (npy(np.zeros(3, [("a", "f4")])), "holds values of the type"),
        (npy(np.zeros(3, "complex64")), "holds values of the type complex64"),
        (npy(np.array(["a", "b"])), "holds text, and samples must be numbers"),
        (zipped(("x.npy", npy(X)))[:-30], "is damaged"),
        (zipped(("x.npy", npy(X))).replace(b"NUMPY", b"NUMPX"), "the array x is damaged"),
        (zipped(("x.npy", npy(X))).replace(npy(X)[-16:], bytes(16)), "damaged: Bad CRC-32"),
        (zipped(("x.npy", npy(X)), ("x.npy", npy(X))), "has the array x twice"),
        (zipped(("x.npy", npy(np.array([None])))), "array x, holds Python objects"),
        (zipped(("readme.txt", b"no arrays")), "no arrays in it"),
        (idx(np.zeros((4, 5, 5), "uint8"))[:-7], "100 bytes, and there are 93"),
        (idx(np.zeros((4, 5, 5), "uint8"))[:9], "cut short: it ends in its header"),
        (b"\x00\x00\x07\x01" + bytes(40), "is no .npy, .npz or IDX file: it begins with 00 00 07 01"),
        (gzip.compress(idx(np.zeros((4, 5, 5), "uint8")), mtime=0)[:-9], "damaged|cut short"),
        (gzip.compress(idx(np.zeros((4, 5, 5), "uint8"))[:-9], mtime=0), "cut short"),
        (b"", "it is empty"),
        (b"hello", "is no .npy, .npz or IDX file"),
    ],
)
def test_cases_38_to_41_a_bad_file_is_named_before_it_is_read(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "data.bin"
    path.write_bytes(content)
    with pytest.raises(DataProblem, match=said) as raised:
        loaded(path)
    assert "data.bin" in str(raised.value)


@pytest.mark.parametrize("offset", range(0, 200, 7))
def test_whatever_is_changed_in_a_file_it_is_read_or_named(tmp_path: Path, offset: int) -> None:
    path = tmp_path / "data.npz"
    content = bytearray(zipped(("x.npy", npy(X)), ("y.npy", npy(Y))))
    content[offset] ^= 0x41
    path.write_bytes(content)
    try:
        loaded(path)
    except DataProblem as problem:
        assert "data.npz" in str(problem)


def test_what_is_wanted_and_not_there_is_said_with_what_is(npz) -> None:
    with pytest.raises(DataProblem, match="no array 'z'; it has: x, y"):
        loaded(npz(x=X, y=Y), inputs="z")
    with pytest.raises(DataProblem, match="has no labels in it"):
        loaded(npz(x=X), task="classification")


@pytest.mark.skipif(not MNIST.exists(), reason="MNIST is not here")
def test_mnist_is_told_without_its_pictures_being_read() -> None:
    told = data.spec(Data("arrays", {"path": str(MNIST)}))
    assert (told.shape, told.kind, told.classes) == ((28, 28, 1), "image", tuple("0123456789"))
