"""Errors that nobody foresaw: the person reads one sentence, and who mends them finds the rest in a log in the settings folder."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

LOG, OLDER = "problems.log", "problems.1.log"
LIMIT = 400_000
"""Bytes after which the log is begun anew; the one before it is kept."""
LONGEST = 20_000
"""Characters of one entry; of a longer one the end is kept, where a traceback says what happened."""
QUIET_SECONDS = 60
"""What is said again within this time is not written again: a picture that fails to be painted fails many times a second."""

_last = ("", float("-inf"))


def home() -> Path:
    """The settings folder, as Qt's `AppDataLocation` has it on each system, for those who know no Qt."""
    name = "Neural Atelier"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home() / "AppData" / "Roaming")) / name
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / name
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / name


def note(folder: Path, where: str, details: str) -> None:
    """Put what happened, and `where`, at the end of the log in a folder. A disk that refuses it makes no second error of the first."""
    global _last
    text, now = details.strip()[-LONGEST:], time.monotonic()
    if text == _last[0] and now - _last[1] < QUIET_SECONDS:
        return
    _last = text, now
    entry = f"=== {time.strftime('%Y-%m-%d %H:%M:%S')} {where} (process {os.getpid()})\n{text}\n"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / LOG
        if log.is_file() and log.stat().st_size > LIMIT:
            log.replace(folder / OLDER)
        with log.open("a", encoding="utf-8", errors="replace") as file:
            file.write(entry)


def tail(folder: Path, lines: int) -> str:
    """The end of the log, with that of the one before where it is short; nothing where there is none."""
    text = ""
    for name in (OLDER, LOG):
        with suppress(OSError):
            text += (folder / name).read_text("utf-8", errors="replace")
    return "\n".join(text.splitlines()[-lines:])


def catch(folder: Path, where: str, say: Callable[[str], None]) -> None:
    """From now on an error that nobody catches, in any thread, goes to the log, and `say` is given a sentence about it."""

    def caught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            say("Interrupted.")
            return
        note(folder, where, "".join(traceback.format_exception(kind, error, trace)))
        say(f"Something unforeseen went wrong ({_words(kind, error)}). The details are in {folder / LOG}.")

    sys.excepthook = caught
    threading.excepthook = lambda found: caught(found.exc_type, found.exc_value, found.exc_traceback)


def _words(kind: type[BaseException], error: BaseException | None) -> str:
    first = str(error).strip().partition("\n")[0][:200]
    return f"{kind.__name__}: {first}" if first else kind.__name__
