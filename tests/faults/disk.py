"""A file system of its own, in a file: small enough to be filled, and its power can be cut."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SHUTDOWN, WITHOUT_FLUSH = 0x8004587D, 2
"""ext4's EXT4_IOC_SHUTDOWN (XFS has the same) and its flag EXT4_GOING_FLAGS_NOLOGFLUSH: from now on nothing more reaches the disk, not even the log."""


class Disk:
    """An ext4 of a few megabytes."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.place, self._image = folder / "disk", folder / "disk.img"
        self.place.mkdir(parents=True)
        with self._image.open("wb") as file:
            file.truncate(megabytes * 1024**2)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", self._image], check=True)

    def mount(self) -> bool:
        """Whether it could be; a file that is renamed before it is synced gets no help (`noauto_da_alloc`)."""
        return not subprocess.run(["mount", "-o", "loop,noauto_da_alloc", self._image, self.place], capture_output=True).returncode

    def unmount(self) -> None:
        """Take it away. No process may use it."""
        subprocess.run(["umount", self.place], check=True)

    def cut(self) -> None:
        """What a cut of power does: what was not synced is gone, and whoever writes gets an error."""
        import fcntl  # not on Windows

        handle = os.open(self.place, os.O_RDONLY)
        fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", WITHOUT_FLUSH))
        os.close(handle)

    def start_again(self) -> None:
        """Unmount it and mount it again, so that its log is played back, as after a cut of power. No process may use it."""
        self.unmount()
        assert self.mount()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """One that is mounted, where the person may mount one; else the test is skipped."""
    if shutil.which("mkfs.ext4") is None or not (disk := Disk(folder, megabytes)).mount():
        pytest.skip("only an administrator of a system with ext4 can mount a small disk")
    try:
        yield disk
    finally:
        disk.unmount()
