"""Blocks written out: parameters put in, repeats copied and chained."""

import pytest
from msgspec.structs import replace

from ml.project.blocks import BlockProblem, expanded
from ml.project.expressions import expression
from ml.project.graph import Graph, Link, Node

STAGE = Graph(
    {
        "input": Node("Input"),
        "dense": Node("Dense", {"units": expression("2 * width")}, (Link("input"),)),
        "output": Node("Output", {}, (Link("dense"),)),
    }
)
TWO = Graph(
    {
        "state": Node("Input"),
        "memory": Node("Input"),
        "add": Node("Add", {}, (Link("state"), Link("memory"))),
        "output": Node("Output", {}, (Link("add"),)),
    }
)


def model(block: Node) -> Graph:
    return Graph({"input": Node("Input", {"shape": [8]}), "stage": replace(block, inputs=(Link("input"),)), "output": Node("Output", {}, (Link("stage"),))})


def test_a_graph_without_blocks_that_need_it_stays_as_it_is():
    graph = model(Node("Dense", {"units": 3}))
    assert expanded(graph) is graph


def test_a_parameter_reaches_the_nodes_inside():
    inside = expanded(model(Node("Block", {"width": 4}, graph=STAGE)))["stage"].graph
    assert inside is not None and inside["dense"].arguments == {"units": 8}


def test_a_repeated_block_becomes_a_chain():
    found = expanded(model(Node("Block", {"width": 4}, graph=STAGE, repeat=3)))
    assert list(found.nodes) == ["input", "stage_1", "stage_2", "stage_3", "output"]
    assert [found[name].inputs for name in ("stage_1", "stage_2", "stage_3", "output")] == [
        (Link("input"),),
        (Link("stage_1"),),
        (Link("stage_2"),),
        (Link("stage_3"),),
    ]


def test_further_inputs_get_the_same_every_time():
    graph = Graph(
        {
            "x": Node("Input", {"shape": [8]}),
            "memory": Node("Input", {"shape": [8]}),
            "stage": Node("Block", {}, (Link("x"), Link("memory")), graph=TWO, repeat=2),
            "output": Node("Output", {}, (Link("stage"),)),
        }
    )
    assert expanded(graph)["stage_2"].inputs == (Link("stage_1"), Link("memory"))


def test_what_shares_a_repeated_block_shares_each_copy():
    graph = model(Node("Block", {"width": 4}, graph=STAGE, repeat=2))
    graph = graph.with_node("again", Node("Block", {}, (Link("stage"),), shares="stage"))
    found = expanded(graph)
    assert [found[name].shares for name in ("again_1", "again_2")] == ["stage_1", "stage_2"]
    assert found["again_1"].inputs == (Link("stage_2"),)


def test_copies_take_other_names_where_theirs_are_taken():
    graph = model(Node("Block", {"width": 4}, graph=STAGE, repeat=2)).with_node("stage_2", Node("Dense", {"units": 1}, (Link("input"),)))
    assert {"stage_copy_1", "stage_copy_2", "stage_2"} <= set(expanded(graph).nodes)


def test_parameters_go_on_into_blocks_inside():
    outer = Graph(
        {
            "input": Node("Input"),
            "inner": Node("Block", {"width": expression("size * 3")}, (Link("input"),), graph=STAGE),
            "output": Node("Output", {}, (Link("inner"),)),
        }
    )
    inside = expanded(model(Node("Block", {"size": 2}, graph=outer)))["stage"].graph
    assert inside is not None and inside["inner"].graph is not None
    assert inside["inner"].graph["dense"].arguments == {"units": 12}


def test_what_can_not_be_worked_out_is_told_by_its_path():
    with pytest.raises(BlockProblem, match=r"stage/dense: units: the block has no parameter 'width'"):
        expanded(model(Node("Block", {"size": 4}, graph=STAGE)))


def test_a_wrong_repeat_inside_a_block_is_named_with_its_path():
    inside = Graph({"stage": Node("Block", graph=Graph(), repeat=0)})
    with pytest.raises(BlockProblem) as problem:
        expanded(Graph({"outer": Node("Block", graph=inside)}))
    assert problem.value.path == "outer/stage"


def test_copies_find_names_even_where_many_are_taken():
    graph = model(Node("Block", {"width": 4}, graph=STAGE, repeat=2))
    for name in ("stage_1", "stage_copy_2"):
        graph = graph.with_node(name, Node("Dense", {"units": 1}, (Link("input"),)))
    assert len(expanded(graph).nodes) == len(graph.nodes) + 1


def test_blocks_in_blocks_that_are_too_many_are_refused_and_not_built():
    inside = STAGE
    for _ in range(4):
        inside = Graph(
            {"input": Node("Input"), "b": Node("Block", {"width": 1}, (Link("input"),), graph=inside, repeat=1000), "output": Node("Output", {}, (Link("b"),))}
        )
    with pytest.raises(BlockProblem, match="nodes: at most 100,000 can be built"):
        expanded(model(Node("Block", {}, graph=inside, repeat=1000)))
