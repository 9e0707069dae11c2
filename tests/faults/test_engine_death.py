"""An engine that dies, however it dies, is nothing to the window: it answers, and names the cause within two seconds."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import psutil
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from ml import catalog
from tests.e2e.studio import Studio
from tests.faults.promises import times

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signals")]

WAYS = ("SIGKILL", "SIGSEGV", "SIGABRT", "SIGBUS", "SIGTERM", "memory")
ROOM = 64 << 20
"""Bytes that an engine whose memory is limited may still take."""
NAMED = 2.0
"""Seconds from the engine's end until its cause stands in the window."""


class Death(NamedTuple):
    """What came of one."""

    way: str
    words: str
    seconds: float
    """From the end of the process, or of the job where the process lives, until the window said so."""
    stall: float
    """The longest time in which the window did nothing."""


@pytest.fixture
def studio(qapp: object, tmp_path: Path) -> Iterator[Studio]:
    opened = Studio(tmp_path)
    yield opened
    opened.close()


def test_the_window_answers_and_names_the_cause(studio: Studio, promise: Callable[[str, str, str], None]) -> None:
    count = times(50)
    found = [die(studio, WAYS[number % len(WAYS)]) for number in range(count)]
    named = sum(is_named(death) for death in found)
    promise(
        "engine death",
        f"{count} engines that trained, ended by {', '.join(WAYS[:-1])} or a limit of their memory",
        f"the window answered {count} of {count} times and named the cause {named} times, after at most {max(death.seconds for death in found):.1f} s; "
        f"its longest stall was {max(death.stall for death in found):.2f} s",
    )
    assert [death for death in found if not is_named(death)] == []


def die(studio: Studio, way: str) -> Death:
    """Train, and have the engine end in this way; afterwards the window is used."""
    studio.until(lambda: "ready" in studio.window.status.engine.text())
    made = catalog.new("mlp")
    made = msgspec.structs.replace(made, training=msgspec.structs.replace(made.training, epochs=10_000_000, patience=None))
    studio.window.runs.begin(made)
    job = studio.window.engines.under_way[0].training
    studio.until(lambda: job.engine.pid if way == "memory" else studio.window.training.state == "running")  # what trains already needs no more memory
    engine = psutil.Process(job.engine.pid)
    pulse = Pulse()
    if way == "memory":
        engine.rlimit(psutil.RLIMIT_AS, (engine.memory_info().vms + ROOM, psutil.RLIM_INFINITY))
    else:
        engine.send_signal(getattr(signal, way))
    ended = None
    began = time.monotonic()
    while studio.window.training.state != "ended":
        QTest.qWait(10)
        assert time.monotonic() - began < 60, f"{way} was not told."
        if ended is None and (not engine.is_running() or engine.status() == psutil.STATUS_ZOMBIE):
            ended = time.monotonic()
    seconds = time.monotonic() - ended if ended is not None else 0.0
    stall = pulse.stop()
    QTest.keyClick(studio.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    studio.until(lambda: studio.window.graph.view.hasFocus())
    return Death(way, studio.window.training._words, seconds, stall)


def is_named(death: Death) -> bool:
    """Whether the window said what it was, soon enough."""
    return death.seconds <= NAMED and ("memory" in death.words if death.way == "memory" else death.way in death.words)


class Pulse:
    """Beats in the window's event loop, and knows the longest pause between two beats."""

    def __init__(self) -> None:
        self._last, self._longest = time.monotonic(), 0.0
        self._timer = QTimer(interval=10)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.monotonic()
        self._last, self._longest = now, max(self._longest, now - self._last)

    def stop(self) -> float:
        """The longest pause, in seconds."""
        self._timer.stop()
        return self._longest
