"""The main line of a network: the longest way from its beginning to its end, with what leaves it and comes back."""

from __future__ import annotations

from itertools import pairwise

from app.canvas.layout.parts import Net


def main_line(net: Net) -> list[str]:
    """The names on the longest way."""
    before: dict[str, list[str]] = {name: [] for name in net.names}
    for a, b in sorted(net.links):
        before[b].append(a)
    length: dict[str, int] = {}
    best: dict[str, str | None] = {}
    for name in net.names:
        best[name] = max(before[name], key=lambda feeder: length[feeder], default=None)
        feeder = best[name]
        length[name] = 1 + (length[feeder] if feeder is not None else 0)
    here: str | None = max(net.names, key=lambda name: length[name], default=None)
    found: list[str] = []
    while here is not None:
        found.append(here)
        here = best[here]
    return found[::-1]


def detours(net: Net, line: list[str]) -> list[tuple[str, str]]:
    """Every way past the main line, as where it leaves the line and where it comes back; a link that skips is one too."""
    on = set(line)
    after: dict[str, list[str]] = {name: [] for name in net.names}
    for a, b in sorted(net.links):
        after[a].append(b)
    back: dict[str, set[str]] = {}
    for name in reversed(net.names):
        back[name] = {end for other in after[name] for end in ({other} if other in on else back[other])}
    next_on = dict(pairwise(line))
    place = {name: index for index, name in enumerate(line)}
    return [(name, end) for name in line for end in sorted(back[name], key=lambda end: place[end]) if end != next_on.get(name)]
