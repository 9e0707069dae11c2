"""What tests of training share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ml.training import loop


@pytest.fixture(scope="module")
def without_xla() -> Iterator[None]:
    """Steps that are not compiled: XLA takes seconds for what such a test trains in less. The catalogue, the whole path and the faults try it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "xla_pays", lambda trainer: False)
        yield
