"""Subscripts as text: what stands between the brackets of `x[:, 0]`, to the key that NumPy and Keras take, and back."""

from __future__ import annotations

import ast
from typing import Any


def parse(text: str) -> Any:
    """`":, 0"` to `(slice(None), 0)`. Raises `ValueError` with a sentence where it is no subscript of numbers, slices, `...` and `None`."""
    try:
        tree = ast.parse(f"x[{text}]", mode="eval").body
        if not isinstance(tree, ast.Subscript) or not isinstance(tree.value, ast.Name):
            raise ValueError
        return _key(tree.slice)
    except (SyntaxError, ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"{text!r} is not a subscript such as ':, 0', '..., 1:3' or '::2'.") from error


def text(key: Any) -> str:
    """`(slice(None), 0)` to `":, 0"`. Raises `ValueError` for a key that is not made of numbers, slices, `...` and `None`."""
    if isinstance(key, tuple):
        return ", ".join(map(text, key)) + ("," if len(key) == 1 else "")
    if isinstance(key, slice):
        start, stop, step = ("" if part is None else text(part) for part in (key.start, key.stop, key.step))
        return f"{start}:{stop}" + (f":{step}" if step else "")
    if key is Ellipsis:
        return "..."
    if key is None or isinstance(key, int):
        return str(key)
    raise ValueError(f"A subscript can't hold {key!r}.")


def _key(tree: ast.expr) -> Any:
    match tree:
        case ast.Tuple(elts=parts):
            return tuple(map(_key, parts))
        case ast.Slice(lower=start, upper=stop, step=step):
            return slice(*(None if part is None else _number(part) for part in (start, stop, step)))
        case ast.Constant(value=value) if value is Ellipsis or value is None:
            return value
    return _number(tree)


def _number(tree: ast.expr) -> int:
    value = ast.literal_eval(tree)
    if type(value) is not int:
        raise ValueError
    return value
