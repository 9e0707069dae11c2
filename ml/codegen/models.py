"""A graph as Python source in Keras's functional style; no Keras needed to write it."""

from __future__ import annotations

import json
import keyword
import math
import re
from typing import Any

import msgspec
from msgspec.structs import replace

from ml.ops import subscript
from ml.ops.table import NODE_TYPES, bind, constructor, is_operation
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Link, Node

RESERVED = frozenset(("keras", "layers", "ops", "np", "tf", "name"))
"""Names that mean something else in the source."""
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


class Code(str):
    """A piece of source among values: it is written as it is, not quoted."""


def model_source(graph: Graph, name: str) -> str:
    """Functions that build the model: one for each kind of block, then `build_<name>()`. They need `keras`, and `layers` and `ops` of it.

    Raises `graphlib.CycleError` where the graph has a circle, KeyError for a type that is not in the node table, and ValueError for a subscript or
    a name that is none.
    """
    return models_source({name: graph})[0]


def models_source(models: dict[str, Graph]) -> tuple[str, dict[str, str]]:
    """The functions that build several models, and by the model's name the one to call. Raises as `model_source` does."""
    functions: dict[bytes, str] = {}
    texts: list[str] = []
    builders = {name: _functions(graph, name, functions, texts) for name, graph in models.items()}
    return "\n\n\n".join(texts), builders


def identifier(name: str, taken: set[str] | frozenset[str] = RESERVED) -> str:
    """A node's name as a name in Python that is not taken."""
    word = re.sub(r"\W", "_", name, flags=re.ASCII)
    word = f"_{word}" if not word or word[0].isdigit() else word
    free = (f"{word}{'_' * bool(n)}{n or ''}" for n in range(len(taken) + 2))
    return next(found for found in free if found not in taken and not keyword.iskeyword(found) and found not in RESERVED)


