"""A Keras model becomes a graph that builds the same model again; what can't is named."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from ml import catalog
from ml.build import build
from ml.importer import ImportProblem, from_config, from_model, guess, import_file
from tests.ml.some_models import LARGE, SMALL, attention_by_hand, nested, sequential, shared


@pytest.mark.parametrize("make", SMALL + LARGE)
def test_a_model_comes_back_from_its_graph(make: Callable[[], keras.Model]) -> None:
    model = make()
    graph, problems = from_model(model)
    again = build(graph).model
    assert not problems
    assert again.count_params() == model.count_params()
    assert [tuple(tensor.shape) for tensor in again.outputs] == [tuple(tensor.shape) for tensor in model.outputs]


def test_a_shared_layer_is_one_node_with_weights_and_others_that_share_them() -> None:
    graph, _ = from_model(shared())
    assert [node.shares is None for node in graph.nodes.values() if node.type == "Dense"] == [True, False, False]
    assert [node.shares is None for node in graph.nodes.values() if node.type == "Block"] == [True, False]


def test_only_what_differs_from_the_defaults_is_kept() -> None:
    graph, _ = from_model(sequential())
    assert graph[graph.of_type("Conv2D")[0]].arguments == {"filters": 4, "kernel_size": [3, 3], "activation": "relu"}


def saved(model: keras.Model, folder: Path) -> Path:
    model.save(folder / "model.keras")
    return folder / "model.keras"


def test_a_file_becomes_a_project_with_the_data_that_fits(tmp_path: Path) -> None:
    project, problems = import_file(saved(sequential(), tmp_path))
    assert (project.name, project.data.id, project.recipe.id, problems) == ("model", "digits", "supervised", [])
    assert len(project.models["model"].nodes) == 6


@pytest.mark.parametrize(("classes", "source"), [(10, "digits"), (100, "cifar100")])
def test_data_that_must_be_downloaded_are_taken_where_no_others_fit(classes: int, source: str) -> None:
    model = catalog.new("cnn", settings={"shape": [32, 32, 3], "classes": classes}).models["model"]
    project, problems = guess.project("model", model)
    assert (project.data.id, problems) == (source, [])


def test_where_no_data_fits_it_says_so(tmp_path: Path) -> None:
    _, problems = import_file(saved(attention_by_hand(), tmp_path))
    assert problems == ["No dataset here gives what the model takes (5 × 8): choose the data that it is for."]


@keras.saving.register_keras_serializable(package="somebody")
class Strange(layers.Layer):
    def call(self, x: object) -> object:
        return x


def test_a_layer_that_keras_has_not_is_left_out_and_named_with_its_package(tmp_path: Path) -> None:
    x = keras.Input((3,))
    model = keras.Model(x, layers.Dense(2, name="dense")(Strange(name="odd")(x)))
    project, problems = import_file(saved(model, tmp_path))
    assert problems[0] == "odd is a Strange from the package somebody, which is no layer of Keras: it is left out, and what it fed is not connected."
    assert "dense" in project.models["model"].nodes


def test_lambda_is_refused_and_named_wherever_it_stands(tmp_path: Path) -> None:
    x = keras.Input((3, 2))
    inner = keras.Sequential([layers.Input((3, 2)), layers.Lambda(abs, name="hidden")], name="inner")
    model = keras.Model(x, layers.TimeDistributed(layers.Lambda(abs), name="wrapped")(inner(layers.Lambda(abs, name="plain")(x))))
    with pytest.raises(ImportProblem) as refused:
        import_file(saved(model, tmp_path))
    for place in ("plain", "inner/hidden", "wrapped/lambda"):
        assert f"{place} is a Lambda, which holds Python code: it is never loaded" in str(refused.value)


def test_code_in_the_training_that_comes_along_is_refused(tmp_path: Path) -> None:
    path = changed(saved(sequential(), tmp_path), lambda text: json.dumps(json.loads(text) | {"compile_config": {"loss": {"class_name": "__lambda__"}}}))
    with pytest.raises(ImportProblem, match="the file's training is a __lambda__, which holds Python code"):
        import_file(path)


def test_a_vocabulary_may_not_be_a_file(tmp_path: Path) -> None:
    x = keras.Input((3,), dtype="int32")
    model = keras.Model(x, layers.IntegerLookup(vocabulary=[1, 2], name="lookup")(x))
    path = changed(saved(model, tmp_path), lambda text: text.replace('"vocabulary": [1, 2]', '"vocabulary": "/etc/passwd"'))
    with pytest.raises(ImportProblem, match="lookup has for its vocabulary the file '/etc/passwd', and a model may not open files"):
        import_file(path)


def test_a_part_that_was_never_built_is_left_out(tmp_path: Path) -> None:
    config = json.loads(nested().to_json())
    for layer in config["config"]["layers"]:
        if layer["class_name"] == "Sequential":
            layer["config"] |= {"layers": layer["config"]["layers"][1:], "build_input_shape": None}
            layer["build_config"] = None
    _, problems = from_config(config)
    assert problems[0].startswith("head is a Sequential model that was never built")


def test_a_class_of_ones_own_is_refused(tmp_path: Path) -> None:
    class Own(keras.Model):
        def call(self, x: object) -> object:
            return x

    path = tmp_path / "model.keras"
    model = Own()
    model(np.ones((1, 2)))
    model.save(path)
    with pytest.raises(ImportProblem, match=r"it is a Own from the package .*only functional and Sequential models can be shown"):
        import_file(path)


def changed(path: Path, change: Callable[[str], str | bytes]) -> Path:
    """The file with another configuration."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members["config.json"] = change(members["config.json"].decode())  # type: ignore[assignment]  # zipfile takes text too
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace('"name": "sequential', '"name": "x", "name": "sequential', 1), "the key 'name' stands twice"),
        (lambda text: "[" * 200_000 + "]" * 200_000, "too deeply nested"),
        (lambda text: text.replace('"units": 10', '"units": "8; rm"'), r"dense\w* can't be: units must be a whole number, not '8; rm'"),
        (lambda text: text.replace('"class_name": "Dropout"', '"class_name": "TFSMLayer"'), "is a TFSMLayer, which runs a program from another file"),
        (lambda text: text.replace('"class_name": "GlorotUniform"', '"class_name": "system"'), "kernel_initializer is a system from the package keras"),
        (lambda text: "{}", "only functional and Sequential models"),
        (lambda text: "[1]", "should be an object"),
        (lambda text: text.replace('"layers": [', '"layers": 3, "rest": ['), "no list of layers, as Keras writes it"),
    ],
)
def test_a_broken_configuration_is_refused(change: Callable[[str], str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match=sentence):
        import_file(changed(saved(sequential(), tmp_path), change))


def rewritten(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def with_member(path: Path, name: str) -> Path:
    with zipfile.ZipFile(path, "a") as file, warnings.catch_warnings(action="ignore"):
        file.writestr(name, "x")
    return path


def locked(path: Path) -> Path:
    """The file, said to have a password: bit 0 of the flags in each entry of the list at its end."""
    data = bytearray(path.read_bytes())
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 1)
    return rewritten(path, bytes(data))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: rewritten(path, path.read_bytes()[:-100]), "cut short"),
        (lambda path: rewritten(path, b""), "is empty"),
        (lambda path: rewritten(path, b"my notes on networks"), "not a .keras file"),
        (lambda path: rewritten(path, b"\x89HDF\r\n\x1a\n rest"), "is damaged"),
        (lambda path: with_member(path, "config.json"), "more than once"),
        (lambda path: with_member(path, "../../evil"), "points outside"),
        (lambda path: with_member(path, "/etc/passwd"), "points outside"),
        (lambda path: locked(path), "never uses"),
        (lambda path: path.with_name("gone.keras"), "No such file"),
    ],
)
def test_a_broken_file_is_refused(spoil: Callable[[Path], Path], sentence: str, tmp_path: Path) -> None:
    path = spoil(saved(sequential(), tmp_path))
    with pytest.raises(ImportProblem, match=sentence):
        import_file(path)


