"""A graph taken apart: what follows one another, what runs side by side, what skips, and what repeats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ml.project.graph import Node
from ml.project.report import NodeReport


@dataclass(frozen=True)
class Step:
    """One node, with the small ones that are drawn in its box, and how many such stand here one after another."""

    name: str
    node: Node
    report: NodeReport
    joined: tuple[Node, ...] = ()
    count: int = 1


@dataclass(frozen=True)
class Frame:
    """A part drawn within a frame: a block with its inside, or what repeats."""

    chain: Chain
    title: str = ""
    count: int = 1


@dataclass(frozen=True)
class Branch:
    """What runs beside other things; whether it is fed by what is before, and feeds what is after."""

    chain: Chain
    enters: bool
    leaves: bool


@dataclass(frozen=True)
class Split:
    """Branches between two steps; `skips` where a link also goes by them all."""

    branches: tuple[Branch, ...]
    skips: bool
    start: str = ""
    """The name of the step before, also where that is outside of the chain; nothing: there is none."""
    end: str = ""
    """That of the step after."""


@dataclass(frozen=True)
class Knot:
    """Steps whose links can't be told apart into branches."""

    steps: tuple[Step | Frame, ...]
    links: tuple[tuple[int, int], ...]
    enters: tuple[int, ...]
    leaves: tuple[int, ...]
    start: str = ""
    end: str = ""


DEEPEST = 120
"""What lies deeper in branches of branches is not taken apart."""

Part = Step | Frame | Split | Knot
Chain = tuple[Part, ...]


@dataclass(frozen=True)
class Net:
    """What is taken apart: names in an order in which values run, what each is drawn as, and the links between them.

    `enters` are fed from outside, by `start`; `leaves` feed what is outside, `end`.
    """

    names: tuple[str, ...]
    parts: dict[str, Step | Frame]
    links: frozenset[tuple[str, str]]
    enters: frozenset[str] = frozenset()
    leaves: frozenset[str] = frozenset()
    start: str = ""
    end: str = ""
    depth: int = 0
    """In how many others it is."""

    def only(self, names: Sequence[str], before: str | None, after: str | None) -> Net:
        """The net of these names alone, `before` and `after` being what is outside of it; None: what is outside of this one."""
        inside = set(names)
        enters = self.enters & inside if before is None else {b for a, b in self.links if a == before and b in inside}
        leaves = self.leaves & inside if after is None else {a for a, b in self.links if b == after and a in inside}
        links = frozenset((a, b) for a, b in self.links if a in inside and b in inside)
        ends = before or self.start, after or self.end
        return Net(tuple(names), self.parts, links, frozenset(enters), frozenset(leaves), *ends, self.depth + 1)


def chain(net: Net, fold: bool) -> Chain:
    """The net as a chain of parts; with `fold`, what repeats is in it once."""
    units = _units(net, fold) if net.depth < DEEPEST else None
    if units is None:
        return (_knot(net),)
    return tuple(part for unit in (folded(units) if fold else units) for part in unit)


Unit = tuple[Part, ...]
"""A step, with the split before it where there is one; at a chain's end a split alone."""


def _units(net: Net, fold: bool) -> list[Unit] | None:
    """None where nothing can be taken apart."""
    cuts = [None, *_cuts(net), None]
    place = {name: index for index, name in enumerate(net.names)}
    spans = [(place[before] + 1 if before else 0, place[after] if after else len(net.names)) for before, after in pairwise(cuts)]
    into = {name: number for number, (start, end) in enumerate(spans) for name in net.names[start : end + 1]}
    links: list[set[tuple[str, str]]] = [set() for _ in spans]
    for a, b in net.links:
        links[into[b]].add((a, b))
    found: list[Unit] = []
    for (before, after), (start, end), own in zip(pairwise(cuts), spans, links, strict=True):
        between = net.names[start:end]
        part = replace(net, links=frozenset(own))
        groups = _groups(between, part)
        if len(groups) == 1 and len(between) == len(net.names):
            return None
        unit: Unit = (_split(part, groups, before, after, fold),) if between else ()
        if after:
            unit += (net.parts[after],)
        if unit:
            found.append(unit)
    return found


def _split(net: Net, groups: list[list[str]], before: str | None, after: str | None, fold: bool) -> Split:
    branches = []
    for group in groups:
        inner = net.only(group, before, after)
        branches.append(Branch(chain(inner, fold), bool(inner.enters), bool(inner.leaves)))
    skips = (before, after) in net.links if before and after else before in net.leaves if before else after in net.enters
    return Split(tuple(branches), skips, before or net.start, after or net.end)


def _cuts(net: Net) -> list[str]:
    """The names through which everything goes."""
    place, last = {name: index for index, name in enumerate(net.names)}, len(net.names)
    fed, feeding = {b for _, b in net.links}, {a for a, _ in net.links}
    spans = [(place[a], place[b]) for a, b in net.links]
    spans += [(-1, place[name]) for name in net.names if name in net.enters or name not in fed]
    spans += [(place[name], last) for name in net.names if name in net.leaves or name not in feeding]
    covered = [0] * (last + 1)
    for start, end in spans:
        if end - start > 1:
            covered[start + 1] += 1
            covered[end] -= 1
    open_spans, found = 0, []
    for name in net.names:
        open_spans += covered[place[name]]
        if not open_spans:
            found.append(name)
    return found


