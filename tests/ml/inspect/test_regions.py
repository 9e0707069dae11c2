"""Decision regions are what the model says there, in the plane of the data and of a layer of two units."""

from __future__ import annotations

import keras
import msgspec
import numpy as np
import pytest

from ml import catalog, data
from ml.build import Built, build
from ml.data.dataset import Dataset
from ml.events import Region, Regions
from ml.inspect.regions import SIDE, RegionsLens, cut, telling
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project
from ml.training.optimizers import TrainingProblem

MOST_BYTES = 60_000


def lens(project: Project) -> tuple[RegionsLens, dict[str, Built], Dataset]:
    keras.utils.set_random_seed(0)
    built = {role: build(graph, role) for role, graph in project.models.items()}
    dataset = data.load(project.data)
    for each in built.values():
        for layer in each.layers.values():
            if isinstance(layer, keras.layers.Normalization):
                layer.adapt(dataset.x)
    return RegionsLens(project, built, dataset), built, dataset


def seen(project: Project) -> tuple[Regions, dict[str, Built], Dataset]:
    made, built, dataset = lens(project)
    found = made.read(3)
    assert found is not None and found.step == 3
    return found, built, dataset


def places(region: Region) -> np.ndarray:
    """The middles of the cells, (SIDE, SIDE, 2)."""
    part = (np.arange(SIDE) + 0.5) / SIDE
    across, up = (region.low[axis] + part * (region.high[axis] - region.low[axis]) for axis in (0, 1))
    return np.stack(np.meshgrid(across, up), axis=-1)


def two_units(answer: str = "sigmoid", skip: bool = False, loss: str = "auto") -> Project:
    nodes = {
        "x": Node("Input", {"shape": [2]}),
        "fold": Node("Dense", {"units": 2, "activation": "tanh"}, (Link("x"),)),
        "sum": Node("Add", {}, (Link("fold"), Link("x"))) if skip else Node("Activation", {"activation": "linear"}, (Link("fold"),)),
        "answer": Node("Dense", {"units": 1, "activation": answer}, (Link("sum"),)),
        "y": Node("Output", {}, (Link("answer"),)),
    }
    return Project("two", Data("moons"), {"model": Graph(nodes)}, Choice("supervised", {"from_logits": answer == "linear" and loss == "auto", "loss": loss}))


def test_each_place_of_the_plane_has_what_the_model_says_there() -> None:
    found, built, _ = seen(catalog.new("mlp", settings={"data": "spirals"}))
    (region,) = found.regions
    wanted = built["model"].model.predict(places(region).reshape(-1, 2), verbose=0)[:, 1].reshape(SIDE, SIDE)
    np.testing.assert_allclose(region.shades.numpy()[0] / 255, wanted, atol=0.003)
    assert region.axes == ("x", "y") and found.classes == data.spec(Data("spirals")).classes


def test_of_more_classes_each_has_its_map_and_the_other_columns_are_at_their_medians() -> None:
    made, built, dataset = lens(catalog.new("mlp", settings={"data": "iris"}))
    made.turn(1, 0)
    found = made.read(0)
    assert found is not None and (found.across, found.up) == (1, 0)
    (region,) = found.regions
    assert region.axes == (dataset.features[1], dataset.features[0])
    x = np.tile(np.median(dataset.part("train")[0], axis=0), (SIDE * SIDE, 1))
    x[:, [1, 0]] = places(region).reshape(-1, 2)
    wanted = built["model"].model.predict(x, verbose=0).T.reshape(3, SIDE, SIDE)
    np.testing.assert_allclose(region.shades.numpy() / 255, wanted, atol=0.003)


def test_the_samples_are_of_the_training_part_with_what_is_said_of_them() -> None:
    found, built, dataset = seen(catalog.new("logistic_regression"))
    (region,) = found.regions
    x, y = dataset.part("train")
    chosen = np.linspace(0, len(x) - 1, len(found.labels.numpy())).round().astype(int)
    assert np.array_equal(found.labels.numpy(), y[chosen])
    np.testing.assert_array_equal(region.points.numpy(), x[chosen][:, [found.across, found.up]])
    np.testing.assert_array_equal(region.said.numpy(), built["model"].model.predict(x[chosen], verbose=0)[:, 0] > 0.5)


def test_a_number_is_told_in_its_own_unit() -> None:
    found, built, dataset = seen(catalog.new("mlp", settings={"data": "diabetes"}))
    (region,) = found.regions
    assert dataset.target_scale is not None and not found.classes
    assert 25 <= found.low < found.high <= 346, "diabetes: the progression lies between 25 and 346"
    x = dataset.part("train")[0]
    chosen = np.linspace(0, len(x) - 1, len(found.labels.numpy())).round().astype(int)
    wanted = dataset.target_scale.raw(built["model"].model.predict(x[chosen], verbose=0))[:, 0]
    np.testing.assert_allclose(region.said.numpy(), wanted, rtol=1e-4)


@pytest.mark.parametrize(("answer", "loss"), [("sigmoid", "auto"), ("linear", "auto"), ("linear", "perceptron")])
def test_a_layer_of_two_units_is_a_plane_of_its_own(answer: str, loss: str) -> None:
    found, built, dataset = seen(two_units(answer, loss=loss))
    assert [region.layer for region in found.regions] == ["", "fold", "sum"]
    region, layers = found.regions[1], built["model"].layers
    x = dataset.part("train")[0]
    chosen = np.linspace(0, len(x) - 1, len(found.labels.numpy())).round().astype(int)
    np.testing.assert_allclose(region.points.numpy(), np.asarray(layers["fold"](x[chosen])), atol=1e-5)
    wanted = np.asarray(layers["answer"](places(region).reshape(-1, 2).astype("float32"))).reshape(SIDE, SIDE)
    wanted = 1 / (1 + np.exp(-wanted)) if answer == "linear" else wanted
    np.testing.assert_allclose(region.shades.numpy()[0] / 255, wanted, atol=0.003)


def test_where_more_than_the_layer_leads_to_the_answer_there_are_points_alone() -> None:
    found, _, _ = seen(two_units(skip=True))
    assert [len(region.shades.numpy()) for region in found.regions] == [1, 0, 1]
    assert cut(two_units(skip=True).models["model"], "fold") is None


@pytest.mark.parametrize(("template", "settings"), [("mlp", {"data": "iris"}), ("mlp", {"data": "moons"}), ("logistic_regression", {})])
def test_regions_take_little_room_and_change_nothing(template: str, settings: dict[str, str]) -> None:
    made, built, _ = lens(catalog.new(template, settings=settings))
    before = [array.copy() for array in built["model"].model.get_weights()]
    assert len(msgspec.msgpack.encode(made.read(0))) < MOST_BYTES
    assert all(np.array_equal(now, then) for now, then in zip(built["model"].model.get_weights(), before, strict=True))


@pytest.mark.parametrize("template", ["cnn", "vae", "gpt"])
def test_pictures_and_text_have_none(template: str) -> None:
    assert lens(catalog.new(template))[0].read(0) is None


def test_two_columns_are_needed() -> None:
    made, _, _ = lens(catalog.new("mlp", settings={"data": "iris"}))
    with pytest.raises(TrainingProblem, match="two different columns of the 4"):
        made.turn(2, 2)


def test_the_first_plane_is_of_the_columns_that_tell_most() -> None:
    iris = data.load(Data("iris"))
    assert telling(iris.x, iris.y, labels=True) == (2, 3), "petals tell the species"
    assert telling(np.zeros((5, 3), "float32"), np.arange(5), labels=True) == (0, 1)
