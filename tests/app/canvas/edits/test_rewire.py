"""What was joined stays joined."""

from app.canvas.edits import rewire
from ml.project.graph import Graph, Link, Node
from tests.app.canvas.conftest import GRAPH

SKIP = Graph(
    {
        "a": Node("Input", {"shape": [4]}),
        "b": Node("Dense", {"units": 4}, (Link("a"),)),
        "c": Node("ReLU", {}, (Link("b"),)),
        "add": Node("Add", {}, (Link("a"), Link("c"))),
        "d": Node("Dense", {"units": 2}, (Link("c"),)),
    }
)


def test_a_chain_closes_over_what_is_deleted_also_over_several():
    assert rewire.delete(GRAPH, ["flatten"])["block"].inputs == (Link("conv"),)
    assert rewire.delete(GRAPH, ["flatten", "conv"])["block"].inputs == (Link("image"),)


def test_every_consumer_is_fed_by_what_came_before():
    graph = rewire.delete(SKIP, ["c"])
    assert graph["d"].inputs == (Link("b"),) and graph["add"].inputs == (Link("a"), Link("b"))


def test_nothing_is_joined_over_a_node_of_many_inputs_or_at_the_ends():
    graph = Graph({**SKIP.nodes, "end": Node("Output", {}, (Link("add"),))})
    assert rewire.delete(graph, ["add"])["end"].inputs == ()
    assert rewire.delete(SKIP, ["a"])["b"].inputs == ()


def test_a_link_that_is_there_already_is_not_made_twice():
    assert rewire.delete(SKIP, ["b", "c"])["add"].inputs == (Link("a"),)


def test_a_node_leaves_its_chain_without_a_link():
    graph = rewire.take_out(GRAPH, "flatten")
    assert graph["flatten"].inputs == () and graph.consumers("flatten") == []
    assert graph["block"].inputs == (Link("conv"),)


def test_another_type_keeps_links_and_the_arguments_that_it_takes():
    graph, name = rewire.exchange(GRAPH, "conv", "Conv2DTranspose")
    assert name == "conv" and graph["conv"].inputs == (Link("image"),) and graph["flatten"].inputs == (Link("conv"),)
    assert graph["conv"].arguments == {"filters": 32, "kernel_size": 3}
    assert rewire.exchange(GRAPH, "conv", "Dense")[0]["conv"].arguments == {"units": 64}


def test_a_name_that_only_said_the_type_says_the_new_one():
    graph, name = rewire.exchange(GRAPH, "flatten", "GlobalAveragePooling2D")
    assert name == "global_average_pooling2d" and graph["block"].inputs == (Link(name),)


def test_what_has_no_port_any_more_is_dropped():
    graph, _ = rewire.exchange(SKIP, "add", "Dropout")
    assert graph["dropout" if "dropout" in graph.nodes else "add"].inputs == (Link("a"),)
    assert rewire.exchange(SKIP, "c", "Output")[0]["d"].inputs == ()


def test_links_go_into_one_port_after_the_other_and_the_rest_is_explained():
    graph = SKIP.with_node("attention", Node("Attention"))
    graph, reason = rewire.connect_all(graph, [Link("a"), Link("b"), Link("c"), Link("d")], "attention", 0)
    assert graph["attention"].inputs[:3] == (Link("a"), Link("b"), Link("c"))
    assert reason is None or "d" in reason


def test_those_that_shared_the_layer_of_what_was_replaced_go_on_with_it():
    dense = Node("Dense", {"units": 7}, (Link("image"),))
    shared = Graph({"image": Node("Input"), "dense": dense, "again": Node("Dense", {}, (Link("dense"),), shares="dense")})
    shared = shared.with_node("once_more", Node("Dense", {}, (Link("again"),), shares="dense"))
    graph, name = rewire.exchange(shared, "dense", "Dropout")
    assert graph["again"] == Node("Dense", {"units": 7}, (Link(name),)) and graph["once_more"].shares == "again"


def test_what_shared_a_layer_keeps_that_layer_s_arguments():
    shared = Graph({"image": Node("Input"), "dense": Node("Dense", {"units": 7}), "again": Node("Dense", {}, (Link("image"),), shares="dense")})
    assert rewire.exchange(shared, "again", "SimpleRNN")[0]["again"].arguments == {"units": 7}
