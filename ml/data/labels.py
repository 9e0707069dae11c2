"""What a model learns to say, checked and numbered before anything is trained on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ml.data.dataset import DataProblem, Dataset, Way
from ml.data.own import listed
from ml.project.parameters import Parameter

TASK = Parameter(
    "task",
    "choice",
    "auto",
    ("auto", "classification", "regression"),
    help="Tell classes apart, or predict a number. `auto`: classes where the target is text or one of a few whole numbers.",
)
NUMBER_LABELS = Parameter(
    "number_labels",
    "choice",
    "auto",
    ("auto", "yes", "no"),
    rare=True,
    help="Number the different labels 0, 1, 2 … in their order. `no`: they are such numbers already. `auto`: number them, but ask where −1 stands beside 0.",
)
CLASSES = Parameter("classes", "int", minimum=2, rare=True, help="How many classes there are, labelled 0, 1, 2 …; else as many as are found.")
FEW = 20
"""As many different whole numbers can be classes; more are numbers."""
MOST = 1000
"""So many different texts can be labels; more are hardly labels."""

Where = Callable[[int], str]
"""Where the label of a sample stands, in words."""


def is_classes(values: Sequence[float] | np.ndarray, count: int) -> bool:
    """Whether these different values of a target, of `count` samples, look like classes and not like measurements."""
    whole = all(float(value).is_integer() for value in values)
    return whole and 2 <= len(values) <= min(FEW, max(2, count // 2))


def named(values: np.ndarray, where: Where, number: str = "auto", classes: int | None = None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels (n,) of int32 for values (n,) of text or numbers, and the names of the classes. Raises `DataProblem` where a value can't be a label."""
    numbering = Way("Number the labels that there are", {"number_labels": "yes", "classes": None})
    if values.dtype.kind not in "biuf":
        texts, labels = np.unique(values.astype(str), return_inverse=True)
        if number == "no" or classes is not None:
            raise DataProblem(f"{where(0)}: the label is the text “{values[0]}”, and labels are numbers here: number them.", numbering)
        if len(texts) > MOST:
            raise DataProblem(f"{where(0)}: there are {len(texts):,} different texts for labels, too many for classes: choose another target.")
        return labels.astype("int32"), tuple(map(str, texts))
    if len(halves := np.flatnonzero(values != np.floor(values))):
        first = halves[0]
        raise DataProblem(f"{where(first)}: label {values[first]:g}, and classes are whole numbers.", Way("Learn it as a number", {"task": "regression"}))
    found = np.unique(values)
    if classes is not None or number == "no":
        count = classes or int(found.max()) + 1
        _check_range(values, max(count, 2), where, numbering)
        return values.astype("int32"), tuple(map(str, range(max(count, 2))))
    if number == "auto" and found[0] == -1 and 0 in found and len(found) > 2:
        _check_range(values, int(found.max()) + 1, where, Way("Take −1 as a class of its own", {"number_labels": "yes"}))
    labels = np.searchsorted(found, values)
    return labels.astype("int32"), tuple(f"{int(value)}" for value in found)


def check(dataset: Dataset, name: str) -> None:
    """The last gate before training, for every source. Raises `DataProblem` where there are no samples, where inputs and labels are not equally many,
    where a number is not finite, and where a label is none of the classes."""
    x, y = dataset.x, dataset.y
    if len(x) != len(y):
        raise DataProblem(f"{name} has {len(x):,} inputs and {len(y):,} labels: there must be one label for each input.")
    if not len(x):
        raise DataProblem(f"{name} has no samples.")
    if not np.isfinite(x).all():
        wrong = np.argwhere(~np.isfinite(x))
        value = x[tuple(wrong[0])]
        place = f"row {wrong[0][0] + 1}, {_column(dataset, wrong[0][1:])}"
        raise DataProblem(f"{name}, {place}: the value is {value}; there are {len(wrong):,} such values, and training needs numbers.")
    if dataset.task == "regression" and not np.isfinite(y).all():
        wrong = np.flatnonzero(~np.isfinite(y).reshape(len(y), -1).all(axis=1))
        raise DataProblem(
            f"{name}, row {wrong[0] + 1}: the target is {y[wrong[0]].ravel()[0]}; there are {len(wrong):,} such rows, and training needs numbers."
        )
    if dataset.task in ("classification", "segmentation"):
        _check_range(y, len(dataset.classes), lambda row: f"{name}, row {row + 1}")


def empty_classes(labels: np.ndarray, classes: tuple[str, ...]) -> str:
    """A sentence on the classes of which there is no sample, or nothing."""
    counts = np.bincount(labels, minlength=len(classes))
    missing = [name for name, count in zip(classes, counts, strict=True) if not count]
    return f"There is no sample of {listed(missing)}: the model can't learn what that is." if missing else ""


def _check_range(labels: np.ndarray, classes: int, where: Where, *ways: Way) -> None:
    wrong = np.flatnonzero((labels < 0) | (labels >= classes))
    if len(wrong):
        more = f" ({len(wrong):,} such rows)" if len(wrong) > 1 else ""
        raise DataProblem(f"{where(wrong[0])}: label {labels[wrong[0]]:g}, classes are 0 to {classes - 1}{more}.", *ways)


def _column(dataset: Dataset, place: np.ndarray) -> str:
    if len(place) == 1 and place[0] < len(dataset.features):
        return f"column {dataset.features[place[0]]}"
    return f"position {', '.join(str(index + 1) for index in place)}"
