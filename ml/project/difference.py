"""Two graphs compared: which nodes of one are those of the other, and what is different about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import replace

from ml.project.graph import INPUT, OUTPUT, Graph, Link, Node


class Change(Struct, frozen=True):
    """One thing that is different about a node or a project: its name, type, inputs, or an argument."""

    what: str
    before: Any = UNSET
    """UNSET where it was not given, so that the type's default held."""
    after: Any = UNSET


class Difference(Struct, frozen=True):
    """What is different between a graph before and after. Nodes go by their names after, those that are gone by their names before."""

    pairs: dict[str, str]
    """The names before of the nodes that are still there, and their names after."""
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changes: dict[str, tuple[Change, ...]] = {}
    inside: dict[str, Difference] = {}
    """Of blocks whose insides differ."""

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changes or self.inside)


def difference(before: Graph, after: Graph) -> Difference:
    """Compare two graphs. Where nodes lie on the canvas is no difference."""
    pairs = matched(before, after)
    changes, inside = {}, {}
    for old, new in pairs.items():
        if found := tuple(_changes(before, after, pairs, old, new)):
            changes[new] = found
        if before[old].graph != after[new].graph and (deeper := difference(before[old].graph or Graph(), after[new].graph or Graph())):
            inside[new] = deeper
    taken = set(pairs.values())
    return Difference(
        pairs,
        added=tuple(name for name in after.nodes if name not in taken),
        gone=tuple(name for name in before.nodes if name not in pairs),
        changes={name: changes[name] for name in after.nodes if name in changes},
        inside={name: inside[name] for name in after.nodes if name in inside},
    )


def settings(before: Struct, after: Struct, what: str) -> list[Change]:
    """What is different between two structs that hold settings, such as two `Data`s; `what` they are is what a change of their `id` is called."""
    return list(_values(msgspec.to_builtins(before), msgspec.to_builtins(after), what)) if before != after else []


def matched(before: Graph, after: Graph) -> dict[str, str]:
    """The names of the same nodes before and after.

    First those that kept name and type, then inputs and outputs in their order; from these on, their neighbours of the same type, the most alike first,
    so that what was renamed is known by what is around it; then what is alike and the only one of its kind; at last what kept its name alone.
    """
    pairs = {name: name for name, node in before.nodes.items() if name in after.nodes and after[name].type == node.type}
    for type in (INPUT, OUTPUT):
        taken = set(pairs.values())
        left = [name for name in before.of_type(type) if name not in pairs]
        pairs |= dict(zip(left, (name for name in after.of_type(type) if name not in taken), strict=False))
    matching = _Matching(before, after, pairs)
    matching.grow()
    for old, new in _alike(before, after, pairs):
        matching.join(old, new)
    matching.grow()
    taken = set(pairs.values())
    pairs |= {name: name for name in before.nodes if name not in pairs and name in after.nodes and name not in taken}
    return {name: pairs[name] for name in before.nodes if name in pairs}


class _Matching:
    """Pairs of names that grow along the links."""

    def __init__(self, before: Graph, after: Graph, pairs: dict[str, str]) -> None:
        self.before, self.after, self.pairs = before, after, pairs
        self.back = {new: old for old, new in pairs.items()}
        self.consumers = _consumers(before), _consumers(after)
        self.candidates: dict[tuple[str, str], None] = {}
        for old, new in pairs.items():
            self._look_around(old, new)

    def join(self, old: str, new: str) -> None:
        """Take two nodes for the same one."""
        self.pairs[old], self.back[new] = new, old
        self._look_around(old, new)

    def grow(self) -> None:
        """Join neighbours of what is joined, the most alike first, until none are left."""
        while self.candidates:
            old, new = max(self.candidates, key=self._likeness)
            self.join(old, new)
            self.candidates = {pair: None for pair in self.candidates if pair[0] != old and pair[1] != new}

    def _look_around(self, old: str, new: str) -> None:
        sides = (self.consumers[0][old], self.consumers[1][new]), (_feeders(self.before[old]), _feeders(self.after[new]))
        for left, right in sides:
            free = [name for name in right if name in self.after.nodes and name not in self.back]
            for name in left:
                if name in self.before.nodes and name not in self.pairs:
                    self.candidates |= {(name, other): None for other in free if self.after[other].type == self.before[name].type}

    def _likeness(self, pair: tuple[str, str]) -> float:
        """How many neighbours they share, and as much as one more where they have the same arguments."""
        old, new = self.before[pair[0]], self.after[pair[1]]
        around = zip(_feeders(old), _feeders(new), strict=False)
        fed = sum(left in self.pairs and self.pairs[left] == right for left, right in around)
        ends = set(self.consumers[1][pair[1]])
        feeds = sum(self.pairs.get(name) in ends for name in self.consumers[0][pair[0]])
        return fed + feeds + (old.arguments == new.arguments and old.graph == new.graph)


