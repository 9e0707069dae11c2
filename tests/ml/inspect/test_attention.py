"""The lens shows the weights that the model itself uses."""

import keras
import numpy as np
import pytest
from msgspec.structs import replace
from scipy.special import softmax

from ml import catalog, data
from ml.build import build
from ml.events import Array
from ml.inspect.attention import AttentionLens, patches
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project

TEXT = Data("text", {"context": 12})
DIGITS = Data("digits")


def lens(graph, source):
    keras.utils.set_random_seed(0)
    project = Project("test", source, {"model": graph}, Choice("supervised"))
    built = {"model": build(graph, "model")}
    return AttentionLens(project, built, data.load(source)), built["model"]


def read(watched, step):
    event = watched.read(step)
    assert event is not None
    return event


def language_model(type, arguments, block=False):
    """Tokens, an embedding, one attention (in a block where asked for), logits."""
    attention = Node(type, arguments, (Link("embedding"), Link("embedding")))
    if block:
        inside = Graph(
            {"x": Node("Input", {"shape": [12, 16]}), "attention": Node(type, arguments, (Link("x"), Link("x"))), "y": Node("Output", {}, (Link("attention"),))}
        )
        attention = Node("Block", {}, (Link("embedding"),), graph=inside)
    return Graph(
        {
            "tokens": Node("Input", {"shape": [12], "dtype": "int32"}),
            "embedding": Node("Embedding", {"input_dim": 96, "output_dim": 16}, (Link("tokens"),)),
            "mixed": attention,
            "head": Node("Dense", {"units": 96}, (Link("mixed"),)),
            "logits": Node("Output", {}, (Link("head"),)),
        }
    )


CAUSAL = {
    "MultiHeadAttention": {"num_heads": 4, "key_dim": 8, "use_causal_mask": True},
    "GroupQueryAttention": {"head_dim": 8, "num_query_heads": 4, "num_key_value_heads": 2, "use_causal_mask": True},
    "Attention": {"use_causal_mask": True},
    "AdditiveAttention": {"use_causal_mask": True},
}


@pytest.mark.parametrize("block", [False, True])
@pytest.mark.parametrize("type", CAUSAL)
def test_causal_weights_add_up_to_1_and_never_look_ahead(type, block):
    watched, _ = lens(language_model(type, CAUSAL[type], block), TEXT)
    (layer,) = read(watched, 7).layers
    scores = layer.scores.numpy()
    assert layer.name == ("mixed/attention" if block else "mixed")
    assert scores.shape == (4 if "Q" in type or "Multi" in type else 1, 12, 12)
    assert scores.sum(-1) == pytest.approx(1, abs=1e-5)
    assert not np.triu(scores, 1).any()


def test_weights_are_those_of_the_formula():
    watched, built = lens(language_model("MultiHeadAttention", {"num_heads": 2, "key_dim": 8}), TEXT)
    layer = built.layers["mixed"]
    x = built.layers["embedding"](data.load(TEXT).part("validation")[0][3:4]).numpy()[0]
    (query, query_bias), (key, key_bias) = layer.query_dense.get_weights(), layer.key_dense.get_weights()
    queries, keys = (np.einsum("td,dnh->nth", x, kernel) + bias[:, None] for kernel, bias in ((query, query_bias), (key, key_bias)))
    watched.watch(3)
    expected = softmax(queries @ keys.swapaxes(1, 2) / np.sqrt(8), axis=-1)
    assert read(watched, 0).layers[0].scores.numpy() == pytest.approx(expected, abs=1e-5)


def test_attention_made_by_hand_is_seen_and_other_softmax_is_not():
    nodes = {
        "x": Node("Input", {"shape": [8, 8, 1]}),
        "rows": Node("Reshape", {"target_shape": [8, 8]}, (Link("x"),)),
        "scores": Node("ops.matmul", {}, (Link("rows"), Link("rows"))),
        "weights": Node("ops.softmax", {}, (Link("scores"),)),
        "layer": Node("Softmax", {}, (Link("scores"),)),
        "flat": Node("Flatten", {}, (Link("weights"),)),
        "probabilities": Node("Dense", {"units": 10}, (Link("flat"),)),
        "classes": Node("ops.softmax", {}, (Link("probabilities"),)),
        "y": Node("Output", {}, (Link("classes"),)),
    }
    watched, _ = lens(Graph(nodes), DIGITS)
    seen = read(watched, 0)
    picture = data.load(DIGITS).part("validation")[0][0]
    assert [layer.name for layer in seen.layers] == ["weights", "layer"]
    assert seen.layers[0].scores.numpy()[0] == pytest.approx(softmax(picture[..., 0] @ picture[..., 0], axis=-1), abs=1e-5)
    assert seen.picture == Array.of(picture)
    assert seen.grid == (8, 1)


def test_weights_follow_the_training():
    watched, built = lens(language_model("Attention", {"use_scale": True}), TEXT)
    before = read(watched, 0).layers[0].scores
    built.layers["embedding"].set_weights([np.zeros((96, 16))])
    after = read(watched, 1).layers[0].scores
    assert before != after
    assert after.numpy() == pytest.approx(1 / 12)


def test_the_layers_of_shared_nodes_are_used_again():
    graph = language_model("MultiHeadAttention", CAUSAL["MultiHeadAttention"])
    again = Node("MultiHeadAttention", {"use_causal_mask": True}, (Link("mixed"), Link("mixed")), shares="mixed")
    graph = graph.with_node("again", again).linked("head", 0, Link("again"))
    watched, _ = lens(graph, TEXT)
    assert [layer.name for layer in read(watched, 0).layers] == ["mixed", "again"]


