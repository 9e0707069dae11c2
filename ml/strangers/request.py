"""What is asked of the process that looks at a stranger's model, what it answers, and where in their folder both lie."""

from __future__ import annotations

import msgspec

from ml.project.project import Project

MODEL, REQUEST, INSIDE, OUTSIDE = "model.keras", "request.json", "in", "out"
ANSWER, WEIGHTS = "answer.msgpack", "weights.h5"


class Request(msgspec.Struct, frozen=True):
    """What the process is asked."""

    file: str
    """What its copy is called."""
    name: str
    """What sentences call the file."""
    machine: int
    """How many bytes of memory there are."""
    written: int
    """How many bytes a file may have that is written."""
    weights: bool
    """Whether the weights are wanted too."""


class Answer(msgspec.Struct, frozen=True):
    """What came out of it."""

    project: Project | None = None
    refused: str = ""
    problems: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    """What kept the process from doing anything else."""
