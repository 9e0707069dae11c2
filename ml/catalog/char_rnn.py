"""The character model: a recurrent network that reads a text letter by letter and says the next one."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, layers, ops
from ml.catalog.template import CONTEXT, VOCABULARY, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A **character model** reads a text letter by letter and says, after each, which comes next. It knows no words and no grammar. All that it can use is the
letter that it sees and the state that an LSTM keeps of all before, and yet, to say the next letter well, it has to find out words, then the ends of
brackets and quotes, then what kind of text this is. To write, a letter is drawn from what it says, given back as the next input, and so on. It reads
Python's own reference, so it writes English about code, and code.

## What to watch
The loss in nats for a character: 4.6 is blind guessing among 96, about 3.2 knows how frequent letters are, below 2.5 it knows pairs, below 2 it spells.
Read the text that it writes while it learns: first spaces and the letter e, then short words, then long ones and indented lines.

## What to try
- Stop after one epoch: 2.49, and it writes pairs that exist and words that don't. After four it is 1.85.
- `cell` SimpleRNN: after four epochs 1.82, no worse than the LSTM. For the next letter in windows of 64 letters no gate is needed yet.
- Train `scrn` for four epochs: 2.24. Its slow state helps with topics, which matter for words more than for letters.

## The paper
A. Karpathy, *The unreasonable effectiveness of recurrent neural networks*, 2015; the idea is in I. Sutskever, J. Martens, G. Hinton, *Generating text
with recurrent neural networks*, ICML, 2011. The `paper` preset is char-rnn's own: two LSTM layers of 128, windows of 50. On Shakespeare's 65 characters
its program counts 240,321 weights, 1,024 of them second biases that Keras does not have.
"""

TEMPLATE = Template(
    id="char_rnn",
    title="Character RNN",
    family="Recurrent",
    summary="A recurrent network that writes: it reads a text letter by letter and says which comes next.",
    page=PAGE,
    recipe=Choice("causal_lm"),
    data=Data("text"),
    training=Training(epochs=6, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.005})),
    presets={
        "lite": {},
        "paper": {
            "data.context": 50,
            "units": [128, 128],
            "training.batch_size": 50,
            "training.epochs": 50,
            "training.optimizer": "RMSprop",
            "training.optimizer.learning_rate": 0.002,
            "training.optimizer.rho": 0.95,
        },
    },
    parameters=(
        Parameter("cell", "choice", "LSTM", choices=("LSTM", "GRU", "SimpleRNN"), help="Of what kind the recurrent layers are."),
        Parameter("units", "list", [128], help="How many units each recurrent layer has; one layer for each number."),
        Parameter(
            "dropout", "float", 0.0, minimum=0, maximum=0.95, help="The part of each recurrent layer's outputs that is switched off at random in each step."
        ),
        CONTEXT,
        VOCABULARY,
    ),
)


def build(shape: Sequence[int] = (64,), vocabulary: int = 96, cell: str = "LSTM", units: Sequence[int] = (128,), dropout: float = 0.0) -> dict[str, Graph]:
    """`model`: tokens (batch, context) to logits (batch, context, vocabulary) of the token that follows each."""
    inputs = Input(shape, dtype="int32", name="tokens")
    x = ops.one_hot(inputs, num_classes=vocabulary)
    for count in units:
        x = getattr(layers, cell)(count, return_sequences=True)(x)
        x = layers.Dropout(dropout)(x) if dropout else x
    return {"model": Model(inputs, {"logits": layers.Dense(vocabulary)(x)})}
