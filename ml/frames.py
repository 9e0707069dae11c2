"""How commands and events travel: each four bytes of length (big endian) and a MessagePack map whose `type` is the struct's name."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import msgspec

from ml.events import Command, Event, Message

_HEADER = struct.Struct(">I")
_DECODERS: dict[Any, msgspec.msgpack.Decoder] = {
    Command: msgspec.msgpack.Decoder(Command),
    Event: msgspec.msgpack.Decoder(Event),
}


def pack(*messages: Message) -> bytes:
    """Messages as frames, one after another."""
    bodies = [msgspec.msgpack.encode(message) for message in messages]
    return b"".join(_HEADER.pack(len(body)) + body for body in bodies)


def unpack(data: bytes, kind: Any) -> Iterator[Any]:
    """The messages in frames (`kind` is `Command` or `Event`). Raises `msgspec.DecodeError` where they are none."""
    decoder, at = _DECODERS[kind], 0
    while at < len(data):
        body = at + _HEADER.size
        if body > len(data):
            raise msgspec.DecodeError("a frame without its length")
        at = body + _HEADER.unpack_from(data, at)[0]
        if at > len(data):
            raise msgspec.DecodeError("a frame that is shorter than it says")
        yield decoder.decode(data[body:at])
