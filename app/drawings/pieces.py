"""Where the parts of a flow diagram lie: a chain runs along an axis, branches beside it, skipping links as arcs beside those.

Coordinates are (along the flow, across it); the axis is at 0 across.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.canvas.layout.layers import downwards
from app.canvas.layout.parts import Branch, Chain, Frame, Knot, Part, Split, Step
from ml.project.graph import Graph, Link, Node

Point = tuple[float, float]


@dataclass(frozen=True)
class Placed:
    """A box: its middle, and its extents along and across."""

    step: Step
    along: float
    across: float
    length: float
    width: float


@dataclass(frozen=True)
class Border:
    """A frame's rectangle: from where to where, along and across."""

    frame: Frame
    start: Point
    end: Point


@dataclass(frozen=True)
class Wire:
    """A line through points, with a head at its end where that is at a box."""

    points: tuple[Point, ...]
    head: bool


@dataclass
class Piece:
    """A laid out part: how far it reaches left and right of its axis and along it, and all that is in it."""

    left: float = 0.0
    right: float = 0.0
    length: float = 0.0
    boxes: list[Placed] = field(default_factory=list)
    borders: list[Border] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)

    def take(self, other: Piece, along: float, across: float) -> None:
        """Put another piece in, moved by this much."""
        self.boxes += [Placed(box.step, box.along + along, box.across + across, box.length, box.width) for box in other.boxes]
        self.borders += [Border(one.frame, (one.start[0] + along, one.start[1] + across), (one.end[0] + along, one.end[1] + across)) for one in other.borders]
        self.wires += [Wire(tuple((x + along, y + across) for x, y in wire.points), wire.head) for wire in other.wires]
        self.left, self.right = max(self.left, other.left - across), max(self.right, other.right + across)

    def wire(self, *points: Point, head: bool = False) -> None:
        """Add a line, without points that are the same as the one before."""
        kept = [point for index, point in enumerate(points) if not index or point != points[index - 1]]
        if len(kept) > 1:
            self.wires.append(Wire(tuple(kept), head))


@dataclass(frozen=True)
class Room:
    """What a frame's words need: before its inside along the flow, before it across, after it across, and from edge to edge along and across."""

    above: float = 0.0
    before: float = 0.0
    after: float = 0.0
    least: Point = (0.0, 0.0)


@dataclass(frozen=True)
class Measure:
    """The sizes that a layout needs."""

    step: Callable[[Step], Point]
    """The extents of a step's box, along and across."""
    label: Callable[[Frame], Room]
    gap: float
    """Between two boxes along the flow."""
    lane: float
    """Between what runs side by side."""


def lay_out(chain: Chain, measure: Measure) -> Piece:
    """The chain's piece."""
    whole, here, before = Piece(), 0.0, False
    for index, part in enumerate(chain):
        after = chain[index + 1] if index + 1 < len(chain) else None
        piece = _piece(part, after, measure)
        if before and _is_fed(part):
            whole.wire((here, 0.0), (here + measure.gap, 0.0), head=isinstance(part, Step))
        if index:
            here += measure.gap
        whole.take(piece, here, 0.0)
        here += piece.length
        before = not isinstance(part, Split) or part.skips or any(branch.leaves for branch in part.branches)
        if isinstance(part, Split) and _joins_at_side(part, after):
            before = any(_is_main(part, branch) and branch.leaves for branch in part.branches)
    whole.length = here
    return whole


def in_columns(chain: Chain, count: int, measure: Measure) -> Piece:
    """The chain in so many columns of about the same length, or in fewer where it has not so many places to break it."""
    pieces = [(part, lay_out(part, measure)) for part in _broken(chain, count, measure)]
    whole, axis, end = Piece(length=max(piece.length for _, piece in pieces)), 0.0, 0.0
    for index, (part, piece) in enumerate(pieces):
        if index:
            aisle = whole.right + measure.lane
            before, axis = axis, aisle + measure.lane + piece.left
            down, up = end + measure.gap, -measure.gap
            whole.wire((end, before), (down, before), (down, aisle), (up, aisle), (up, axis), (0.0, axis), head=isinstance(part[0], Step))
        whole.take(piece, 0.0, axis)
        end = piece.length
    return whole


