"""Arrays of one's own: NumPy's .npy and .npz files, and IDX files as MNIST came in."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

import numpy as np
from msgspec.structs import replace

from ml.data import array_files, own
from ml.data.array_headers import DAMAGED, NUMBERS, Header, headers
from ml.data.dataset import STANDARDIZE_TARGET, DataProblem, Source, Spec, Way
from ml.data.labels import CLASSES, FEW, MOST, NUMBER_LABELS, TASK, is_classes, named
from ml.project.parameters import Parameter

INPUTS = ("x_train", "X_train", "train_x", "x", "X", "data", "images", "inputs", "features")
LABELS = ("y_train", "train_y", "y", "Y", "labels", "label", "targets", "target")
"""What people call them in .npz files, in the order in which to look."""
FILES = ("*.npy", "*.npz", "*ubyte", "*.idx", "*.gz")
Read = TypeVar("Read")
SMALL = 4
"""Pixels across and down of the smallest picture that is taken for one."""

SOURCE = Source(
    id="arrays",
    title="Arrays (NumPy, IDX)",
    family=own.FAMILY,
    task="classification",
    kind="image",
    help="Samples in a .npy or .npz file or in an IDX file, as MNIST came in. Labels are an array in the same .npz, or in a file of their own.",
    origin=own.ORIGIN,
    licence=own.LICENCE,
    parameters=(
        Parameter("path", "file", required=True, choices=FILES, help="The file with the samples, the first axis counting them."),
        Parameter(
            "inputs", "text", "", help="Of a .npz file: which array has the samples; where nothing is written, what is called x, x_train, data or the like."
        ),
        Parameter("labels_path", "file", choices=FILES, help="The file with the labels or targets; none where they are in the same .npz file."),
        Parameter(
            "labels", "text", "", help="Of a .npz file: which array has the labels; where nothing is written, what is called y, y_train, labels or the like."
        ),
        Parameter(
            "kind",
            "choice",
            "auto",
            ("auto", "image", "table"),
            help="What a sample is. `auto`: a picture where it has height and width, and no, 1 or 3 channels.",
        ),
        replace(TASK, choices=(*TASK.choices, "none"), help=f"{TASK.help} none: without labels, as for autoencoders."),
        NUMBER_LABELS,
        CLASSES,
        STANDARDIZE_TARGET,
    ),
)


class Plan(NamedTuple):
    """All that must be known to read the arrays."""

    path: Path
    name: str
    header: Header
    is_image: bool
    labels_path: Path | None
    """None: there are no labels."""
    labels_name: str
    classes: tuple[str, ...]
    values: list[Any] | None
    """What stands for each class; None where the target is a number."""


def stamp(path: str, labels_path: str | None = None, **_: Any) -> own.Stamp:
    return own.stamp([own.place(place) for place in (path, labels_path) if place])


def spec(standardize_target: bool = True, **given: Any) -> Spec:
    plan = _plan(given)
    shape = plan.header.shape[1:] or (1,)
    task = "none" if plan.labels_path is None else "regression" if plan.values is None else "classification"
    kind = "image" if plan.is_image else "points" if shape == (2,) else "table"
    return Spec((*shape, 1) if plan.is_image and len(shape) == 2 else shape, classes=plan.classes, task=task, kind=kind)


def load(**given: Any) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (n, …), and labels (n,), targets (n, 1) or nothing (n, 0)."""
    plan = _plan(given)
    own.check_room(4 * plan.header.size // plan.header.dtype.itemsize + plan.header.size, f"All of {plan.path}")
    _, _, arguments = script(**given)
    with np.errstate(over="ignore"):  # what is too large for 32 bits is told as infinite
        return _guarded(plan.path, lambda: array_files.read(**arguments))


def script(standardize_target: bool = True, **given: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    """The function that reads the arrays and needs nothing of ours: its module, its name and its arguments."""
    plan = _plan(given)
    labels = str(plan.labels_path) if plan.labels_path else ""
    arguments = {"path": str(plan.path), "name": plan.name, "labels": labels, "labels_name": plan.labels_name}
    return array_files, "read", arguments | {"is_image": plan.is_image, "classes": plan.values}


def _plan(given: dict[str, Any]) -> Plan:
    options = {name: value for name, value in given.items() if name != "standardize_target"}
    return _planned(stamp(**options), tuple(options.items()))


@lru_cache(maxsize=4)
def _planned(stamp: own.Stamp, options: tuple[tuple[str, Any], ...]) -> Plan:
    """`stamp` is there so that a changed file is read again."""
    chosen = dict(options)
    path = own.regular_file(chosen["path"])
    found = headers(path)
    name = _called(found, chosen["inputs"], INPUTS, path) or max(found, key=lambda name: found[name].size)
    header = found[name]
    what = f"{path}{f', array {name}' if name else ''}"
    if header.dtype.kind not in NUMBERS:
        raise DataProblem(f"{what} holds text, and samples must be numbers.")
    if not header.shape or not header.size:
        raise DataProblem(f"{what} has no samples: its shape is {header.shape}.")
    plan = Plan(path, name, header, _is_image(header, chosen["kind"], what), None, "", (), None)
    place = own.regular_file(chosen["labels_path"]) if chosen["labels_path"] else path
    others = headers(place) if place != path else {other: about for other, about in found.items() if other != name}
    label = _called(others, chosen["labels"], LABELS, place)
    if chosen["task"] == "none" or (label is None and place == path):
        if chosen["task"] not in ("auto", "none"):
            raise DataProblem(f"{path} has no labels in it: choose the file that has them (labels_path), or the array (labels).")
        return plan
    label = label if label is not None else next(iter(others))
    if others[label].shape[:1] != header.shape[:1]:
        count = others[label].shape[0] if others[label].shape else 1
        raise DataProblem(
            f"{what} has {header.shape[0]:,} samples, and {place}{f', array {label},' if label else ''} has {count:,} labels: there must be one for each."
        )
    return _labelled(plan._replace(labels_path=place, labels_name=label), chosen)


def _called(found: dict[str, Header], wanted: str, usual: tuple[str, ...], path: Path) -> str | None:
    """The name of the array that is wanted, or that has a usual name, or None. Raises `DataProblem` where the wanted one is not there."""
    if wanted and wanted not in found:
        raise DataProblem(f"{path} has no array {wanted!r}; it has: {own.listed([name or 'one without a name' for name in found], 12) or 'no other'}.")
    return wanted or next((name for name in usual if name in found), None)


def _is_image(header: Header, kind: str, what: str) -> bool:
    sizes = header.shape[1:]
    fits = len(sizes) == 2 or (len(sizes) == 3 and sizes[-1] in (1, 3))
    if kind == "image" and not fits:
        raise DataProblem(f"{what} has the shape {header.shape}; pictures have (count, height, width), or (count, height, width, 1 or 3).")
    return kind == "image" or (kind == "auto" and fits and min(sizes[:2]) >= SMALL)


def _labelled(plan: Plan, chosen: dict[str, Any]) -> Plan:
    """The plan with its classes, or without, where the target is a number."""
    place, name = plan.labels_path, plan.labels_name
    assert place is not None
    what = f"{place}{f', array {name}' if name else ''}"
    values: np.ndarray = _guarded(place, lambda: array_files.array(str(place), name))
    if values.ndim != 1 and values.shape[1:] != (1,):
        return plan._replace(**_one_hot(values, what, chosen["classes"]))
    values = values.reshape(-1)
    if values.dtype.kind in "f" and not np.isfinite(values).all():
        wrong = np.flatnonzero(~np.isfinite(values))
        raise DataProblem(f"{what}, row {wrong[0] + 1}: the label is {values[wrong[0]]}; there are {len(wrong):,} such rows, and a label must be a number.")
    is_text = values.dtype.kind not in NUMBERS
    if chosen["task"] == "regression" and is_text:
        raise DataProblem(f"{what} holds texts, which are no numbers to predict.", Way("Tell them apart as classes", {"task": "auto"}))
    counted = is_text or chosen["classes"] is not None or _are_labels(values)
    if chosen["task"] == "regression" or (chosen["task"] == "auto" and not counted):
        return plan
    _, names = named(values, lambda row: f"{what}, row {row + 1}", chosen["number_labels"], chosen["classes"])
    if len(names) < 2:
        raise DataProblem(f"{what} holds nothing but {names[0] if names else 'nothing'}, and to tell apart there must be two classes.")
    numbered = is_text or (chosen["number_labels"] != "no" and chosen["classes"] is None)
    return plan._replace(classes=names, values=np.unique(values).tolist() if numbered else list(range(len(names))))


def _are_labels(values: np.ndarray) -> bool:
    """Whether numbers look like classes: a few whole ones, or all from 0 up."""
    found = np.unique(values)
    counted = values.dtype.kind in "biu" and len(found) <= MOST and np.array_equal(found, np.arange(len(found)))
    return counted or is_classes(found[: FEW + 1], len(values))


def _one_hot(values: np.ndarray, what: str, classes: int | None) -> dict[str, Any]:
    """Classes by their column. Raises `DataProblem` where a row has not a single 1, or not as many columns as there are classes."""
    width = values.shape[-1]
    if values.ndim > 2 or values.dtype.kind not in NUMBERS:
        raise DataProblem(f"{what} has the shape {values.shape}; labels are one for each sample, or one-hot: (samples, classes).")
    wrong = np.flatnonzero(((values != 0) & (values != 1)).any(axis=1) | ((values == 1).sum(axis=1) != 1))
    if len(wrong):
        row = np.array2string(values[wrong[0]], threshold=8)
        raise DataProblem(f"{what}, row {wrong[0] + 1}: {row} is no one-hot label, which has a single 1 among zeros ({len(wrong):,} such rows).")
    if classes is not None and classes != width:
        raise DataProblem(
            f"{what} has one-hot labels of {width} columns, and classes is {classes}: they must be equal.", Way(f"{width} classes", {"classes": width})
        )
    names = tuple(map(str, range(width)))
    return {"classes": names, "values": list(range(width))}


def _guarded(path: Path, read: Callable[[], Read]) -> Read:
    """What is read. Raises `DataProblem` where the file turns out to be damaged."""
    try:
        return read()
    except DAMAGED as error:
        raise DataProblem(f"{path} is damaged: {str(error).rstrip('.')[:200] or type(error).__name__}.") from error
