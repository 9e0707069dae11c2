"""Lines of Python with a tag for each character."""

from __future__ import annotations

import io
import tokenize

import numpy as np

from ml import data
from ml.data.preview import preview
from ml.data.python_tokens import TAGS, TOKENS, tagged_lines
from ml.project.project import Data

SMALL = Data("python_tokens", {"samples": 100})


def tags_of(text: str) -> dict[str, list[str]]:
    """Each line of a source with the names of its tags."""
    found = tagged_lines(list(tokenize.generate_tokens(io.StringIO(text).readline)))
    return {line: [TAGS[tag] for tag in tags] for line, tags in found.items()}


def test_a_line_is_tagged_as_tokenize_reads_it() -> None:
    assert tags_of("    if f(x1):\n        pass\n")["if f(x1):"] == [
        *("B-keyword", "I-keyword", "space", "B-call", "B-operator", "B-name", "I-name", "B-operator", "B-operator"),
    ]
    assert tags_of("a = 'b c'  # d\n") == {
        "a = 'b c'  # d": ["B-name", "space", "B-operator", "space", "B-string", *["I-string"] * 4, "space", "space", "B-comment", "I-comment", "I-comment"]
    }


def test_lines_within_a_longer_token_are_left_out() -> None:
    assert list(tags_of('"""One\ntwo\n"""\nthree = 3\n')) == ["three = 3"]


def test_every_character_has_a_tag_and_padding_has_none() -> None:
    dataset = data.load(SMALL)
    assert dataset.x.shape == dataset.y.shape == (100, 40)
    assert np.array_equal(dataset.x == 0, dataset.y == 0)
    spaces = dataset.x == TOKENS.index(" ")
    assert set(np.unique(dataset.y[spaces])) <= {TAGS.index(tag) for tag in ("space", "I-string", "I-comment")}
    assert len({dataset.decode(row) for row in dataset.x}) == 100


def test_the_same_seed_draws_the_same_lines() -> None:
    one, again, other = (data.load(Data("python_tokens", {"samples": 100, "seed": seed})).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_the_preview_shows_the_tags_in_words() -> None:
    shown = preview(1, SMALL)
    assert len(shown.texts) > 10 and any("[keyword]" in text for text in shown.texts)
    assert shown.arrays["counts"].numpy().shape == (3, len(TAGS))
