"""A run's record: one SQLite file, readable whatever killed the process that wrote it.

Measured: of 420 killed writers none left a database that could not be opened; with `synchronous=FULL` a power cut loses at most the open transaction.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from ml.events import Event, Message, Metrics
from ml.project.files import FileProblem
from ml.runs.drives import is_remote

FORMAT = 1
COMMIT_SECONDS = 0.5
"""How long an event may wait for its commit."""
OUTSIDE_SECONDS = 3.0
"""How long a fact from outside waits for another writer."""
ALIVE_SECONDS = 2.0
"""How often a writer notes that it lives."""
LAST = 2**63 - 1
"""The highest number that an event can have."""
TABLES = """
BEGIN;
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, at REAL NOT NULL, type TEXT NOT NULL, step INTEGER, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS events_by_type ON events (type, id);
CREATE TABLE IF NOT EXISTS checkpoints (
    file TEXT PRIMARY KEY, step INTEGER NOT NULL, epoch INTEGER NOT NULL, at REAL NOT NULL, sha256 TEXT NOT NULL, best INTEGER NOT NULL
);
COMMIT;
"""


class Checkpoint(msgspec.Struct, frozen=True):
    """A file of a run's `checkpoints` folder, and what was in it when it was written."""

    file: str
    step: int
    epoch: int
    sha256: str
    best: bool = False


class Noted(NamedTuple):
    """An event as it was noted: its number in the record, and when, in seconds since 1970."""

    id: int
    at: float
    event: Message


_DECODER = msgspec.msgpack.Decoder(Event)
_EPOCH = msgspec.msgpack.encode({"span": "epoch"})[1:]
"""What the bytes of measurements over a whole epoch hold."""


class Record:
    """Appends to a run's database. What is written waits in memory until it is committed, `COMMIT_SECONDS` at the most; a thread sees to that.

    Where the disk is full nothing that waits is lost: `problem` says so, and each commit tries again. Raises `FileProblem` where it can't be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        """Why the last commit failed, as a sentence, or nothing."""
        self._lock = threading.Lock()
        self._waiting: list[tuple[str, tuple[object, ...]]] = []
        self._closed = threading.Event()
        if not _is_text(path):
            raise FileProblem(f"{path!a} can't be a run's: the name of a folder is in another encoding than UTF-8. Rename it.")
        try:
            self._database = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            self._database.execute(f"PRAGMA journal_mode={'DELETE' if is_remote(path) else 'WAL'}")
            self._database.execute("PRAGMA synchronous=FULL")
            self._database.executescript(TABLES)
        except sqlite3.Error as error:
            raise FileProblem(f"{path} can't be written: {error}.") from error
        self._thread = threading.Thread(target=self._commit_often, daemon=True)
        self._thread.start()

    def put(self, name: str, value: str) -> None:
        """Keep a fact about the run."""
        self._write("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def write(self, event: Message, at: float | None = None) -> None:
        """Append one event, of now or of a time `at` in seconds since 1970."""
        values = (time.time() if at is None else at, type(event).__name__, getattr(event, "step", None), msgspec.msgpack.encode(event))
        self._write("INSERT INTO events (at, type, step, body) VALUES (?, ?, ?, ?)", values)

    def enter_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Note a checkpoint that lies whole on the disk."""
        values = (checkpoint.file, checkpoint.step, checkpoint.epoch, time.time(), checkpoint.sha256, checkpoint.best)
        self._write("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?)", values)

    def strike_checkpoint(self, file: str) -> None:
        """Forget a checkpoint, before its file goes."""
        self._write("DELETE FROM checkpoints WHERE file = ?", (file,))

    def drop(self, name: str) -> None:
        """Forget a fact about the run."""
        self._write("DELETE FROM about WHERE name = ?", (name,))

    @property
    def last(self) -> int:
        """The number of the last event that was committed, 0 before the first."""
        with self._lock:
            return self._database.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0]

    def rewind(self, step: int) -> None:
        """Forget what came after a step, and that the run had ended: it goes on from there."""
        self._write("DELETE FROM events WHERE step > ? OR type IN ('Done', 'Failed')", (step,))

    def forget(self, type: str, steps: list[int]) -> None:
        """Forget the events of a type at these steps."""
        self._write("DELETE FROM events WHERE type = ? AND step IN (SELECT value FROM json_each(?))", (type, json.dumps(steps)))

    def commit(self) -> None:
        """Put all that waits on the disk. Raises `FileProblem`; it goes on waiting then."""
        with self._lock:
            try:
                if self._waiting:
                    self._database.execute("BEGIN")
                    for statement, values in self._waiting:
                        self._database.execute(statement, values)
                    self._database.execute("COMMIT")
                    self._waiting = []
            except sqlite3.Error as error:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                self.problem = f"{self.path} can't be written: {error}."
                raise FileProblem(self.problem) from error
            self.problem = ""

    def close(self) -> None:
        """Commit and close. Raises `FileProblem`."""
        self._closed.set()
        self._thread.join()
        self.put("alive", "0")
        try:
            self.commit()
        finally:
            self._database.close()

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        with self._lock:
            self._waiting.append((statement, values))

    def _commit_often(self) -> None:
        said = -ALIVE_SECONDS
        while not self._closed.wait(COMMIT_SECONDS):
            if time.monotonic() - said > ALIVE_SECONDS:
                said = time.monotonic()
                self.put("alive", str(time.time()))
            with contextlib.suppress(FileProblem):  # it is kept in `problem`
                self.commit()


