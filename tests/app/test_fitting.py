"""Other data for a project."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.fitting import project_on, with_data
from ml import catalog, data
from ml.catalog import SettingProblem
from ml.project.project import Data, Training


def test_untouched_models_are_made_anew_and_the_training_stays() -> None:
    project = replace(catalog.new("mlp"), training=Training(epochs=3))
    changed = with_data(project, Data("iris"))
    assert changed.models == catalog.new("mlp", settings={"data": "iris"}).models
    assert changed.training.epochs == 3


def test_edited_models_keep_their_edits_and_fit_at_their_ends() -> None:
    project = catalog.new("mlp", settings={"data": "iris"})
    graph = project.models["model"]
    edited = replace(project, models={"model": graph.with_node("dense", replace(graph["dense"], arguments={"units": 7}))})
    changed = with_data(edited, Data("digits"))
    nodes = changed.models["model"].nodes
    assert nodes["dense"].arguments == {"units": 7}
    assert nodes["input"].arguments["shape"] == [8, 8, 1]
    assert [node.arguments["units"] for node in nodes.values() if node.type == "Dense"][-1] == 10


def test_moved_nodes_are_no_edit() -> None:
    project = catalog.new("mlp")
    graph = project.models["model"]
    moved = replace(project, models={"model": graph.with_node("dense", replace(graph["dense"], position=(1.0, 2.0)))})
    assert with_data(moved, Data("moons")).models == catalog.new("mlp", settings={"data": "moons"}).models


def test_what_a_template_can_not_learn_from_is_said() -> None:
    with pytest.raises(SettingProblem, match="cnn needs pictures"):
        with_data(catalog.new("cnn"), Data("iris"))


def test_every_dataset_has_a_project_to_begin_with() -> None:
    nothing_yet = {"les_miserables"}  # a graph without labels: what embeds its nodes is not in the catalogue
    for source in (id for id, source in data.sources().items() if source.path is None and id not in nothing_yet):
        project = project_on(Data(source))
        assert project.data.id == source
        assert project.models


def test_an_input_whose_shape_is_none_takes_other_data_too() -> None:
    project = catalog.new("mlp", settings={"data": "iris"})
    graph = project.models["model"]
    odd = graph.with_node("input", replace(graph["input"], arguments={"shape": 4}))
    changed = with_data(replace(project, models={"model": odd}), Data("digits"))
    assert changed.data.id == "digits" and changed.models["model"]["input"].arguments == {"shape": 4}
