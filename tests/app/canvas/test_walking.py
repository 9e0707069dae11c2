"""Ways through a graph."""

import pytest
from msgspec.structs import replace

from app.canvas import walking
from ml.project.graph import RIGHT, Graph, Link, Node

GRAPH = Graph(
    {
        "image": Node("Input"),
        "left": Node("Dense", inputs=(Link("image"),)),
        "middle": Node("Dense", inputs=(Link("image"),)),
        "right": Node("Dense", inputs=(Link("image"),), shares="left"),
        "add": Node("Add", inputs=(Link("left"), Link("middle"), Link("right"))),
        "answer": Node("Output", inputs=(Link("add"),)),
        "loose": Node("Dense"),
    }
)
PLACES = {"image": (0, 0), "left": (-200, 100), "middle": (0, 100), "right": (200, 100), "add": (0, 200), "answer": (0, 300), "loose": (600, 120)}


@pytest.mark.parametrize(
    ("start", "step", "end"), [("image", 1, "middle"), ("right", 1, "add"), ("add", -1, "middle"), ("right", -1, "image"), ("answer", 1, None)]
)
def test_a_link_leads_on_to_what_lies_straight_ahead(start, step, end):
    assert walking.along(GRAPH, PLACES, start, step) == end


def test_the_way_back_is_the_way_that_was_come():
    assert walking.along(GRAPH, PLACES, "image", 1, last="right") == "right"
    assert walking.along(GRAPH, PLACES, "image", 1, last="answer") == "middle"


@pytest.mark.parametrize(
    ("start", "step", "end"), [("left", 1, "middle"), ("middle", 1, "right"), ("right", 1, "loose"), ("left", -1, None), ("loose", -1, "right")]
)
def test_beside_lie_the_siblings_and_then_whatever_is_there(start, step, end):
    assert walking.beside(GRAPH, PLACES, start, step) == end


def test_a_graph_that_runs_right_is_walked_like_one_that_runs_down():
    turned = {name: (y, x) for name, (x, y) in PLACES.items()}
    graph = replace(GRAPH, flow=RIGHT)
    assert walking.along(graph, turned, "image", 1) == "middle"
    assert walking.beside(graph, turned, "middle", -1) == "left"


def test_upstream_is_all_that_a_node_depends_on_and_downstream_the_reverse():
    assert walking.upstream(GRAPH, ["right"]) == {"right", "image", "left"}
    assert walking.downstream(GRAPH, ["left"]) == {"left", "right", "add", "answer"}
    assert walking.downstream(GRAPH, ["loose"]) == {"loose"}


def test_a_circle_is_walked_once():
    graph = GRAPH.linked("left", 0, Link("add"))
    assert "add" in walking.upstream(graph, ["left"])
    assert walking.in_order(graph) == list(graph.nodes)
