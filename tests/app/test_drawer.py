"""Tabs that fold away."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from app.drawer import Drawer


@pytest.fixture
def drawer(qtbot) -> Drawer:
    drawer = Drawer()
    for title in ("Plots", "Log"):
        drawer.addTab(QLabel(title), title)
    qtbot.addWidget(drawer)
    drawer.resize(400, 300)
    drawer.show()
    return drawer


def test_folded_it_is_as_high_as_its_titles(drawer):
    drawer.fold(True)
    assert drawer.maximumHeight() < 60
    drawer.fold(False)
    assert drawer.maximumHeight() > 1000


def test_a_click_on_a_title_opens_it(drawer):
    drawer.fold(True)
    bar = drawer.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, bar.tabRect(1).center())
    assert not drawer.folded and drawer.currentIndex() == 1


def test_the_arrow_folds_and_opens_it_and_says_so(drawer, qtbot):
    arrow = drawer.findChild(QToolButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert arrow.accessibleName() == "Fold the panels of the training"
    with qtbot.waitSignal(drawer.folded_changed):
        arrow.click()
    assert drawer.folded and arrow.accessibleName() == "Open the panels of the training"
