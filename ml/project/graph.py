"""A network as a value: nodes by name, each with the links that feed it."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

INPUT, OUTPUT, BLOCK = "Input", "Output", "Block"
DOWN, RIGHT = "down", "right"


class Link(Struct, frozen=True, array_like=True):
    """Where a value comes from: the output numbered `output` of the node called `node`."""

    node: str
    output: int = 0


class Node(Struct, frozen=True, omit_defaults=True):
    """One call of a Keras layer or operation, an input, an output, or a block. Its name is its key in the graph."""

    type: str
    """A key of the node table (`Dense`, `ops.matmul`), or `Input`, `Output`, `Block`."""
    arguments: dict[str, Any] = {}
    """Only what differs from the type's defaults. An operation's port without a link takes its value from here."""
    inputs: tuple[Link | None, ...] = ()
    """By port, in the order of the type's ports; a type's last port, where it takes many, takes all that follow."""
    position: tuple[float, float] | None = None
    """Where it lies on the canvas; None: the layout decides."""
    graph: Graph | None = None
    """Of a `Block`: what is inside. Its `Input` nodes are the block's ports, its `Output` nodes the block's outputs."""
    shares: str | None = None
    """The name of the node in the same graph whose layer, and so whose weights, this one uses."""
    repeat: int = 1
    """Of a `Block`: how many stand here one after another, each with weights of its own."""
    weights: str = ""
    """Where its layer's first weights are in the project's weights file; nothing: they are drawn."""


class Note(Struct, frozen=True, omit_defaults=True):
    """Words on the canvas beside the network: a comment, or a frame around nodes with its title."""

    text: str
    place: tuple[float, float, float, float]
    """Left, top, width and height."""
    frame: bool = False
    """True where it lies behind the nodes and takes those in it along."""
    colour: str = ""
    """The name of one of the canvas's note colours; nothing: the first."""


class Graph(Struct, frozen=True, omit_defaults=True):
    """Nodes by name. The order of `Input` and of `Output` nodes is that of the model's inputs and outputs."""

    nodes: dict[str, Node] = {}
    notes: dict[str, Note] = {}
    flow: str = DOWN
    """Which way values run on the canvas: `DOWN` or `RIGHT`."""

    def __getitem__(self, name: str) -> Node:
        return self.nodes[name]

    def of_type(self, type: str) -> list[str]:
        """The names of the nodes of this type, in the order of the graph."""
        return [name for name, node in self.nodes.items() if node.type == type]

    def sorted(self) -> list[str]:
        """All names, each after those that feed it (and, sharing a layer, after its owner), else in the graph's order.

        Raises `graphlib.CycleError` where there is a cycle.
        """
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for name, node in self.nodes.items():
            sorter.add(name, *(source for source in sources(node) if source in self.nodes))
        return list(sorter.static_order())

    def consumers(self, name: str) -> list[tuple[str, int, Link]]:
        """Every use of the node's outputs: (consumer's name, which of its inputs, the link)."""
        return [use for use in self.links() if use[2].node == name]

    def links(self) -> Iterator[tuple[str, int, Link]]:
        """Every link as (consumer's name, which of its inputs, the link)."""
        for name, node in self.nodes.items():
            for port, link in enumerate(node.inputs):
                if link is not None:
                    yield name, port, link

    def free_name(self, wish: str) -> str:
        """`wish`, or `wish_1`, `wish_2` … where it is taken."""
        if wish not in self.nodes:
            return wish
        return next(name for n in range(1, len(self.nodes) + 2) if (name := f"{wish}_{n}") not in self.nodes)

    def with_nodes(self, nodes: dict[str, Node]) -> Graph:
        """This graph with other nodes; its notes and its flow stay."""
        return replace(self, nodes=nodes)

    def with_node(self, name: str, node: Node) -> Graph:
        """This graph with `node` added or put in the place of the one of that name."""
        return self.with_nodes({**self.nodes, name: node})

    def without(self, names: set[str]) -> Graph:
        """This graph without these nodes and without the links from them. Of those that shared a layer with one, the first has it then."""
        heirs = self._heirs(names)
        rest = {name: node for name, node in self.nodes.items() if name not in names}
        for name, node in rest.items():
            if node.shares in heirs:
                rest[name] = self.owning(name) if heirs[node.shares] == name else replace(node, shares=heirs[node.shares])
        return self.with_nodes({name: _unlinked(node, names) for name, node in rest.items()})

    def owning(self, name: str) -> Node:
        """A node that shares another's layer as one with a layer of its own that is like it; where the other is gone, like the node itself."""
        node = self.nodes[name]
        owner = self.nodes.get(node.shares or name, node)
        return replace(node, arguments=owner.arguments | node.arguments, graph=owner.graph, repeat=owner.repeat, weights=owner.weights, shares=None)

    def _heirs(self, names: set[str]) -> dict[str, str]:
        """For each of these nodes whose layer others share the one of those left that comes first."""
        shared = [(name, node.shares) for name, node in self.nodes.items() if node.shares in names and name not in names]
        if not shared:
            return {}
        try:
            place = {name: index for index, name in enumerate(self.sorted())}
        except CycleError:
            place = {name: index for index, name in enumerate(self.nodes)}
        return {owner: name for name, owner in sorted(shared, key=lambda pair: -place[pair[0]]) if owner}

    def renamed(self, old: str, new: str) -> Graph:
        """This graph with a node's name changed, and every link to it."""
        return self.with_nodes({(new if name == old else name): _relinked(node, old, new) for name, node in self.nodes.items()})

    def linked(self, name: str, port: int, link: Link | None) -> Graph:
        """This graph with input number `port` of a node fed by `link`, or by nothing."""
        node = self.nodes[name]
        inputs = list(node.inputs) + [None] * (port + 1 - len(node.inputs))
        inputs[port] = link
        while inputs and inputs[-1] is None:
            inputs.pop()
        return self.with_node(name, replace(node, inputs=tuple(inputs)))

    def makes_cycle(self, source: str, target: str) -> bool:
        """Whether a link from `source` to `target` would close a circle."""
        seen, waiting = set(), [source]
        while waiting:
            name = waiting.pop()
            if name == target:
                return True
            if name not in seen and name in self.nodes:
                seen.add(name)
                waiting.extend(sources(self.nodes[name]))
        return False

    def cycle(self) -> list[str]:
        """The names along one circle, or nothing."""
        try:
            self.sorted()
        except CycleError as error:
            return list(error.args[1])
        return []


def sources(node: Node) -> list[str]:
    """The names of the nodes that must come before this one."""
    return [link.node for link in node.inputs if link is not None] + ([node.shares] if node.shares else [])


def _unlinked(node: Node, names: set[str]) -> Node:
    if not names.intersection(sources(node)):
        return node
    inputs = [None if link is not None and link.node in names else link for link in node.inputs]
    while inputs and inputs[-1] is None:
        inputs.pop()
    return replace(node, inputs=tuple(inputs), shares=None if node.shares in names else node.shares)


def _relinked(node: Node, old: str, new: str) -> Node:
    if old not in sources(node):
        return node
    inputs = tuple(replace(link, node=new) if link is not None and link.node == old else link for link in node.inputs)
    return replace(node, inputs=inputs, shares=new if node.shares == old else node.shares)
