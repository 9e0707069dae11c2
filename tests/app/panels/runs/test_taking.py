"""A run is taken elsewhere from the panel, and comes back into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QProgressDialog
from pytestqt.qtbot import QtBot

from app.panels.runs.panel import RunsPanel
from ml.runs import Run


@pytest.fixture
def where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Path]:
    """What a person chooses in the file dialogs."""
    chosen = {"file": tmp_path / "out"}
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(chosen["file"]), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(chosen["file"]), ""))
    return chosen


def take(panel: RunsPanel, qtbot: QtBot, command: str) -> str:
    """Ask for it, wait, and see what is said."""
    panel.say("")
    panel.commands[command].trigger()
    qtbot.waitUntil(lambda: bool(panel.said.text()) and panel.taking._work is None, timeout=60_000)
    return panel.said.text()


def test_a_run_goes_into_a_file_and_comes_back(panel: RunsPanel, qtbot: QtBot, where: dict[str, Path]) -> None:
    panel.select(panel.store.runs[0].folder)
    assert "out.h5" in take(panel, qtbot, "archive")
    where["file"] = where["file"].with_suffix(".h5")
    assert "is back" in take(panel, qtbot, "restore")
    qtbot.waitUntil(lambda: len(panel.store.runs) == 4, timeout=20_000)
    titles = [run.title for run in panel.store.runs]
    assert len(set(titles)) == 3
    qtbot.waitUntil(lambda: [Path(run.folder).name.startswith("out") for run in panel.table.selected()] == [True])


def test_a_table_and_a_report_are_written(panel: RunsPanel, qtbot: QtBot, where: dict[str, Path]) -> None:
    folder = next(run.folder for run in panel.store.runs if run.folder.endswith("first"))
    panel.select(folder)
    assert "2 rows" in take(panel, qtbot, "metrics")
    assert where["file"].with_suffix(".csv").read_bytes().startswith(b"time,span,epoch")
    assert "out.html" in take(panel, qtbot, "report")
    assert "data:image/svg+xml" in where["file"].with_suffix(".html").read_text(encoding="utf-8")


def test_what_is_no_archive_is_said(panel: RunsPanel, qtbot: QtBot, where: dict[str, Path]) -> None:
    where["file"].write_bytes(b"no archive at all")
    assert "can't be made a run" in take(panel, qtbot, "restore")
    assert sorted(path.name for path in panel.store.folder.iterdir() if not path.name.startswith(".")) == ["first", "second", "third"]


def test_a_person_can_cancel(panel: RunsPanel, qtbot: QtBot, where: dict[str, Path]) -> None:
    folder = panel.store.runs[0].folder
    Run(Path(folder)).put_model("model", bytes(50_000_000))
    panel.select(folder)
    panel.commands["archive"].trigger()
    dialog = panel.findChild(QProgressDialog)
    assert dialog is not None
    dialog.canceled.emit()
    qtbot.waitUntil(lambda: panel.taking._work is None, timeout=60_000)
    assert not list(where["file"].parent.glob("*out*"))
    assert panel.said.text() == ""


def test_the_curves_of_what_is_selected_are_shown(panel: RunsPanel, qtbot: QtBot) -> None:
    panel.beside.setCurrentWidget(panel.curves)
    panel.table.selectAll()
    qtbot.waitUntil(lambda: len(panel.curves.runs) == 3 and len(panel.curves._lines) == 3)
    panel.curves.clicked.emit(panel.store.runs[1].folder)
    assert panel.model.runs[panel.table.currentIndex().row()] == panel.store.runs[1] and len(panel.table.selected()) == 3
