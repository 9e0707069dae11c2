"""Benchmarks write what they measured, with what was wished for, into docs/PERFORMANCE.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "PERFORMANCE.md"
HEAD = """# How fast

Measured by `make bench` on {date} ({machine}, {cores} cores, Python {python}, Keras {keras}, TensorFlow {tensorflow}, PySide6 {qt}).
The machine is shared and noisy: both sides of a ratio were measured in one run, in turns, and no test depends on a time.

"""

Row = tuple[str, str, str]
Record = Callable[[str, str, str, str], None]
ROWS: dict[str, list[Row]] = {}


@pytest.fixture
def record() -> Record:
    """Note a measurement: the table it belongs to, what was measured, the value, and what was wished for."""

    def note(table: str, what: str, value: str, wish: str) -> None:
        ROWS.setdefault(table, []).append((what, value, wish))
        print(f"\n{table}: {what}: {value} (wished for: {wish})")

    return note


def pytest_sessionfinish() -> None:
    if not ROWS:
        return
    tables = _rows(PAGE.read_text()) if PAGE.exists() else {}
    for name, rows in ROWS.items():
        tables.setdefault(name, {}).update({row[0]: row for row in rows})
    head = HEAD.format(
        date=date.today(),
        machine=platform.machine(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        keras=version("keras"),
        tensorflow=version("tensorflow"),
        qt=version("PySide6-Essentials"),
    )
    PAGE.write_text(head + "\n\n".join(_table(name, list(rows.values())) for name, rows in sorted(tables.items())) + "\n")


def _table(name: str, rows: list[Row]) -> str:
    lines = ["| what | measured | wished for |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join([f"## {name}", "", *lines])


def _rows(page: str) -> dict[str, dict[str, Row]]:
    """The rows of the page as it is by table and by what was measured, so that measuring one part again leaves the others."""
    tables: dict[str, dict[str, Row]] = {}
    for section in page.split("\n## ")[1:]:
        lines = section.splitlines()
        cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")][1:]
        tables[lines[0]] = {row[0]: (row[0], row[1], row[2]) for row in cells}
    return tables
