"""The best weights that a run has seen so far."""

from __future__ import annotations

import math

import keras

from ml.training.loop import Logs


class Best:
    """The weights of the epoch with the lowest validation loss."""

    def __init__(self, models: dict[str, keras.Model]) -> None:
        self._models = models
        self._weights: dict[str, list] = {}
        self._loss = math.inf
        self.epoch: int | None = None
        self.metrics: Logs = {}

    def offer(self, epoch: int, metrics: Logs) -> None:
        """Keep the weights as they are now where this epoch is the best so far."""
        loss = metrics.get("val_loss", math.inf)
        if loss < self._loss:
            self._loss, self.epoch, self.metrics = loss, epoch, metrics
            self._weights = {role: model.get_weights() for role, model in self._models.items()}

    def restore(self) -> int | None:
        """Give the models the best weights; the epoch that they are of."""
        for role, weights in self._weights.items():
            self._models[role].set_weights(weights)
        return self.epoch

    @property
    def weights(self) -> dict[str, list]:
        """The best weights so far, by role in the order of `get_weights`; nothing before the first epoch's end."""
        return self._weights

    def take(self, epoch: int, metrics: Logs, weights: dict[str, list]) -> None:
        """Go on from what another part of the run found to be the best."""
        self._loss, self.epoch, self.metrics, self._weights = metrics.get("val_loss", math.inf), epoch, metrics, weights
