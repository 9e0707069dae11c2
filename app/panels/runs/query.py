"""What is searched for in the list of runs: words anywhere, `tag:paper`, `state:interrupted`, `val_loss<0.3`, and with `-` before it what is not wanted."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from msgspec import Struct

from ml.runs.summary import Summary

HELP = (
    "Words are searched in everything: name, template, state, tags, folder, notes.\n"
    "tag:paper, state:interrupted, template:vae, folder:thesis, name:…, notes:… search in one.\n"
    "val_loss<0.3, epochs>10 ask for a number: of a metric its best.\n"
    "-tag:old leaves out, and “two words” belong together."
)
TERM = re.compile(r"""(-?)(?:(\w+):)?("[^"]*"?|“[^”]*”?|[^\s<>=:]+\s*(?:<=|>=|<|>|=)(?:\s*[-+.\d]\S*|\s*$)|\S+)""")
NUMBER = re.compile(r"([^\s<>=]+?)(<=|>=|<|>|=)([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)", re.IGNORECASE)
UNFINISHED = re.compile(r"(?:name|template|state|tag|folder|notes):|\w+\s*[<>=]+\s*")
"""What says nothing yet, while it is being written."""
COMPARED: dict[str, Callable[[float, float], bool]] = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "=": operator.eq}
FIELDS: dict[str, Callable[[Summary], tuple[str, ...]]] = {
    "name": lambda run: (run.title, run.name),
    "template": lambda run: (run.template,),
    "state": lambda run: (run.state,),
    "tag": lambda run: run.labels.tags,
    "folder": lambda run: (run.labels.folder,),
    "notes": lambda run: (run.labels.notes,),
}


class Term(Struct, frozen=True):
    """One thing that is searched for."""

    word: str
    """In small letters."""
    field: str = ""
    """Where; nothing: anywhere."""
    comparison: str = ""
    """Of a number that `field` is called by: `<`, `>`, `<=`, `>=` or `=`."""
    unwanted: bool = False


def terms(text: str) -> list[Term]:
    """What a person wrote as terms, all of which must hold."""
    return [_term(*found) for found in TERM.findall(text) if not UNFINISHED.fullmatch(found[2])]


def matches(run: Summary, wanted: list[Term]) -> bool:
    """Whether every term holds of a run."""
    return all(_holds(run, term) != term.unwanted for term in wanted)


def _term(minus: str, field: str, word: str) -> Term:
    unwanted, plain = bool(minus), word.strip('"“”').lower()
    if field.lower() in FIELDS:
        return Term(plain, field.lower(), "", unwanted)
    whole = f"{field}:{plain}" if field else plain
    if not field and (number := NUMBER.fullmatch("".join(plain.split()))):
        return Term(number[3], number[1], number[2], unwanted)
    return Term(whole, "", "", unwanted)


def _holds(run: Summary, term: Term) -> bool:
    if term.comparison:
        value = _number(run, term.field)
        return value is not None and COMPARED[term.comparison](value, float(term.word))
    if term.field == "tag":
        return any(tag.lower().startswith(term.word) for tag in run.labels.tags)
    where = [term.field] if term.field else FIELDS
    return any(term.word in text.lower() for field in where for text in FIELDS[field](run)) or (not term.field and term.word in run.folder.lower())


def _number(run: Summary, name: str) -> float | None:
    facts = {"epochs": run.epoch, "epoch": run.epoch, "steps": run.steps, "seconds": run.seconds}
    measured = {metric.lower(): value for metric, value in {**run.metrics, **run.best}.items()}
    return facts.get(name, measured.get(name))
