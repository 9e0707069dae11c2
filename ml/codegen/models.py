"""A graph as Python source in Keras's functional style; no Keras needed to write it."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from ml.codegen.literals import RESERVED, Code, expression_source, identifier, keywords, literal, numbered, parameter_word
from ml.ops import subscript
from ml.ops.table import NODE_TYPES, bind, constructor, is_operation
from ml.project.blocks import copy_names, repeats
from ml.project.expressions import ExpressionProblem, divides, evaluate, evaluated, text_of, texts
from ml.project.expressions import names as names_of
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Link, Node

_NESTED = {"LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells"}
"""Layers that give a tensor and a list of tensors."""
_SEVERAL = {
    f"ops.{name}"
    for name in (
        *("array_split", "split", "hsplit", "vsplit", "dsplit", "unstack", "meshgrid", "moments", "top_k", "qr", "eig", "eigh", "slogdet", "lu_factor"),
        *("histogram", "ctc_decode", "nonzero", "fft", "fft2", "ifft2", "rfft", "stft", "unravel_index"),
    )
}
"""Operations that always give several tensors."""
_SEVERAL_IF = ("return_state", "return_attention_scores", "return_index", "return_inverse", "return_counts")
"""Arguments that make a layer or an operation give several."""


class Line(msgspec.Struct, frozen=True):
    """A line of the source, and the paths of the nodes that it makes: `model/stage/dense`. A block's function serves every block that is like it."""

    text: str
    paths: tuple[str, ...] = ()


def model_source(graph: Graph, name: str) -> str:
    """Functions that build the model: one for each kind of block, then `build_<name>()`. They need `keras`, and `layers` and `ops` of it.

    Raises `graphlib.CycleError` where the graph has a circle, KeyError for a type that is not in the node table, and ValueError for a subscript, a
    name or an expression that is none.
    """
    return models_source({name: graph})[0]


def models_source(models: dict[str, Graph]) -> tuple[str, dict[str, str]]:
    """The functions that build several models, and by the model's name the one to call. Raises as `model_source` does."""
    lines, builders = source_lines(models)
    return "\n".join(line.text for line in lines), builders


def source_lines(models: dict[str, Graph]) -> tuple[list[Line], dict[str, str]]:
    """As `models_source`, line by line with the nodes that each line makes."""
    writer = _Writer(models)
    builders = {name: writer.function(graph, name) for name, graph in models.items()}
    return writer.lines, builders


def node_source(graph: Graph, name: str) -> str:
    """The lines that make one node of a graph. Raises as `model_source` does."""
    writer = _Writer({"model": graph})
    writer.function(graph, "model")
    return "\n".join(line.text.strip() for line in writer.lines if f"model/{name}" in line.paths)


class _Writer:
    """Writes the functions of models and of their blocks, each kind of block once."""

    def __init__(self, models: dict[str, Graph]) -> None:
        self.lines: list[Line] = []
        self.functions: dict[bytes, str] = {}
        self.users: dict[bytes, list[str]] = {}
        """The paths of all blocks of a kind."""
        self.places: dict[bytes, list[Parameters]] = {}
        """What the parameters of each of them are."""
        for name, graph in models.items():
            for path, inside, parameters in _graphs(graph, name, {}):
                self.users.setdefault(_key(inside), []).append(path)
                self.places.setdefault(_key(inside), []).append(parameters)

    def function(self, graph: Graph, name: str) -> str:
        """Add the functions of the blocks inside, then this graph's; its name."""
        repeated: dict[bytes, list[str]] = {}
        for block in graph.sorted():
            if graph[block].type == BLOCK and not graph[block].shares:
                repeated.setdefault(_key(graph[block].graph), []).append(block)
        for key, blocks in repeated.items():
            if key not in self.functions:
                wish = re.sub(r"_\d+$", "", blocks[0]) if len(blocks) > 1 else blocks[0]
                self.function(graph[blocks[0]].graph or Graph(), wish)
        function = identifier(f"build_{name}", set(self.functions.values()))
        key = _key(graph)
        self.functions[key] = function
        if self.lines:
            self.lines += [Line(""), Line("")]
        for text, node in _Function(graph, self.functions, self.places[key]).source(function, name):
            self.lines.append(Line(text, tuple(f"{user}/{node}" for user in self.users[key]) if node else ()))
        return function