def _broken(chain: Chain, count: int, measure: Measure) -> list[Chain]:
    """The chain in pieces: only after a step or a frame, where there is one line to carry on."""
    units: list[Chain] = []
    for index, part in enumerate(chain):
        if index and isinstance(chain[index - 1], Split) and isinstance(part, Step):
            units[-1] = (*units[-1], part)
        else:
            units.append((part,))
    lengths = [lay_out(unit, measure).length + measure.gap for unit in units]
    limit, here = sum(lengths) / count, 0.0
    columns: list[Chain] = [()]
    for unit, length in zip(units, lengths, strict=True):
        breaks = columns[-1] and not isinstance(columns[-1][-1], Split | Knot) and here + length / 2 > limit and len(columns) < count
        if breaks:
            columns.append(())
            here = 0.0
        columns[-1] = (*columns[-1], *unit)
        here += length
    return columns


def _is_fed(part: Part) -> bool:
    if isinstance(part, Split):
        return part.skips or any(branch.enters for branch in part.branches)
    return True


def _piece(part: Part, after: Part | None, measure: Measure) -> Piece:
    match part:
        case Step():
            length, width = measure.step(part)
            return Piece(width / 2, width / 2, length, [Placed(part, length / 2, 0.0, length, width)])
        case Frame():
            return _framed(part, measure)
        case Split():
            return _split(part, after, measure)
    return _knot(part, measure)


def _framed(frame: Frame, measure: Measure) -> Piece:
    inner = lay_out(frame.chain, measure)
    words, pad = measure.label(frame), measure.lane / 2
    head, foot = measure.gap * 0.55 + words.above, measure.gap * 0.55
    made = Piece()
    made.take(inner, head, 0.0)
    made.length = max(head + inner.length + foot, words.least[0])
    left = inner.left + pad + words.before
    right = max(inner.right + pad, words.least[1] - left)
    made.borders.insert(0, Border(frame, (0.0, -left), (made.length, right)))
    made.wire((0.0, 0.0), (head, 0.0), head=isinstance(frame.chain[0], Step))
    made.wire((head + inner.length, 0.0), (made.length, 0.0))
    made.left, made.right = left, right + words.after
    return made


# What runs side by side.


def _split(split: Split, after: Part | None, measure: Measure) -> Piece:
    pieces = [lay_out(branch.chain, measure) for branch in split.branches]
    across = _beside(split, pieces, measure)
    lead = measure.gap * 0.6
    longest = max((piece.length for piece in pieces), default=0.0)
    at_side = _joins_at_side(split, after)
    made = Piece(length=lead + longest + (0.0 if at_side else lead))
    target = _target(made.length, after, measure) if at_side else (made.length, 0.0)
    for branch, piece, x in zip(split.branches, pieces, across, strict=True):
        start = lead + (longest - piece.length) / 2
        made.take(piece, start, x)
        if branch.enters:
            made.wire((0.0, 0.0), (0.0, x), (start, x), head=isinstance(branch.chain[0], Step))
        if branch.leaves:
            _join(made, (start + piece.length, x), target, at_side)
    if split.skips:
        lane = made.right + measure.lane / 2
        made.wire((0.0, 0.0), (0.0, lane), (target[0], lane), (target[0], target[1] if at_side else 0.0), head=at_side)
        made.right = lane
    return made


def _join(made: Piece, end: Point, target: Point, at_side: bool) -> None:
    """From a branch's end to what all flow into: into its side, or into the line before it."""
    if at_side and end[1]:
        side = target[1] if end[1] > 0 else -target[1]
        made.wire(end, (target[0], end[1]), (target[0], side), head=True)
    else:
        made.wire(end, (made.length, end[1]), (made.length, 0.0))


def _beside(split: Split, pieces: list[Piece], measure: Measure) -> list[float]:
    """Where each branch's axis is: the longest on the main one and the others right and left of it, or all in a row around it."""
    main = next((index for index, branch in enumerate(split.branches) if _is_main(split, branch)), None)
    places = [0.0] * len(pieces)
    if main is None:
        total = sum(piece.left + piece.right for piece in pieces) + measure.lane * (len(pieces) - 1)
        here = -total / 2
        for index, piece in enumerate(pieces):
            places[index] = here + piece.left
            here += piece.left + piece.right + measure.lane
        middle = len(pieces) // 2
        shift = places[middle] if len(pieces) % 2 else 0.0
        return [place - shift for place in places]
    left, right = pieces[main].left, pieces[main].right
    for number, index in enumerate(index for index in range(len(pieces)) if index != main):
        piece = pieces[index]
        if number % 2:
            places[index] = -(left + measure.lane + piece.right)
            left += measure.lane + piece.left + piece.right
        else:
            places[index] = right + measure.lane + piece.left
            right += measure.lane + piece.left + piece.right
    return places


