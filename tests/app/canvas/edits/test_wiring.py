"""Which ports can be joined."""

from app.canvas.edits import wiring
from app.canvas.geometry import Hit
from ml.project.graph import Graph, Link, Node

GRAPH = Graph(
    {
        "image": Node("Input"),
        "query": Node("Dense", inputs=(Link("image"),)),
        "value": Node("Dense", inputs=(Link("image"),)),
        "attention": Node("Attention", inputs=(Link("query"),)),
        "add": Node("Add", inputs=(Link("query"), Link("value"))),
        "answer": Node("Output"),
    }
)
PLACES = {name: (0.0, 100.0 * index) for index, name in enumerate(GRAPH.nodes)}
OUTPUTS = dict.fromkeys(GRAPH.nodes, 1) | {"answer": 0}


def test_free_inputs_begin_with_those_that_must_be_fed():
    assert [hit.index for hit in wiring.free_inputs("attention", GRAPH["attention"])] == [1, 2, 3, 4]
    assert wiring.free_inputs("add", GRAPH["add"]) == [Hit("input", "add", 2)]
    assert wiring.free_inputs("query", GRAPH["query"]) == []


def test_what_can_be_fed_closes_no_circle_and_what_must_be_fed_comes_first():
    found = wiring.targets(GRAPH, ["query"], PLACES)
    assert [hit.node for hit in found[:2]] == ["attention", "answer"]
    assert {hit.node for hit in wiring.targets(GRAPH, ["attention"], PLACES)} == {"answer", "add"}


def test_what_can_feed_a_node_comes_nearest_first():
    assert [hit.node for hit in wiring.feeders(GRAPH, "attention", OUTPUTS, PLACES)] == ["value", "add", "query", "image"]


def test_ports_are_told_apart_by_their_names():
    assert wiring.port_name(GRAPH, Hit("input", "attention", 1)) == "value"
    assert wiring.port_name(GRAPH, Hit("input", "add", 2)).endswith("3")
    assert wiring.port_name(GRAPH, Hit("input", "answer", 0)) == ""


def test_nodes_are_cut_off_from_the_others_and_keep_the_links_among_them():
    graph = wiring.cut_off(GRAPH, ["query", "add"])
    assert graph["add"].inputs == (Link("query"),) and graph["query"].inputs == () and graph["attention"].inputs == ()
    assert wiring.cut_off(GRAPH, ["add"])["add"].inputs == ()
