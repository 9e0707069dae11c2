"""A Keras model to a graph, and a `.keras` file to a project: read as data and held against the node table."""

from __future__ import annotations

import inspect
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
from keras.src.ops.operation import Operation  # the one base class whose subclasses are all that a file may call
from msgspec.structs import replace

from ml.importer import guess, stand_ins
from ml.importer.arguments import Unknown, class_of, of_layer, of_operation, plain
from ml.importer.weights import Findings, Kept, carry, groups
from ml.ops import subscript
from ml.ops.table import NODE_TYPES, NodeType, Port, is_operation
from ml.project.graph import BLOCK, INPUT, OUTPUT, Graph, Link, Node
from ml.project.project import Project
from ml.strangers import ImportProblem, reading
from ml.strangers.names import CODE
from ml.strangers.reading import Read

__all__ = ["ImportProblem", "from_config", "from_model", "import_file"]

Config = dict[str, Any]
Key = tuple[str, int]
"""A layer's name and which of its calls."""


def import_file(path: Path, weights: Path | None = None) -> tuple[Project, list[str]]:
    """A project with the model of a `.keras` file, and what could not be shown, as sentences.

    The weights go to the file `weights`, which the project names then; without it only the architecture is taken. Raises `ImportProblem`.
    What comes from a stranger goes through `ml.strangers.opening`, which calls this where nothing else can be reached.
    """
    path = Path(path)
    if weights is not None and not weights.parent.is_dir():
        raise ImportProblem(f"There is no folder {weights.parent} to write the weights into.")
    with tempfile.TemporaryDirectory(dir=weights.parent if weights else None) as folder:
        return project_of(path, reading.read(path, Path(folder) / "unpacked.h5"), weights)


def project_of(path: Path, read: Read, weights: Path | None = None) -> tuple[Project, list[str]]:
    """The same for a file that has been read; `path` is what it is called. Raises `ImportProblem`."""
    graph, findings = _read(path, read.config)
    if weights is not None and read.weights is not None:
        graph = _with_weights(path, graph, findings, read.weights, weights)
    project, more = guess.project(path.stem, graph)
    if weights is not None and weights.exists():
        project = replace(project, weights=str(weights.absolute()))
    return project, read.odd + findings.problems + more


def _with_weights(path: Path, graph: Graph, findings: Findings, unpacked: Path, target: Path) -> Graph:
    """The graph whose nodes know of their weights in `target`. Raises `ImportProblem`."""
    written = unpacked.with_name("weights.h5")
    try:
        graph = carry(findings, graph, unpacked, written)
        written.replace(target)
    except OSError as error:
        raise ImportProblem(f"{path}: its weights can't be read: {error}.") from error
    return graph


def _read(path: Path, config: Config) -> tuple[Graph, Findings]:
    """The graph of a file's configuration. Raises `ImportProblem`, which names the file."""
    try:
        return _found(config)
    except ImportProblem as problem:
        raise ImportProblem(f"{path}: {problem}") from problem
    except RecursionError as error:
        raise ImportProblem(f"{path}: its configuration is too deeply nested.") from error
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:  # a shape that Keras never writes
        raise ImportProblem(f"{path}: its configuration is not as Keras writes it ({error!r}).") from error


def from_model(model: keras.Model) -> tuple[Graph, list[str]]:
    """The graph of a model, and what could not be shown. Raises `ImportProblem`."""
    return from_config(json.loads(model.to_json()))


def from_config(config: Config) -> tuple[Graph, list[str]]:
    """The graph of a model's configuration as Keras serializes it, and what could not be shown. Raises `ImportProblem`."""
    graph, findings = _found(config)
    return graph, findings.problems


def _found(config: Config) -> tuple[Graph, Findings]:
    findings = Findings()
    graph = _model(config, findings, "", "")
    if not graph.of_type(OUTPUT):
        raise ImportProblem("nothing of it can be shown. " + " ".join(findings.problems))
    return graph, findings


