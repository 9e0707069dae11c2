"""Nodes become a block and come out of it again, and the model stays the same."""

import pytest
from msgspec.structs import replace

from ml import catalog
from ml.build import build
from ml.project.expressions import expression
from ml.project.graph import BLOCK, Graph, Link, Node, Note
from ml.project.grouping import GroupProblem, group, independent, renamed_parameter, shared_copy, ungroup, with_parameter, without_parameter

CHAIN = Graph(
    {
        "x": Node("Input", {"shape": [8]}),
        "a": Node("Dense", {"units": 8}, (Link("x"),), position=(0, 0)),
        "b": Node("Dense", {"units": 8}, (Link("a"),), position=(0, 100)),
        "add": Node("Add", {}, (Link("x"), Link("b")), position=(0, 200)),
        "y": Node("Output", {}, (Link("add"),)),
    }
)


def sizes(graph: Graph) -> list[tuple]:
    return sorted(tuple(weight.shape) for weight in build(graph).model.weights)


def test_inputs_and_outputs_are_found():
    graph, name = group(CHAIN, ["a", "b", "add"], "residual")
    assert list(graph.nodes) == ["x", "residual", "y"]
    block = graph[name]
    assert block.inputs == (Link("x"),) and graph["y"].inputs == (Link("residual"),)
    assert block.graph is not None and block.graph["add"].inputs == (Link("x"), Link("b"))
    assert sizes(graph) == sizes(CHAIN)


def test_what_is_used_twice_outside_is_one_output():
    graph = CHAIN.with_node("second", Node("Output", {}, (Link("add"),)))
    graph, name = group(graph, ["add"])
    assert graph["y"].inputs == graph["second"].inputs == (Link(name),)


def test_a_way_out_and_back_in_is_refused_with_what_lies_on_it():
    with pytest.raises(GroupProblem, match="feeds b and is fed by it again: select b too"):
        group(CHAIN, ["a", "add"])


def test_ends_of_the_model_stay_outside():
    graph, name = group(CHAIN, list(CHAIN.nodes))
    assert set(graph.nodes) == {"x", name, "y"}
    with pytest.raises(GroupProblem, match="Select the nodes"):
        group(CHAIN, ["x", "y"])


def test_a_layer_and_what_shares_it_go_together():
    graph = CHAIN.with_node("again", Node("Dense", {}, (Link("add"),), shares="a"))
    with pytest.raises(GroupProblem, match="again shares the weights of a"):
        group(graph, ["a", "b"])


def test_ungrouping_gives_back_what_was_grouped():
    graph, name = group(CHAIN, ["a", "b", "add"])
    again, names = ungroup(graph, name)
    assert names == ["a", "b", "add"]
    assert again == CHAIN


@pytest.mark.parametrize("template", ["cnn", "gpt", "vit", "self_attention"])
def test_any_part_of_a_template_can_be_grouped_and_ungrouped(template):
    model = catalog.new(template).models["model"]
    order = [name for name in model.sorted() if model[name].type not in ("Input", "Output")]
    for start in range(0, len(order), 3):
        try:
            graph, name = group(model, order[start : start + 5])
        except GroupProblem:
            continue
        assert sizes(graph) == sizes(model)
        assert set(ungroup(graph, name)[0].nodes) == set(model.nodes)


def test_repeats_are_written_out_one_after_another():
    graph, name = group(CHAIN, ["a", "b", "add"])
    graph = graph.with_node(name, replace(graph[name], repeat=3))
    again, names = ungroup(graph, name)
    assert len(names) == 9
    assert sizes(again) == sizes(graph)


def test_parameters_are_put_in():
    graph, name = group(CHAIN, ["a", "b"])
    block = with_parameter(graph[name], "width", 8, "a", "units")
    assert block.arguments == {"width": 8} and block.graph is not None
    assert block.graph["a"].arguments["units"] == expression("width")
    again, _ = ungroup(graph.with_node(name, block), name)
    assert again["a"].arguments == {"units": 8}


