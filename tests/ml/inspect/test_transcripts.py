"""The lens of models that read lines: what they say at every step, and what is read from it."""

from __future__ import annotations

import numpy as np
import pytest

from ml import catalog
from ml.events import Transcripts
from ml.inspect.transcripts import ROOM, TranscriptLens
from ml.training.session import Session

SMALL = {"data.samples": 100, "filters": 2, "units": 4}


@pytest.mark.parametrize("settings", [SMALL, {**SMALL, "data.longest": 20, "data.height": 64}])
def test_lines_are_shown_as_the_model_says_them(settings: dict[str, int]) -> None:
    session = Session(catalog.new("ctc", settings=settings))
    seen = TranscriptLens(session.project, session.built, session.dataset).read(3)
    assert isinstance(seen, Transcripts) and seen.step == 3 and seen.classes[:2] == ("blank", "0")
    x, y = session.dataset.part("validation")
    said = session.models["model"].predict(x, verbose=0)
    assert 1 <= len(seen.lines) <= 9
    for index, line in enumerate(seen.lines):
        np.testing.assert_allclose(line.chances.numpy() / 255, said[index], atol=0.01)
        np.testing.assert_allclose(line.picture.numpy() / 255, x[index], atol=0.01)
        assert line.right == tuple(label for label in y[index] if label)
        best = said[index].argmax(-1)
        assert line.said == tuple(label for step, label in enumerate(best) if label and (not step or label != best[step - 1]))
    assert sum(line.picture.numpy().nbytes + line.chances.numpy().nbytes for line in seen.lines) <= ROOM


def test_other_recipes_have_no_lines() -> None:
    other = Session(catalog.new("cnn"))
    assert TranscriptLens(other.project, other.built, other.dataset).read(0) is None
