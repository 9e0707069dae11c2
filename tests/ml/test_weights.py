"""The weights of an opened model stay with its nodes: through the project's file, through edits, into runs and exports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from keras import layers
from msgspec.structs import replace

from ml import catalog, weights
from ml.build import build
from ml.events import Log, Message
from ml.importer import import_file
from ml.project import files
from ml.project.graph import OUTPUT, Link, Node
from ml.project.project import Project
from ml.runs import Run
from ml.training.job import run_job
from ml.training.session import Session
from tests.ml.some_models import LARGE, SMALL, frozen, sequential

pytestmark = pytest.mark.usefixtures("without_xla")


def imported(model: keras.Model, folder: Path) -> tuple[Project, list[str]]:
    model.save(folder / "model.keras")
    project, problems = import_file(folder / "model.keras", folder / "first.weights.h5")
    return project, [problem for problem in problems if not problem.startswith("No dataset here")]


def stirred(model: keras.Model) -> keras.Model:
    """The model with weights that no initializer draws, so that every one of them tells."""
    generator = np.random.default_rng(1)
    for weight in model.weights:
        if weight.dtype == "float32":
            weight.assign(generator.uniform(0.2, 0.8, weight.shape))
    for layer in model._flatten_layers():
        if isinstance(layer, layers.Normalization):
            layer.finalize_state()
    return model


def outputs(model: keras.Model) -> list[np.ndarray]:
    """What a model says of some inputs, drawn by their names."""
    generator = np.random.default_rng(0)
    given = [generator.integers(0, 2, (2, *t.shape[1:])) if "int" in t.dtype else generator.uniform(0, 1, (2, *t.shape[1:])) for t in model.inputs]
    tensors = [x.astype(t.dtype) for x, t in zip(given, model.inputs, strict=True)]
    structure = keras.tree.pack_sequence_as(model._inputs_struct, tensors) if hasattr(model, "_inputs_struct") else tensors[0]
    return [keras.ops.convert_to_numpy(value) for value in keras.tree.flatten(model(structure, training=False))]


@pytest.mark.parametrize("make", SMALL + LARGE)
def test_an_opened_model_says_what_it_said(make: Callable[[], keras.Model], tmp_path: Path) -> None:
    model = stirred(make())
    project, problems = imported(model, tmp_path)
    built = build(project.models["model"])
    assert problems == []
    assert weights.load(built, project.weights).problems == ()
    assert built.model.count_params() == model.count_params()
    for ours, theirs in zip(outputs(built.model), outputs(model), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def in_parts(project: Project) -> keras.Model:
    """The project's model with its first weights."""
    built = build(project.models["model"])
    assert weights.load(built, project.weights).problems == ()
    return built.model


def same(model: keras.Model, other: keras.Model) -> bool:
    return all(np.allclose(ours, theirs, atol=1e-5) for ours, theirs in zip(outputs(model), outputs(other), strict=True))


def test_they_are_saved_beside_the_project_and_found_where_it_is_moved(tmp_path: Path) -> None:
    model = stirred(sequential())
    project, _ = imported(model, tmp_path)
    (tmp_path / "here").mkdir()
    files.save(project, tmp_path / "here" / "mine.atelier")
    Path(project.weights).unlink()
    (tmp_path / "here").rename(tmp_path / "there")
    assert same(in_parts(files.load(tmp_path / "there" / "mine.atelier")), model)


def test_weights_stay_as_long_as_the_file_or_its_backup_needs_them(tmp_path: Path) -> None:
    project, _ = imported(sequential(), tmp_path)
    path = tmp_path / "mine.atelier"
    files.save(project, path)
    files.save(replace(project, weights=""), path)
    assert files.load(files.backup_of(path)) == replace(project, weights=str(files.weights_beside(path)))
    files.save(replace(project, weights="", notes="Without"), path)
    assert not files.weights_beside(path).exists()


def test_new_weights_never_take_the_place_of_those_that_the_file_there_needs(tmp_path: Path) -> None:
    path = tmp_path / "mine.atelier"
    for content in (b"first", b"second", b"third"):
        source = tmp_path / "opened.h5"
        source.unlink(missing_ok=True)
        source.write_bytes(content)
        files.save(replace(catalog.new("mlp"), weights=str(source)), path)
        assert Path(files.load(path).weights).read_bytes() == content
        backup = files.backup_of(path)
        assert content == b"first" or Path(files.load(backup).weights).read_bytes() in (b"first", b"second")


def test_saving_keeps_the_weights_that_lie_there_when_those_it_was_opened_with_are_gone(tmp_path: Path) -> None:
    model = stirred(sequential())
    project, _ = imported(model, tmp_path)
    files.save(project, tmp_path / "mine.atelier")
    Path(project.weights).unlink()
    files.save(project, tmp_path / "mine.atelier")
    assert same(in_parts(files.load(tmp_path / "mine.atelier")), model)


