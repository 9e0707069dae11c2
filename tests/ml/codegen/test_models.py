"""A graph's source builds what the graph builds, and knows which node each line makes."""

import keras
import pytest
from keras import layers, ops
from msgspec.structs import replace

from ml.build import build
from ml.codegen.models import model_source, node_source, source_lines
from ml.project.expressions import expression
from ml.project.graph import Graph, Link, Node
from tests.ml.test_repeats import GRAPH, STAGE, WEIGHTS


def built(graph: Graph) -> keras.Model:
    names = {"keras": keras, "layers": layers, "ops": ops}
    exec(model_source(graph, "model"), names)
    return names["build_model"]()


def sizes(model: keras.Model) -> list[tuple]:
    return [tuple(weight.shape) for weight in model.weights]


def test_a_block_s_parameters_are_its_function_s_and_its_repeats_a_loop():
    source = model_source(GRAPH, "model")
    assert 'def build_stage(input, name="stage", width=10):' in source
    assert "layers.Dense(4 * width" in source
    assert "for number in range(3):" in source
    assert built(GRAPH).count_params() == WEIGHTS


def test_two_blocks_that_differ_only_in_their_parameters_share_a_function():
    second = replace(GRAPH["stage"], arguments={"width": 3}, inputs=(Link("stage"),), repeat=1)
    graph = GRAPH.with_node("stage_1b", second).with_node("output", Node("Output", {}, (Link("stage_1b"),)))
    source = model_source(graph, "model")
    assert source.count("def build_") == 2
    assert sizes(built(graph)) == sizes(build(graph).model)


def test_a_shared_repeated_block_is_called_copy_by_copy():
    fitting = replace(GRAPH["stage"], arguments={"width": 6})
    graph = GRAPH.with_node("stage", fitting).with_node("again", Node("Block", {}, (Link("stage"),), shares="stage"))
    graph = graph.with_node("output", Node("Output", {}, (Link("again"),)))
    assert sizes(built(graph)) == sizes(build(graph).model)


def test_two_states_go_round_and_a_third_input_stays():
    cell = Graph(
        {
            "a": Node("Input"),
            "b": Node("Input"),
            "m": Node("Input"),
            "sum": Node("Add", {}, (Link("a"), Link("m"))),
            "dense": Node("Dense", {"units": 4}, (Link("b"),)),
            "first": Node("Output", {}, (Link("sum"),)),
            "second": Node("Output", {}, (Link("dense"),)),
        }
    )
    graph = Graph(
        {
            "x": Node("Input", {"shape": [4]}),
            "y": Node("Input", {"shape": [4]}),
            "cell": Node("Block", {}, (Link("x"), Link("y"), Link("x")), graph=cell, repeat=2),
            "output": Node("Output", {}, (Link("cell", 1),)),
        }
    )
    assert sizes(built(graph)) == sizes(build(graph).model)


def test_a_parameter_keeps_its_name_where_a_node_is_called_the_same():
    inside = STAGE.with_node("width", Node("Dense", {"units": expression("width")}, (Link("input"),))).without({"wide"})
    inside = inside.with_node("narrow", Node("Dense", {"units": expression("width + 1")}, (Link("width"),)))
    graph = GRAPH.with_node("stage", Node("Block", {"width": 5}, (Link("input"),), graph=inside))
    assert sizes(built(graph)) == sizes(build(graph).model)


def test_numbers_that_an_operation_is_given_stay_numbers():
    nodes = {"x": Node("Input", {"shape": [2]}), "scaled": Node("ops.multiply", {"x2": [[0.5, 2.0]]}, (Link("x"),)), "y": Node("Output", {}, (Link("scaled"),))}
    assert built(Graph(nodes))(ops.ones((1, 2))).numpy().tolist() == [[0.5, 2.0]]


def test_each_line_knows_its_nodes():
    lines, builders = source_lines({"model": GRAPH})
    assert builders == {"model": "build_model"}
    found = {path: line.text.strip() for line in lines for path in line.paths}
    assert found["model/stage/wide"].startswith("wide = layers.Dense(4 * width")
    assert "build_stage" in found["model/stage"]
    assert "model/output" not in found