def _graphs(graph: Graph, path: str, parameters: Parameters) -> Iterator[tuple[str, Graph, Parameters]]:
    """A graph and that of every block in it, also inside others, with its path and with what its parameters are there."""
    yield path, graph, parameters
    for name, node in graph.nodes.items():
        if node.graph is not None:
            given = {key: _settled(value, parameters) for key, value in node.arguments.items() if key.isidentifier() and not keyword.iskeyword(key)}
            yield from _graphs(node.graph, f"{path}/{name}", given)


def _settled(value: Any, parameters: Parameters) -> Any:
    """What an argument is, None where that can't be worked out: the check says why."""
    try:
        return evaluated(value, parameters)
    except ExpressionProblem:
        return None


def _key(graph: Graph | None) -> bytes:
    """The same for blocks that are equal but for the places of their nodes."""
    return msgspec.json.encode(_bare(graph or Graph()))


def _bare(graph: Graph) -> Graph:
    return Graph({name: replace(node, position=None, weights="", graph=_bare(node.graph) if node.graph else None) for name, node in graph.nodes.items()})


Parameters = Mapping[str, Any]
Source = tuple[str, str]
"""A line, and the name of the node that it makes, or nothing."""


class _Function:
    """Writes one function."""

    def __init__(self, graph: Graph, functions: dict[bytes, str], places: list[Parameters]) -> None:
        """`places` are the block's parameters at each place where it stands; the function has the first value of each by default."""
        self.graph = graph.with_nodes({name: replace(node, arguments=_written(node.arguments, places)) for name, node in graph.nodes.items()})
        self.functions = functions
        self.parameters = {parameter_word(name): value for place in reversed(places) for name, value in place.items()}
        self.variables: dict[str, str] = {}
        self.taken = {*RESERVED, *functions.values(), *self.parameters, *_named(graph)}
        self.shared = {node.shares for node in graph.nodes.values() if node.shares}
        """Nodes whose layer is called again."""
        self.several = {name for name, node in graph.nodes.items() if _gives_several(node, graph)} | {link.node for _, _, link in graph.links() if link.output}

    def source(self, function: str, name: str) -> Iterator[Source]:
        """The whole function; it takes the tensors whose shape its inputs have, the model's name, and the block's parameters."""
        open_inputs = [node for node in self.graph.of_type(INPUT) if "shape" not in self.graph[node].arguments]
        body = [line for node in self.graph.sorted() for line in self._lines(node)]
        first = [self.variables[node] for node in open_inputs]
        yield f"def {function}({', '.join([*first, f'name={literal(name)}', *([keywords(self.parameters)] if self.parameters else [])])}):", ""
        for text, node in body:
            yield f"    {text}", node
        inputs = [self.variables[node] for node in self.graph.of_type(INPUT)]
        outputs = [self._fed(self.graph[node])[0] or "None" if self.graph[node].inputs else "None" for node in self.graph.of_type(OUTPUT)]
        yield f"    return keras.Model({_one_or_list(inputs)}, {_one_or_list(outputs)}, name=name)", ""

    def _lines(self, name: str) -> list[Source]:
        node = self.graph[name]
        if node.type == OUTPUT:
            return []
        if node.type == INPUT:
            return [(self._input(name, node), name)]
        if node.type == BLOCK and repeats(self.graph, name) > 1:
            return [(line, name) for line in self._repeated(name, node)]
        variable = self._free(name)
        lines = []
        if node.type in NODE_TYPES and is_operation(NODE_TYPES[node.type]):
            called = self._operation(node)
        else:
            target = self.variables[f"{node.shares} layer"] if node.shares else self._layer(name, node)
            if name in self.shared or _freezes_inside(node):
                layer = self._free(f"{name}_layer", variable)
                lines, target = [f"{layer} = {target}"], layer
                self.variables[f"{name} layer"] = layer
            called = f"{target}({self._call(node)})"
        self.variables[name] = variable
        lines.append(f"{variable} = keras.tree.flatten({called})" if node.type in _NESTED else f"{variable} = {called}")
        if _freezes_inside(node):
            lines.append(f"{self.variables[f'{name} layer']}.trainable = False")
        return [(line, name) for line in lines]

    def _free(self, name: str, *also: str) -> str:
        return identifier(name, {*self.variables.values(), *self.taken, *also})

    def _input(self, name: str, node: Node) -> str:
        variable = self.variables[name] = self._free(name)
        if "shape" not in node.arguments:
            kept = {"dtype": Code(f"{variable}.dtype")} | node.arguments | {"name": name}
            return f"{variable} = keras.Input({variable}.shape[1:], {keywords(kept)})"
        rest = {key: value for key, value in node.arguments.items() if key != "shape"}
        shape = node.arguments["shape"]
        return f"{variable} = keras.Input({literal(tuple(shape) if isinstance(shape, list) else shape)}, {keywords(rest | {'name': name})})"

    def _repeated(self, name: str, node: Node) -> Iterator[str]:
        """A loop over the copies of a block, each fed by the one before."""
        owner = self.graph[node.shares] if node.shares else node
        given = [value or Code("None") for value in self._fed(node)] or [Code("None")]
        count, outputs = repeats(self.graph, name), len((owner.graph or Graph()).of_type(OUTPUT))
        variable, passed = self._free(name), min(outputs, len(given))
        yield f"{variable} = {given[0]}" if outputs == 1 else f"{variable} = [{', '.join(given[:passed])}]"
        fed = [Code(variable) if outputs == 1 else Code(f"{variable}[{index}]") for index in range(passed)] + given[passed:]
        layers = f"{node.shares or name} layers"
        if node.shares:
            yield f"for layer in {self.variables[layers]}:"
            yield f"    {variable} = layer({_one_or_list(fed)})"
        else:
            stem = re.sub(r"\d+$", "", copy_names(self.graph, name)[0])
            made = self._block(node, numbered(stem), fed)
            if name in self.shared:
                self.variables[layers] = self._free(f"{name}_layers", variable)
                yield f"{self.variables[layers]} = []"
            yield f"for number in range({count}):"
            if name in self.shared:
                yield f"    {self.variables[layers]}.append({made})"
                made = f"{self.variables[layers]}[-1]"
            yield f"    {variable} = {made}({_one_or_list(fed)})"
        self.variables[name] = variable

    def _block(self, node: Node, name: Any, given: list[Code]) -> str:
        """The call of the function that builds a block."""
        inside = node.graph or Graph()
        shapes = [given[index] if index < len(given) else "None" for index, port in enumerate(inside.of_type(INPUT)) if "shape" not in inside[port].arguments]
        own = {parameter_word(key): value for key, value in node.arguments.items() if key.isidentifier() and not keyword.iskeyword(key)}
        return f"{self.functions[_key(inside)]}({', '.join([*shapes, keywords({'name': name} | own)])})"

    def _layer(self, name: str, node: Node) -> str:
        if node.type == BLOCK:
            return self._block(node, name, [value or Code("None") for value in self._fed(node)])
        kind = NODE_TYPES[node.type]
        later = {"trainable"} if _freezes_inside(node) else set()
        arguments = {key: _placed(key, value) for key, value in constructor(kind, node.arguments).items() if key not in later}
        first = []
        for parameter in kind.parameters:
            if not parameter.required or parameter.name not in arguments:
                break
            first.append(literal(arguments.pop(parameter.name)))
        return f"layers.{node.type}({', '.join([*first, keywords(arguments | {'name': name})])})"

    def _call(self, node: Node) -> str:
        """What stands between the brackets of a call of a layer or of a block."""
        if node.type == BLOCK:
            return _one_or_list([value or "None" for value in self._fed(node)])
        positional, named = bind(NODE_TYPES[node.type], self._fed(node), node.arguments | _constants(node))
        return ", ".join([*map(literal, positional), *([keywords(named)] if named else [])])

    def _operation(self, node: Node) -> str:
        if node.type == "ops.get_item":
            return f"{self._fed(node)[0]}[{subscript.text(subscript.parse(node.arguments['key']))}]"
        return f"{node.type}({self._call(node)})"

    def _fed(self, node: Node) -> list[Code | None]:
        return [self._value(link) if link else None for link in node.inputs]

    def _value(self, link: Link) -> Code:
        return Code(self.variables[link.node] + (f"[{link.output}]" if link.node in self.several else ""))