def _groups(names: Sequence[str], net: Net) -> list[list[str]]:
    """The names in groups that no link joins, each in the order of the names."""
    group = {name: {name} for name in names}
    for a, b in net.links:
        if a in group and b in group and group[a] is not group[b]:
            smaller, larger = sorted((group[a], group[b]), key=len)
            larger |= smaller
            group |= dict.fromkeys(smaller, larger)
    found: dict[int, list[str]] = {}
    for name in names:
        found.setdefault(id(group[name]), []).append(name)
    return list(found.values())


def _knot(net: Net) -> Knot:
    place = {name: index for index, name in enumerate(net.names)}
    links = tuple(sorted((place[a], place[b]) for a, b in net.links))
    enters = tuple(place[name] for name in net.names if name in net.enters)
    leaves = tuple(place[name] for name in net.names if name in net.leaves)
    return Knot(tuple(net.parts[name] for name in net.names), links, enters, leaves, net.start, net.end)


# What repeats.

LONGEST = 24
"""How many units that which repeats may have."""


def folded(units: list[Unit]) -> list[Unit]:
    """The units with every run of the same ones in the place of one, and its number. A run begins, where it can, at a split."""
    marks = [tuple(map(looks, unit)) for unit in units]
    found: list[Unit] = []
    for start, period, count in runs(marks, [sum(map(steps_in, unit)) for unit in units], [isinstance(unit[0], Split) for unit in units]):
        parts = tuple(part for unit in units[start : start + period] for part in unit)
        if count == 1:
            found.append(parts)
        elif len(parts) == 1 and isinstance(parts[0], Step):
            found.append((replace(parts[0], count=parts[0].count * count),))
        elif len(parts) == 1 and isinstance(parts[0], Frame):
            found.append((replace(parts[0], title=parts[0].title.rstrip(" 0123456789"), count=parts[0].count * count),))
        else:
            found.append((Frame(parts, count=count),))
    return found


def runs(marks: Sequence[Any], weights: Sequence[int], heads: Sequence[bool]) -> list[tuple[int, int, int]]:
    """A sequence as runs of (start, how long what repeats is, how often it stands there).

    A run saves at least two of what `weights` counts, and begins later, as long as none is lost, where a thing is one of the `heads`.
    """
    found, start = [], 0
    while start < len(marks):
        best = (0, 1, 1)
        for period in range(1, min(LONGEST, (len(marks) - start) // 2) + 1):
            count = _copies(marks, start, period)
            saved = sum(weights[start : start + period]) * (count - 1)
            if saved >= 2 and period * count > best[0]:
                best = (period * count, period, count)
        _, period, count = best
        later = next((by for by in range(period) if heads[start + by] and count > 1 and _copies(marks, start + by, period) == count), 0)
        found += [(start + by, 1, 1) for by in range(later)]
        start += later
        found.append((start, period, count))
        start += period * count
    return found


def _copies(marks: Sequence[Any], start: int, period: int) -> int:
    count = 1
    while marks[start : start + period] == marks[start + count * period : start + (count + 1) * period]:
        count += 1
    return count


def steps_in(part: Part) -> int:
    """How many boxes a part has."""
    match part:
        case Step():
            return 1
        case Frame(chain=inside):
            return sum(map(steps_in, inside))
        case Split(branches=branches):
            return sum(steps_in(one) for branch in branches for one in branch.chain)
    return sum(map(steps_in, part.steps))


def steps(chain: Iterable[Part]) -> list[Step]:
    """All steps of a chain, at any depth."""
    found: list[Step] = []
    for part in chain:
        match part:
            case Step():
                found.append(part)
            case Frame(chain=inside):
                found += steps(inside)
            case Split(branches=branches):
                found += [step for branch in branches for step in steps(branch.chain)]
            case Knot():
                found += steps(part.steps)
    return found


def looks(part: Part) -> Any:
    """What two parts that are drawn alike have in common."""
    match part:
        case Step(node=node, report=report, joined=joined, count=count):
            return (node.type, _said(node), report.shapes, tuple(_said(other) for other in joined), count, node.type == "Block" and node.graph is None)
        case Frame(chain=inside, count=count):
            return ("frame", tuple(map(looks, inside)), count)
        case Split(branches=branches, skips=skips):
            return (tuple((tuple(map(looks, branch.chain)), branch.enters, branch.leaves) for branch in branches), skips)
    return (tuple(map(looks, part.steps)), part.links, part.enters, part.leaves)


def _said(node: Node) -> str:
    inside: Iterable[Any] = ((name, _said(other)) for name, other in node.graph.nodes.items()) if node.graph else ()
    return repr((node.type, sorted((name, repr(value)) for name, value in node.arguments.items() if name not in ("name", "seed")), list(inside)))
