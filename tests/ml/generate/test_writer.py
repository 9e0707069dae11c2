"""A writer draws from the chances that the model gives, whose window it moves along."""

import keras
import numpy as np
import pytest

from ml import data
from ml.generate.writer import Writer
from ml.project.project import Data

CONTEXT = 8


@pytest.fixture(scope="module")
def text():
    return data.load(Data("text", {"context": CONTEXT}))


def alphabet(text, sharpness=50.0):
    """A model that says that after each letter comes the next one of the alphabet."""
    model = bigram(np.zeros((96, 96)))
    tokens = text.encode("abcdefghijklmnopqrstuvwxyz")
    table = np.zeros((96, 96))
    table[tokens, np.roll(tokens, -1)] = sharpness
    model.set_weights([table])
    return model


def bigram(table):
    inputs = keras.Input((CONTEXT,), dtype="int32")
    model = keras.Model(inputs, keras.layers.Embedding(96, 96)(inputs))
    model.set_weights([table])
    return model


def test_it_goes_on_past_the_end_of_the_window(text):
    assert Writer(alphabet(text), text).write("abc", 24) == "defghijklmnopqrstuvwxyza"


def test_a_long_prompt_is_read_from_its_end(text):
    assert Writer(alphabet(text), text).write("the quick brown fox ab", 3) == "cde"


def test_the_likeliest_is_always_taken_at_temperature_0_and_with_top_1(text):
    writer = Writer(alphabet(text, sharpness=1.0), text)
    assert writer.write("x", 5, temperature=0) == "yzabc"
    assert writer.write("x", 5, top_k=1) == "yzabc"
    assert writer.write("x", 5) != "yzabc"


def test_chances_may_be_given_in_place_of_logits(text):
    chances = np.full((96, 96), 1e-4)
    chances[:, text.encode("q")] = 0.99
    assert Writer(bigram(chances), text, from_logits=False).write("", 6) == "qqqqqq"


def test_characters_come_as_often_as_the_model_says(text):
    table = np.full((96, 96), -1e9)
    table[:, text.encode("a")], table[:, text.encode("b")] = np.log(0.8), np.log(0.2)
    writer = Writer(bigram(table), text)
    assert writer.write("a", 2000, seed=1).count("b") / 2000 == pytest.approx(0.2, abs=0.03)
    squared = 0.2**2 / (0.2**2 + 0.8**2)
    assert writer.write("a", 2000, temperature=0.5, seed=1).count("b") / 2000 == pytest.approx(squared, abs=0.03)


def test_tokens_that_the_data_has_not_are_never_drawn(text):
    inputs = keras.Input((CONTEXT,), dtype="int32")
    model = keras.Model(inputs, keras.layers.Embedding(96, 500, embeddings_initializer="zeros")(inputs))
    assert len(Writer(model, text).write("a", 100)) == 100


def test_the_seed_chooses_the_text(text):
    writer = Writer(bigram(np.zeros((96, 96))), text)
    assert writer.write("a", 20, seed=1) == writer.write("a", 20, seed=1) != writer.write("a", 20, seed=2)