def test_tokens_are_named():
    watched, _ = lens(language_model("MultiHeadAttention", CAUSAL["MultiHeadAttention"]), TEXT)
    text = data.load(TEXT)
    assert "".join(read(watched, 0).tokens) == text.decode(text.part("validation")[0][0])


def test_a_short_text_is_shown_without_what_comes_after_it():
    watched, _ = lens(language_model("MultiHeadAttention", CAUSAL["MultiHeadAttention"]), TEXT)
    watched.watch(0, "import")
    seen = read(watched, 0)
    assert "".join(seen.tokens) == "import"
    assert seen.layers[0].scores.shape == (4, 6, 6)
    assert seen.layers[0].scores.numpy().sum(-1) == pytest.approx(1, abs=1e-5)


def test_an_index_past_the_end_begins_again():
    watched, _ = lens(language_model("Attention", {}), TEXT)
    watched.watch(len(data.load(TEXT).parts["validation"]) + 2)
    assert read(watched, 0).probe == 2


def test_a_model_without_attention_shows_nothing():
    nodes = {"x": Node("Input", {"shape": [4]}), "dense": Node("Dense", {"units": 3}, (Link("x"),)), "y": Node("Output", {}, (Link("dense"),))}
    assert lens(Graph(nodes), Data("iris"))[0].read(0) is None


@pytest.mark.parametrize(
    ("shape", "tokens", "grid"),
    [((8, 8, 1), 16, (4, 4)), ((8, 8, 1), 17, (4, 4)), ((8, 8, 1), 64, (8, 8)), ((224, 224, 3), 197, (14, 14)), ((8, 8, 1), 8, (8, 1)), ((8, 8, 1), 7, None)],
)
def test_tokens_are_found_on_the_picture(shape, tokens, grid):
    assert patches(shape, tokens) == grid


def test_every_copy_of_a_repeated_block_shows_its_own_weights():
    graph = language_model("MultiHeadAttention", {"num_heads": 2, "key_dim": 8}, block=True)
    repeated = replace(graph["mixed"], repeat=3)
    watched, _ = lens(graph.with_node("mixed", repeated), TEXT)
    layers = read(watched, 1).layers
    assert [layer.name for layer in layers] == ["mixed_1/attention", "mixed_2/attention", "mixed_3/attention"]
    assert not np.array_equal(layers[0].scores.numpy(), layers[2].scores.numpy())


def test_of_two_sequences_the_alignment_is_over_what_was_read_where_it_is_written():
    pairs = Data("dates", {"samples": 100})
    graph = catalog.new("seq2seq_attention").models["model"]
    watched, _ = lens(graph, pairs)
    watched.watch(3)
    event = read(watched, 1)
    dataset = data.load(pairs)
    x, y = (part[3] for part in dataset.part("validation"))
    read_characters = np.count_nonzero(x)
    assert "".join(event.tokens[:read_characters]) == dataset.decode(x)
    assert event.queries == tuple(dataset.target_tokens[token] for token in y[1:])
    (layer,) = event.layers
    scores = layer.scores.numpy()
    assert layer.name == "alignment" and scores.shape == (1, 11, read_characters)
    np.testing.assert_allclose(scores.sum(-1), 1, atol=1e-5)  # the places after the end, which are cut off, had nothing


def test_pointers_are_over_the_numbers_and_the_end_in_the_order_in_which_they_are_said():
    sets = Data("sorting", {"samples": 100, "length": 6, "shortest": 3})
    watched, _ = lens(catalog.new("pointer_network", settings={"data.length": 6, "units": 8}).models["model"], sets)
    dataset = data.load(sets)
    short = next(index for index, x in enumerate(dataset.part("validation")[0]) if np.count_nonzero(x) == 4)
    watched.watch(short)
    event = read(watched, 1)
    came = [f"{number:g}" for number in dataset.part("validation")[0][short, :4, 0]]
    assert event.tokens == ("end", *came) and event.queries == (*sorted(came, key=float), "end")
    (layer,) = event.layers
    scores = layer.scores.numpy()
    assert layer.name == "pointer/pointers" and scores.shape == (1, 5, 5)
    np.testing.assert_allclose(scores.sum(-1), 1, atol=1e-5)  # nothing points to where no number is
    chosen = [event.tokens.index(number) for number in event.queries]
    assert not any(scores[0, later, place] for said, place in enumerate(chosen) for later in range(said + 1, 5))


def test_where_each_word_comes_from_is_generating_it_or_a_place_in_the_source():
    pairs = Data("copy_names", {"samples": 100})
    watched, _ = lens(catalog.new("copy_mechanism", settings={"data.samples": 100}).models["model"], pairs)
    event = read(watched, 1)
    dataset = data.load(pairs)
    x, y = (part[0] for part in dataset.part("validation"))
    layer = next(layer for layer in event.layers if layer.name == "sources")
    assert layer.keys[0] == "generate" and " ".join(layer.keys[1:]) == dataset.decode(x)
    assert layer.scores.shape == (1, np.count_nonzero(y) - 1, len(layer.keys))
    np.testing.assert_allclose(layer.scores.numpy().sum(-1), 1, atol=1e-5)
