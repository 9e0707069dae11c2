"""What this process may still do, given up for good: files, network, programs, memory, time. As much of it as the system can enforce."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from pathlib import Path

from ml.strangers import landlock, seccomp

if sys.platform != "win32":
    import resource

ROOT = Path(__file__).parents[2]
MOST_FILES = 256
"""Open at once."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
FACTS = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu", "/sys/devices/system/node")
"""What TensorFlow asks of the machine. Other processes' part of /proc is not in it: their environment may hold secrets."""
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")


def confine(readable: tuple[Path, ...], writable: Path, written: int) -> tuple[str, ...]:
    """Keep this process, for the rest of its life, to reading its libraries and `readable` and to writing into `writable`, files of `written` bytes at most.

    What of it the system enforces, in words, comes out. Linux: Landlock and a system call filter. macOS and others: limits of the process.
    Windows: nothing from within; everywhere the process that started this one watches its memory and its time.
    """
    held = []
    if sys.platform != "win32":
        _lower(resource.RLIMIT_NOFILE, MOST_FILES)
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_FSIZE, written)
        held.append("limits of open files and of what is written")
    if sys.platform == "linux":
        if landlock.restrict((*_libraries(), *readable), tuple(map(Path, DEVICES)), writable):
            held.append("no files but its own" + (", no network connections" if landlock.version() >= landlock.WITH_NETWORK else ""))
        if seccomp.deny():
            held.append("no sockets and no other programs")
    return tuple(held)


def limit(memory: int, seconds: int) -> None:
    """Bound the address space in bytes and the processor's time from now on; where the system has no such limit, whoever started this process watches it."""
    if sys.platform != "win32":
        _lower(resource.RLIMIT_AS, memory)
        spent = resource.getrusage(resource.RUSAGE_SELF)
        _lower(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + seconds)


def mapped() -> int:
    """The address space that this process has in bytes; 0 where the system does not say."""
    path = Path("/proc/self/statm")
    return int(path.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") if path.is_file() else 0


def _lower(kind: int, value: int) -> None:
    """Set the soft limit, which may come again in the next stage; the system's own hard limit is never passed."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _libraries() -> tuple[Path, ...]:
    """Where the interpreter and its packages lie, and this program."""
    own = [ROOT / "ml", ROOT / "resources"]
    python = [Path(path) for path in (*sys.path, *sysconfig.get_paths().values(), *site.getsitepackages()) if path and Path(path) != ROOT]
    base = [Path(sys.base_prefix) / "lib", Path(sys.prefix) / "lib", Path(sys.prefix) / "pyvenv.cfg", Path(sys.executable)]
    linked = [Path(part) for part in os.environ.get("LD_LIBRARY_PATH", "").split(":") if part]
    return tuple(path for path in (*own, *python, *base, *linked, *map(Path, LIBRARIES), *map(Path, FACTS)) if path.exists())
