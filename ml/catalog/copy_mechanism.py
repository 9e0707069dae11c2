"""The pointer-generator: a decoder that writes words of its own, or copies them from what it reads."""

from __future__ import annotations

from collections.abc import Sequence

from ml.catalog.recorder import Input, Model, Tensor, block, layers, ops
from ml.catalog.settings import SettingProblem
from ml.catalog.template import CONTEXT, TARGET, TARGET_VOCABULARY, VOCABULARY, Template
from ml.project.graph import Graph
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

PAGE = """
## What it is
A decoder writes the words that it has, and a name that it never met is none of them. The **pointer-generator** may also copy. For each word it compares
its state with all that was read, as attention does; then a single unit, *p_gen*, says how much of the next word comes from its own vocabulary. The rest
goes to the words of the source, to each as much as it is looked at. Both add up to one distribution, so nobody has to say what is to be copied. Here it
reads news of a journey and writes the headline. It has 63 words; all cities are the same unknown word to it, and those in the held-out news are in no
sentence that it learns from.

## What to watch
*sources* in the Attention panel: a row for each word of the headline; the first column is p_gen, the others are the words of the news. `flight` and
`cancelled` are generated; the news calls them otherwise. Each city has one dark place, where it stands. Days are copied too.

## What to try
- `copying` off, with `known` 543, so that it has all names: none in the held-out headlines is right, and no headline. It writes names that it has met.
- `known` 543 alone: names are copied all the same, by their place, but with so many vectors to learn not half of the headlines are whole after five
  epochs.
- `units` 8: again all names are right, and 4 in 10 headlines whole. Copying is the easy part.

## The paper
A. See, P. Liu, C. Manning, *Get to the point: summarization with pointer-generator networks*, ACL 2017. The `paper` preset has their 50,000 words, vectors
of 128 and 256 units: 21,500,753 weights, of which 1,153 are there to copy. Their *coverage*, against saying a thing twice, is not here.
"""

TEMPLATE = Template(
    id="copy_mechanism",
    title="Pointer-generator",
    family="Recurrent",
    summary="A decoder with attention that chooses, for each word that it writes, between its own vocabulary and a word of the source.",
    page=PAGE,
    recipe=Choice("seq2seq"),
    data=Data("copy_names"),
    training=Training(epochs=5, batch_size=64, optimizer=Choice("Adam", {"learning_rate": 0.005}), schedule=Choice("CosineDecay")),
    presets={
        "lite": {},
        "paper": {
            "known": 50_000,
            "vocabulary": 50_400,
            "target_vocabulary": 50_400,
            "width": 128,
            "units": 256,
            "training.batch_size": 16,
            "training.optimizer": "Adagrad",
            "training.optimizer.learning_rate": 0.15,
            "training.optimizer.initial_accumulator_value": 0.1,
            "training.optimizer.global_clipnorm": 2.0,
            "training.schedule": None,
        },
    },
    parameters=(
        Parameter("width", "int", 32, minimum=1, help="The length of the vector that stands for a word."),
        Parameter("units", "int", 32, minimum=1, help="How many LSTM units read in each direction, and how many write."),
        Parameter("known", "int", 63, minimum=4, help="How many words it has: the first of the vocabulary. It reads any other as the last of them."),
        Parameter("copying", "bool", True, help="Whether it can copy; without, it writes words that it has, and nothing else."),
        CONTEXT,
        VOCABULARY,
        TARGET,
        TARGET_VOCABULARY,
    ),
)


def build(
    shape: Sequence[int] = (18,),
    vocabulary: int = 543,
    target_shape: Sequence[int] = (9,),
    target_vocabulary: int = 543,
    width: int = 32,
    units: int = 32,
    known: int = 63,
    copying: bool = True,
) -> dict[str, Graph]:
    """`model`: source (batch, time) and target so far (batch, length) to the probabilities of the word after each (batch, length, vocabulary).

    What is copied are tokens, so source and target must have the same ones. Raises `SettingProblem` where they have not.
    """
    if vocabulary != target_vocabulary:
        raise SettingProblem(f"copy_mechanism copies words from source to target, and they have {vocabulary} and {target_vocabulary}: try copy_names.")
    known = min(known, vocabulary)
    length = target_shape[0] - 1
    if length < 1:
        raise SettingProblem(f"copy_mechanism writes at least the end after the start: target_shape must be at least [2], not {list(target_shape)}.")
    source = Input(shape, dtype="int32", name="source")
    target = Input([length], dtype="int32", name="target")
    embedding = layers.Embedding(known, width, name="embedding")
    words, told = (embedding(ops.minimum(tokens, known - 1, name=f"{name}_known"), name=name) for tokens, name in ((source, "read"), (target, "told")))
    *memory, context, h, c = block(_encoder(shape[0], width, units), name="encoder")(source, words).outputs(6)
    step = block(decoder_step(shape[0], width, units, copying), name="step")
    steps: list[tuple[Tensor, ...]] = []
    for place in range(length):
        context, h, c, *said = step(told[:, place], context, h, c, *memory).outputs(5 if copying else 4)
        steps.append(tuple(said))
    readouts, *sources = (ops.stack(list(parts), axis=1, name=name) for name, parts in zip(("readouts", "sources"), zip(*steps, strict=True), strict=False))
    generated = layers.Dense(known, activation="softmax", name="vocabulary")(readouts)
    said = _mixed(generated, sources[0], source, vocabulary - known, vocabulary) if copying else generated
    return {"model": Model([source, target], {"next": said})}


