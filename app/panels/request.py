"""Asking an engine from a control that moves faster than the engine answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ml import events

Request = Callable[[events.Message, Callable[[Any], None]], None]
"""Sends a command and later calls back with the event that answers it."""


class Latest:
    """One question is on its way at a time; of those asked meanwhile only the last one is sent after it."""

    def __init__(self, request: Request, show: Callable[[Any], None]) -> None:
        self._request, self._show = request, show
        self._waiting: events.Message | None = None
        self._under_way = False
        self._round = 0

    @property
    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._under_way

    def ask(self, command: events.Message) -> None:
        """Send this as soon as the engine is free."""
        if self._under_way:
            self._waiting = command
            return
        self._under_way = True
        asked_in = self._round
        self._request(command, lambda event: self._answered(event, asked_in))

    def forget(self) -> None:
        """Expect no answer any more: another run has begun."""
        self._waiting, self._under_way = None, False
        self._round += 1

    def _answered(self, event: events.Message, asked_in: int) -> None:
        if asked_in != self._round:
            return
        self._under_way = False
        if self._waiting is not None:
            command, self._waiting = self._waiting, None
            self.ask(command)
        self._show(event)
