"""Every layer of the table can be put into a functional model by what the table says of it, and Keras's own configuration fits it."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from ml.ops.table import NODE_TYPES, NodeType, bind
from ml.project.parameters import problem

LAYERS = [kind for kind in NODE_TYPES.values() if kind.path.startswith("keras.layers.")]
SHAPES: list[tuple[int, ...]] = [(8,), (6, 8), (16, 16, 3), (4, 8, 8, 3), (2, 8, 8, 8, 3), ()]
INNER = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 4}}
CELL = {"module": "keras.layers", "class_name": "LSTMCell", "config": {"units": 8}}
REQUIRED: dict[str, Any] = {
    "units": 8,
    "filters": 4,
    "kernel_size": 3,
    "pool_size": 2,
    "output_size": 2,
    "input_dim": 10,
    "output_dim": 4,
    "num_heads": 2,
    "key_dim": 4,
    "head_dim": 4,
    "num_query_heads": 2,
    "num_key_value_heads": 1,
    "rate": 0.5,
    "stddev": 0.1,
    "dims": [1],
    "n": 3,
    "target_shape": [-1],
    "axes": 1,
    "activation": "relu",
    "factor": 0.2,
    "height_factor": 0.2,
    "width_factor": 0.2,
    "height": 8,
    "width": 8,
    "scale": 0.5,
    "num_bins": 4,
    "cells": [{**CELL, "class_name": "GRUCell"}] * 2,
    "cell": CELL,
    "layers": [{"module": "keras.layers", "class_name": "Rescaling", "config": {"scale": 0.5, "offset": 0.0}}],
}
OTHERS: dict[str, dict[str, Any]] = {
    "Bidirectional": {"layer": {"module": "keras.layers", "class_name": "LSTM", "config": {"units": 4}}},
    "CategoryEncoding": {"num_tokens": 4},
    "Discretization": {"bin_boundaries": [0.0, 1.0]},
    "EinsumDense": {"equation": "ab,bc->ac", "output_shape": [4]},
    "IntegerLookup": {"vocabulary": [1, 2]},
    "GroupNormalization": {"groups": 2},
    "RandomPosterization": {"factor": 4},
    "STFTSpectrogram": {"frame_length": 4, "frame_step": 2},
    "SpectralNormalization": {"layer": INNER},
    "StringLookup": {"vocabulary": ["a", "b"]},
    "TextVectorization": {"vocabulary": ["a", "b"]},
    "TimeDistributed": {"layer": INNER},
}
TEXT = {"StringLookup", "TextVectorization", "Hashing", "HashedCrossing"}
STATES = {"LSTMCell": 2, "StackedRNNCells": 2, "GRUCell": 1, "SimpleRNNCell": 1}


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.id)
def test_a_layer_can_be_called_on_tensors(kind: NodeType) -> None:
    arguments = OTHERS.get(kind.id) or {p.name: REQUIRED[p.name] for p in kind.parameters if p.required}
    assert problem(kind.parameters, arguments) is None
    refusals = []
    for shape in SHAPES:
        layer = getattr(keras.layers, kind.id)(**arguments | {name: inner(arguments[name]) for name in kind.layers if name in arguments})
        positional, named = bind(kind, tensors(kind, shape), arguments)
        try:
            layer(*positional, **named)
        except (ValueError, TypeError, RuntimeError, AttributeError, IndexError, ZeroDivisionError) as error:
            refusals.append(f"{shape}: {error}")
            continue
        told = {name: value for name, value in keras.saving.serialize_keras_object(layer)["config"].items() if name in {p.name for p in kind.parameters}}
        assert problem(kind.parameters, told) is None
        return
    pytest.fail("\n".join(refusals))


def inner(value: Any) -> Any:
    return [keras.layers.deserialize(part) for part in value] if isinstance(value, list) else keras.layers.deserialize(value)


def tensors(kind: NodeType, shape: tuple[int, ...]) -> list[Any]:
    """A tensor for each port that needs one, two where there may be many, and the states of a cell."""
    if kind.id in STATES:
        return [keras.Input((8,)) for _ in range(1 + STATES[kind.id])]
    dtype = "string" if kind.id in TEXT else "int32" if kind.id in ("Embedding", "ReversibleEmbedding", "IntegerLookup") else "float32"
    ports = [port for port in kind.ports if not port.optional]
    return [keras.Input(shape, dtype=dtype) for port in ports for _ in range(2 if port.many else 1)]