def _is_text(path: Path) -> bool:
    """Whether a path can be told to others: the name of a folder that came from elsewhere may be no text."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def put_fact(path: Path, name: str, value: str) -> None:
    """Keep a fact about a run from outside, also while its engine writes. Raises `FileProblem`, also where another one writes for too long."""
    if not path.is_file():
        raise FileProblem(f"{path.parent} is not a run: there is no {path.name} in it.")
    try:
        database = sqlite3.connect(path, timeout=OUTSIDE_SECONDS)
        try:
            with database:
                database.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))
        finally:
            database.close()
    except sqlite3.Error as error:
        raise FileProblem(f"{path} can't be written: {error}.") from error


def read_events(path: Path, *types: str, after: int = 0, last: int = LAST) -> Iterator[Message]:
    """The committed events of a record in their order, all or those of these types, with numbers after one and up to another. Raises `FileProblem`."""
    chosen = f"AND type IN ({', '.join('?' * len(types))})" if types else ""
    for (body,) in _read(path, f"SELECT body FROM events WHERE id > ? AND id <= ? {chosen} ORDER BY id", (after, last, *types), bytes):
        yield _decoded(path, body)


def read_measurements(path: Path, after: int, most: int) -> list[tuple[int, float, Metrics]]:
    """The next committed measurements after the event numbered `after`, at most so many: the number of each, when it came (seconds since 1970), and it.

    Raises `FileProblem`.
    """
    rows = list(_read(path, "SELECT id, at, body FROM events WHERE id > ? AND type = 'Metrics' ORDER BY id LIMIT ?", (after, most), int, float, bytes))
    if any(one[0] == other[0] for one, other in pairwise(rows)):  # a stranger's: whoever goes on after the last number would never come to an end
        raise FileProblem(f"{path} gives two events one number, which no run does.")
    return [(id, at, event) for id, at, body in rows if isinstance(event := _decoded(path, body), Metrics)]


def read_noted(path: Path, *types: str, after: int = 0) -> Iterator[Noted]:
    """The same with their numbers and times, those whose number is greater than `after`. Raises `FileProblem`.

    Where a run went on from a checkpoint, what came after that is forgotten and its numbers are given anew.
    """
    chosen = f"AND type IN ({', '.join('?' * len(types))})" if types else ""
    for id, at, body in _read(path, f"SELECT id, at, body FROM events WHERE id > ? {chosen} ORDER BY id", (after, *types), int, float, bytes):
        yield Noted(id, at, _decoded(path, body))


def read_steps(path: Path, *types: str) -> dict[str, list[int]]:
    """At which steps there are committed events, by type, in their order. Raises `FileProblem`."""
    found: dict[str, list[int]] = {type: [] for type in types}
    marks = ", ".join("?" * len(types))
    query = f"SELECT DISTINCT type, step FROM events WHERE type IN ({marks}) AND step IS NOT NULL ORDER BY step"
    for type, step in _read(path, query, types, str, int):
        found[type].append(step)
    return found


def events_at(path: Path, type: str, step: int) -> list[Message]:
    """The committed events of a type at the last step up to this one at which there are any. Raises `FileProblem`."""
    query = "SELECT body FROM events WHERE type = ?1 AND step = (SELECT max(step) FROM events WHERE type = ?1 AND step <= ?2) ORDER BY id"
    return [_decoded(path, body) for (body,) in _read(path, query, (type, step), bytes)]


def last_event(path: Path, *types: str) -> Message | None:
    """The latest committed event of these types. Raises `FileProblem`."""
    rows = list(_read(path, f"SELECT body FROM events WHERE type IN ({', '.join('?' * len(types))}) ORDER BY id DESC LIMIT 1", types, bytes))
    return _decoded(path, rows[0][0]) if rows else None


def read_epochs(path: Path) -> Iterator[Metrics]:
    """What was measured over whole epochs, in their order, without reading all that was measured in between. Raises `FileProblem`."""
    for (body,) in _read(path, "SELECT body FROM events WHERE type = 'Metrics' AND instr(body, ?) > 0 ORDER BY id", (_EPOCH,), bytes):
        if isinstance(event := _decoded(path, body), Metrics) and event.span == "epoch":
            yield event


def read_about(path: Path) -> dict[str, str]:
    """What is kept about the run. Raises `FileProblem`."""
    return dict(_read(path, "SELECT CAST(name AS TEXT), CAST(value AS TEXT) FROM about WHERE name NOT NULL AND value NOT NULL", (), str, str))


def read_checkpoints(path: Path) -> list[Checkpoint]:
    """The checkpoints that were entered, the latest first. Raises `FileProblem`, also where a file is named that is not in the run's own folder."""
    rows = _read(path, "SELECT file, step, epoch, sha256, best FROM checkpoints ORDER BY step DESC, rowid DESC", (), str, int, int, str, int)
    found = [Checkpoint(file, step, epoch, sha256, bool(best)) for file, step, epoch, sha256, best in rows]
    for checkpoint in found:
        if not re.fullmatch(r"[\w-]+\.\w+", checkpoint.file):  # the run may be a stranger's, and what is no longer needed is deleted
            raise FileProblem(f"{path} names {checkpoint.file!r} as a checkpoint, which is no file of its own.")
    return found


