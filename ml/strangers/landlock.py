"""Landlock, by which a Linux process gives up files and the network without being root: https://docs.kernel.org/userspace-api/landlock.html"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446
"""The system calls, which have these numbers on every processor."""
WITH_NETWORK = 4
"""The version of Landlock from which on TCP can be given up; from 6 on signals and abstract sockets too."""
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_DIR, MAKE_REG, TRUNCATE = 1 << 7, 1 << 8, 1 << 14
FILE_ACCESS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | 1 << 15
"""What can be allowed of a file; the rest is of folders."""
READ = READ_FILE | READ_DIR
WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE
NO_NEW_PRIVILEGES = 38


class _Ruleset(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """Which version of Landlock the system has; 0: none."""
    return max(0, _libc().syscall(CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1)))


def restrict(readable: tuple[Path, ...], devices: tuple[Path, ...], writable: Path) -> bool:
    """Give up all files but these for good, and where the version can, the network; whether the system does it."""
    abi, libc = version(), _libc()
    if not abi:
        return False
    bits = 13 + (abi >= 2) + (abi >= 3) + (abi >= 5)
    handled = (1 << bits) - 1
    attributes = _Ruleset(handled, 3, 3)
    size = 24 if abi >= 6 else 16 if abi >= WITH_NETWORK else 8
    ruleset = libc.syscall(CREATE, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        allowed = [(path, READ) for path in readable] + [(path, READ_FILE | WRITE_FILE) for path in devices] + [(writable, WRITE)]
        added = [_allow(libc, ruleset, path, access & handled) for path, access in allowed]
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return all(added) and libc.syscall(RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0)) == 0
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, access: int) -> bool:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _Beneath(access if path.is_dir() else access & FILE_ACCESS, handle)
        return libc.syscall(ADD, ctypes.c_int(ruleset), ctypes.c_int(1), ctypes.byref(rule), ctypes.c_uint32(0)) == 0
    finally:
        os.close(handle)


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc
