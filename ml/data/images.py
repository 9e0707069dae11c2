"""Pictures of one's own: a folder with a folder for each class, or a folder of pictures without labels."""

from __future__ import annotations

import math
import os
import struct
import warnings
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ml.data import own, picture_files
from ml.data.dataset import DataProblem, Source, Spec, Way
from ml.data.picture_files import FORMATS, picture, pictures
from ml.project.parameters import Parameter

PIXELS = 50_000_000
"""So many pixels may a picture have: decoded in full, 200 MB."""
MOST = 200_000
"""So many files and folders may be in the folder."""
SILENT = ("thumbs.db", "desktop.ini")
"""What systems put into folders, besides files whose names begin with a dot."""
BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error, zlib.error)
"""What Pillow raises for pictures that are damaged in one way or another."""

KINDS = "PNG, JPEG, BMP and GIF"
PLACES = ", in folders that are the classes"
UNLABELLED = Way("Take them without labels", {"labels": "none"})
WITHOUT = Way("Leave out what can't be read", {"damaged": "leave out"})

SOURCE = Source(
    id="images",
    title="Pictures (a folder)",
    family=own.FAMILY,
    task="classification",
    kind="image",
    help="A folder with a folder for each class in it, named for the class. PNG, JPEG, BMP and GIF; without folders in it they are pictures without labels.",
    origin=own.ORIGIN,
    licence=own.LICENCE,
    parameters=(
        Parameter("path", "folder", required=True, help="The folder."),
        Parameter("size", "int", 32, minimum=4, maximum=1024, help="Pixels across and down: every picture is brought to this size."),
        Parameter("channels", "choice", 3, choices=(1, 3), help="3 for colours, 1 for grey."),
        Parameter("crop", "bool", False, rare=True, help="Take the middle square of a picture; else it is squeezed into a square."),
        Parameter(
            "labels", "choice", "auto", ("auto", "folders", "none"), help="folders: a class each. none: no labels, as for autoencoders. auto: as they lie."
        ),
        Parameter("damaged", "choice", "refuse", ("refuse", "leave out"), rare=True, help="What to do with pictures that can't be read."),
    ),
)


class Listing(NamedTuple):
    """What is in the folder."""

    root: Path
    classes: tuple[str, ...]
    """The folders with pictures in them; nothing where the pictures have no labels."""
    files: tuple[tuple[Path, int], ...]
    """Every picture with its label, in the order of the samples."""
    others: tuple[str, ...]
    """Files that are not taken, by their paths in the folder."""


def stamp(path: str, deep: bool = False, **_: Any) -> own.Stamp:
    """Of the folders, whose time changes when a file comes or goes; where it is `deep` of the files too."""
    return own.stamp([place for folder, files in _walk(own.place(path)) for place in (folder, *(files if deep else ()))])


def spec(path: str, size: int, channels: int, labels: str, **_: Any) -> Spec:
    listing = _listing(own.folder(path), labels, stamp(path))
    count = len(listing.others)
    many = f"{count:,} {'file' if count == 1 else 'files'} left out"
    left = f"{many}: {own.listed(list(listing.others))}. What is read are {KINDS}{PLACES if listing.classes else ''}."
    task = "classification" if listing.classes else "none"
    return Spec((size, size, channels), classes=listing.classes, task=task, notes=(left,) if count else ())


def load(**given: Any) -> tuple[Any, ...]:
    """Pictures (n, size, size, channels) from 0 to 1, labels (n,) or nothing (n, 0), and which pictures were left out."""
    return _read(_listing(own.folder(given["path"]), given["labels"], stamp(given["path"])), **given)


def labels(**given: Any) -> np.ndarray:
    """The labels as `load` has them where no picture is damaged; none is read for it."""
    listing = _listing(own.folder(given["path"]), given["labels"], stamp(given["path"]))
    return _labels(listing, range(len(listing.files)))


def some(chosen: Iterable[int], **given: Any) -> tuple[Any, ...]:
    """What `load` gives of these samples alone."""
    listing = _listing(own.folder(given["path"]), given["labels"], stamp(given["path"]))
    return _read(listing._replace(files=tuple(listing.files[index] for index in chosen)), **given)


def script(path: str, size: int, channels: int, crop: bool, labels: str, damaged: str) -> tuple[ModuleType, str, dict[str, Any]]:
    """The function that reads the pictures and needs nothing of ours: its module, its name and its arguments."""
    listing = _listing(own.folder(path), labels, stamp(path))
    _, broken = _decoded(listing, size, channels, crop)
    without = [str(listing.files[index][0].relative_to(listing.root)) for index in broken]
    given = {"path": str(listing.root), "folders": list(listing.classes), "size": size, "channels": channels, "crop": crop, "without": without}
    return picture_files, "read", given


