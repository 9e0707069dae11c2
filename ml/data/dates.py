"""Dates as people write them, and as machines do: `3 March 1998` to `1998-03-03`."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="dates",
    title="Written dates",
    family="Text",
    task="translation",
    kind="pairs",
    help="Dates in a dozen ways of writing them, and the same in the one way of ISO 8601. Translation in small: order, words and numbers change.",
    origin="Drawn from the calendar by a seed; each day at most once in each way of writing.",
    licence="Made by a formula",
    parameters=(
        Parameter("samples", "int", 6000, minimum=100, maximum=50_000, help="How many pairs."),
        Parameter("first_year", "int", 1930, minimum=1, maximum=9000, help="The year in which the dates begin."),
        Parameter("years", "int", 120, minimum=1, maximum=900, help="How many years they are drawn from."),
        Parameter("seed", "int", 0, minimum=0, help="Which days are drawn, and how each is written."),
    ),
)
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FORMS = (
    "{day} {month} {year}",
    "{day}{th} {month} {year}",
    "{month} {day}, {year}",
    "{month} {day}{th}, {year}",
    "{short} {day}, {year}",
    "{day} {short} {year}",
    "{day}.{number}.{year}",
    "{day:02}.{number:02}.{year}",
    "{number}/{day}/{year}",
    "{weekday}, {day} {month} {year}",
    "{weekday} {month} {day} {year}",
    "{year}, {month} {day}",
)
"""With points the day comes first, with strokes the month, as in Europe and in America."""
TOKENS = ("", *" ,./0123456789", *map(chr, range(97, 123)))
"""The vocabulary by token: padding, then what dates are written with."""
TARGET_TOKENS = ("", "<", ">", "-", *"0123456789")
"""Padding, start and end, then what ISO dates are written with."""
LENGTH = 28
"""Characters of the longest, `wednesday, 30 september 2026`."""
TARGET_LENGTH = 12
"""Start, ten characters, end."""


def spec(samples: int, first_year: int, years: int, seed: int) -> Spec:
    return Spec((LENGTH,), dtype="int32", vocabulary=len(TOKENS), target_shape=(TARGET_LENGTH,), target_vocabulary=len(TARGET_TOKENS))


def load(samples: int, first_year: int, years: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Written dates (samples, 28), padded with 0 at the end, and the same days in ISO form (samples, 12), between start and end."""
    random = np.random.default_rng(seed)
    first = date(first_year, 1, 1)
    days = (date(first_year + years, 1, 1) - first).days
    chosen = random.choice(days * len(FORMS), min(samples, days * len(FORMS)), replace=False)
    pairs = [(written(day := first + timedelta(int(index) // len(FORMS)), FORMS[index % len(FORMS)]), day.isoformat()) for index in chosen]
    known, wanted = ({character: token for token, character in enumerate(tokens)} for tokens in (TOKENS, TARGET_TOKENS))
    x = np.array([[known[character] for character in text] + [0] * (LENGTH - len(text)) for text, _ in pairs], "int32")
    y = np.array([[wanted[character] for character in f"<{text}>"] for _, text in pairs], "int32")
    return x, y


def written(day: date, form: str) -> str:
    """A day in one way of writing it."""
    th = "th" if 10 < day.day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    month = MONTHS[day.month - 1]
    return form.format(day=day.day, th=th, month=month, short=month[:3], number=day.month, year=f"{day.year:04}", weekday=DAYS[day.weekday()])
