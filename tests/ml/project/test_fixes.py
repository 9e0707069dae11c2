"""A fix changes the graph as its text says, and nothing else."""

from ml.project.fixes import Argument, Connection, Fix, Independence, Insertion, apply
from ml.project.graph import Graph, Link, Node

GRAPH = Graph(
    {
        "a": Node("Input", {"shape": [8]}, position=(0.0, 0.0)),
        "dense": Node("Dense", {"units": 3}, (Link("a"),), position=(0.0, 100.0)),
        "again": Node("Dense", {}, (Link("dense"),), shares="dense"),
        "y": Node("Output", {}, (Link("again"),)),
    }
)


def test_an_argument_is_set_and_the_others_stay():
    assert apply(GRAPH, Fix("", (Argument("dense", "use_bias", False),)))["dense"].arguments == {"units": 3, "use_bias": False}


def test_an_argument_inside_a_block_is_set():
    outer = Graph({"block": Node("Block", graph=GRAPH)})
    fixed = apply(outer, Fix("", (Argument("block/dense", "units", 5),)))
    assert fixed["block"].graph is not None
    assert fixed["block"].graph["dense"].arguments == {"units": 5}


def test_a_node_goes_into_a_link_half_way_and_in_order():
    fixed = apply(GRAPH, Fix("", (Insertion("Flatten", {}, "dense"),)))
    assert list(fixed.nodes) == ["a", "flatten", "dense", "again", "y"]
    assert fixed["flatten"] == Node("Flatten", {}, (Link("a"),), position=(0.0, 50.0))
    assert fixed["dense"].inputs == (Link("flatten"),)


def test_two_nodes_go_into_one_link_one_after_the_other():
    fixed = apply(GRAPH, Fix("", (Insertion("Flatten", {}, "dense"), Insertion("ReLU", {}, "dense"))))
    assert fixed["re_lu"].inputs == (Link("flatten"),)


def test_a_link_is_drawn_and_taken_away():
    fix = Fix("", (Connection("y", 0, Link("dense")), Connection("again", 0, None)))
    assert [use[0] for use in apply(GRAPH, fix).consumers("dense")] == ["y"]


def test_a_node_with_weights_of_its_own_is_made_as_the_one_that_it_shared():
    assert apply(GRAPH, Fix("", (Independence("again"),)))["again"] == Node("Dense", {"units": 3}, (Link("dense"),))


def test_what_is_gone_is_passed_over():
    changes = (Argument("gone", "units", 1), Insertion("Flatten", {}, "gone"), Connection("y", 0, Link("gone")), Independence("gone"))
    assert apply(GRAPH, Fix("", changes)) == GRAPH


def test_what_becomes_independent_begins_with_the_weights_that_it_shared():
    owner = Node("Dense", {"units": 3}, weights="dense")
    freed = apply(Graph({"dense": owner, "again": Node("Dense", shares="dense")}), Fix("", (Independence("again"),)))
    assert freed["again"] == owner
