"""What the studio promises to survive, and the page on which each promise stands with what was measured."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parents[2] / "docs" / "RELIABILITY.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
SCALE = float(os.environ.get("FAULTS_SCALE", "1"))
"""Which part of the full counts is tried; the figures say how many it were."""

WISHES = {
    "metrics survive": "0 databases unreadable, 0 committed rows lost, at most 1 s uncommitted",
    "checkpoints survive": "0 unusable; the previous always there",
    "exact resume": "equal hashes, all",
    "documents survive": "0 unreadable, at most 2 s of edits lost",
    "power cut": "0 databases, checkpoints and documents unreadable, 0 committed rows lost; at most 1 s uncommitted and 2 s of edits lost",
    "full disk": "0 old files damaged; goes on afterwards",
    "engine death": "the window answers each time, cause named within 2 s",
    "window death": "the run goes on each time, nothing missing in its history",
    "hostile files": "0 markers written, 0 outside reads, 0 connections, refusal within 1 s and 500 MB",
    "ordinary files": "0 refused",
    "event flood": "longest stall of the window 100 ms, memory flat",
    "soak": "memory slope under 1 MB an hour after warm-up, no growth of handles and threads",
    "random use": "0 crashes, 0 unexpected log lines; undoing all gives the start",
}
"""Every promise, and the figure that it makes."""


class Row(NamedTuple):
    """A promise with what was tried and what came of it."""

    promise: str
    test: str
    figure: str
    measured: str
    """When, how long it took, and the command."""


def times(full: int) -> int:
    """How often to try, of the full count: `FAULTS_SCALE` of it, and at least once."""
    return max(1, round(full * SCALE))


def row(promise: str, test: str, figure: str, seconds: float, file: str) -> Row:
    """A row of the table. `promise` is one of `WISHES`."""
    assert promise in WISHES, f"{promise} is no promise: {', '.join(WISHES)}"
    scale = f"FAULTS_SCALE={SCALE:g} " if SCALE != 1 else ""
    return Row(promise, test, figure, f"{date.today()}, {_duration(seconds)}: `{scale}pytest -m faults {file}`")


def write(rows: list[Row], page: Path = PAGE) -> None:
    """Put rows into the page, each in the place of its promise; what was not measured now stays as it was."""
    text = page.read_text("utf-8")
    head, _, rest = text.partition(BEGIN)
    old, _, tail = rest.partition(END)
    known = {found.promise: found for found in _rows(old)} | {new.promise: new for new in rows}
    page.write_text(f"{head}{BEGIN}\n{_table(known)}\n{END}{tail}", "utf-8")


def _table(known: dict[str, Row]) -> str:
    lines = [_machine(), "", "| promise | tried | wished for | found | measured |", "|---|---|---|---|---|"]
    for promise, wish in WISHES.items():
        _, test, figure, measured = known.get(promise, Row(promise, "–", "not measured yet", "–"))
        lines.append(f"| {promise} | {test} | {wish} | {figure} | {measured} |")
    return "\n".join(lines)


def _rows(table: str) -> list[Row]:
    cells = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return [Row(promise, test, figure, measured) for promise, test, _, figure, measured in cells[1:] if measured != "–"]


def _machine() -> str:
    facts = f"{platform.system()} {platform.release().partition('-')[0]}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{facts}, Keras {version('keras')}, TensorFlow {version('tensorflow')}, PySide6 {version('PySide6-Essentials')}."


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