def _constants(node: Node) -> dict[str, Code]:
    """An operation's ports that have lists of numbers for their value: as tensors, for Keras takes no lists there."""
    kind = NODE_TYPES[node.type]
    lists = {port.name: node.arguments.get(port.name) for port in kind.ports if not port.many} if is_operation(kind) else {}
    return {name: Code(f"ops.convert_to_tensor({literal(value)})") for name, value in lists.items() if isinstance(value, list)}


def _placed(name: str, value: Any) -> Any:
    """An initializer, regularizer or constraint as Keras describes it, with the module that it is of."""
    module = next((f"keras.{ending}s" for ending in ("initializer", "regularizer", "constraint") if name.endswith(ending)), "")
    return {"module": module, **value} if module and isinstance(value, dict) else value


def _freezes_inside(node: Node) -> bool:
    """Whether a node is frozen and has layers inside, which its constructor's `trainable` does not reach."""
    kind = NODE_TYPES.get(node.type)
    return kind is not None and node.arguments.get("trainable") is False and not node.shares and (bool(kind.layers) or kind.category == "Attention")


def _named(graph: Graph) -> set[str]:
    """The names in a graph's own expressions: no variable may take them."""
    return {parameter_word(name) for node in graph.nodes.values() for text in texts(node.arguments) for name in names_of(text)}


