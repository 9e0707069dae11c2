"""How long the list of a thousand runs takes: read for the first time, once more, in another session, searched and sorted."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from app.panels.runs.model import RunsModel
from app.panels.runs.query import terms
from app.panels.runs.table import RunsTable
from ml.runs.labels import Labels
from ml.runs.listing import Listing
from tests.benchmarks.conftest import Record
from tests.ml.runs.some_runs import done, epoch, make

RUNS = 1000
TABLE = "A thousand runs"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 30 epochs and 300 measurements in between each."""
    runs = tmp_path_factory.mktemp("runs")
    said = [epoch(number, 1 / number, 1 - 1 / number) for number in range(1, 31)]
    blocks = [event for each in said for event in (type(each)("block", each.step, each.epoch, {"loss": 0.1}),) * 10]
    first = make(runs / "run-0", *blocks, *said, done(runs))
    for number in range(1, RUNS):
        shutil.copytree(first, runs / f"run-{number}")
    return runs


def seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def test_the_list_is_read(folder: Path, record: Record) -> None:
    runs = Listing(folder)
    record(TABLE, "read for the first time", f"{seconds(runs.refresh):.1f} s", "≤ 5 s, beside the window's thread")
    runs.refresh()
    record(TABLE, "looked at again, nothing changed", f"{1000 * seconds(runs.refresh):.0f} ms", "≤ 50 ms, beside the window's thread")
    runs._changed = True
    runs.keep()
    again = Listing(folder)
    record(TABLE, "the first look of the next session", f"{1000 * seconds(again.refresh):.0f} ms", "≤ 200 ms")
    assert len(again.refresh()[0]) == RUNS


def test_the_table_is_shown_searched_and_sorted(qapp: QApplication, folder: Path, record: Record) -> None:
    found, _ = Listing(folder).refresh()
    owner = QObject()
    model = RunsModel(owner)
    table = RunsTable(model, list, list)
    table.resize(900, 400)
    table.show()
    table.show_layout("")
    record(TABLE, "shown in the table", f"{1000 * seconds(lambda: (model.show_all(found), table.grab())):.0f} ms", "≤ 100 ms")
    live = [*found[:-1], type(found[-1])(**{**{name: getattr(found[-1], name) for name in found[-1].__struct_fields__}, "labels": Labels("new")})]
    record(TABLE, "one of them says something new", f"{1000 * seconds(lambda: (model.show_all(live), table.grab())):.0f} ms", "≤ 16 ms")
    record(TABLE, "searched", f"{1000 * seconds(lambda: (model.search(terms('val_loss<0.5 digits'), ''), table.grab())):.0f} ms", "≤ 50 ms")
    record(TABLE, "sorted", f"{1000 * seconds(lambda: (table.sortByColumn(0, Qt.SortOrder.AscendingOrder), table.grab())):.0f} ms", "≤ 50 ms")
    assert model.rowCount() == RUNS
    table.close()