def _model(entry: Config, findings: Findings, path: str, group: str) -> Graph:
    """The graph of a model's entry; `path` is that of the block, `group` where a weights file has what belongs to it."""
    name, config = entry.get("class_name"), entry.get("config")
    if not isinstance(config, dict) or not _is_model(entry):
        raise ImportProblem(f"it is a {class_of(entry)}, a class of its own whose code is not in the file: only functional and Sequential models can be shown.")
    if name == "Sequential":
        config = _sequential(entry, config)
    if any(isinstance(layer.get("inbound_nodes"), list) and any(isinstance(call, list) for call in layer["inbound_nodes"]) for layer in config["layers"]):
        raise ImportProblem("it was written by Keras 2: open it with Keras 3 and save it again.")
    return _Reader(config, findings, path, group).graph()


def _is_model(entry: Config) -> bool:
    return entry.get("class_name") in ("Functional", "Model", "Sequential") and str(entry.get("module") or "keras").split(".")[0] == "keras"


def _sequential(entry: Config, config: Config) -> Config:
    """A Sequential's configuration as that of the functional model that it stands for."""
    layers = [dict(layer) for layer in config["layers"]]
    if not layers or layers[0]["class_name"] != "InputLayer":
        shape = config.get("build_input_shape") or (entry.get("build_config") or {}).get("input_shape")
        if not shape:
            raise ImportProblem("it is a Sequential model that was never built, so the shape of its input is not known: call it once and save it again.")
        layers.insert(0, {"class_name": "InputLayer", "module": "keras.layers", "config": {"batch_shape": shape, "name": "input"}})
    before = None
    for layer in layers:
        layer["name"] = layer["config"]["name"]
        source = before and {"class_name": "__keras_tensor__", "config": {"keras_history": [*before, 0]}}
        layer["inbound_nodes"] = [{"args": [source], "kwargs": {}}] if source else []
        before = (layer["name"], 0)
    last = layers[-1]
    output = [last["name"], 1 if _is_functional(last) else 0, 0]
    return {"layers": layers, "input_layers": [layers[0]["name"], 0, 0], "output_layers": output}


