"""What a template says of itself: an architecture of the field with its data, its training, and its page."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Training

SHAPE = Parameter("shape", "list", help="The shape of one sample; the data's where it is not given.")
CLASSES = Parameter("classes", "int", minimum=0, help="How many classes to tell apart, 0 for one number; the data's where it is not given.")
VOCABULARY = Parameter("vocabulary", "int", minimum=2, help="How many different tokens there are; the data's where it is not given.")
CONTEXT = Parameter("shape", "list", help="The number of tokens that are read at once, in a list; the data's where it is not given.")


class Template(Struct, frozen=True):
    """A named architecture. Its module's `build(**parameters)` gives the models' graphs by role."""

    id: str
    """Its file's name."""
    title: str
    family: str
    summary: str
    """One sentence."""
    page: str
    """Markdown with the headings What it is, What to watch, What to try, The paper."""
    recipe: Choice
    data: Data
    training: Training
    presets: dict[str, dict[str, Any]]
    """Settings by path (see `ml.catalog.settings`) under `lite`, the default, and `paper`, the published configuration."""
    parameters: tuple[Parameter, ...]
    """What `build` takes. `shape`, `classes` and `vocabulary` are the data's where they are not set."""
