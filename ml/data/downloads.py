"""Datasets that `keras.datasets` downloads: where they lie on this machine, and whether they are there and whole."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

from ml.data.dataset import DataProblem, File, Source, Way
from ml.data.own import in_words, listed

COMMAND = (sys.executable, "-m", "ml.download")
"""The process that downloads the dataset whose id follows; see there for what it says."""
ROOT = Path(__file__).parents[2]
"""Where to start it."""
SEED = 113
"""With which Keras puts samples in another order than their file has them."""


def folder() -> Path:
    """Keras's folder of datasets: in `KERAS_HOME`, or ~/.keras, or where that can't be written to in the system's folder for temporary files."""
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    if home.exists() and not os.access(home, os.W_OK) and not (home / "datasets").is_dir():
        home = Path("/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()) / ".keras"
    return home.absolute() / "datasets"


def place(file: File) -> Path:
    """Where a file lies, or would lie."""
    return folder() / file.name


def size(source: Source) -> int:
    """How many bytes there are to download."""
    return sum(file.size for file in source.files)


def check(source: Source) -> None:
    """Raises `DataProblem` where a file of the source is not on this machine, or is not what it should be."""
    missing = [file for file in source.files if not place(file).is_file()]
    if missing:
        names = listed([Path(file.name).name for file in missing])
        here = place(missing[0]).parent
        raise DataProblem(
            f"{source.title} is not on this machine yet: download it in the Data panel or with `main.py download {source.id}`, or put {names} into {here}.",
            download(source),
        )
    for file in source.files:
        if not is_right(place(file), file.digest):
            raise DataProblem(f"{place(file)} is not the file that keras.datasets knows: it is damaged, or another one.", download(source, again=True))


def download(source: Source, again: bool = False) -> Way:
    """The way out where a source is not here, or is here but damaged."""
    return Way(f"Download it{' again' if again else ''} ({in_words(size(source))})", download=source.id)


def is_right(path: Path, digest: str) -> bool:
    """Whether a file has this SHA-256 or MD5."""
    about = path.stat()
    return _digest(path, "md5" if len(digest) == 32 else "sha256", about.st_mtime_ns, about.st_size) == digest


@lru_cache(maxsize=32)
def _digest(path: Path, algorithm: str, changed: int, size: int) -> str:
    """`changed` and `size` are there so that a changed file is read again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()
