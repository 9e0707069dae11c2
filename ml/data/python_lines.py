"""Lines of Python's own standard library, and what each is: the construct that it is or begins, or the module that it is from."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import numpy as np

from ml.data.dataset import Source, Spec
from ml.data.python_tokens import TOKENS
from ml.project.parameters import Parameter

SOURCE = Source(
    id="python_lines",
    title="Python lines",
    family="Text",
    task="classification",
    kind="text",
    help="Lines of Python's standard library, character by character, and what each of them is: an assignment, a call, a loop … or from which module.",
    origin="The source of the Python that runs this, taken apart by its own ast module; other versions differ a little.",
    licence="PSF License",
    parameters=(
        Parameter("label", "choice", "construct", ("construct", "module"), help="What is told: which construct a line is, or from which module it comes."),
        Parameter("length", "int", 48, minimum=16, maximum=200, help="Characters in a sample; longer lines are left out, shorter ones filled up with padding."),
        Parameter("samples", "int", 3000, minimum=100, maximum=10_000, help="How many lines at most, as many of each class where there are so many."),
        Parameter("seed", "int", 0, minimum=0, help="Which lines are drawn."),
    ),
)
FILES = ("argparse", "difflib", "inspect", "pathlib", "shutil", "subprocess", "tarfile", "tempfile", "threading", "typing")
"""The modules whose source is read."""
CONSTRUCTS = {
    "assignment": (ast.Assign, ast.AnnAssign),
    "update": (ast.AugAssign,),
    "call": (ast.Expr,),
    "condition": (ast.If,),
    "loop": (ast.For, ast.While),
    "function": (ast.FunctionDef,),
    "return": (ast.Return,),
    "raise": (ast.Raise,),
    "import": (ast.Import, ast.ImportFrom),
}


def spec(label: str, length: int, samples: int, seed: int) -> Spec:
    return Spec((length,), dtype="int32", vocabulary=len(TOKENS), classes=FILES if label == "module" else tuple(CONSTRUCTS))


def load(label: str, length: int, samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Characters (lines, length), 0 where the line has ended, and the class of each line (lines,)."""
    found: dict[str, int] = {}
    for number, name in enumerate(FILES):
        text = (Path(sysconfig.get_paths()["stdlib"]) / f"{name}.py").read_text("utf-8")
        for line, construct in constructs(text).items():
            if len(line) <= length and all(" " <= character <= "~" for character in line):
                found.setdefault(line, number if label == "module" else construct)
    lines, labels = list(found), np.array(list(found.values()), "int32")
    order = np.random.default_rng(seed).permutation(len(lines))
    each = -(-samples // (labels.max() + 1))
    chosen = np.sort(np.concatenate([order[labels[order] == label][:each] for label in range(labels.max() + 1)]))
    x = np.zeros((len(chosen), length), "int32")
    for row, index in enumerate(chosen):
        x[row, : len(lines[index])] = [ord(character) - 31 for character in lines[index]]
    return x, labels[chosen]


def constructs(text: str) -> dict[str, int]:
    """The lines of a file that hold a whole statement, or the whole head of one, without their indentation, each with the number of its construct."""
    rows = text.split("\n")
    found: dict[str, int] = {}
    for statement in [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]:
        kind = next((number for number, types in enumerate(CONSTRUCTS.values()) if isinstance(statement, types)), None)
        if kind is None or (isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Call)):
            continue
        body = getattr(statement, "body", None)
        ends = body[0].lineno - 1 if body else statement.end_lineno
        row = rows[statement.lineno - 1]
        if ends == statement.lineno and not row[: statement.col_offset].strip():
            found.setdefault(row.strip(), kind)
    return found
