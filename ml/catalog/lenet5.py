"""LeNet-5: the convolutional network that read the cheques, as it was in 1998 and as it is taught now."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Layer, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CLASSES, SHAPE, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
**LeNet-5** is where the pattern of most networks for pictures comes from: convolve, make smaller, convolve, make smaller, and decide with a few dense
layers. Readers of cheques used to be built from hand-made features; here they are learned from pixels, end to end. `lite` is the network as it is
taught now: `tanh`, mean pooling, `softmax`. `paper` is that of 1998 and stranger. Its pooling has a weight and a bias for each map. Each map of C3 sees
only some maps of S2, by a table, so that no two learn the same. And its end learns nothing: it measures how far the 84 units of F6 are from a small
drawing of each digit, 7×12 points. The nearest wins.

## What to watch
The feature maps of C1 and C3: strokes first, then their ends and crossings. Nearly all of the weights are in C5, not in the convolutions. Open `c3`
and `rbf` in the paper's network.

## What to try
- `connections` `sparse`: 99.1 % of the held-out digits against 98.7 %, but on a CPU five times the work, for one convolution became sixteen.
- `output` `rbf`: 98.0 %. The drawings cost nothing and still work.
- `filters` `[2, 4]`: 19,070 weights instead of 44,426, and still 98.0 %.
- `pooling` `max` with `activation` `relu`, as one would build it now: 99.1 %.

## The paper
Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document recognition*, Proceedings of the IEEE, 1998. The `paper` preset
has its 60,000 trained weights. Our drawings follow its figure 3 and aren't copies; its loss's extra class is left out.
"""
CONNECTIONS = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5), (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)
"""Which of the 6 maps of S2 each of the 16 maps of C3 sees: table I of the paper."""
CODES = """
..###.. ...#... .#####. .#####. .....#. ####### ..####. ####### .#####. .#####.
.#...#. ..##... ##...## ##...## ....##. #...... .##.... .....## ##...## ##...##
##...## .###... #.....# ......# ...###. #...... ##..... .....#. #.....# #.....#
#.....# ...#... ......# ......# ..##.#. #...... #...... ....##. #.....# #.....#
#.....# ...#... .....## .....## .##..#. #.####. #.####. ....#.. ##...## ##...##
#.....# ...#... ....##. ..####. ##...#. ##...## ##...## ...##.. .#####. .######
#.....# ...#... ...##.. .....## #....#. ......# #.....# ...#... ##...## ......#
#.....# ...#... ..##... ......# ####### ......# #.....# ..##... #.....# ......#
#.....# ...#... .##.... ......# .....#. ......# #.....# ..#.... #.....# ......#
##...## ...#... ##..... ......# .....#. #.....# #.....# ..#.... #.....# .....##
.#...#. ...#... #...... ##...## .....#. ##...## ##...## .##.... ##...## ....##.
..###.. .#####. ####### .#####. .....#. .#####. .#####. .#..... .#####. .####..
"""
"""The ten digits in 7 × 12 points, drawn in the manner of the paper's figure 3: what the 84 units of F6 shall say."""

TEMPLATE = Template(
    id="lenet5",
    title="LeNet-5",
    family="Convolutional",
    summary="The network of 1998 that made convolutions useful: it read digits on cheques.",
    page=PAGE,
    recipe=Choice("supervised"),
    data=Data("digits", {"size": 28}),
    training=Training(epochs=25, batch_size=32, optimizer=Choice("Adam", {"learning_rate": 0.002}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "data.size": 32,
            "activation": "scaled_tanh",
            "pooling": "trainable",
            "connections": "sparse",
            "output": "rbf",
            "training.epochs": 20,
            "training.batch_size": 1,
            "training.optimizer": "SGD",
            "training.optimizer.learning_rate": 0.0005,
            "training.schedule": None,
        },
    },
    parameters=(
        Parameter("filters", "list", [6, 16], help="How many maps the two convolutions C1 and C3 have."),
        Parameter("units", "list", [120, 84], help="The sizes of the dense layers C5 and F6."),
        Parameter("activation", "choice", "tanh", choices=("tanh", "scaled_tanh", "relu"), help="scaled_tanh is the paper's 1.7159 tanh(2x/3)."),
        Parameter(
            "pooling",
            "choice",
            "average",
            choices=("average", "max", "trainable"),
            help="How 2×2 become one; trainable is the paper's: the mean times a weight of the map plus a bias of the map.",
        ),
        Parameter("connections", "choice", "full", choices=("full", "sparse"), help="full: each map of C3 sees all of S2; sparse: those of the paper's table."),
        Parameter(
            "output",
            "choice",
            "softmax",
            choices=("softmax", "rbf"),
            help="softmax: a dense layer; rbf: how far F6 is from a drawing of each digit, which is never learned.",
        ),
        SHAPE,
        CLASSES,
    ),
)


