"""Pictures of one's own: what the folders say, and what is said of files that are none."""

from __future__ import annotations

import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml import data
from ml.data import DataProblem, images
from ml.data.picture_files import picture
from ml.data.preview import preview
from ml.project.project import Data
from tests.ml.data.some_pictures import put, two_classes


def of(folder: Path, **arguments) -> Data:
    return Data("images", {"path": str(folder), "size": 8, "channels": 1} | arguments)


def test_a_folder_is_a_class(tmp_path: Path) -> None:
    chosen = of(two_classes(tmp_path))
    told, samples = data.spec(chosen), data.load(chosen)
    assert (told.classes, told.task, told.kind, told.shape) == (("dark", "light"), "classification", "image", (8, 8, 1))
    assert np.bincount(samples.y).tolist() == [6, 6]
    assert samples.x[samples.y == 0].max() < 0.2 < 0.8 < samples.x[samples.y == 1].min()


def test_a_flat_folder_has_no_labels(tmp_path: Path) -> None:
    chosen = of(two_classes(tmp_path) / "dark", channels=3)
    assert data.spec(chosen).task == "none"
    samples = data.load(chosen)
    assert (samples.x.shape, samples.y.shape) == ((6, 8, 8, 3), (6, 0))


def test_case_35_other_files_are_told(tmp_path: Path) -> None:
    (two_classes(tmp_path) / "dark" / "scan.tiff").write_bytes(b"II*\0")
    (tmp_path / ".DS_Store").write_bytes(b"")
    assert "1 file left out: dark/scan.tiff." in data.spec(of(tmp_path)).notes[0].replace("\\", "/")


def test_pictures_beside_the_classes_are_told(tmp_path: Path) -> None:
    put(two_classes(tmp_path), "alone.png")
    assert "1 file left out: alone.png" in data.spec(of(tmp_path)).notes[0]


def test_case_36_an_empty_a_missing_and_a_single_one(tmp_path: Path) -> None:
    for arguments, said in (
        ({}, "has no pictures in it .*there are no files"),
        ({"path": str(tmp_path / "gone")}, "There is no folder .*gone"),
        ({"path": str(put(tmp_path / "other", "a.png"))}, "is a file, and a folder is needed"),
    ):
        folder = tmp_path / "empty"
        folder.mkdir(exist_ok=True)
        with pytest.raises(DataProblem, match=said):
            data.spec(of(folder, **arguments))
    put(tmp_path / "one", "cats/1.png")
    with pytest.raises(DataProblem, match="a single class, cats") as raised:
        data.spec(of(tmp_path / "one"))
    assert data.spec(of(tmp_path / "one", **raised.value.ways[0].arguments)).task == "none"
    with pytest.raises(DataProblem, match="no folders with pictures"):
        data.spec(of(tmp_path / "one" / "cats", labels="folders"))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def text(path: Path) -> None:
    path.write_text("I am no picture.")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def huge(path: Path) -> None:
    """A PNG of a few bytes that says it is 20,000 × 20,000 pixels large."""
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")
    body = b"".join(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


@pytest.mark.parametrize(
    ("damage", "said"),
    [(cut_short, "truncated|cut"), (text, "no picture, whatever its name says"), (empty, "empty"), (huge, r"20,000 × 20,000 pixels|too many pixels")],
    ids=["case 32", "case 33", "case 34", "case 37"],
)
def test_a_damaged_picture_is_named_and_can_be_left_out(tmp_path: Path, damage, said: str) -> None:
    damage(two_classes(tmp_path) / "dark" / "3.png")
    with pytest.raises(DataProblem, match=r"dark.3\.png can't be read: .*(" + said + ")") as raised:
        data.load(of(tmp_path))
    samples = data.load(of(tmp_path, **raised.value.ways[0].arguments))
    assert np.bincount(samples.y).tolist() == [5, 6]
    assert "1 damaged picture is left out: dark" in samples.notes[-1]


def test_a_preview_reads_only_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"path": str(two_classes(tmp_path, each=20)), "size": 1024}
    read: list[Path] = []
    monkeypatch.setattr(images, "picture", lambda file, *how: (read.append(file), picture(file, *how))[1])
    shown = preview(1, Data("images", given))
    assert len(read) == 12 == len(shown.arrays["x"].numpy())
    assert shown.arrays["counts"].numpy().sum(axis=0).tolist() == [20, 20] and shown.shape == (1024, 1024, 3)
    monkeypatch.undo()
    smaller = Data("images", given | {"size": 8})
    whole, part = data.load(smaller), preview(1, smaller)
    first = whole.parts["train"][:40]
    assert np.array_equal(part.arrays["x"].numpy(), whole.x[first]) and np.array_equal(part.arrays["y"].numpy(), whole.y[first])
    assert part.sizes == {name: len(indices) for name, indices in whole.parts.items()}


def test_changed_pictures_are_read_again(tmp_path: Path) -> None:
    chosen = of(two_classes(tmp_path))
    before = data.load(chosen).x.max()
    for path in (tmp_path / "light").iterdir():
        put(path.parent, path.name, 100)
    assert data.load(chosen).x.max() < before


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_mode_of_pictures_is_read(tmp_path: Path, mode: str) -> None:
    folder = two_classes(tmp_path)
    grey = np.full((10, 12), 200, "uint8")
    image = Image.fromarray(grey.astype("uint16") * 257) if mode.startswith("I") else Image.fromarray(grey).convert(mode)
    image.save(folder / "light" / ("odd.jpg" if mode == "CMYK" else "odd.png"))
    light = [sample for sample, label in zip(*data.load(of(folder, channels=3)).part("train"), strict=True) if label == 1]
    assert len(data.load(of(folder)).x) == 13
    assert min(sample.mean() for sample in light) > 0.7


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(two_classes(tmp_path) / "light" / "a.png")
    assert data.load(of(tmp_path)).x[-1].min() == 1


def test_the_middle_of_a_picture_can_be_taken(tmp_path: Path) -> None:
    pixels = np.zeros((10, 30), "uint8")
    pixels[:, 10:20] = 255
    Image.fromarray(pixels).save(two_classes(tmp_path) / "light" / "a.png")
    assert data.load(of(tmp_path, crop=True)).x[-1].min() > 0.9
    assert data.load(of(tmp_path)).x[-1].min() == 0


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "bmp"])
def test_whatever_is_changed_in_a_picture_it_is_read_or_named(tmp_path: Path, suffix: str) -> None:
    chosen = random.Random(suffix)
    path = put(tmp_path, f"a.{suffix}", size=(16, 16))
    good = path.read_bytes()
    for _ in range(60):
        changed = bytearray(good)
        for _ in range(chosen.randint(1, 4)):
            changed[chosen.randrange(len(changed))] = chosen.randrange(256)
        path.write_bytes(changed[: chosen.choice((len(changed), chosen.randrange(1, len(changed))))])
        try:
            data.load(of(tmp_path))
        except DataProblem as problem:
            assert f"a.{suffix}" in str(problem)
