"""U-Net: down to what a picture shows, up again to where it is, and across at every size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ml.catalog.recorder import Input, Model, Tensor, block, layers
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A classifier says what is in a picture; here every *pixel* wants a name. On the way down convolutions and pooling work out what there is, and lose
where. On the way up each step doubles height and width, and is handed the map of that size from the way down: the ways *across*. So the last
convolutions have both, meaning from below and exact edges from the side. Drawn level by level the network is a U. It was made for
thirty pictures of cells; today most networks that answer a picture with a picture have one inside.

## What to watch
The Generator tab: picture, the model's mask, the right mask. At first it is noise; soon there are blobs in the right
places, all of one name; then sharp edges. Names come last, some stay wrong. Accuracy flatters here: all ground is right for four
pixels of five. See the mean intersection over union: how well do areas cover each other?

## What to try
- The preset `denoising`: the same U, but the right answer is the picture without its noise. From 12 decibels to 21.8 after six epochs.
- `filters` 8 and `depth` 4, on twice as many pictures: a thinner, deeper U reached a mean intersection of 0.35, this one 0.43.
- `skips` off: what is lost on the way down stays lost. The edges are blurred, 87.7 % of pixels are right instead of 91.3 %, and the mean intersection
  falls from 0.43 to 0.30.
- `padding` valid with `data.size` 60 and `depth` 2: only the middle 20×20 gets an answer.

## The paper
O. Ronneberger, P. Fischer, T. Brox, *U-Net: convolutional networks for biomedical image segmentation*, 2015. The `paper` preset is its figure 1 in
colour, without padding: 572×572 pixels in, an answer for the middle 388×388. With one grey channel and two classes it has 31,030,658 weights.
"""

TEMPLATE = Template(
    id="unet",
    title="U-Net",
    family="Convolutional",
    summary="Says of every pixel what it belongs to: down to what there is, up to where it is, with a way across at every size.",
    page=PAGE,
    recipe=Choice("segmentation"),
    data=Data("shapes", {"samples": 2000, "target": "mask", "figures": 2}),
    training=Training(epochs=14, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.003}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "denoising": {"recipe": "denoising", "data.target": "clean", "data.noise": 0.3, "depth": 2, "training.epochs": 6},
        "paper": {
            "data.size": 572,
            "data.samples": 80,
            "filters": 64,
            "depth": 4,
            "padding": "valid",
            "batch_normalization": False,
            "dropout": 0.5,
            "training.batch_size": 1,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.01,
            "training.optimizer.momentum": 0.99,
        },
    },
    parameters=(
        Parameter("filters", "int", 16, minimum=1, help="Filters of the first two convolutions; each step down has twice as many."),
        Parameter("depth", "int", 3, minimum=1, maximum=6, help="How many times the picture is halved on the way down."),
        Parameter("padding", "choice", "same", choices=("same", "valid"), help="valid: nothing is put around the picture, so only its middle is answered."),
        Parameter("batch_normalization", "bool", True, help="Whether each convolution's answers are normalized; the paper had none."),
        Parameter("dropout", "float", 0.0, minimum=0, maximum=0.95, help="The part of the values that is switched off at random at the end of the way down."),
        Parameter("skips", "bool", True, help="Whether there are ways across; without them it is an encoder and a decoder."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 9,
    filters: int = 16,
    depth: int = 3,
    padding: str = "same",
    batch_normalization: bool = True,
    dropout: float = 0.0,
    skips: bool = True,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities of each pixel, or to pictures where `classes` is 0.

    Without padding the answer is about the picture's middle; the paper's 572 × 572 become 388 × 388.
    """
    if len(shape) != 3:
        raise SettingProblem(f"unet needs pictures (height, width, channels), and this data has the shape {tuple(shape)}.")
    inputs = x = Input(shape)
    size, channels = Size(shape[0], shape[1]), shape[2]
    lost = 4 if padding == "valid" else 0
    passed = []
    for level in range(depth):
        width = filters * 2**level
        x = block(convolutions(size, channels, width, padding, batch_normalization), name=f"down_{level + 1}")(x)
        size, channels = _less(size, lost), width
        if level == depth - 1 and dropout:
            x = layers.Dropout(dropout)(x)
        passed.append((x, size))
        x, size = layers.MaxPooling2D(2)(x), _halved(size, depth)
    x = block(convolutions(size, channels, 2 * channels, padding, batch_normalization), name="bottom")(x)
    size = _less(size, lost)
    if dropout:
        x = layers.Dropout(dropout)(x)
    for level in reversed(range(depth)):
        width, (skip, whole) = filters * 2**level, passed[level]
        up = block(up_step(size, whole if skips else None, width, padding, batch_normalization), name=f"up_{level + 1}")
        x = up(x, skip) if skips else up(x)
        size = _less(Size(2 * size.height, 2 * size.width), lost)
    outputs = layers.Conv2D(classes or shape[2], 1, activation="softmax" if classes else "sigmoid", name="answer")(x)
    return {"model": Model(inputs, outputs)}


class Size(NamedTuple):
    """Height and width of a picture."""

    height: int
    width: int


def convolutions(size: Size, channels: int, filters: int, padding: str, batch_normalization: bool) -> Graph:
    """Two 3×3 convolutions, each with ReLU: (batch, height, width, channels) to (batch, height, width, filters), or 4 pixels less without padding."""
    inputs = Input([*size, channels])
    return Model(inputs, _convolved(inputs, filters, padding, batch_normalization))


def up_step(size: Size, skip: Size | None, filters: int, padding: str, batch_normalization: bool) -> Graph:
    """Twice as large with half the channels, beside them the middle of what came across, of size `skip`, then two convolutions."""
    inputs = [Input([*size, 2 * filters], name="below")]
    x = layers.Conv2DTranspose(filters, 2, strides=2, name="up")(inputs[0])
    if skip is not None:
        across = Input([*skip, filters], name="across")
        inputs.append(across)
        down, right = skip.height - 2 * size.height, skip.width - 2 * size.width
        if down or right:
            across = layers.Cropping2D([[down // 2, down - down // 2], [right // 2, right - right // 2]])(across)
        x = layers.Concatenate()([across, x])
    return Model(inputs, _convolved(x, filters, padding, batch_normalization))


def _convolved(x: Tensor, filters: int, padding: str, batch_normalization: bool) -> Tensor:
    for _ in range(2):
        if batch_normalization:
            x = layers.Conv2D(filters, 3, padding=padding, use_bias=False)(x)
            x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
        else:
            x = layers.Conv2D(filters, 3, padding=padding, activation="relu")(x)
    return x


def _less(size: Size, lost: int) -> Size:
    if min(size) <= lost:
        raise SettingProblem("unet: the pictures are too small for so many steps down: make them larger, depth smaller, or padding same.")
    return Size(size.height - lost, size.width - lost)


def _halved(size: Size, depth: int) -> Size:
    if size.height % 2 or size.width % 2:
        raise SettingProblem(
            f"unet halves its pictures {depth} times, and {size.height} × {size.width} on the way can't be halved: choose another size or depth."
        )
    return Size(size.height // 2, size.width // 2)
