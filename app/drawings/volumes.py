"""The figure of a convolutional network as volumes: a solid for each feature map, as high, deep and thick as its sizes ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from app.canvas.layout.parts import Net, Step, looks, runs
from app.drawings import captions, shapes
from app.drawings.drawing import DrawingProblem
from app.drawings.ink import BLACK, MUTED, SMALLER, Ink, ink
from app.drawings.mainline import detours, main_line
from app.drawings.nets import Subject, net
from app.drawings.options import Options, closed
from app.drawings.shapes import POINT, Figure, Shape, Words
from ml.ops.table import category_of
from ml.project.graph import BLOCK, INPUT, OUTPUT

HIGHEST, THICKEST, LEAST = 62 * POINT, 26 * POINT, 2.2 * POINT
SLANT = 0.26
"""How far a solid's depth goes right and up, to its length."""
APART = 9 * POINT
LANE = 7 * POINT
"""Between the arcs of two links."""


@dataclass(frozen=True)
class Volume:
    """A solid before it is drawn: what made it, its sizes (height, width, channels) of which those it has not are 1, and its words."""

    step: Step
    sizes: tuple[int, int, int]
    flat: bool
    caption: str
    label: str

    @property
    def category(self) -> str:
        """For its colour."""
        type = self.step.node.type
        return type if type in (INPUT, OUTPUT, BLOCK) else category_of(type)


@dataclass(frozen=True)
class Solid:
    """A volume that has its place: its front's left edge and middle, and its extents on paper."""

    volume: Volume
    x: float
    height: float
    thickness: float
    depth: float

    @property
    def right(self) -> float:
        """The right edge of its front."""
        return self.x + self.thickness

    @property
    def end(self) -> float:
        """The right edge of all of it."""
        return self.right + self.depth

    @property
    def top(self) -> tuple[float, float]:
        """The middle of its upper side."""
        return (self.x + self.end) / 2, -self.height / 2 - self.depth / 2


def draw(subject: Subject, options: Options) -> Figure:
    """The figure; its words are turned where they would make it wider than the column. Raises `DrawingProblem`."""
    whole = net(subject, closed(options))
    found, arcs = volumes(whole, options)
    if len(found) < 2:
        raise DrawingProblem("There are no sizes to draw yet: this style needs layers whose output's shape is known.")
    groups = [(index, 1, 1) for index in range(len(found))]
    if options.fold:
        groups = runs([(looks(one.step) if one.step.node.type == BLOCK else one.caption, one.sizes) for one in found], [1] * len(found), [False] * len(found))
        found, arcs, groups = _folded(found, arcs, groups)
    upright = _Row(options, found, arcs, groups, turned=False).figure()
    if upright.rect.width() > options.width * shapes.MILLIMETRE:
        return _Row(options, found, arcs, groups, turned=True).figure()
    return upright


def volumes(whole: Net, options: Options) -> tuple[list[Volume], list[tuple[int, int]]]:
    """The volumes along the main line, and between which of them links skip others."""
    found: list[Volume] = []
    place: dict[str, int] = {}
    line = main_line(whole)
    for name in line:
        step = whole.parts[name]
        assert isinstance(step, Step)
        volume = _volume(step, options)
        if volume is not None and (not found or _is_new(volume, found[-1])):
            found.append(volume)
        if found:
            place[name] = len(found) - 1
    ends = {(place[a], place[b]) for a, b in detours(whole, line) if a in place and b in place}
    return found, sorted((a, b) for a, b in ends if b - a > 1)


def _is_new(volume: Volume, before: Volume) -> bool:
    type = volume.step.node.type
    return type != OUTPUT and (volume.sizes != before.sizes or captions.is_weighty(volume.step.node) or type == BLOCK or "Attention" in type)


def _volume(step: Step, options: Options) -> Volume | None:
    inner = captions.sizes_of(step.report)
    if not inner or any(size is None for size in inner):
        return None
    sizes = tuple(int(size or 1) for size in inner)
    flat = len(sizes) == 1
    three = (sizes[0], 1, 1) if flat else (sizes[0], 1, sizes[1]) if len(sizes) == 2 else (sizes[0], sizes[1], sizes[-1])
    caption = captions.caption(step.node, step.name, (), options.names, options.arguments)
    if step.count > 1:
        caption += f" ×{step.count}"
    return Volume(step, three, flat, caption, captions.size(step.report) if options.sizes else "")


