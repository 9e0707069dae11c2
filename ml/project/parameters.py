"""A parameter: one value that a person may set, described well enough to make a form, a flag and a check of it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

KINDS = ("int", "float", "bool", "text", "choice", "list", "file", "folder", "any")
PATHS = ("file", "folder")
"""The kinds that say where something is: the value is a path, as text."""


class Parameter(Struct, frozen=True, omit_defaults=True):
    """One settable value of a node type, a template, a data source, a recipe, an optimizer or a schedule."""

    name: str
    kind: str
    """One of `KINDS`. `list` is a list of numbers, `any` whatever JSON can hold."""
    default: Any = None
    choices: tuple[Any, ...] = ()
    """For kind `choice`: what may stand here; a form offers these and, where `free` is set, anything else too. For `file`: patterns as `*.csv`."""
    free: bool = False
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    help: str = ""
    live: bool = False
    """True where the value may be changed while a run goes on."""
    rare: bool = False
    """True where it is seldom set: a form puts it away until it is wanted."""

    def problem(self, value: Any) -> str | None:
        """What is wrong with `value` for this parameter, as a sentence, or None."""
        match self.kind:
            case "int" if isinstance(value, bool) or not isinstance(value, int):
                return None if self._allows_none(value) else f"{self.name} must be a whole number, not {value!r}."
            case "float" if isinstance(value, bool) or not isinstance(value, int | float):
                return None if self._allows_none(value) else f"{self.name} must be a number, not {value!r}."
            case "bool" if not isinstance(value, bool):
                return f"{self.name} must be true or false, not {value!r}."
            case "choice" if not self.free and value not in self.choices:
                return f"{self.name} must be one of {', '.join(map(str, self.choices))}, not {value!r}."
            case "text" if not isinstance(value, str):
                return None if self._allows_none(value) else f"{self.name} must be text, not {value!r}."
            case "file" | "folder" if not isinstance(value, str) or not value:
                return None if self._allows_none(value) else f"{self.name} must be the path of a {self.kind}, not {value!r}."
        if isinstance(value, int | float):
            if value != value:  # only NaN does that; `math.isnan` fails on very large whole numbers
                return f"{self.name} must be a number, not {value!r}."
            if self.minimum is not None and value < self.minimum:
                return f"{self.name} must be at least {_written(self.minimum)}, not {_written(value)}."
            if self.maximum is not None and value > self.maximum:
                return f"{self.name} must be at most {_written(self.maximum)}, not {_written(value)}."
        return None

    def _allows_none(self, value: Any) -> bool:
        return value is None and self.default is None and not self.required


def _written(number: float) -> str:
    """A number with all its digits: 1000000 and 0.9500001, where six of them would say another one."""
    return str(int(number)) if isinstance(number, int) or (number.is_integer() and abs(number) < 1e15) else str(number)


def problem(parameters: tuple[Parameter, ...], arguments: dict[str, Any]) -> str | None:
    """The first thing that is wrong with `arguments` for `parameters`, as a sentence, or None."""
    known = {parameter.name: parameter for parameter in parameters}
    for name, value in arguments.items():
        if name not in known:
            return f"There is no parameter {name!r}; there are: {', '.join(known) or 'none'}."
        if sentence := known[name].problem(value):
            return sentence
    missing = next((p for p in parameters if p.required and p.name not in arguments), None)
    if missing is None:
        return None
    return f"{missing.name} needs a value." if missing.kind not in PATHS else f"{missing.name} needs a value: choose a {missing.kind}."
