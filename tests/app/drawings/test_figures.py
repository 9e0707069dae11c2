"""Figures for papers, by what they say and where it lies."""

from itertools import pairwise

import pytest

from app.drawings import flow, neurons, volumes
from app.drawings.drawing import DrawingProblem
from app.drawings.fitting import PAGE, fitting
from app.drawings.nets import Subject
from app.drawings.options import Options
from app.drawings.shapes import MILLIMETRE, Shape, Words
from ml import catalog
from ml.project.graph import Graph, Link, Node
from ml.project.report import NodeReport
from tests.app.drawings.conftest import chained, residual

MLP = chained(
    ("input", "Input", {"shape": [64]}),
    ("hidden", "Dense", {"units": 32, "activation": "relu"}),
    ("dropout", "Dropout", {"rate": 0.5}),
    ("answer", "Dense", {"units": 3, "activation": "softmax"}),
    ("output", "Output", {}),
    shapes={"input": (64,), "hidden": (32,), "dropout": (32,), "answer": (3,), "output": (3,)},
)
CNN = chained(
    ("input", "Input", {"shape": [28, 28, 1]}),
    ("conv", "Conv2D", {"filters": 8, "kernel_size": 3}),
    ("relu", "ReLU", {}),
    ("pool", "MaxPooling2D", {}),
    ("flatten", "Flatten", {}),
    ("dense", "Dense", {"units": 10}),
    shapes={"input": (28, 28, 1), "conv": (26, 26, 8), "relu": (26, 26, 8), "pool": (13, 13, 8), "flatten": (1352,), "dense": (10,)},
)
TWO_HEADS = (
    Graph({"input": Node("Input"), "first": Node("Dense", {"units": 3}, (Link("input"),)), "second": Node("Dense", {"units": 5}, (Link("input"),))}),
    {"input": NodeReport(((None, 4),)), "first": NodeReport(((None, 3),)), "second": NodeReport(((None, 5),))},
)


@pytest.fixture(autouse=True)
def _fonts(qapp):
    """Text is measured with an application."""


def middle(figure, text):
    return next((mark.x, mark.y) for mark in figure.marks if isinstance(mark, Words) and mark.text == text)


def test_a_flow_diagram_says_what_every_step_is_and_how_large_what_comes_out_is():
    texts = flow.draw(Subject(*CNN), Options()).texts
    assert "Conv 3×3, 8, ReLU" in texts and "13×13×8" in texts


def test_labels_can_be_left_out():
    assert flow.draw(Subject(*CNN), Options(arguments=False, sizes=False)).texts == ["Input", "Conv", "Max pool", "Flatten", "Dense"]


def test_values_run_down_or_to_the_right():
    down, right = (flow.draw(Subject(*MLP), Options(right=right, width=500)) for right in (False, True))
    assert middle(down, "Input")[0] == pytest.approx(middle(down, "Dense, 3, softmax")[0])
    assert middle(right, "Input")[1] == pytest.approx(middle(right, "Dense, 3, softmax")[1])
    assert middle(right, "Input")[0] < middle(right, "Dense, 3, softmax")[0]


def test_the_number_of_what_repeats_stands_beside_its_frame():
    assert "×3" in flow.draw(Subject(residual(3)), Options()).texts
    assert flow.draw(Subject(residual(3)), Options(fold=False)).texts.count("+") == 3


def test_what_is_too_long_for_a_page_goes_on_beside():
    graph, _ = chained(*((f"dense_{n}", "Dense", {"units": n + 1}) for n in range(60)))
    figure = flow.draw(Subject(graph), Options(width=174, join=False))
    assert figure.rect.height() <= PAGE * MILLIMETRE and fitting(figure.rect, Options(width=174)) > 0.9


@pytest.mark.parametrize("template", list(catalog.templates()))
@pytest.mark.parametrize("right", [False, True])
def test_every_template_has_a_flow_diagram_in_which_no_two_words_overlap(template, right):
    for graph in catalog.new(template).models.values():
        marks = [mark for mark in flow.draw(Subject(graph), Options(right=right)).marks if isinstance(mark, Words)]
        rects = [mark.rect.adjusted(10, 10, -10, -10) for mark in marks]
        assert not [(a, b) for i, a in enumerate(rects) for b in rects[:i] if a.intersects(b)]


@pytest.mark.parametrize("right", [False, True])
def test_a_frame_is_as_large_as_its_title(right):
    inside = Graph({"in": Node("Input"), "dense": Node("Dense", {"units": 4}, (Link("in"),)), "out": Node("Output", {}, (Link("dense"),))})
    title = "a block with a name that is much longer than what is in it"
    figure = flow.draw(Subject(Graph({"input": Node("Input"), title: Node("Block", {}, (Link("input"),), graph=inside)})), Options(right=right, width=1000))
    words = next(mark for mark in figure.marks if isinstance(mark, Words) and mark.text == title)
    border = next(mark for mark in figure.marks if isinstance(mark, Shape) and mark.dashed)
    assert border.rect.contains(words.rect)


