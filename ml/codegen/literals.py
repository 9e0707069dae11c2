"""Values and names as Python source."""

from __future__ import annotations

import json
import keyword
import math
import re
from typing import Any

from ml.project.expressions import expression, names, substituted, text_of

RESERVED = frozenset(("keras", "layers", "ops", "np", "tf", "name", "range", "number", "layer", "int"))
"""Names that mean something else in the source."""


class Code(str):
    """A piece of source among values: it is written as it is, not quoted."""


def identifier(name: str, taken: set[str] | frozenset[str] = RESERVED) -> str:
    """A node's name as a name in Python that is not taken."""
    word = re.sub(r"\W", "_", name, flags=re.ASCII)
    word = f"_{word}" if not word or word[0].isdigit() else word
    free = (f"{word}{'_' * bool(n)}{n or ''}" for n in range(len(taken) + 2))
    return next(found for found in free if found not in taken and not keyword.iskeyword(found) and found not in RESERVED)


def parameter_word(name: str) -> str:
    """A block's parameter as a name in Python that means nothing else in the source."""
    return f"{name}_" if name.rstrip("_") in RESERVED or name.startswith("build_") else name


def expression_source(text: str) -> str:
    """An expression as source, which is what was written but for reserved names. Raises `ExpressionProblem`: what comes from a file must not become code."""
    changed = {name: expression(word) for name in names(text) if (word := parameter_word(name)) != name}
    return (text_of(substituted(expression(text), changed)) or text).strip()


def numbered(stem: str) -> Code:
    """The name of a copy as source: `stem` and, counted from one, the `number` of the loop that it is made in."""
    return Code(f'f{literal(stem.replace("{", "{{").replace("}", "}}"))[:-1]}{{number + 1}}"')


def literal(value: Any) -> str:
    """A value as source; what Keras describes as `{"class_name": …, "config": …}` becomes a call where it says of which module it is.

    Raises ValueError for a name that is no name in Python: what comes from a file must not become code.
    """
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, list | tuple):
        inside = ", ".join(map(literal, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        if (text := text_of(value)) is not None:
            return expression_source(text)
        if re.fullmatch(r"keras\.(layers|initializers|regularizers|constraints|losses|metrics)", str(value.get("module"))) and isinstance(
            value.get("config"), dict
        ):
            module = "layers" if value["module"] == "keras.layers" else value["module"]
            return f"{module}.{_word(value.get('class_name'))}({keywords(value['config'])})"
        return "{" + ", ".join(f"{literal(key)}: {literal(part)}" for key, part in value.items()) + "}"
    return repr(value)


def keywords(arguments: dict[str, Any]) -> str:
    """Arguments as they stand in a call. Raises ValueError as `literal` does."""
    return ", ".join(f"{_word(name)}={literal(value)}" for name, value in arguments.items())


def _word(name: Any) -> str:
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"{name!r} is not the name of an argument or a class.")
    return name
