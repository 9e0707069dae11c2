"""Events that show what a run is after a step: what it makes, what goes on in its models, and what they say. Each has a `step` and a bounded size."""

from __future__ import annotations

import msgspec

from ml.array import Array
from ml.message import Message


class Picture(Message, frozen=True):
    """Pictures made while training. `name` is what they are (`samples`, `reconstructions`); pixels are (n, height, width, channels) of uint8."""

    name: str
    step: int
    pixels: Array


class AttentionLayer(msgspec.Struct, frozen=True):
    """The weights of one layer: (heads, queries, keys), each row adding up to 1."""

    name: str
    scores: Array
    keys: tuple[str, ...] = ()
    """Labels of its keys, where they are others than the example's `tokens`."""


class Attention(Message, frozen=True):
    """Attention on the probe example, every layer of it. `tokens` label queries and keys; over a picture, `picture` holds it (h, w, c), 0 to 1."""

    step: int
    layers: tuple[AttentionLayer, ...]
    tokens: tuple[str, ...] = ()
    picture: Array | None = None
    grid: tuple[int, int] | None = None
    """Over a picture: how many patches down and across the tokens are; where there is one token more, the first is the class token."""
    probe: int = 0
    queries: tuple[str, ...] = ()
    """Labels of the queries, where they are of another sequence than the keys."""
    about: str = ""
    """What the example asks and what is right, where neither queries nor keys say it."""


class Glance(msgspec.Struct, frozen=True):
    """Many numbers at a glance, of a sample of at most some thousand of them. Where none is finite, mean, deviation and ends are 0."""

    name: str
    """What they are: `output`, or a weight as its layer calls it, `kernel` or `query/bias`."""
    shape: tuple[int, ...]
    """Of all of them; of an output without the batch."""
    mean: float
    deviation: float
    low: float
    high: float
    zeros: float
    """Which part of them is 0."""
    odd: float
    """Which part of them is no finite number."""
    counts: Array
    """(bins,) of uint8: a histogram from `low` to `high`, its highest bin at 255."""
    maps: Array
    """(n, height, width) of uint8, made smaller where that was needed: 0 is `low`, 255 is `high`. A picture's channels or a kernel's filters are maps."""


class InsideLayer(msgspec.Struct, frozen=True):
    """One layer on the probe example: the path of its node in its role's graph, what it computes, and its weights."""

    role: str
    name: str
    type: str
    output: Glance
    weights: tuple[Glance, ...] = ()


class Inside(Message, frozen=True):
    """What goes on inside of the models on the probe example, layer by layer in the order in which they are computed; about 100 KB at the most."""

    step: int
    layers: tuple[InsideLayer, ...]
    probe: int = 0


class Region(msgspec.Struct, frozen=True):
    """What a model says everywhere in a plane, and where samples lie in it: two columns of the data, or the two outputs of a layer."""

    role: str
    layer: str
    """The path of the layer whose outputs span the plane; nothing where it is the data's own."""
    axes: tuple[str, str]
    """The names of the two columns, or of the two outputs: across and up."""
    low: tuple[float, float]
    high: tuple[float, float]
    shades: Array
    """(classes, height, width) of uint8: each class's probability, 255 is 1; of two classes only the second's; the bottom row first.

    Of a number (1, height, width) from the event's `low` to its `high`. Without maps where what the model says does not rest on this layer alone.
    """
    points: Array
    """(n, 2) of float32: where the samples lie."""
    said: Array
    """(n,): what the model says of each sample, a class (int32) or a number (float32)."""
    means: Array | None = None
    """Of a model that fitted a Gaussian cloud to each class: (classes, 2) of float32, where they lie in the plane."""
    covariance: Array | None = None
    """(2, 2) of float32, that of all of them in the plane."""


class Regions(Message, frozen=True):
    """Decision regions, of every model that says a class or a number of few numbers; some tens of kilobytes."""

    step: int
    regions: tuple[Region, ...]
    labels: Array
    """(n,): the samples' classes (int32) or targets (float32, in their own unit). The samples are of the training part."""
    classes: tuple[str, ...] = ()
    """None of a number."""
    features: tuple[str, ...] = ()
    """The names of all columns of the data."""
    across: int = 0
    up: int = 1
    """Which columns span the data's plane; the others are at their medians."""
    low: float = 0.0
    high: float = 1.0
    """Of a number: between which values `shades` lie."""


