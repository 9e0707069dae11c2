"""Two graphs compared: what is held for the same node, and what is said of it."""

from __future__ import annotations

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from ml import catalog
from ml.project.difference import Change, difference, matched, settings
from ml.project.graph import Graph, Link, Node
from ml.project.merged import merged
from ml.project.project import Choice, Training

GRAPH = Graph(
    {
        "image": Node("Input", {"shape": [8, 8, 1]}),
        "conv": Node("Conv2D", {"filters": 32, "kernel_size": 3}, (Link("image"),)),
        "skip": Node("Conv2D", {"filters": 32, "kernel_size": 1}, (Link("image"),)),
        "add": Node("Add", {}, (Link("conv"), Link("skip"))),
        "answer": Node("Output", {}, (Link("add"),)),
    }
)


def with_arguments(graph: Graph, name: str, **arguments: object) -> Graph:
    return graph.with_node(name, replace(graph[name], arguments=graph[name].arguments | arguments))


def test_equal_graphs_and_other_places_are_no_difference() -> None:
    moved = Graph({name: replace(node, position=(1.0, 2.0)) for name, node in GRAPH.nodes.items()})
    assert not difference(GRAPH, GRAPH) and not difference(GRAPH, moved)


def test_changed_arguments_are_listed_with_what_they_were() -> None:
    found = difference(GRAPH, with_arguments(GRAPH, "conv", filters=64, strides=2))
    assert found.changes == {"conv": (Change("filters", 32, 64), Change("strides", UNSET, 2))}


def test_a_node_put_into_a_link_is_added_and_its_neighbours_are_the_same() -> None:
    after = GRAPH.with_node("relu", Node("ReLU", {}, (Link("conv"),))).linked("add", 0, Link("relu"))
    found = difference(GRAPH, after)
    assert (found.added, found.gone, found.changes) == (("relu",), (), {})
    back = difference(after, GRAPH)
    assert (back.added, back.gone, back.changes) == ((), ("relu",), {})


def test_another_feeder_is_a_change() -> None:
    found = difference(GRAPH, GRAPH.linked("skip", 0, Link("conv")))
    assert found.changes == {"skip": (Change("inputs", "image", "conv"),)}
    swapped = difference(GRAPH, GRAPH.with_node("add", replace(GRAPH["add"], inputs=(Link("skip"), Link("conv")))))
    assert swapped.changes == {"add": (Change("inputs", "conv, skip", "skip, conv"),)}


def test_a_renamed_node_is_known_by_what_is_around_it() -> None:
    after = with_arguments(GRAPH.renamed("conv", "first").renamed("skip", "shortcut").renamed("image", "x"), "first", filters=64)
    found = difference(GRAPH, after)
    assert not found.added and not found.gone
    assert found.changes["first"] == (Change("name", "conv", "first"), Change("filters", 32, 64))
    assert found.pairs["skip"] == "shortcut"


def test_a_graph_with_every_name_changed_is_still_the_same_graph() -> None:
    graph = catalog.new("vit").models["model"]
    after = graph
    for number, name in enumerate(graph.nodes):
        after = after.renamed(name, f"n{number}")
    assert matched(graph, after) == {name: f"n{number}" for number, name in enumerate(graph.nodes)}


def test_what_was_taken_elsewhere_is_known_by_being_the_only_one_of_its_kind() -> None:
    before = GRAPH.with_node("pool", Node("AveragePooling2D", {"pool_size": 4}))
    after = GRAPH.with_node("other", Node("AveragePooling2D", {"pool_size": 4}, (Link("add"),)))
    assert matched(before, after)["pool"] == "other"


def test_another_type_under_the_same_name_is_a_change_of_type() -> None:
    after = GRAPH.with_node("conv", replace(GRAPH["conv"], type="SeparableConv2D"))
    assert difference(GRAPH, after).changes == {"conv": (Change("type", "Conv2D", "SeparableConv2D"),)}


def test_the_inside_of_a_block_is_compared_too() -> None:
    before, after = (Graph({"block": Node("Block", graph=graph)}) for graph in (GRAPH, GRAPH.without({"skip"})))
    found = difference(before, after)
    assert not found.changes and found.inside["block"].gone == ("skip",)
    assert merged(before, after, found).marks == {"block": "changed"}


def test_settings_are_told_by_their_names() -> None:
    before, after = Training(), Training(epochs=3, optimizer=Choice("SGD", {"momentum": 0.9}))
    assert settings(before, after, "training") == [Change("epochs", 10, 3), Change("optimizer", "Adam", "SGD"), Change("momentum", UNSET, 0.9)]


def test_both_graphs_are_drawn_as_one() -> None:
    after = GRAPH.without({"skip"}).with_node("relu", Node("ReLU", {}, (Link("conv"),))).linked("add", 0, Link("relu"))
    both = merged(GRAPH, after, difference(GRAPH, after))
    assert both.marks == {"image": "same", "conv": "same", "add": "same", "answer": "same", "relu": "added", "skip": "gone"}
    assert both.graph["add"].inputs == (Link("relu"), Link("conv"), Link("skip"))
    assert both.links == {("relu", 0): "added", ("add", 0): "added", ("add", 1): "gone", ("add", 2): "gone", ("skip", 0): "gone"}


def test_a_gone_node_whose_name_another_has_now_is_drawn_under_a_free_one() -> None:
    before = GRAPH.with_node("relu", Node("ReLU", {}, (Link("conv"),))).linked("add", 0, Link("relu"))
    after = before.without({"skip"}).renamed("relu", "skip")
    both = merged(before, after, difference(before, after))
    assert both.marks["skip"] == "changed" and both.marks["skip_1"] == "gone"
    assert both.gone == {"skip_1": "skip"} and both.graph["skip_1"].type == "Conv2D"


@pytest.mark.parametrize("rename", [False, True])
def test_of_a_thousand_nodes_none_is_added_or_gone(rename: bool) -> None:
    nodes = {"n0": Node("Input")} | {f"n{i}": Node("Dense", {"units": i}, (Link(f"n{i - 1}"),)) for i in range(1, 1000)}
    other = {"m0": Node("Input")} | {f"m{i}": Node("Dense", {"units": i}, (Link(f"m{i - 1}"),)) for i in range(1, 1000)}
    found = difference(Graph(nodes), Graph(other if rename else nodes | {"n7": Node("ReLU", {}, (Link("n6"),))}))
    assert not found.added and not found.gone
