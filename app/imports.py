"""Where the weights of an opened model lie until they are saved with a project."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from ml.project.files import WEIGHTS

KEPT_SECONDS = 30 * 24 * 3600
"""What nobody saved in this time goes, the next time that a model is opened."""


def room_for(model: Path, folder: Path) -> Path:
    """The file for a model's weights in `folder`: another one when the model is another. The folder is made, and what is old in it goes."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"*{WEIGHTS}"):
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
    changed = model.stat().st_mtime_ns if model.is_file() else 0
    digest = hashlib.sha256(f"{model.absolute()} {changed}".encode()).hexdigest()[:12]
    return folder / f"{model.stem}-{digest}{WEIGHTS}"
