"""A person watches the border between classes grow, looks at other columns, goes back in time, and goes from a mistake to its example."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QListWidget, QSlider

from tests.e2e.studio import LEFT, NONE, Studio
from tests.e2e.test_whole_path import open_template, train


def test_regions_are_watched_turned_and_gone_back_in(studio: Studio) -> None:
    open_template(studio, "Logistic regression", epochs=100_000)
    studio.show_tab("Regions")
    train(studio)
    panel, timeline = studio.find_panel("Regions"), studio.window.runs.timeline
    studio.until(lambda: panel._event is not None and panel._event.step > 0)
    assert "right" in panel._says.text()
    across = studio.find(QComboBox, "column across")
    across.setCurrentIndex(0)
    across.activated.emit(0)
    studio.until(lambda: panel._event.across == 0 and panel._event.regions[0].axes[0] == "mean radius")
    studio.until(lambda: len(timeline.steps) > 3)
    slider = studio.find(QSlider, "time")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    studio.until(lambda: panel._event.step == 0)
    studio.press("Latest")
    studio.until(lambda: panel._event.step > 0)
    studio.press("Stop")
    studio.until(lambda: studio.window.training.state == "ended")
    up = studio.find(QComboBox, "column up")
    up.setCurrentIndex(1)
    up.activated.emit(1)
    studio.until(lambda: panel._event.up == 1)


def test_a_mistake_leads_to_its_example(studio: Studio) -> None:
    open_template(studio, "Convolutional network", epochs=100_000)
    studio.show_tab("Mistakes")
    train(studio)
    mistakes, inside = studio.find_panel("Mistakes"), studio.find_panel("Inside")
    studio.until(lambda: mistakes._event is not None and mistakes._event.step > 0 and mistakes._worst.count())
    studio.press("Pause")
    studio.until(lambda: studio.window.training.state == "paused")
    studio.show_tab("Mistakes")
    worst = studio.find(QListWidget, "worst mistakes")
    studio.until(worst.count)
    place = worst.visualItemRect(worst.item(0)).center()
    index = mistakes._event.told[0].worst[0].index
    QTest.mouseClick(worst.viewport(), LEFT, NONE, place)
    QTest.mouseDClick(worst.viewport(), LEFT, NONE, place)
    studio.until(lambda: inside._event.probe == index)
