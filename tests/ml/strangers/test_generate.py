"""The table of what a model's configuration may name is that of the installed Keras."""

from __future__ import annotations

from ml.strangers import generate
from ml.strangers.names import PATH


def test_the_table_is_what_the_installed_keras_has() -> None:
    assert PATH.read_bytes() == generate.encode(generate.names()), "run python -m ml.strangers.generate"
