"""A model as an ONNX file. Keras's own export makes inputs of the constants that a layer holds (the means of `Normalization`), and their values are lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2


def write(model: keras.Model, path: Path) -> None:
    """Write what the model predicts, its inputs by their names. What the converter raises for an operation that it lacks comes through."""
    import tf2onnx  # pyright: ignore[reportMissingImports] - an extra

    inputs = [tf.TensorSpec(tensor.shape, tensor.dtype, tensor.name) for tensor in model.inputs]
    predict = tf.function(lambda *arrays: model(arrays[0] if len(arrays) == 1 else list(arrays), training=False))
    frozen = convert_variables_to_constants_v2(predict.get_concrete_function(*inputs), lower_control_flow=False)
    names = [tensor.name for tensor in frozen.inputs]
    tf2onnx.convert.from_graph_def(
        frozen.graph.as_graph_def(),
        input_names=names,
        output_names=[tensor.name for tensor in frozen.outputs],
        custom_op_handlers={"Erfc": (_erfc, [])},
        tensors_to_rename=dict(zip(names, (tensor.name for tensor in model.inputs), strict=True)),
        output_path=str(path),
    )


def _erfc(graph: Any, node: Any, _name: str, _arguments: list[Any]) -> None:
    """1 - erf in the place of erfc, which is in the exact GELU and which ONNX lacks; both are tf2onnx's own graph and node."""
    shape, dtype, outputs = graph.get_shape(node.output[0]), graph.get_dtype(node.output[0]), list(node.output)
    graph.remove_node(node.name)
    erf = graph.make_node("Erf", [node.input[0]])
    one = graph.make_const(f"{node.name}/one", np.float32(1))
    graph.make_node("Sub", [one.output[0], erf.output[0]], name=node.name, outputs=outputs, shapes=[shape], dtypes=[dtype])
