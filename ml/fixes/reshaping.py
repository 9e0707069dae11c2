"""Ways out of a shape that a node can't take: another form of it, or an argument that asks for less."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd, isqrt, prod

from ml.fixes.arguments import set_to
from ml.ops.starting import STARTING
from ml.project.fixes import Connection, Fix, Insertion
from ml.project.report import Shape
from ml.situation import WINDOWS, Situation, per_axis, rank_wanted, space


def windows(s: Situation) -> Iterator[Fix]:
    """A kernel that is larger than the picture, and groups that do not come out even."""
    if not WINDOWS.fullmatch(s.type) or not s.feeds or len(s.feeds[0].shape) != rank_wanted(s.type):
        return
    feed, pool = s.feeds[0], "Pooling" in s.type
    form = s.argument("data_format")
    places = space(feed.shape, form)
    name = "pool_size" if pool else "kernel_size"
    sizes = per_axis(s.argument(name), len(places))
    if s.argument("padding") == "valid" and any(place and size > place for size, place in zip(sizes, places, strict=True)):
        yield set_to(s.name, "padding", "same")
        yield set_to(s.name, name, [min(size, place or size) for size, place in zip(sizes, places, strict=True)])
    if max(per_axis(s.argument("dilation_rate") or 1, len(places))) > 1:
        yield set_to(s.name, "dilation_rate", 1)
        yield set_to(s.name, "padding", "same")
        yield set_to(s.name, "strides", 1)
    groups, filters = s.argument("groups"), s.argument("filters")
    channels = feed.shape[1 if form == "channels_first" else -1]
    if isinstance(groups, int) and groups > 1 and isinstance(filters, int) and channels:
        yield set_to(s.name, "groups", gcd(groups, channels, filters))
        yield set_to(s.name, "filters", -(-filters // groups) * groups)


def ranks(s: Situation) -> Iterator[Fix]:
    """More or fewer sizes than a node takes."""
    wanted = rank_wanted(s.type) or (3 if s.type == "TimeDistributed" else None)
    if wanted is None or not s.feeds:
        return
    for feed in s.feeds[:2]:
        if len(feed.shape) == wanted or feed.link.node == "":
            continue
        yield from _before(s, feed.link.node, feed.port, wanted)
        if wanted == 3 and len(feed.shape) == 2 and "int" in feed.dtype:
            table = {"input_dim": STARTING["input_dim"], "output_dim": STARTING["output_dim"]}
            yield Fix(f"Put an Embedding behind {feed.link.node}", (Insertion("Embedding", table, s.name, feed.port),))
        alike = [other.port for other in s.feeds if other.link == feed.link]
        for target in _targets(feed.shape[1:], wanted - 1):
            yield Fix(f"Reshape {feed.link.node} to {target}", tuple(Insertion("Reshape", {"target_shape": target}, s.name, port) for port in alike))
        if wanted == 2:
            yield Fix(f"Flatten {feed.link.node}", (Insertion("Flatten", {}, s.name, feed.port),))


def _before(s: Situation, name: str, port: int, wanted: int) -> Iterator[Fix]:
    """What a Flatten or a pooling took the sizes from."""
    node = s.graph.nodes.get(name)
    link = next((link for link in node.inputs if link), None) if node else None
    report = s.reports.get(link.node) if link else None
    if node and link and report and link.output < len(report.shapes) and len(report.shapes[link.output]) == wanted:
        yield Fix(f"Take {link.node} instead of {name}", (Connection(s.name, port, link),))


def _targets(sizes: Shape, count: int) -> Iterator[list[int]]:
    """The same numbers in `count` sizes: a size of 1 more, a square picture, or the first sizes in one."""
    known = [size or -1 for size in sizes]
    if known.count(-1) > 1:
        return
    if len(known) < count:
        total = prod(known)
        if len(known) == 1 and count == 3:
            for channels in (1, 3):
                side = isqrt(total // channels) if total > 0 else 0
                if side and side * side * channels == total:
                    yield [side, side, channels]
        yield known + [1] * (count - len(known))
        yield [1] * (count - len(known)) + known
    elif len(known) > count:
        front = known[: len(known) - count + 1]
        yield [-1 if -1 in front else prod(front), *known[len(known) - count + 1 :]]


def orders(s: Situation) -> Iterator[Fix]:
    """A Permute that names each axis once: the last two change places."""
    if s.type == "Permute" and s.feeds:
        axes = list(range(1, len(s.feeds[0].shape)))
        yield set_to(s.name, "dims", axes[:-2] + axes[:-3:-1])


def openings(s: Situation) -> Iterator[Fix]:
    """A picture of open size can't be flattened to a known length, but pooled."""
    for feed in s.feeds[:1]:
        flatten = s.graph.nodes.get(feed.link.node)
        link = next((link for link in flatten.inputs if link), None) if flatten and flatten.type == "Flatten" else None
        report = s.reports.get(link.node) if link else None
        if link and report and link.output < len(report.shapes) and feed.shape[-1:] == (None,) and 3 <= (rank := len(report.shapes[link.output])) <= 5:
            yield Fix(f"Pool {link.node} before {feed.link.node}", (Insertion(f"GlobalAveragePooling{rank - 2}D", {}, feed.link.node),))


def targets(s: Situation) -> Iterator[Fix]:
    """A Reshape whose sizes do not make as many numbers: the nearest that do, or one row."""
    if s.type not in ("Reshape", "ops.reshape") or not s.feeds:
        return
    name = "target_shape" if s.type == "Reshape" else "newshape"
    target = s.argument(name)
    if isinstance(target, list) and all(isinstance(size, int) for size in target):
        for place in reversed(range(1 if s.type == "ops.reshape" else 0, len(target))):
            yield set_to(s.name, name, [-1 if index == place else abs(size) for index, size in enumerate(target)])
    yield set_to(s.name, name, [-1] if s.type == "Reshape" else [-1, prod(size or 1 for size in s.feeds[0].shape[1:])])
