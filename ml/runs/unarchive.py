"""An archive back to a run's folder. It may be a stranger's: what it holds is checked before it is read, and it can write into the new folder alone."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py

from ml.project import files
from ml.project.files import WEIGHTS, FileProblem
from ml.runs import FINAL, RECORD, checkpoints, guard
from ml.runs.archive import ABOUT, CHECKPOINTS, EVENT, FILES, FORMAT, PASSING, PROJECT, VERSION, Progress, Work, blocks, datasets
from ml.runs.guard import Unfit
from ml.runs.record import Checkpoint, Record
from ml.runs.unpacking import unpack

OWN_FILES = re.compile(rf"{FINAL}\.keras|{FINAL}/\w[\w -]*\.keras|{re.escape(RECORD + WEIGHTS)}")
OWN_CHECKPOINTS = re.compile(r"[\w-]+\.\w+")
COMMIT = 500
"""Events between two commits."""
DAMAGE = (OSError, RuntimeError, KeyError, ValueError, TypeError, RecursionError, OverflowError, MemoryError)
"""What h5py and the parsers raise of a file that is not whole."""


def unarchive(source: Path, folder: Path, progress: Progress = lambda part: None) -> None:
    """Make the run that is in the file `source` in `folder`, which must not be there yet; it is there whole or not at all.

    Raises `FileProblem` where the file is no archive, is damaged, or holds what an archive has no use for.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileProblem(f"{folder} is there already: choose another folder.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:
            made = Path(temporary) / folder.name
            read(source, made, progress)
            if folder.exists():
                folder.rmdir()
            made.replace(folder)
    except OSError as error:
        raise FileProblem(f"{folder} can't be made: {error.strerror or error}.") from error


def read(source: Path, made: Path, progress: Progress = lambda part: None) -> None:
    """Make the run that is in the file `source` in the new folder `made`, which is of no use where this fails. Raises `FileProblem` and OSError."""
    (made / FINAL).mkdir(parents=True)
    if not source.is_file():
        raise FileProblem(f"{source} can't be read: there is no such file.")
    try:
        if not h5py.is_hdf5(source):
            raise Unfit("it is not an HDF5 file, or its beginning is damaged")
        with h5py.File(source) as file:
            _check_version(file)
            total = guard.check(file, shutil.disk_usage(made).free)
            _fill(file, made, Work(progress, total=total))
    except (Unfit, *DAMAGE) as error:
        if isinstance(error, OSError) and error.filename and Path(error.filename).is_relative_to(made):
            raise
        raise FileProblem(f"{source} can't be made a run: {error}.") from error


def _check_version(file: h5py.File) -> None:
    if guard.attribute(file, "format") != FORMAT.encode():
        raise Unfit("it is an HDF5 file, but no archive of a run")
    version = guard.attribute(file, "version")
    if not version == VERSION:
        raise Unfit(f"it was written by a newer version of this program (format {version}, this one reads {VERSION}): update the program to open it")


def _fill(file: h5py.File, made: Path, work: Work) -> None:
    """Write everything into the new folder."""
    project, about = _text(file, PROJECT), json.loads(_text(file, ABOUT))
    files.decode(project, str(made / RECORD))
    if not isinstance(about, dict) or not all(isinstance(value, str) for value in about.values()):
        raise Unfit(f"/{ABOUT} is no list of facts")
    record = Record(made / RECORD)
    try:
        record.put(PROJECT, project.decode())
        for name, value in about.items():
            if name not in (*PASSING, PROJECT):
                record.put(name, value)
        for count, noted in enumerate(unpack(file)):
            record.write(noted.event, noted.at)
            if count % COMMIT == 0:
                record.commit()
                work.did(COMMIT * EVENT)
        for checkpoint in _checkpoints(file, made, work):
            record.enter_checkpoint(checkpoint)
        for dataset in datasets(file, FILES):
            _take(dataset, made / _name(dataset, FILES, OWN_FILES), work)
    finally:
        record.close()


def _checkpoints(file: h5py.File, made: Path, work: Work) -> Iterator[Checkpoint]:
    """Every checkpoint that is whole, the oldest first."""
    for dataset in sorted(datasets(file, CHECKPOINTS), key=lambda dataset: _number(dataset, "number")):
        name = _name(dataset, CHECKPOINTS, OWN_CHECKPOINTS)
        digest = _take(dataset, made / checkpoints.FOLDER / name, work)
        yield Checkpoint(name, _number(dataset, "step"), _number(dataset, "epoch"), digest, best=bool(_number(dataset, "best")))


def _take(dataset: h5py.Dataset, path: Path, work: Work) -> str:
    """Write a file's bytes; their SHA-256, which is the one that the archive says."""
    path.parent.mkdir(exist_ok=True)
    digest = hashlib.sha256()
    with path.open("xb") as target:
        for block in blocks(dataset):
            digest.update(block)
            target.write(block)
            work.did(len(block))
        target.flush()
        os.fsync(target.fileno())
    if guard.attribute(dataset, "sha256") != digest.hexdigest().encode():
        raise Unfit(f"{dataset.name} is not as it was written: its SHA-256 is another")
    return digest.hexdigest()


def _name(dataset: h5py.Dataset, group: str, own: re.Pattern[str]) -> str:
    """The name of the file that a dataset holds."""
    name = str(dataset.name).removeprefix(f"/{group}/")
    if not own.fullmatch(name):
        raise Unfit(f"it holds {name!r}, which is no file of a run")
    return name


def _number(dataset: h5py.Dataset, name: str) -> int:
    value: Any = guard.attribute(dataset, name)
    return int(value)


def _text(file: h5py.File, name: str) -> bytes:
    dataset = file.get(name)
    if not isinstance(dataset, h5py.Dataset) or dataset.shape is None or len(dataset) > guard.LONGEST_TEXT:
        raise Unfit(f"there is no /{name} in it of at most {guard.LONGEST_TEXT // 1024**2} MB")
    return dataset[()].tobytes()
