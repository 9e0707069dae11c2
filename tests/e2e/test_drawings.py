"""A graph as a picture in a file, with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit

from app.panels.drawing.dialog import DrawingDialog
from app.panels.drawing.preview import DrawingPreview
from tests.e2e.studio import Studio
from tests.e2e.test_whole_path import CONTROL, open_template

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def dialog(studio: Studio) -> Iterator[DrawingDialog]:
    """The dialog over the graph of a multi-layer perceptron."""
    open_template(studio, "Multi-layer perceptron")
    yield ask(studio)
    if open_ := QApplication.activeModalWidget():
        open_.close()


def ask(studio: Studio) -> DrawingDialog:
    """Open the dialog by its key."""
    studio.window.activateWindow()
    assert QTest.qWaitForWindowActive(studio.window)
    studio.window.graph.view.setFocus()
    studio.key(Qt.Key.Key_E, CONTROL | SHIFT)
    opened = QApplication.activeModalWidget()
    assert isinstance(opened, DrawingDialog)
    return opened


def pick(studio: Studio, field: str, title: str) -> None:
    """Choose in a combo box with the arrow keys."""
    box = studio.find(QComboBox, field)
    box.setFocus()
    while box.currentText() != title:
        assert box.findText(title) >= 0
        QTest.keyClick(box, Qt.Key.Key_Down if box.findText(title) > box.currentIndex() else Qt.Key.Key_Up)


def says(dialog: DrawingDialog, words: str) -> bool:
    return any(words in label.text() for label in dialog.findChildren(QLabel))


@pytest.mark.parametrize("style", ["As on the canvas", "Flow diagram", "Layered volumes", "Neurons"])
def test_the_graph_is_written_as_a_drawing_of_each_style(studio: Studio, dialog: DrawingDialog, tmp_path: Path, style: str) -> None:
    pick(studio, "style", style)
    for kind in ("svg", "pdf", "png"):
        path = tmp_path / f"net.{kind}"
        studio.fill(studio.find(QLineEdit, "path"), str(path))
        assert path.stat().st_size > 1000 and says(dialog, f"Written to {path}")
    assert "dense" in (tmp_path / "net.svg").read_text().lower()
    assert QImage(str(tmp_path / "net.png")).width() > 300


def test_the_preview_follows_the_form_and_can_be_zoomed(studio: Studio, dialog: DrawingDialog) -> None:
    pick(studio, "style", "Flow diagram")
    preview = studio.find(DrawingPreview, "preview")
    before = preview.grab().toImage()
    box = studio.find(QCheckBox, "sizes")
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert preview.grab().toImage() != before
    zoom, point = preview.transform().m11(), QPointF(preview.rect().center())
    wheel = QWheelEvent(point, point, QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(preview.viewport(), wheel)
    assert preview.transform().m11() > zoom
    QTest.mouseDClick(preview.viewport(), Qt.MouseButton.LeftButton)
    assert preview.transform().m11() < zoom * 1.3


def test_what_was_chosen_is_there_the_next_time(studio: Studio, dialog: DrawingDialog) -> None:
    pick(studio, "style", "Neurons")
    studio.key(Qt.Key.Key_Escape)
    again = ask(studio)
    assert again.options.style == "neurons"


def test_the_selection_alone_can_be_drawn_and_copied(studio: Studio, dialog: DrawingDialog) -> None:
    studio.key(Qt.Key.Key_Escape)
    studio.click_node("dense")
    opened = ask(studio)
    pick(studio, "style", "As on the canvas")
    whole = opened._drawing
    pick(studio, "part", "The selection")
    assert whole is not None and opened._drawing is not None and opened._drawing.area.height() < whole.area.height() / 2
    studio.press("copy")
    assert "dense" in bytes(QApplication.clipboard().mimeData().data("image/svg+xml").data()).decode()
    QApplication.clipboard().clear()  # Qt's offscreen platform takes the process down at its end, where something is left in it
