"""Ways out of an error that lies in the node's own arguments."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from math import gcd, isfinite
from typing import Any

from ml.ops.starting import STARTING
from ml.ops.table import NODE_TYPES
from ml.project.fixes import Argument, Fix
from ml.project.parameters import Parameter
from ml.situation import Situation


def set_to(node: str, name: str, value: Any) -> Fix:
    """The fix that gives an argument another value."""
    said = f'"{value}"' if isinstance(value, str) else "none" if value is None else str(value).lower() if isinstance(value, bool) else value
    return Fix(f"Set {name} of {node} to {said}", (Argument(node, name, value),))


def values(s: Situation) -> Iterator[Fix]:
    """What a parameter may be, where it is out of range or missing; all of them at once, where it is several."""
    found = list(wrong(s))
    yield from found
    if len(found) > 1:
        yield Fix(f"Set all {len(found)} that are wrong", tuple(change for fix in found for change in fix.changes))


def wrong(s: Situation) -> Iterator[Fix]:
    """For each parameter that is wrong by itself, what it may be."""
    kind = NODE_TYPES.get(s.type)
    for parameter in kind.parameters if kind else ():
        given = parameter.name in s.node.arguments
        if given and parameter.problem(s.node.arguments[parameter.name]):
            yield set_to(s.name, parameter.name, _near(parameter, s.node.arguments[parameter.name]))
        elif parameter.required and not given:
            yield set_to(s.name, parameter.name, _begin(parameter))


def _near(parameter: Parameter, value: Any) -> Any:
    """The allowed value nearest to a wrong one."""
    if isinstance(value, float) and not isfinite(value):
        return _begin(parameter) if parameter.required else parameter.default
    if isinstance(value, float) and parameter.kind == "int" and parameter.problem(round(value)) is None:
        return round(value)
    if isinstance(value, str) and value.strip().isdigit() and parameter.problem(int(value)) is None:
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        edges = [type(value)(edge) for edge in (parameter.minimum, parameter.maximum) if edge is not None]
        if fitting := [edge for edge in edges if parameter.problem(edge) is None]:
            return min(fitting, key=lambda edge: abs(edge - value))
    return _begin(parameter) if parameter.required else parameter.default


def _begin(parameter: Parameter) -> Any:
    if parameter.name in STARTING:
        return STARTING[parameter.name]
    return parameter.choices[0] if parameter.choices else {"int": 1, "float": 0.5, "bool": False, "text": "", "list": [1]}.get(parameter.kind)


def spellings(s: Situation) -> Iterator[Fix]:
    """A name that Keras has, for one that is nearly it: `relu` for `rleu`."""
    kind = NODE_TYPES.get(s.type)
    for parameter in kind.parameters if kind else ():
        value = s.node.arguments.get(parameter.name)
        if isinstance(value, str) and parameter.choices and value not in parameter.choices:
            for near in get_close_matches(value, [choice for choice in parameter.choices if isinstance(choice, str)], n=2, cutoff=0.5):
                yield set_to(s.name, parameter.name, near)


def heads(s: Situation) -> Iterator[Fix]:
    """Groups of heads that come out even."""
    if s.type == "GroupQueryAttention":
        count, groups = s.argument("num_query_heads"), s.argument("num_key_value_heads")
        if isinstance(count, int) and isinstance(groups, int) and count > 0 and groups > 0:
            yield set_to(s.name, "num_key_value_heads", gcd(count, groups))
            yield set_to(s.name, "num_query_heads", -(-count // groups) * groups)
