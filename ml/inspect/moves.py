"""What a network would play: the probability of every move, drawn on the board."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from ml.boards import drawn
from ml.build import Built
from ml.data import board
from ml.data.dataset import Dataset
from ml.events import Array, Picture
from ml.project.project import Project

SAMPLES = 40


class MovesLens:
    """Shows positions of the validation data with what the model would play; of data that are no boards there is nothing to see."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        self._boards = dataset.x[dataset.parts[dataset.watched][:SAMPLES]]
        self._makes_sense = dataset.kind == "board" and project.recipe.id == "supervised" and not project.recipe.arguments.get("from_logits")
        if self._makes_sense:
            model = built["model"].model
            self._play = tf.function(lambda x: model(x, training=False), autograph=False)
            self._best = np.zeros((len(self._boards), board.CELLS))
            for row, x in zip(self._best, self._boards, strict=True):
                row[board.best_moves(*board.position(x))] = 1

    def read(self, step: int) -> Picture | None:
        """A board for each position: the bluer a cell, the likelier the move, and a dot where one is best."""
        if not self._makes_sense:
            return None
        chances = self._play(tf.constant(self._boards)).numpy()
        return Picture("moves", step, Array.of(drawn(self._boards, chances[:, : board.CELLS], self._best)))
