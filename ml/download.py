"""Downloads a dataset through `keras.datasets`, in a process of its own: `python -m ml.download ID`.

It says on standard output how far it is, a JSON object a line: `{"got": bytes, "size": bytes}`, and where it fails `{"problem": sentence}`. What comes lies in
a folder aside until it is whole and its digest is right. When standard input ends, so does the process, and leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import psutil

from ml import data
from ml.data import downloads
from ml.data.dataset import DataProblem, File, Source

ASIDE = ".downloading-"
"""What the name of a folder with unfinished files begins with; the number of its process follows."""
PATIENCE_SECONDS = 60
"""How long a server may say nothing."""
TELL_SECONDS = 0.1
FINE, FAILED = 0, 1


def main(id: str) -> int:
    """Download all files of one source; the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one who watches
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(FAILED))
    source = data.module(id).SOURCE
    sys.stdout, output = sys.stderr, sys.stdout  # what Keras prints is not for who reads here
    try:
        folder = downloads.folder()
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with tempfile.TemporaryDirectory(prefix=f"{ASIDE}{os.getpid()}-", dir=folder) as home:
            threading.Thread(target=_end_with_input, args=(Path(home),), daemon=True).start()
            os.environ["KERAS_HOME"] = home
            with _telling(source, Path(home), output):
                fetch(source, folder)
            keep(source, Path(home), folder)
    except DataProblem as problem:
        _say(output, problem=str(problem))
    except OSError as error:
        _say(output, problem=f"{source.title} can't be kept in {downloads.folder()}: {error.strerror or error}.")
    else:
        return FINE
    return FAILED


def fetch(source: Source, folder: Path) -> None:
    """Have Keras download the files, which are to lie in `folder`, to what it takes for its home, and check them. Raises `DataProblem` where it can't."""
    socket.setdefaulttimeout(PATIENCE_SECONDS)
    import keras

    module = getattr(keras.datasets, source.id)
    try:
        module.load_data()
        if hasattr(module, "get_word_index"):
            module.get_word_index()
    except Exception as error:  # Keras raises bare ones
        raise DataProblem(problem(source, error, folder)) from error


def problem(source: Source, error: Exception, folder: Path) -> str:
    """What went wrong, and what would help where there is no network."""
    failed = re.search(r"URL fetch failure on (\S+): (\S+) -- (.*)", str(error), re.DOTALL)
    if failed:
        url, code, reason = failed.groups()
        host = re.sub(r"^\w+://([^/]+).*", r"\1", url)
        why = f"{host} answered {code} {reason}" if code.isdigit() else f"{host} can't be reached ({reason.strip()})"
        there = folder / _file(source, url).name
        return f"{source.title} was not downloaded: {why}. Without a network, fetch {url} on another machine and put it here: {there}"
    if "hash" in str(error):
        return f"{source.title} was not kept: what came is damaged, or another file, for its digest is not the one that Keras knows. Try again."
    if isinstance(error, TimeoutError | ConnectionError):
        return f"{source.title} was not downloaded: the connection was lost ({error or type(error).__name__}). Try again."
    return f"{source.title} was not downloaded: {error or type(error).__name__}."


def keep(source: Source, home: Path, folder: Path) -> None:
    """Move what is whole to where it belongs. Raises `DataProblem` where a file is another than it should be."""
    came = {file: home / "datasets" / file.name for file in source.files}
    for file, path in came.items():
        if not downloads.is_right(path, file.digest):
            raise DataProblem(f"{source.title} was not kept: {Path(file.name).name} is damaged, or another file, for its digest is not the known one.")
    for file, path in came.items():
        (folder / file.name).parent.mkdir(exist_ok=True)
        path.replace(folder / file.name)


def _file(source: Source, url: str) -> File:
    """Which file of a source an address is of; an archive has another name there."""
    return next((file for file in source.files if Path(file.name).name == url.rpartition("/")[2]), source.files[0])


@contextlib.contextmanager
def _telling(source: Source, home: Path, output: TextIO) -> Iterator[None]:
    """Say how far it is, while it goes on."""
    ended = threading.Event()

    def tell() -> None:
        before, size = -1, downloads.size(source)
        while not ended.wait(TELL_SECONDS):
            paths = [home / "datasets" / file.name for file in source.files]
            got = sum(path.stat().st_size for path in paths if path.exists())
            if got != before:
                before = got
                _say(output, got=min(got, size), size=size)

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _say(output: TextIO, **facts: str | int) -> None:
    print(json.dumps(facts), file=output, flush=True)


def _end_with_input(home: Path) -> None:
    """End when nobody watches any more."""
    while os.read(0, 1024):
        """Nobody has anything to say."""
    shutil.rmtree(home, ignore_errors=True)
    os._exit(FAILED)


def _sweep(folder: Path) -> None:
    """Remove what was left by processes that were killed."""
    for left in folder.glob(f"{ASIDE}*"):
        process = left.name.removeprefix(ASIDE).partition("-")[0]
        if process.isdigit() and not psutil.pid_exists(int(process)):
            shutil.rmtree(left, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
