"""The lens draws what a network would play."""

from __future__ import annotations

import numpy as np

from ml import catalog
from ml.boards import drawn
from ml.events import Picture
from ml.inspect.moves import MovesLens
from ml.training.session import Session


def test_the_boards_are_as_blue_as_the_model_says() -> None:
    session = Session(catalog.new("policy_cnn"))
    seen = MovesLens(session.project, session.built, session.dataset).read(2)
    assert isinstance(seen, Picture) and seen.name == "moves"
    x, y = (array[:40] for array in session.dataset.part("validation"))
    without_dots = drawn(x, session.models["model"].predict(x, verbose=0)).astype(int)
    shown = seen.pixels.numpy().astype(int)
    assert shown.shape == (40, 49, 49, 3)
    same = np.abs(shown - without_dots).max(axis=-1) <= 1
    centre = 8 + 16 * np.arange(3)
    assert all(not same[index, centre[move // 3], centre[move % 3]] for index, move in enumerate(y))
    assert same.mean() > 0.9


def test_other_data_have_no_moves() -> None:
    other = Session(catalog.new("cnn"))
    assert MovesLens(other.project, other.built, other.dataset).read(0) is None
