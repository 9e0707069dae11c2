"""What goes wrong in the window without anyone having foreseen it: caught, put into the log, and told in one sentence."""

from __future__ import annotations

import faulthandler
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from ml.events import Failed, Refused
from ml.problem_log import LIMIT, catch, note

CRASH = "crash.log"
"""What the interpreter itself writes when native code kills the window."""
SAID = "Something unforeseen went wrong. Your work is kept; Help → Report a Problem shows what happened."


class Problems(QObject):
    """The window's end of the log in `folder`."""

    happened = Signal(str)
    """Something unforeseen: a sentence for the person."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._crash: IO[str] | None = None

    def catch(self) -> None:
        """From now on, till the end of the process: exceptions of every thread, what Qt warns of, and crashes."""
        catch(self.folder, "window", lambda sentence: self.happened.emit(SAID))
        qInstallMessageHandler(self._heard)
        self.recall()
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._crash = (self.folder / CRASH).open("w", encoding="utf-8")
            faulthandler.enable(self._crash)

    def recall(self) -> None:
        """Put into the log how an earlier window crashed, where one did."""
        path = self.folder / CRASH
        with suppress(OSError):
            if path.is_file() and path.stat().st_size:
                with path.open(encoding="utf-8", errors="replace") as file:
                    note(self.folder, "window, which crashed", file.read(LIMIT))

    def read(self, event: Failed | Refused) -> None:
        """Put what an engine did not foresee into the log; its sentence is told where the run or the answer is shown."""
        note(self.folder, "engine", f"{event.reason}\n{event.details}")

    def engine_died(self, sentence: str, is_problem: bool) -> None:
        """Put the end of an engine that nobody asked to end into the log."""
        if is_problem:
            note(self.folder, "engine", sentence)

    def _heard(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        print(text, file=sys.stderr, flush=True)
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            note(self.folder, f"Qt, {context.category}", text)