def test_one_flipped_bit_in_the_weights_is_found(tmp_path: Path) -> None:
    path = saved(sequential(), tmp_path)
    with zipfile.ZipFile(path) as file:
        start = file.getinfo("model.weights.h5").header_offset + 2000
    data = bytearray(path.read_bytes())
    data[start] ^= 1
    with pytest.raises(ImportProblem, match=r"model.weights.h5 is damaged"):
        import_file(rewritten(path, bytes(data)))


def test_a_file_without_weights_opens_and_says_so(tmp_path: Path) -> None:
    path = saved(sequential(), tmp_path)
    with zipfile.ZipFile(path) as file:
        config = file.read("config.json")
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("config.json", config)
    assert import_file(path)[1] == ["model.keras holds no model.weights.h5: only the architecture is there."]


def test_a_configuration_that_unpacks_to_a_gigabyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.json", " " * (65 * 2**20))
    with pytest.raises(ImportProblem, match="unpacks to 65 MiB"):
        import_file(path)


MASK = "ops.not_equal"
"""Which tokens count, as an Embedding finds out by itself: Keras writes it into the model as an operation of its own."""


@pytest.mark.parametrize("template", list(catalog.templates()))
def test_every_template_comes_back_from_keras(template: str) -> None:
    for role, graph in catalog.new(template).models.items():
        model = build(graph, role).model
        again, problems = from_model(model)
        assert not problems
        types = {node.type for node in again.nodes.values()} - {MASK}
        assert types == {node.type for node in graph.nodes.values()} - {MASK}
        assert build(again, role).model.count_params() == model.count_params()


@pytest.mark.parametrize("regularizer", [keras.regularizers.L2(0.3), keras.regularizers.L1L2(0.1, 0.2), keras.regularizers.L1L2(), keras.regularizers.L2()])
def test_a_regularizer_comes_with_its_strength(regularizer: keras.regularizers.Regularizer) -> None:
    inputs = keras.Input((3,))
    graph, problems = from_model(keras.Model(inputs, keras.layers.Dense(2, kernel_regularizer=regularizer, name="dense")(inputs)))
    assert not problems
    again = build(graph, "model").model.get_layer("dense").kernel_regularizer
    assert type(again) is type(regularizer) and again.get_config() == regularizer.get_config()
