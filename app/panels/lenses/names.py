"""Which names of layers, classes and tokens a line has room for, and how short they have to be."""

from __future__ import annotations

from collections.abc import Sequence

NAME = 20
"""Letters of a layer's name that an axis has room for."""
FEWEST = 7
"""In fewer letters nothing is named."""


def with_room(middles: Sequence[float], widths: Sequence[float]) -> list[int]:
    """Which of words of these widths, each about its middle, can stand in a line: from the left all that don't touch the one before."""
    found: list[int] = []
    end = float("-inf")
    for index, (middle, width) in enumerate(zip(middles, widths, strict=True)):
        if middle - width / 2 >= end:
            found.append(index)
            end = middle + width / 2
    return found


def fitting(names: Sequence[str], letters: int) -> list[str]:
    """Names in so many letters each, or where those are too few their numbers."""
    shortened = [_short(name, min(NAME, letters)) for name in names]
    return shortened if letters >= FEWEST and len(set(shortened)) == len(set(names)) else [str(number) for number in range(1, len(names) + 1)]


def _short(name: str, letters: int) -> str:
    return name if len(name) <= letters else f"{name[: letters // 2 - 1]}…{name[-(letters // 2) :]}"
