"""What a template says of itself: an architecture of the field with its data, its training, and its page."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ml.project.parameters import Parameter, problem
from ml.project.project import Choice, Data, Training

SHAPE = Parameter("shape", "list", help="The shape of one sample; the data's where it is not given.")
CLASSES = Parameter("classes", "int", minimum=0, help="How many classes to tell apart, 0 for one number; the data's where it is not given.")
VOCABULARY = Parameter("vocabulary", "int", minimum=2, help="How many different tokens there are; the data's where it is not given.")
CONTEXT = Parameter("shape", "list", help="The number of tokens that are read at once, in a list; the data's where it is not given.")
TARGET = Parameter("target_shape", "list", help="The number of tokens that are written, start and end with them, in a list; the data's where it is not given.")
TARGET_VOCABULARY = Parameter("target_vocabulary", "int", minimum=2, help="How many different tokens can be written; the data's where it is not given.")


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
    """Settings by path (see `ml.catalog.settings`) under `lite`, the default, and `paper`, the published configuration; others under names of their own."""
    parameters: tuple[Parameter, ...]
    """What `build` takes. `shape`, `classes` and `vocabulary` are the data's where they are not set."""

    def problem(self, arguments: dict[str, Any]) -> str | None:
        """What is wrong with these arguments of `build`, as a sentence, or None. A template's lists are lists of sizes."""
        if sentence := problem(self.parameters, arguments):
            return sentence
        for parameter in self.parameters:
            value = arguments.get(parameter.name)
            if parameter.kind == "list" and value is not None and not (isinstance(value, list | tuple) and value and all(map(_is_size, value))):
                return f"{parameter.name} must be a list of sizes such as [32, 64], not {value!r}."
        return None


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
