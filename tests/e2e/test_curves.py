"""Runs laid over each other and taken elsewhere, with mouse and keyboard in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu

from tests.e2e.studio import Studio
from tests.ml.runs.some_runs import done, epoch, make

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def runs(studio: Studio) -> Path:
    """Two runs, one twice as good as the other."""
    folder = studio.window.settings.runs
    for name, loss in (("first", 0.8), ("second", 0.4)):
        make(folder / name, *(epoch(n, loss / n) for n in range(1, 6)), done(folder / name), name=name)
    return folder


def test_from_a_curve_to_its_run_and_its_report(studio: Studio, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.show_tab("Runs")
    panel = studio.window.run_list
    assert panel is not None
    studio.until(lambda: len(panel.store.runs) == 2)
    studio.show_tab("Curves")
    studio.window.activateWindow()
    panel.table.setFocus()
    studio.until(panel.table.hasFocus)
    studio.key(Qt.Key.Key_A, CONTROL)
    studio.until(lambda: len(panel.curves._lines) == 2 and all(line.last for line in panel.curves._lines.values()))

    wanted = str(runs / "second")
    plot, line = panel.curves._plot, panel.curves._lines[wanted]
    studio.until(lambda: plot.getViewBox().viewRange()[0][1] > 40)
    place = plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(line.x[2], line.y[2])))
    for way in (QPoint(30, 30), QPoint(0, 0)):
        QTest.mouseMove(plot.viewport(), place + way)
        QTest.qWait(50)
    studio.until(lambda: "second" in panel.curves._readout.text())
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    studio.until(lambda: panel.details.run is not None and panel.details.run.folder == wanted)
    panel.select(wanted)

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "second.html"), ""))
    menu: QMenu = panel.commands.menu()
    menu.popup(panel.table.mapToGlobal(panel.table.rect().center()))
    studio.until(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_P)
    studio.until(lambda: (tmp_path / "second.html").is_file() and "second.html" in panel.said.text())
    assert "<h1>second</h1>" in (tmp_path / "second.html").read_text(encoding="utf-8")
