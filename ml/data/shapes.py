"""Shapes: small coloured pictures of one figure each, drawn by formulas, with any size, place, turn and colour."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="shapes",
    title="Shapes",
    family="Pictures",
    task="classification",
    kind="image",
    help="A circle, a star, a cross and five others in colour. Size, place, turn and colours are drawn anew for each; only the form tells them apart.",
    origin="Drawn by this program; nothing is loaded.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 3000, minimum=80, maximum=50_000, help="How many pictures, the same number of each shape."),
        Parameter("size", "int", 32, minimum=16, maximum=512, help="Pixels across and down."),
        Parameter("style", "choice", "filled", choices=("filled", "outline", "striped"), help="filled: one colour; outline: a line; striped: two colours."),
        Parameter("noise", "float", 0.05, minimum=0, maximum=1, help="Deviation of the Gaussian noise on each value; colours go from 0 to 1."),
        Parameter("seed", "int", 0, minimum=0, help="Which pictures are drawn."),
    ),
)
SIZES = 0.28, 0.45
"""Least and greatest radius, as a part of the picture's side."""
LINE, STRIPE = 0.14, 0.5
"""How wide a line is and how far apart stripes are, in radii."""
CONTRAST = 0.35
"""The least distance between the colours of shape and ground, of which each goes from 0 to 1 in three channels."""
AT_ONCE = 500

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


def spec(samples: int, size: int, style: str, noise: float, seed: int) -> Spec:
    return Spec((size, size, 3), classes=tuple(SHAPES))


def load(samples: int, size: int, style: str, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (samples, size, size, 3) from 0 to 1, and which shape each shows."""
    random = np.random.default_rng(seed)
    y = random.permutation(np.arange(samples) % len(SHAPES)).astype("int32")
    return np.concatenate([_pictures(random, y[at : at + AT_ONCE], size, style, noise) for at in range(0, samples, AT_ONCE)]), y


def _pictures(random: np.random.Generator, labels: np.ndarray, size: int, style: str, noise: float) -> np.ndarray:
    """(labels, size, size, 3) of float32."""
    n = len(labels)
    radius = random.uniform(*SIZES, (n, 1, 1)) * size
    centre = radius + random.random((2, n, 1, 1)) * (size - 2 * radius)
    turn = random.uniform(0, 2 * np.pi, (n, 1, 1))
    down, across = np.mgrid[:size, :size] + 0.5
    x, y = (across - centre[0]) / radius, (down - centre[1]) / radius
    distance, angle = np.hypot(x, y), np.arctan2(y, x) + turn
    depth = np.empty((n, size, size))
    for label, shape in enumerate(SHAPES.values()):
        depth[labels == label] = shape(distance[labels == label], angle[labels == label])
    if style == "outline":
        depth = np.minimum(depth, LINE - depth)
    cover = np.clip(depth * radius + 0.5, 0, 1)[..., np.newaxis]
    ground, colour, second = _colours(random, n)
    if style == "striped":
        wave = np.sin(2 * np.pi * distance * np.cos(angle) / STRIPE)[..., np.newaxis]
        colour = np.where(wave > 0, colour, second)
    pictures = ground + cover * (colour - ground) + random.normal(0, noise, (n, size, size, 3))
    return np.clip(pictures, 0, 1).astype("float32")


def _colours(random: np.random.Generator, n: int) -> np.ndarray:
    """Of ground, shape and stripes, (3, n, 1, 1, 3), the latter two far enough from the ground."""
    colours = random.random((3, n, 1, 1, 3))
    for other in (1, 2):
        while (near := np.linalg.norm(colours[other] - colours[0], axis=-1)[:, 0, 0] < CONTRAST).any():
            colours[other][near] = random.random((near.sum(), 1, 1, 3))
    return colours
