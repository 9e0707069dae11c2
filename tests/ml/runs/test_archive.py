"""A run goes into one file and comes back equal; a stranger's file can't do more than that."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from ml.project.files import FileProblem
from ml.runs import Run, writer
from ml.runs.archive import PASSING, archive
from ml.runs.carrying import Carriage
from ml.runs.record import read_about, read_checkpoints, read_noted
from ml.runs.unarchive import unarchive
from tests.ml.runs.whole_runs import make_run, odd_measurements


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return make_run(tmp_path / "run", *odd_measurements())


@pytest.fixture
def file(run: Run, tmp_path: Path) -> Path:
    assert archive(run.folder, tmp_path / "run.h5") == []
    return tmp_path / "run.h5"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "run.sqlite"}


def test_what_comes_back_is_equal(run: Run, file: Path, tmp_path: Path) -> None:
    unarchive(file, tmp_path / "back")
    back = Run(tmp_path / "back")
    assert back.project == run.project
    assert [(repr(noted.event), noted.at) for noted in read_noted(back.record)] == [(repr(noted.event), noted.at) for noted in read_noted(run.record)]
    assert read_checkpoints(back.record) == read_checkpoints(run.record)
    about = {name: value for name, value in read_about(run.record).items() if name not in PASSING}
    assert read_about(back.record) == about | {"alive": "0"}
    assert files(back.folder) == files(run.folder)


def test_it_may_be_read_by_whoever_may_read_a_new_file(file: Path, tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    assert file.stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_is_no_hdf5_file_is_said_without_the_words_of_the_library(tmp_path: Path) -> None:
    (tmp_path / "run.h5").write_text("epoch,loss")
    with pytest.raises(FileProblem, match="it is not an HDF5 file"):
        unarchive(tmp_path / "run.h5", tmp_path / "back")


def test_h5py_alone_reads_it(file: Path) -> None:
    with h5py.File(file) as archived:
        table = archived["metrics/epoch"]
        assert table["step"].tolist() == [10, 20, 21]
        assert table["validation/loss"].tolist() == [0.2, 0.1, 0.1]
        assert archived["arrays/Picture/samples/pixels/values"].shape == (2, 4, 8, 8, 1)
        assert archived["arrays/Picture/samples/pixels/step"][:].tolist() == [10, 20]
        assert archived["arrays/Attention/layers/block_attention/scores/values"].shape == (2, 2, 3, 3)
        lines = archived["events/Text"][:].tobytes().decode().splitlines()
        assert json.loads(lines[0])[2]["text"].startswith("Once upon")
        assert json.loads(archived["project"][:].tobytes())["name"] == "Flowers"
        assert "sha256" in archived["checkpoints/000000020.npz"].attrs


def test_a_damaged_checkpoint_is_left_out_and_named(run: Run, tmp_path: Path) -> None:
    (run.folder / "checkpoints" / "000000020.npz").write_bytes(b"cut short")
    assert archive(run.folder, tmp_path / "run.h5") == ["The checkpoint 000000020.npz is left out: it is not as it was written."]
    unarchive(tmp_path / "run.h5", tmp_path / "back")
    assert [found.file for found in read_checkpoints(tmp_path / "back" / "run.sqlite")] == ["000000020-best.npz", "000000010.npz"]


class Cancelled(Exception):
    """What a person's Cancel raises."""


@pytest.mark.parametrize("until", [0.0, 0.5, 0.9])
def test_cancelled_nothing_stays(run: Run, file: Path, tmp_path: Path, until: float) -> None:
    def cancel(part: float) -> None:
        if part >= until:
            raise Cancelled

    before = sorted(tmp_path.iterdir())
    with pytest.raises(Cancelled):
        archive(run.folder, tmp_path / "other.h5", cancel)
    with pytest.raises(Cancelled):
        unarchive(file, tmp_path / "back", cancel)
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_can_not_be_written_is_named_and_the_old_one_stays(run: Run, file: Path, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="nowhere"):
        archive(run.folder, tmp_path / "nowhere" / "run.h5")
    resource = pytest.importorskip("resource")
    run.put_model("model", bytes(300_000))
    old, soft = file.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, soft[1]))
    try:
        with pytest.raises(FileProblem, match=r"run\.h5 can't be written"):
            archive(run.folder, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, soft)
    assert file.read_bytes() == old
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "run.h5"]


