"""Several runs over each other, by metric and axis, and the way from a curve to its run."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from app.panels.runs.curves import RunCurves
from ml.events import Metrics
from ml.runs.record import Record


def write(folder, losses):
    folder.mkdir()
    record = Record(folder / "run.sqlite")
    for epoch, loss in enumerate(losses, 1):
        record.write(Metrics("epoch", 10 * epoch, epoch, {"loss": loss + 0.1, "accuracy": 1 - loss}, {"loss": loss}), 100.0 + epoch)
    record.close()
    return str(folder)


@pytest.fixture
def curves(qtbot, tmp_path):
    panel = RunCurves()
    qtbot.addWidget(panel)
    panel.resize(700, 400)
    panel.show()
    panel.show_runs([write(tmp_path / "one", [0.9, 0.5, 0.4]), write(tmp_path / "two", [0.8, 0.3, 0.6])], {str(tmp_path / "one"): "First try"})
    qtbot.waitUntil(lambda: len(panel._lines) == 2 and all(line.last is not None for line in panel._lines.values()))
    return panel


def test_the_validation_loss_comes_first_and_others_can_be_chosen(curves, qtbot):
    assert [curves._metric.itemText(index) for index in range(curves._metric.count())] == ["Validation loss", "Loss", "Accuracy"]
    assert [line.last for line in curves._lines.values()] == [0.4, 0.6]
    curves._metric.setCurrentIndex(2)
    qtbot.waitUntil(lambda: [line.last for line in curves._lines.values()] == pytest.approx([0.6, 0.4]))


def test_they_lie_over_epochs_and_time(curves, qtbot):
    line = next(iter(curves._lines.values()))
    assert line.x.tolist() == [10, 20, 30]
    curves._axis.setCurrentIndex(1)
    qtbot.waitUntil(lambda: line.x.tolist() == [1, 2, 3])
    curves._axis.setCurrentIndex(2)
    qtbot.waitUntil(lambda: line.x.tolist() == [0, 1, 2])


def test_each_has_its_name_its_colour_and_its_last_value(curves):
    assert "First try" in curves._legend.text() and "two" in curves._legend.text() and "0.4" in curves._legend.text()
    assert len({curves.colour(folder) for folder in curves.runs}) == 2


def test_on_a_logarithmic_scale_what_is_not_positive_is_left_out(curves, qtbot):
    curves._log.setChecked(True)
    line = next(iter(curves._lines.values()))
    qtbot.waitUntil(lambda: np.allclose(line.y, np.log10([0.9, 0.5, 0.4])))


def test_smoothing_leaves_what_was_measured_behind(curves, qtbot):
    curves._smoothing.setValue(50)
    line = next(iter(curves._lines.values()))
    qtbot.waitUntil(lambda: line._smooth.getData()[0] is not None)
    assert line._raw.getData()[1].tolist() == [0.9, 0.5, 0.4]
    assert line.last == pytest.approx((0.25 * 0.9 / 2 + 0.5 * 0.5 / 2 + 0.4 / 2) / 0.875)


def test_a_click_on_a_curve_goes_to_its_run(curves, qtbot):
    folder, line = list(curves._lines.items())[1]
    QTest.qWait(50)
    box = curves._plot.getViewBox()
    place = curves._plot.mapFromScene(box.mapViewToScene(QPointF(line.x[1], line.y[1])))
    QTest.mouseMove(curves._plot.viewport(), place + QPoint(0, 20))
    QTest.qWait(50)  # the plot takes no more than 100 moves a second
    QTest.mouseMove(curves._plot.viewport(), place)
    qtbot.waitUntil(lambda: "two: 0.3 at step 20" in curves._readout.text())
    with qtbot.waitSignal(curves.clicked) as told:
        QTest.mouseClick(curves._plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [folder]


def test_a_run_that_trains_is_read_on(curves, qtbot):
    folder = next(iter(curves.runs))
    record = Record(Path(folder) / "run.sqlite")
    record.write(Metrics("epoch", 40, 4, {"loss": 0.3}, {"loss": 0.2}))
    record.close()
    qtbot.waitUntil(lambda: curves._lines[folder].last == 0.2)


def test_runs_come_and_go_and_keep_what_was_read(curves, qtbot, tmp_path):
    first, second = curves.runs
    kept = curves.runs[second]
    curves.show_runs([second, write(tmp_path / "three", [0.1])])
    qtbot.waitUntil(lambda: len(curves._lines) == 2 and first not in curves._lines)
    assert curves.runs[second] is kept
    curves.show_runs([])
    qtbot.waitUntil(lambda: "Choose runs" in curves._empty.text() and curves._stack.currentIndex() == 0)


def test_a_run_that_can_not_be_read_is_said_to_be_so(curves, qtbot, tmp_path):
    curves.show_runs([*curves.runs, str(tmp_path / "nowhere")])
    qtbot.waitUntil(lambda: "nowhere can’t be read" in curves._legend.text())
    curves.show_runs([str(tmp_path / "nowhere")])
    qtbot.waitUntil(lambda: "is not a run" in curves._empty.text() and curves._stack.currentIndex() == 0)


def test_twenty_runs_have_twenty_colours_and_keep_them(curves, tmp_path):
    folders = [str(tmp_path / str(number)) for number in range(20)]
    curves.show_runs(folders)
    colours = {folder: curves.colour(folder) for folder in folders}
    assert len(set(colours.values())) == 20
    curves.show_runs(folders[5:])
    assert all(curves.colour(folder) == colours[folder] for folder in folders[5:])


def test_two_runs_of_one_name_can_be_told_apart(curves, qtbot):
    curves.show_runs(list(curves.runs), dict.fromkeys(curves.runs, "Digits"))
    qtbot.waitUntil(lambda: "Digits (one)" in curves._legend.text() and "Digits (two)" in curves._legend.text())


def test_long_names_leave_the_panel_as_narrow_as_short_ones(curves, qtbot):
    folder = next(iter(curves.runs))
    narrow = curves.minimumSizeHint().width()
    curves.show_runs(list(curves.runs), {folder: "What came of a rate that was far too high " * 4})
    qtbot.waitUntil(lambda: "What came" in curves._legend.text())
    line = curves._lines[folder]
    curves._hovered(QPointF(line.x[1], line.y[1]))
    assert "What came" in curves._readout.text()
    assert curves.minimumSizeHint().width() == narrow
    assert curves._smoothing.minimumWidth() >= 40, "a slider that can't be moved is none"
