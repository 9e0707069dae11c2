"""Shapes: small coloured pictures of figures drawn by formulas, with any size, place, turn and colour, and what there is to say of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ml.data.dataset import DataProblem, Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="shapes",
    title="Shapes",
    family="Pictures",
    task="classification",
    kind="image",
    help="A circle, a star, a cross and five others in colour. Size, place, turn and colours are drawn anew for each; only the form tells them apart. "
    "What is learned may also be a box around it, the name of every pixel, or the picture without its noise.",
    origin="Drawn by this program; nothing is loaded.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 3000, minimum=80, maximum=50_000, help="How many pictures, the same number of each shape."),
        Parameter("size", "int", 32, minimum=16, maximum=1024, help="Pixels across and down."),
        Parameter("style", "choice", "filled", choices=("filled", "outline", "striped"), help="filled: one colour; outline: a line; striped: two colours."),
        Parameter("noise", "float", 0.05, minimum=0, maximum=1, help="Deviation of the Gaussian noise on each value; colours go from 0 to 1."),
        Parameter("seed", "int", 0, minimum=0, help="Which pictures are drawn."),
        Parameter(
            "target",
            "choice",
            "class",
            choices=("class", "mask", "box", "clean"),
            help="What is learned. class: which shape it is; mask: the same of every pixel; box: which and where it is; clean: the picture without noise.",
        ),
        Parameter("figures", "int", 1, minimum=1, maximum=8, help="At most so many shapes in a picture, smaller, one over the other; for mask and clean."),
    ),
)
SIZES = 0.28, 0.45
"""Least and greatest radius, as a part of the picture's side."""
LINE, STRIPE = 0.14, 0.5
"""How wide a line is and how far apart stripes are, in radii."""
CONTRAST = 0.35
"""The least distance between the colours of shape and ground, of which each goes from 0 to 1 in three channels."""
AT_ONCE = 500
"""So many pictures are drawn together, fewer where they are larger than `SMALL` pixels a side."""
SMALL = 32
GROUND = "ground"
"""The class of a pixel that belongs to no shape."""
TASKS = {"class": "classification", "mask": "segmentation", "box": "detection", "clean": "denoising"}

Polar = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _polygon(corners: int) -> Polar:
    half = np.pi / corners
    return lambda radius, angle: 1 - radius * np.cos(angle % (2 * half) - half) / np.cos(half)


