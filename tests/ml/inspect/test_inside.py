"""The lens shows what the layers compute and hold, of any model, and changes nothing."""

import keras
import msgspec
import numpy as np
import pytest

from ml import catalog, data
from ml.build import build
from ml.events import Inside
from ml.inspect.inside import InsideLens
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project

MOST_BYTES = 100_000


def look(project: Project) -> tuple[Inside, dict[str, keras.Model]]:
    keras.utils.set_random_seed(0)
    built = {role: build(graph, role) for role, graph in project.models.items()}
    dataset = data.load(project.data)
    before = {role: [array.copy() for array in each.model.get_weights()] for role, each in built.items()}
    sample = dataset.part("validation")[0][0]
    seen = InsideLens(project, built, dataset).read(5, sample)
    assert isinstance(seen, Inside)
    for role, each in built.items():
        assert all(np.array_equal(now, then) for now, then in zip(each.model.get_weights(), before[role], strict=True))
    return seen, {role: each.model for role, each in built.items()}


@pytest.mark.parametrize("template", ["cnn", "vae", "dcgan", "gpt", "vit"])
def test_every_layer_of_every_role_is_seen_in_little_room(template: str) -> None:
    project = catalog.new(template)
    seen, models = look(project)
    assert seen.step == 5 and {layer.role for layer in seen.layers} == set(project.models)
    assert len(msgspec.msgpack.encode(seen)) <= MOST_BYTES
    for role, model in models.items():
        weights = sum(len(layer.weights) for layer in seen.layers if layer.role == role)
        assert weights >= sum(1 for weight in model.weights if "seed" not in weight.name and weight.shape) * 0.9


def test_an_output_is_what_the_layer_computes() -> None:
    project = catalog.new("mlp")
    seen, models = look(project)
    sample = data.load(project.data).part("validation")[0][:1]
    shown = {layer.name: layer for layer in seen.layers}
    for layer in models["model"].layers:
        if isinstance(layer, keras.layers.Dense):
            output = keras.Model(models["model"].inputs[0], layer.output)(sample)
            assert shown[layer.name].output.mean == pytest.approx(float(np.mean(output)), abs=1e-5)
            assert [weight.name for weight in shown[layer.name].weights] == ["kernel", "bias"]
            assert shown[layer.name].weights[0].deviation == pytest.approx(float(np.std(layer.get_weights()[0])), rel=0.05)


def recurrent(**arguments: object) -> Project:
    nodes = {
        "x": Node("Input", {"shape": [4, 1], "batch_size": 32} if arguments.get("stateful") else {"shape": [4, 1]}),
        "memory": Node("LSTM", {"units": 3, **arguments}, (Link("x"),)),
        "y": Node("Output", {}, (Link("memory"),)),
    }
    return Project("memory", Data("iris"), {"model": Graph(nodes)}, Choice("supervised"))


def test_a_model_that_takes_no_sample_is_fed_with_noise() -> None:
    seen, _ = look(recurrent())
    assert [layer.name for layer in seen.layers] == ["x", "memory"]
    assert seen.layers[0].output.deviation > 0


def test_a_model_that_remembers_its_calls_is_left_alone() -> None:
    project = recurrent(stateful=True)
    built = {"model": build(project.models["model"])}
    assert InsideLens(project, built, data.load(project.data)).read(0, np.zeros(4)) is None
