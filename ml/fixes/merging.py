"""Ways out of two shapes that do not go together: change what makes one of them, or put something in between."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from ml.fixes.arguments import set_to
from ml.project.fixes import Connection, Fix, Insertion
from ml.project.graph import Node
from ml.project.report import Shape
from ml.situation import MERGES, WINDOWS, Feed, Situation, per_axis, space

KEEPS = frozenset(
    {"Activation", "BatchNormalization", "LayerNormalization", "GroupNormalization", "Dropout", "SpatialDropout2D", "ReLU", "LeakyReLU", "ELU", "PReLU"}
    | {"Softmax", "GaussianNoise", "Identity", "UnitNormalization", "RMSNormalization", "ops.relu", "ops.gelu", "ops.silu", "ops.tanh", "ops.sigmoid"}
)
"""Types that give the shape that they get."""
FAR = 8
"""How many nodes up a branch are looked at for one that makes its shape."""


def merges(s: Situation) -> Iterator[Fix]:
    """For sums and the like: everything but the batch must be equal."""
    clash = s.clash() if s.type in MERGES else None
    if clash:
        yield from _equal(s, *clash, channels=True)


def concatenations(s: Situation) -> Iterator[Fix]:
    """For joining: everything but one axis must be equal."""
    if s.type not in ("Concatenate", "ops.concatenate") or len(s.feeds) < 2:
        return
    first = s.feeds[0]
    axis = s.argument("axis")
    other = next((feed for feed in s.feeds[1:] if feed.shape != first.shape), None)
    if other is None:
        yield set_to(s.name, "axis", -1)
        return
    if len(other.shape) == len(first.shape):
        differ = [i for i, (x, y) in enumerate(zip(first.shape, other.shape, strict=True)) if x != y]
        if len(differ) == 1 and differ[0] != axis:
            yield set_to(s.name, "axis", -1 if differ[0] == len(first.shape) - 1 else differ[0])
    yield set_to(s.name, "axis", -1)
    yield from _equal(s, first, other, channels=isinstance(axis, int) and axis % len(first.shape) != len(first.shape) - 1)


def _equal(s: Situation, a: Feed, b: Feed, channels: bool) -> Iterator[Fix]:
    """What makes two inputs equal, their channels too where `channels` is set."""
    if len(a.shape) != len(b.shape):
        yield from _ranks(s, *((a, b) if len(a.shape) > len(b.shape) else (b, a)))
    elif len(a.shape) > 2 and space(a.shape) != space(b.shape):
        sizes = [prod(size or 1 for size in space(feed.shape)) for feed in (a, b)]
        yield from _spaces(s, *((a, b) if sizes[0] >= sizes[1] else (b, a)), channels)
    elif channels:
        yield from _widths(s, a, b)


def _ranks(s: Situation, more: Feed, less: Feed) -> Iterator[Fix]:
    """One has more sizes than the other."""
    width = less.shape[-1]
    if len(less.shape) == 2 and 3 <= len(more.shape) <= 5:
        pooling = Insertion(f"GlobalAveragePooling{len(more.shape) - 2}D", {}, s.name, more.port)
        if more.shape[-1] == width:
            yield Fix(f"Pool {more.link.node} to {width} numbers", (pooling,))
        yield Fix(f"Pool {more.link.node} and put a Dense of {width} behind", (pooling, Insertion("Dense", {"units": width}, s.name, more.port)))
    if prod(size or 1 for size in more.shape[1:]) == prod(size or 1 for size in less.shape[1:]):
        yield Fix(f"Reshape {less.link.node} to {list(more.shape[1:])}", (Insertion("Reshape", {"target_shape": list(more.shape[1:])}, s.name, less.port),))
    yield Fix(f"Flatten {more.link.node}", (Insertion("Flatten", {}, s.name, more.port),))
    yield Fix("Flatten both", (Insertion("Flatten", {}, s.name, more.port), Insertion("Flatten", {}, s.name, less.port)))


def _spaces(s: Situation, large: Feed, small: Feed, channels: bool) -> Iterator[Fix]:
    """One picture is larger than the other."""
    rank = len(large.shape) - 2
    yield from _unshrunk(s, small, rank)
    steps = [-(-x // y) if x and y else 1 for x, y in zip(space(large.shape), space(small.shape), strict=True)]
    step = steps[0] if len(set(steps)) == 1 else steps
    width = small.shape[-1]
    if rank in (1, 2, 3) and channels and width != large.shape[-1]:
        convolution = {"filters": width, "kernel_size": 1, "strides": step, "padding": "same"}
        text = f"Put a {_ones(rank)} convolution with stride {step} behind {large.link.node}"
        yield Fix(text, (Insertion(f"Conv{rank}D", convolution, s.name, large.port),))
    elif rank in (1, 2, 3):
        pooling = {"pool_size": step, "padding": "same"}
        yield Fix(f"Pool {large.link.node} by {step}", (Insertion(f"MaxPooling{rank}D", pooling, s.name, large.port),))
        yield Fix(f"Upsample {small.link.node} by {step}", (Insertion(f"UpSampling{rank}D", {"size": step}, s.name, small.port),))
    if rank == 2 and None not in space(small.shape):
        height, across = space(small.shape)
        resizing = Insertion("Resizing", {"height": height, "width": across}, s.name, large.port)
        yield Fix(f"Resize {large.link.node} to {height}×{across}", (resizing,))
        if channels and width != large.shape[-1]:
            widen = Insertion("Conv2D", {"filters": width, "kernel_size": 1}, s.name, large.port)
            yield Fix(f"Resize {large.link.node} to {height}×{across} with {width} channels", (resizing, widen))


def _unshrunk(s: Situation, small: Feed, rank: int) -> Iterator[Fix]:
    """Let a node up the smaller branch keep the size: without its stride, without losing the border."""
    for name, node in _upwards(s, small):
        if not WINDOWS.fullmatch(node.type):
            continue
        strides = node.arguments.get("strides")
        is_pool = "Pooling" in node.type
        if is_pool or max(per_axis(strides or 1, rank)) > 1:
            fix = set_to(name, "strides", 1)
            same = set_to(name, "padding", "same")
            yield fix
            if node.arguments.get("padding", "valid") != "same":
                yield Fix(f'{fix.text} and its padding to "same"', fix.changes + same.changes)
        if node.arguments.get("padding", "valid") == "valid":
            yield set_to(name, "padding", "same")


def _widths(s: Situation, a: Feed, b: Feed) -> Iterator[Fix]:
    """Only the channels differ."""
    for one, other in ((b, a), (a, b)):
        for name, node in _upwards(s, one):
            for argument in ("units", "filters"):
                if isinstance(node.arguments.get(argument), int):
                    yield set_to(name, argument, other.shape[-1])
            if node.type not in KEEPS:
                break
    rank = len(a.shape) - 2
    for one, other in ((a, b), (b, a)):
        width = other.shape[-1]
        if rank in (2, 3):
            convolution = Insertion(f"Conv{rank}D", {"filters": width, "kernel_size": 1}, s.name, one.port)
            yield Fix(f"Put a {_ones(rank)} convolution with {width} filters behind {one.link.node}", (convolution,))
        else:
            yield Fix(f"Put a Dense of {width} units behind {one.link.node}", (Insertion("Dense", {"units": width}, s.name, one.port),))


def _ones(rank: int) -> str:
    return "×".join("1" * rank) if rank > 1 else "1-wide"


def _upwards(s: Situation, feed: Feed) -> Iterator[tuple[str, Node]]:
    """The nodes up a branch, the nearest first, as far as each is fed by one."""
    name = feed.link.node
    for _ in range(FAR):
        node = s.graph.nodes.get(name)
        if node is None:
            return
        yield name, node
        links = [link for link in node.inputs if link]
        if len(links) != 1:
            return
        name = links[0].node


def products(s: Situation) -> Iterator[Fix]:
    """For matrix products: turn one round, or take them the other way."""
    if s.type == "Dot" and len(s.feeds) == 2:
        a, b = s.feeds
        pairs = [(i, j) for i in range(1, len(a.shape)) for j in range(1, len(b.shape)) if a.shape[i] == b.shape[j] and a.shape[i]]
        for i, j in sorted(pairs, key=lambda pair: (pair[0] != pair[1], -pair[0])):
            yield set_to(s.name, "axes", i if i == j else [i, j])
    if s.type not in ("ops.matmul", "ops.dot") or len(s.feeds) != 2 or not all(feed.link.node for feed in s.feeds):
        return
    a, b = s.feeds
    if len(b.shape) > 2:
        yield Fix(f"Transpose {b.link.node}", (Insertion("ops.swapaxes", {"axis1": -1, "axis2": -2}, s.name, b.port),))
    yield Fix(f"Multiply {b.link.node} by {a.link.node}", (Connection(s.name, a.port, b.link), Connection(s.name, b.port, a.link)))
    if len(a.shape) > 2:
        yield Fix(f"Transpose {a.link.node}", (Insertion("ops.swapaxes", {"axis1": -1, "axis2": -2}, s.name, a.port),))
    inner: Shape = b.shape[-2:-1]
    if inner and inner[0]:
        yield Fix(f"Put a Dense of {inner[0]} units behind {a.link.node}", (Insertion("Dense", {"units": inner[0]}, s.name, a.port),))
