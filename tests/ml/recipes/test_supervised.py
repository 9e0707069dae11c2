"""A model of several outputs for one label: the first is measured, the others help to train."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from ml import catalog, recipes
from ml.check import Checker
from ml.data.dataset import Spec
from ml.training.session import Session
from tests.test_catalog import weights

HEADS = {"auxiliary": True, "blocks": [1, 1, 1], "normalization": "none", "data.samples": 160}


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(catalog.new("googlenet", settings=HEADS))


def test_the_loss_of_each_other_output_counts_three_tenths_while_it_trains(session: Session) -> None:
    trainer, _, _ = session.trainer()
    x, y = session.recipe.arrays(session.dataset, "train")
    first, other = (keras.ops.convert_to_numpy(said)[np.arange(len(y)), y] for said in trainer(x))
    losses = [trainer.compute_loss(x, y, trainer(x), training=training) for training in (True, False)]
    alone = -np.log(first).mean()
    np.testing.assert_allclose(losses, [alone - 0.3 * np.log(other).mean(), alone], rtol=1e-5)


def test_a_step_reaches_every_head_and_measures_the_first(session: Session) -> None:
    _, _, loop = session.trainer()
    head = session.models["model"].get_layer("head_4a")
    before = weights(head)
    loop.begin(0)
    logs, _ = loop.run(0, 1)
    assert set(logs) == {"loss", "accuracy"}
    assert all(not np.array_equal(old, new) for old, new in zip(before, weights(head), strict=True))


def test_outputs_of_different_shapes_are_refused() -> None:
    ends = {"model": ([(None, 8)], [(None, 3), (None, 4)])}
    assert "differ: 3, 4" in next(iter(recipes.recipe("supervised").problems(ends, Spec((8,), classes=("a", "b", "c"), task="classification"))))


def test_several_outputs_are_no_problem() -> None:
    assert Checker().check(catalog.new("googlenet", settings=HEADS)).problems == ()
