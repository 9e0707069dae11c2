"""What is wrong at a node that Keras refused, in the words of the shapes that meet there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import gcd, prod

from ml.project.graph import BLOCK, INPUT, OUTPUT
from ml.project.report import Shape
from ml.situation import ATTENTION, MERGES, RECURRENT, WINDOWS, Feed, Situation, per_axis, rank_wanted, space

AXES = {
    2: "(batch, features)",
    3: "(batch, steps, features)",
    4: "(batch, height, width, channels)",
    5: "(batch, depth, height, width, channels)",
}


def explanation(s: Situation) -> str:
    """Why the node can't be, as a sentence with the shapes, or nothing where its shapes are not what is wrong."""
    if s.type in (INPUT, OUTPUT, BLOCK) or not s.feeds:
        return ""
    for explain in _EXPLANATIONS:
        if sentence := explain(s):
            return sentence
    return ""


def written(shape: Sequence[int | None]) -> str:
    """`(None, 28, 28, 32)`."""
    return str(tuple(shape))


def gets(feeds: Sequence[Feed]) -> str:
    """`(None, 8) from dense and (None, 4) from input`."""
    said = [f"{written(feed.shape)} from {feed.link.node}" if feed.link.node else f"{written(feed.shape)} as its value" for feed in feeds]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]


def _rank(s: Situation) -> str:
    wanted, feed = rank_wanted(s.type), s.feeds[0]
    if s.type == "TimeDistributed" and len(feed.shape) < 3:
        return f"it takes steps, {AXES[3]} or more, and gets {gets([feed])}: there are no steps to go through."
    if wanted is None or len(feed.shape) == wanted:
        return ""
    text = f"it takes {_axes(s, wanted)} and gets {gets([feed])}"
    if len(feed.shape) < wanted:
        by = "an Embedding where these are tokens, or with a Reshape" if "int" in feed.dtype and wanted == 3 else "a Reshape"
        return f"{text}: give it {_sizes(wanted - len(feed.shape))} more, for example with {by}."
    return f"{text}: give it {_sizes(len(feed.shape) - wanted)} less, for example with a Reshape or a pooling."


def _axes(s: Situation, rank: int) -> str:
    if s.type in RECURRENT | ATTENTION:
        return "(batch, time, features)"
    if s.type.startswith("ConvLSTM"):
        return f"(batch, time, {AXES[rank - 1].removeprefix('(batch, ')}"
    if s.argument("data_format") == "channels_first":
        return f"(batch, channels, {', '.join(AXES[rank].strip('()').split(', ')[1:-1])})"
    return AXES.get(rank, f"{rank} sizes")


def _sizes(count: int) -> str:
    return "one size" if count == 1 else f"{count} sizes"


def _merge(s: Situation) -> str:
    if s.type not in MERGES:
        return ""
    if s.type == "Subtract" and len(s.feeds) != 2:
        return f"this Subtract takes two inputs and gets {len(s.feeds)}."
    clash = s.clash()
    if clash is None:
        return ""
    a, b = clash
    return f"this {s.type.removeprefix('ops.')} gets {gets(s.feeds if len(s.feeds) < 4 else clash)}: {_equal(s, a, b)}"


def _equal(s: Situation, a: Feed, b: Feed) -> str:
    """How two inputs can be made to go together."""
    which = ["first", "second", "third"] + [f"{port + 1}th" for port in range(3, max(a.port, b.port) + 1)]
    if len(a.shape) != len(b.shape):
        more = a if len(a.shape) > len(b.shape) else b
        return f"they must have as many sizes, for example with a pooling, a Flatten or a Reshape on the {which[more.port]}."
    lasts = len(a.shape) == 2 or space(a.shape) == space(b.shape)
    if lasts:
        layer = "a Dense" if len(a.shape) < 4 else "a 1×1 convolution"
        return f"make them equal, for example with as many {'units' if len(a.shape) < 4 else 'filters'} in both or {layer} on the {which[a.port]}."
    larger, smaller = (a, b) if _places(a.shape) >= _places(b.shape) else (b, a)
    if _places(larger.shape) < 2 * _places(smaller.shape):
        return f'make them equal, for example with padding "same" before the {which[smaller.port]} or a cropping on the {which[larger.port]}.'
    return f"make them equal, for example with stride 1 before the {which[smaller.port]} or a pooling on the {which[larger.port]}."


