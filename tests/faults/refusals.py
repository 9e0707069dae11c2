"""What becomes of strangers' files, measured: each is opened as window and command line do it, or read as data in a process that was forked for it.

`python -m tests.faults.refusals opened FILE…` and `… mutated COUNT FILE…`; neither loads Keras into this process. A line of JSON comes out.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from ml.strangers import ImportProblem, confinement, opening, reading

PASSED, REFUSED, UNFORESEEN = 0, 1, 2


def opened(files: list[Path]) -> dict[str, object]:
    """How long the longest refusal took, in seconds, of these the processor's own, the most memory that one had, in MB, and which files were not refused."""
    longest, busiest, let_in = 0.0, 0.0, []
    for file in files:
        began, worked = time.perf_counter(), _worked()
        try:
            opening.open_model(file)
            let_in.append(file.name)
        except ImportProblem:
            longest, busiest = max(longest, time.perf_counter() - began), max(busiest, _worked() - worked)
    return {"let in": let_in, "seconds": longest, "processor": busiest, "megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def _worked() -> float:
    """Seconds of processor of this process and of those that it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def mutated(count: int, files: list[Path]) -> dict[str, object]:
    """The same for files that were changed at random, read as data alone, and how many of them crashed the reader or made it say something unforeseen."""
    chance = random.Random(7)
    ends = {PASSED: 0, REFUSED: 0, UNFORESEEN: 0}
    seconds: list[float] = []
    worked: list[float] = []
    megabytes = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            room = Path(folder) / str(number)
            (room / "in").mkdir(parents=True)
            (room / "out").mkdir()
            (room / "in" / "model.keras").write_bytes(chance.choice(CHANGES)(chance.choice(files).read_bytes(), chance))
            status, used, taken, processor = _forked(room)
            ends[status] = ends.get(status, 0) + 1
            seconds.append(taken)
            worked.append(processor)
            megabytes = max(megabytes, used)
            for path in (*room.glob("*/*"), *room.glob("*"), room):
                path.rmdir() if path.is_dir() else path.unlink()
    crashed = sum(number for status, number in ends.items() if status < 0)
    found = {"passed": ends[PASSED], "refused": ends[REFUSED], "unforeseen": ends[UNFORESEEN], "crashed": crashed}
    return {**found, "seconds": max(seconds), "processor": max(worked), "megabytes": megabytes}


def _forked(room: Path) -> tuple[int, float, float, float]:
    """How the reading of one file ended (a signal is negative), its memory in MB, the seconds that it took, and of these the processor's."""
    began = time.perf_counter()
    child = os.fork()
    if not child:
        os._exit(_read(room))
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), used.ru_maxrss / 1024, time.perf_counter() - began, used.ru_utime + used.ru_stime


def _read(room: Path) -> int:
    """What the process of `ml.strangers.child` does before Keras."""
    try:
        confinement.confine((room / "in",), room / "out", 2**28)
        confinement.limit(confinement.mapped() + 2**29, 60)
        reading.read(room / "in" / "model.keras", room / "out" / "weights.h5", machine=2**34)
    except (ImportProblem, MemoryError):
        return REFUSED
    except BaseException as error:  # what the program would not put into a sentence is what is looked for here
        print(repr(error), file=sys.stderr, flush=True)
        return UNFORESEEN
    return PASSED


# Ways to change a file.


def _bytes(data: bytes, chance: random.Random) -> bytes:
    """A few bytes are others."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 64))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _bits(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _moved(data: bytes, chance: random.Random) -> bytes:
    """A piece stands somewhere else."""
    start, end = sorted(chance.randrange(len(data)) for _ in range(2))
    place = chance.randrange(len(data))
    return data[:place] + data[start : min(end, start + 4096)] + data[place:]


def _member(name: str, change: Callable[[bytes, random.Random], bytes]) -> Callable[[bytes, random.Random], bytes]:
    """A change of one member, with the sums put right."""

    def apply(data: bytes, chance: random.Random) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for member in old.namelist():
                new.writestr(member, change(old.read(member), chance) if member == name else old.read(member))
        return out.getvalue()

    return apply


def _configured(data: bytes, chance: random.Random) -> bytes:
    """A value of the configuration, anywhere in it, is another."""
    config = json.loads(data)
    here, key = {"": config}, ""
    while isinstance(here[key], dict | list) and here[key] and chance.random() < 0.9:  # type: ignore[index]  # a list has numbers for keys
        here = here[key]  # type: ignore[index]  # as above
        key = chance.choice(list(here)) if isinstance(here, dict) else chance.randrange(len(here))  # type: ignore[assignment]  # as above
    here[key] = chance.choice(VALUES)  # type: ignore[index]  # as above
    return json.dumps(config).encode()


ODD = (None, True, -1, 0, 2**31, 2**63, 10**30, 1e308, float("nan"), [], [[]], {}, [None, -1])
VALUES = (*ODD, "", "x", "é" * 100, "/etc/passwd", "http://127.0.0.1", {"class_name": "Lambda"})
CONFIG, WEIGHTS = "config.json", "model.weights.h5"
INSIDE = ((CONFIG, _configured), (CONFIG, _configured), (CONFIG, _configured), (CONFIG, _bytes), (WEIGHTS, _bytes), (WEIGHTS, _bits))
CHANGES = (_bytes, _bits, _cut, _moved, *(_member(name, change) for name, change in INSIDE))


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    print(json.dumps(opened([Path(file) for file in rest]) if what == "opened" else mutated(int(rest[0]), [Path(file) for file in rest[1:]])))
