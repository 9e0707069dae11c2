"""Measures one window in a process of its own: `python -m tests.benchmarks.window start|import|first-step|lateness [template]`; prints JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.window import MainWindow

SECONDS = 12.0
"""How long lateness is watched."""
INTERVAL = 17
"""Milliseconds between two ticks: 60 a second, in whole milliseconds as Qt counts."""


def since_start() -> float:
    """Seconds since this process began, Python's own start included (on Linux; elsewhere since this module was read)."""
    stat = Path("/proc/self/stat")
    if not stat.exists():
        return time.perf_counter() - READ
    ticks = int(stat.read_text().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


READ = time.perf_counter()


def start() -> dict[str, float]:
    """When the window was painted, and when its plots were there."""
    import main

    main.make_application()
    with tempfile.TemporaryDirectory() as folder:
        window = main.window(Path(folder))
        found = {}
        go_on = window._after_first_paint

        def after_first_paint() -> None:
            found["painted"] = since_start()
            go_on()

        window._after_first_paint = after_first_paint
        window.show()
        _until(lambda: window._below.count() > 0)
        found["plots"] = since_start()
        window.engines.close()
    return found


def imports() -> dict[str, float]:
    """How long Keras and TensorFlow take to import."""
    import keras
    import tensorflow as tf

    assert keras.__version__ and tf.__version__
    return {"seconds": since_start()}


def first_step() -> dict[str, float]:
    """When the default project, started as soon as the window was there, had made its first step."""
    import main

    main.make_application()
    with tempfile.TemporaryDirectory() as folder:
        window = main.window(Path(folder))
        window.show()
        _until(lambda: window._below.count() > 0)
        window.runs.train()
        _until(lambda: window.training._progress is not None and window.training._progress.step > 0)
        seconds = since_start()
        window.engines.close()
    return {"seconds": seconds}


def lateness(template: str) -> dict[str, float]:
    """How late a 60 Hz timer of the window is while a template trains, in milliseconds."""
    import msgspec

    import main
    from ml import catalog

    main.make_application()
    with tempfile.TemporaryDirectory() as folder:
        window = main.window(Path(folder))
        window.show()
        _until(lambda: window.document.report is not None)
        project = catalog.new(template)
        window.document.open(msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, epochs=1_000_000, patience=None)))
        _until(lambda: window.document.report is not None)
        window.runs.train()
        _until(lambda: window.training.state == "running")
        late = _watch(window)
        window.engines.close()
    late.sort()
    return {"ticks": len(late), "p99": late[int(len(late) * 0.99)], "worst": late[-1]}


def _watch(window: MainWindow) -> list[float]:
    from PySide6.QtCore import Qt, QTimer

    due = time.perf_counter() + INTERVAL / 1000
    late: list[float] = []

    def tick() -> None:
        nonlocal due
        now = time.perf_counter()
        late.append(max(0.0, (now - due) * 1000))
        due = now + INTERVAL / 1000

    timer = QTimer(window, interval=INTERVAL)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start()
    end = time.perf_counter() + SECONDS
    _until(lambda: time.perf_counter() > end)
    timer.stop()
    return late


def _until(holds: Callable[[], object], milliseconds: int = 120_000) -> None:
    """Let Qt's own event loop run until something holds."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, poll = QEventLoop(), QTimer(interval=5)
    poll.timeout.connect(lambda: loop.quit() if holds() else None)
    poll.start()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
    assert holds(), "It did not come to pass."


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    actions: dict[str, Callable[..., dict[str, float]]] = {"start": start, "import": imports, "first-step": first_step, "lateness": lateness}
    print(json.dumps(actions[sys.argv[1]](*sys.argv[2:])))
