"""GPT: transformer blocks that see only what came before, and say what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CONTEXT, VOCABULARY, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A **generative pre-trained transformer** reads a piece of text and says, at every place in it, what comes next. All places answer at once; a *causal
mask* keeps each from looking ahead. Each token (here a character) becomes a vector, and a vector for its position is added. Then come equal blocks.
In each, attention lets every token gather from those before it with several heads; then two dense layers work on each token alone. Both add to what
is there rather than replace it. At the end the vectors are compared with the same embedding they came from, which gives a score (a *logit*) for every
token that could follow. To write, draw one, append it, and read again.

## What to watch
The loss in nats for a character: 4.6 is blind guessing among 96. About 3.2 knows how frequent letters are, below 2.5 it knows pairs, below 2 it
spells. Read the samples as they grow from noise to words. In the attention maps look for heads that always look one step back, and for heads that
seek the last space or line break.

## What to try
- `blocks` 1, 2, 4 at the same width. What does depth buy?
- A temperature of 0.3, then 1.5, on the same model.
- `norm` after instead of before, as in GPT-1, with six blocks: it is harder to start.
- Take the position embedding out.

## The paper
A. Radford and others, *Improving language understanding by generative pre-training* (GPT-1, 2018) and *Language models are unsupervised multitask
learners* (GPT-2, 2019); T. Brown and others, *Language models are few-shot learners* (GPT-3, 2020). The `paper` preset is GPT-2 small, 124,439,808
parameters. GPT-1 is `vocabulary` 40478, context 512, `norm` post; GPT-3 175B has 96 blocks, 96 heads, `width` 12288 and context 2048.
"""

TEMPLATE = Template(
    id="gpt",
    title="GPT",
    family="Pre-training",
    summary="A causal transformer that writes: at each place it says which token comes next.",
    page=PAGE,
    recipe=Choice("causal_lm"),
    data=Data("text"),
    training=Training(epochs=8, batch_size=32, optimizer=Choice("AdamW", {"learning_rate": 0.003})),
    presets={
        "lite": {},
        "paper": {
            "data.context": 1024,
            "vocabulary": 50257,
            "blocks": 12,
            "heads": 12,
            "width": 768,
            "dropout": 0.1,
            "training.batch_size": 8,
            "training.optimizer.learning_rate": 0.00025,
        },
    },
    parameters=(
        Parameter("blocks", "int", 2, minimum=1, help="How many transformer blocks follow each other."),
        Parameter("heads", "int", 4, minimum=1, help="How many attention heads a block has; they share its width."),
        Parameter("width", "int", 64, minimum=1, help="The length of the vector that stands for a token."),
        Parameter("dropout", "float", 0.0, minimum=0, maximum=0.95, help="The part of the values that is switched off at random in each step."),
        Parameter("norm", "choice", "pre", choices=("pre", "post"), help="Layer normalization before each part of a block (GPT-2, GPT-3), or after (GPT-1)."),
        CONTEXT,
        VOCABULARY,
    ),
)


def build(
    shape: Sequence[int] = (64,), vocabulary: int = 96, blocks: int = 2, heads: int = 4, width: int = 64, dropout: float = 0.0, norm: str = "pre"
) -> dict[str, Graph]:
    """`model`: tokens (batch, context) to logits (batch, context, vocabulary) of the token that follows each."""
    if width % heads:
        raise SettingProblem(f"The heads of gpt share its width, and {heads} can't share {width} evenly.")
    inputs = Input(shape, dtype="int32", name="tokens")
    embedding = layers.ReversibleEmbedding(vocabulary, width, name="embedding")
    positions = ops.cumsum(ops.ones_like(inputs), axis=1) - 1
    x = embedding(inputs) + layers.Embedding(shape[0], width, name="positions")(positions)
    x = _dropped(x, dropout)
    for number in range(1, blocks + 1):
        x = block(transformer_block(shape[0], heads, width, dropout, norm), name=f"block_{number}")(x)
    if norm == "pre":
        x = layers.LayerNormalization(epsilon=1e-5)(x)
    return {"model": Model(inputs, {"logits": embedding(x, reverse=True, name="unembedding")})}


def transformer_block(context: int, heads: int, width: int, dropout: float, norm: str) -> Graph:
    """Causal attention and a feed-forward part, each with a way around it: (batch, context, width) to the same shape."""
    inputs = x = Input([context, width])

    def attend(x: Tensor) -> Tensor:
        attention = layers.MultiHeadAttention(heads, width // heads, dropout=dropout, name="attention")
        return _dropped(attention(x, x, use_causal_mask=True), dropout)

    def feed_forward(x: Tensor) -> Tensor:
        x = layers.Dense(4 * width, name="expand")(x)
        x = layers.Dense(width, name="contract")(ops.gelu(x))
        return _dropped(x, dropout)

    for part in (attend, feed_forward):
        if norm == "pre":
            x = x + part(layers.LayerNormalization(epsilon=1e-5)(x))
        else:
            x = layers.LayerNormalization(epsilon=1e-5)(x + part(x))
    return Model(inputs, x)


def _dropped(x: Tensor, rate: float) -> Tensor:
    return layers.Dropout(rate)(x) if rate else x