def literal(value: Any) -> str:
    """A value as source; what Keras describes as `{"class_name": …, "config": …}` becomes a call where it says of which module it is.

    Raises ValueError for a name that is no name in Python: what comes from a file must not become code.
    """
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, list | tuple):
        inside = ", ".join(map(literal, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        if re.fullmatch(r"keras\.(layers|initializers|regularizers|constraints|losses|metrics)", str(value.get("module"))) and isinstance(
            value.get("config"), dict
        ):
            module = "layers" if value["module"] == "keras.layers" else value["module"]
            return f"{module}.{_word(value.get('class_name'))}({keywords(value['config'])})"
        return "{" + ", ".join(f"{literal(key)}: {literal(part)}" for key, part in value.items()) + "}"
    return repr(value)


def keywords(arguments: dict[str, Any]) -> str:
    """Arguments as they stand in a call. Raises ValueError as `literal` does."""
    return ", ".join(f"{_word(name)}={literal(value)}" for name, value in arguments.items())


def _word(name: Any) -> str:
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"{name!r} is not the name of an argument or a class.")
    return name


def _functions(graph: Graph, name: str, functions: dict[bytes, str], texts: list[str]) -> str:
    """Add the functions of the blocks inside, then this graph's, to `texts`; its name. Equal blocks share one: `functions` says which."""
    repeated: dict[bytes, list[str]] = {}
    for block in _blocks(graph):
        repeated.setdefault(_key(graph[block].graph), []).append(block)
    for key, names in repeated.items():
        if key not in functions:
            _functions(graph[names[0]].graph or Graph(), re.sub(r"_\d+$", "", names[0]) if len(names) > 1 else names[0], functions, texts)
    function = identifier(f"build_{name}", set(functions.values()))
    functions[_key(graph)] = function
    texts.append(_Function(graph, functions).source(function, name))
    return function


def _blocks(graph: Graph) -> list[str]:
    """Every block that has a graph of its own, in the order of the build."""
    return [name for name in graph.sorted() if graph[name].type == BLOCK and not graph[name].shares]


def _key(graph: Graph | None) -> bytes:
    """The same for blocks that are equal but for the places of their nodes."""
    return msgspec.json.encode(_bare(graph or Graph()))


def _bare(graph: Graph) -> Graph:
    return Graph({name: replace(node, position=None, graph=_bare(node.graph) if node.graph else None) for name, node in graph.nodes.items()})


class _Function:
    """Writes one function."""

    def __init__(self, graph: Graph, functions: dict[bytes, str]) -> None:
        self.graph = graph
        self.functions = functions
        self.variables: dict[str, str] = {}
        self.shared = {node.shares for node in graph.nodes.values() if node.shares}
        """Nodes whose layer is called again."""
        self.several = {name for name, node in graph.nodes.items() if _gives_several(node)} | {link.node for _, _, link in graph.links() if link.output}

    def source(self, function: str, name: str) -> str:
        """The whole function; it takes the model's name."""
        lines = [line for node_name in self.graph.sorted() for line in self._lines(node_name)]
        inputs = [self.variables[node] for node in self.graph.of_type(INPUT)]
        outputs = [self._fed(self.graph[node])[0] or "None" for node in self.graph.of_type(OUTPUT)]
        lines.append(f"return keras.Model({_one_or_list(inputs)}, {_one_or_list(outputs)}, name=name)")
        return f"def {function}(name={literal(name)}):\n" + "\n".join(f"    {line}" for line in lines)

    def _lines(self, name: str) -> list[str]:
        node = self.graph[name]
        if node.type == OUTPUT:
            return []
        variable = identifier(name, {*self.variables.values(), *self.functions.values()})
        if node.type == INPUT:
            self.variables[name] = variable
            shape, rest = tuple(node.arguments.get("shape", ())), {k: v for k, v in node.arguments.items() if k != "shape"}
            return [f"{variable} = keras.Input({literal(shape)}, {keywords(rest | {'name': name})})"]
        lines = []
        if node.type in NODE_TYPES and is_operation(NODE_TYPES[node.type]):
            called = self._operation(node)
        else:
            target = self.variables[f"{node.shares} layer"] if node.shares else self._layer(name, node)
            if name in self.shared:
                layer = identifier(f"{name}_layer", {*self.variables.values(), *self.functions.values(), variable})
                lines, target = [f"{layer} = {target}"], layer
                self.variables[f"{name} layer"] = layer
            called = f"{target}({self._call(node)})"
        self.variables[name] = variable
        return [*lines, f"{variable} = keras.tree.flatten({called})" if node.type in _NESTED else f"{variable} = {called}"]

    def _layer(self, name: str, node: Node) -> str:
        if node.type == BLOCK:
            return f"{self.functions[_key(node.graph)]}({literal(name)})"
        kind = NODE_TYPES[node.type]
        arguments = {key: _placed(key, value) for key, value in constructor(kind, node.arguments).items()}
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
        positional, named = bind(NODE_TYPES[node.type], self._fed(node), node.arguments)
        return ", ".join([*map(literal, positional), *([keywords(named)] if named else [])])

    def _operation(self, node: Node) -> str:
        if node.type == "ops.get_item":
            return f"{self._fed(node)[0]}[{subscript.text(subscript.parse(node.arguments['key']))}]"
        return f"{node.type}({self._call(node)})"

    def _fed(self, node: Node) -> list[Code | None]:
        return [self._value(link) if link else None for link in node.inputs]

    def _value(self, link: Link) -> Code:
        return Code(self.variables[link.node] + (f"[{link.output}]" if link.node in self.several else ""))


def _placed(name: str, value: Any) -> Any:
    """An initializer, regularizer or constraint as Keras describes it, with the module that it is of."""
    module = next((f"keras.{ending}s" for ending in ("initializer", "regularizer", "constraint") if name.endswith(ending)), "")
    return {"module": module, **value} if module and isinstance(value, dict) else value


def _gives_several(node: Node) -> bool:
    """Whether a node gives a list of tensors, and not one, as far as its type and arguments tell."""
    if node.type == BLOCK:
        return len((node.graph or Graph()).of_type(OUTPUT)) > 1
    if node.type == "ops.svd":
        return node.arguments.get("compute_uv", True)
    inner = node.arguments.get("layer")
    asked = [node.arguments, *([inner.get("config", {})] if isinstance(inner, dict) else [])]
    return node.type in _SEVERAL | _NESTED or any(arguments.get(flag) for arguments in asked for flag in _SEVERAL_IF)


def _one_or_list(values: list[Any]) -> str:
    return str(values[0]) if len(values) == 1 else f"[{', '.join(map(str, values))}]"
