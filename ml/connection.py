"""How an engine is reached: by a port of this machine and a key, which it notes in the folder of the run that it has in hand."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from multiprocessing.connection import Client, Connection
from pathlib import Path

import msgspec

from ml import processes
from ml.project.files import FileProblem

FILE, LOG = "engine.json", "engine.log"
HOST = "127.0.0.1"
WRITE_SECONDS = 2.0
"""A file younger than this may be one that is just being written."""


class Door(msgspec.Struct, frozen=True):
    """Where an engine listens, and which process it is."""

    pid: int
    born: float
    """When the process began, as `processes.born` has it: the same number may later be another one's."""
    port: int
    key: str
    """What who comes has to know, in hexadecimal digits."""

    @property
    def is_open(self) -> bool:
        """Whether the process lives."""
        return processes.lives(self.pid, self.born)


@contextlib.contextmanager
def noted(door: Door, folder: Path) -> Iterator[None]:
    """Have the run in `folder` in hand: others find the door there meanwhile. Raises `FileProblem`, also where an engine that lives has it."""
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _claim(path, msgspec.json.encode(door))
    except OSError as error:
        raise FileProblem(f"{path} can't be written: {error.strerror}.") from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # the run's folder may be gone, or on a drive that is; the next reader sees that the process has ended
            path.unlink(missing_ok=True)


def found(folder: Path) -> Door | None:
    """The door of the engine that has the run in `folder` in hand, or None where there is none, or none that lives."""
    try:
        door = msgspec.json.decode((folder / FILE).read_bytes(), type=Door)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return door if door.is_open else None


def connect(door: Door) -> Connection:
    """Go in by a door. Raises OSError, EOFError and `multiprocessing.AuthenticationError` where that is not the engine's."""
    return Client((HOST, door.port), authkey=bytes.fromhex(door.key))


def hang_up(connection: Connection) -> None:
    """End a connection also for a thread that waits for something to come through it; closing alone would leave it waiting."""
    with contextlib.suppress(OSError):  # it has ended already
        end = socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=connection.fileno())
        try:
            end.shutdown(socket.SHUT_RDWR)
        finally:
            end.detach()


def _claim(path: Path, data: bytes) -> None:
    for _ in range(2):
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            other = found(path.parent)
            if other is not None or _is_young(path):
                whose = f"by the process {other.pid}" if other else "already"
                raise FileProblem(f"{path.parent} is being trained {whose}: open it to see how it goes, or end that first.") from None
            path.unlink(missing_ok=True)
            continue
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        return
    raise FileProblem(f"{path.parent} is being begun by another process: open it to see how it goes.")


def _is_young(path: Path) -> bool:
    """Whether a file is empty as yet, and just made."""
    try:
        facts = path.stat()
    except OSError:
        return False
    return not facts.st_size and abs(time.time() - facts.st_mtime) < WRITE_SECONDS