class Mistake(msgspec.Struct, frozen=True):
    """A sample that is told wrong: its number in its part, its class, what is said of it and with which probability."""

    index: int
    label: int
    said: int
    sure: float
    picture: Array | None = None
    """Of a picture (height, width, channels) of uint8, made smaller where that was needed."""
    text: str = ""
    """Of a text its beginning."""


class Told(msgspec.Struct, frozen=True):
    """What one model says of the samples of a part."""

    role: str
    confusion: Array
    """(classes, classes) of int32: how many of the row's class are said to be of the column's; of a number (0, 0)."""
    curves: tuple[Array, ...] = ()
    """ROC curves, each (2, n) of float32, false positives and true positives; of two classes the second's, of more each class's against the others."""
    areas: tuple[float | None, ...] = ()
    """Under the curves; None where the samples are all of one side."""
    worst: tuple[Mistake, ...] = ()
    """Those whose own class has the least probability, the worst first."""
    numbers: Array | None = None
    """Of a number: what is said of each sample, (n,) of float32 in the target's own unit."""


class Mistakes(Message, frozen=True):
    """What the models say of samples that they don't learn from, and what of that is wrong."""

    step: int
    told: tuple[Told, ...]
    part: str
    """Of which the samples are: `validation`, or `train` where there is no other."""
    count: int
    """How many there are."""
    classes: tuple[str, ...] = ()
    """None of a number."""
    targets: Array | None = None
    """Of a number: (n,) of float32 in the target's own unit."""


class Forecast(Message, frozen=True):
    """How a model goes on with a series by itself, what it said given back to it as if it had been seen."""

    step: int
    seen: Array
    """(time,) of float32: where it begins."""
    said: Array
    """(steps,) of float32."""
    right: Array
    """(steps,) of float32: how the series went on."""


class LayerGradient(msgspec.Struct, frozen=True):
    """What one layer is told to change: the norm of the gradient with respect to its `count` trained weights."""

    role: str
    name: str
    """The path of its node in its role's graph."""
    type: str
    norm: float
    count: int


class Gradients(Message, frozen=True):
    """The gradients that a training step would follow, layer by layer in the order in which they are computed."""

    step: int
    layers: tuple[LayerGradient, ...]
    samples: int
    """How many samples they are of: always the same ones."""


class RecurrentLayer(msgspec.Struct, frozen=True):
    """One recurrent layer over time, at most its first 32 units and the last 96 steps: of each kind of value (a gate, `cell`, `state`) (time, units)."""

    name: str
    type: str
    values: dict[str, Array]
    reach: Array
    """(time,): the norm of the gradient of half the squared last state with respect to the state at each step."""


class Recurrent(Message, frozen=True):
    """What goes on in recurrent layers on the probe example. `tokens` or `series` (time, features) is what they read, as far as it is shown."""

    step: int
    layers: tuple[RecurrentLayer, ...]
    tokens: tuple[str, ...] = ()
    series: Array | None = None
    features: tuple[str, ...] = ()
    probe: int = 0


class Text(Message, frozen=True):
    """Text made while training."""

    name: str
    step: int
    text: str


class Transcript(msgspec.Struct, frozen=True):
    """One line as a model reads it: `said` and `right` are labels in their order, without blanks."""

    picture: Array
    """(height, width, channels) of uint8."""
    chances: Array
    """(time, classes) of uint8: the probability of the blank, which is class 0, and of each label at every step; 255 is 1."""
    said: tuple[int, ...]
    right: tuple[int, ...]


class Transcripts(Message, frozen=True):
    """Lines that the model does not learn from, as it reads them."""

    step: int
    lines: tuple[Transcript, ...]
    classes: tuple[str, ...]
    """The names of the blank and of the labels; the model may say more of them than there are names."""


Snapshot = Picture | Attention | Forecast | Gradients | Inside | Mistakes | Recurrent | Regions | Text | Transcripts
"""What is to be seen of a run after a step: of each type (and, where there is one, name) the latest is shown, and all together are the run's film."""
