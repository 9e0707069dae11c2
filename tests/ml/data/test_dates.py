"""Written dates and the same in ISO form."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ml import data
from ml.data import dates
from ml.data.preview import preview
from ml.data.words import target
from ml.project.project import Data

SMALL = Data("dates", {"samples": 300})


@pytest.mark.parametrize(
    ("day", "form", "text"),
    [
        (date(1998, 3, 1), "{day}{th} {month} {year}", "1st march 1998"),
        (date(2012, 12, 12), "{month} {day}{th}, {year}", "december 12th, 2012"),
        (date(2023, 2, 22), "{weekday}, {day} {month} {year}", "wednesday, 22 february 2023"),
        (date(2001, 9, 8), "{number}/{day}/{year}", "9/8/2001"),
        (date(2001, 9, 8), "{day:02}.{number:02}.{year}", "08.09.2001"),
        (date(476, 9, 4), "{short} {day}, {year}", "sep 4, 0476"),
    ],
)
def test_a_day_is_written_as_people_do(day: date, form: str, text: str) -> None:
    assert dates.written(day, form) == text


def test_a_pair_is_one_day_in_two_forms() -> None:
    dataset = data.load(SMALL)
    assert dataset.x.shape == (300, dates.LENGTH) and dataset.y.shape == (300, dates.TARGET_LENGTH)
    for x, y in zip(dataset.x, dataset.y, strict=True):
        day = date.fromisoformat(target(dataset, y, x))
        assert dataset.decode(x) in {dates.written(day, form) for form in dates.FORMS}
    assert len(np.unique(np.concatenate([dataset.x, dataset.y], axis=1), axis=0)) >= 295  # two forms write some days alike


def test_no_way_of_writing_is_longer_than_there_is_room() -> None:
    longest = max(len(dates.written(date(2026, 9, day), form)) for day in range(1, 31) for form in dates.FORMS)
    assert longest == dates.LENGTH == len("wednesday, 30 september 2026")


def test_the_same_seed_draws_the_same_days() -> None:
    one, again, other = (data.load(Data("dates", {"samples": 300, "seed": seed})).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_the_preview_shows_both_forms() -> None:
    assert all("  →  " in text and date.fromisoformat(text.split("  →  ")[1]) for text in preview(1, SMALL).texts)
