"""SCRN: beside the fast hidden layer a slow one, whose units change little from step to step."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, layers, ops
from ml.catalog.template import CONTEXT, VOCABULARY, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
The **structurally constrained recurrent network** asks whether gates are needed at all. Beside the ordinary hidden layer, which changes completely with
every letter, it has a *slow state*: at each step 95 % of the old value and 5 % of what the new letter adds, and nothing else. That recurrent matrix is
the identity times `alpha` and does not learn. So the slow units are fading averages of what was read, a memory of the topic, and the fast ones take care
of the next letter. Both speak to the output, and the slow one to the fast.

## What to watch
In **Gates** choose the fast and the slow state in turn: fast units change with every letter, slow ones drift over the whole window. The reach tells why: back
from the end the gradient of the slow state shrinks by 5 % a step. The loss is in nats a character, as for `char_rnn`.

## What to try
- `alpha` 0, so that the slow state is only the last letter: after four epochs 2.04, with 0.95 it is 2.24. On letters a fading average is no help; the
  paper's gains are on words.
- Train `char_rnn` on the same text: an LSTM of 128 has 1.85 after four epochs.
- Train `char_rnn` with `cell` SimpleRNN, which has no slow state and no gates: 1.82.

## The paper
T. Mikolov, A. Joulin, S. Chopra, M. Mathieu, M. Ranzato, *Learning longer memory in recurrent neural networks*, ICLR workshop, 2015. The `paper` preset
has 100 fast and 40 slow units on 10,000 words, as in its Penn Treebank experiments: 2,418,000 weights, without biases.
"""

TEMPLATE = Template(
    id="scrn",
    title="SCRN",
    family="Recurrent",
    summary="A simple recurrent network beside a slow state that keeps the topic: memory by structure instead of by gates.",
    page=PAGE,
    recipe=Choice("causal_lm"),
    data=Data("text"),
    training=Training(epochs=6, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.003})),
    presets={
        "lite": {},
        "paper": {
            "vocabulary": 10_000,
            "units": 100,
            "slow": 40,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.05,
        },
    },
    parameters=(
        Parameter("units", "int", 128, minimum=1, help="How many units the fast hidden layer has."),
        Parameter("slow", "int", 40, minimum=1, help="How many units the slow state has."),
        Parameter("alpha", "float", 0.95, minimum=0, maximum=1, help="How much of the slow state stays in each step: 0.95 remembers about twenty of them."),
        CONTEXT,
        VOCABULARY,
    ),
)


def build(shape: Sequence[int] = (64,), vocabulary: int = 96, units: int = 128, slow: int = 40, alpha: float = 0.95) -> dict[str, Graph]:
    """`model`: tokens (batch, context) to logits (batch, context, vocabulary) of the token that follows each.

    The slow state s = (1 - alpha) B x + alpha s is a linear recurrent layer that does not learn; B before it does, and P and A into the fast one.
    """
    inputs = Input(shape, dtype="int32", name="tokens")
    x = ops.one_hot(inputs, num_classes=vocabulary, name="letters")
    topics = layers.Dense(slow, use_bias=False, name="into_slow")(x)
    s = layers.SimpleRNN(
        slow,
        activation="linear",
        use_bias=False,
        kernel_initializer=_identity(1 - alpha),
        recurrent_initializer=_identity(alpha),
        return_sequences=True,
        trainable=False,
        name="slow_state",
    )(topics)
    both = layers.Concatenate(name="input_and_slow")([x, s])
    h = layers.SimpleRNN(units, activation="sigmoid", use_bias=False, return_sequences=True, name="fast_state")(both)
    logits = layers.Dense(vocabulary, use_bias=False, name="next_letter")(layers.Concatenate(name="fast_and_slow")([h, s]))
    return {"model": Model(inputs, {"logits": logits})}


def _identity(gain: float) -> dict[str, object]:
    return {"class_name": "Identity", "config": {"gain": gain}}
