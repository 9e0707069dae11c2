"""The process that looks at a stranger's model and then has Keras load it: it gives up everything else first. `python -m ml.strangers.child FOLDER`"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from ml.strangers import ImportProblem, confinement, reading
from ml.strangers.reading import Read
from ml.strangers.request import ANSWER, INSIDE, MODEL, OUTSIDE, REQUEST, WEIGHTS, Answer, Request

DATA_MEMORY, DATA_SECONDS = 400 * 2**20, 60
"""What the reading as data may take: memory beside what is mapped already, in bytes, and time of the processor."""
KERAS_MEMORY, KERAS_SECONDS, TIMES = 5 * 2**30, 900, 6
"""The same for Keras, whose libraries map gigabytes that they never use; so many times the memory that the model needs comes to that."""


def main(folder: Path) -> None:
    """Answer the request that lies in a folder."""
    request = msgspec.json.decode((folder / INSIDE / REQUEST).read_bytes(), type=Request)
    out = folder / OUTSIDE
    held = confinement.confine((folder / INSIDE,), out, request.written)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        answer = _answer(folder / INSIDE / request.file, out, request)
    except ImportProblem as problem:
        answer = Answer(refused=str(problem))
    except MemoryError:
        answer = Answer(refused=f"{request.name} needs more memory than a model of its size should, and was given up.")
    except Exception as error:  # the last gate of the process: what nobody foresaw is told too
        answer = Answer(refused=f"{request.name} can't be opened: something unforeseen came of what is in it ({error!r:.200}).")
    (out / ANSWER).write_bytes(msgspec.msgpack.encode(replace(answer, held=held)))
    sys.stdout.flush()
    os._exit(0)  # what TensorFlow would still tidy up is of no use to anyone


def _answer(model: Path, out: Path, request: Request) -> Answer:
    confinement.limit(confinement.mapped() + DATA_MEMORY, DATA_SECONDS)
    name = Path(request.name)
    read = reading.read(model, out / "unpacked.h5", name, request.machine)
    _say("Starting Keras…")
    confinement.limit(KERAS_MEMORY + TIMES * read.needed, KERAS_SECONDS)
    from ml import importer  # Keras comes only once the data have passed

    if read.is_legacy:
        _say("Having Keras write it in its present format…")
        model = _rewritten(model, out / MODEL, name, read)
        read = reading.read(model, out / "unpacked.h5", name, request.machine)
    _say("Making the graph…")
    project, problems = importer.project_of(name, read, out / WEIGHTS if request.weights else None)
    _say("Having Keras load it…")
    return Answer(replace(project, weights=""), problems=(*problems, *_loaded(model, read)))


def _rewritten(model: Path, target: Path, name: Path, read: Read) -> Path:
    """A model of Keras's older format in its present one. Raises `ImportProblem`."""
    if read.strange:
        raise ImportProblem(f"{name}: {read.strange[0]} Keras can't open the older format without its code.")
    problem = _tried(lambda keras: keras.saving.load_model(model, safe_mode=True, compile=False).save(target))
    if problem:
        raise ImportProblem(f"{name}: Keras does not load it: {problem}.")
    return target


def _loaded(model: Path, read: Read) -> list[str]:
    """What is said of Keras's own loading, where it is not as it should be."""
    if read.strange or read.weights is None:
        return []
    problem = _tried(lambda keras: keras.saving.load_model(model, safe_mode=True, compile=False))
    return [f"Keras itself does not load it: {problem}."] if problem else []


def _tried(load: Callable[[Any], object]) -> str:
    """What Keras says against it, or nothing. Raises `MemoryError`."""
    import keras
    import tensorflow as tf

    try:
        load(keras)
    except tf.errors.ResourceExhaustedError as error:
        raise MemoryError from error
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OSError, RuntimeError, NotImplementedError, OverflowError, tf.errors.OpError) as error:
        first = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
        return first[:300].rstrip(".")
    return ""


def _say(text: str) -> None:
    print(json.dumps(text), flush=True)


def _end_with_parent() -> None:
    """Standard input ends when the process that asked is gone."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
