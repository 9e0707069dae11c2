"""Twenty runs of 100,000 measurements over each other: how long a repaint takes, whole, smoothed, zoomed in, and under a moving hand."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from app.panels.runs.curves import RunCurves
from ml.runs.measured import TRAIN, Column

RUNS, POINTS = 20, 100_000


def test_twenty_runs_over_each_other(qtbot: QtBot) -> None:
    panel = RunCurves()
    qtbot.addWidget(panel)
    panel.resize(1000, 600)
    panel.show()
    panel.show_runs([f"/runs/{index}" for index in range(RUNS)])
    random = np.random.default_rng(0)
    for run in panel.runs.values():
        run.columns["loss", TRAIN] = column = Column()
        for step, value in enumerate(random.random(POINTS).tolist()):
            column.append(step, 0, float(step), value, True, False)

    def repaint() -> float:
        began = time.perf_counter()
        panel.refresh()
        panel._plot.grab()
        return 1e3 * (time.perf_counter() - began)

    first = repaint()
    same = repaint()
    panel._smoothing.setValue(90)
    smooth = repaint()
    panel._plot.setXRange(40_000, 41_000)
    zoomed = repaint()
    began = time.perf_counter()
    for step in range(40):
        panel._hovered(QPointF(40_000 + 20 * step, 0.5))
    hand = 1e3 * (time.perf_counter() - began) / 40
    print(f"\n{RUNS} runs of {POINTS:,}: first {first:.0f} ms, again {same:.0f}, smoothed {smooth:.0f}, zoomed in {zoomed:.0f}, a move of the hand {hand:.1f}")
