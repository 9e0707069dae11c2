"""A whole run as one HDF5 file that h5py alone can read: what it was, all that it said, its checkpoints and its models.

docs/ARCHIVE.md has the layout. `unarchive` makes an equal run of it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import h5py
import numpy as np

from ml.project.files import WEIGHTS
from ml.runs import FINAL, RECORD, Run, checkpoints, writer
from ml.runs.aside import Target, aside
from ml.runs.packing import Packer
from ml.runs.record import Checkpoint, read_about, read_checkpoints, read_noted

FORMAT, VERSION = "Neural Atelier run", 1
ABOUT, PROJECT, CHECKPOINTS, FILES = "about", "project", "checkpoints", "files"
PASSING = ("alive", "waiting", writer.NAME)
"""Facts that are true of a run only where it is."""
BLOCK = 4 * 1024 * 1024
"""Bytes that are copied at once."""
EVENT = 2000
"""Bytes that an event counts for in the progress."""

Progress = Callable[[float], None]
"""Is called with the part that is done, 0 to 1, some times a second. What it raises ends the work, and nothing of it stays."""


def archive(folder: Path, out: Path, progress: Progress = lambda part: None) -> list[str]:
    """Write the run in `folder` to the file `out`; what had to be left out, each as a sentence.

    The file is there whole or not at all. A run that still trains is archived as it is now. Raises `FileProblem`.
    """
    run = Run(folder)
    about = {name: value for name, value in read_about(run.record).items() if name not in PASSING}
    project = run.project and about.pop("project")
    with aside(out) as target:
        with h5py.File(target, "w", libver=("earliest", "v110")) as file:
            file.attrs["format"], file.attrs["version"] = np.bytes_(FORMAT), VERSION
            _put_text(file, PROJECT, project)
            _put_text(file, ABOUT, json.dumps(about))
            with ExitStack() as stack:
                left_out = _put_run(file, run, _held(run, stack), Work(progress, target))
        target.check()
        with h5py.File(target) as file:
            _check(file)
    return left_out


def _held(run: Run, stack: ExitStack) -> list[tuple[Checkpoint, BinaryIO | None]]:
    """The checkpoints, the oldest first, each with its file, open: a run that trains removes them one after another meanwhile. None: it is gone already."""
    held: list[tuple[Checkpoint, BinaryIO | None]] = []
    for found in reversed(read_checkpoints(run.record)):
        try:
            held.append((found, stack.enter_context((run.folder / checkpoints.FOLDER / found.file).open("rb"))))
        except FileNotFoundError:
            held.append((found, None))
    return held


def _put_run(file: h5py.File, run: Run, held: list[tuple[Checkpoint, BinaryIO | None]], work: Work) -> list[str]:
    """Put the events, the models and the checkpoints into the file; what was left out of them, as sentences."""
    files = list(_models(run.folder))
    sizes = [path.stat().st_size for path in (*files, run.record)] + [_size(source) for _, source in held if source is not None]
    work.total = sum(sizes)
    packer = Packer(file)
    for noted in read_noted(run.record):
        packer.add(noted)
        work.did(EVENT)
    packer.close()
    work.reach(run.record.stat().st_size)
    for path in files:
        with path.open("rb") as source:
            _put_file(file, f"{FILES}/{path.relative_to(run.folder).as_posix()}", source, work)
    return [sentence for number, (found, source) in enumerate(held) if (sentence := _put_checkpoint(file, found, source, number, work))]


def _put_checkpoint(file: h5py.File, found: Checkpoint, source: BinaryIO | None, number: int, work: Work) -> str:
    """Put a checkpoint into the file, the oldest as number 0; where it is gone or damaged, a sentence that says so."""
    name = f"{CHECKPOINTS}/{found.file}"
    if source is None:
        return f"The checkpoint {found.file} is left out: it is no longer there."
    dataset = _put_file(file, name, source, work)
    if dataset.attrs["sha256"] != found.sha256.encode():
        del file[name]
        return f"The checkpoint {found.file} is left out: it is not as it was written."
    dataset.attrs.update(step=found.step, epoch=found.epoch, best=found.best, number=number)
    return ""


def _put_file(file: h5py.File, name: str, source: BinaryIO, work: Work) -> h5py.Dataset:
    """Put a file's bytes into a dataset that knows their SHA-256."""
    size, digest = _size(source), hashlib.sha256()
    dataset = file.create_dataset(name, (size,), "u1", chunks=(min(size, BLOCK // 4),) if size else None)
    for start in range(0, size, BLOCK):
        block = source.read(BLOCK)
        digest.update(block)
        dataset[start : start + len(block)] = np.frombuffer(block, "u1")
        work.did(len(block))
    dataset.attrs["sha256"] = np.bytes_(digest.hexdigest())
    return dataset


def _size(source: BinaryIO) -> int:
    return os.fstat(source.fileno()).st_size


def _put_text(file: h5py.File, name: str, text: str) -> None:
    file.create_dataset(name, data=np.frombuffer(text.encode(), "u1"), compression="gzip")


def _models(folder: Path) -> Iterator[Path]:
    """The trained models, and the first weights that the project began with."""
    yield from sorted([*folder.glob(f"{FINAL}.keras"), *(folder / FINAL).glob("*.keras")])
    if (first := folder / f"{RECORD}{WEIGHTS}").is_file():
        yield first


def _check(file: h5py.File) -> None:
    """Read back every file that was put in. Raises OSError where one is not the same."""
    for group in (FILES, CHECKPOINTS):
        for dataset in datasets(file, group):
            if digest_of(dataset) != dataset.attrs["sha256"].decode():
                raise OSError(f"{dataset.name} was read back and is not what was written")


def datasets(file: h5py.File, group: str) -> list[h5py.Dataset]:
    """Every dataset below a group, if there is such a group."""
    found: list[h5py.Dataset] = []
    if group in file:
        file[group].visititems(lambda name, thing: found.append(thing) if isinstance(thing, h5py.Dataset) else None)
    return found


def blocks(dataset: h5py.Dataset) -> Iterator[bytes]:
    """A file's bytes, some at a time."""
    for start in range(0, len(dataset), BLOCK):
        yield dataset[start : start + BLOCK].tobytes()


def digest_of(dataset: h5py.Dataset) -> str:
    """The SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    for block in blocks(dataset):
        digest.update(block)
    return digest.hexdigest()


class Work:
    """Says which part of `total` bytes is done, and ends the work where the disk is full."""

    def __init__(self, progress: Progress, target: Target | None = None, total: int = 1) -> None:
        self._progress, self._target, self.total = progress, target, total
        self._done = self._said = 0

    def did(self, count: int) -> None:
        """So many more are done; it is said at each hundredth. Raises OSError where the target can't take them."""
        if self._target is not None:
            self._target.check()
        self._done += count
        if self._done - self._said >= self.total / 100:
            self._said = self._done
            self._progress(min(1.0, self._done / max(1, self.total)))

    def reach(self, count: int) -> None:
        """So many are done, whatever was counted."""
        self._done = self._said = count
