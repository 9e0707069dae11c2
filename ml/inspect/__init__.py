"""What looks inside a model: one file a lens."""

from __future__ import annotations

from typing import Protocol

from ml.events import Message


class Lens(Protocol):
    """What every lens of `Session.lenses` is: made once for a job, and asked at the observing clock."""

    def read(self, step: int) -> Message | None:
        """What is to be seen of the models as they are now, in a bounded size; None where it makes no sense for them. Changes nothing."""
        ...
