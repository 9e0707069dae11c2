"""The exported script runs alone and learns exactly as our own run does."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from msgspec.structs import replace

from ml import catalog
from ml.build import build
from ml.catalog.recorder import Input, Model, block, layers, ops
from ml.codegen.script import generate, model_source
from ml.events import Message, Metrics
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project, Split, Training
from ml.runs import Run
from ml.training.job import run_job
from ml.training.optimizers import TrainingProblem


def test_the_script_of_the_mlp_gives_the_same_losses(tmp_path: Path) -> None:
    check_same_losses(catalog.new("mlp", settings={"training.epochs": 2}), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("template", [name for name in catalog.templates() if name != "mlp"])
def test_the_script_of_every_template_gives_the_same_losses(template: str, tmp_path: Path) -> None:
    epochs = 1 if template == "gpt" else 2
    check_same_losses(catalog.new(template, settings={"training.epochs": epochs}), tmp_path)


@pytest.mark.slow
def test_schedule_normalization_patience_and_scaled_targets_are_in_the_script(tmp_path: Path) -> None:
    training = Training(epochs=6, batch_size=50, seed=3, optimizer=Choice("SGD", {"learning_rate": 0.5}), schedule=Choice("CosineDecay"), patience=1)
    project = catalog.new("mlp", settings={"data": "diabetes", "dropout": 0.2})
    check_same_losses(replace(project, training=training, data=replace(project.data, split=Split(0.2, 0.1, 7))), tmp_path)


def check_same_losses(project: Project, folder: Path) -> None:
    script = folder / "script.py"
    script.write_text(generate(project))
    theirs = printed(run_alone(script))
    seen: list[Message] = []
    run_job(project, folder / "run", seen.append)
    ours = [event for event in seen if isinstance(event, Metrics) and event.span == "epoch"]
    assert len(theirs) == len(ours)
    for printed_logs, event in zip(theirs, ours, strict=True):
        expected = event.train | {f"val_{name}": value for name, value in event.validation.items()}
        assert printed_logs.keys() == expected.keys()
        np.testing.assert_allclose(list(printed_logs.values()), [expected[name] for name in printed_logs], rtol=1e-4)
    for role in project.models:
        saved = keras.saving.load_model(folder / f"{role}.keras", compile=False, safe_mode=True)
        trained = keras.saving.load_model(Run(folder / "run").model(role), compile=False, safe_mode=True)
        for mine, other in zip(saved.get_weights(), trained.get_weights(), strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-2, atol=1e-3)


def run_alone(script: Path) -> str:
    """Run a script in a process that knows nothing of this project."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([sys.executable, "-I", script.name], cwd=script.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def printed(text: str) -> list[dict[str, float]]:
    """What the script prints of each epoch."""
    rows = [line.split("  ")[1:] for line in text.splitlines() if line.startswith("epoch ")]
    return [{name: float(value) for name, value in (entry.split(" ") for entry in row)} for row in rows]


def rebuilt(graph: Graph, name: str = "model") -> keras.Model:
    """The model that the source of a graph makes."""
    space = {"keras": keras, "layers": keras.layers, "ops": keras.ops}
    exec(model_source(graph, name), space)
    return space[f"build_{name}"]()


@pytest.mark.parametrize("template", list(catalog.templates()))
def test_the_source_of_every_template_makes_the_same_model(template: str) -> None:
    for role, graph in catalog.new(template).models.items():
        ours, theirs = build(graph, role).model, rebuilt(graph, role)
        assert [layer.name for layer in ours.layers if layer.weights] == [layer.name for layer in theirs.layers if layer.weights]
        assert ours.count_params() == theirs.count_params()


def test_several_outputs_shared_layers_and_odd_names_find_their_places() -> None:
    inputs = Input([6, 4], name="x-1")
    shared = layers.Dense(4, name="class")
    first, second = ops.split(shared(inputs), 2, axis=1).outputs(2)
    sequence, state, carry = layers.LSTM(3, return_sequences=True, return_state=True, name="lstm")(shared(first, name="keras")).outputs(3)
    graph = Model(inputs, {"a": sequence, "b": state + carry, "c": layers.Bidirectional(LSTM, name="both")(second)})
    model = rebuilt(graph)
    assert [tuple(output.shape) for output in model.outputs] == [(None, 3, 3), (None, 3), (None, 8)]


def test_equal_blocks_share_one_function_and_others_have_their_own() -> None:
    def inner(units: int) -> Graph:
        x = Input([8])
        return Model(x, layers.Dense(units)(x))

    x = Input([8])
    y = block(inner(8), name="block_1")(x)
    y = block(inner(8), name="block_2")(y)
    graph = Model(x, block(inner(2), name="head")(y))
    functions = [node.name for node in ast.parse(model_source(graph, "model")).body if isinstance(node, ast.FunctionDef)]
    assert functions == ["build_block", "build_head", "build_model"]
    assert rebuilt(graph).output_shape == (None, 2)


def test_two_models_with_blocks_of_one_name_keep_their_own() -> None:
    def model(units: int, size: int) -> Graph:
        inside, x = Input([size]), Input([size])
        return Model(x, block(Model(inside, layers.Dense(units)(inside)), name="middle")(x))

    project = Project("Two", Data("moons"), {"encoder": model(3, 2), "decoder": model(2, 3)}, Choice("vae"))
    source = generate(replace(project, models={"encoder": two_outputs(project.models["encoder"]), "decoder": project.models["decoder"]}))
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    assert {"build_middle", "build_middle_1", "build_encoder", "build_decoder"} <= set(names)


def two_outputs(graph: Graph) -> Graph:
    """The model with its output twice, as mean and as log variance."""
    return graph.with_node("log_var", graph["output"])


def test_a_project_name_can_not_break_out_of_the_script() -> None:
    source = generate(replace(catalog.new("mlp"), name='"""\nimport os\\'))
    tree = ast.parse(source)
    assert "os" not in [alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names]


EVIL = "units=1); __import__('os').abort(); dict(a"


@pytest.mark.parametrize(
    "arguments",
    [{EVIL: 8}, {"units": 8, "kernel_initializer": {"module": "keras.initializers", "class_name": EVIL, "config": {}}}],
)
def test_what_a_file_says_never_becomes_code(arguments: dict) -> None:
    graph = Graph({"x": Node("Input", {"shape": [2]}), "dense": Node("Dense", arguments, (Link("x"),)), "output": Node("Output", inputs=(Link("dense"),))})
    with pytest.raises(ValueError, match="not the name of"):
        model_source(graph, "model")


def test_an_optimizer_that_there_is_not_is_refused() -> None:
    with pytest.raises(TrainingProblem, match="There is no optimizer"):
        generate(replace(catalog.new("mlp"), training=Training(optimizer=Choice(EVIL))))


LSTM = {"module": "keras.layers", "class_name": "LSTM", "config": {"units": 4}}
