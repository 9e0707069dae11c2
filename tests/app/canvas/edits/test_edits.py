"""What hands do to a graph."""

import pytest

from app.canvas import edits
from ml.ops import table
from ml.project.graph import Graph, Link, Node
from tests.app.canvas.conftest import GRAPH


def test_a_new_node_is_named_as_keras_names_layers():
    names = [edits.default_name(type) for type in ("Conv2D", "MultiHeadAttention", "GRU", "LSTM", "ops.matmul", "ops.image.resize", "MaxPooling2D")]
    assert names == ["conv2d", "multi_head_attention", "gru", "lstm", "matmul", "image_resize", "max_pooling2d"]


def test_a_second_one_gets_a_number():
    graph, first = edits.add(Graph(), "Dense", (0, 0))
    graph, second = edits.add(graph, "Dense", (5, 5))
    assert (first, second) == ("dense", "dense_1") and graph[second].position == (5, 5)


@pytest.mark.parametrize("type", ["Dense", "Conv2D", "MultiHeadAttention", "Dropout", "Embedding", "LSTM", "MaxPooling2D", "Input", "Reshape", "Activation"])
def test_what_a_new_node_needs_it_has(type):
    node = edits.new_node(type, (0, 0))
    linked = Node(node.type, node.arguments, tuple(Link("x") for _ in table.ports(node)))
    assert table.problem(linked) is None


def test_a_new_block_lets_its_input_through():
    block = edits.new_node("Block", (0, 0))
    assert block.graph is not None and block.graph["output"].inputs == (Link("input"),)


@pytest.mark.parametrize(
    ("link", "target", "port", "reason"),
    [
        (Link("block"), "conv", 0, "taken"),
        (Link("conv"), "conv", 0, "itself"),
        (Link("image"), "image", 0, "takes no inputs"),
        (Link("answer"), "flatten", 0, "nothing comes out"),
        (Link("image"), "flatten", 4, "only 1 input"),
        (Link("gone"), "flatten", 0, "no longer"),
    ],
)
def test_a_link_that_can_not_be_is_refused_in_words(link, target, port, reason):
    assert reason in (edits.refusal(GRAPH, link, target, port) or "")
    with pytest.raises(edits.Refused, match=reason):
        edits.connect(GRAPH, link, target, port)


def test_a_circle_is_refused_by_the_names_of_its_ends():
    graph = edits.disconnect(GRAPH, "conv", 0)
    assert edits.refusal(graph, Link("block"), "conv", 0) == "conv comes before block: this link would close a circle."


def test_deleting_joins_nothing():
    graph = edits.delete(GRAPH, ["flatten"])
    assert "flatten" not in graph.nodes and graph["block"].inputs == ()


def test_the_links_of_a_port_that_takes_many_move_up():
    add = Node("Add", inputs=(Link("image"), Link("conv"), Link("flatten")))
    graph = GRAPH.with_node("add", add)
    assert edits.disconnect(graph, "add", 0)["add"].inputs == (Link("conv"), Link("flatten"))
    assert edits.delete(graph, ["conv"])["add"].inputs == (Link("image"), Link("flatten"))


def test_ports_that_take_one_keep_their_places():
    graph = GRAPH.with_node("attention", Node("Attention", inputs=(Link("image"), Link("conv"), Link("flatten"))))
    assert edits.delete(graph, ["conv"])["attention"].inputs == (Link("image"), None, Link("flatten"))
    assert edits.free_port(edits.delete(graph, ["conv"])["attention"]) == 1


def test_a_new_node_is_fed_by_what_came_before_as_far_as_it_fits():
    graph, add = edits.add(GRAPH, "Add", (0, 0))
    assert edits.attach(graph, add, [Link("conv"), Link("image")])[add].inputs == (Link("conv"), Link("image"))
    graph, dense = edits.add(GRAPH, "Dense", (0, 0))
    assert edits.attach(graph, dense, [Link("conv"), Link("image")])[dense].inputs == (Link("conv"),)


def test_a_node_goes_into_a_link():
    graph, name = edits.add(GRAPH, "BatchNormalization", (0, 0))
    graph = edits.insert(graph, name, "flatten", 0)
    assert graph[name].inputs == (Link("conv"),) and graph["flatten"].inputs == (Link(name),)


def test_an_input_can_not_go_into_a_link():
    graph, name = edits.add(GRAPH, "Input", (0, 0))
    with pytest.raises(edits.Refused, match="no free input"):
        edits.insert(graph, name, "flatten", 0)


def copied(graph, names):
    return edits.insert_part(graph, edits.part(graph, names), (32.0, 32.0))


def test_a_copy_keeps_the_links_among_what_is_copied():
    graph, names = copied(GRAPH, ["conv", "flatten"])
    assert names == ["conv_1", "flatten_1"]
    assert graph["conv_1"].inputs == () and graph["flatten_1"].inputs == (Link("conv_1"),)
    assert {name: graph[name] for name in GRAPH.nodes} == GRAPH.nodes


def test_copies_of_copies_count_on():
    graph, names = copied(GRAPH, ["conv"])
    _, again = copied(graph, names)
    assert again == ["conv_2"]


def test_a_copy_shares_with_the_copy_of_what_was_shared_and_alone_has_a_layer_like_it():
    graph = GRAPH.with_node("twin", Node("Conv2D", {}, (Link("image"),), shares="conv"))
    both, names = copied(graph, ["conv", "twin"])
    assert both[names[1]].shares == names[0]
    alone, names = copied(graph, ["twin"])
    assert alone[names[0]].shares is None and alone[names[0]].arguments == GRAPH["conv"].arguments