def _is_main(split: Split, branch: Branch) -> bool:
    """Whether the branch is longer than all others, so that the axis goes through it."""
    own = _steps(branch.chain)
    return branch.enters == any(one.enters for one in split.branches) and all(_steps(other.chain) < own for other in split.branches if other is not branch)


def _joins_at_side(split: Split, after: Part | None) -> bool:
    """Whether what is off the axis flows into the side of the step after, and not into the line before it."""
    return isinstance(after, Step) and any(_is_main(split, branch) for branch in split.branches)


def _target(length: float, after: Part | None, measure: Measure) -> Point:
    """The middle of the right side of the step after the split."""
    assert isinstance(after, Step)
    box = measure.step(after)
    return length + measure.gap + box[0] / 2, box[1] / 2


def _steps(chain: Iterable[Part]) -> int:
    """How many boxes lie one after another."""
    total = 0
    for part in chain:
        match part:
            case Step():
                total += 1
            case Frame(chain=inside):
                total += _steps(inside)
            case Split(branches=branches):
                total += max((_steps(branch.chain) for branch in branches), default=0)
            case Knot(steps=steps):
                total += len(steps)
    return total


ENTRY, EXIT = -1, -2
"""Where what feeds a knot comes in, and where what it gives goes out, in the place of a step's number."""


@dataclass(frozen=True)
class Layers:
    """Where the steps of a knot begin and what comes in and goes out lies, the places in other layers that each link passes, and how deep a layer is."""

    at: dict[int, Point]
    passed: dict[tuple[int, int], list[Point]]
    deep: float
    bottom: float
    """Where the last layer with a step ends."""


def _knot(knot: Knot, measure: Measure) -> Piece:
    """Laid out in layers: a link runs aslant between two of them, and straight past what lies in one."""
    pieces = [_piece(step, None, measure) for step in knot.steps]
    layers = _layers(knot, pieces, measure)
    made = Piece()
    for index, piece in enumerate(pieces):
        made.take(piece, *layers.at[index])
    made.length = layers.bottom + measure.gap
    for (a, b), places in layers.passed.items():
        begin = [(0.0, 0.0)]
        if a != ENTRY:
            along, across = layers.at[a]
            begin = [(along + pieces[a].length, across), (along + layers.deep, across)]
        through = [point for along, across in places for point in ((along, across), (along + layers.deep, across))]
        end = (made.length, 0.0) if b == EXIT else layers.at[b]
        made.wire(*begin, *through, end, head=b != EXIT and isinstance(knot.steps[b], Step))
        made.left, made.right = max([made.left, *(-across for _, across in through)]), max([made.right, *(across for _, across in through)])
    return made


def _layers(knot: Knot, pieces: list[Piece], measure: Measure) -> Layers:
    """The knot's layers, their axis where it is entered or, without an entry, left. A way in or out passes the layers beside which it lies."""
    links = [*knot.links, *((ENTRY, index) for index in knot.enters), *((index, EXIT) for index in knot.leaves)]
    steps = range(len(pieces))
    ends = [end for end in (ENTRY, EXIT) if any(end in link for link in links)]
    deep = max(piece.length for piece in pieces)
    nodes = {str(index): Node("Add", {}, tuple(Link(str(a)) for a, b in links if b == index)) for index in (*steps, *ends)}
    plan = downwards(Graph(nodes), max(piece.left + piece.right for piece in pieces) + measure.lane, deep + 1.6 * measure.gap)
    across = [plan.positions[str(index)][0] for index in steps]
    axis = plan.positions[str(ends[0])][0] if ends else (min(across) + max(across)) / 2
    top = min(plan.positions[str(index)][1] for index in steps)
    bottom = max(plan.positions[str(index)][1] for index in steps)
    at = {int(name): _seen(point, top - measure.gap, axis) for name, point in plan.positions.items()}
    passed = {}
    for a, b in links:
        places = [*plan.waypoints.get((str(a), str(b)), ())]
        places = [plan.positions[str(a)], *places] if a == ENTRY else places
        places = [*places, plan.positions[str(b)]] if b == EXIT else places
        passed[a, b] = [_seen(point, top - measure.gap, axis) for point in places if top <= point[1] <= bottom]
    return Layers(at, passed, deep, bottom - top + measure.gap + deep)


def _seen(point: Point, top: float, axis: float) -> Point:
    """A place of the layout, which is (across, along), in the piece."""
    return point[1] - top, point[0] - axis
