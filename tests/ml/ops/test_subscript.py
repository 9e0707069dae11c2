"""Subscripts as text mean what Python means by them."""

from __future__ import annotations

import numpy as np
import pytest

from ml.ops import subscript

X = np.arange(24).reshape(2, 3, 4)


@pytest.mark.parametrize("text", ["0", ":, 0", "..., 1:3", "::2", ":, -1, None", "::-1", "1:", "...", "0,"])
def test_a_subscript_picks_what_python_picks(text: str) -> None:
    np.testing.assert_array_equal(X[subscript.parse(text)], eval(f"X[{text}]"))
    assert subscript.parse(subscript.text(subscript.parse(text))) == subscript.parse(text)


@pytest.mark.parametrize("text", ["", "a", "0]+x[1", "1.5", "'a'", "__import__('os')", "True", "(1", "[0]"])
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="not a subscript"):
        subscript.parse(text)
