"""Boards as pictures."""

from __future__ import annotations

import numpy as np

from ml.boards import BEST, CELL, GROUND, drawn
from ml.data import board

EMPTY = board.planes(0, 0)


def test_a_likely_move_is_bluer_than_an_unlikely_one() -> None:
    chances = np.linspace(0, 1, 9)[np.newaxis]
    red = drawn(EMPTY[np.newaxis], chances)[0, CELL // 2 :: CELL, CELL // 2 :: CELL, 0].reshape(-1).astype(int)
    assert (np.diff(red) < 0).all() and red[0] == GROUND[0]


def test_the_best_moves_have_dots() -> None:
    best = np.zeros((1, 9))
    best[0, 4] = 1
    pixels = drawn(EMPTY[np.newaxis], best=best)[0]
    assert pixels[CELL + CELL // 2, CELL + CELL // 2].tolist() == BEST.tolist()
    assert pixels[CELL // 2, CELL // 2].tolist() == GROUND.tolist()


def test_who_began_has_crosses_whoever_is_to_move() -> None:
    nought_to_move = drawn(board.planes(0, 1)[np.newaxis])
    cross_to_move = drawn(board.planes(1, 2)[np.newaxis])
    assert np.array_equal(nought_to_move[0, :CELL, :CELL], cross_to_move[0, :CELL, :CELL])
    assert nought_to_move[0, CELL // 2, CELL // 2].max() < 100  # a cross goes through the middle, a nought does not
