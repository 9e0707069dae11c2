"""What a person sees of a dataset before training on it."""

from __future__ import annotations

import numpy as np

from ml.data import arguments, divide, load, module, spec
from ml.data.dataset import PARTS, Dataset
from ml.data.placing import places
from ml.data.words import described
from ml.events import Array, Previewed
from ml.project.project import Data

SAMPLES = 200
VALUES = 2_000_000
"""At most so many numbers in a preview, and at least twelve samples."""
TEXTS = 24


def preview(id: int, data: Data) -> Previewed:
    """The answer to `Preview`: samples in their own units, the labels, and how many samples, or pixels, there are of each class.

    Beyond what `Previewed` names, `arrays` holds `target_scale`, (2, 1) mean and deviation, where the model learns
    `(target - mean) / deviation` instead, and of a graph, of which all nodes are shown, their `places` (n, 2). Raises `DataProblem`.
    """
    dataset, x, y = _from_files(data) if hasattr(module(data.id), "some") else _from_memory(data)
    arrays = {}
    if dataset.target_scale is not None:
        y = dataset.target_scale.raw(y)
        arrays["target_scale"] = Array.of(np.stack([dataset.target_scale.mean, dataset.target_scale.deviation]))
    if dataset.kind == "graph":
        arrays["places"] = Array.of(places(x))
    if dataset.classes:
        arrays["counts"] = Array.of(np.stack([np.bincount(_labels(dataset, part), minlength=len(dataset.classes)) for part in PARTS]))
    return Previewed(
        id=id,
        kind=dataset.kind,
        shape=x.shape[1:],
        classes=dataset.classes,
        sizes={part: len(dataset.parts[part]) for part in PARTS},
        arrays={"x": Array.of(x), "y": Array.of(y), **arrays},
        features=dataset.features,
        notes=dataset.notes,
        spec=spec(data),
        texts=tuple(described(dataset, *sample) for sample in zip(x[:TEXTS], y, strict=False)) if dataset.tokens or dataset.kind == "pairs" else (),
    )


def _from_memory(data: Data) -> tuple[Dataset, np.ndarray, np.ndarray]:
    """A dataset, and the samples of it that are shown."""
    dataset = load(data)
    chosen = np.arange(len(dataset.x)) if dataset.kind == "graph" else dataset.parts["train"][: _count(dataset.shape)]
    return dataset, dataset.x[chosen], dataset.y[chosen]


def _from_files(data: Data) -> tuple[Dataset, np.ndarray, np.ndarray]:
    """The same where each sample lies in a file of its own: no others are read, and the dataset is without samples."""
    source, told, given = module(data.id), spec(data), arguments(data)
    labels = source.labels(**given)
    parts = divide(told, data, labels)
    x, y, *notes = source.some(parts["train"][: _count(told.shape)], **given)
    return Dataset(x[:0], labels, parts, told.kind, told.task, told.classes, told.features, notes=(*told.notes, *notes)), x, y


def _labels(dataset: Dataset, part: str) -> np.ndarray:
    """All labels of a part: of samples, or of pixels; blanks are none."""
    y = dataset.y[dataset.parts[part]]
    if dataset.task == "transcription":
        return y[y > 0]
    return y[:, 0].astype(int) if dataset.task == "detection" else y.reshape(-1)


def _count(shape: tuple[int, ...]) -> int:
    return min(SAMPLES, max(12, VALUES // int(np.prod(shape))))
