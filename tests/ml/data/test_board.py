"""The board: its positions are those that can come up, and its moves are best."""

from __future__ import annotations

import numpy as np

from ml import data
from ml.data import board
from ml.project.project import Data

XX_ = board.planes(0b000_000_011, 0b000_011_000)
"""Two crosses in the first row, two noughts in the second, crosses to move."""


def test_there_are_as_many_positions_as_the_game_has() -> None:
    x = data.load(Data("board")).x
    assert x.shape == (4520, 3, 3, 3)  # 5,478 that can come up, less the 958 at the end of a game
    assert len(np.unique(x.reshape(len(x), -1), axis=0)) == len(x)
    assert np.array_equal(x.sum(axis=-1), np.ones((4520, 3, 3)))
    own, other = x[..., 0].sum(axis=(1, 2)), x[..., 1].sum(axis=(1, 2))
    assert set((other - own).tolist()) == {0.0, 1.0}


def test_the_game_is_a_draw_where_both_play_their_best() -> None:
    assert board.value(0, 0) == 0 and board.best_moves(0, 0) == list(range(9))


def test_a_win_is_taken_before_a_threat_is_met() -> None:
    assert board.best_moves(*board.position(XX_)) == [2]


def test_a_threat_is_met() -> None:
    own, other = board.position(XX_)
    assert board.best_moves(own & 0b1, other) == [5]


def test_a_corner_is_answered_in_the_middle() -> None:
    assert board.best_moves(0, 0b1) == [4]


def test_every_label_is_one_of_the_best_moves() -> None:
    dataset = data.load(Data("board"))
    assert all(move in board.best_moves(*board.position(x)) for x, move in zip(dataset.x, dataset.y, strict=True))


def test_the_seed_chooses_between_moves_that_are_as_good() -> None:
    one, again, other = (data.load(Data("board", {"seed": seed})).y for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
