"""A model file as data, without Keras: read, measured, held against what Keras has, and refused with a sentence where it is not a model alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.strangers import ImportProblem, archive, configs, copying, hdf5, legacy, memory

SHOWN = 5
"""So many reasons are told; of more only their number."""
MOST_OVER, FREE = 16, 256 * 2**20
"""How many times the weights that a file holds its configuration may ask for, beside this many bytes that are always allowed."""
RESERVE = 2**30
"""What Keras and TensorFlow need for themselves, in bytes."""


@dataclass(frozen=True)
class Read:
    """What a model file holds."""

    config: dict[str, Any]
    weights: Path | None
    """The unpacked file of its weights, where it has one."""
    needed: int
    """The bytes of memory that the model needs for its weights and for one sample."""
    odd: list[str]
    """What a person should know of it, as sentences."""
    strange: list[str]
    """The layers of somebody's own in it; where there are some, Keras can't load it as it is."""
    is_legacy: bool = False
    """Whether it is a model in HDF5, which Keras has to write anew before the weights of its layers can be told apart."""


def read(path: Path, unpacked: Path, name: Path | None = None, machine: int = 0) -> Read:
    """Read a file's model; its weights are put into the file `unpacked`.

    Sentences call the file `name`, which is where it was before it was copied. `machine` is how many bytes of memory there are; 0: it is not asked.
    Raises `ImportProblem`.
    """
    shown = name or path
    odd: list[str] = []
    declared: int | None = None
    if is_legacy := _is_legacy(path, shown):
        config, declared = legacy.read(path, shown)
    else:
        config, odd = archive.read(path, unpacked, shown)
    try:
        configs.check_kind(config)
        found = list(configs.look(config))
    except ImportProblem as problem:
        raise ImportProblem(f"{shown}: {problem}") from problem
    except (RecursionError, TypeError, ValueError, OverflowError) as error:  # a shape that Keras never writes
        raise ImportProblem(f"{shown}: its configuration is not as Keras writes it ({error!r}).") from error
    refused = list(dict.fromkeys(str(finding) for finding in found if finding.refused))
    if refused:
        raise ImportProblem(f"{shown} is not opened: {_told(refused)}")
    if not is_legacy and unpacked.is_file():
        declared = hdf5.check(unpacked, f"{shown}: {archive.WEIGHTS}")
    needed = _needed(shown, config, declared, machine)
    strange = [str(finding) for finding in found if not finding.refused]
    return Read(config, unpacked if unpacked.is_file() else None, needed, odd, strange, is_legacy)


def _is_legacy(path: Path, shown: Path) -> bool:
    try:
        return copying.is_hdf5(path)
    except OSError as error:
        raise ImportProblem(f"{shown} can't be read: {error.strerror or error}.") from error


def _needed(shown: Path, config: dict[str, Any], declared: int | None, machine: int) -> int:
    weights = memory.weights(config)
    needed = max(weights, declared or 0) + memory.activations(config)
    if machine and needed + RESERVE > machine:
        raise ImportProblem(f"{shown} needs about {_gigabytes(needed)} GB of memory, and this machine has {_gigabytes(machine)} GB.")
    if declared is not None and weights > MOST_OVER * declared + FREE:
        raise ImportProblem(f"{shown} asks for {_gigabytes(weights)} GB of weights, and the file holds {_gigabytes(declared)} GB of them.")
    return needed


def _told(sentences: list[str]) -> str:
    more = len(sentences) - SHOWN
    return " ".join(sentences[:SHOWN]) + (f" And {more:,} more." if more > 0 else "")


def _gigabytes(count: int) -> str:
    return f"{count / 10**9:,.1f}" if count < 10**15 else "more than a million"
