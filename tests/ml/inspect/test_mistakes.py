"""Mistakes are those that the model makes on the validation part, counted as scikit-learn counts them."""

from __future__ import annotations

import dataclasses

import keras
import msgspec
import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, roc_auc_score

from ml import catalog, data
from ml.build import build
from ml.events import Mistakes
from ml.inspect.mistakes import CURVES, WORST, MistakesLens, curves_of
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project

MOST_BYTES = 150_000


def seen(project: Project) -> tuple[Mistakes, np.ndarray, np.ndarray]:
    """What the lens shows, and of the validation part what the model gives and what is true."""
    keras.utils.set_random_seed(0)
    built = {role: build(graph, role) for role, graph in project.models.items()}
    dataset = data.load(project.data)
    for layer in built["model"].layers.values():
        if isinstance(layer, keras.layers.Normalization):
            layer.adapt(dataset.x)
    found = MistakesLens(project, built, dataset).read(4)
    assert found is not None and found.step == 4 and found.part == "validation"
    x, y = dataset.part("validation")
    return found, built["model"].model.predict(x, verbose=0), y


@pytest.mark.parametrize("settings", [{"data": "iris"}, {"data": "digits"}], ids=["iris", "digits"])
def test_the_matrix_and_the_areas_are_scikit_learns(settings: dict[str, str]) -> None:
    found, values, y = seen(catalog.new("mlp", settings=settings))
    (told,) = found.told
    assert found.count == len(y)
    np.testing.assert_array_equal(told.confusion.numpy(), confusion_matrix(y, values.argmax(1), labels=range(len(found.classes))))
    assert told.areas == pytest.approx([roc_auc_score(y == label, values[:, label]) for label in range(len(found.classes))])


def test_of_two_classes_there_is_one_curve() -> None:
    found, values, y = seen(catalog.new("logistic_regression"))
    (told,) = found.told
    assert told.areas == pytest.approx([roc_auc_score(y, values[:, 0])])
    curve = told.curves[0].numpy()
    assert curve[:, 0].tolist() == [0, 0] and curve[:, -1].tolist() == [1, 1]


def test_the_worst_mistakes_come_first_with_their_pictures() -> None:
    found, values, y = seen(catalog.new("cnn"))
    worst = found.told[0].worst
    assert len(worst) == WORST
    own = [float(values[mistake.index, mistake.label]) for mistake in worst]
    assert own == sorted(own) and own[0] == pytest.approx(min(values[at, y[at]] for at in np.flatnonzero(values.argmax(1) != y)), abs=1e-5)
    for mistake in worst:
        assert y[mistake.index] == mistake.label != mistake.said == values[mistake.index].argmax()
        assert mistake.picture is not None and mistake.picture.shape == (8, 8, 1)
    assert len(msgspec.msgpack.encode(found)) < MOST_BYTES


def test_of_a_story_all_of_it_is_told_with_its_question() -> None:
    found, _, _ = seen(catalog.new("memory_network", settings={"data.samples": 100, "data.sentences": 4}))
    worst = found.told[0].worst
    assert worst and all(". where is the " in mistake.text and mistake.text.endswith("?") for mistake in worst)


def test_a_number_is_told_beside_its_target_in_its_own_unit() -> None:
    found, values, _ = seen(catalog.new("mlp", settings={"data": "diabetes"}))
    assert found.targets is not None and found.told[0].numbers is not None and not found.classes
    dataset = data.load(catalog.new("mlp", settings={"data": "diabetes"}).data)
    assert dataset.target_scale is not None
    np.testing.assert_allclose(found.told[0].numbers.numpy(), dataset.target_scale.raw(values)[:, 0], rtol=1e-4)
    assert found.targets.numpy().min() >= 25 and found.targets.numpy().max() <= 346


def test_of_several_outputs_the_first_is_the_answer() -> None:
    nodes = {
        "x": Node("Input", {"shape": [4]}),
        "answer": Node("Dense", {"units": 3, "activation": "softmax"}, (Link("x"),)),
        "help": Node("Dense", {"units": 3, "activation": "softmax"}, (Link("x"),)),
        "y": Node("Output", {}, (Link("answer"),)),
        "head": Node("Output", {}, (Link("help"),)),
    }
    found, values, y = seen(Project("heads", Data("iris"), {"model": Graph(nodes)}, Choice("supervised")))
    np.testing.assert_array_equal(found.told[0].confusion.numpy(), confusion_matrix(y, values[0].argmax(1), labels=range(3)))


def test_where_all_samples_are_of_one_side_there_is_no_curve() -> None:
    ((curve, area),) = curves_of(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([1, 1]))
    assert curve.shape == (2, 0) and area is None
    assert curves_of(np.full((3, CURVES + 1), 0.1), np.zeros(3, int)) == []


def test_of_several_outputs_the_first_says_the_class() -> None:
    found, (lengths, _), y = seen(catalog.new("capsnet"))
    assert np.array_equal(found.told[0].confusion.numpy(), confusion_matrix(y, lengths.argmax(axis=1), labels=range(10)))


@pytest.mark.parametrize("template", ["vae", "gpt", "dcgan"])
def test_what_says_no_class_makes_no_mistakes(template: str) -> None:
    project = catalog.new(template)
    built = {role: build(graph, role) for role, graph in project.models.items()}
    assert MistakesLens(project, built, data.load(project.data)).read(0) is None


def test_of_one_class_there_is_nothing_to_say() -> None:
    project = catalog.new("logistic_regression")
    built = {role: build(graph, role) for role, graph in project.models.items()}
    dataset = dataclasses.replace(data.load(project.data), classes=("alone",))
    assert MistakesLens(project, built, dataset).read(0) is None