def _written(value: Any, places: list[Parameters]) -> Any:
    """Arguments with the source of their expressions; a division is made whole where it is so at every place."""
    text = text_of(value)
    if text is not None:
        source = expression_source(text)
        return Code(f"int({source})" if divides(text) and _whole(text, places) else source)
    if isinstance(value, list):
        return [_written(part, places) for part in value]
    return {key: _written(part, places) for key, part in value.items()} if isinstance(value, dict) else value


def _whole(text: str, places: list[Parameters]) -> bool:
    """Whether an expression gives whole numbers at every place; one that can't be worked out does not."""
    try:
        return all(isinstance(evaluate(text, place), int) for place in places)
    except ExpressionProblem:
        return False


def _gives_several(node: Node, graph: Graph) -> bool:
    """Whether a node gives a list of tensors, and not one, as far as its type and arguments tell."""
    if node.type == BLOCK:
        inside = node.graph or (graph[node.shares].graph if node.shares in graph.nodes else None)
        return len((inside or Graph()).of_type(OUTPUT)) > 1
    if node.type == "ops.svd":
        return node.arguments.get("compute_uv", True)
    inner = node.arguments.get("layer")
    asked = [node.arguments, *([inner.get("config", {})] if isinstance(inner, dict) else [])]
    return node.type in _SEVERAL | _NESTED or any(arguments.get(flag) for arguments in asked for flag in _SEVERAL_IF)


def _one_or_list(values: list[Any]) -> str:
    return str(values[0]) if len(values) == 1 else f"[{', '.join(map(str, values))}]"
