"""Expressions: arguments inside a block that are worked out from the block's parameters, such as `4 * filters`.

Numbers, names, `+ - * / // % **` and brackets, and nothing else: a project may come from a stranger.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

KEY = "expression"
LONGEST, LARGEST = 200, 2**53
"""Characters of an expression, and the size of any number on the way."""
_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}


class ExpressionProblem(ValueError):
    """An expression that can't be worked out, as a sentence."""


def expression(text: str) -> dict[str, str]:
    """The argument that is worked out from `text`."""
    return {KEY: text}


def text_of(value: Any) -> str | None:
    """The text of an argument that is an expression, None of any other."""
    return value[KEY] if isinstance(value, dict) and value.keys() == {KEY} and isinstance(value[KEY], str) else None


def has_expression(value: Any) -> bool:
    """Whether an argument is an expression or holds one."""
    return next(texts(value), None) is not None


def texts(value: Any) -> Iterator[str]:
    """The text of every expression in an argument, also of those in its lists and dictionaries."""
    text = text_of(value)
    if text is not None:
        yield text
    elif isinstance(value, list | dict):
        for part in value if isinstance(value, list) else value.values():
            yield from texts(part)


def divides(text: str) -> bool:
    """Whether an expression has a `/`, which gives Python a number with a point and here a whole one where there is no rest. Raises `ExpressionProblem`."""
    return any(isinstance(node, ast.Div) for node in ast.walk(_parsed(text)))


def names(text: str) -> list[str]:
    """The names in an expression, each once, in their order. Raises `ExpressionProblem`."""
    return list(dict.fromkeys(node.id for node in ast.walk(_parsed(text)) if isinstance(node, ast.Name)))


def substituted(value: Any, parameters: Mapping[str, Any]) -> Any:
    """An argument, a list or a dictionary of them, with some names replaced by what is given for them: a value, or another expression."""
    if isinstance(value, list):
        return [substituted(part, parameters) for part in value]
    text = text_of(value)
    if text is None:
        return {key: substituted(part, parameters) for key, part in value.items()} if isinstance(value, dict) else value
    tree = _parsed(text)
    if isinstance(tree.body, ast.Name):
        return parameters.get(tree.body.id, value)
    if not parameters.keys() & set(names(text)):
        return value
    replaced = _Replaced(parameters).visit(tree)
    if any(isinstance(node, ast.Name) for node in ast.walk(replaced)):
        return expression(ast.unparse(replaced))
    return evaluate(ast.unparse(replaced), {})


class _Replaced(ast.NodeTransformer):
    """Puts numbers and expressions in the place of names."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.parameters:
            return node
        value = self.parameters[node.id]
        text = text_of(value)
        return _parsed(text).body if text is not None else _parsed(str(_number(value, node.id))).body


def evaluated(value: Any, parameters: Mapping[str, Any]) -> Any:
    """An argument with its expressions put to their values; any other as it is. Raises `ExpressionProblem`."""
    if isinstance(value, list):
        return [evaluated(part, parameters) for part in value]
    text = text_of(value)
    if text is None:
        return {key: evaluated(part, parameters) for key, part in value.items()} if isinstance(value, dict) else value
    return evaluate(text, parameters)


def evaluate(text: str, parameters: Mapping[str, Any]) -> Any:
    """What an expression gives. A name alone gives the parameter's value, whatever it is; arithmetic takes numbers. Raises `ExpressionProblem`."""
    return _value(_parsed(text).body, text, parameters)


def _parsed(text: str) -> ast.Expression:
    if len(text) > LONGEST:
        raise ExpressionProblem(f"an expression may have {LONGEST} characters, this one has {len(text)}.")
    if "#" in text or len(text.strip().splitlines()) > 1:
        raise ExpressionProblem("an expression is one line without remarks.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionProblem(f"“{text}” is no expression: write something like 4 * filters.") from error
    for node in ast.walk(tree):
        allowed = isinstance(node, ast.Expression | ast.Name | ast.Load | ast.BinOp | ast.UnaryOp | ast.USub | ast.UAdd) or type(node) in _OPERATORS
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            if not abs(node.value) <= LARGEST:
                raise ExpressionProblem(f"“{text}” has too large a number in it.")
        elif not allowed:
            raise ExpressionProblem(f"“{text}” has more in it than numbers, names, brackets and + - * / // % **.")
    return tree


def _value(node: ast.expr, text: str, parameters: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            if name not in parameters:
                known = ", ".join(parameters)
                raise ExpressionProblem(
                    f"the block has no parameter {name!r}; it has {known}." if known else f"the block has no parameter {name!r}, nor any other."
                )
            return parameters[name]
        case ast.UnaryOp(op=sign, operand=operand):
            number = _number(_value(operand, text, parameters), text)
            return -number if isinstance(sign, ast.USub) else number
        case ast.BinOp(left=left, op=sign, right=right):
            return _calculated(type(sign), _number(_value(left, text, parameters), text), _number(_value(right, text, parameters), text), text)
    raise ExpressionProblem(f"“{text}” is no expression.")


def _number(value: Any, text: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpressionProblem(f"“{text}” calculates with {value!r}, which is no number.")
    return value


def _calculated(sign: type[ast.AST], left: int | float, right: int | float, text: str) -> int | float:
    if sign is ast.Pow and (abs(right) > 64 or abs(left) > 2**16):
        raise ExpressionProblem(f"“{text}” gives too large a number.")
    try:
        result = _OPERATORS[sign](left, right)
    except (ZeroDivisionError, OverflowError) as error:
        raise ExpressionProblem(f"“{text}” can't be worked out: {error}.") from error
    if isinstance(result, complex) or not abs(result) <= LARGEST:
        raise ExpressionProblem(f"“{text}” gives too large a number.")
    return int(result) if isinstance(result, float) and sign is ast.Div and result.is_integer() else result
