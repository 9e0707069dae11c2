"""A thread beside the window's, that reads and writes runs in the order in which it is asked to, so that no slow disk holds the window up."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer

POLL_MILLISECONDS = 20

_Result = TypeVar("_Result")


class Background(QObject):
    """What is asked is answered in the window's thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "runs")
        self._asked: deque[tuple[Future[Any], Callable[[Any], None]]] = deque()
        self._is_closed = False
        self._timer = QTimer(self, interval=POLL_MILLISECONDS)
        self._timer.timeout.connect(self._answer)

    def ask(self, work: Callable[[], _Result], then: Callable[[_Result], None]) -> None:
        """Do this there, and call `then` with what it gave; nothing once it is closed."""
        if self._is_closed:
            return
        self._asked.append((self._thread.submit(work), then))
        self._timer.start()

    def close(self) -> None:
        """Wait for what was asked, without answers."""
        self._is_closed = True
        self._timer.stop()
        self._asked.clear()
        self._thread.shutdown(wait=True)

    def _answer(self) -> None:
        while self._asked and self._asked[0][0].done():
            done, then = self._asked.popleft()
            then(done.result())
        if not self._asked:
            self._timer.stop()
