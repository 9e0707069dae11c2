"""The cells of a table in a text file: the functions stand in exported scripts as they are here, and need nothing of ours."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Sequence

import numpy as np

MISSING = ("", "na", "n/a", "#n/a", "nan", "null", "none", "<na>", "?")
"""What people write where there is nothing, in lower case."""


def rows(path: str, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of a table that are not blank, as cells without the blanks around them, each with its number in the file."""
    with open(path, encoding=encoding, newline="") as file:  # noqa: PTH123 - as short as it can be, for a script
        reader = csv.reader((line.replace("\0", "") for line in file), delimiter=separator, skipinitialspace=True)
        for row in reader:
            if row and any(cells := [cell.strip() for cell in row]):
                yield reader.line_num, cells


def number(cell: str, comma: bool) -> float | None:
    """The number in a cell, or None; `comma` says that decimals come after a comma."""
    try:
        return float(cell.replace(",", ".") if comma else cell) if "_" not in cell else None
    except ValueError:
        return None


def read(
    path: str,
    encoding: str,
    separator: str,
    comma: bool,
    skip: int,
    width: int,
    columns: Sequence[tuple[int, Sequence[str] | None, float | str | None]],
    target: int,
    classes: dict[str, int] | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (rows, features), and labels (rows,) or targets (rows, 1), of a table of `width` columns, the first `skip` rows left out.

    A column is its place, its texts (each becomes a feature, 1 where it stands) or None for numbers, and what stands in for an empty cell. `classes` are
    the labels by text, or None where the target is a number. What can't be read so is left out with its row.
    """
    x, y = array("f"), array("f")
    for index, (_, cells) in enumerate(rows(path, encoding, separator)):
        if index < skip or len(cells) != width:
            continue
        values = features(cells, columns, comma)
        goal = answer(cells[target], classes, comma)
        if values is not None and goal is not None:
            x.extend(values)
            y.append(goal)
    inputs = np.array(x, "float32").reshape(len(y), len(x) // max(len(y), 1))
    goals = np.array(y, "float32")
    return inputs, goals.reshape(-1, 1) if classes is None else goals.astype("int32")


def features(cells: list[str], columns: Sequence[tuple[int, Sequence[str] | None, float | str | None]], comma: bool) -> list[float] | None:
    """The inputs of a row, or None where a cell can't be read."""
    values = []
    for place, texts, instead in columns:
        cell = cells[place]
        if texts is not None:
            text = instead if cell.lower() in MISSING else cell
            if text not in texts:
                return None
            values += [float(text == other) for other in texts]
        else:
            value = number(cell, comma)
            if value is None or not abs(value) < 3.4e38:
                if instead is None:
                    return None
                value = float(instead)
            values.append(value)
    return values


def answer(cell: str, classes: dict[str, int] | None, comma: bool) -> float | None:
    """The label or the target in a cell, or None where there is none."""
    value = number(cell, comma)
    if classes is None:
        return value if value is not None and abs(value) < 3.4e38 else None
    if cell.lower() in MISSING:
        return None
    known = classes.get(cell)
    return classes.get(f"{value:g}") if known is None and value is not None else known