def alike(count):
    """Blocks of one kind in a chain, by numbered names, and their sizes."""
    inside = Graph({"in": Node("Input"), "conv": Node("Conv2D", {"filters": 4, "kernel_size": 3}, (Link("in"),)), "out": Node("Output", {}, (Link("conv"),))})
    names = ["input", *(f"block_{number}" for number in range(1, count + 1))]
    nodes = {name: Node("Block", {}, (Link(before),), graph=inside) for before, name in pairwise(names)}
    return Subject(Graph({"input": Node("Input"), **nodes}), {name: NodeReport(((None, 8, 8, 4),)) for name in names})


def test_blocks_that_repeat_are_drawn_once_without_the_number_of_the_first():
    flat = flow.draw(alike(4), Options(open=False, sizes=False)).texts
    solid = volumes.draw(alike(4), Options(sizes=False)).texts
    assert (flat, solid) == (["Input", "block  ×4"], ["Input", "block", "×4"])


@pytest.mark.parametrize("merge", ["Maximum", "Average"])
def test_what_takes_the_largest_of_several_values_has_no_window_on_the_map_before(merge):
    def drawn(type):
        graph = Graph({"a": Node("Input"), "b": Node("Input"), "c": Node(type, {}, (Link("a"), Link("b")))})
        sizes = {"a": (8, 8, 1), "b": (8, 8, 4), "c": (8, 8, 4)}
        return len(volumes.draw(Subject(graph, {name: NodeReport(((None, *shape),)) for name, shape in sizes.items()}), Options()).marks)

    assert drawn(merge) == drawn("Add")


def test_volumes_are_drawn_for_what_has_another_size_and_not_for_activations():
    assert volumes.draw(Subject(*CNN), Options(width=300)).texts[::2] == ["Input", "Conv 3×3, 8", "Max pool 2×2", "Flatten", "Dense, 10"]


def test_a_larger_map_is_a_higher_volume():
    found, _ = volumes.volumes(volumes.net(Subject(*CNN), Options()), Options())
    row = volumes._Row(Options(), found, [], [], turned=False)
    first, second, third = row.solids[:3]
    assert first.height > second.height > third.height and first.thickness < second.thickness


def test_links_that_skip_volumes_are_arcs():
    graph = residual(1)
    reports = {name: NodeReport(((None, 8, 8, 16),)) for name in graph.nodes}
    found, arcs = volumes.volumes(volumes.net(Subject(graph, reports), Options()), Options())
    assert len(found) == 3 and arcs == [(0, 2)]


def test_neurons_are_circles_in_columns_with_their_number():
    figure = neurons.draw(Subject(*MLP), Options())
    assert figure.texts == ["Input", "64", "Dense, ReLU", "32", "Dense, softmax", "3"]


@pytest.mark.parametrize("arguments", [False, True])
def test_the_words_under_two_columns_of_neurons_do_not_touch(arguments):
    shapes = {"input": (1_000_000,), "hidden": (2_000_000,), "answer": (3_000_000,)}
    graph, reports = chained(("input", "Input", {}), ("hidden", "Dense", {}), ("answer", "Dense", {}), shapes=shapes)
    marks = neurons.draw(Subject(graph, reports), Options(width=20, size=24, arguments=arguments)).marks
    rects = [mark.rect.adjusted(10, 10, -10, -10) for mark in marks if isinstance(mark, Words)]
    assert not [(a, b) for i, a in enumerate(rects) for b in rects[:i] if a.intersects(b)]


def test_many_neurons_are_some_with_dots_between():
    columns = neurons.columns(Subject(*MLP), Options())
    assert [column.count for column in columns] == [64, 32, 3]
    assert len(neurons._heights(64, 10)) == 10 and len(neurons._heights(3, 10)) == 3


@pytest.mark.parametrize(
    ("draw", "graph", "words"),
    [
        (neurons.draw, CNN, "conv is a Conv2D"),
        (neurons.draw, (MLP[0], {}), "not known yet"),
        (neurons.draw, TWO_HEADS, "second lies beside the others"),
        (volumes.draw, (CNN[0], {}), "no sizes to draw yet"),
        (flow.draw, (Graph(), {}), "nothing to draw"),
        (flow.draw, (Graph({"a": Node("ReLU", {}, (Link("b"),)), "b": Node("ReLU", {}, (Link("a"),))}), {}), "round in a circle"),
    ],
)
def test_what_can_not_be_drawn_is_said(draw, graph, words):
    with pytest.raises(DrawingProblem, match=words):
        draw(Subject(*graph), Options())
