"""Python's cyclic garbage is collected in the window's thread alone.

Else it is collected in whichever thread makes an object when it is due. A scene that was drawn and dropped was then destroyed in a thread that reads a run's
record, its timers were left behind in the window's, and Qt crashed when they were due.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

MILLISECONDS = 200


class Collector(QObject):
    """Collects in the thread that made it as often as Python would by its thresholds, and nowhere else while there is one.

    What stands when the event loop begins is looked through once and then left alone: it stays to the end, and all of it takes a tenth of a second.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=MILLISECONDS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due, and with it those that are younger."""
        if not gc.get_freeze_count():
            gc.collect()
            gc.freeze()
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [generation for generation, (count, most) in enumerate(counts) if 0 < most < count]
        if due:
            gc.collect(due[-1])

    def end(self) -> None:
        """Let Python collect wherever it likes again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