class _Reader:
    """Reads one functional configuration: first where each tensor comes from, then node by node."""

    def __init__(self, config: Config, findings: Findings, path: str, group: str) -> None:
        self.config = config
        self.findings = findings
        self.problems = findings.problems
        self.path = path
        self.groups = {layer["name"]: f"{group}layers/{own}" for layer, own in zip(config["layers"], groups(config["layers"]), strict=True)}
        self.names: dict[Key, str] = {}
        """Which node each call of each layer becomes."""
        self.nodes: dict[str, Node] = {}
        self.missing: set[str] = set()

    def graph(self) -> Graph:
        layers = self.config["layers"]
        inputs = [name for name, _, _ in _leaves(self.config["input_layers"])]
        order = sorted(layers, key=lambda layer: inputs.index(layer["name"]) if layer["name"] in inputs else len(inputs))
        for layer in order:
            for call in range(max(1, len(layer.get("inbound_nodes") or []))):
                self.names[layer["name"], call] = self._free(layer["name"])
        for layer in order:
            self._layer(layer)
        functional = {layer["name"] for layer in layers if _is_functional(layer)}
        for name, call, output in _leaves(self.config["output_layers"]):
            link = Link(self.names[name, call - (name in functional)], output)  # a functional model's own call counts as its first
            self.nodes[self._free("output")] = Node(OUTPUT, {}, (link,))
        whole = Graph({name: self.nodes[name] for name in [*self.names.values(), *self.nodes] if name in self.nodes})
        return whole.without(self.missing)

    def _free(self, wish: str) -> str:
        """A name that Keras takes for a layer and that no node has yet."""
        taken = Graph({**self.nodes, **{name: Node(OUTPUT) for name in self.names.values()}})
        return taken.free_name(re.sub(r"[^\w.-]", "_", wish))

    def _layer(self, layer: Config) -> None:
        first = self.names[layer["name"], 0]
        if layer["class_name"] == "InputLayer":
            self.nodes[first] = _input(layer["config"])
            return
        for index, call in enumerate(layer.get("inbound_nodes") or []):
            name = self.names[layer["name"], index]
            try:
                node = self._block(layer, call, name) if _is_model(layer) else self._node(layer, call, name)
            except (Unknown, ImportProblem) as problem:
                self.missing.add(name)
                self.problems.append(f"{self.path}{name} {str(problem).rstrip('.').removeprefix('it ')}: it is left out, and what it fed is not connected.")
                node = Node("Identity")
            shares = index > 0 and first not in self.missing and not node.type.startswith("ops.")
            self.nodes[name] = Node(node.type, _of_call(node), node.inputs, shares=first) if shares else node
            if not shares and not node.graph and layer.get("build_config"):
                self.findings.layers[self.path + name] = Kept(node, self.groups[layer["name"]], layer["build_config"])

    def _block(self, layer: Config, call: Config, name: str) -> Node:
        inside = _model(layer, self.findings, f"{self.path}{name}/", f"{self.groups[layer['name']]}/")
        tensors = [self._link(value) for value in _tensors(call["args"] or call["kwargs"].get("inputs"))]
        if call["kwargs"].get("training") is not None:
            self._say_of_training(name, call["kwargs"]["training"])
        return Node(BLOCK, {}, tuple(tensors), graph=inside)

    def _node(self, layer: Config, call: Config, name: str) -> Node:
        kind, function, config = _called(stand_ins.stock(layer))
        arguments, odd = (of_operation(kind, config), []) if is_operation(kind) else of_layer(kind, config)
        self.problems += [f"{self.path}{name}: {problem}; it is left as it is by default." for problem in odd]
        inputs: dict[int, Link] = {}
        for argument, value in _bound(function, call):
            places = [index for index, port in enumerate(kind.ports) if argument == (port.argument or port.name)]
            if places:
                self._connect(kind, places, value, inputs, arguments)
            elif argument == "training":
                if value is not None and value != inspect.signature(function).parameters[argument].default:
                    self._say_of_training(name, value)
            elif value is None or argument == "mask":
                if list(_tensors(value)):
                    self.problems.append(f"{self.path}{name}: it is called with a mask, which a node can't hold.")
            else:
                self._argument(kind, argument, value, arguments)
        if (factor := stand_ins.scale_of_second(layer)) is not None:
            inputs[1] = self._scaled(inputs[1], factor, name)
        return Node(kind.id, arguments, tuple(inputs.get(index) for index in range(max(inputs, default=-1) + 1)))

    def _scaled(self, link: Link, factor: float, name: str) -> Link:
        """A product put between a node and what feeds it."""
        before = self._free(f"{name}_scale")
        self.nodes[before] = Node("ops.multiply", {"x2": factor}, (link,))
        return Link(before)

    def _say_of_training(self, name: str, value: bool) -> None:
        advice = "a node follows the training" if value else "freeze it, where its normalization is not to change"
        self.problems.append(f"{self.path}{name}: it is always called with training={value}, which a node can't hold: {advice}.")

    def _connect(self, kind: NodeType, places: list[int], value: Any, inputs: dict[int, Link], arguments: dict[str, Any]) -> None:
        """Put a call's argument on the port, or on the ports, that it belongs to."""
        port: Port = kind.ports[places[0]]
        if len(places) == 1 and not port.many:
            values, start = [value], places[0]
        else:
            values, start = value if isinstance(value, list) else [value], places[0]
        if not any(_is_tensor(part) for part in values):
            if value is not None:
                arguments[port.name] = plain(value)
            return
        for offset, part in enumerate(values):
            if _is_tensor(part):
                inputs[start + offset] = self._link(part)
            elif part is not None:
                raise Unknown(f"takes both tensors and numbers for {port.name}")

    def _argument(self, kind: NodeType, name: str, value: Any, arguments: dict[str, Any]) -> None:
        """Put a call's argument that is no tensor where the node type has it."""
        known = {parameter.name: parameter for parameter in kind.parameters}
        if list(_tensors(value)):
            raise Unknown(f"takes a tensor for {name}")
        if kind.id == "ops.get_item" and name == "key":
            arguments[name] = subscript.text(_key(value))
        elif name in known:
            found = plain(value, known[name])
            if found != known[name].default:
                arguments[name] = found
        else:
            raise Unknown(f"is called with {name}, which the node table has not")

    def _link(self, value: Config) -> Link:
        name, call, output = value["config"]["keras_history"]
        return Link(self.names[name, call], output)


def _subclasses(cls: type) -> Iterator[type]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _subclasses(sub)


def _flat(name: str) -> str:
    return re.sub(r"ops\.(image\.)?|_", "", name).lower()


