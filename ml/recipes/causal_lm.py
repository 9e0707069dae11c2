"""Causal language model: at each place of a text, say what comes next, knowing only what came before."""

from __future__ import annotations

from collections.abc import Iterable

import keras
import numpy as np

from ml.data.dataset import Dataset, Spec
from ml.project.parameters import Parameter
from ml.recipes import Ends, Optimizer
from ml.tables import Entry

RECIPE = Entry(
    id="causal_lm",
    title="Causal language model",
    help="Learn to say the next token at every place of a text. The loss is in nats a token: its exponential is the perplexity.",
    parameters=(Parameter("from_logits", "bool", True, help="True where the model ends without softmax."),),
    roles=("model",),
    tasks=("language",),
    metrics=("loss", "accuracy"),
)


def arrays(dataset: Dataset, part: str) -> tuple[np.ndarray, ...]:
    """Tokens (samples, time), and for each the one that follows."""
    return dataset.part(part)


def trainer(models: dict[str, keras.Model], optimizer: Optimizer, dataset: Dataset, from_logits: bool = True) -> keras.Model:
    """The model itself, compiled: cross-entropy at every place is what Keras's own step does."""
    model = models["model"]
    model.compile(
        optimizer=optimizer(model.trainable_variables),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits),
        metrics=["accuracy"],
    )
    return model


def problems(ends: Ends, spec: Spec, from_logits: bool = True) -> Iterable[str]:
    """What does not fit between the model and the text."""
    inputs, outputs = ends["model"]
    if not spec.vocabulary:
        yield "A causal language model needs a text."
    elif len(inputs) != 1 or len(outputs) != 1:
        yield f"A causal language model has one Input and one Output; this one has {len(inputs)} and {len(outputs)}."
    elif len(inputs[0]) != 2 or inputs[0][1] not in (None, *spec.shape):
        yield f"The Input must have the shape {list(spec.shape)}: that many tokens are in a window of the text."
    elif len(outputs[0]) != 3 or outputs[0][1] not in (None, *spec.shape) or outputs[0][2] < spec.vocabulary:
        yield f"The Output must be {spec.shape[0]} × {spec.vocabulary} or more: a number for each token of the vocabulary at every place."
