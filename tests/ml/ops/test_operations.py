"""Every operation of the table can be called on symbolic tensors by what the table says of it."""

from __future__ import annotations

import operator
from typing import Any

import keras
import pytest

from ml.ops.table import NODE_TYPES, NodeType, bind, is_operation
from ml.project.parameters import problem

OPERATIONS = [kind for kind in NODE_TYPES.values() if is_operation(kind)]
SHAPES: list[tuple[int, ...]] = [(4, 4), (4, 4, 4), (4, 8, 8, 3), (8,), (2, 4, 8, 8, 3)]
REQUIRED: dict[str, Any] = {
    "axis": 1,
    "shape": [2, 3],
    "newshape": [-1],
    "dtype": "int32",
    "indices_or_sections": 2,
    "repeats": 2,
    "pad_width": 1,
    "shift": 1,
    "source": 1,
    "destination": 2,
    "axis1": 1,
    "axis2": 2,
    "kth": 1,
    "x": 4,
    "x_min": 0.0,
    "x_max": 1.0,
    "key": "0",
    "subscripts": "ij,jk->ik",
    "pattern": "a b -> b a",
    "num_classes": 4,
    "k": 2,
    "pool_size": 2,
    "output_size": [2, 2],
    "block_size": 2,
    "axes": [0],
    "threshold": 0.5,
    "default_value": 0.0,
    "max_val": 1.0,
    "sequence_length": 4,
    "sequence_stride": 2,
    "fft_length": 4,
    "start": 0.0,
    "stop": 4.0,
    "N": 3,
    "n": 3,
    "fill_value": 1.0,
    "beta": 2,
    "kernel_size": 2,
    "size": [4, 4],
    "order": 1,
    "method": "linear",
    "spatial_dims": [1, 2],
    "output_shape": [4, 4, 4, 3],
    "start_indices": [0, 0],
}
IMAGES = (4, 8, 8, 3)
OTHERS: dict[str, tuple[list[tuple[int, ...]], dict[str, Any]]] = {
    "ops.batch_normalization": ([(4, 8), (8,), (8,)], {"axis": -1}),
    "ops.broadcast_to": ([(1, 3)], {"shape": [2, 3]}),
    "ops.depth_to_space": ([(4, 8, 8, 4)], {"block_size": 2}),
    "ops.multi_hot": ([(4, 4)], {"num_classes": 4}),
    "ops.sparse_categorical_crossentropy": ([(4,), (4, 4)], {}),
    "ops.image.affine_transform": ([IMAGES, (4, 8)], {}),
    "ops.image.crop_images": ([IMAGES], {"top_cropping": 1, "left_cropping": 1, "target_height": 4, "target_width": 4}),
    "ops.image.pad_images": ([IMAGES], {"top_padding": 1, "left_padding": 1, "target_height": 10, "target_width": 10}),
    "ops.image.perspective_transform": ([IMAGES, (4, 4, 2), (4, 4, 2)], {}),
}


@pytest.mark.parametrize("kind", OPERATIONS, ids=lambda kind: kind.id)
def test_an_operation_can_be_called_on_tensors(kind: NodeType) -> None:
    shapes, arguments = OTHERS.get(kind.id, ([], {p.name: REQUIRED[p.name] for p in kind.parameters if p.required}))
    assert problem(kind.parameters, arguments) is None
    function = operator.attrgetter(kind.path.removeprefix("keras."))(keras)
    count = sum(2 if port.many else 1 for port in kind.ports if not port.optional)
    refusals = []
    for tried in [shapes] if shapes else [[shape] * count for shape in SHAPES]:
        for dtype in ("float32", "int32"):
            positional, named = bind(kind, [keras.KerasTensor(shape, dtype) for shape in tried], arguments)
            try:
                function(*positional, **named)
                return
            except (ValueError, TypeError, IndexError, AttributeError) as error:
                refusals.append(f"{tried} {dtype}: {error}")
    pytest.fail("\n".join(refusals))
