"""A causal language model learns to say the next character."""

import keras
import numpy as np
import pytest

from ml import data
from ml.project.project import Data
from ml.recipes import causal_lm

TEXT = Data("text", {"context": 16})


def bigram_model():
    tokens = keras.Input((16,), dtype="int32")
    return keras.Model(tokens, keras.layers.Embedding(96, 96, embeddings_initializer="zeros")(tokens))


def test_an_untrained_model_is_as_good_as_a_guess():
    dataset = data.load(TEXT)
    trainer = causal_lm.trainer({"model": bigram_model()}, lambda variables: keras.optimizers.Adam(), dataset)
    x, y = causal_lm.arrays(dataset, "validation")
    loss, _ = trainer.evaluate(x, y, verbose=0, batch_size=512)
    assert loss == pytest.approx(np.log(96), rel=1e-5)


def test_counted_bigrams_give_the_loss_that_counting_gives():
    dataset = data.load(TEXT)
    x, y = causal_lm.arrays(dataset, "train")
    counts = np.ones((96, 96))
    np.add.at(counts, (x.ravel(), y.ravel()), 1)
    chances = counts / counts.sum(axis=1, keepdims=True)
    model = bigram_model()
    model.set_weights([np.log(chances)])
    trainer = causal_lm.trainer({"model": model}, lambda variables: keras.optimizers.Adam(), dataset)
    x, y = causal_lm.arrays(dataset, "validation")
    loss, accuracy = trainer.evaluate(x, y, verbose=0, batch_size=512)
    assert loss == pytest.approx(-np.log(chances[x, y]).mean(), rel=1e-4)
    assert accuracy == pytest.approx(np.mean(chances[x].argmax(-1) == y), abs=1e-3)


def test_what_does_not_fit_is_said():
    spec = data.spec(TEXT)
    assert list(causal_lm.problems({"model": ([(None, 16)], [(None, 16, 96)])}, spec)) == []
    assert "16 × 96" in next(iter(causal_lm.problems({"model": ([(None, 16)], [(None, 96)])}, spec)))
    assert list(causal_lm.problems({"model": ([(None, 4)], [(None, 3)])}, data.spec(Data("iris")))) == ["A causal language model needs a text."]
