"""Engines for the tests, forked from one process that has imported Keras once: each is there in a tenth of the time.

That process takes over a socket what an engine's standard output and standard error are to be, answers with its number, and tells by the same socket
how it ended. Nothing of TensorFlow has run when it forks. Its engines end with it, and it ends with the tests: none is left behind that trains for ever.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
AVAILABLE = sys.platform == "linux"
"""Elsewhere a process that has TensorFlow's libraries can't be forked, or not be bound to its parent's life."""
DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


class Forked:
    """An engine as `subprocess.Popen` would give it: its number, what it says, how it ends."""

    def __init__(self, asked: socket.socket, output: IO[bytes]) -> None:
        self.pid = int.from_bytes(asked.recv(4), "big")
        self.stdout = output
        self.returncode: int | None = None
        self._asked = asked

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, or the number of the signal that ended it, negative. Raises `subprocess.TimeoutExpired`."""
        if self.returncode is None:
            self._asked.settimeout(timeout)
            try:
                said = self._asked.recv(4)
            except TimeoutError as error:
                raise subprocess.TimeoutExpired("forked engine", timeout or 0.0) from error
            self.returncode = os.waitstatus_to_exitcode(int.from_bytes(said, "big"))
            self._asked.close()
        return self.returncode

    def kill(self) -> None:
        """End it, where it goes on."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """The process that forks, as the tests see it. Open it with `with`."""

    def __enter__(self) -> Nursery:
        self._folder = tempfile.TemporaryDirectory()
        self._path = str(Path(self._folder.name) / "socket")
        self._process = subprocess.Popen([sys.executable, "-m", "tests.e2e.forked", self._path], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin and self._process.stdout
        assert self._process.stdout.read(1), "The process that forks engines did not come up."
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()

    def start(self, command: Sequence[str], complaints: IO[bytes]) -> Forked:
        """An engine in place of the process that `command` would start."""
        read, write = os.pipe()
        asked = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        asked.connect(self._path)
        socket.send_fds(asked, ["\0".join(command[3:]).encode() or b"\0"], [write, complaints.fileno()])
        os.close(write)
        return Forked(asked, os.fdopen(read, "rb"))


def serve(path: str) -> None:
    """Fork until standard input ends."""
    import ml.engine  # it takes seconds: before the tests are told that they may ask

    door, children, woken = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), dict[int, socket.socket](), os.pipe()
    os.set_blocking(woken[1], False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken[1])
    door.bind(path)
    door.listen()
    os.write(1, b"!")
    with selectors.DefaultSelector() as waiting:
        for source in (door, woken[0], 0):
            waiting.register(source, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in waiting.select()}
            if 0 in ready:
                return
            if woken[0] in ready:
                os.read(woken[0], 512)
                _bury(children)
            if door in ready:
                asked, _ = door.accept()
                words, streams, *_ = socket.recv_fds(asked, 4096, 2)
                child = os.fork()
                if not child:
                    _live(words.decode().strip("\0").split("\0"), streams, ml.engine.main)
                for stream in streams:
                    os.close(stream)
                children[child] = asked
                asked.sendall(child.to_bytes(4, "big"))


def _bury(children: dict[int, socket.socket]) -> None:
    """Tell of each child that has ended how it did."""
    for child in list(children):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            with children.pop(child) as asked, contextlib.suppress(OSError):
                asked.sendall(status.to_bytes(4, "big"))


def _live(arguments: list[str], streams: list[int], main: object) -> None:
    """The forked process: an engine until its end."""
    assert callable(main)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream, number in zip(streams, (1, 2), strict=True):
        os.dup2(stream, number)
    os.closerange(3, 256)
    sys.argv = ["ml.engine", *filter(None, arguments)]
    status = 0
    try:
        main()
    except BaseException:  # whatever it is, the process ends here and not in what it was forked from
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


@contextlib.contextmanager
def forked_engines() -> Iterator[None]:
    """Meanwhile the window's engines are forked, where that is possible."""
    from app import engine

    if not AVAILABLE:
        yield
        return
    started = engine._started
    with Nursery() as nursery:
        engine._started = lambda command, complaints: nursery.start(command, complaints) if command == engine.COMMAND else started(command, complaints)
        yield
        engine._started = started


if __name__ == "__main__":
    serve(sys.argv[1])
