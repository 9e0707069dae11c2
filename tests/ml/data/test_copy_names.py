"""News of journeys, and headlines with names that must be copied."""

from __future__ import annotations

import numpy as np

from ml import data
from ml.data import copy_names
from ml.data.copy_names import DAYS, FORMS, KNOWN, LENGTH, NAMES, STATES, TARGET_LENGTH, VEHICLES, filled
from ml.data.preview import preview
from ml.data.words import described, target
from ml.project.project import Data

SMALL = Data("copy_names", {"samples": 600})


def test_a_headline_says_in_words_of_its_own_what_the_news_says_and_names_the_same_cities() -> None:
    dataset = data.load(SMALL)
    for x, y in zip(dataset.x, dataset.y, strict=True):
        words, (day, _, vehicle, start, _, end, state) = [dataset.tokens[token] for token in x], [dataset.tokens[token] for token in y[1:-1]]
        news = dataset.decode(x)
        assert {day, start, end} <= set(words) and start != end
        assert vehicle in {VEHICLES[word] for word in words if word in VEHICLES} and state in {STATES[said] for said in STATES if said in news}
        assert any(news == " ".join(filled(form, names, vehicle=v, state=s, day=day)) for form, names, v, s in ways(words, start, end, vehicle, state))


def ways(words, start, end, vehicle, state):
    """Every form with all that the headline leaves open."""
    others = [word for word in words if word in NAMES and word not in (start, end)]
    names = {"{start}": start, "{end}": end, "{other}": others[0] if others else ""}
    return ((form, names, v, s) for form in FORMS for v in VEHICLES if VEHICLES[v] == vehicle for s in STATES if STATES[s] == state)


def test_no_city_of_one_part_is_in_another() -> None:
    dataset = data.load(SMALL)
    cities = {part: {token for token in dataset.part(part)[0].flat if token >= KNOWN} for part in dataset.parts}
    assert all(len(found) > 60 for found in cities.values())
    assert sum(map(len, cities.values())) == len(set.union(*cities.values())) <= len(NAMES)


def test_no_sentence_is_longer_than_there_is_room() -> None:
    names: dict[str, str] = dict.fromkeys(("{start}", "{end}", "{other}"), "Addis Ababa")
    longest = max(len(filled(form, names, vehicle="plane", state=state, day=DAYS[0])) for form in FORMS for state in STATES)
    assert longest == LENGTH
    assert len(filled(copy_names.HEADLINE, names, vehicle="bus", state="late", day=DAYS[0])) + 2 == TARGET_LENGTH


def test_the_same_seed_makes_the_same_sentences() -> None:
    one, again, other = (data.load(Data("copy_names", {"samples": 200, "seed": seed})).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_the_preview_shows_words_with_blanks_between_them() -> None:
    dataset = data.load(SMALL)
    text = preview(1, SMALL).texts[0]
    assert text == described(dataset, *(array[dataset.parts["train"][0]] for array in (dataset.x, dataset.y)))
    first = dataset.parts["train"][0]
    assert text.endswith(f"  →  {target(dataset, dataset.y[first], dataset.x[first])}") and " to " in text.split("  →  ")[1]
