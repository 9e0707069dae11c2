"""Pictures in folders: the functions stand in exported scripts as they are here, and need nothing of ours."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
FORMATS = ("PNG", "JPEG", "BMP", "GIF")


def pictures(folder: Path) -> list[Path]:
    """The pictures in a folder and in the folders in it, in the order of their paths; links to folders are not followed."""
    found = [Path(place, name) for place, _, names in os.walk(folder) for name in names if not name.startswith(".")]
    return sorted(path for path in found if path.suffix.lower() in SUFFIXES)


def picture(path: Path, size: int, channels: int, crop: bool) -> np.ndarray:
    """A picture file as (size, size, channels) of float32 from 0 to 1: upright, on white where it is transparent, its middle square where `crop` is set."""
    from PIL import Image, ImageOps

    mode = "L" if channels == 1 else "RGB"
    with Image.open(path, formats=FORMATS) as image:
        image.draft(mode, (size, size))
        image = ImageOps.exif_transpose(image)
        if image.mode.startswith("I"):
            image = Image.fromarray((np.asarray(image) / 257).clip(0, 255).astype("uint8"))
        if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        image = image.convert(mode)
        how = Image.Resampling.BILINEAR
        image = ImageOps.fit(image, (size, size), how) if crop else image.resize((size, size), how)
        return np.asarray(image, "float32").reshape(size, size, channels) / 255


def read(path: str, folders: Sequence[str], size: int, channels: int, crop: bool, without: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (n, size, size, channels) from 0 to 1 of a folder with a folder for each class, and their labels; of the folder itself, and no labels (n, 0),
    where `folders` is empty. `without` are files that are left out."""
    root = Path(path)
    found = [(file, label) for label, name in enumerate(folders or ["."]) for file in pictures(root / name) if str(file.relative_to(root)) not in without]
    x = np.stack([picture(file, size, channels, crop) for file, _ in found])
    labels = np.array([label for _, label in found], "int32")
    return x, labels if folders else np.zeros((len(x), 0), "float32")
