"""What a model makes of pictures is shown beside what is right."""

from typing import Any

import keras
import numpy as np
import pytest

from ml import data, overlays
from ml.data.dataset import Dataset
from ml.inspect import predictions
from ml.project.graph import Graph, Node
from ml.project.project import Choice, Data, Project


def read(recipe: str, target: str, outputs: Any, **arguments: Any) -> tuple[Dataset, Any]:
    """What the lens shows of a model that makes `outputs` of pictures."""
    project = Project("P", Data("shapes", {"samples": 80, "target": target, **arguments}), {"model": Graph({"input": Node("Input")})}, Choice(recipe))
    dataset = data.load(project.data)
    inputs = keras.Input(dataset.shape)
    seen = predictions.PredictionLens(project, {"model": keras.Model(inputs, outputs(inputs))}, dataset).read(3)
    return dataset, seen and seen.pixels.numpy()


def test_a_restored_picture_stands_between_the_noisy_and_the_true_one():
    dataset, pixels = read("denoising", "clean", keras.layers.Identity())
    x, y = dataset.part("validation")
    assert pixels.shape == (predictions.COUNT if len(x) > predictions.COUNT else len(x), 32, 98, 3) and pixels.dtype == np.uint8
    noisy, restored, true = pixels[:, :, :32], pixels[:, :, 33:65], pixels[:, :, 66:]
    assert np.array_equal(noisy, restored) and np.array_equal(noisy, overlays.rgb(x[: len(noisy)])) and np.array_equal(true, overlays.rgb(y[: len(true)]))


def test_a_model_that_sees_only_ground_shows_no_mask():
    dataset, pixels = read("segmentation", "mask", keras.layers.Conv2D(9, 5, kernel_initializer="zeros"))
    said, right = pixels[:, :, 33:65], pixels[:, :, 66:]
    assert (said[..., 0] == said[..., 1]).all() and not said[:, :2].any()
    coloured = (right.max(axis=-1) - right.min(axis=-1).astype(int)) > 20
    assert np.mean(coloured == (dataset.part("validation")[1][: len(right)] > 0)) > 0.99


def test_large_pictures_are_few():
    x = np.zeros((8, 512, 512, 3), "float32")
    parts = {"train": np.arange(8), "validation": np.arange(0), "test": np.arange(0)}
    inputs = keras.Input(x.shape[1:])
    project = Project("P", Data("shapes"), {}, Choice("denoising"))
    models = {"model": keras.Model(inputs, keras.layers.Identity()(inputs))}
    lens = predictions.PredictionLens(project, models, Dataset(x, x, parts, "image", "denoising"))
    seen = lens.read(0)
    assert seen is not None and seen.pixels.shape == (3, 512, 3 * 512 + 2, 3)


@pytest.mark.parametrize("target", ["class", "mask"])
def test_other_projects_are_left_alone(target):
    assert read("supervised", target, keras.layers.Identity())[1] is None


def test_bits_stand_between_what_came_in_and_what_is_right():
    project = Project("P", Data("copy", {"samples": 60, "length": 3, "bits": 2}), {}, Choice("bits"))
    dataset = data.load(project.data)
    inputs = keras.Input(dataset.shape)
    seen = predictions.PredictionLens(project, {"model": keras.Model(inputs, inputs[:, :, :2])}, dataset).read(0)
    assert seen is not None
    framed, y = seen.pixels.numpy(), dataset.part("validation")[1]
    pixels = framed[:, 1:-1, 1:-1]
    assert not framed[:, 0].any() and not framed[..., -1, :].any()
    came, said, right = pixels[:, :, :7], pixels[:, :, 8:11], pixels[:, :, 12:]
    assert pixels.shape == (9, 3, 15, 3) and (right[:, 2] == 0).all(), "the answer has no mark"
    assert (said[:, :2] == overlays.NO).all(), "after the mark nothing comes in"
    np.testing.assert_array_equal(right[:, :2] == overlays.YES, y[:9].swapaxes(1, 2)[..., np.newaxis].repeat(3, -1) == 1)
    np.testing.assert_array_equal(came[:, :2, :3], right[:, :2])
