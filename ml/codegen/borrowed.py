"""Functions and classes of our own modules as source that runs elsewhere: with what they use, without annotations."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType


@dataclass(frozen=True)
class Borrowed:
    """Source, and the import lines that it needs."""

    source: str
    imports: tuple[str, ...]


def borrow(module: ModuleType, names: Iterable[str]) -> Borrowed:
    """The named things of a module, and all that they use of it, in the module's order. Constants of other modules of ours come with them.

    Raises ValueError where they use anything else of another module of ours: what is borrowed must stand alone.
    """
    text = inspect.getsource(module)
    tree = ast.parse(text)
    defined = {name: node for node in tree.body for name in _names(node)}
    wanted = set(names)
    waiting = list(names)
    while waiting:
        for used in _used(defined[waiting.pop()]) & defined.keys() - wanted:
            wanted.add(used)
            waiting.append(used)
    chosen = [node for node in tree.body if wanted.intersection(_names(node))]
    constants = [part for node in chosen if (part := _constants(node))]
    imports = [ast.unparse(node) for node in chosen if isinstance(node, ast.Import | ast.ImportFrom) and not _constants(node)]
    if ours := [line for line in imports if line.startswith(("from ml", "import ml"))]:
        raise ValueError(f"{module.__name__} can't be written as a script of its own: it uses `{ours[0]}`.")
    sources = [_plain(text, node) for node in chosen if not isinstance(node, ast.Import | ast.ImportFrom)]
    return Borrowed("\n\n\n".join([*(part.source for part in constants), *sources]), (*imports, *(line for part in constants for line in part.imports)))


def _constants(node: ast.stmt) -> Borrowed | None:
    """What a statement imports of another module of ours, if that is nothing but constants."""
    match node:
        case ast.ImportFrom(module=str(name), names=names) if name.startswith("ml.") and all(part.name.isupper() and not part.asname for part in names):
            return borrow(import_module(name), [part.name for part in names])
    return None


def _names(node: ast.stmt) -> list[str]:
    """What a statement of a module defines."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [part.id for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target]) if isinstance(part, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [alias.asname or alias.name for alias in names]
    return []


def _used(node: ast.stmt) -> set[str]:
    """The names that a statement reads, but for those in annotations."""
    hidden = {id(part) for _, annotation in _annotations(node) for part in ast.walk(annotation)}
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and id(part) not in hidden}


def _annotations(node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr]]:
    """Every annotation inside, after what it belongs to."""
    for part in ast.walk(node):
        match part:
            case ast.arg(annotation=annotation) | ast.FunctionDef(returns=annotation) if annotation is not None:
                yield part, annotation
            case ast.AnnAssign(annotation=annotation, value=value) if value is not None:
                yield part, annotation


def _plain(text: str, node: ast.stmt) -> str:
    """The source of a statement without its annotations."""
    data = text.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    start = starts[min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", []))]) - 1]
    cuts = [(start, start, b""), *(_cut(data, starts, owner, annotation) for owner, annotation in _annotations(node))]
    pieces, at = [], start
    for first, last, instead in sorted(cuts):
        pieces += [data[at:first], instead]
        at = last
    return b"".join([*pieces, data[at : _end(node, starts)]]).decode()


def _cut(data: bytes, starts: list[int], owner: ast.AST, annotation: ast.expr) -> tuple[int, int, bytes]:
    """From where to where an annotation reaches, its mark before it included, and what stands there instead."""
    last = _end(annotation, starts)
    before = data[: starts[annotation.lineno - 1] + annotation.col_offset].rstrip()
    first = len(before.removesuffix(b"->").removesuffix(b":").rstrip())
    if isinstance(owner, ast.arg) and data[last:].startswith(b" = "):
        return first, last + len(b" = "), b"="
    return first, last, b""


def _end(node: ast.stmt | ast.expr, starts: list[int]) -> int:
    """Where a node ends, in bytes."""
    return starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