def _places(shape: Shape) -> int:
    return prod(size or 1 for size in space(shape))


def _concatenate(s: Situation) -> str:
    if s.type not in ("Concatenate", "ops.concatenate"):
        return ""
    axis = s.argument("axis")
    first = s.feeds[0].shape
    if not isinstance(axis, int) or not -len(first) <= axis < len(first):
        return f"axis {axis} is none of {written(first)}, whose axes are 0 to {len(first) - 1}, or -{len(first)} to -1 from behind."
    for feed in s.feeds[1:]:
        if len(feed.shape) != len(first):
            return f"it joins {gets([s.feeds[0], feed])}: they must have as many sizes, for example with a Flatten on both or a Reshape on one."
        wrong = [i for i, (x, y) in enumerate(zip(first, feed.shape, strict=True)) if i != axis % len(first) and None not in (x, y) and x != y]
        if wrong:
            rest = "all other sizes must be equal"
            return f"it joins {gets([s.feeds[0], feed])} along axis {axis}, so {rest}, and {first[wrong[0]]} is not {feed.shape[wrong[0]]}."
    return ""


def _window(s: Situation) -> str:
    if not WINDOWS.fullmatch(s.type):
        return ""
    feed = s.feeds[0]
    channels = feed.shape[1 if s.argument("data_format") == "channels_first" else -1]
    if channels is None and "Pooling" not in s.type:
        return f"it gets {gets([feed])}: how many channels there are must be known, for example from the Input's shape."
    if sentence := _groups(s, channels):
        return sentence
    places = space(feed.shape, s.argument("data_format"))
    pool = "Pooling" in s.type
    sizes = per_axis(s.argument("pool_size" if pool else "kernel_size"), len(places))
    wide = [(size - 1) * apart + 1 for size, apart in zip(sizes, per_axis(s.argument("dilation_rate") or 1, len(places)), strict=True)]
    fits = all(place is None or size <= place for size, place in zip(wide, places, strict=True))
    if "Transpose" in s.type or fits or s.argument("padding") != "valid":
        return ""
    kernel, room = "×".join(map(str, wide)), "×".join("?" if place is None else str(place) for place in places)
    text = f"its {'window' if pool else 'kernel'} of {kernel} is larger than the {room} that {feed.link.node} gives"
    return f'{text}: padding "same", a smaller one or less pooling before would work.'


def _groups(s: Situation, channels: int | None) -> str:
    groups, filters = s.argument("groups") or 1, s.argument("filters")
    if not isinstance(groups, int) or groups < 2 or not channels or not isinstance(filters, int):
        return ""
    if channels % groups:
        return f"it gets {gets(s.feeds[:1])}, and {channels} channels can't be divided into {groups} groups; {gcd(channels, groups)} would work."
    if filters % groups:
        return f"{filters} filters can't be divided among {groups} groups: {filters - filters % groups + groups} would work."
    return ""


def _product(s: Situation) -> str:
    if s.type not in ("ops.matmul", "ops.dot") or len(s.feeds) != 2:
        return ""
    a, b = s.feeds
    if not a.shape or not b.shape:
        return ""
    inner = b.shape[-2:][0]
    text = f"it multiplies {gets(s.feeds)}"
    if None not in (a.shape[-1], inner) and a.shape[-1] != inner:
        place = "last but one" if len(b.shape) > 1 else "only"
        return f"{text}: the last size of the first, {a.shape[-1]}, must be the {place} of the second, {inner}."
    if s.type == "ops.matmul" and a.shape[:-2] and b.shape[:-2]:
        return f"{text}: all sizes before the last two must be equal."
    return ""


def _dot(s: Situation) -> str:
    if s.type != "Dot":
        return ""
    if len(s.feeds) != 2:
        return f"it takes two inputs and gets {len(s.feeds)}."
    a, b = s.feeds
    axes = per_axis(given := s.argument("axes"), 2)
    if not isinstance(given, int) and given != axes:
        return ""
    inside = [-len(feed.shape) <= axis < len(feed.shape) for feed, axis in zip((a, b), axes, strict=True)]
    if not all(inside):
        return f"it multiplies {gets([a, b])}, which do not both have an axis {axes[0] if not inside[0] else axes[1]}."
    x, y = a.shape[axes[0]], b.shape[axes[1]]
    if x == y or None in (x, y):
        return ""
    return f"it multiplies {gets([a, b])} along axes {axes[0]} and {axes[1]}, which must be of one size: {x} is not {y}."


