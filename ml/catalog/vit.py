"""The vision transformer: a picture as a sequence of patches."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A **vision transformer** reads a picture as one reads a sentence. It is cut into square patches, and each patch becomes a vector: a convolution whose
stride is its size does both. A learned *class token* is put in front, and a learned vector for each position is added, for without it the network
could not tell a picture from its puzzle. Then the tokens go through equal blocks of multi-head attention and two dense layers. Every patch can look
at every other from the first block on; a convolutional network needs many layers for that. At the end only the class token is read: whatever it has
gathered must be enough to name the class. There is no pooling and nothing that knows of neighbours. What a CNN is given, this network must learn, so
it needs more data.

## What to watch
The attention maps over the picture, above all the class token's row: which patches does each head look at, and does it find the strokes? Compare
early and late blocks. The validation loss turns up earlier than the CNN's: less is built in, so more is learned by heart.

## What to try
- `patch_size` 1, 2 and 4: 64, 16 and 4 tokens. What does each step cost, and what does it gain?
- `cnn` with as many parameters: which is better after 5 epochs, and which after 60?
- Raise `dropout` and watch the gap between training and validation.
- Add a second class token, or take the mean of all tokens instead.

## The paper
A. Dosovitskiy and others, *An image is worth 16x16 words: transformers for image recognition at scale*, 2020. The `paper` preset is ViT-B/16 on
224×224 with 1,000 classes: 86,567,656 parameters.
"""

TEMPLATE = Template(
    id="vit",
    title="Vision transformer",
    family="Attention",
    summary="A picture cut into patches and read like a sentence, with attention over all of it from the first block on.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("digits"),
    training=Training(epochs=40, batch_size=64, optimizer=Choice("AdamW", {"learning_rate": 0.003, "weight_decay": 0.1}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.size": 224,
            "data.channels": 3,
            "classes": 1000,
            "patch_size": 16,
            "blocks": 12,
            "heads": 12,
            "width": 768,
            "hidden": 3072,
            "dropout": 0.1,
            "training.optimizer.learning_rate": 0.0003,
        },
    },
    parameters=(
        Parameter("patch_size", "int", 2, minimum=1, help="Height and width of a patch, in pixels; the picture's must be multiples of it."),
        Parameter("blocks", "int", 2, minimum=1, help="How many encoder blocks follow each other."),
        Parameter("heads", "int", 4, minimum=1, help="How many attention heads a block has; they share its width."),
        Parameter("width", "int", 48, minimum=1, help="The length of the vector that stands for a patch."),
        Parameter("hidden", "int", 128, minimum=1, help="The size of the wider of the two dense layers in a block."),
        Parameter("dropout", "float", 0.1, minimum=0, maximum=0.95, help="The part of the values that is switched off at random in each step."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (8, 8, 1),
    classes: int = 10,
    patch_size: int = 2,
    blocks: int = 2,
    heads: int = 4,
    width: int = 48,
    hidden: int = 128,
    dropout: float = 0.1,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    if len(shape) != 3 or shape[0] % patch_size or shape[1] % patch_size:
        raise SettingProblem(f"vit needs pictures that patches of {patch_size} pixels divide evenly, and these have the shape {tuple(shape)}.")
    if width % heads:
        raise SettingProblem(f"The heads of vit share its width, and {heads} can't share {width} evenly.")
    inputs = Input(shape)
    patches = (shape[0] // patch_size) * (shape[1] // patch_size)
    x = layers.Conv2D(width, patch_size, strides=patch_size, name="patches")(inputs)
    x = layers.Reshape([patches, width])(x)
    first = ops.zeros_like(x[:, :1, 0], dtype="int32")
    x = layers.Concatenate(axis=1)([layers.Embedding(1, width, name="class_token")(first), x])
    positions = ops.cumsum(ops.ones_like(x[:, :, 0], dtype="int32"), axis=1) - 1
    x = x + layers.Embedding(patches + 1, width, name="positions")(positions)
    x = _dropped(x, dropout)
    for number in range(1, blocks + 1):
        x = block(encoder_block(patches + 1, heads, width, hidden, dropout), name=f"block_{number}")(x)
    x = layers.LayerNormalization(epsilon=1e-6)(x)
    outputs = layers.Dense(classes, activation="softmax", name="head")(x[:, 0]) if classes else layers.Dense(1, name="head")(x[:, 0])
    return {"model": Model(inputs, outputs)}


def encoder_block(tokens: int, heads: int, width: int, hidden: int, dropout: float) -> Graph:
    """Attention and a feed-forward part, each with a way around it: (batch, tokens, width) to the same shape."""
    inputs = Input([tokens, width])
    x = layers.LayerNormalization(epsilon=1e-6)(inputs)
    x = layers.MultiHeadAttention(heads, width // heads, name="attention")(x, x)
    attended = inputs + _dropped(x, dropout)
    x = layers.LayerNormalization(epsilon=1e-6)(attended)
    x = layers.Dense(hidden, activation="gelu", name="expand")(x)
    x = layers.Dense(width, name="contract")(_dropped(x, dropout))
    return Model(inputs, attended + _dropped(x, dropout))


def _dropped(x: Tensor, rate: float) -> Tensor:
    return layers.Dropout(rate)(x) if rate else x
