"""Python's own standard library, line by line: of each character, what kind of token it is in, as the `tokenize` module says."""

from __future__ import annotations

import keyword
import sysconfig
import tokenize
from itertools import pairwise
from pathlib import Path

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="python_tokens",
    title="Python tokens",
    family="Text",
    task="tagging",
    kind="text",
    help="Lines of Python's standard library. Each character has a tag: in what kind of token it is, and whether it begins it (B) or is inside of it (I).",
    origin="The source of the Python that runs this, labelled by its own tokenize module; other versions differ a little.",
    licence="PSF License",
    parameters=(
        Parameter(
            "length", "int", 40, minimum=8, maximum=200, help="Characters in a sample; longer lines are left out, shorter ones are filled up with padding."
        ),
        Parameter("samples", "int", 3000, minimum=20, maximum=4000, help="How many lines, each different from the others; of short lines there are fewer."),
        Parameter("seed", "int", 0, minimum=0, help="Which lines are drawn."),
    ),
)
FILES = ("argparse", "difflib", "inspect", "pathlib", "typing", "zipfile")
"""The modules whose source is read."""
KINDS = ("keyword", "call", "name", "number", "string", "comment", "operator")
"""A call is a name with an opening parenthesis after it."""
TAGS = ("padding", "space", *(f"{place}-{kind}" for kind in KINDS for place in "BI"))
TOKENS = ("", *map(chr, range(32, 127)))
"""The vocabulary by token: padding, then printable ASCII."""


def spec(length: int, samples: int, seed: int) -> Spec:
    return Spec((length,), dtype="int32", vocabulary=len(TOKENS), classes=TAGS)


def load(length: int, samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Characters (lines, length), and the tag of each (lines, length); both are 0 where the line has ended."""
    lines: dict[str, list[int]] = {}
    for name in FILES:
        with (Path(sysconfig.get_paths()["stdlib"]) / f"{name}.py").open("rb") as file:
            for line, tags in tagged_lines(list(tokenize.tokenize(file.readline))).items():
                if 0 < len(line) <= length and all(" " <= character <= "~" for character in line):
                    lines[line] = tags
    texts = list(lines)
    chosen = [texts[index] for index in np.random.default_rng(seed).permutation(len(texts))[:samples]]
    x, y = np.zeros((2, len(chosen), length), "int32")
    for row, line in enumerate(chosen):
        x[row, : len(line)] = [ord(character) - 31 for character in line]
        y[row, : len(line)] = lines[line]
    return x, y


def tagged_lines(tokens: list[tokenize.TokenInfo]) -> dict[str, list[int]]:
    """The lines of a file that hold whole tokens alone, without their indentation, each with a tag for each of its characters."""
    rows: dict[int, list[int]] = {}
    texts: dict[int, str] = {}
    broken = {row for token in tokens if token.start[0] != token.end[0] for row in range(token.start[0], token.end[0] + 1)}
    for token, after in pairwise(tokens):
        kind = kind_of(token, after)
        row, start = token.start
        if kind and row not in broken:
            texts[row] = token.line.rstrip()
            tags = rows.setdefault(row, [TAGS.index("space")] * len(texts[row]))
            first = TAGS.index(f"B-{kind}")
            tags[start : token.end[1]] = [first] + [first + 1] * (token.end[1] - start - 1)
    return {text.lstrip(): rows[row][len(text) - len(text.lstrip()) :] for row, text in texts.items() if len(rows[row]) == len(text)}


def kind_of(token: tokenize.TokenInfo, after: tokenize.TokenInfo) -> str:
    """What a token is, or nothing where it is no more than the end of a line."""
    if token.type == tokenize.NAME:
        return "keyword" if keyword.iskeyword(token.string) else "call" if after.string == "(" else "name"
    return {tokenize.NUMBER: "number", tokenize.STRING: "string", tokenize.COMMENT: "comment", tokenize.OP: "operator"}.get(token.type, "")
