"""Whatever is exported opens where nobody has heard of this program, and says the same."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from ml import catalog
from ml.build import build
from ml.export import SELECTED, ExportProblem, export, of_session
from ml.project.graph import Graph
from ml.project.project import Choice, Data, Project
from ml.training.session import Session

PROJECT = Project("a test", Data("iris"), {"model": Graph()}, Choice("supervised"))


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """Two inputs, two outputs, a slice and a matmul."""
    a, b = keras.Input((4,), name="numbers"), keras.Input((6,), dtype="int32", name="tokens")
    x = keras.layers.Embedding(9, 4)(b)
    scores = keras.ops.softmax(keras.ops.matmul(x, keras.ops.transpose(x, (0, 2, 1))))
    y = keras.layers.Dense(3, activation="softmax")(keras.layers.Concatenate()([a, keras.ops.matmul(scores, x)[:, 0]]))
    return keras.Model([a, b], [y, scores], name="model")


@pytest.mark.parametrize("format", ["keras", "weights", "savedmodel", "tflite"])
def test_an_export_is_opened_in_a_clean_process_and_predicts_the_same(model: keras.Model, format: str, tmp_path: Path) -> None:
    proof = export({"model": model}, PROJECT, format, tmp_path / "out")
    assert proof.verified
    assert proof.difference is not None and proof.difference < 1e-4
    assert proof.size > 1000
    assert [path.name for path in tmp_path.iterdir()] == [Path(proof.path).name]


COMMON = ("mlp", "vae", "gpt")
"""Together they have what could stand in the way of an export; the others are tried with the slow tests, for each takes a process that starts TensorFlow."""


@pytest.mark.parametrize("template", [id if id in COMMON else pytest.param(id, marks=pytest.mark.slow) for id in catalog.templates()])
def test_every_template_leaves_as_plain_keras(template: str, tmp_path: Path) -> None:
    project = catalog.new(template)
    models = {role: build(graph, role).model for role, graph in project.models.items()}
    for role in models:
        assert export(models, project, "keras", tmp_path / role, role).verified


@pytest.mark.slow
@pytest.mark.parametrize("format", ["weights", "savedmodel", "tflite", "onnx", "python"])
@pytest.mark.parametrize("template", list(catalog.templates()))
def test_every_template_leaves_in_every_format(template: str, format: str, tmp_path: Path) -> None:
    if (template, format) == ("pointer_network", "onnx"):
        pytest.skip("tf2onnx pads its mask of bools with a float")
    project = catalog.new(template)
    models = {role: build(graph, role).model for role, graph in project.models.items()}
    for role in models:
        proof = export(models, project, format, tmp_path / role, role)
        assert proof.verified or (format == "tflite" and proof.message == SELECTED)


def test_of_several_models_it_is_said_which_one_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml.export._prove", lambda *_: (True, 0.0, ""))
    session = Session(catalog.new("vae"))
    assert "It is the model 'encoder'; by its role there is also decoder." in of_session(session, "weights", tmp_path / "one").message
    assert "by its role" not in of_session(session, "weights", tmp_path / "other", "decoder").message


def test_a_script_builds_the_same_models_where_nobody_knows_this_program(tmp_path: Path) -> None:
    proof = export({}, catalog.new("mlp", settings={"data": "iris"}), "python", tmp_path / "train")
    assert proof.verified
    assert proof.path.endswith("train.py")


@pytest.mark.parametrize("template", ["linear_regression", "elman", "vit"])  # normalized by constants, with a loop, with the exact GELU
def test_onnx_is_proven_by_onnx_runtime(template: str, tmp_path: Path) -> None:
    pytest.importorskip("tf2onnx", exc_type=ImportError)
    project = catalog.new(template)
    assert export({role: build(graph, role).model for role, graph in project.models.items()}, project, "onnx", tmp_path / "out.onnx").verified


def test_without_its_packages_onnx_says_how_to_get_them(model: keras.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ExportProblem, match=r"pip install -e '\.\[onnx\]'"):
        export({"model": model}, PROJECT, "onnx", tmp_path / "out.onnx")


def test_a_second_export_takes_the_place_of_the_first(model: keras.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml.export._prove", lambda *_: (True, 0.0, ""))
    for _ in range(2):
        export({"model": model}, PROJECT, "savedmodel", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_was_there_stays_when_the_proof_fails(model: keras.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out.keras").write_bytes(b"precious")
    monkeypatch.setattr("ml.export._run", lambda arguments, folder: "it does not open.")
    with pytest.raises(ExportProblem, match="does not open"):
        export({"model": model}, PROJECT, "keras", tmp_path / "out.keras")
    assert (tmp_path / "out.keras").read_bytes() == b"precious"


def test_an_export_that_predicts_something_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    x = keras.Input((2,))
    model = keras.Model(x, keras.layers.Dense(1)(x))

    def another(model: keras.Model, format: str, path: Path) -> None:
        model.set_weights([weight + 1 for weight in model.get_weights()])
        model.save(path)

    monkeypatch.setattr("ml.export._write", another)
    with pytest.raises(ExportProblem, match="predicts something else"):
        export({"model": model}, PROJECT, "keras", tmp_path / "out.keras", sample={x.name: np.ones((3, 2), "float32")})
    assert not (tmp_path / "out.keras").exists()


@pytest.mark.parametrize(
    ("format", "out", "role", "sentence"),
    [
        ("pickle", "out", None, "no format 'pickle'; there are: keras"),
        ("keras", "no/folder/out.keras", None, "no folder"),
        ("keras", "out.keras", "critic", "no model 'critic' in this project; there are: model"),
        ("savedmodel", "", None, "is no SavedModel"),
    ],
)
def test_what_can_not_be_exported_is_said(model: keras.Model, format: str, out: str, role: str | None, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ExportProblem, match=sentence):
        export({"model": model}, PROJECT, format, tmp_path / out, role)
