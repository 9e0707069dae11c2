"""Paths as people type them."""

from __future__ import annotations

from pathlib import Path

from ml.project.writing import FileProblem


def absolute(typed: str) -> Path:
    """The whole path that is meant, with `~` for one's home folder. Raises `FileProblem` for the home folder of somebody who isn't known here."""
    try:
        return Path(typed).expanduser().absolute()
    except RuntimeError as error:
        raise FileProblem(f"There is no home folder {Path(typed).parts[0]}.") from error
