"""The deconvolution network: a classifier that is run backwards, with what it pooled put back where it came from."""

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
A classifier turned round. The first half is an ordinary convolutional network: convolutions and pooling, until the whole picture is one row of
numbers. The second half is its mirror image: transposed convolutions paint, and *unpooling* doubles height and width until there is an answer for
each pixel. Pooling keeps the greatest value of each square and forgets where it stood. Here that is remembered: unpooling puts a value back where the
greatest one was, and zero beside it. So the way up has the form from the row of numbers, and the places from the *switches*. Where several were
equally great, each place gets it.

## What to watch
The masks in the Generator tab, and the accuracy beside them: all ground is right for 73 % of the pixels, so only what goes beyond that is learned.
In the graph open an `unpool` block: it asks which pixels equal what pooling kept.

## What to try
- `switches` off: each value fills its square, and on these plain figures that is *better*. 92.0 % of held-out pixels are right instead of 84.6 %, and
  the mean intersection over union is 0.70 instead of 0.39.
- `convolutions` [1, 1, 1] and `units` 128: after 10 epochs 78.4 % and 0.19.
- `data.size` 64: the first layer of the middle, as large as the whole map, grows from 262,400 weights to 1,048,832; the others stay.

## The paper
H. Noh, S. Hong, B. Han, *Learning deconvolution network for semantic segmentation*, 2015. The `paper` preset is its table 2, VGG-16 and its mirror on
224×224 pixels, for the 21 classes of PASCAL VOC: 252 million weights, 222 million of them in the three layers of the middle.
"""

TEMPLATE = Template(
    id="deconvnet",
    title="Deconvolution network",
    family="Convolutional",
    summary="A classifier and its mirror image: what was pooled is put back where it came from, until every pixel has a name.",
    page=PAGE,
    recipe=Choice("segmentation"),
    data=Data("shapes", {"samples": 2000, "target": "mask"}),
    training=Training(epochs=16, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.003}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.size": 224,
            "data.samples": 80,
            "filters": [64, 128, 256, 512, 512],
            "convolutions": [2, 2, 3, 3, 3],
            "units": 4096,
            "classes": 21,
            "training.batch_size": 64,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.01,
            "training.optimizer.momentum": 0.9,
            "training.optimizer.weight_decay": 0.0005,
        },
    },
    parameters=(
        Parameter("filters", "list", [16, 32, 64], help="Filters of each stage on the way down; each stage ends in a pooling. The way up has them in reverse."),
        Parameter("convolutions", "list", [2, 2, 2], help="How many convolutions each stage has, and on the way up how many transposed ones."),
        Parameter("units", "int", 256, minimum=1, help="How many numbers the whole picture becomes in the middle."),
        Parameter("switches", "bool", True, help="Whether unpooling puts a value where the greatest one was; without it, it fills the square with it."),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (32, 32, 3),
    classes: int = 9,
    filters: Sequence[int] = (16, 32, 64),
    convolutions: Sequence[int] = (2, 2, 2),
    units: int = 256,
    switches: bool = True,
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities of each pixel, or to pictures where `classes` is 0."""
    factor = 2 ** len(filters)
    if len(shape) != 3 or shape[0] % factor or shape[1] % factor:
        raise SettingProblem(f"deconvnet needs pictures whose height and width can be halved {len(filters)} times, and these have the shape {tuple(shape)}.")
    if len(convolutions) != len(filters):
        raise SettingProblem(f"deconvnet needs a number of convolutions for each of its {len(filters)} stages, and there are {len(convolutions)}.")
    inputs = x = Input(shape)
    height, width, channels = shape
    pooled: list[tuple[Tensor, Tensor]] = []
    for number, (count, many) in enumerate(zip(filters, convolutions, strict=True), 1):
        before = block(_stage("Conv2D", [height, width, channels], [count] * many), name=f"conv_{number}")(x)
        x = layers.MaxPooling2D(2, name=f"pool_{number}")(before)
        pooled.append((before, x))
        height, width, channels = height // 2, width // 2, count
    x = _normalized(layers.Conv2D(units, [height, width], name="fc_1")(x))
    x = _normalized(layers.Conv2D(units, 1, name="fc_2")(x))
    x = _normalized(layers.Conv2DTranspose(channels, [height, width], name="deconv_fc")(x))
    for number, many in reversed(list(enumerate(convolutions, 1))):
        after = filters[max(number - 2, 0)]
        before, small = pooled[number - 1]
        unpooled = block(_unpooling([height, width, channels], switches), name=f"unpool_{number}")
        x = unpooled(x, before, small) if switches else unpooled(x)
        height, width = 2 * height, 2 * width
        x = block(_stage("Conv2DTranspose", [height, width, channels], [channels] * (many - 1) + [after]), name=f"deconv_{number}")(x)
        channels = after
    outputs = layers.Conv2D(classes or shape[2], 1, activation="softmax" if classes else "sigmoid", name="answer")(x)
    return {"model": Model(inputs, outputs)}


def _stage(type: str, shape: Sequence[int], filters: Sequence[int]) -> Graph:
    """3×3 convolutions, plain or transposed, of so many filters one after another: (batch, height, width, channels) to as large a map."""
    inputs = x = Input(shape)
    for count in filters:
        x = _normalized(getattr(layers, type)(count, 3, padding="same")(x))
    return Model(inputs, x)


def _unpooling(shape: Sequence[int], switches: bool) -> Graph:
    """A map (batch, height, width, channels) to one twice as large: zero but where the map `before` pooling was as great as what `pooled` kept of it."""
    height, width, channels = shape
    inputs = Input(shape, name="map")
    larger = layers.UpSampling2D(2)(inputs)
    if not switches:
        return Model(inputs, larger)
    before, pooled = Input([2 * height, 2 * width, channels], name="before"), Input(shape, name="pooled")
    switch = ops.cast(ops.equal(before, layers.UpSampling2D(2)(pooled)), "float32")
    return Model([inputs, before, pooled], larger * switch)


def _normalized(x: Tensor) -> Tensor:
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
