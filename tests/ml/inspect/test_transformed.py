"""The lens shows the pictures that a model makes before it reads them, where it makes any."""

from __future__ import annotations

import numpy as np
import pytest

from ml import catalog
from ml.events import Picture
from ml.generate.painter import to_pixels
from ml.inspect.transformed import TransformedLens
from ml.training.session import Session


def lens(template: str) -> tuple[TransformedLens, Session]:
    session = Session(catalog.new(template))
    return TransformedLens(session.project, session.built, session.dataset), session


def test_a_transformer_that_has_learned_nothing_shows_each_picture_twice() -> None:
    transformed, session = lens("spatial_transformer")
    seen = transformed.read(3)
    assert isinstance(seen, Picture) and (seen.name, seen.step) == ("transformed", 3)
    rows = seen.pixels.numpy().reshape(4, 2, 8, 28, 28, 1)
    np.testing.assert_array_equal(rows[:, 0].reshape(32, 28, 28, 1), to_pixels(session.dataset.part("validation")[0][:32]))
    assert np.abs(rows[:, 0].astype(int) - rows[:, 1]).max() <= 1


def test_what_the_transformer_learns_is_seen() -> None:
    transformed, session = lens("spatial_transformer")
    affine = session.built["model"].layers["localization/affine"]
    affine.bias.assign([0.0, -1, 0, 1, 0, 0])
    seen = transformed.read(0)
    assert isinstance(seen, Picture)
    before, after = seen.pixels.numpy()[0], seen.pixels.numpy()[8]
    assert np.abs(np.rot90(before).astype(int) - after).max() <= 1 or np.abs(np.rot90(before, -1).astype(int) - after).max() <= 1


@pytest.mark.parametrize("template", ["cnn", "mlp", "vae", "gpt"])
def test_other_models_have_nothing_to_show(template: str) -> None:
    assert lens(template)[0].read(0) is None