def _consumers(graph: Graph) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in graph.nodes}
    for name, _, link in graph.links():
        found.setdefault(link.node, []).append(name)
    return found


def _feeders(node: Node) -> list[str]:
    return [link.node for link in node.inputs if link is not None]


def _alike(before: Graph, after: Graph, pairs: dict[str, str]) -> list[tuple[str, str]]:
    """What has no partner yet, and is the only one before and the only one after of its type with its arguments."""
    taken = set(pairs.values())
    left = {name: _kind(node) for name, node in before.nodes.items() if name not in pairs}
    right = {name: _kind(node) for name, node in after.nodes.items() if name not in taken}
    once = {kind for counts in [Counter(left.values()), Counter(right.values())] for kind in counts if counts[kind] > 1}
    by_kind = {kind: name for name, kind in right.items() if kind not in once}
    return [(name, by_kind[kind]) for name, kind in left.items() if kind in by_kind and kind not in once]


def _kind(node: Node) -> bytes:
    return msgspec.json.encode([node.type, sorted(node.arguments.items()), node.graph])


def _changes(before: Graph, after: Graph, pairs: dict[str, str], old: str, new: str) -> Iterable[Change]:
    was, now = before[old], after[new]
    if old != new:
        yield Change("name", old, new)
    if was.type != now.type:
        yield Change("type", was.type, now.type)
    for name in dict.fromkeys((*was.arguments, *now.arguments)):
        left, right = was.arguments.get(name, UNSET), now.arguments.get(name, UNSET)
        if left != right or type(left) is not type(right):
            yield Change(name, left, right)
    yield from _rewired(pairs, was, now)
    shares = pairs.get(was.shares, was.shares) if was.shares else UNSET
    if shares != (now.shares or UNSET):
        yield Change("shares the weights of", shares, now.shares or UNSET)
    if was.repeat != now.repeat:
        yield Change("repeat", was.repeat, now.repeat)


def _rewired(pairs: dict[str, str], was: Node, now: Node) -> Iterable[Change]:
    """Other inputs, where that does not follow from nodes that are gone or added."""
    kept = set(pairs.values())
    old, new = [link for link in was.inputs if link is not None], [link for link in now.inputs if link is not None]
    left = [replace(link, node=pairs[link.node]) for link in old if link.node in pairs]
    right = [link for link in new if link.node in kept]
    lost, won = [link for link in left if link not in right], [link for link in right if link not in left]
    swapped = not lost and not won and left != right
    if swapped or len(lost) > len(new) - len(right) or len(won) > len(old) - len(left):
        yield Change("inputs", _words(left), _words(right))


def _words(links: list[Link]) -> str:
    return ", ".join(link.node + (f"[{link.output}]" if link.output else "") for link in links)


def _values(before: Any, after: Any, what: str) -> Iterable[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            nothing = {} if name == "arguments" else UNSET
            left, right = before.get(name, nothing), after.get(name, nothing)
            if left != right:
                yield from _values(left, right, what if name in ("id", "arguments") else name)
    else:
        yield Change(what.replace("_", " "), before, after)
