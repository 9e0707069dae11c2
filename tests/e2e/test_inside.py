"""A person looks into a model while it trains, goes back in time, and sees an earlier run again as it was."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QTreeWidget

from tests.e2e.studio import LEFT, NONE, Studio
from tests.e2e.test_whole_path import open_template, train


def test_a_run_is_looked_into_gone_back_in_and_seen_again(studio: Studio) -> None:
    window = studio.window
    open_template(studio, "Self-attention", epochs=100_000)
    studio.show_tab("Inside")
    train(studio)
    inside, attention, plots = (studio.find_panel(title) for title in ("Inside", "Attention", "Plots"))
    studio.until(lambda: inside._event is not None and inside._event.step > 0)
    node = next(name for name in window.document.graph.nodes if window.document.graph[name].type == "Dense")
    studio.click_node(node)
    assert inside._output._title.text() == f"Output of {node}"
    row = studio.find(QTreeWidget, "layers").currentItem()
    assert row is not None and row.text(0) == node
    timeline = window.runs.timeline
    studio.until(lambda: len(timeline.steps) > 3)
    slider = studio.find(QSlider, "time")
    QTest.mouseClick(slider, LEFT, NONE, QPoint(2, slider.height() // 2))
    studio.until(lambda: inside._event.step == attention._event.step == 0)
    assert plots._step == 0
    progress = studio.progress.step
    studio.until(lambda: studio.progress.step > progress + 50)
    assert inside._event.step == 0, "what is new waits while the past is shown"
    QTest.keyClick(slider, Qt.Key.Key_Right)
    studio.until(lambda: inside._event.step > 0 or attention._event.step > 0)
    studio.press("Latest")
    studio.until(lambda: inside._event.step >= progress)
    studio.press("Stop")
    studio.until(lambda: window.training.state == "ended")
    _seen_again(studio, inside._event.step)


def _seen_again(studio: Studio, last: int) -> None:
    """Show another project, and then the run that has ended."""
    folder = str(studio.run)
    open_template(studio, "Multi-layer perceptron")
    studio.window.runs.open(folder)
    inside, attention = studio.find_panel("Inside"), studio.find_panel("Attention")
    studio.until(lambda: inside._event is not None and attention._event is not None)
    assert inside._event.step == last
    slider = studio.find(QSlider, "time")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    studio.until(lambda: inside._event.step == attention._event.step == 0)
    QTest.keyClick(slider, Qt.Key.Key_Space)
    studio.until(lambda: studio.window.runs.timeline.step is None)
    studio.until(lambda: inside._event.step == last)
