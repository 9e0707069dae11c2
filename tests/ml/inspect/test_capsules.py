"""The lenses show what is painted from a capsule, and what each of its numbers does."""

from __future__ import annotations

import numpy as np
import pytest

from ml import catalog
from ml.events import Picture
from ml.inspect.capsules import DimensionsLens, ReconstructionLens
from ml.training.session import Session


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(catalog.new("capsnet"))


def seen(lens: type[ReconstructionLens] | type[DimensionsLens], session: Session) -> np.ndarray:
    picture = lens(session.project, session.built, session.dataset).read(7)
    assert isinstance(picture, Picture) and picture.step == 7
    return picture.pixels.numpy()


def test_each_number_is_changed_alone_in_eleven_steps(session: Session) -> None:
    pixels = seen(DimensionsLens, session).reshape(16, 11, 8, 8, 1).astype(int)
    assert np.abs(pixels[:, 5] - pixels[0, 5]).max() <= 1
    reconstruction = seen(ReconstructionLens, session)[8].astype(int)
    assert np.abs(pixels[0, 5] - reconstruction).max() <= 1
    assert all(np.abs(row[0] - row[10]).max() > 0 for row in pixels)


def test_a_picture_is_above_its_reconstruction(session: Session) -> None:
    pixels = seen(ReconstructionLens, session).reshape(4, 2, 8, 8, 8, 1)
    shown = np.rint(session.dataset.part("validation")[0][:32] * 255).reshape(4, 8, 8, 8, 1)
    np.testing.assert_array_equal(pixels[:, 0], shown)


def test_other_recipes_have_nothing_of_it() -> None:
    other = Session(catalog.new("cnn"))
    assert DimensionsLens(other.project, other.built, other.dataset).read(0) is None
