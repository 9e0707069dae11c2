"""Two compared graphs as one, to be drawn: what is there now together with what was there before."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from ml.project.difference import Difference, difference
from ml.project.graph import BLOCK, Graph, Link, Node

Mark = Literal["same", "added", "gone", "changed"]


class Merged(Struct, frozen=True):
    """A graph that holds both. Gone links into nodes that are still there come after these nodes' own inputs."""

    graph: Graph
    marks: dict[str, Mark]
    """By node."""
    links: dict[tuple[str, int], Mark]
    """By what a link feeds; those that are neither `added` nor `gone` are not named."""
    gone: dict[str, str]
    """The names before of the nodes that are gone, by their names here."""


class Comparison(Struct, frozen=True):
    """Two graphs, what is different about them, and both in one."""

    before: Graph
    after: Graph
    found: Difference
    both: Merged

    def old(self, name: str) -> str:
        """What a node of the merged graph was called before; nothing where it is new."""
        back = {new: old for old, new in self.found.pairs.items()}
        return self.both.gone.get(name) or back.get(name, "")

    def inside(self, name: str) -> Comparison | None:
        """The same of what is inside a block, with an empty graph on the side where it is not; None where there is no such block."""
        if name not in self.both.graph.nodes or self.both.graph[name].type != BLOCK:
            return None
        before = self.before.nodes.get(self.old(name), Node(BLOCK)).graph
        after = None if name in self.both.gone else self.after[name].graph
        return compared(before or Graph(), after or Graph())


def compared(before: Graph, after: Graph) -> Comparison:
    """Compare two graphs and put them into one."""
    found = difference(before, after)
    return Comparison(before, after, found, merged(before, after, found))


def merged(before: Graph, after: Graph, found: Difference) -> Merged:
    """Both graphs in one, without the places that their nodes had. Nodes keep their names after; those that are gone get free ones."""
    names = dict(found.pairs)
    graph = Graph({name: _bare(node) for name, node in after.nodes.items()}, flow=after.flow)
    for name in found.gone:
        names[name] = graph.free_name(name)
        graph = graph.with_node(names[name], _bare(before[name]))
    links: dict[tuple[str, int], Mark] = {}
    back = {new: old for old, new in names.items()}
    for name, port, link in after.links():
        if not _has(before, back, name, link):
            links[name, port] = "added"
    nodes = dict(graph.nodes)
    for name, node in before.nodes.items():
        here, own = names[name], after.nodes.get(names[name], Node("")).inputs
        lost = [Link(names[link.node], link.output) for link in node.inputs if link is not None and link.node in names]
        lost = [link for link in lost if link not in own]
        nodes[here] = replace(nodes[here], inputs=(*own, *lost))
        links |= {(here, len(own) + index): "gone" for index in range(len(lost))}
    marks: dict[str, Mark] = {name: "added" if name in found.added else "same" for name in after.nodes}
    marks |= dict.fromkeys((*found.changes, *found.inside), "changed")
    marks |= {names[name]: "gone" for name in found.gone}
    return Merged(graph.with_nodes(nodes), marks, links, {names[name]: name for name in found.gone})


def _has(before: Graph, back: dict[str, str], name: str, link: Link) -> bool:
    """Whether a link was there before."""
    if name not in back or link.node not in back:
        return False
    return Link(back[link.node], link.output) in before[back[name]].inputs


def _bare(node: Node) -> Node:
    return replace(node, position=None)