@pytest.mark.parametrize("name", ["/etc/passwd", "../other.h5", "folder/w.h5"])
def test_a_project_may_not_take_weights_from_elsewhere(name: str, tmp_path: Path) -> None:
    files.save(catalog.new("mlp"), tmp_path / "a.atelier")
    text = (tmp_path / "a.atelier").read_text().replace('"weights": ""', f'"weights": "{name}"')
    (tmp_path / "a.atelier").write_text(text)
    with pytest.raises(files.FileProblem, match="only take them from a file beside it"):
        files.load(tmp_path / "a.atelier")


def test_a_changed_node_draws_anew_and_is_named_while_the_others_keep_theirs(tmp_path: Path) -> None:
    model = stirred(sequential())
    project, _ = imported(model, tmp_path)
    graph = project.models["model"]
    [dense] = graph.of_type("Dense")
    wider = graph.with_node(dense, replace(graph[dense], arguments={"units": 7}))
    built = build(wider)
    loaded = weights.load(built, project.weights)
    assert loaded.layers == set(graph.of_type("Conv2D"))
    assert loaded.problems == (f"{dense}: it needs weights of the shape (144, 7) and those kept are (144, 10), so its weights are drawn anew.",)


def test_a_copy_and_a_renamed_node_keep_theirs(tmp_path: Path) -> None:
    model = stirred(sequential())
    project, _ = imported(model, tmp_path)
    graph = project.models["model"]
    [dense] = graph.of_type("Dense")
    graph = graph.renamed(dense, "head")
    graph = graph.with_node("twin", graph["head"]).with_node("second", Node(OUTPUT, inputs=(Link("twin"),)))
    first, second = outputs(in_parts(replace(project, models={"model": graph})))
    np.testing.assert_array_equal(first, second)


def test_what_was_frozen_stays_frozen(tmp_path: Path) -> None:
    project, _ = imported(frozen(), tmp_path)
    model = in_parts(project)
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == 2 * 6 + 2


def test_a_weights_file_that_is_gone_is_named(tmp_path: Path) -> None:
    project, _ = imported(sequential(), tmp_path)
    Path(project.weights).unlink()
    loaded = weights.load(build(project.models["model"]), project.weights)
    assert loaded.layers == set()
    assert "is gone or damaged: all weights are drawn anew" in loaded.problems[0]


def linked_outside(file: h5py.File, outside: Path) -> None:
    file["conv/0"] = h5py.ExternalLink(str(outside), "/conv/0")


def softly_linked(file: h5py.File, outside: Path) -> None:
    file["hidden/0"] = np.ones((3, 3, 1, 4), "float32")
    file["conv"] = h5py.SoftLink("/hidden")


def virtual(file: h5py.File, outside: Path) -> None:
    layout = h5py.VirtualLayout((3, 3, 1, 4), "float32")
    layout[:] = h5py.VirtualSource(str(outside), "conv/0", (3, 3, 1, 4))
    file.create_virtual_dataset("conv/0", layout)


def stored_outside(file: h5py.File, outside: Path) -> None:
    file.create_dataset("conv/0", (3, 3, 1, 4), "float32", external=[(str(outside), 0, 144)])


@pytest.mark.parametrize("write", [linked_outside, softly_linked, virtual, stored_outside])
def test_nothing_is_read_from_outside_of_the_file(write: Callable[[h5py.File, Path], None], tmp_path: Path) -> None:
    with h5py.File(tmp_path / "outside.h5", "w") as outside:
        outside["conv/0"] = np.ones((3, 3, 1, 4), "float32")
    with h5py.File(tmp_path / "w.h5", "w") as file:
        write(file, tmp_path / "outside.h5")
    with h5py.File(tmp_path / "w.h5") as file:
        assert weights.dataset(file, "conv/0") is None


def test_a_run_begins_with_them_and_keeps_them_in_its_folder(tmp_path: Path) -> None:
    model = stirred(sequential())
    project, _ = imported(model, tmp_path)
    run = Run.create(tmp_path / "run", project)
    Path(project.weights).unlink()
    session = Session(run.project)
    assert session.problems == ()
    assert same(session.models["model"], model)


def test_a_run_says_who_draws_anew(tmp_path: Path) -> None:
    project, _ = imported(sequential(), tmp_path)
    Path(project.weights).unlink()
    said: list[Message] = []
    run_job(replace(project, training=replace(project.training, epochs=1)), tmp_path / "run", said.append)
    assert any(isinstance(event, Log) and event.level == "warning" and "drawn anew" in event.text for event in said)


def test_numbers_of_a_kind_that_no_weights_have_are_not_taken(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "odd.h5", "w") as file:
        file["pairs"] = np.zeros(3, [("a", "u2"), ("b", "u2")])
        file["wide"] = np.zeros(3, "V8")
        assert weights.dataset(file, "pairs") is None and weights.dataset(file, "wide") is None