_LAYERS = {name: kind for kind in NODE_TYPES.values() if kind.path.startswith("keras.layers.") for name in (kind.id, *kind.aliases) if name[0].isupper()}
_FUNCTIONS = {_flat(name): kind for kind in NODE_TYPES.values() if kind.id.startswith("ops.") for name in (*kind.aliases, kind.id) if name.startswith("ops.")}
_FUNCTIONS |= {f"{name}norm": NODE_TYPES[f"ops.{name}_normalization"] for name in ("batch", "layer", "rms")}
_OPERATIONS = {cls.__name__: cls for cls in _subclasses(Operation) if cls.__module__.startswith("keras.src.ops.")}


def _called(layer: Config) -> tuple[NodeType, Any, Config]:
    """The node type of a layer or operation, the method whose arguments its calls have, and its configuration. Raises `Unknown`."""
    name, module, config = layer["class_name"], str(layer.get("module") or ""), layer.get("config") or {}
    if name in CODE:
        raise Unknown(f"is a {name}, which {CODE[name]}: it is never loaded")
    if module.startswith("keras.src.ops") and name in _OPERATIONS and _flat(name) in _FUNCTIONS:
        return _FUNCTIONS[_flat(name)], _OPERATIONS[name].call, config  # type: ignore[attr-defined]  # every operation has one
    if module.startswith("keras.") and not module.startswith("keras.src.ops") and name in _LAYERS:
        kind = _LAYERS[name]
        return kind, getattr(keras.layers, kind.id).call, config
    raise Unknown(f"is a {class_of(layer)}, which is no layer of Keras")


def _bound(function: Any, call: Config) -> Iterator[tuple[str, Any]]:
    """Each argument of a call by its name; those that are as many as one likes as a list."""
    parameters = [parameter for parameter in inspect.signature(function).parameters.values() if parameter.name != "self"]
    args = list(call["args"])
    for parameter in parameters:
        if parameter.kind is parameter.VAR_POSITIONAL:
            yield parameter.name, args
            args = []
        elif args and parameter.kind is not parameter.VAR_KEYWORD:
            yield parameter.name, args.pop(0)
    named = {parameter.name for parameter in parameters if parameter.kind is not parameter.VAR_KEYWORD}
    rest = next((parameter.name for parameter in parameters if parameter.kind is parameter.VAR_KEYWORD), "")
    yield from ((name, value) for name, value in call["kwargs"].items() if name in named or not rest)
    if more := {name: value for name, value in call["kwargs"].items() if rest and name not in named}:
        yield rest, more


def _input(config: Config) -> Node:
    batch, *shape = config.get("batch_shape") or config["batch_input_shape"]
    dtype = {} if config.get("dtype", "float32") == "float32" else {"dtype": plain(config["dtype"])}
    return Node(INPUT, {"shape": shape} | dtype | ({"batch_size": batch} if batch else {}))


def _of_call(node: Node) -> dict[str, Any]:
    """Of a node that shares its layer with another: only what belongs to the call is its own."""
    return {name: value for name, value in node.arguments.items() if node.type != BLOCK and name in NODE_TYPES[node.type].call}


def _is_tensor(value: Any) -> bool:
    return isinstance(value, dict) and value.get("class_name") == "__keras_tensor__"


def _is_functional(layer: Config) -> bool:
    return _is_model(layer) and layer["class_name"] != "Sequential"


def _tensors(value: Any) -> Iterator[Config]:
    if _is_tensor(value):
        yield value
    elif isinstance(value, dict | list):
        for part in _in_order(value):
            yield from _tensors(part)


def _leaves(value: Any) -> Iterator[list[Any]]:
    """The `[layer, call, output]` of a structure of lists and dictionaries."""
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str):
        yield value
    else:
        for part in _in_order(value):
            yield from _leaves(part)


def _in_order(parts: dict[str, Any] | list[Any]) -> list[Any]:
    """The parts of a structure as Keras flattens it: those of a dictionary by their keys."""
    return [parts[key] for key in sorted(parts)] if isinstance(parts, dict) else parts


def _key(value: Any) -> Any:
    """A subscript as Keras writes it to the one that Python takes."""
    if isinstance(value, list):
        return tuple(map(_key, value))
    match value:
        case {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": step}}:
            return slice(start, stop, step)
        case {"class_name": "__ellipsis__"}:
            return Ellipsis
    return value