def test_one_node_s_source():
    assert node_source(GRAPH, "input") == 'input = keras.Input((6,), name="input")'
    assert node_source(GRAPH, "stage").splitlines()[1] == "for number in range(3):"


def test_what_is_no_name_never_becomes_code():
    inside = STAGE.with_node("wide", Node("Dense", {"units": {"expression": "__import__('os')"}}, (Link("input"),)))
    with pytest.raises(ValueError, match="more in it than numbers"):
        model_source(GRAPH.with_node("stage", replace(GRAPH["stage"], graph=inside)), "model")


def inside(units: str) -> Graph:
    return Graph(
        {"input": Node("Input"), "dense": Node("Dense", {"units": expression(units)}, (Link("input"),)), "output": Node("Output", {}, (Link("dense"),))}
    )


def chain(**blocks: Node) -> Graph:
    names = ["input", *blocks]
    fed = {name: replace(block, inputs=(Link(before),)) for before, (name, block) in zip(names, blocks.items(), strict=False)}
    return Graph({"input": Node("Input", {"shape": [8]}), **fed, "output": Node("Output", {}, (Link(names[-1]),))})


def within(block: Node) -> Graph:
    nodes = {"input": Node("Input"), "inner": replace(block, inputs=(Link("input"),)), "output": Node("Output", {}, (Link("inner"),))}
    return Graph(nodes)


@pytest.mark.parametrize(
    "graph",
    [
        pytest.param(chain(a=Node("Block", {"width": 8}, graph=inside("width / 2"))), id="a division without rest stays whole"),
        pytest.param(
            chain(a=Node("Block", {"size": 2}, graph=within(Node("Block", {"width": expression("size * 3")}, graph=inside("width"))))), id="passed on"
        ),
        pytest.param(chain(a=Node("Block", {"w": 8}, graph=inside("w")), b=Node("Block", {"w": 8, "more": 3}, graph=inside("w"))), id="more parameters"),
        *[
            pytest.param(chain(a=Node("Block", {word: 8}, graph=inside(f"{word} // 2"), repeat=2)), id=word)
            for word in ("layers", "name", "range", "int", "layer")
        ],
        pytest.param(chain(a=Node("Block", {"lambda": 1, "my width": 2}, graph=inside("8"))), id="names that nothing can use"),
        pytest.param(chain(number=Node("Block", {"number": 8}, graph=inside("number"), repeat=2)), id="as the loop's own"),
    ],
)
def test_parameters_of_any_name_and_depth_build_the_same_in_code(graph):
    assert sizes(built(graph)) == sizes(build(graph).model)


@pytest.mark.parametrize("name", ["x{1 + 1}y", 'x"y', "x\\", "stage.", "x}"])
def test_a_repeated_block_s_name_is_only_ever_a_name(name):
    graph = chain(**{name: Node("Block", {"w": 8}, graph=inside("w"), repeat=2)})
    assert [layer.name for layer in built(graph).layers] == [layer.name for layer in build(graph).model.layers]


def test_a_layer_in_a_wrapper_takes_the_block_s_parameters_too():
    dense = {"module": "keras.layers", "class_name": "Dense", "config": {"units": expression("3 * w")}}
    nodes = {
        "input": Node("Input"),
        "rows": Node("Reshape", {"target_shape": [2, 4]}, (Link("input"),)),
        "each": Node("TimeDistributed", {"layer": dense}, (Link("rows"),)),
        "output": Node("Output", {}, (Link("each"),)),
    }
    graph = chain(a=Node("Block", {"w": 2}, graph=Graph(nodes)))
    assert sizes(built(graph)) == sizes(build(graph).model) == [(4, 6), (6,)]


def test_an_expression_deep_in_an_argument_never_becomes_code():
    dense = {"module": "keras.layers", "class_name": "Dense", "config": {"units": expression("__import__('os')")}}
    wrapper = Node("TimeDistributed", {"layer": dense}, (Link("input"),))
    with pytest.raises(ValueError, match="more in it than numbers"):
        model_source(GRAPH.with_node("each", wrapper), "model")
