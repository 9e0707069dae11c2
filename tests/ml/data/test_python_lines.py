"""Lines of Python, and what each of them is."""

from __future__ import annotations

import numpy as np

from ml import data
from ml.data.preview import preview
from ml.data.python_lines import CONSTRUCTS, FILES, constructs
from ml.project.project import Data

SMALL = Data("python_lines", {"samples": 300})
SOURCE = '''"""A docstring."""
import os
def f(x,
      y):
    """Another."""
    for a in x:
        a += 1
    if a == b: return b
    while x: pass
    elif_not = print(f"{x}")
    print(elif_not,
          1)
    raise ValueError("x")
'''


def test_a_line_is_what_the_grammar_says() -> None:
    named = {line: list(CONSTRUCTS)[construct] for line, construct in constructs(SOURCE).items()}
    assert named == {
        "import os": "import",
        "for a in x:": "loop",
        "a += 1": "update",
        'elif_not = print(f"{x}")': "assignment",
        'raise ValueError("x")': "raise",
    }, "heads that go over several lines, and lines that hold a head and its body, are left out"


def test_a_line_stands_once_and_a_class_is_not_larger_than_its_share() -> None:
    dataset = data.load(SMALL)
    assert len({dataset.decode(x) for x in dataset.x}) == len(dataset.x) <= 306
    assert np.bincount(dataset.y, minlength=len(CONSTRUCTS)).max() <= 34
    assert set(dataset.y) == set(range(len(CONSTRUCTS)))


def test_a_line_may_be_told_by_its_module() -> None:
    dataset = data.load(Data("python_lines", {"samples": 300, "label": "module"}))
    assert dataset.classes == FILES and np.bincount(dataset.y).min() == 30


def test_the_same_seed_draws_the_same_lines() -> None:
    one, again, other = (data.load(Data("python_lines", {"samples": 300, "seed": seed})).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not (one.shape == other.shape and np.array_equal(one, other))


def test_the_preview_says_what_each_line_is() -> None:
    assert all(text.rsplit("  →  ")[-1] in CONSTRUCTS for text in preview(1, SMALL).texts)
