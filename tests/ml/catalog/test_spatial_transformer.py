"""The spatial transformer: as many weights as in the tutorial it is published in, a picture moved as theta says, and upright digits."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.catalog import spatial_transformer
from ml.training.session import Session
from tests.ml.catalog.proofs import SECONDS, held_out_accuracy, trained, trained_weights


def transformed(pictures: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """What grid generator and sampler make of pictures (n, h, w, c), each with its theta (n, 2, 3)."""
    shape = pictures.shape[1:]
    grid, sampler = (build(part(shape)).model for part in (spatial_transformer.grid_generator, spatial_transformer.sampler))
    return keras.ops.convert_to_numpy(sampler([keras.ops.convert_to_tensor(pictures), grid(theta.astype("float32"))]))


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.random.default_rng(0).random((2, 12, 9, 3)).astype("float32")


def test_it_has_as_many_weights_as_the_published_network() -> None:
    assert trained_weights("spatial_transformer") == {"model": 27_360}


def test_without_the_transformer_the_rest_has_as_many_as_its_layers() -> None:
    assert trained_weights("spatial_transformer", settings={"transformer": False}) == {"model": 260 + 5_020 + 16_050 + 510}


def test_the_identity_gives_back_the_picture(pictures: np.ndarray) -> None:
    theta = np.tile([[1.0, 0, 0], [0, 1, 0]], (2, 1, 1))
    np.testing.assert_allclose(transformed(pictures, theta), pictures, atol=1e-5)


def test_a_mirror_mirrors_and_a_half_turn_turns(pictures: np.ndarray) -> None:
    theta = np.array([[[-1.0, 0, 0], [0, 1, 0]], [[-1, 0, 0], [0, -1, 0]]])
    expected = np.stack([pictures[0, :, ::-1], pictures[1, ::-1, ::-1]])
    np.testing.assert_allclose(transformed(pictures, theta), expected, atol=1e-5)


def test_any_affine_map_is_what_scipy_makes_of_it(pictures: np.ndarray) -> None:
    from scipy.ndimage import map_coordinates

    theta = np.random.default_rng(1).normal([[1, 0, 0], [0, 1, 0]], 0.6, (2, 2, 3))
    height, width, channels = pictures.shape[1:]
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    made = transformed(pictures, theta)
    for picture, each, ours in zip(pictures, theta, made, strict=True):
        across, down = each @ np.stack([x.ravel(), y.ravel(), np.ones(x.size)])
        places = np.stack([(down + 1) * (height - 1) / 2, (across + 1) * (width - 1) / 2])
        for channel in range(channels):
            expected = map_coordinates(np.pad(picture[..., channel], 1), places + 1, order=1, mode="constant")
            np.testing.assert_allclose(ours[..., channel].ravel(), expected, atol=1e-4)


def test_before_training_it_reads_the_picture_as_it_is() -> None:
    session = Session(catalog.new("spatial_transformer"))
    theta = session.models["model"].get_layer("localization")(session.dataset.x[:3])
    np.testing.assert_allclose(theta, np.tile([[1.0, 0, 0], [0, 1, 0]], (3, 1, 1)))


@pytest.mark.slow
def test_it_reads_digits_wherever_they_are(tmp_path: Path) -> None:
    session, done = trained("spatial_transformer", tmp_path)
    assert held_out_accuracy(session) >= 0.92
    assert done.training_seconds < SECONDS


@pytest.mark.slow
def test_the_same_network_without_it_is_lost(tmp_path: Path) -> None:
    session, _ = trained("spatial_transformer", tmp_path, {"transformer": False})
    assert held_out_accuracy(session) < 0.85
