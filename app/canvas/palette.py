"""The colours of the canvas, light and dark."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Every colour the canvas paints with, as `#rrggbb`."""

    background: str
    grid: str
    card: str
    border: str
    hover: str
    text: str
    muted: str
    faint: str
    link: str
    accent: str
    error: str
    error_card: str
    error_text: str
    shadow: str
    categories: dict[str, str]
    """The strip and the type's name, by the category in the node table, in lower case."""
    other: str
    """For a category that is not named."""

    def category(self, name: str) -> str:
        """The colour of a category, by the first of our words that its name holds."""
        lower = name.lower()
        return next((colour for word, colour in self.categories.items() if word in lower), self.other)


LIGHT = Palette(
    background="#f4f5f8",
    grid="#dde1e9",
    card="#ffffff",
    border="#d5dae3",
    hover="#9aa5b5",
    text="#1d2330",
    muted="#566171",
    faint="#a3acb9",
    link="#9aa5b5",
    accent="#4f55d8",
    error="#c8263a",
    error_card="#fdeceb",
    error_text="#94182a",
    shadow="#12202030",
    categories={
        "operation": "#4e5fa8",
        "input": "#0f766e",
        "output": "#0f766e",
        "block": "#475569",
        "core": "#2563eb",
        "conv": "#6d3fd1",
        "pool": "#0b7fab",
        "attention": "#c2410c",
        "recurrent": "#a1247a",
        "normal": "#3f7d20",
        "regular": "#8a6d0b",
        "activation": "#b45309",
        "reshap": "#5b6b7f",
        "merg": "#0d7a5f",
        "preproc": "#7a5c46",
    },
    other="#5b6b7f",
)

DARK = Palette(
    background="#15181e",
    grid="#252a32",
    card="#20252e",
    border="#363d48",
    hover="#667285",
    text="#e5e8ef",
    muted="#a9b3c1",
    faint="#667285",
    link="#667285",
    accent="#8087f5",
    error="#f2707c",
    error_card="#3d2021",
    error_text="#ffb3ba",
    shadow="#50000000",
    categories={
        "operation": "#9dafff",
        "input": "#45c4b0",
        "output": "#45c4b0",
        "block": "#a3b1c6",
        "core": "#6ea8ff",
        "conv": "#b495ff",
        "pool": "#56c1ea",
        "attention": "#ff9a5c",
        "recurrent": "#f08cc8",
        "normal": "#8fd16a",
        "regular": "#dcc04f",
        "activation": "#f5b04c",
        "reshap": "#a3b1c6",
        "merg": "#4fd0a5",
        "preproc": "#cfae94",
    },
    other="#a3b1c6",
)
