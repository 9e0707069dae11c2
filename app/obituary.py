"""How an engine ended, put into a sentence: memory, a crash, a signal, or what else can honestly be said."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

CRASHES = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT", "SIGTRAP")
FATAL = {"Segmentation fault": "SIGSEGV", "Aborted": "SIGABRT", "Bus error": "SIGBUS", "Floating point exception": "SIGFPE", "Illegal instruction": "SIGILL"}
"""What `faulthandler` writes, and the signal that it stands for."""
WINDOWS = {0xC0000005: "an access violation", 0xC00000FD: "a stack overflow", 0xC000001D: "an illegal instruction", 0xC0000409: "a stack buffer overrun"}
WINDOWS_MEMORY = (0xC0000017, 0xC000012D)
MEMORY = re.compile(
    r"std::bad_alloc|MemoryError|Cannot allocate memory|failed to allocate|[Oo]ut of memory|OOM when allocating|pthread_create\(\) failed|failed to map segment"
)
"""What is written when memory, that of a new thread's stack too, could not be had."""
CHECK = re.compile(r"^F\d{4} [^\]]*\] (.+)$", re.MULTILINE)
"""TensorFlow's last line before it aborts: day, time, thread and place, then what did not hold."""
CHATTER = re.compile(r"[IW]\d{4} |E\d{4} .*cuInit|WARNING: All log messages before absl")
"""How lines begin that TensorFlow writes at every start."""
LINES, BYTES = 3, 20_000
CGROUP = Path("/sys/fs/cgroup")
KERNEL = Path("/dev/kmsg")


def obituary(status: int | None, said: str, pid: int = 0, killed_for_memory: bool = False) -> str:
    """One sentence, and the last words where they help.

    `status` is the exit status or, below 0, the signal; None where the process was another one's child and nobody told it. `said` is the end of what it
    wrote to standard error, `killed_for_memory` whether the system has ended processes for memory meanwhile.
    """
    name = _signal(status) if status is not None else _fatal(said)
    ended = status is None or name == "SIGKILL"
    if (ended and killed_for_memory) or _kernel_ended(pid) or MEMORY.search(said) or status in WINDOWS_MEMORY:
        how = "ran out of memory and was ended" + (f" ({name})" if name else "")
        return f"The engine {how}. Smaller batches or a smaller model need less."
    if name in CRASHES:
        return f"The engine crashed in native code ({name}).{_last_words(said)}"
    if name:
        return f"The engine was ended by signal {-(status or 0)} ({name}){', as happens when memory runs out' if name == 'SIGKILL' else ''}.{_last_words(said)}"
    if status is None:
        return f"The engine is gone: it was ended from outside, as happens when memory runs out.{_last_words(said)}"
    if status in WINDOWS:
        return f"The engine crashed in native code ({WINDOWS[status]}).{_last_words(said)}"
    return f"The engine ended with exit status {status}.{_last_words(said)}"


def memory_kills() -> int:
    """How many processes of this one's group the system has ended for memory so far, as far as it tells (Linux)."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return 0
    groups = [line.split(":", 2) for line in lines]
    files = [CGROUP / path.lstrip("/") / "memory.events" for _, kinds, path in groups if not kinds]
    files += [CGROUP / "memory" / path.lstrip("/") / "memory.oom_control" for _, kinds, path in groups if "memory" in kinds.split(",")]
    return sum(_counted(file) for file in files)


def last_lines(path: Path) -> str:
    """The end of what was written into a file; nothing where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - BYTES))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _signal(status: int) -> str:
    names = {int(number): number.name for number in signal.Signals}
    return names.get(-status, "unknown") if status < 0 else ""


def _fatal(said: str) -> str:
    found = re.findall(r"^Fatal Python error: (.+)$", said, re.MULTILINE)
    return FATAL.get(found[-1].strip(), "") if found else ""


def _last_words(said: str) -> str:
    """What TensorFlow gives as its reason, or the place in the code where it crashed, which `faulthandler` writes first; otherwise the last lines."""
    if found := CHECK.search(said):
        return f" Its last words: {found[1]}"
    lines = [line.strip() for line in said.splitlines() if line.strip() and not CHATTER.match(line)]
    crashed = said.partition("\nCurrent thread ")[2]
    places = [line.strip() for line in crashed.splitlines() if line.startswith("  File ")]
    chosen = places[:1] if _fatal(said) and places else lines[-LINES:]
    return f" Its last words: {' '.join(chosen)}" if chosen else ""


def _counted(file: Path) -> int:
    try:
        found = re.search(r"^oom_kill (\d+)$", file.read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _kernel_ended(pid: int) -> bool:
    """Whether the kernel's log, where it may be read, says that this process was ended for memory."""
    if not pid or not KERNEL.exists():
        return False
    try:
        handle = os.open(KERNEL, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        while line := os.read(handle, 8192):
            if re.search(rb"Killed process %d\b" % pid, line):
                return True
    except OSError:
        return False  # its end, or lines that were overwritten meanwhile
    finally:
        os.close(handle)
    return False
