"""However much an engine says, the window answers and grows no larger."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

import main
from app.engine import COMMAND, Engine
from app.window import MainWindow
from ml.events import Done, Message
from tests.e2e.studio import panels_below
from tests.faults.promises import times

FAKE = (sys.executable, "-m", "tests.app.fake_engine")
TICK, STALL = 10, 100.0
"""Milliseconds between two looks at the clock, and the longest that the window may not answer."""
GROWTH = 3.0
"""Megabytes by which the window may be larger at the end of a flood than some time before."""


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """The window of `main` on an engine that imports no Keras."""
    defaults = Engine.__init__.__defaults__ or ()
    monkeypatch.setattr(Engine.__init__, "__defaults__", tuple(FAKE if default == COMMAND else default for default in defaults))
    monkeypatch.setattr(QMessageBox, "question", lambda *arguments: QMessageBox.StandardButton.Yes)
    shown = main.window(tmp_path)
    shown.resize(1280, 800)
    shown.show()
    assert QTest.qWaitForWindowExposed(shown)
    yield shown
    shown.document.undo_stack.setClean()
    shown.close()


class Watch:
    """Looks at the clock all the time: how long the window did not answer (by the wall, and how long it worked meanwhile), and how large it is.

    What is left of a stall is time that the machine gave to others, and there only the wall is at fault.
    """

    def __init__(self, window: MainWindow) -> None:
        self.late: list[tuple[float, float]] = []
        self.sizes: list[float] = []
        self._process = psutil.Process()
        self._last = time.perf_counter(), time.thread_time()
        self._timer = QTimer(window, interval=TICK, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        self.late.append(((now[0] - self._last[0]) * 1000 - TICK, (now[1] - self._last[1]) * 1000))
        self._last = now
        if len(self.late) % 20 == 0:
            self.sizes.append(self._process.memory_info().rss / 1e6)


def flooded(window: MainWindow, seconds: float) -> tuple[Watch, float]:
    """The watch over a flood of so many seconds, whose tabs are gone through meanwhile, and how many events a second came."""
    ended: list[Done] = []
    window.engines.arrived.connect(lambda *told: ended.extend(event for event in _events(told) if isinstance(event, Done)))
    QTest.qWait(1500)
    window.runs.begin(replace(window.document.project, name=f"flood {seconds}"))
    watch, panels = Watch(window), panels_below(window)
    end = time.monotonic() + 4 * seconds + 60
    while not ended and time.monotonic() < end:
        QTest.qWait(500)
        next(panels)
    watch.stop()
    return watch, ended[0].steps / ended[0].training_seconds


def _events(told: tuple) -> list[Message]:
    return told[-1]


def growth(sizes: list[float]) -> float:
    """Megabytes by which it is larger at the end than when a third was left; before that the plots and the log fill up to their limits."""
    sixth = len(sizes) // 6
    return sum(sizes[-sixth:]) / sixth - sum(sizes[-2 * sixth : -sixth]) / sixth


def test_a_flood_of_events_leaves_the_window_answering(window: MainWindow) -> None:
    watch, rate = flooded(window, 3)
    assert rate > 1000
    assert max(work for _, work in watch.late[20:]) < STALL


@pytest.mark.slow
@pytest.mark.faults
def test_a_minute_of_flood(window: MainWindow, promise: Callable[[str, str, str], None]) -> None:
    seconds = times(60)
    watch, rate = flooded(window, seconds)
    wall, work = max(late for late, _ in watch.late[20:]), max(work for _, work in watch.late[20:])
    load = psutil.getloadavg()[0]
    grown = growth(watch.sizes)
    promise(
        "event flood",
        f"{rate:,.0f} events a second for {seconds} s, all recorded, the tabs gone through meanwhile",
        f"longest stall {wall:.0f} ms by the wall (load of the machine {load:.0f}), of it {work:.0f} ms work of the window; "
        f"memory {grown:+.1f} MB over the last third, of {watch.sizes[-1]:.0f} MB",
    )
    assert rate > 9000
    assert work <= STALL
    assert wall <= STALL or load > (psutil.cpu_count() or 1), "where others want the machine too, the wall says nothing of the window"
    assert grown < GROWTH
