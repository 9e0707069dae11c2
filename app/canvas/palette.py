"""The colours of the canvas, light and dark."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NoteColours:
    """A note's paper, its edge, and the ink of a frame's title."""

    fill: str
    line: str
    ink: str


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
    notes: dict[str, NoteColours]
    """By the names that notes are coloured with; the first where none is named."""

    def note(self, name: str) -> NoteColours:
        """The colours of a note, by its colour's name; of one that nobody knows, the first."""
        return self.notes.get(name, next(iter(self.notes.values())))

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
    notes={
        "yellow": NoteColours("#fff6d6", "#dcc06a", "#755800"),
        "green": NoteColours("#e2f3e3", "#7fbd8a", "#1d6332"),
        "blue": NoteColours("#e3edfb", "#86aee6", "#1d509c"),
        "purple": NoteColours("#eee7fb", "#ae97de", "#573aa0"),
        "pink": NoteColours("#fce6ee", "#df94b2", "#982657"),
        "grey": NoteColours("#e9edf2", "#a7b2c1", "#475569"),
    },
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
    notes={
        "yellow": NoteColours("#39331f", "#8a7637", "#f0d98a"),
        "green": NoteColours("#1d3325", "#447c55", "#9bdcae"),
        "blue": NoteColours("#1d2d45", "#456ea8", "#a3c8ff"),
        "purple": NoteColours("#2e2745", "#6f5aa6", "#cdb8ff"),
        "pink": NoteColours("#3b232f", "#9a546f", "#ffb0cc"),
        "grey": NoteColours("#292f39", "#5c6778", "#c3ccd8"),
    },
)
