"""How times, rates and measurements are put in words."""

from __future__ import annotations

import math
from typing import Any

from app.forms import written
from ml.project.expressions import text_of

LONGEST = 24
"""A value of more characters is not said in the name of a step."""


def duration(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60} min"


def number(value: float) -> str:
    """A measurement to four digits: `0.03172`, `1,204`, `2.5e-06`."""
    if not math.isfinite(value):
        return str(value)
    if value and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.3g}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def rate(steps_per_second: float) -> str:
    """`3.2 steps/s`, `1,450 steps/s`."""
    return f"{steps_per_second:,.0f} steps/s" if steps_per_second >= 10 else f"{steps_per_second:.2g} steps/s"


def many(count: int, thing: str) -> str:
    """`1 step`, `1,450 steps`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def metric(name: str) -> str:
    """A metric's name for people: `val_kl_loss` is `validation KL loss`."""
    full = f"validation {name[4:]}" if name.startswith("val_") else name
    return " ".join("KL" if word == "kl" else word for word in full.replace("_", " ").split())


def title(name: str) -> str:
    """A metric's name as a heading: `mean_absolute_error` is `Mean absolute error`."""
    said = metric(name)
    return said[:1].upper() + said[1:]


def change(what: str, arguments: dict[str, Any], name: str) -> str:
    """What the step is called after which `what` is `arguments[name]`, or its default: `Change units of dense to 128`, `Reset units of dense`."""
    if name not in arguments:
        return f"Reset {what}"
    value = arguments[name]
    if (formula := text_of(value)) is not None:
        return f"Change {what} to = {formula}"
    said = "none" if value in (None, "") else ("yes" if value else "no") if isinstance(value, bool) else written(value)
    return f"Change {what} to {said}" if len(said) <= LONGEST else f"Change {what}"
