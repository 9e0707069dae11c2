"""In which encoding a text file is: found out where that is certain, offered with examples where it is not."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from ml.data.dataset import DataProblem, Way

UTF_8 = "utf-8-sig"
"""UTF-8, with or without a byte-order mark."""
MARKS = ((codecs.BOM_UTF8, UTF_8), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
OFFERED = {"latin-1": "Latin-1", "cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp437": "DOS"}
CHOICES = ("auto", "utf-8", "utf-16", *OFFERED)
PIECE = 1 << 20
BEGINNING = 4096
SPREAD = 0.3
"""Where a third of the even or of the odd bytes are zero, characters have two bytes."""
FOREIGN = {
    b"PK\x03\x04": "a zip file or a spreadsheet",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\x1f\x8b": "a gzip file",
    b"\xd0\xcf\x11\xe0": "an Excel file",
}


def encoding_of(path: Path, wanted: str) -> str:
    """The encoding to read a file with, as Python calls it; `wanted` is one of `CHOICES`. Raises `DataProblem` where it can't be read with it."""
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    if kind := next((kind for magic, kind in FOREIGN.items() if beginning.startswith(magic)), ""):
        raise DataProblem(f"{path} is {kind} and no text: save the table as CSV.")
    found = _found(beginning) if wanted == "auto" else UTF_8 if wanted == "utf-8" else wanted
    if place := _wrong_place(path, found):
        raise _problem(path, place, found)
    return found


def _found(beginning: bytes) -> str:
    for mark, name in MARKS:
        if beginning.startswith(mark):
            return name
    half = max(1, len(beginning) // 2)
    if beginning[1::2].count(0) > SPREAD * half:
        return "utf-16-le"
    return "utf-16-be" if beginning[0::2].count(0) > SPREAD * half else UTF_8


def _wrong_place(path: Path, encoding: str) -> tuple[int, int, bytes] | None:
    """The line, the byte and what stands around the first place that is not in this encoding, or None."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            piece = file.read(PIECE)
            try:
                line += decoder.decode(piece, final=not piece).count("\n")
            except UnicodeError as error:
                whole, at = getattr(error, "object", piece), getattr(error, "start", 0)
                return line + whole[:at].count(b"\n"), whole[at] if at < len(whole) else 0, _around(whole, at)
            if not piece:
                return None


def _around(whole: bytes, at: int) -> bytes:
    """The cell around a byte, as far as a comma or so."""
    ends = b",;|\t\r\n\"'"
    first, last = at, at
    while first > 0 and at - first < 20 and whole[first - 1] not in ends:
        first -= 1
    while last < len(whole) and last - at < 20 and whole[last] not in ends:
        last += 1
    return whole[first:last]


def _problem(path: Path, place: tuple[int, int, bytes], encoding: str) -> DataProblem:
    line, byte, around = place
    ways: dict[str, Way] = {}
    for id, title in OFFERED.items():
        try:
            text = around.decode(id)
        except UnicodeError:
            continue
        if text not in ways and not any(unicodedata.category(character).startswith("C") for character in text):
            ways[text] = Way(f"Read it as {title}: “{text.strip()}”", {"encoding": id})
    called = "UTF-8" if encoding == UTF_8 else encoding
    choices = "; ".join(f"encoding {way.arguments['encoding']} makes it “{text.strip()}”" for text, way in ways.items())
    return DataProblem(
        f"{path}, line {line}: the byte 0x{byte:02X} is not {called}, so it is in another encoding. {choices or 'Save it as UTF-8'}.", *ways.values()
    )
