"""What is borrowed from a module runs alone: with what it uses, without annotations, and otherwise as it was."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.codegen.borrowed import borrow
from ml.data import copy_names, shapes, sorting

SOURCE = '''
from __future__ import annotations

import math
from collections.abc import Iterable
from ml.project.graph import Node

FACTOR = 2
OTHER = 3


def helper(values: Iterable[float], *, scale: dict[str, float] | None = None) -> list[float]:
    """Words – with a dash."""
    found: list[float] = [math.sqrt(v) for v in values]  # kept
    return found


class Thing:
    size: int = 4

    @property
    def twice(self) -> int:
        return FACTOR * self.size


def wanted(
    node: Node,
    count: int = 1,
) -> tuple[float, ...]:
    return (*helper([count]), Thing().twice)


def ours(node):
    return Node("Dense")
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    path = tmp_path / "lender.py"
    path.write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "lender", raising=False)
    return __import__("lender")


def test_it_comes_with_what_it_uses_and_runs(module: types.ModuleType) -> None:
    borrowed = borrow(module, ["wanted"])
    assert borrowed.imports == ("import math",)
    space: dict[str, object] = {}
    exec("\n".join(borrowed.imports) + "\n" + borrowed.source, space)
    assert space["wanted"](None, count=9) == (3.0, 8)  # type: ignore[operator]  # it is the function
    assert "OTHER" not in space


def test_annotations_go_and_words_and_comments_stay(module: types.ModuleType) -> None:
    source = borrow(module, ["wanted"]).source
    assert "def helper(values, *, scale=None):" in source
    assert "found = [math.sqrt(v) for v in values]  # kept" in source
    assert '"""Words – with a dash."""' in source
    assert "def wanted(\n    node,\n    count=1,\n):" in source
    assert "    size = 4" in source


def test_what_needs_our_other_modules_is_refused_in_words(module: types.ModuleType) -> None:
    with pytest.raises(ValueError, match=r"lender can't be written as a script of its own: it uses `from ml.project.graph import Node`"):
        borrow(module, ["ours"])


def test_constants_of_our_other_modules_come_along() -> None:
    space: dict[str, Any] = {}
    borrowed = borrow(copy_names, ["load"])
    assert not any(line.startswith("from ml") for line in borrowed.imports)
    exec("\n".join([*borrowed.imports, borrowed.source]), space)
    for ours, theirs in zip(copy_names.load(40, 0), space["load"](40, 0), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_table_that_says_what_it_holds_comes_along() -> None:
    space: dict[str, Any] = {}
    borrowed = borrow(shapes, ["load"])
    exec("\n".join([*borrowed.imports, borrowed.source]), space)
    arguments = {"samples": 16, "size": 16, "style": "filled", "noise": 0.05, "seed": 0}
    accepted = {parameter.name: parameter.default for parameter in shapes.SOURCE.parameters} | arguments
    for ours, theirs in zip(shapes.load(**accepted), space["load"](**accepted), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_several_constants_of_one_line_come_along() -> None:
    assert "START, END = 1, 2" in borrow(sorting, ["load"]).source