def _folded(
    found: list[Volume], arcs: list[tuple[int, int]], groups: list[tuple[int, int, int]]
) -> tuple[list[Volume], list[tuple[int, int]], list[tuple[int, int, int]]]:
    """The volumes, arcs and groups without the copies of what repeats."""
    now: dict[int, int] = {}
    first: set[int] = set()
    kept: list[Volume] = []
    shown: list[tuple[int, int, int]] = []
    for start, period, count in groups:
        shown.append((len(kept), period, count))
        for index in range(start, start + period * count):
            now[index] = len(kept) + (index - start) % period
        first |= set(range(start, start + period))
        kept += [_one_of(count, volume) for volume in found[start : start + period]]
    moved = {(now[a], now[b]) for a, b in arcs if b in first}
    return kept, sorted((a, b) for a, b in moved if b - a > 1), shown


def _one_of(count: int, volume: Volume) -> Volume:
    """A volume that is drawn for so many: of several blocks the number of the first says nothing."""
    if count == 1 or volume.step.node.type != BLOCK or volume.step.count > 1:
        return volume
    return replace(volume, caption=captions.unnumbered(volume.caption))


class _Row:
    """One drawing under way."""

    def __init__(self, options: Options, found: list[Volume], arcs: list[tuple[int, int]], groups: list[tuple[int, int, int]], turned: bool) -> None:
        self.options, self.arcs, self.groups, self.turned = options, arcs, groups, turned
        self.ink: Ink = ink(options)
        self.high = max(volume.sizes[0] for volume in found if not volume.flat) if any(not volume.flat for volume in found) else 1
        self.thick = max((volume.sizes[2] for volume in found), default=1)
        self.long = max((volume.sizes[0] for volume in found if volume.flat), default=1)
        self.solids = self._place(found)

    def figure(self) -> Figure:
        """All of it."""
        marks: list[Shape | Words] = []
        for before, after in pairwise(self.solids):
            marks += self._between(before, after)
        for solid in reversed(self.solids):
            marks += self._solid(solid)
        for before, after in pairwise(self.solids):
            marks += self._window(before, after)
        marks += self._arcs()
        low = max(solid.height for solid in self.solids) / 2 + 0.8 * self.ink.size
        deepest = low
        for solid in self.solids:
            words = self._words(solid, low)
            marks += words
            deepest = max([deepest, *(mark.rect.bottom() for mark in words)])
        marks += self._braces(deepest + 0.5 * self.ink.size)
        return shapes.figure(marks)

    def _place(self, found: list[Volume]) -> list[Solid]:
        solids, x = [], 0.0
        for volume in found:
            solid = self._sized(volume)
            wide = solid.end
            lines = [shapes.extent(text, self.ink.small) for text in (volume.caption, volume.label) if text]
            words = sum(height for _, height in lines) if self.turned else max((width for width, _ in lines), default=0.0)
            slot = max(wide + APART, words + 0.6 * self.ink.size)
            solids.append(replace(solid, x=x + (slot - wide) / 2))
            x += slot
        return solids

    def _sized(self, volume: Volume) -> Solid:
        height, width, channels = volume.sizes
        if volume.flat:
            return Solid(volume, 0.0, max(4 * LEAST, 0.9 * HIGHEST * (height / self.long) ** 0.4), LEAST, LEAST)
        tall = max(1.5 * LEAST, HIGHEST * (height / self.high) ** 0.5)
        deep = SLANT * HIGHEST * (width / self.high) ** 0.5 if width > 1 else LEAST / 2
        return Solid(volume, 0.0, tall, max(LEAST, THICKEST * (channels / self.thick) ** 0.5), max(LEAST / 2, deep))

    def _solid(self, solid: Solid) -> list[Shape]:
        category, stroke = solid.volume.category, self.ink.stroke(solid.volume.category)
        left, right, half, deep = solid.x, solid.right, solid.height / 2, solid.depth
        front = [(left, -half), (right, -half), (right, half), (left, half)]
        top = [(left, -half), (left + deep, -half - deep), (right + deep, -half - deep), (right, -half)]
        side = [(right, -half), (right + deep, -half - deep), (right + deep, half - deep), (right, half)]
        return [
            shapes.polygon(top, self.ink.fill(category, 0.9), stroke),
            shapes.polygon(front, self.ink.fill(category, 0.78), stroke),
            shapes.polygon(side, self.ink.fill(category, 0.62), stroke),
        ]

    def _between(self, before: Solid, after: Solid) -> list[Shape]:
        """How one leads to the next: a fan between fully connected ones, else an arrow."""
        start, end = before.right + before.depth / 2, after.x
        if before.volume.flat and after.volume.flat:
            return [shapes.line([(start, side * before.height / 2), (end, side * after.height / 2)], MUTED) for side in (-1, 1)]
        if _kernel(after.volume) and not after.volume.flat and not before.volume.flat:
            return []
        return shapes.arrow([(before.end, -before.depth / 2), (end, -before.depth / 2)], BLACK) if end - before.end > 5 * POINT else []

    def _window(self, before: Solid, after: Solid) -> list[Shape]:
        """The window of a convolution or a pooling on the map before, and the rays to the point that it makes."""
        kernel = _kernel(after.volume)
        if not kernel or after.volume.flat or before.volume.flat:
            return []
        tall = max(1.6 * POINT, before.height * min(1.0, (kernel / before.volume.sizes[0])) ** 0.7)
        deep = max(0.8 * POINT, before.depth * min(1.0, (kernel / max(kernel, before.volume.sizes[1])) ** 0.7))
        x, y = before.right + (before.depth - deep) / 2, -before.depth / 2 + deep / 2
        corners = [(x, y - tall / 2), (x + deep, y - tall / 2 - deep), (x + deep, y + tall / 2 - deep), (x, y + tall / 2)]
        point = (after.x, -min(after.height, before.depth) / 4)
        stroke = self.ink.stroke(after.volume.category)
        rays = [shapes.line([corner, point], stroke, 0.35 * POINT) for corner in corners[1:3]]
        return [*rays, shapes.polygon(corners, self.ink.fill(after.volume.category, 0.4), stroke, 0.35 * POINT)]

    def _words(self, solid: Solid, low: float) -> list[Words]:
        lines = [(text, colour) for text, colour in ((solid.volume.caption, BLACK), (solid.volume.label, MUTED)) if text]
        middle, height = (solid.x + solid.end) / 2, self.ink.size * SMALLER * 1.2
        found = []
        for index, (text, colour) in enumerate(lines):
            if self.turned:
                found.append(Words(text, middle + (index - (len(lines) - 1) / 2) * height, low, self.ink.small, colour, "right", -90.0))
            else:
                found.append(Words(text, middle, low + (index + 0.5) * height, self.ink.small, colour))
        return found

    def _braces(self, y: float) -> list[Shape | Words]:
        """Under what repeats: from where to where, and how often."""
        found: list[Shape | Words] = []
        for start, period, count in self.groups:
            if count > 1:
                left, right, up = self.solids[start].x - 2 * POINT, self.solids[start + period - 1].end + 2 * POINT, 2.5 * POINT
                found.append(shapes.line([(left, y - up), (left, y), (right, y), (right, y - up)], BLACK, 0.6 * POINT))
                found.append(Words(f"×{count}", (left + right) / 2, y + 0.8 * self.ink.size, self.ink.title, BLACK))
        return found

    def _arcs(self) -> list[Shape]:
        """The skipping links, above all that they skip; those that cover the same ground above each other."""
        level: dict[tuple[int, int], int] = {}
        for a, b in sorted(self.arcs, key=lambda arc: arc[1] - arc[0]):
            under = [level[arc] for arc in level if arc[0] < b and a < arc[1]]
            level[a, b] = 1 + max(under, default=0)
        found: list[Shape] = []
        for (a, b), height in level.items():
            start, end = self.solids[a].top, self.solids[b].top
            ceiling = min(-solid.height / 2 - solid.depth for solid in self.solids[a : b + 1])
            y = ceiling - LANE * height
            up, down = start[0] + 1.2 * POINT, end[0] - 1.2 * POINT
            found += shapes.arrow([(up, start[1]), (up, y), (down, y), (down, end[1])], BLACK, 0.6 * POINT, 4 * POINT)
        return found


def _kernel(volume: Volume) -> int:
    """The height of the window with which the volume was made, or 0 where none looks at the map before."""
    arguments = volume.step.node.arguments
    if "Transpose" in volume.step.node.type:
        return 0
    value = arguments.get("kernel_size", arguments.get("pool_size", 2 if volume.step.node.type.startswith(("MaxPooling", "AveragePooling")) else 0))
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, int) else 0