def test_a_parameter_is_renamed_and_taken_back():
    graph, name = group(CHAIN, ["a", "b"])
    block = with_parameter(graph[name], "width", 8, "a", "units")
    renamed = renamed_parameter(block, "width", "filters")
    assert renamed.arguments == {"filters": 8} and renamed.graph is not None
    assert renamed.graph["a"].arguments["units"] == expression("filters")
    assert without_parameter(renamed, "filters") == graph[name]


def test_a_block_made_inside_a_block_takes_on_its_parameters():
    inside = CHAIN.with_node("a", replace(CHAIN["a"], arguments={"units": expression("2 * width")}))
    graph, name = group(inside, ["a", "b"])
    assert graph[name].arguments == {"width": expression("width")}
    again, _ = ungroup(graph, name)
    assert again["a"].arguments == {"units": expression("2 * width")}


def test_a_block_is_used_again_with_the_same_weights_and_made_independent():
    graph, name = group(CHAIN, ["a", "b", "add"])
    graph, (copy,) = shared_copy(graph, [name], (300, 0))
    graph = graph.linked(copy, 0, Link(name)).linked("y", 0, Link(copy))
    assert graph[copy].type == BLOCK and graph[copy].shares == name
    assert sizes(graph) == sizes(CHAIN)
    assert len(sizes(independent(graph, copy))) == 2 * len(sizes(CHAIN))
    with pytest.raises(GroupProblem, match="make it independent first"):
        ungroup(graph, name)


def test_notes_go_into_the_block_and_come_out_where_they_were():
    noted = replace(CHAIN, notes={"note": Note("twice as wide", (10, 20, 200, 40)), "frame": Note("Stage", (-200, -50, 400, 300), frame=True)})
    graph, name = group(noted, ["a", "b", "add"], notes=["note"])
    assert list(graph.notes) == ["frame"]
    inside = graph[name].graph
    assert inside is not None and inside.notes["note"].place == (10, -80, 200, 40)
    again, _ = ungroup(graph, name)
    assert again.notes == noted.notes


def test_a_circle_is_refused_with_who_is_in_it():
    circle = CHAIN.with_node("a", replace(CHAIN["a"], inputs=(Link("b"),)))
    with pytest.raises(GroupProblem, match="a, b feed each other in a circle"):
        group(circle, ["a", "b"])


@pytest.mark.parametrize(("text", "value"), [("2 *", 3), ("2 * width", "same")])
def test_an_expression_that_is_wrong_stays_wrong_and_hinders_nothing(text, value):
    graph, name = group(CHAIN, ["a", "b"])
    block = with_parameter(graph[name], "width", value, "a", "units")
    assert block.graph is not None
    wrong = replace(block, graph=block.graph.with_node("a", replace(block.graph["a"], arguments={"units": expression(text)})))
    again, _ = ungroup(graph.with_node(name, wrong), name)
    assert again["a"].arguments == {"units": expression(text)}
    inside = without_parameter(wrong, "width").graph
    assert inside is not None and inside["a"].arguments == {"units": expression(text)}
    assert group(again, ["a", "b"])[0]


def test_too_many_repeats_are_a_sentence():
    graph, name = group(CHAIN, ["a", "b"])
    with pytest.raises(GroupProblem, match="from 1 to 1000"):
        ungroup(graph.with_node(name, replace(graph[name], repeat=5000)), name)


def test_what_shared_a_layer_that_is_deleted_has_it_and_shares_it_on():
    graph = CHAIN.with_node("second", Node("Dense", {}, (Link("add"),), shares="a"))
    graph = graph.with_node("third", Node("Dense", {}, (Link("second"),), shares="a")).linked("y", 0, Link("third"))
    rest = graph.without({"a"}).linked("b", 0, Link("x"))
    assert rest["second"].arguments == {"units": 8} and rest["second"].shares is None
    assert rest["third"].shares == "second"
    assert len(sizes(rest)) == 4
