"""Looks at a story, one after the other, as one map: what each hop of a memory network reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.events import Array, AttentionLayer

NAME = "hops"


def hops(layers: Sequence[AttentionLayer], there: np.ndarray) -> tuple[AttentionLayer, tuple[str, ...]] | None:
    """The weights of single looks (1, 1, sentences) below each other, (1, hops, sentences) of the sentences that are `there` (sentences,), and the names of
    the hops; None where no layer looks at the sentences once."""
    looks = {layer.name.rpartition("/")[0] or layer.name: layer.scores.numpy()[0] for layer in layers if layer.scores.shape == (1, 1, len(there))}
    if not looks:
        return None
    weights = np.concatenate(list(looks.values()))[np.newaxis][:, :, there]
    return AttentionLayer(NAME, Array.of(weights)), tuple(looks)
