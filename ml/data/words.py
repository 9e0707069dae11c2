"""Sequences and what belongs to them, in words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

import numpy as np

from ml.data.dataset import Dataset, joined

START, END = 1, 2
"""Of a target sequence: the tokens before its first and after its last."""
PLACE = 3
"""Of a target that points into its source: the token of the source's first place."""


def described(dataset: Dataset, x: np.ndarray, y: np.ndarray) -> str:
    """A sample (time,) with its target as a person reads it; of text alone, the text."""
    if dataset.task == "tagging":
        return tagged(dataset, x, y)
    if dataset.task == "translation":
        return f"{source(dataset, x)}  →  {target(dataset, y, x)}"
    if dataset.task == "classification":
        return f"{text(dataset, x)}  →  {dataset.classes[int(y)]}"
    return dataset.decode(x)


def text(dataset: Dataset, x: np.ndarray) -> str:
    """A text (time,), or a story (sentences, time) with its question, line by line."""
    return dataset.decode(x) if x.ndim == 1 else "\n".join(sentences(dataset, x)) + "?"


def sentences(dataset: Dataset, x: np.ndarray) -> list[str]:
    """The sentences of a story (sentences, time), the question last, without those that are empty."""
    return [dataset.decode(line) for line in x if line.any()]


def transcribed(labels: Iterable[int], classes: tuple[str, ...]) -> str:
    """Labels in their order, without the blanks after the last: side by side where each is one character, with spaces between where not."""
    names = [label_name(label, classes) for label in labels if label]
    return ("" if all(len(name) == 1 for name in names) else " ").join(names)


def label_name(label: int, classes: tuple[str, ...]) -> str:
    """A label's name, or its number where it is beyond those that have one."""
    return classes[label] if label < len(classes) else f"#{label}"


def source(dataset: Dataset, x: np.ndarray) -> str:
    """What is read: the text of tokens (time,), or numbers (time, features)."""
    return dataset.decode(x) if dataset.tokens else " ".join(numbers(x))


def target(dataset: Dataset, y: Iterable[int], x: np.ndarray) -> str:
    """A target (length,) without its start, to its end: the tokens 1 and 2; where it points into its source x, what stands there."""
    tokens = [token for token in takewhile(lambda token: token != END, y) if token != START]
    return joined(dataset.target_tokens, tokens) if dataset.target_tokens else " ".join(pointed(tokens, x))


def pointed(tokens: Iterable[int], x: np.ndarray) -> list[str]:
    """What stands at the places in the source x that tokens point to; the end is one of them, and what is none is a question mark."""
    there = dict(enumerate(numbers(x), start=PLACE)) | {END: "end"}
    return [there.get(int(token), "?") for token in tokens]


def numbers(x: np.ndarray) -> list[str]:
    """Numbers (time, features) as they are written, without the zeros after the last."""
    return [",".join(f"{value:g}" for value in place) for place in x if place.any()]


def tagged(dataset: Dataset, x: np.ndarray, tags: Iterable[int]) -> str:
    """A text (time,) cut where its tags (time,) change, each piece with its tag in brackets: `def[keyword] load[call]`."""
    pieces: list[tuple[str, str]] = []
    for token, tag in zip(x, tags, strict=True):
        place, _, kind = dataset.classes[tag].rpartition("-")
        if not token:
            break
        if pieces and pieces[-1][1] == kind and place != "B":
            pieces[-1] = pieces[-1][0] + dataset.tokens[token], kind
        else:
            pieces.append((dataset.tokens[token], kind))
    return "".join(text if text.isspace() and kind == "space" else f"{text}[{kind}]" for text, kind in pieces)
