"""Which drive a file lies on: SQLite's write-ahead log needs memory that all who open it share, and a network drive has none."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

REMOTE = (
    *("nfs", "cifs", "smb", "9p", "fuse", "macfuse", "osxfuse", "afs", "afp", "ceph", "gluster", "lustre", "beegfs", "gpfs", "webdav", "davfs"),
    *("vboxsf", "prl_fs", "drvfs", "virtiofs"),
)
"""File systems of other machines, by how their names begin; those that a virtual machine has of its host are as bad."""


def is_remote(path: Path) -> bool:
    """Whether a file lies on a network drive, as far as the system's list of drives tells; what it does not list is taken for local."""
    own = os.path.realpath(path.parent)
    if own.startswith("\\\\"):  # Windows: a drive of another machine by its name
        return True
    drives = [drive for drive in psutil.disk_partitions(all=True) if _holds(drive.mountpoint, own)]
    found = max(drives, key=lambda drive: len(drive.mountpoint), default=None)
    return found is not None and (found.fstype.lower().startswith(REMOTE) or "remote" in found.opts.split(","))


def _holds(mount: str, folder: str) -> bool:
    return folder == mount or folder.startswith(mount.rstrip(os.sep) + os.sep)
