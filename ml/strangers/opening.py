"""A model from a stranger to a project: the one way that the window and the command line take. A process of its own looks at it and is watched."""

from __future__ import annotations

import json
import os
import queue
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec
import psutil
from msgspec.structs import replace

from ml.project.project import Project
from ml.strangers import ImportProblem, copying
from ml.strangers.request import ANSWER, INSIDE, MODEL, OUTSIDE, REQUEST, WEIGHTS, Answer, Request

ROOT = Path(__file__).parents[2]
POLL_SECONDS = 0.05
FIRST_SECONDS, SECONDS = 60.0, 1200.0
"""How long the process may take until it first says something, and for all."""
BYTES_PER_SECOND = 5 * 2**20
"""A file's size in these is added to both: a slow disk is no attack."""
MEMORY, TIMES = 2 * 2**30, 6
"""How much memory it may really hold: so much and so many times the file's size."""
WRITTEN = 2**28
"""It may write files of six times the size of the model, and this many bytes."""
MOST_ANSWER = 2**28
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL")
"""Of the environment; the rest may hold secrets."""

Say = Callable[[str], None]
Cancelled = Callable[[], bool]


def open_model(path: Path, weights: Path | None = None, say: Say = lambda text: None, cancelled: Cancelled = lambda: False) -> tuple[Project, list[str]]:
    """A project with the model of a `.keras` file, and what a person should know of it, as sentences.

    The weights go to the file `weights`, which the project names then; without it only the architecture is taken. `say` is told what is being done,
    and `cancelled` is asked twenty times a second. Raises `ImportProblem`; a file that was at `weights` is as it was then.
    """
    path = Path(path)
    try:
        with tempfile.TemporaryDirectory(prefix=".opening-", dir=weights.parent.absolute() if weights else None) as folder:
            answer = _ask(path, Path(folder), weights is not None, say, cancelled)
            if answer.refused or answer.project is None:
                raise ImportProblem(answer.refused)
            return _with_weights(answer.project, Path(folder) / OUTSIDE / WEIGHTS, weights), list(answer.problems)
    except FileNotFoundError as error:
        raise ImportProblem(f"There is no folder {weights.parent if weights else tempfile.gettempdir()} to write into.") from error
    except OSError as error:
        raise ImportProblem(f"{path} can't be opened: what is in it can't be written down ({error.strerror or error}).") from error


def _ask(path: Path, folder: Path, weights: bool, say: Say, cancelled: Cancelled) -> Answer:
    """Copy the file and have the process answer. Raises `ImportProblem`."""
    (folder / INSIDE).mkdir()
    (folder / OUTSIDE).mkdir()
    say("Copying the file…")
    model = folder / INSIDE / MODEL
    size = copying.copy(path, model, cancelled)
    if copying.is_hdf5(model):  # Keras goes by the ending
        model = model.rename(model.with_suffix(".h5"))
    request = Request(model.name, str(path), psutil.virtual_memory().total, TIMES * size + WRITTEN, weights)
    (folder / INSIDE / REQUEST).write_bytes(msgspec.json.encode(request))
    say("Looking at what the file holds…")
    with tempfile.TemporaryFile() as complaints:
        process = _started(folder, complaints)
        try:
            _watch(path, process, size, say, cancelled)
        finally:
            process.kill()
            process.communicate()
        return _answer(path, folder / OUTSIDE / ANSWER, process.returncode)


def _started(folder: Path, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    out = str(folder / OUTSIDE)
    own = {"HOME": out, "TMPDIR": out, "TEMP": out, "TMP": out, "KERAS_HOME": out, "KERAS_BACKEND": "tensorflow", "MALLOC_ARENA_MAX": "2"}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JOBLIB_MULTIPROCESSING": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ} | own | quiet
    command = (sys.executable, "-s", "-m", "ml.strangers.child", str(folder))
    flags = subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=complaints, cwd=ROOT, env=environment, creationflags=flags)


def _watch(path: Path, process: subprocess.Popen[bytes], size: int, say: Say, cancelled: Cancelled) -> None:
    """Until the process ends. Raises `ImportProblem` where it takes too long or too much, or is not wanted any more."""
    said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    assert process.stdout is not None
    reader = threading.Thread(target=_hear, args=(process.stdout, said), daemon=True)
    reader.start()
    began, first = time.monotonic(), True
    extra = size / BYTES_PER_SECOND
    while process.poll() is None:
        if cancelled():
            raise ImportProblem("It was cancelled.")
        taken = time.monotonic() - began
        if taken > (FIRST_SECONDS if first else SECONDS) + extra:
            raise ImportProblem(f"{path} was given up: looking at it took longer than {taken:,.0f} s.")
        if (held := _held(process.pid)) > MEMORY + TIMES * size:
            raise ImportProblem(f"{path} was given up: opening it took {held / 10**9:,.1f} GB of memory, more than a model of its size should.")
        try:
            say(_sentence(said.get(timeout=POLL_SECONDS)))
            first = False
        except queue.Empty:
            continue
    reader.join()


def _hear(stream: IO[bytes], said: queue.SimpleQueue[bytes]) -> None:
    """A line at a time, none longer than a sentence: what speaks here is not trusted."""
    while line := stream.readline(4096):
        said.put(line)


def _sentence(line: bytes) -> str:
    try:
        text = json.loads(line)
    except ValueError:
        return ""
    return text[:200] if isinstance(text, str) else ""


def _held(pid: int) -> int:
    try:
        return psutil.Process(pid).memory_info().rss
    except psutil.Error:  # it has just ended
        return 0


def _answer(path: Path, file: Path, status: int) -> Answer:
    """What the process wrote down. Raises `ImportProblem` where it ended otherwise."""
    try:
        if status == 0 and stat.S_ISREG(file.lstat().st_mode) and file.stat().st_size <= MOST_ANSWER:
            return msgspec.msgpack.decode(file.read_bytes(), type=Answer)
    except (OSError, msgspec.DecodeError) as error:
        raise ImportProblem(f"{path} can't be opened: what was found in it can't be read ({error}).") from error
    raise ImportProblem(f"{path} can't be opened: the process that looked at it {_end(status)}. Nothing of it was taken.")


def _end(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
    return f"was ended by the signal {name}"


def _with_weights(project: Project, written: Path, target: Path | None) -> Project:
    """The project with its weights, which are moved to their place, where there are some."""
    if target is None or not written.exists() or not stat.S_ISREG(written.lstat().st_mode):
        return project
    written.replace(target)
    return replace(project, weights=str(target.absolute()))