def build(
    shape: Sequence[int] = (28, 28, 1),
    classes: int = 10,
    filters: Sequence[int] = (6, 16),
    units: Sequence[int] = (120, 84),
    activation: str = "tanh",
    pooling: str = "average",
    connections: str = "full",
    output: str = "softmax",
) -> dict[str, Graph]:
    """`model`: pictures (batch, height, width, channels) to class probabilities (batch, classes), or to one number where `classes` is 0."""
    if len(shape) != 3 or min(shape[:2]) < 16:
        raise SettingProblem(f"lenet5 needs pictures of at least 16 × 16, and these have the shape {tuple(shape)}: set data.size to 28.")
    if len(filters) != 2 or len(units) != 2:
        raise SettingProblem("lenet5 has two convolutions and two dense layers: give filters and units two sizes each, as in [6, 16] and [120, 84].")
    if connections == "sparse" and list(filters) != [6, 16]:
        raise SettingProblem(f"The paper's table connects 6 maps with 16, not {filters[0]} with {filters[1]}: set connections to full.")
    if output == "rbf" and not (1 <= classes <= 10 and units[1] == 84):
        raise SettingProblem("The drawings of the output rbf are of ten digits in 84 points: it needs at most 10 classes, and units that end with 84.")
    height, width, channels = shape
    sides = [height - 4, (height - 4) // 2, (height - 4) // 2 - 4]
    wides = [width - 4, (width - 4) // 2, (width - 4) // 2 - 4]
    inputs = Input(shape)
    x = _activated(layers.Conv2D(filters[0], 5, name="c1"), [height, width, channels], activation)(inputs)
    x = _subsampling("s2", [sides[0], wides[0], filters[0]], pooling, activation)(x)
    if connections == "sparse":
        x = block(sparse_convolution([sides[1], wides[1], 6], activation), name="c3")(x)
    else:
        x = _activated(layers.Conv2D(filters[1], 5, name="c3"), [sides[1], wides[1], filters[0]], activation)(x)
    x = _subsampling("s4", [sides[2], wides[2], filters[1]], pooling, activation)(x)
    x = layers.Flatten()(x)
    features = (sides[2] // 2) * (wides[2] // 2) * filters[1]
    x = _activated(layers.Dense(units[0], name="c5"), [features], activation)(x)
    x = _activated(layers.Dense(units[1], name="f6"), [units[0]], activation)(x)
    if output == "rbf":
        outputs = layers.Softmax()(block(distances(classes), name="rbf")(x))
    else:
        outputs = layers.Dense(classes, activation="softmax", name="head")(x) if classes else layers.Dense(1, name="head")(x)
    return {"model": Model(inputs, outputs)}


def sparse_convolution(shape: Sequence[int], activation: str) -> Graph:
    """C3 of the paper: 16 maps, each a 5×5 convolution over its own few of the 6: (batch, height, width, 6) to (batch, height - 4, width - 4, 16)."""
    inputs = Input(shape)
    maps = [layers.Conv2D(1, 5, name=f"map_{number}")(ops.take(inputs, list(seen), axis=-1)) for number, seen in enumerate(CONNECTIONS)]
    return Model(inputs, _activate(layers.Concatenate()(maps), activation))


def distances(classes: int) -> Graph:
    """The paper's radial basis functions: (batch, 84) to minus the squared distance from each digit's drawing, (batch, classes)."""
    inputs = Input([84])
    return Model(inputs, -ops.sum(ops.square(ops.expand_dims(inputs, axis=1) - codes()[:classes]), axis=-1))


def codes() -> list[list[int]]:
    """The ten drawings, 84 numbers each, row by row: 1 for ink and -1 for paper."""
    rows = [line.split() for line in CODES.split("\n") if line]
    return [[1 if point == "#" else -1 for row in rows for point in row[digit]] for digit in range(10)]


def _subsampling(name: str, shape: Sequence[int], pooling: str, activation: str) -> Layer:
    """2×2 become one. The paper's sum times a weight is a mean times a weight, and a bias, in each map: a depthwise convolution of 1×1."""
    if pooling != "trainable":
        return (layers.MaxPooling2D if pooling == "max" else layers.AveragePooling2D)(2, name=name)
    inputs = Input(shape)
    x = layers.DepthwiseConv2D(1, name="weight")(layers.AveragePooling2D(2)(inputs))
    return block(Model(inputs, _activate(x, activation)), name=name)


def _activated(layer: Layer, shape: Sequence[int], activation: str) -> Layer:
    """The layer with its activation: in itself where Keras has it, else in a block."""
    if activation != "scaled_tanh":
        return Layer(layer.type, layer.arguments | {"activation": activation}, layer.name)
    inputs = Input(shape)
    return block(Model(inputs, _activate(Layer(layer.type, layer.arguments)(inputs), activation)), name=layer.name)


def _activate(x: Tensor, activation: str) -> Tensor:
    if activation == "scaled_tanh":
        return ops.tanh(x * 0.666667) * 1.7159
    return layers.Activation(activation)(x)
