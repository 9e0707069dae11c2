"""Data of one's own, from the file to a trained model, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from ml import catalog
from ml.project.project import Data
from tests.e2e.studio import Studio
from tests.ml.data.some_pictures import two_classes

ROWS = "".join(f"{n};{n / 7:.2f};{'tall' if n > 20 else 'low'}\n".replace(".", ",") for n in range(40))


@pytest.fixture
def fresh(studio: Studio) -> Studio:
    studio.window.document.open(catalog.new("mlp"))
    studio.until_checked()
    return studio


def drop(studio: Studio, path: Path) -> None:
    """Let go of a file over the canvas."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for make in (QDragEnterEvent, QDropEvent):
        event = make(QPoint(50, 50), copy, mime, left, none)
        QApplication.sendEvent(studio.canvas, event)
        assert event.isAccepted()


def learned(studio: Studio) -> Data:
    """The project's data, once the engine has read what is wanted."""
    panel = studio.window.data
    studio.until(lambda: panel.wanted is None or panel.problem.isVisible())
    return studio.window.document.project.data


def test_a_table_that_is_dropped_is_learned(fresh: Studio, tmp_path: Path) -> None:
    (tmp_path / "heights.csv").write_text("age;height;kind\n" + ROWS)
    drop(fresh, tmp_path / "heights.csv")
    assert learned(fresh) == Data("csv", {"path": str(tmp_path / "heights.csv")})
    assert "0 = low (21), 1 = tall (19)" in fresh.window.data.facts.text().replace("\u00a0", " ")
    fresh.until_checked()
    assert fresh.report.errors == 0
    fresh.press("Train")
    fresh.until(lambda: fresh.window.engines.is_training)
    fresh.until(lambda: fresh.window.training._progress is not None and fresh.progress.epoch >= 1)
    fresh.until(lambda: not fresh.window.engines.is_training)  # forty rows: it comes to its end before one could stop it


def test_what_is_wrong_with_a_table_is_mended_with_a_click(fresh: Studio, tmp_path: Path) -> None:
    (tmp_path / "gaps.csv").write_text("age;height;kind\n" + ROWS.replace("\n7;1,00;low", "\n7;;low"))
    drop(fresh, tmp_path / "gaps.csv")
    assert learned(fresh).id == "digits"
    assert "gaps.csv, row 8 (line 9), column height: the cell is empty" in fresh.window.data.problem.sentence.text()
    fresh.press("Leave these rows out")
    assert learned(fresh) == Data("csv", {"path": str(tmp_path / "gaps.csv"), "faulty": "drop"})
    assert "1 of the 40 rows" in fresh.window.data.notes.text()
    fresh.window.document.undo_stack.undo()
    assert learned(fresh).id == "digits"


def test_a_path_is_chosen_in_the_dialog_or_typed(fresh: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = two_classes(tmp_path / "pictures")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    fresh.choose(fresh.window.library.datasets.tree, "Pictures (a folder)")
    assert learned(fresh).arguments == {"path": str(folder)}
    fresh.until_checked()
    line = fresh.find(QLineEdit, "path of the folder")
    fresh.fill(line, str(tmp_path / "gone"))
    fresh.until(lambda: "There is no folder" in fresh.window.data.problem.sentence.text())
    fresh.press(f"Back to {folder}")
    assert fresh.find(QLineEdit, "path of the folder").text() == str(folder)


def test_data_that_the_project_can_not_learn_from_begin_another(fresh: Studio, tmp_path: Path) -> None:
    fresh.window.document.open(catalog.new("cnn"))
    (tmp_path / "heights.csv").write_text("age;height;kind\n" + ROWS)
    drop(fresh, tmp_path / "heights.csv")
    fresh.until(lambda: "cnn needs pictures" in fresh.window.data.problem.sentence.text())
    fresh.press("Begin a new project with these data")
    assert (fresh.window.document.project.template, fresh.window.document.project.data.id) == ("mlp", "csv")
