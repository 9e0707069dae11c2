"""One engine process as the window sees it: started or found, written to, read from, and left going or ended."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import IO, cast

import msgspec
import psutil
from PySide6.QtCore import QObject, QThread, Signal

from app.obituary import BYTES, last_lines, memory_kills, obituary
from ml.connection import LOG, Door, connect, hang_up
from ml.events import Attach, Attached, Event, Message, OpenRun, Quit, Resume, Train
from ml.frames import pack, unpack

ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "ml.engine", "--nice")
PART = object()
"""In the queue of what is to be sent: hang up."""
DEATH_SECONDS = 1.0
"""How long a process that has hung up may take to end, before it is taken for one that only hung up."""


class Engine(QThread):
    """A process that builds, checks and trains. The thread reads its events; `send` never waits for it.

    It is started with `command`, in a session of its own so that it can outlive the window, or found behind a `door`.
    """

    arrived = Signal(object)
    """Each event, as it came."""
    died = Signal(str)
    """It ended and nobody asked it to: a sentence that says how."""

    def __init__(self, parent: QObject | None = None, command: Sequence[str] = COMMAND, door: Door | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._door = door
        self._outbox: SimpleQueue[object] = SimpleQueue()
        self._child: subprocess.Popen[bytes] | None = None
        self._run: Path | None = None
        self._unwanted = self._parted = False

    @property
    def pid(self) -> int:
        """The number of its process, 0 before there is one."""
        return self._door.pid if self._door else self._child.pid if self._child else 0

    def send(self, command: Message) -> None:
        """Put a command in the queue; one sent before the process is up is read when it is."""
        if isinstance(command, Train | Resume | OpenRun):
            self._run = Path(command.run)
        self._outbox.put(command)

    def dismiss(self) -> None:
        """Ask the process to close its files and end. Returns at once; the thread ends when the process has."""
        self._unwanted = True
        self.send(Quit())

    def part(self, milliseconds: int) -> None:
        """Leave the process going: one that has a job goes on with it, one that has none ends by itself."""
        self._unwanted = self._parted = True
        self._outbox.put(PART)
        if not self.wait(milliseconds):
            self.end()

    def end(self, milliseconds: int = 0) -> None:
        """End the process and the thread, and wait for both; after `dismiss` it has this long to go by itself."""
        self._unwanted = True
        if milliseconds and self.wait(milliseconds):
            return
        self._kill()
        self.wait()

    def run(self) -> None:
        """The thread: read events until the process ends."""
        with tempfile.TemporaryFile() as complaints:
            kills = memory_kills()
            problem = self._begin(complaints)
            while not problem and (connection := self._reached()) is not None:
                problem = self._converse(connection)
                if problem or self._unwanted or self._is_over(DEATH_SECONDS):
                    break
                self.send(Attach())  # it hung up on a window that had fallen behind: the run's record has what was missed
            if self._parted:
                self._let_go()
                return
            status = self._status(problem)
            if not self._unwanted:
                self.died.emit(problem or obituary(status, self._said(complaints), self.pid, memory_kills() > kills))

    def _begin(self, complaints: IO[bytes]) -> str:
        """Start the process and wait until it says where its door is; what went wrong, as a sentence, or nothing."""
        if self._door is not None:
            return ""
        try:
            self._child = child = _started(self._command, complaints)
        except OSError as error:
            return f"The engine can't be started: {error.strerror}."
        if self._unwanted:
            child.kill()
        with cast(IO[bytes], child.stdout) as output:
            line = output.readline()
        try:
            self._door = msgspec.json.decode(line, type=Door) if line else None
        except msgspec.DecodeError as error:
            return f"The engine said something that can't be read: {error}."
        return ""

    def _reached(self) -> Connection | None:
        if self._door is None:
            return None
        try:
            return connect(self._door)
        except (OSError, EOFError, AuthenticationError):
            return None

    def _converse(self, connection: Connection) -> str:
        """Write what is to be sent and emit what comes, until the end; what was unreadable, as a sentence, or nothing."""
        end = object()
        writer = threading.Thread(target=self._write, args=(connection, end), daemon=True)
        writer.start()
        problem = ""
        try:
            while True:
                for event in unpack(connection.recv_bytes(), Event):
                    if isinstance(event, Attached) and event.run:
                        self._run = Path(event.run)
                    self.arrived.emit(event)
        except (OSError, EOFError):
            pass  # it has hung up, or this end has
        except msgspec.DecodeError as error:
            problem = f"The engine said something that can't be read: {error}."
        self._outbox.put(end)
        writer.join()
        connection.close()
        return problem

    def _write(self, connection: Connection, end: object) -> None:
        """Write what is in the queue up to `end`; at a `PART` hang up."""
        try:
            while (command := self._outbox.get()) is not end:
                if isinstance(command, Message):
                    connection.send_bytes(pack(command))
                elif command is PART:
                    hang_up(connection)
        except OSError:
            return  # The process is gone; the reading thread says how.

    def _is_over(self, seconds: float) -> bool:
        """Whether the process ends within this time."""
        try:
            if self._child is not None:
                self._child.wait(seconds)
            else:
                psutil.Process(self.pid).wait(seconds)
        except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
            return False
        except psutil.Error:
            return True
        return True

    def _status(self, problem: str) -> int | None:
        """How a child ended, which is ended where it goes on and can't be understood any more; None of another's child."""
        if self._child is None:
            return None
        if problem or not self._is_over(DEATH_SECONDS):
            self._child.kill()
        return self._child.wait()

    def _kill(self) -> None:
        with contextlib.suppress(psutil.Error, OSError):  # it has ended already
            if self._child is not None:
                self._child.kill()
            elif self._door is not None and self._door.is_open:
                psutil.Process(self._door.pid).kill()

    def _let_go(self) -> None:
        """Have a child that goes on waited for by a thread that nobody waits for: the system keeps what is left of it until then."""
        if self._child is not None:
            threading.Thread(target=self._child.wait, daemon=True).start()

    def _said(self, complaints: IO[bytes]) -> str:
        """The end of what it wrote to standard error."""
        complaints.seek(max(0, complaints.seek(0, 2) - BYTES))
        return complaints.read().decode(errors="replace") + (last_lines(self._run / LOG) if self._run else "")


def _started(command: Sequence[str], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """A process that outlives the window: in a session of its own, and on Windows in a group of its own."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints, cwd=ROOT, creationflags=flags)
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints, cwd=ROOT, start_new_session=True)
