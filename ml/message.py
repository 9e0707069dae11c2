"""What every command and event is."""

from __future__ import annotations

import msgspec


class Message(msgspec.Struct, frozen=True, tag=True, tag_field="type"):
    """Abstract. A typed value that goes between the window and an engine."""
