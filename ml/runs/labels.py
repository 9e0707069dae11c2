"""What a person says of a run: its title, tags, notes and folder, kept in its record beside what the engine says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from ml.project.files import FileProblem
from ml.runs.record import put_fact, read_about

FACT = "labels"
TITLE, TAG, TAGS, NOTES, FOLDER = 200, 40, 32, 100_000, 200
"""The most characters of a title, of a tag, the most tags, the most characters of notes and of a folder."""


class Labels(Struct, frozen=True, omit_defaults=True):
    """Each is nothing where nothing was said."""

    title: str = ""
    """In the place of the project's name."""
    tags: tuple[str, ...] = ()
    notes: str = ""
    folder: str = ""
    """In which folder of the list of runs: names with `/` between them. It is no folder on the disk."""


def cleaned(labels: Labels) -> Labels:
    """The same within bounds: one line where it is one, no tag twice, no empty names in the folder."""
    tags = tuple(dict.fromkeys(tag for each in labels.tags if (tag := one_line(each.replace(",", " "), TAG))))[:TAGS]
    notes = "".join(letter for letter in labels.notes if letter.isprintable() or letter in "\n\t")[:NOTES]
    return Labels(one_line(labels.title, TITLE), tags, notes, cleaned_folder(labels.folder))


def cleaned_folder(folder: str) -> str:
    """A folder's path without empty names."""
    return "/".join(name for part in one_line(folder, FOLDER).split("/") if (name := part.strip()))


def one_line(text: str, most: int) -> str:
    """Text without line breaks and what can't be printed, cut to so many characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 4 * most]).split())[:most]


def folders(of: Iterable[Labels]) -> list[str]:
    """Every folder that is used, and those around it, in the order of their names."""
    found = {labels.folder for labels in of if labels.folder}
    around = {"/".join(folder.split("/")[:depth]) for folder in found for depth in range(1, folder.count("/") + 1)}
    return sorted(found | around, key=str.casefold)


def decoded(text: str) -> Labels:
    """Labels from their JSON; none where it is none, for they may be a stranger's."""
    try:
        return cleaned(msgspec.json.decode(text, type=Labels))
    except (msgspec.DecodeError, RecursionError):
        return Labels()


def read(record: Path) -> Labels:
    """The labels in a run's record. Raises `FileProblem`."""
    return decoded(read_about(record).get(FACT, "{}"))


def write(record: Path, labels: Labels) -> None:
    """Put labels into a run's record, also while its engine writes. Raises `FileProblem`."""
    if not record.parent.is_dir():
        raise FileProblem(f"{record.parent} is gone: what you wrote about the run can't be kept.")
    put_fact(record, FACT, msgspec.json.encode(cleaned(labels)).decode())
