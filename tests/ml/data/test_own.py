"""Data of one's own, whatever they are: where they lie, how they are written down, and that a script reads them alike."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from ml import catalog, data
from ml.codegen import script
from ml.data import DataProblem, own
from ml.project import files
from ml.project.project import Data
from tests.ml.data.some_pictures import put, two_classes


def csv(folder: Path) -> Data:
    (folder / "table.csv").write_text("length,colour,kind\n" + "".join(f"{n},{'red' if n % 3 else 'blue'},{'a' if n < 10 else 'b'}\n" for n in range(20)))
    return Data("csv", {"path": str(folder / "table.csv")})


def prices(folder: Path) -> Data:
    (folder / "prices.csv").write_text("length;price\n" + "".join(f"{n};{n * 1.5}\n".replace(".", ",") for n in range(20)))
    return Data("csv", {"path": str(folder / "prices.csv")})


def pictures(folder: Path) -> Data:
    two_classes(folder / "pictures")
    (folder / "pictures" / "dark" / "2.png").write_bytes(b"")
    return Data("images", {"path": str(folder / "pictures"), "size": 8, "damaged": "leave out"})


def unlabelled(folder: Path) -> Data:
    for number in range(8):
        put(folder / "flat", f"{number}.png", 20 * number)
    return Data("images", {"path": str(folder / "flat"), "size": 8, "channels": 1})


def arrays(folder: Path) -> Data:
    np.savez(folder / "data.npz", x=np.random.default_rng(0).integers(0, 255, (30, 6, 6), "uint8"), y=np.resize(["cat", "ant", "bee"], 30))
    return Data("arrays", {"path": str(folder / "data.npz")})


ALL = (csv, prices, pictures, unlabelled, arrays)


@pytest.mark.parametrize("make", ALL)
def test_what_is_told_is_true_of_the_samples(make, tmp_path: Path) -> None:
    chosen = make(tmp_path)
    told, samples = data.spec(chosen), data.load(chosen)
    assert (samples.x.shape[1:], samples.x.dtype, samples.kind, samples.task) == (told.shape, told.dtype, told.kind, told.task)
    assert sum(map(len, samples.parts.values())) == len(samples.x) == len(samples.y)


@pytest.mark.parametrize("make", ALL)
def test_a_script_reads_the_same_samples(make, tmp_path: Path) -> None:
    chosen = make(tmp_path)
    project = catalog.new("vae" if make is unlabelled else "mlp", settings={"data": chosen.id} | {f"data.{k}": v for k, v in chosen.arguments.items()})
    borrowed = script._data(project)
    there = ModuleType("there")
    exec("\n".join(dict.fromkeys((*borrowed.imports, "import numpy as np"))) + "\n" + borrowed.source, there.__dict__)
    ours = data.load(project.data)
    for part, (x, y) in there.parts().items():
        assert np.array_equal(x, ours.part(part)[0])
        assert np.array_equal(y, ours.part(part)[1])


def test_a_project_finds_its_file_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(csv(tmp_path).arguments["path"].removesuffix("table.csv"))
    project = catalog.new("mlp", settings={"data": "csv", "data.path": "table.csv"})
    assert project.data.arguments["path"] == str(tmp_path / "table.csv")
    files.save(project, tmp_path / "project.atelier")
    assert data.spec(files.load(tmp_path / "project.atelier").data).classes == ("a", "b")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("gone.csv", "There is no file .*gone.csv: choose it again if it was moved"),
        (".", "is a folder, and a file is needed"),
        ("pipe", "is not a regular file"),
        ("\\\\machine\\share\\table.csv", "on another machine"),
        ("//machine/share/table.csv", "on another machine"),
        ("nul\0.csv", "NUL character"),
        ("~nobody-here/table.csv", "There is no home folder ~nobody-here"),
    ],
)
def test_case_43_only_a_regular_file_is_read(tmp_path: Path, path: str, said: str) -> None:
    if path == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("There are no pipes with names here.")
        os.mkfifo(tmp_path / path)
    for source in ("csv", "arrays"):
        with pytest.raises(DataProblem, match=said):
            data.spec(Data(source, {"path": path if path.startswith(("\\", "//", "~")) else str(tmp_path / path)}))


@pytest.mark.parametrize("source", ["csv", "images", "arrays"])
def test_without_a_path_it_is_asked_for(source: str) -> None:
    with pytest.raises(DataProblem, match=r"path needs a value: choose a (file|folder)"):
        data.spec(Data(source))
    with pytest.raises(DataProblem, match="path must be the path of a"):
        data.spec(Data(source, {"path": 7}))


def test_samples_that_there_is_no_room_for_are_refused_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "ROOM", 1e-9)
    for make in (csv, pictures, arrays):
        with pytest.raises(DataProblem, match=r"needs .* of memory, and this machine has .* free"):
            data.load(make(tmp_path))
