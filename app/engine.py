"""One engine process as the window sees it: started, written to, read from, and its death put into a sentence."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import IO, BinaryIO, cast

import msgspec
from PySide6.QtCore import QObject, QThread, Signal

from ml.events import Event, Message, Quit, receive, send

ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "ml.engine", "--nice")


class Engine(QThread):
    """A process that builds, checks and trains. The thread reads its events; `send` never waits for it."""

    arrived = Signal(object)
    """Each event, as it came."""
    died = Signal(str)
    """It ended and nobody asked it to: a sentence that says how."""

    def __init__(self, parent: QObject | None = None, command: Sequence[str] = COMMAND) -> None:
        super().__init__(parent)
        self._command = command
        self._outbox: SimpleQueue[Message | None] = SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None
        self._unwanted = False

    def send(self, command: Message) -> None:
        """Put a command in the queue; one sent before the process is up is read when it is."""
        self._outbox.put(command)

    def leave(self) -> None:
        """Ask the process to close its files and end. Returns at once; the thread ends when the process has."""
        self._unwanted = True
        self.send(Quit())

    def end(self, milliseconds: int = 0) -> None:
        """End the process and the thread, and wait for both; after `leave` it has this long to go by itself."""
        self._unwanted = True
        if milliseconds and self.wait(milliseconds):
            return
        if self._process is not None:
            self._process.kill()
        self.wait()

    def run(self) -> None:
        """The thread: read events until the process ends."""
        with tempfile.TemporaryFile() as complaints:
            try:
                process = self._process = self._started(complaints)
            except OSError as error:
                self.died.emit(f"The engine can't be started: {error.strerror}.")
                return
            if self._unwanted:
                process.kill()
            writer = threading.Thread(target=self._write, args=(process.stdin,), daemon=True)
            writer.start()
            with cast(BinaryIO, process.stdout) as output:
                problem = self._read(output)
            status = process.wait()
            self._outbox.put(None)
            writer.join()
            if not self._unwanted:
                self.died.emit(problem or obituary(status, _last_lines(complaints)))

    def _started(self, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        flags = subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0
        return subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, cwd=ROOT, creationflags=flags)

    def _read(self, stream: BinaryIO) -> str:
        """Emit what comes until the stream ends; what was unreadable, as a sentence, or nothing."""
        try:
            while (event := receive(stream, Event)) is not None:
                self.arrived.emit(event)
        except msgspec.DecodeError as error:
            cast(subprocess.Popen, self._process).kill()
            return f"The engine said something that can't be read ({error}) and was ended."
        return ""

    def _write(self, stream: BinaryIO) -> None:
        try:
            with stream:
                while (command := self._outbox.get()) is not None:
                    send(stream, command)
        except OSError:
            return  # The process is gone; the reading thread says how.


def obituary(status: int, last_words: str) -> str:
    """How a process ended, as a sentence: its exit status or signal, and the last lines it wrote to stderr."""
    if status < 0:
        names = {int(number): number.name for number in signal.Signals}
        how = f"was ended by signal {-status} ({names.get(-status, 'unknown')})"
        if -status == getattr(signal, "SIGKILL", 9):
            how += ", as happens when memory runs out"
    else:
        how = f"ended with exit status {status}"
    return f"The engine {how}." + (f" Its last words: {last_words}" if last_words else "")


def _last_lines(file: IO[bytes], lines: int = 3) -> str:
    size = file.seek(0, 2)
    file.seek(max(0, size - 4000))
    text = file.read().decode(errors="replace")
    return " ".join(line.strip() for line in text.strip().splitlines()[-lines:])
