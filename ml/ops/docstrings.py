"""Keras's docstrings, read: the first sentence, and what is said of each argument."""

from __future__ import annotations

import inspect
import re

_SECTIONS = ("Args", "Arguments", "Call arguments", "Call Args")
_SENTENCE_END = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!etc)(?<!al)\.\s+(?=[A-Z`\"*(])")


def summary(thing: object) -> str:
    """The first paragraph of a docstring, in one line; where that says next to nothing, the first sentence of the next one too."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in (inspect.getdoc(thing) or "").split("\n\n")]
    first, second = paragraphs[0], first_sentence((paragraphs[1:] or [""])[0])
    tells = re.match(r"[A-Z`]", second) and not re.match(r"[\w ]{3,20}:", second) and not second.endswith(":.")
    return f"{first} {second}" if tells and len(first) < 60 else first


def first_sentence(text: str) -> str:
    """A text up to the end of its first sentence."""
    return _SENTENCE_END.split(text, maxsplit=1)[0].rstrip(".") + "." if text else ""


def arguments(thing: object) -> dict[str, str]:
    """What a docstring says of each argument: name to text, in one line each."""
    found: dict[str, str] = {}
    section, indent, name = -1, 0, ""  # how deep the section's heading and its arguments are indented; -1 and 0: not known yet
    for line in (inspect.getdoc(thing) or "").splitlines():
        depth = len(line) - len(line.lstrip())
        if line.strip().rstrip(":") in _SECTIONS and line.strip().endswith(":"):
            section, indent, name = depth, 0, ""
        elif line.strip() and depth <= section:
            section = -1
        elif line.strip() and section >= 0:
            indent = indent or depth
            match = re.match(r"\*{0,2}`?(\w+)`?\s*(?:\([^)]*\))?:\s*(.*)", line.strip()) if depth == indent else None
            if match:
                name = match[1]
                found.setdefault(name, match[2])
            elif name and depth > indent:
                found[name] += " " + line.strip()
    return {name: " ".join(text.split()) for name, text in found.items()}
