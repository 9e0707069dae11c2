"""What a node begins with where its type asks for a value."""

from __future__ import annotations

from typing import Any

STARTING: dict[str, Any] = {
    "units": 64,
    "filters": 32,
    "kernel_size": 3,
    "pool_size": 2,
    "size": 2,
    "rate": 0.3,
    "stddev": 0.1,
    "activation": "relu",
    "num_heads": 4,
    "num_query_heads": 4,
    "num_key_value_heads": 2,
    "key_dim": 16,
    "head_dim": 16,
    "input_dim": 256,
    "output_dim": 64,
    "output_size": 1,
    "n": 4,
    "target_shape": [-1],
    "dims": [2, 1],
    "axes": -1,
    "scale": 1.0,
    "shape": [28, 28, 1],
    "layer": {"module": "keras.layers", "class_name": "LSTM", "config": {"units": 32}},
}
"""By parameter: something that works, to be changed."""
