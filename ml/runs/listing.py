"""A list of all runs in a folder that stays quick: a run is read again only when its record has changed, and what was read is kept in a file."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ml.project import files
from ml.project.files import FileProblem
from ml.runs import RECORD
from ml.runs.labels import Labels
from ml.runs.summary import LIVE, Summary, row

CACHE = ".summaries"
"""The file in the runs' folder that holds what was read; it may be deleted."""
CACHE_SECONDS = 30.0
"""How often it is written at the most."""
FORMAT = 1
"""Of the cache; another one is passed over."""

Mark = tuple[int, int, int, int]
"""When the record and its write-ahead log were changed (in nanoseconds), and their sizes."""


class _Read(Struct, frozen=True):
    mark: Mark
    summary: Summary


class _Cache(Struct, frozen=True):
    format: int
    runs: dict[str, _Read]
    """By the name of the run's folder."""


class Listing:
    """The runs of one folder. It belongs to one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._runs: dict[str, _Read] | None = None
        self._written = 0.0
        self._changed = False

    def refresh(self, seconds: float = float("inf")) -> tuple[list[Summary], bool]:
        """The runs as they are now, the latest first, and whether that is all of them: reading ends after so many seconds, and goes on with the next call."""
        end = time.monotonic() + seconds
        found = self._found()
        known = self._known()
        for name in known.keys() - found.keys():
            del known[name]
            self._changed = True
        complete = True
        for name, mark in sorted(found.items(), key=lambda item: -item[1][0]):
            had = known.get(name)
            if had is not None and had.mark == mark and had.summary.state not in LIVE:
                continue
            if time.monotonic() > end:
                complete = False
                continue
            read = _Read(mark, row(self.folder / name))
            self._changed |= had is None or read.summary != had.summary
            known[name] = read
        if complete and self._changed and time.monotonic() - self._written > CACHE_SECONDS:
            self.keep()
        return sorted((read.summary for read in known.values()), key=lambda run: -run.began), complete

    def put_labels(self, folder: str, labels: Labels) -> None:
        """Show these labels, which are in the record by now, without reading it again."""
        known, name = self._known(), Path(folder).name
        if name in known and self.folder / name == Path(folder):
            known[name] = replace(known[name], summary=replace(known[name].summary, labels=labels), mark=_mark(Path(folder)) or known[name].mark)
            self._changed = True

    def keep(self) -> None:
        """Write what was read to the cache; where that can't be, it will be read again."""
        if self._runs is not None and self._changed:
            with contextlib.suppress(FileProblem, UnicodeEncodeError):  # a folder's name may be in another encoding, and is no text then
                files.write(self.folder / CACHE, msgspec.msgpack.encode(_Cache(FORMAT, self._runs)))
            self._written, self._changed = time.monotonic(), False

    def _found(self) -> dict[str, Mark]:
        """The names of the runs' folders, and how their records are."""
        try:
            names = [path.name for path in self.folder.iterdir()]
        except OSError:
            return {}
        return {name: mark for name in names if (mark := _mark(self.folder / name)) is not None}

    def _known(self) -> dict[str, _Read]:
        if self._runs is None:
            self._runs = self._cached()
        return self._runs

    def _cached(self) -> dict[str, _Read]:
        try:
            cache = msgspec.msgpack.decode((self.folder / CACHE).read_bytes(), type=_Cache)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return {}
        here = {name: read for name, read in cache.runs.items() if Path(read.summary.folder) == self.folder / name}
        return here if cache.format == FORMAT else {}


def _mark(folder: Path) -> Mark | None:
    """How a run's record is; None where there is none."""
    try:
        record = (folder / RECORD).stat()
    except OSError:
        return None
    try:
        log = (folder / f"{RECORD}-wal").stat()
    except OSError:
        return record.st_mtime_ns, record.st_size, 0, 0
    return record.st_mtime_ns, record.st_size, log.st_mtime_ns, log.st_size
