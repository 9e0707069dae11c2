"""Where nodes go that nobody has put anywhere."""

from app.canvas.geometry import COLUMN, INSIDE, ROW, WIDTH
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
    places = list(found.positions.values())
    for index, (x, y) in enumerate(places):
        assert all(abs(x - other[0]) >= COLUMN * 0.99 or abs(y - other[1]) >= ROW * 0.99 for other in places[:index])
    for x, y in found.waypoints["a", "add"]:
        assert all(abs(x - other[0]) > WIDTH / 2 + 10 or abs(y - other[1]) >= ROW * 0.99 for other in places)
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


def test_the_main_line_is_straight_and_a_link_that_skips_runs_in_a_lane_beside_it():
    found = layout(RESIDUAL)
    assert len({x for x, _ in found.positions.values()}) == 1
    lane = {x for x, _ in found.waypoints["a", "add"]}
    assert len(lane) == 1 and lane != {found.positions["b"][0]}


def test_the_lane_is_on_the_side_of_the_port_that_it_leads_to():
    left, right = (layout(graph(a="", b="a", c="b", add=ports)) for ports in ("a c", "c a"))
    assert left.waypoints["a", "add"][0][0] < left.positions["b"][0]
    assert right.waypoints["a", "add"][0][0] > right.positions["b"][0]


def test_the_longest_branch_is_on_the_line_and_links_of_shorter_ones_run_on_beside_it():
    found = layout(graph(a="", b="a", c="b", d="c", short="a", join="d short", out="join"))
    assert {found.positions[name][0] for name in "abcd"} == {found.positions["out"][0]}
    assert [x for x, _ in found.waypoints["short", "join"]] == [found.positions["short"][0]] * 2


def test_what_is_no_line_is_laid_out_in_layers_between_what_is():
    knot = graph(i="", a="i", b="i", c="a b", d="a b", e="c d", o="e")
    found = layout(knot).positions
    assert len(set(found.values())) == 7 and found["e"][0] == found["o"][0]
    assert found["a"][1] == found["b"][1] == found["i"][1] + ROW


def test_branches_within_branches_have_an_end():
    deep = 150
    chain = {f"n{i}": f"n{i - 1}" for i in range(1, 2 * deep)} | {f"n{deep + i}": f"n{deep + i - 1} n{deep - i}" for i in range(1, deep)}
    assert len(layout(graph(n0="", **chain)).positions) == 2 * deep


def test_only_rows_with_a_block_are_higher():
    inside = Graph({"in": Node("Input"), "out": Node("Output", inputs=(Link("in"),))})
    chain = graph(a="", b="a", c="b", d="c", e="d").with_node("c", Node("Block", {}, (Link("b"),), graph=inside))
    y = [layout(chain).positions[name][1] for name in "abcde"]
    assert [y[1] - y[0], y[4] - y[3]] == [ROW, ROW] and y[2] - y[1] == y[3] - y[2] == ROW + INSIDE / 2
