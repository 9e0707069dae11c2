"""The whole path in the real window: open, build, train, watch, sample, take away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import keras
import msgspec
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDoubleSpinBox, QFileDialog, QLineEdit, QSpinBox, QTreeWidget

from ml import data
from ml.ops.table import NODE_TYPES
from tests.e2e.studio import LEFT, NONE, Studio

CONTROL = Qt.KeyboardModifier.ControlModifier


def open_template(studio: Studio, title: str, epochs: int | None = None) -> None:
    """Choose a template in the library, as a person does; then, to be quick, set the number of epochs."""
    studio.window.document.undo_stack.setClean()
    studio.show_tab("Templates")
    studio.choose(studio.window.library.templates.tree, title)
    assert studio.window.document.project.name == title
    if epochs is not None:
        project = studio.window.document.project
        studio.window.document.edit(msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, epochs=epochs)), "Set epochs")
        studio.window.document.undo_stack.setClean()
    studio.until_checked()


def train(studio: Studio) -> None:
    studio.press("Start")
    studio.until(lambda: studio.window.training.state in ("preparing", "running", "ended"))


def train_to_the_end(studio: Studio) -> None:
    train(studio)
    studio.until(lambda: studio.window.training.state == "ended")
    assert studio.run.is_dir()


def test_it_starts_on_a_project_that_is_ready_to_train(studio: Studio) -> None:
    assert studio.window.document.project.template == "cnn"
    studio.until_checked()
    assert studio.report.errors == 0
    assert "Engine ready" in studio.window.status.engine.text()


def test_a_template_shows_its_graph_at_once_and_the_library_finds_it(studio: Studio) -> None:
    studio.window.library.search.setFocus()
    studio.type("vision")
    assert studio.window.library.tabs.tabText(0) == "Templates (1)"
    studio.choose(studio.window.library.templates.tree, "Vision transformer")
    assert set(studio.window.graph.view.graph_scene.nodes) == set(studio.window.document.graph.nodes)
    studio.window.library.search.clear()


@pytest.mark.parametrize(("source", "kind"), [("digits", "image"), ("iris", "table"), ("moons", "points"), ("text", "text")])
def test_data_is_shown_before_it_is_used(studio: Studio, source: str, kind: str) -> None:
    studio.show_tab("Data")
    studio.choose(studio.window.library.datasets.tree, data.sources()[source].title)
    studio.window._show_beside(studio.window.data)
    studio.until(lambda: source in studio.window.data.facts.text() or kind)


def test_a_layer_is_added_by_name_and_taken_back(studio: Studio) -> None:
    open_template(studio, "Multi-layer perceptron")
    before = studio.window.document.project
    studio.click_node("dense")
    studio.window.graph.view.setFocus()
    studio.key(Qt.Key.Key_Tab)
    studio.type("dropout")
    studio.key(Qt.Key.Key_Return)
    assert "dropout" in studio.window.document.graph.nodes
    QTest.keyClick(studio.window, Qt.Key.Key_Z, CONTROL)
    assert studio.window.document.project == before


def test_an_error_is_told_in_words_on_the_node_that_is_wrong(studio: Studio) -> None:
    open_template(studio, "Convolutional network")
    studio.click_node("conv2d")
    studio.fill(studio.find(QLineEdit, "kernel_size"), "99")
    padding = studio.find(QComboBox, "padding")
    padding.setCurrentText("valid")
    padding.activated.emit(padding.currentIndex())
    studio.until(lambda: studio.window.document.node_reports.get("conv2d") and studio.window.document.node_reports["conv2d"].error)
    assert studio.window.document.node_reports["dense"].waits == "conv2d"
    while studio.window.document.undo_stack.canUndo():
        QTest.keyClick(studio.window, Qt.Key.Key_Z, CONTROL)
    studio.until(lambda: not studio.window.document.node_reports["conv2d"].error)


def test_nodes_are_moved_by_the_mouse_and_the_move_is_undone(studio: Studio) -> None:
    open_template(studio, "Multi-layer perceptron")
    start = studio.node_place("dense")
    QTest.mousePress(studio.canvas, LEFT, NONE, start)
    for step in range(1, 6):
        QTest.mouseMove(studio.canvas, start + QPoint(12 * step, 0))
    QTest.mouseRelease(studio.canvas, LEFT, NONE, start + QPoint(60, 0))
    assert studio.window.document.graph["dense"].position is not None
    QTest.keyClick(studio.window, Qt.Key.Key_Z, CONTROL)
    assert studio.window.document.graph["dense"].position is None


def test_training_is_held_stepped_steered_and_finished_with_the_best(studio: Studio) -> None:
    open_template(studio, "Convolutional network", epochs=2000)
    train(studio)
    studio.until(lambda: studio.window.training.state == "running")
    studio.press("Pause")
    studio.until(lambda: studio.window.training.state == "paused")
    progress = studio.progress
    studio.press("One step")
    studio.until(lambda: studio.progress.step == progress.step + 1)
    studio.press("Continue")
    studio.until(lambda: studio.window.training.state == "running")
    studio.fill(studio.find(QDoubleSpinBox, "learning rate"), "0.0005")
    studio.until(lambda: studio.progress.epoch >= 2)
    studio.press("Finish, keep the best")
    studio.until(lambda: studio.window.training.state == "ended")
    assert "were kept" in studio.window.training._words
    assert Path(studio.run, "final.keras").is_file()


@pytest.mark.parametrize("title", ["Self-attention", "GPT", "Vision transformer"])
def test_attention_is_watched_while_it_trains(studio: Studio, title: str) -> None:
    open_template(studio, title, epochs=5000)
    studio.show_tab("Attention")
    train(studio)
    panel = studio.find_panel("Attention")
    studio.until(lambda: panel._event is not None and panel._event.step > 0)
    first = panel._event
    for layer in first.layers:
        np.testing.assert_allclose(layer.scores.numpy().sum(-1), 1, atol=1e-3)
    studio.until(lambda: panel._event.step > first.step)
    QTest.keyClick(studio.find(QSpinBox, "example"), Qt.Key.Key_Up)
    studio.until(lambda: panel._event.probe == 1)


def test_a_vae_is_sampled_from_its_plane_and_its_sliders(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_template(studio, "Variational autoencoder", epochs=2)
    studio.show_tab("Generator")
    train_to_the_end(studio)
    page = studio.find_panel("Generator")._pages["vae"]
    studio.until(lambda: page._plane_answer is not None and page.point.size)
    before = page.point.copy()
    box = next(box for box in page.findChildren(QDoubleSpinBox) if box.isVisible())
    QTest.keyClick(box, Qt.Key.Key_Up)
    studio.until(lambda: not np.array_equal(page.point, before))
    target = tmp_path / "point.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments: (str(target), ""))
    studio.until(lambda: page._buttons["png"].isEnabled())
    QTest.mouseClick(page._buttons["png"], LEFT)
    studio.until(target.is_file)
    with Image.open(target) as picture:
        assert picture.size[0] >= 8


def test_a_gan_paints_the_same_noise_while_it_trains_and_its_sides_train_alone(studio: Studio) -> None:
    open_template(studio, "Deep convolutional GAN", epochs=400)
    studio.show_tab("Generator")
    train(studio)
    page = studio.find_panel("Generator")._pages["gan"]
    studio.until(lambda: studio.window.training.state == "running")
    side = studio.find(QComboBox, "train")
    side.setCurrentText("generator")
    side.activated.emit(side.currentIndex())
    studio.until(lambda: studio.progress.step > 100)
    studio.press("Stop")
    studio.until(lambda: studio.window.training.state == "ended")
    assert page is not None


def test_what_is_taken_away_opens_in_plain_keras(studio: Studio, tmp_path: Path) -> None:
    open_template(studio, "Multi-layer perceptron", epochs=2)
    train_to_the_end(studio)
    target = tmp_path / "mine.keras"
    QTest.keyClick(studio.window, Qt.Key.Key_E, CONTROL)
    studio.fill(studio.find(QLineEdit, "path"), str(target))
    studio.until(target.is_file)
    studio.until(lambda: studio.find(QAbstractButton, "close").isEnabled() and studio.find(QAbstractButton, "export").isEnabled())
    studio.press("close")
    code = "import sys, keras; model = keras.models.load_model(sys.argv[1]); print(model.count_params())"
    said = subprocess.run([sys.executable, "-I", "-c", code, str(target)], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert int(said.stdout) == studio.report.parameters


def test_a_model_that_someone_else_made_is_opened_as_a_graph(studio: Studio, tmp_path: Path) -> None:
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Flatten()(inputs)
    x = keras.layers.Add()([keras.layers.Dense(16)(x), keras.layers.Dense(16)(x)])
    keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x)).save(tmp_path / "theirs.keras")
    studio.window.files.open(tmp_path / "theirs.keras")
    studio.until(lambda: any(node.type == "Add" for node in studio.window.document.graph.nodes.values()))
    studio.until_checked()
    assert studio.report.errors == 0


def test_a_node_type_is_dragged_from_the_library(studio: Studio) -> None:
    open_template(studio, "Multi-layer perceptron")
    studio.show_tab("Nodes")
    tree: QTreeWidget = studio.window.library.nodes.tree
    assert {"Dense", "Conv2D", "MultiHeadAttention"} <= set(NODE_TYPES)
    studio.choose(tree, "BatchNormalization")
    assert any(node.type == "BatchNormalization" for node in studio.window.document.graph.nodes.values())