@lru_cache(maxsize=4)
def _listing(root: Path, labels: str, stamp: own.Stamp) -> Listing:
    """Raises `DataProblem` where there is nothing to learn from. `stamp` is there so that a changed folder is read again."""
    found = {folder.name: pictures(folder) for folder in sorted(root.iterdir()) if folder.is_dir() and not folder.name.startswith(".")}
    folders = {name: files for name, files in found.items() if files}
    all_of = pictures(root)
    if not all_of:
        there = [file.name for _, files in _walk(root) for file in files]
        raise DataProblem(f"{root} has no pictures in it ({KINDS}); there {f'is {own.listed(there)}' if there else 'are no files'}.")
    if labels == "folders" and not folders:
        raise DataProblem(f"{root} has {len(all_of):,} pictures and no folders with pictures, which would be the classes.", UNLABELLED)
    if labels == "none" or not folders:
        classes, files = (), tuple((file, 0) for file in all_of)
    else:
        classes, files = tuple(folders), tuple((file, label) for label, name in enumerate(folders) for file in folders[name])
    if len(classes) == 1:
        raise DataProblem(
            f"{root} has a single class, {classes[0]}: to tell apart there must be two folders with pictures. Or take them without labels.", UNLABELLED
        )
    taken = {file for file, _ in files}
    others = (file for _, names in _walk(root) for file in names if file not in taken)
    return Listing(root, classes, files, tuple(str(file.relative_to(root)) for file in others))


def _walk(root: Path) -> Iterator[tuple[Path, list[Path]]]:
    """The folders in a folder with the files in them, but for what systems put there. Raises `DataProblem` where there are far too many."""
    count = 0
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        count += len(folders) + len(names)
        if count > MOST:
            raise DataProblem(f"{root} has more than {MOST:,} files in it: choose a folder with the pictures alone.")
        yield Path(place), [Path(place, name) for name in sorted(names) if not name.startswith(".") and name.lower() not in SILENT]


def _read(listing: Listing, size: int, channels: int, crop: bool, damaged: str, **_: Any) -> tuple[Any, ...]:
    x, broken = _decoded(listing, size, channels, crop)
    if broken and damaged == "refuse":
        raise _damage(listing, broken)
    whole = [index for index in range(len(x)) if index not in broken]
    if not whole:
        raise DataProblem(f"{listing.root}: none of its {len(x):,} pictures can be read, such as {listing.files[0][0]}.")
    left = own.listed([str(listing.files[index][0].relative_to(listing.root)) for index in broken])
    return (
        x[whole] if broken else x,
        _labels(listing, whole),
        *([f"{len(broken):,} damaged {'picture is' if len(broken) == 1 else 'pictures are'} left out: {left}."] if broken else []),
    )


def _labels(listing: Listing, chosen: Sequence[int]) -> np.ndarray:
    return np.array([listing.files[index][1] for index in chosen], "int32") if listing.classes else np.zeros((len(chosen), 0), "float32")


def _decoded(listing: Listing, size: int, channels: int, crop: bool) -> tuple[np.ndarray, dict[int, str]]:
    """All pictures, and by their places those that can't be read, with the reason. Raises `DataProblem` where there is no room for them."""
    shape = (len(listing.files), size, size, channels)
    own.check_room(4 * math.prod(shape), f"{listing.root}: {shape[0]:,} pictures of {size} × {size} pixels")
    x, damaged = np.empty(shape, "float32"), {}
    for index, (file, _) in enumerate(listing.files):
        try:
            _check_size(file)
            x[index] = picture(file, size, channels, crop)
        except BROKEN as error:
            damaged[index] = str(error) or type(error).__name__
    return x, damaged


def _check_size(file: Path) -> None:
    """Raises ValueError for what is empty or no regular file, and for more pixels than a picture may have, before they are decoded."""
    from PIL import Image

    if not file.is_file():
        raise ValueError("it is not a regular file")
    if not file.stat().st_size:
        raise ValueError("the file is empty")
    with warnings.catch_warnings(action="ignore"):
        try:
            with Image.open(file, formats=FORMATS) as image:
                width, height = image.size
        except Image.DecompressionBombError as error:
            raise ValueError(f"it has too many pixels, and at most {PIXELS:,} may be") from error
        except Image.UnidentifiedImageError as error:
            raise ValueError("it is no picture, whatever its name says") from error
    if width * height > PIXELS:
        raise ValueError(f"it has {width:,} × {height:,} pixels, and at most {PIXELS:,} may be")


def _damage(listing: Listing, damaged: dict[int, str]) -> DataProblem:
    index, reason = next(iter(damaged.items()))
    more = f" There are {len(damaged):,} such pictures: {own.listed([listing.files[place][0].name for place in damaged])}." if len(damaged) > 1 else ""
    return DataProblem(f"{listing.files[index][0]} can't be read: {reason}.{more} Mend or remove it, or leave such pictures out.", WITHOUT)
