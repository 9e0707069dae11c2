"""Sequences of bits: what is measured, and at which steps."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ml import data
from ml.project.project import Data
from ml.recipes import bits

COPY = Data("copy", {"samples": 60, "length": 3, "bits": 2})


def measured(answer: keras.KerasTensor, inputs: keras.KerasTensor, from_logits: bool = False) -> dict[str, float]:
    """What is measured of a model on the validation part."""
    dataset = data.load(COPY)
    trainer = bits.trainer({"model": keras.Model(inputs, answer)}, lambda variables: keras.optimizers.SGD(), dataset, from_logits)
    return trainer.evaluate(*bits.arrays(dataset, "validation"), verbose=0, return_dict=True)


def test_who_looks_back_is_always_right() -> None:
    inputs = keras.Input((7, 3))
    found = measured(inputs[:, :3, :2], inputs)
    assert found == pytest.approx({"loss": 0, "accuracy": 1, "whole": 1}, abs=1e-5)


def test_the_last_steps_count_where_a_model_answers_at_every_step() -> None:
    inputs = keras.Input((7, 3))
    dataset = data.load(COPY)
    y = dataset.part("validation")[1]
    found = measured(inputs[:, :, :2], inputs)  # after the mark nothing comes in, so it says 0 always
    assert found["accuracy"] == pytest.approx(np.mean(y == 0)) and found["whole"] == pytest.approx(np.mean((y == 0).all((1, 2))))


@pytest.mark.parametrize("from_logits", [False, True])
def test_who_knows_nothing_pays_one_bit_for_each(from_logits: bool) -> None:
    inputs = keras.Input((7, 3))
    undecided = inputs[:, :3, :2] * 0.0
    assert measured(undecided if from_logits else undecided + 0.5, inputs, from_logits)["loss"] == pytest.approx(np.log(2), rel=1e-5)


def test_what_does_not_fit_is_said() -> None:
    spec, series = data.spec(COPY), [(None, 7, 3)]
    assert not list(bits.problems({"model": (series, [(None, 3, 2)])}, spec))
    assert not list(bits.problems({"model": ([(None, None, 3)], [(None, 7, 2)])}, spec))
    for outputs, said in (([(None, 2)], "at least 3 steps of 2 bits"), ([(None, 2, 2)], "Return sequences"), ([(None, 3, 2)] * 2, "one Input and one Output")):
        assert said in next(iter(bits.problems({"model": (series, outputs)}, spec)))
    assert "[7, 3]" in next(iter(bits.problems({"model": ([(None, 5, 3)], [(None, 3, 2)])}, spec)))
    assert "such as copy" in next(iter(bits.problems({"model": (series, [(None, 3, 2)])}, data.spec(Data("adding")))))
