"""A chart as SVG: curves over an axis with round numbers, in colours that a page's style gives to `s0`, `s1` …"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from html import escape

import numpy as np

from ml.runs.measured import best, thinned

WIDTH, HEIGHT = 520, 240
LEFT, RIGHT, TOP, BOTTOM = 58, 24, 12, 30
"""Room around the curves for what is written there."""
MOST = 900
"""Points that are drawn of a curve."""
LARGEST = 1e306
"""What is larger can't be told from what is infinite."""
COLOURS = 10
DOTS = 40
"""Curves with fewer points than this show each of them."""

Points = tuple[np.ndarray, np.ndarray]


def chart(name: str, curves: Mapping[str, Points], across: str) -> str:
    """Curves by their names, (points,) of x and y each, as one SVG element with a legend below; nothing where no value can be drawn.

    `name` is the metric's, which tells what is best; `across` says what the x are.
    """
    finite = {title: (x[ok], y[ok]) for title, (x, y) in curves.items() if (ok := np.isfinite(x) & (np.abs(y) < LARGEST)).any()}
    if not finite:
        return ""
    left, right = _range([x for x, _ in finite.values()])
    low, high = _range([y for _, y in finite.values()])
    margin = 0.04 * (high - low)
    low, high = low - margin, high + margin

    def place(x: np.ndarray, y: np.ndarray) -> Points:
        return (
            LEFT + (x - left) / (right - left) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM),
        )

    parts = [_grid(left, right, low, high, across), *(_curve(name, number, *points, place) for number, points in enumerate(finite.values()))]
    legend = " ".join(f'<span class="s{number % COLOURS}">● {escape(title)}</span>' for number, title in enumerate(finite))
    svg = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}">{"".join(parts)}</svg>'
    return f'<figure class="chart">{svg}<figcaption>{legend}</figcaption></figure>'


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from `low` to `high`, about `most` of them."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first = math.ceil(low / step)
    return [step * number for number in range(first, first + most + 2) if step * number <= high + 1e-9 * step]


def _range(values: list[np.ndarray]) -> tuple[float, float]:
    """From the least to the greatest, and never nothing."""
    low, high = (float(end) for end in (min(part.min() for part in values), max(part.max() for part in values)))
    return (low, high) if high - low > 1e-12 * max(abs(low), abs(high), 1e-12) else (low - max(0.5 * abs(low), 0.5), high + max(0.5 * abs(high), 0.5))


def _grid(left: float, right: float, low: float, high: float, across: str) -> str:
    lines, words = [], []
    for value in ticks(low, high, 5):
        y = HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)
        lines.append(f"M{LEFT} {y:.1f}H{WIDTH - RIGHT}")
        words.append(f'<text x="{LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{value:.4g}</text>')
    for value in ticks(left, right, 6):
        x = LEFT + (value - left) / (right - left) * (WIDTH - LEFT - RIGHT)
        words.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">{f"{value:,.0f}" if right - left > 6 else f"{value:.4g}"}</text>')
    words.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 3}" text-anchor="end">{escape(across)}</text>')
    return f'<path class="grid" d="{"".join(lines)}"/>{"".join(words)}'


def _curve(name: str, number: int, x: np.ndarray, y: np.ndarray, place: Callable[[np.ndarray, np.ndarray], Points]) -> str:
    colour = f"s{number % COLOURS}"
    across, down = place(*thinned(x, y, MOST))
    path = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(across.tolist(), down.tolist(), strict=True))
    found = f'<path class="{colour} line" d="{path}"/>'
    at = best(name, y)
    dots = range(len(across)) if len(across) < DOTS else []
    found += "".join(f'<circle class="{colour}" cx="{across[n]:.1f}" cy="{down[n]:.1f}" r="1.8"/>' for n in dots)
    if at is not None and len(x) > 1:
        a, b = place(x[at : at + 1], y[at : at + 1])
        found += f'<circle class="{colour}" cx="{a[0]:.1f}" cy="{b[0]:.1f}" r="4"><title>best: {y[at]:.4g}</title></circle>'
    return found