def test_a_folder_that_is_there_is_not_written_over(run: Run, file: Path) -> None:
    with pytest.raises(FileProblem, match="is there already"):
        unarchive(file, run.folder)


def link_outside(archived: h5py.File) -> None:
    archived["files/final/other.keras"] = h5py.ExternalLink("/etc/passwd", "/")


def link_round(archived: h5py.File) -> None:
    archived["files/again"] = archived["files"]


def soft_link(archived: h5py.File) -> None:
    archived["checkpoints/soft.npz"] = h5py.SoftLink("/project")


def outside_bytes(archived: h5py.File) -> None:
    archived.create_dataset("files/final/other.keras", (10,), "u1", external=[("/etc/passwd", 0, 10)])


def virtual(archived: h5py.File) -> None:
    layout = h5py.VirtualLayout((10,), "u1")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (10,))
    archived.create_virtual_dataset("files/final/other.keras", layout)


def bomb(archived: h5py.File) -> None:
    archived.create_dataset("files/final/other.keras", (2**40,), "u1", chunks=(2**20,))


def huge_chunks(archived: h5py.File) -> None:
    archived.create_dataset("files/final/other.keras", (2**30,), "u1", chunks=(2**30,), compression="gzip")


def strings(archived: h5py.File) -> None:
    archived.create_dataset("files/final/other.keras", data=["text"])


def other_folder(archived: h5py.File) -> None:
    archived["files/.bashrc"] = np.zeros(3, "u1")


def other_bytes(archived: h5py.File) -> None:
    archived["files/final.keras"][3] = 7


def no_project(archived: h5py.File) -> None:
    del archived["project"]


def newer(archived: h5py.File) -> None:
    archived.attrs["version"] = 2


def lost_array(archived: h5py.File) -> None:
    del archived["arrays/Picture/samples/pixels"]


@pytest.mark.parametrize(
    "harm",
    [link_outside, link_round, soft_link, outside_bytes, virtual, bomb, huge_chunks, strings, other_folder, other_bytes, no_project, newer, lost_array],
    ids=lambda harm: harm.__name__,
)
def test_what_an_archive_does_not_hold_is_refused(file: Path, tmp_path: Path, harm) -> None:
    with h5py.File(file, "r+") as archived:
        harm(archived)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FileProblem, match=r"run\.h5 can't be made a run: ."):
        unarchive(file, tmp_path / "back")
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_was_damaged_on_the_way_is_refused_or_read(file: Path, tmp_path: Path) -> None:
    whole, chance = file.read_bytes(), random.Random(0)
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 8, 64))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        file.write_bytes(data if chance.random() < 0.7 else data[: chance.randrange(len(data))])
        try:
            unarchive(file, tmp_path / "back")
            shutil.rmtree(tmp_path / "back")
        except FileProblem as problem:
            assert str(file) in str(problem)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "run.h5"]


def test_a_run_that_trains_is_archived_with_the_checkpoints_that_it_has_at_the_beginning(run: Run, tmp_path: Path) -> None:
    def train_on(part: float) -> None:
        for path in (run.folder / "checkpoints").iterdir():
            path.unlink()

    assert archive(run.folder, tmp_path / "run.h5", train_on) == []
    unarchive(tmp_path / "run.h5", tmp_path / "back")
    assert len(list((tmp_path / "back" / "checkpoints").iterdir())) == 3


def test_what_comes_back_of_a_run_that_trains_is_not_taken_for_being_trained(run: Run, tmp_path: Path) -> None:
    program = f"from pathlib import Path; from ml.runs import writer; record = writer.claimed(Path({str(run.record)!r})); record.commit(); print(); input()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline()
        archive(run.folder, tmp_path / "run.h5")
        unarchive(tmp_path / "run.h5", tmp_path / "back")
        writer.claimed(tmp_path / "back" / "run.sqlite").close()
        other.communicate(b"\n")


def test_a_place_that_can_not_be_written_is_no_damage_of_the_archive(file: Path, tmp_path: Path) -> None:
    outcome = Carriage("unarchive", file, tmp_path / "back")._run(tmp_path / "gone" / "back", lambda part: None)
    assert "gone" in outcome.problem and "damaged" not in outcome.problem
