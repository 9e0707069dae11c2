"""Run in a process that knows nothing of this program: opens an exported model as anyone would, and writes down what it predicts.

    python -I proof.py FORMAT MODEL INPUTS NAMES OUTPUTS [ARCHITECTURE]

INPUTS and OUTPUTS are .npz files with one array for each, in order; NAMES are the inputs' names as JSON; ARCHITECTURE is Keras's JSON, for bare weights.
Of a Python file NAMES are the functions that build its models, and OUTPUTS the sizes of each one's weights.
"""

import json
import os
import re
import sys
from pathlib import Path

import numpy as np


def of_keras(path: str, inputs: list[np.ndarray]) -> object:
    import keras

    return keras.models.load_model(path, safe_mode=True)(_one_or_list(inputs), training=False)


def of_weights(path: str, inputs: list[np.ndarray], architecture: str) -> object:
    import keras

    model = keras.models.model_from_json(Path(architecture).read_text())
    model.load_weights(path)
    return model(_one_or_list(inputs), training=False)


def of_savedmodel(path: str, inputs: list[np.ndarray]) -> object:
    import tensorflow as tf

    loaded = tf.saved_model.load(path)  # held by name: its variables live as long as it does
    return loaded.serve(_one_or_list(inputs))


def of_tflite(path: str, inputs: list[np.ndarray], names: list[str]) -> object:
    import tensorflow as tf

    runner = tf.lite.Interpreter(path).get_signature_runner()
    outputs = runner(**_by_name(list(runner.get_input_details()), inputs, names))
    return [outputs[name] for name in sorted(outputs, key=lambda name: (len(name), name))]  # output_2 before output_10


def of_onnx(path: str, inputs: list[np.ndarray], names: list[str]) -> object:
    import onnxruntime  # pyright: ignore[reportMissingImports] - an extra

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, _by_name([entry.name for entry in session.get_inputs()], inputs, names))


def of_python(path: str, builders: list[str]) -> object:
    import runpy

    script = runpy.run_path(path)  # under another name than __main__, so that it does not train
    return [np.array([np.prod(weight.shape) for weight in script[builder]().weights]) for builder in builders]


def _by_name(wanted: list[str], inputs: list[np.ndarray], names: list[str]) -> dict[str, np.ndarray]:
    """The inputs under the names that the file has for them, which may lack the dots and dashes of ours."""
    plain = {re.sub(r"\W", "_", name): array for name, array in zip(names, inputs, strict=True)}
    return {name: plain[re.sub(r"\W", "_", name)] for name in wanted} if len(wanted) > 1 else {wanted[0]: inputs[0]}


def _one_or_list(values: list[np.ndarray]) -> object:
    return values[0] if len(values) == 1 else values


def _flat(value: object) -> list[np.ndarray]:
    if isinstance(value, dict):
        value = list(value.values())
    return [part for item in value for part in _flat(item)] if isinstance(value, list | tuple) else [np.asarray(value)]


def main(format: str, model: str, arrays: str, names: str, out: str, *architecture: str) -> None:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    with np.load(arrays) as stored:
        inputs = [stored[f"arr_{index}"] for index in range(len(stored.files))]
    match format:
        case "keras":
            outputs = of_keras(model, inputs)
        case "weights":
            outputs = of_weights(model, inputs, architecture[0])
        case "savedmodel":
            outputs = of_savedmodel(model, inputs)
        case "tflite":
            outputs = of_tflite(model, inputs, json.loads(names))
        case "python":
            outputs = of_python(model, json.loads(names))
        case _:
            outputs = of_onnx(model, inputs, json.loads(names))
    np.savez(out, *_flat(outputs))


if __name__ == "__main__":
    main(*sys.argv[1:])
