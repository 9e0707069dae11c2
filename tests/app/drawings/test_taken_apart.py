"""A graph taken apart: chains, branches, skips, and what repeats."""

from app.canvas.layout.parts import Frame, Knot, Split, Step, chain, steps
from app.drawings.nets import Subject, net
from app.drawings.options import Options
from ml.project.graph import Graph, Link, Node
from tests.app.drawings.conftest import chained, residual


def parts(graph: Graph, **options):
    chosen = Options(**options)
    return chain(net(Subject(graph), chosen), chosen.fold)


def names(chain):
    return [step.name for step in steps(chain)]


def test_a_chain_is_its_steps_in_their_order():
    graph, _ = chained(("input", "Input", {}), ("dense", "Dense", {"units": 3}), ("output", "Output", {}))
    assert names(parts(graph)) == ["input", "dense", "output"]


def test_small_layers_are_joined_to_the_layer_before_them():
    graph, _ = chained(("input", "Input", {}), ("conv", "Conv2D", {"filters": 4}), ("bn", "BatchNormalization", {}), ("relu", "ReLU", {}))
    assert names(parts(graph)) == ["input", "conv"]
    assert names(parts(graph, join=False)) == ["input", "conv", "bn", "relu"]


def test_a_link_that_skips_makes_a_split_with_one_branch():
    _, split, add, _ = parts(residual(1), fold=False)
    assert isinstance(split, Split) and split.skips and len(split.branches) == 1
    assert isinstance(add, Step) and add.name == "add0"


def test_what_repeats_is_drawn_once_with_its_number():
    _, frame, _ = parts(residual(3))
    assert isinstance(frame, Frame) and frame.count == 3
    assert names(frame.chain) == ["a0", "b0", "add0"]


def test_what_differs_in_an_argument_does_not_repeat():
    graph = residual(3)
    graph = graph.with_node("b1", Node("Conv2D", {"filters": 32, "kernel_size": 3}, graph["b1"].inputs))
    assert not any(isinstance(part, Frame) for part in parts(graph))


def test_two_inputs_and_two_outputs_run_side_by_side():
    nodes = {
        "a": Node("Input"),
        "b": Node("Input"),
        "add": Node("Add", {}, (Link("a"), Link("b"))),
        "x": Node("Output", {}, (Link("add"),)),
        "y": Node("Output", {}, (Link("add"),)),
    }
    first, add, last = parts(Graph(nodes))
    assert isinstance(first, Split) and not any(branch.enters for branch in first.branches) and not first.skips
    assert isinstance(add, Step) and isinstance(last, Split) and not any(branch.leaves for branch in last.branches)


def test_links_that_cross_between_branches_are_a_knot():
    nodes = {"i": Node("Input"), "a": Node("Dense", {}, (Link("i"),)), "b": Node("Dense", {}, (Link("i"),))}
    nodes |= {"c": Node("Add", {}, (Link("a"), Link("b"))), "d": Node("Multiply", {}, (Link("a"), Link("b")))}
    nodes["e"] = Node("Concatenate", {}, (Link("c"), Link("d")))
    _, split, _ = parts(Graph(nodes))
    assert isinstance(split, Split) and isinstance(split.branches[0].chain[0], Knot)
    assert len(steps(parts(Graph(nodes)))) == 6


def test_a_block_is_a_frame_around_its_inside_and_says_how_often_it_stands_there():
    inside = Graph({"in": Node("Input"), "dense": Node("Dense", {"units": 4}, (Link("in"),)), "out": Node("Output", {}, (Link("dense"),))})
    graph = Graph({"input": Node("Input"), "my_block": Node("Block", {}, (Link("input"),), graph=inside, repeat=6)})
    _, frame = parts(graph)
    assert isinstance(frame, Frame) and (frame.title, frame.count) == ("my block", 6) and names(frame.chain) == ["dense"]
    _, step = parts(graph, open=False)
    assert isinstance(step, Step) and step.count == 6


def staged(*widths):
    """Blocks in a chain whose inside is worked out from their parameter."""
    inside = {"in": Node("Input"), "dense": Node("Dense", {"units": {"expression": "4 * width"}}, (Link("in"),)), "out": Node("Output", {}, (Link("dense"),))}
    nodes, before = {"input": Node("Input")}, "input"
    for number, width in enumerate(widths):
        nodes[f"stage_{number}"] = Node("Block", {"width": width}, (Link(before),), graph=Graph(inside))
        before = f"stage_{number}"
    return Graph(nodes)


def test_inside_of_a_block_stand_the_values_that_its_parameters_make():
    _, frame = parts(staged(2))
    assert steps((frame,))[0].node.arguments == {"units": 8}


def test_blocks_whose_parameters_differ_do_not_repeat():
    assert [part.count for part in parts(staged(2, 2, 2, 3)) if isinstance(part, Frame)] == [3, 1]


def test_what_shares_a_layer_says_of_itself_what_the_layer_does():
    graph = Graph({"input": Node("Input"), "a": Node("Dense", {"units": 4}, (Link("input"),)), "b": Node("Dense", {}, (Link("a"),), shares="a")})
    assert [step.node.arguments for step in steps(parts(graph, fold=False))] == [{}, {"units": 4}, {"units": 4}]
