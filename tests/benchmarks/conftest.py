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
    kept = _tables(PAGE.read_text()) if PAGE.exists() else {}
    tables = kept | {name: ["| what | measured | wished for |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)] for name, rows in ROWS.items()}
    head = HEAD.format(
        date=date.today(),
        machine=platform.machine(),
        cores=os.cpu_count(),
        python=platform.python_version(),
        keras=version("keras"),
        tensorflow=version("tensorflow"),
        qt=version("PySide6-Essentials"),
    )
    PAGE.write_text(head + "\n\n".join("\n".join([f"## {name}", "", *lines]) for name, lines in sorted(tables.items())) + "\n")


def _tables(page: str) -> dict[str, list[str]]:
    """The tables of the page as it is, so that measuring one part again leaves the others."""
    sections = page.split("\n## ")[1:]
    return {section.split("\n")[0]: [line for line in section.split("\n")[1:] if line.strip()] for section in sections}
