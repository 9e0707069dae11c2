"""What stands in the columns of a table: numbers, texts, gaps, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ml.data.csv_cells import MISSING, number
from ml.data.csv_layout import Layout, checked_rows
from ml.data.labels import MOST

LARGEST = 3.4e38
"""Of a number with 32 bits; what is beyond is infinite."""
Place = tuple[int, int]
"""A row of the data, from 1, and its line in the file."""


@dataclass
class Column:
    """What is in a column, counted."""

    name: str
    place: int
    numbers: int = 0
    words: int = 0
    """Cells that are neither numbers nor gaps."""
    gaps: int = 0
    infinite: int = 0
    total: float = 0.0
    texts: dict[str, int] = field(default_factory=dict)
    """How often each text stands there, numbers too, of the first `MOST` + 1 that differ."""
    firsts: dict[str, Place] = field(default_factory=dict)
    """Where each of them stands first."""
    first_gap: Place = (0, 0)
    first_infinite: Place = (0, 0)
    first_word: tuple[str, Place] = ("", (0, 0))

    @property
    def is_number(self) -> bool:
        """Whether the column is one of numbers, though some words may have strayed into it."""
        return self.numbers + self.infinite >= max(1, self.words)

    @property
    def mean(self) -> float:
        """Of its numbers."""
        return self.total / max(self.numbers, 1)

    @property
    def commonest(self) -> str:
        """The text that stands there most often."""
        return max(sorted(self.texts), key=self.texts.__getitem__, default="")

    def take(self, cell: str, comma: bool, place: Place) -> None:
        """Count one cell."""
        value = number(cell, comma)
        if value is None or value != value:
            if cell.lower() in MISSING:
                self.gaps += 1
                self.first_gap = self.first_gap if self.gaps > 1 else place
                return
            self.words += 1
            if self.words == 1:
                self.first_word = cell, place
        elif abs(value) < LARGEST:
            self.numbers += 1
            self.total += value
        else:
            self.infinite += 1
            self.first_infinite = self.first_infinite if self.infinite > 1 else place
            return
        if cell in self.texts:
            self.texts[cell] += 1
        elif len(self.texts) <= MOST:
            self.texts[cell] = 1
            self.firsts[cell] = place


@dataclass
class Table:
    """The columns that are used, and the rows that can't be."""

    columns: list[Column]
    width: int
    """How many cells a row should have."""
    rows: int = 0
    gappy: int = 0
    """Rows with a gap, or something infinite, in a column that is used."""
    ragged: int = 0
    first_ragged: tuple[int, int] = (0, 0)
    """The line, and how many cells it has."""


def table(path: Path, layout: Layout, used: Iterable[int]) -> Table:
    """Read all rows, and count what is in the columns at these places. Raises `DataProblem`."""
    columns = [Column(layout.names[place], place) for place in used]
    found = Table(columns, len(layout.names))
    for index, (line, cells) in enumerate(checked_rows(path, layout.encoding, layout.separator)):
        if index < layout.skip:
            continue
        found.rows += 1
        if len(cells) != found.width:
            found.ragged += 1
            found.first_ragged = found.first_ragged if found.ragged > 1 else (line, len(cells))
            continue
        before = sum(column.gaps + column.infinite for column in columns)
        for column in columns:
            column.take(cells[column.place], layout.comma, (found.rows, line))
        found.gappy += sum(column.gaps + column.infinite for column in columns) > before
    return found