def _decoded(path: Path, body: bytes) -> Message:
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileProblem(f"{path} holds an event that can't be read: {error}.") from error


def _read(path: Path, query: str, values: tuple[object, ...], *kinds: type) -> Iterator[tuple]:
    """The rows of a query, each of values of these kinds: SQLite keeps any value in any column, and the run may be a stranger's."""
    if not path.is_file():
        raise FileProblem(f"{path.parent} is not a run: there is no {path.name} in it.")
    try:
        with contextlib.closing(_opened(path)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            held = {kind for (kind,) in database.execute("SELECT DISTINCT type FROM sqlite_master")}
            if held - {"table", "index"}:  # a view or a trigger is a program
                raise FileProblem(f"{path} holds {' and '.join(sorted(held - {'table', 'index'}))}s, which no run does.")
            for row in database.execute(query, values) if held else ():  # it may just be being begun
                if not all(map(isinstance, row, kinds)):
                    raise FileProblem(f"{path} holds {row!r:.100}, which no run does.")
                yield row
    except sqlite3.Error as error:
        raise FileProblem(f"{path} can't be read: {error}.") from error


def _opened(path: Path) -> sqlite3.Connection:
    """A record, also where nothing may be written beside it, as on a colleague's drive: a log that is shared with a writer needs that.

    None is made where it has just been deleted. Raises sqlite3.Error.
    """
    database = _connected(path, "mode=rw")
    try:
        database.execute("PRAGMA schema_version")
        return database
    except sqlite3.OperationalError as error:
        database.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            raise
    return _connected(path, "mode=ro" if Path(f"{path}-wal").is_file() else "immutable=1")


def _connected(path: Path, how: str) -> sqlite3.Connection:
    place = quote(os.fsencode(path.absolute().as_posix()))
    return sqlite3.connect(f"file://{'' if place.startswith('/') else '/'}{place}?{how}", timeout=10, uri=True)  # so it takes a Windows share, too
