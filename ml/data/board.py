"""Board: every position of noughts and crosses that can come up, with a best move, found by looking to the end of every game."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="board",
    title="Board",
    family="Games",
    task="classification",
    kind="board",
    help="All 4,520 positions of noughts and crosses that are still to be played on, each with a best move. Nothing is guessed: every game is looked at.",
    origin="Worked out by this program: minimax over the whole game.",
    licence="Made by a formula",
    parameters=(Parameter("seed", "int", 0, minimum=0, help="Which one is taken where several moves are equally good."),),
)
SIDE = 3
CELLS = SIDE * SIDE
LINES = tuple(
    sum(1 << cell for cell in line)
    for line in (
        *(range(row * SIDE, row * SIDE + SIDE) for row in range(SIDE)),
        *(range(column, CELLS, SIDE) for column in range(SIDE)),
        range(0, CELLS, SIDE + 1),
        range(SIDE - 1, CELLS - 1, SIDE - 1),
    )
)
"""Three cells in a row, a bit for each."""
FULL = (1 << CELLS) - 1
PLANES = ("own", "other's", "empty")


def spec(seed: int) -> Spec:
    return Spec((SIDE, SIDE, len(PLANES)), classes=tuple(f"{'abc'[cell % SIDE]}{SIDE - cell // SIDE}" for cell in range(CELLS)))


def load(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions (4520, 3, 3, 3), each cell 1 in one of `PLANES`, and the cell (0 to 8, by rows from the top left) of a best move for who is to move."""
    random = np.random.default_rng(seed)
    positions = list(_reached(0, 0))
    moves = [best_moves(own, other) for own, other in positions]
    y = [moves[int(random.integers(len(moves)))] for moves in moves]
    return np.stack([planes(own, other) for own, other in positions]), np.array(y, "int32")


def planes(own: int, other: int) -> np.ndarray:
    """A position as (3, 3, 3) of float32."""
    cells = np.arange(CELLS)
    mine, theirs = own >> cells & 1, other >> cells & 1
    return np.stack([mine, theirs, 1 - mine - theirs], axis=-1).reshape(SIDE, SIDE, len(PLANES)).astype("float32")


def position(x: np.ndarray) -> tuple[int, int]:
    """A position (3, 3, 3) as the bits of who is to move and of the other one."""
    bits = 1 << np.arange(CELLS)
    return int(x[..., 0].reshape(-1).astype(int) @ bits), int(x[..., 1].reshape(-1).astype(int) @ bits)


def best_moves(own: int, other: int) -> list[int]:
    """The cells after which the game ends best for who is to move, a win as early and a defeat as late as can be."""
    values = {cell: -value(other, own | 1 << cell) for cell in _free(own, other)}
    return [cell for cell, worth in values.items() if worth == max(values.values())]


@cache
def value(own: int, other: int) -> int:
    """What a position is worth to who is to move if both play their best: 0 is a draw, and a game won or lost counts one more for each cell left empty."""
    if any(other & line == line for line in LINES):
        return -1 - (FULL & ~(own | other)).bit_count()
    return max((-value(other, own | 1 << cell) for cell in _free(own, other)), default=0)


def _free(own: int, other: int) -> list[int]:
    return [cell for cell in range(CELLS) if not (own | other) >> cell & 1]


def _reached(own: int, other: int) -> Iterator[tuple[int, int]]:
    """Every position from here on in which the game goes on, once, as (of who is to move, of the other)."""
    waiting, seen = [(own, other)], {(own, other)}
    while waiting:
        own, other = waiting.pop()
        yield own, other
        for cell in _free(own, other):
            after = other, own | 1 << cell
            if after not in seen and not any(after[1] & line == line for line in LINES) and after[0] | after[1] != FULL:
                seen.add(after)
                waiting.append(after)
