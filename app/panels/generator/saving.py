"""Saving pictures from a panel: a dialog for the file, then PNG or GIF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from ml import pictures
from ml.project.files import FileProblem


def save_png(parent: QWidget, pixels: np.ndarray) -> None:
    """Ask for a file and put these pictures (n, h, w, c) of uint8 into it as a grid."""
    _save(parent, "png", lambda path: pictures.save_png(pictures.grid(pixels), path))


def save_gif(parent: QWidget, frames: Sequence[np.ndarray]) -> None:
    """Ask for a file and put these frames, each a grid of (n, h, w, c) of uint8, into it as a film."""
    _save(parent, "gif", lambda path: pictures.save_gif([pictures.grid(frame) for frame in frames], path))


def _save(parent: QWidget, kind: str, write: Callable[[Path], None]) -> None:
    chosen, _ = QFileDialog.getSaveFileName(parent, f"Save as {kind.upper()}", f"samples.{kind}", f"{kind.upper()} (*.{kind})")
    if not chosen:
        return
    path = Path(chosen if chosen.lower().endswith(f".{kind}") else f"{chosen}.{kind}")
    try:
        write(path)
    except FileProblem as problem:
        QMessageBox.warning(parent, "Not saved", str(problem))
