"""Boards of noughts and crosses as pictures: the stones, how likely each move is, and which moves are best."""

from __future__ import annotations

import numpy as np

CELL = 16
"""Pixels of a cell."""
GROUND, LINE, STONE = (np.array(colour, "float32") for colour in ((250, 250, 252), (190, 195, 205), (40, 44, 56)))
MOVE, BEST = (np.array(colour, "float32") for colour in ((58, 125, 235), (240, 150, 30)))


def drawn(boards: np.ndarray, chances: np.ndarray | None = None, best: np.ndarray | None = None) -> np.ndarray:
    """Boards (n, rows, columns, 3) with the planes own, other's and empty, as pixels (n, rows * CELL + 1, columns * CELL + 1, 3) of uint8.

    `chances` (n, rows * columns), 0 to 1, is how blue a cell is; `best` (n, rows * columns) is 1 in cells that get an orange dot. Crosses begin,
    so that who is to move has crosses where there are as many of both.
    """
    n, rows, columns, _ = boards.shape
    blue = np.zeros((n, rows, columns)) if chances is None else chances.reshape(n, rows, columns)
    dots = np.zeros((n, rows, columns)) if best is None else best.reshape(n, rows, columns)
    own, other = boards[..., 0], boards[..., 1]
    begins = (own.sum(axis=(1, 2)) == other.sum(axis=(1, 2)))[:, np.newaxis, np.newaxis]
    pixels = np.broadcast_to(GROUND, (n, rows * CELL, columns * CELL, 3))
    cross, nought, dot, full = _stamps()
    for cells, stamp, colour in (
        (blue, full, MOVE),
        (np.where(begins, own, other), cross, STONE),
        (np.where(begins, other, own), nought, STONE),
        (dots, dot, BEST),
    ):
        cover = np.kron(cells, np.ones((1, CELL, CELL))) * np.tile(stamp, (rows, columns))
        pixels = pixels + cover[..., np.newaxis] * (colour - pixels)
    framed = np.pad(pixels, ((0, 0), (0, 1), (0, 1), (0, 0)))
    framed[:, ::CELL] = framed[:, :, ::CELL] = LINE
    return np.rint(framed).astype("uint8")


def _stamps() -> tuple[np.ndarray, ...]:
    """How much of each pixel of a cell a cross covers, a nought, a dot, and all of it: (CELL, CELL) each."""
    down, across = np.mgrid[:CELL, :CELL] + 0.5 - CELL / 2
    thick, reach = CELL / 16, CELL * 0.32
    radius = np.hypot(down, across)
    diagonals = np.minimum(np.abs(down - across), np.abs(down + across)) / np.sqrt(2)
    inside = np.clip(reach + 0.5 - np.maximum(np.abs(down), np.abs(across)), 0, 1)
    cross = np.clip(thick + 0.5 - diagonals, 0, 1) * inside
    nought = np.clip(thick + 0.5 - np.abs(radius - reach), 0, 1)
    return cross, nought, np.clip(CELL / 8 + 0.5 - radius, 0, 1), np.ones((CELL, CELL))
