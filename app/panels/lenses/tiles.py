"""Many attention maps as one picture: where each map lies in it, and what lies under a point. Pure functions of arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

LEVELS = 254
"""Shades of a weight: 1 is none, 255 is full; 0 is the gap between two maps."""


class Spot(Struct, frozen=True):
    """One weight: of which map, from which query to which key."""

    layer: int
    head: int
    query: int
    key: int


class Tiles(Struct, frozen=True):
    """Maps of (height, width) at most, laid out in rows and columns with gaps between."""

    pixels: np.ndarray
    """(rows, columns) of uint8, see `LEVELS`."""
    heads: tuple[int, ...]
    """How many heads each layer has."""
    cell: tuple[int, int]
    gap: int
    layers_across: bool
    """True where a column is a layer, False where a column is a head."""

    def origin(self, layer: int, head: int) -> tuple[int, int]:
        """The top left (row, column) of a map."""
        row, column = (head, layer) if self.layers_across else (layer, head)
        return row * (self.cell[0] + self.gap), column * (self.cell[1] + self.gap)

    def find(self, x: float, y: float) -> Spot | None:
        """What lies at a point of the picture; `query` and `key` are the row and column within the map."""
        (height, width), gap = self.cell, self.gap
        row, query = divmod(int(y // 1), height + gap)
        column, key = divmod(int(x // 1), width + gap)
        layer, head = (column, row) if self.layers_across else (row, column)
        if x < 0 or y < 0 or query >= height or key >= width or layer >= len(self.heads) or head >= self.heads[layer]:
            return None
        return Spot(layer, head, query, key)


def shades(scores: np.ndarray, full: float) -> np.ndarray:
    """Weights (…) as shades, the square root of their part of `full`, so that small ones are seen too; what is no number is no weight."""
    return (1 + LEVELS * np.sqrt(np.clip(np.nan_to_num(scores) / full, 0, 1))).astype(np.uint8)


def tiled(maps: Sequence[np.ndarray], full: float) -> Tiles:
    """Lay out every head of every layer, each layer (heads, height, width); the longer of the two goes across."""
    heads = tuple(len(layer) for layer in maps)
    height = max(layer.shape[1] for layer in maps)
    width = max(layer.shape[2] for layer in maps)
    gap = max(1, height // 16)
    across = len(maps) > max(heads)
    rows, columns = (max(heads), len(maps)) if across else (len(maps), max(heads))
    pixels = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap), np.uint8)
    tiles = Tiles(pixels, heads, (height, width), gap, across)
    for layer, scores in enumerate(maps):
        for head, shade in enumerate(shades(scores, full)):
            top, left = tiles.origin(layer, head)
            pixels[top : top + shade.shape[0], left : left + shade.shape[1]] = shade
    return tiles


def gaze(scores: np.ndarray, query: int, grid: tuple[int, int]) -> np.ndarray:
    """What one query looks at, as a map over the patches of a picture: (heads, queries, keys) to (heads, down, across)."""
    patches = scores[:, query, -grid[0] * grid[1] :]
    return patches.reshape(len(scores), *grid)


def covers(scores: np.ndarray, grid: tuple[int, int] | None) -> bool:
    """Whether the weights are over the patches of a grid, with or without a class token before them."""
    return grid is not None and all(size - grid[0] * grid[1] in (0, 1) for size in scores.shape[1:])
