"""A file that HDF5 writes beside the one whose place it takes when all is well."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ml.project.files import FileProblem


class Target(io.RawIOBase):
    """The file, as h5py writes it. Measured: HDF5 crashes the process where the disk refuses what it has to write when it closes a file.

    So what can't be written is taken as if it were, and `check` says so.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb+", buffering=0)
        self._refused: OSError | None = None

    def check(self) -> None:
        """Raises the OSError with which the disk refused something."""
        if self._refused is not None:
            raise self._refused

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        try:
            at = 0
            while at < len(view) and self._refused is None:
                at += self._file.write(view[at:]) or 0
        except OSError as error:
            self._refused = error
        return len(view)

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        at = 0
        while at < len(view) and (count := self._file.readinto(view[at:])):
            at += count
        view[at:] = bytes(len(view) - at)
        return len(view)

    def truncate(self, size: int | None = None) -> int:
        try:
            return self._file.truncate(size)
        except OSError as error:
            self._refused = error
            return size or 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def flush(self) -> None:
        """Nothing waits."""

    def sync(self) -> None:
        """Make all of it reach the disk. Raises OSError."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()
        super().close()


@contextmanager
def aside(path: Path) -> Iterator[Target]:
    """A target beside `path` that takes its place at the end, synced. Where the work fails it goes, and what was at `path` stays. Raises `FileProblem`."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        temporary.touch(exist_ok=False)
    except OSError as error:
        raise FileProblem(f"{path} can't be written: {error.strerror}.") from error
    target = Target(temporary)
    try:
        yield target
        target.check()
        target.sync()
        target.close()
        temporary.replace(path)
    except (OSError, RuntimeError) as error:  # h5py says some of what the disk refuses in this way
        raise FileProblem(f"{path} can't be written: {getattr(error, 'strerror', None) or error}.") from error
    finally:
        target.close()
        temporary.unlink(missing_ok=True)
