"""The contract that every template is held to; they are found by listing, so a new one needs no line here."""

import inspect
import math
import re
from importlib import import_module
from pathlib import Path

import keras
import numpy as np
import pytest
from msgspec.structs import replace

from ml import catalog
from ml.check import Checker
from ml.ops import table
from ml.project.graph import INPUT
from ml.tables import RECIPES
from ml.training.session import Session

TEMPLATES = list(catalog.templates())
PRESETS = ("lite", "paper")
PARTS = ["What it is", "What to watch", "What to try", "The paper"]


@pytest.fixture(scope="module")
def checker():
    return Checker()


def graphs(project):
    """Every graph of the project with those inside its blocks."""
    waiting = list(project.models.values())
    while waiting:
        graph = waiting.pop()
        yield graph
        waiting.extend(node.graph for node in graph.nodes.values() if node.graph is not None)


def test_templates_are_the_files_of_the_folder():
    files = {path.stem for path in Path(catalog.__file__).parent.glob("*.py") if "\nTEMPLATE = " in path.read_text("utf-8")}
    assert set(TEMPLATES) == files


@pytest.mark.parametrize("template", TEMPLATES)
def test_its_page_has_four_parts(template):
    page = catalog.templates()[template].page
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == PARTS
    assert 150 <= len(page.split()) <= 320
    assert page.count("\n- ") >= 3


@pytest.mark.parametrize("template", TEMPLATES)
def test_its_parameters_are_those_of_its_function(template):
    build = import_module(f"ml.catalog.{template}").build
    defaults = {name: parameter.default for name, parameter in inspect.signature(build).parameters.items()}
    parameters = catalog.templates()[template].parameters
    assert {p.name for p in parameters} == set(defaults)
    for parameter in parameters:
        assert parameter.help
        if parameter.default is not None:
            wanted = defaults[parameter.name]
            assert parameter.default == (list(wanted) if isinstance(wanted, tuple) else wanted)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_its_graphs_are_whole(template, preset):
    project = catalog.new(template, preset)
    assert tuple(project.models) == RECIPES[project.recipe.id].roles
    for graph in graphs(project):
        assert not graph.cycle()
        fed = [name for name in graph.of_type(INPUT) if graph not in project.models.values()]  # inside a block they take the shape of what comes
        for name, node in graph.nodes.items():
            if name in fed and "shape" not in node.arguments:
                continue
            owner = graph[node.shares] if node.shares else node
            assert table.problem(replace(node, arguments=owner.arguments | node.arguments)) is None, name


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_keras_finds_nothing_wrong(template, preset, checker):
    report = checker.check(catalog.new(template, preset))
    assert report.problems == ()
    assert report.errors == 0


@pytest.mark.parametrize("template", TEMPLATES)
def test_it_takes_a_step_and_opens_in_plain_keras(template, tmp_path):
    session = Session(catalog.new(template))
    before = {role: weights(model) for role, model in session.models.items()}
    _, _, loop = session.trainer()
    loop.begin(0)
    logs, _ = loop.run(0, 1)
    assert logs and all(math.isfinite(value) for value in logs.values())
    for role, model in session.models.items():
        assert any(not np.array_equal(old, new) for old, new in zip(before[role], weights(model), strict=True)), f"{role} did not learn"
        path = tmp_path / f"{role}.keras"
        path.write_bytes(session.saved(role))
        opened = keras.models.load_model(path)
        for ours, theirs in zip(keras.tree.flatten(model(probe(model))), keras.tree.flatten(opened(probe(model))), strict=True):
            np.testing.assert_allclose(theirs, ours, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("template", TEMPLATES)
def test_all_that_is_seen_of_it_can_be_read(template):
    session = Session(catalog.new(template))
    session.trainer()
    assert list(session.seen())


def weights(model: keras.Model) -> list[np.ndarray]:
    """The trained weights as they are now."""
    return [keras.ops.convert_to_numpy(weight).copy() for weight in model.trainable_weights]


def probe(model: keras.Model) -> np.ndarray | list[np.ndarray]:
    """Two samples of what the model takes, of each input where it has several."""
    random = np.random.default_rng(0)
    numbers = [random.random((2, *tensor.shape[1:])) for tensor in model.inputs]
    samples = [(n * 10).astype("int32") if t.dtype == "int32" else n.astype("float32") for n, t in zip(numbers, model.inputs, strict=True)]
    return samples if len(samples) > 1 else samples[0]


def test_the_paper_preset_of_self_attention_is_one_head_of_the_transformer(checker):
    report = checker.check(catalog.new("self_attention", "paper")).roles["model"]
    assert [report[name].trainable for name in ("query", "key", "value")] == [512 * 64 + 64] * 3
    assert report["weights"].shapes == ((None, 8, 8),)


def test_a_block_of_gpt_sees_nothing_of_what_comes():
    model = Session(catalog.new("gpt")).models["model"]
    tokens = probe(model)
    assert isinstance(tokens, np.ndarray)
    changed = tokens.copy()
    changed[:, 40:] = 7
    np.testing.assert_allclose(model(tokens)[:, :40], model(changed)[:, :40], atol=1e-5)
    assert not np.allclose(model(tokens)[:, 40:], model(changed)[:, 40:])


def test_the_latent_noise_of_the_vae_is_silent_outside_training():
    mean, _, place = Session(catalog.new("vae")).models["encoder"](np.ones((3, 8, 8, 1), "float32"))
    np.testing.assert_array_equal(mean, place)
