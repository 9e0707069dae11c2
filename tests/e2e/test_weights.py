"""A model that someone trained is opened with its weights, frozen with keys, trained on, and saved."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from PySide6.QtCore import Qt

from ml.project import files
from ml.project.freezing import is_frozen
from tests.e2e.studio import Studio

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def theirs(tmp_path: Path) -> keras.Model:
    """A small model with a nested one, saved in `tmp_path`."""
    x = keras.Input((8, 8, 1))
    body = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(12, "relu", name="inner")], name="body")
    model = keras.Model(x, keras.layers.Dense(10, "softmax", name="head")(body(x)))
    model.save(tmp_path / "theirs.keras")
    return model


def opened(studio: Studio, folder: Path) -> None:
    studio.window.document.undo_stack.setClean()
    before = studio.window.document.project.weights
    studio.window.files.open(folder / "theirs.keras")
    studio.until(lambda: studio.window.document.project.weights not in ("", before))
    studio.until_checked()


def test_an_opened_model_is_saved_with_its_weights(studio: Studio, theirs: keras.Model, tmp_path: Path) -> None:
    opened(studio, tmp_path)
    assert studio.window.document.graph["body"].graph is not None
    assert studio.window.document.graph["head"].weights == "head"
    studio.window.document.save(tmp_path / "mine.atelier")
    assert files.load(tmp_path / "mine.atelier").weights == str(tmp_path / "mine.atelier.weights.h5")
    assert (tmp_path / "mine.atelier.weights.h5").is_file()


def test_a_block_is_frozen_and_thawed_with_keys_and_taken_back(studio: Studio, theirs: keras.Model, tmp_path: Path) -> None:
    opened(studio, tmp_path)
    document = studio.window.document
    studio.click_node("body")
    studio.key(Qt.Key.Key_K, CONTROL)
    assert document.undo_stack.undoText() == "Freeze body"
    assert studio.window.graph.view.graph_scene.nodes["body"].face.detail.startswith("frozen")
    studio.until(lambda: studio.report.trainable == studio.report.parameters - (64 * 12 + 12))
    studio.key(Qt.Key.Key_K, CONTROL | SHIFT)
    assert not is_frozen(document.graph["body"])
    studio.key(Qt.Key.Key_Z, CONTROL)
    assert is_frozen(document.graph["body"])


def test_training_goes_on_from_the_weights_and_leaves_what_is_frozen(studio: Studio, theirs: keras.Model, tmp_path: Path) -> None:
    opened(studio, tmp_path)
    studio.click_node("body")
    studio.key(Qt.Key.Key_K, CONTROL)
    studio.press("Start")
    studio.until(lambda: studio.window.engines.is_training)
    studio.until(lambda: studio.window.training.state == "ended")
    trained = keras.models.load_model(studio.run / "final.keras")
    np.testing.assert_array_equal(trained.get_layer("body").get_weights()[0], theirs.get_layer("body").get_weights()[0])
    assert not np.array_equal(trained.get_layer("head").get_weights()[0], theirs.get_layer("head").get_weights()[0])
