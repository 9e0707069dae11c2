"""Where nodes go that nobody has put anywhere."""

from app.canvas.geometry import COLUMN, ROW
from app.canvas.layout import layout, place
from ml.project.graph import Graph, Link, Node


def graph(**feeds: str) -> Graph:
    """A graph from `name="source source"`."""
    return Graph({name: Node("Add", inputs=tuple(Link(source) for source in sources.split())) for name, sources in feeds.items()})


RESIDUAL = graph(a="", b="a", c="b", d="c", add="a d", out="add")


def test_values_flow_down():
    found = layout(RESIDUAL).positions
    assert set(found) == set(RESIDUAL.nodes)
    for name, _, link in RESIDUAL.links():
        assert found[link.node][1] <= found[name][1] - ROW


def test_no_two_nodes_lie_on_each_other_and_no_long_link_runs_through_a_node():
    found = layout(RESIDUAL)
    taken = [*found.positions.values(), *found.waypoints["a", "add"]]
    for index, (x, y) in enumerate(taken):
        assert all(abs(x - other[0]) >= COLUMN * 0.99 or abs(y - other[1]) >= ROW * 0.99 for other in taken[:index])
    assert len(found.waypoints["a", "add"]) == 3


def test_a_layout_is_the_same_each_time():
    assert layout(RESIDUAL) == layout(RESIDUAL)


def test_pieces_and_nodes_without_links_lie_beside_each_other():
    found = layout(graph(a="", b="a", c="", d="c", e="", f="")).positions
    assert len(set(found.values())) == 6


def test_a_circle_is_laid_out_all_the_same():
    assert len(layout(graph(a="c", b="a", c="b", d="d")).positions) == 4


def test_links_come_to_their_ports_without_crossing_where_a_mirror_helps():
    for sources in ("left right", "right left"):
        found = layout(graph(start="", left="start", right="start", end=sources)).positions
        first, second = sources.split()
        assert found[first][0] < found[second][0]


def test_a_graph_of_nothing():
    assert layout(Graph()).positions == {}


def test_two_links_between_the_same_nodes():
    assert layout(graph(a="", b="a a")).positions["b"][1] == ROW


def test_a_node_that_was_put_somewhere_lies_there_and_the_others_beside_it():
    plan, positions = place(RESIDUAL, None)
    x, y = plan.positions["b"]
    moved = RESIDUAL.with_node("b", Node("Add", inputs=(Link("a"),), position=(x + 500, y)))
    again, positions = place(moved, plan)
    assert again is plan and positions["b"] == (x + 500, y)
    assert positions["c"] == (plan.positions["c"][0] + 500, plan.positions["c"][1])


def test_a_node_that_the_layout_does_not_know_makes_a_new_one():
    plan, _ = place(graph(a=""), None)
    assert place(RESIDUAL, plan)[0] is not plan


def test_the_main_line_of_a_residual_network_is_straight():
    chain = graph(a="", b="a", c="b", add="a c", d="add", e="d", plus="add e", f="plus", out="f")
    positions = layout(chain).positions
    assert {positions[name][0] for name in chain.nodes} == {positions["a"][0]}
