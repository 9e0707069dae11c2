"""How a text file holds a table: its separator, its decimal mark, its header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ml.data.csv_cells import number, rows
from ml.data.dataset import DataProblem
from ml.data.encodings import encoding_of
from ml.data.own import listed

SEPARATORS = {"auto": "", "comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "space": " "}
TRIED = ("semicolon", "tab", "bar", "comma", "space")
"""In this order, for a decimal comma stands in cells, and a semicolon hardly does."""
AGREEING = 0.8
"""The part of the lines that a separator must cut into equally many cells."""
LINES = 200
COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
POINT = re.compile(r"[+-]?\d*\.\d+([eE][+-]?\d+)?")


class Layout(NamedTuple):
    """What must be known to read the cells."""

    encoding: str
    separator: str
    comma: bool
    """Whether decimals come after a comma."""
    names: tuple[str, ...]
    """Of the columns."""
    skip: int
    """How many rows stand above the data: 1 where there is a header."""
    notes: tuple[str, ...]


def layout(path: Path, encoding: str, separator: str, decimal: str, header: str) -> Layout:
    """Find out what is `auto`. Raises `DataProblem` where the file is empty, or no table."""
    if not path.stat().st_size:
        raise DataProblem(f"{path} is empty.")
    code = encoding_of(path, encoding)
    mark = SEPARATORS[separator] or _separator(path, code)
    first = list(islice(checked_rows(path, code, mark), LINES))
    if not first:
        raise DataProblem(f"{path} has no rows: there is nothing but blank lines in it.")
    cells = [cells for _, cells in first]
    comma = decimal == "comma" or (decimal == "auto" and mark != "," and _has_decimal_comma(cells))
    has_header = header == "yes" or (header == "auto" and _has_header(cells, comma))
    width = len(cells[0]) if has_header else Counter(map(len, cells)).most_common(1)[0][0]
    names, notes = _named(cells[0] if has_header else [""] * width)
    if not has_header:
        notes = [f"{path.name} has no header, so its columns are called {listed(list(names), 3)}."]
    return Layout(code, mark, comma, names, int(has_header), tuple(notes))


def checked_rows(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows; raises `DataProblem` with the line where there are no cells to be had."""
    number = 0
    try:
        for number, cells in rows(str(path), encoding, separator):
            yield number, cells
    except csv.Error as error:
        raise DataProblem(f"{path}, after line {number}: {error}. Is a quotation mark not closed?") from error
    except (OSError, UnicodeError) as error:
        raise DataProblem(f"{path} can't be read after line {number}: {error}.") from error


def _separator(path: Path, encoding: str) -> str:
    """What cuts most lines into equally many cells, two at least; else a comma."""
    best, agreed = ",", 0.0
    for name in TRIED:
        widths = [len(cells) for _, cells in islice(checked_rows(path, encoding, SEPARATORS[name]), LINES)]
        width, times = Counter(widths).most_common(1)[0] if widths else (0, 0)
        if width < 2:
            continue
        if times >= AGREEING * len(widths):
            return SEPARATORS[name]
        if times / len(widths) > agreed and name != "space":
            best, agreed = SEPARATORS[name], times / len(widths)
    return best


def _has_decimal_comma(table: list[list[str]]) -> bool:
    cells = [cell for row in table for cell in row]
    return sum(map(bool, map(COMMA.fullmatch, cells))) > sum(map(bool, map(POINT.fullmatch, cells)))


def _has_header(table: list[list[str]], comma: bool) -> bool:
    """Whether the first row has names: no number, and no gap above text."""
    first = table[0]
    if any(number(cell, comma) is not None for cell in first):
        return False
    columns = list(zip(*(row for row in table[1:] if len(row) == len(first)), strict=True))
    numeric = any(number(cell, comma) is not None for column in columns for cell in column)
    return numeric or not columns or (all(first) and not any(name in column for name, column in zip(first, columns, strict=True)))


def _named(header: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """A name of its own for each column, and what was done for it."""
    names: list[str] = []
    nameless, twice = [], []
    for place, name in enumerate(header, 1):
        given = name or f"column {place}"
        if not name:
            nameless.append(given)
        if given in names:
            original = names.index(given) + 1
            copy = next(wish for count in range(2, place + 2) if (wish := f"{given} ({count})") not in names and wish not in header)
            twice.append(f"columns {original} and {place} are both called {given}: the second is {copy} here")
            given = copy
        names.append(given)
    notes = [f"The header has no name for {listed(nameless)}."] if nameless else []
    return tuple(names), notes + ([f"In the header {listed(twice)}."] if twice else [])
