"""Every published architecture in `keras.applications` comes through: as a graph, with its weights, and as Python."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from ml import weights
from ml.build import build
from ml.codegen.models import models_source
from ml.importer import import_file
from ml.project.graph import Graph

ALL = [name for name, thing in vars(keras.applications).items() if inspect.isfunction(thing)]
QUICK = {"MobileNetV2": 96, "ResNet50": 64, "DenseNet121": 64, "EfficientNetV2B0": 64, "ConvNeXtTiny": 64, "MobileNetV3Small": 96}
"""Those that differ most in build, and a size of picture that keeps their weights as they are."""


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    """The larger ones have hundreds of millions of weights: each is let go before the next is made."""
    yield
    keras.backend.clear_session()
    gc.collect()


@pytest.mark.parametrize("name", QUICK)
def test_an_application_comes_back_with_its_weights(name: str, tmp_path: Path) -> None:
    comes_back(name, tmp_path, input_shape=(QUICK[name], QUICK[name], 3))


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_every_application_comes_back_with_its_weights(name: str, tmp_path: Path) -> None:
    comes_back(name, tmp_path)


def test_those_that_run_by_default_are_applications() -> None:
    assert set(QUICK) < set(ALL)
    assert len(ALL) >= 40


def comes_back(name: str, folder: Path, **arguments: Any) -> None:
    """Model to file to graph to model, and graph to Python to model. Without the softmax, so that a difference is not lost among a thousand classes."""
    model = getattr(keras.applications, name)(weights=None, classifier_activation=None, **arguments)
    stir(model)
    pictures = np.random.default_rng(0).uniform(0, 1, (1, *(size or 224 for size in model.input_shape[1:]))).astype("float32")
    expected, count = keras.ops.convert_to_numpy(model(pictures, training=False)), model.count_params()
    model.save(folder / "model.keras")
    del model

    project, problems = import_file(folder / "model.keras", folder / "first.weights.h5")
    assert [problem for problem in problems if not problem.startswith("No dataset here")] == []
    graph = project.models["model"]
    built = build(graph)
    assert built.model.count_params() == count
    assert weights.load(built, project.weights).problems == ()
    np.testing.assert_allclose(keras.ops.convert_to_numpy(built.model(pictures, training=False)), expected, atol=1e-5)
    del built
    assert from_python(graph).count_params() == count


def stir(model: keras.Model) -> None:
    """Give it statistics and biases that no initializer gives, so that one in a wrong place would be seen."""
    generator = np.random.default_rng(1)
    for weight in model.weights:
        if "variance" in weight.path:
            weight.assign(generator.uniform(0.5, 1.5, weight.shape))
        elif weight.path.endswith(("mean", "beta", "bias")):
            weight.assign(generator.normal(0, 0.1, weight.shape))
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()


def from_python(graph: Graph) -> keras.Model:
    """The model that the graph's source makes when it is run."""
    source, builders = models_source({"model": graph})
    names: dict[str, Any] = {"keras": keras, "layers": keras.layers, "ops": keras.ops}
    exec(source, names)
    return names[builders["model"]]()