def _encoder(time: int, width: int, units: int) -> Graph:
    """Tokens (batch, time) and their words (batch, time, width) to what a decoder needs.

    That is what both readings say at each place (batch, time, 2·units), the same as keys to compare with, where words are (batch, time), and what to begin
    with: a context (batch, 2·units) of zeros, and the state h and c (batch, units).
    """
    source, words = Input([time], dtype="int32", name="source"), Input([time, width], name="words")
    is_there = ops.not_equal(source, 0, name="is_there")
    forward, *ahead = layers.LSTM(units, return_sequences=True, return_state=True, name="forward")(words, mask=is_there).outputs(3)
    backward, *back = layers.LSTM(units, return_sequences=True, return_state=True, go_backwards=True, name="backward")(words, mask=is_there).outputs(3)
    annotations = ops.concatenate([forward, ops.flip(backward, axis=1, name="in_order")], axis=-1, name="both")
    keys = layers.Dense(2 * units, use_bias=False, name="key")(annotations)
    outputs = {"annotations": annotations, "keys": keys, "there": is_there, "context": ops.zeros_like(annotations[:, 0])}
    for name, states in zip("hc", zip(ahead, back, strict=True), strict=True):
        outputs[name] = layers.Dense(units, activation="relu", name=f"reduce_{name}")(layers.Concatenate(name=f"both_{name}")(states))
    return Model([source, words], outputs)


def decoder_step(time: int, width: int, units: int, copying: bool) -> Graph:
    """One word: what was told last (batch, width), the context before (batch, 2·units) and the state, to the next context and state, and what the word is
    made of: the readout (batch, units) and where it comes from (batch, 1 + time), p_gen before what is left for each place of the source.

    See and others 2017, equations 1 to 4 and 8.
    """
    told, before = Input([width], name="told"), Input([2 * units], name="context_before")
    old = [Input([units], name=f"{name}_before") for name in "hc"]
    annotations, keys = Input([time, 2 * units], name="annotations"), Input([time, 2 * units], name="keys")
    is_there = Input([time], dtype="bool", name="there")
    x = layers.Dense(width, name="merge")(layers.Concatenate(name="told_and_context")([told, before]))
    lstm = layers.LSTM(units, return_state=True, unroll=True, name="lstm")
    _, h, c = lstm(ops.expand_dims(x, axis=1, name="one_step"), initial_state=old).outputs(3)
    state = layers.Concatenate(name="state")([c, h])
    query = ops.expand_dims(layers.Dense(2 * units, name="query")(state), axis=1)
    energy = ops.squeeze(layers.Dense(1, use_bias=False, name="v")(ops.tanh(keys + query)), axis=-1, name="energy")
    attention = ops.softmax(ops.where(is_there, energy, -1e9), name="attention")
    context = ops.einsum("bt,btd->bd", attention, annotations, name="weighted_sum")
    readout = layers.Dense(units, name="readout")(layers.Concatenate(name="h_and_context")([h, context]))
    outputs = {"context": context, "h": h, "c": c, "says": readout}
    if copying:
        p_gen = layers.Dense(1, activation="sigmoid", name="p_gen")(layers.Concatenate(name="all")([context, state, x]))
        outputs["comes_from"] = layers.Concatenate(name="generated_or_copied")([p_gen, (1 - p_gen) * attention])
    return Model([told, before, *old, annotations, keys, is_there], outputs)


def _mixed(generated: Tensor, sources: Tensor, source: Tensor, others: int, vocabulary: int) -> Tensor:
    """The probabilities of all words (batch, length, vocabulary), equation 9 of See and others 2017.

    What its own vocabulary says (batch, length, vocabulary - others) counts as much as the first of `sources` (batch, length, 1 + time) says, and each word
    of the source (batch, time) as much as its own.
    """
    copied = ops.matmul(sources[:, :, 1:], ops.one_hot(source, vocabulary, name="which_word"), name="copied")
    extended = ops.pad(generated, [[0, 0], [0, 0], [0, others]], name="extended") if others else generated
    return ops.add(sources[:, :, :1] * extended, copied, name="either")