def _star(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    turn, inner = np.abs((angle + np.pi / 5) % (2 * np.pi / 5) - np.pi / 5), 0.42
    edge = inner * np.sin(np.pi / 5) / (np.sin(turn) * (1 - inner * np.cos(np.pi / 5)) + inner * np.sin(np.pi / 5) * np.cos(turn))
    return edge - radius


def _cross(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    x, y = np.abs(radius * np.cos(angle)), np.abs(radius * np.sin(angle))
    return np.minimum(0.95 - np.maximum(x, y), 0.3 - np.minimum(x, y))


def _crescent(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    return np.minimum(1 - radius, np.hypot(x - 0.55, y) - 0.75)


SHAPES: dict[str, Polar] = {
    "circle": lambda radius, angle: 1 - radius,
    "triangle": _polygon(3),
    "square": _polygon(4),
    "hexagon": _polygon(6),
    "star": _star,
    "cross": _cross,
    "ring": lambda radius, angle: np.minimum(1 - radius, radius - 0.6),
    "crescent": _crescent,
}
"""By name how far a point (radius, angle) lies inside a shape of radius 1, below 0 outside; exact enough within a pixel of the edge."""


def spec(samples: int, size: int, style: str, noise: float, seed: int, target: str, figures: int) -> Spec:
    """Raises `DataProblem` where one name is asked for and there are several figures."""
    if figures > 1 and target in ("class", "box"):
        raise DataProblem(f"A picture of up to {figures} figures has no one {target}: make figures 1, or target mask or clean.")
    classes = {"mask": (GROUND, *SHAPES), "clean": ()}.get(target, tuple(SHAPES))
    return Spec((size, size, 3), classes=classes, task=TASKS[target])


def load(samples: int, size: int, style: str, noise: float, seed: int, target: str, figures: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples, size, size, 3) from 0 to 1, and what there is to say of them.

    For `class` that is which shape each shows, (samples,) of int32. For `mask` it is 1 + which shape a pixel belongs to, and 0 for the ground, (samples, size,
    size) of int32. For `box` it is which shape, the middle down and across, height and width in parts of the side, (samples, 5) of float32. For `clean` it
    is the pictures without noise.
    """
    random = np.random.default_rng(seed)
    y = random.permutation(np.arange(samples) % len(SHAPES)).astype("int32")
    together = min(AT_ONCE, max(1, AT_ONCE * SMALL**2 // size**2))
    drawn = [_scenes(random, y[at : at + together], size, style, noise, figures) for at in range(0, samples, together)]
    x, clean, mask = (np.concatenate(part) for part in zip(*drawn, strict=True))
    return x, {"class": lambda: y, "mask": lambda: mask, "box": lambda: _boxes(y, mask > 0), "clean": lambda: clean}[target]()


def _scenes(random: np.random.Generator, labels: np.ndarray, size: int, style: str, noise: float, figures: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pictures with noise and without, (labels, size, size, 3) of float32, and the mask. `labels` are the lowest figures; the others are drawn by lot."""
    n = len(labels)
    smaller = np.sqrt(figures)
    depth, cover, ground, colour = _figures(random, labels, size, style, smaller)
    clean = ground + cover * (colour - ground)
    mask = np.where(depth > 0, 1 + labels[:, np.newaxis, np.newaxis], 0)
    count = random.integers(1, figures + 1, (n, 1, 1)) if figures > 1 else np.ones((n, 1, 1), int)
    for number in range(1, figures):
        labels = random.integers(len(SHAPES), size=n)
        depth, cover, _, colour = _figures(random, labels, size, style, smaller, ground)
        is_there = number < count
        clean = clean + cover * is_there[..., np.newaxis] * (colour - clean)
        mask = np.where((depth > 0) & is_there, 1 + labels[:, np.newaxis, np.newaxis], mask)
    pictures = clean + random.normal(0, noise, (n, size, size, 3))
    return np.clip(pictures, 0, 1).astype("float32"), np.clip(clean, 0, 1).astype("float32"), mask.astype("int32")


def _figures(
    random: np.random.Generator, labels: np.ndarray, size: int, style: str, smaller: float, ground: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """One figure for each label: how deep each pixel lies inside (labels, size, size), how much of it is covered, and the colours of ground and figure."""
    n = len(labels)
    radius = random.uniform(*SIZES, (n, 1, 1)) * size / smaller
    centre = radius + random.random((2, n, 1, 1)) * (size - 2 * radius)
    turn = random.uniform(0, 2 * np.pi, (n, 1, 1))
    down, across = np.mgrid[:size, :size] + 0.5
    x, y = (across - centre[0]) / radius, (down - centre[1]) / radius
    distance, angle = np.hypot(x, y), np.arctan2(y, x) + turn
    depth = np.empty((n, size, size))
    for label, shape in enumerate(SHAPES.values()):
        depth[labels == label] = shape(distance[labels == label], angle[labels == label])
    edge = np.minimum(depth, LINE - depth) if style == "outline" else depth
    cover = np.clip(edge * radius + 0.5, 0, 1)[..., np.newaxis]
    under, colour, second = _colours(random, n, ground)
    if style == "striped":
        wave = np.sin(2 * np.pi * distance * np.cos(angle) / STRIPE)[..., np.newaxis]
        colour = np.where(wave > 0, colour, second)
    return depth, cover, under, colour


def _colours(random: np.random.Generator, n: int, ground: np.ndarray | None) -> np.ndarray:
    """Of ground, shape and stripes, (3, n, 1, 1, 3), the latter two far enough from the ground, which may be there already."""
    colours = random.random((3, n, 1, 1, 3))
    if ground is not None:
        colours[0] = ground
    for other in (1, 2):
        while (near := _apart(colours[other], colours[0]) < CONTRAST).any():
            colours[other][near] = random.random((near.sum(), 1, 1, 3))
    return colours


def _apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How far colours (n, 1, 1, 3) are from each other: (n,)."""
    return np.sqrt(((one - other) ** 2).sum(axis=(1, 2, 3)))


def _boxes(labels: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The label, then middle and extent of what is inside, down and across, in parts of the side: (labels, 5) of float32."""
    size = inside.shape[1]
    boxes = [labels]
    for rows in (np.asarray(inside.any(axis=2)), np.asarray(inside.any(axis=1))):
        first, last = rows.argmax(axis=1), size - rows[:, ::-1].argmax(axis=1)
        boxes += [(first + last) / 2 / size, (last - first) / size]
    label, down, height, across, width = boxes
    return np.stack([label, down, across, height, width], axis=1).astype("float32")