def _reshape(s: Situation) -> str:
    if s.type not in ("Reshape", "ops.reshape"):
        return ""
    feed, name = s.feeds[0], "target_shape" if s.type == "Reshape" else "newshape"
    target = s.argument(name)
    sizes = feed.shape[1:] if s.type == "Reshape" else feed.shape
    if not isinstance(target, list) or None in sizes or not all(isinstance(size, int) for size in target):
        return ""
    have = prod(size or 1 for size in sizes)
    fixed = prod(size for size in target if size != -1)
    if target.count(-1) > 1:
        return f"{name} {target} has {target.count(-1)} open sizes; only one may be -1."
    if -1 in target:
        return "" if fixed and not have % fixed else f"it gets {gets([feed])}, {have:,} numbers, which can't be divided by the {fixed:,} of {name} {target}."
    return (
        "" if have == fixed else f"it gets {gets([feed])}, {have:,} numbers, and {name} {target} has {fixed:,}: they must be as many, and one size may be -1."
    )


def _permute(s: Situation) -> str:
    dims, feed = s.argument("dims") if s.type == "Permute" else None, s.feeds[0]
    if not isinstance(dims, list) or sorted(dims, key=str) == list(range(1, len(feed.shape))):
        return ""
    return f"it gets {gets([feed])}, and dims {dims} must have each of the numbers 1 to {len(feed.shape) - 1} once."


def _attention(s: Situation) -> str:
    if s.type not in ATTENTION:
        return ""
    if s.type == "GroupQueryAttention":
        heads, groups = s.argument("num_query_heads"), s.argument("num_key_value_heads")
        if isinstance(heads, int) and isinstance(groups, int) and groups and heads % groups:
            return f"{heads} query heads can't be divided among {groups} key and value heads: take a number that divides {heads}."
    feeds = {feed.port: feed for feed in s.feeds}
    if 0 not in feeds or 1 not in feeds:
        return ""
    query, value, key = feeds[0], feeds[1], feeds.get(2, feeds[1])
    if len(query.shape) != len(value.shape):
        return f"query and value must have as many sizes, and it gets {gets([query, value])}."
    if len(key.shape) > 1 and None not in (key.shape[-2], value.shape[-2]) and key.shape[-2] != value.shape[-2]:
        return f"key and value must be of one length, and it gets {gets([key, value])}: {key.shape[-2]} is not {value.shape[-2]}."
    asked, answered = query.shape[-1:], key.shape[-1:]
    if s.type in ("Attention", "AdditiveAttention") and None not in (*asked, *answered) and asked != answered and asked and answered:
        return f"query and key must have as many features, and it gets {gets([query, key])}: {asked[0]} is not {answered[0]}."
    return ""


def _features(s: Situation) -> str:
    feed = s.feeds[0]
    if s.type not in {"Dense", "EinsumDense", "LSTM", "GRU", "SimpleRNN"} or not feed.shape or feed.shape[-1] is not None:
        return ""
    return f"it gets {gets([feed])}: its last size must be known, for example from the Input's shape or by a global pooling in the place of a Flatten."


def _sharing(s: Situation) -> str:
    owner = s.graph.nodes.get(s.node.shares or "")
    report = s.reports.get(s.node.shares or "")
    link = next((link for link in owner.inputs if link), None) if owner else None
    made = s.reports.get(link.node) if link else None
    if report is None or report.error or not made or not link or link.output >= len(made.shapes):
        return ""
    shape, here = made.shapes[link.output], s.feeds[0].shape
    if shape == here:
        return ""
    return f"it shares the weights of {s.node.shares}, which were made for {written(shape)}, and gets {gets(s.feeds[:1])}."


_EXPLANATIONS: tuple[Callable[[Situation], str], ...] = (
    _rank,
    _merge,
    _concatenate,
    _window,
    _product,
    _dot,
    _reshape,
    _permute,
    _attention,
    _features,
    _sharing,
)
