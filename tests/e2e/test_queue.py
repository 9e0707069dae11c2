"""What can't be trained at once waits for its turn, and gets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app import queue
from ml.runs import Run
from ml.runs.summary import summary
from tests.e2e.studio import Studio
from tests.e2e.test_whole_path import CONTROL, open_template, train


@pytest.fixture
def studio(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setattr(queue, "AT_ONCE", 1)
    studio = Studio(tmp_path)
    yield studio
    studio.close()


def test_a_run_waits_for_the_one_before_it(studio: Studio) -> None:
    window = studio.window
    open_template(studio, "Multi-layer perceptron", epochs=100_000)
    train(studio)
    open_template(studio, "Logistic regression", epochs=2)
    QTest.keyClick(window, Qt.Key.Key_R, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    (waits,) = window.runs.queue.runs
    assert Run(Path(waits)).project.name == "Logistic regression"
    assert summary(Path(waits)).state == "waiting"
    studio.show_tab("Queue")
    studio.press("Stop")
    studio.until(lambda: summary(Path(waits)).state == "complete")
    studio.until(lambda: not window.engines.under_way)
    assert not window.runs.queue.runs
