"""Gradients layer by layer: how much each layer of the models is told to change, by a few samples that are always the same.

X. Glorot, Y. Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010, figures 7 and 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod, sqrt

import keras
import numpy as np
import tensorflow as tf
from msgspec.structs import replace

from ml.build import Built
from ml.events import Gradients, LayerGradient, Log
from ml.inspect.nodes import computed
from ml.training.optimizers import Optimizers

SAMPLES, FEWEST = 32, 4
"""Samples that the gradients are of; where models and samples are large there are fewer."""
ROOM = 3_000_000_000
"""Weights times the places in a sample that use them times samples."""
TRACED = 40
"""Models of up to so many layers are compiled; larger ones would keep the first step waiting, and before it they are not looked at."""
LAYERS = 400
"""Of more layers so many are shown, at equal distances."""


class GradientLens:
    """Makes a training step of the recipe's own, up to where the optimizers would change the weights. It sees nothing before `follow`."""

    def __init__(self, built: dict[str, Built]) -> None:
        self._layers: list[tuple[LayerGradient, set[int]]] = []
        for role, each in built.items():
            for path, node in computed(each.graph):
                variables = each.layers[path].trainable_variables if path in each.layers and not node.shares else []
                if variables:
                    count = sum(prod(variable.shape) for variable in variables)
                    self._layers.append((LayerGradient(role, path, node.type, 0.0, count), {id(variable) for variable in variables}))
        self._is_large = sum(len(each.layers) for each in built.values()) > TRACED
        self._trainer: keras.Model | None = None

    def follow(self, trainer: keras.Model, optimizers: Optimizers, arrays: tuple[np.ndarray, ...], live: Sequence[str] = ()) -> None:
        """Look at what this trainer learns from the first samples of `arrays`, (samples, …) each. `live` are its attributes that a person may change."""
        weights = sum(layer.count for layer, _ in self._layers)
        count = int(np.clip(ROOM / max(1.0, weights * _places(arrays[0])), FEWEST, SAMPLES))
        self._batch = tuple(tf.constant(array[:count]) for array in arrays)
        self._trainer, self._optimizers, self._live = trainer, optimizers, live
        self._traced_with: list[object] | None = None

    def read(self, step: int) -> Gradients | Log | None:
        """The gradients as they are now, or None where nothing descends. What a trainer can't be asked is said once, and not asked again."""
        trainer = self._trainer
        if trainer is None or not self._optimizers.made or (self._is_large and not step):
            return None
        variables = [*trainer.non_trainable_variables, *trainer.metrics_variables]
        before = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]
        try:
            squares = self._squares(trainer)
        except (ValueError, TypeError, RuntimeError, tf.errors.OpError) as error:
            self._trainer = None
            return Log(f"The gradients can't be looked at while this model trains: {error}", "warning")
        finally:
            for variable, value in zip(variables, before, strict=True):
                variable.assign(value)
        found = [replace(layer, norm=sqrt(sum(squares[each] for each in own & squares.keys()))) for layer, own in self._layers if own & squares.keys()]
        chosen = np.linspace(0, len(found) - 1, min(len(found), LAYERS)).round().astype(int)
        return Gradients(step, tuple(found[index] for index in chosen), len(self._batch[0])) if found else None

    def _squares(self, trainer: keras.Model) -> dict[int, float]:
        """The squared norms of the gradients, by the id of their variable."""
        state = [getattr(trainer, name) for name in self._live]
        if state != self._traced_with:
            self._traced_with = state
            self._step = self._stepped if self._is_large else tf.function(self._stepped, autograph=False)
        squares = self._step().numpy().tolist()
        return dict(zip(self._asked, squares, strict=True))

    def _stepped(self) -> tf.Tensor:
        """A step that changes no weights: the squared norm of each variable's gradient, and in `_asked` the ids of those variables."""
        assert self._trainer is not None, "there is a trainer to follow"
        with self._optimizers.held() as pairs:
            self._trainer.train_step(self._batch)
        self._asked = [id(variable) for _, variable in pairs]
        return tf.stack([tf.reduce_sum(tf.square(tf.cast(tf.convert_to_tensor(gradient), tf.float32))) for gradient, _ in pairs])


def _places(samples: np.ndarray) -> float:
    """At how many places of a sample a weight is used, about: of pictures (n, h, w, c) and series (n, time, …); strides leave a sixteenth of a picture."""
    return prod(samples.shape[1:3]) / 16 if samples.ndim > 3 else samples.shape[1] if samples.ndim == 3 or samples.dtype.kind == "i" else 1
