"""Pictures in folders, for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image


def put(folder: Path, name: str, value: int = 128, size: tuple[int, int] = (12, 10), mode: str = "RGB") -> Path:
    """A picture of one colour, with a little noise, as a file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = (size[1], size[0]) if mode in ("L", "1") else (size[1], size[0], len(mode))
    noise = np.random.default_rng(value).integers(0, 9, shape)
    pixels = (value + noise).clip(0, 255).astype("uint8")
    Image.fromarray(pixels).convert(mode).save(path)
    return path


def two_classes(folder: Path, each: int = 6) -> Path:
    """A folder with dark and light pictures."""
    for number in range(each):
        put(folder, f"dark/{number}.png", 20)
        put(folder, f"light/{number}.jpg", 220)
    return folder
