"""Pictures laid out in a grid, and saved as PNG or as a moving GIF."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import ceil, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ml.project.files import write

if TYPE_CHECKING:
    from PIL.Image import Image

SMALLEST = 256
"""Saved pictures are enlarged, each pixel to a square, until they are at least so wide."""


def grid(pixels: np.ndarray, columns: int | None = None, gap: int = 1) -> np.ndarray:
    """Pictures (n, h, w, c) of uint8 row by row in one (height, width, c), black between them; as square as can be unless `columns` are given."""
    n, height, width, channels = pixels.shape
    across = min(n, columns or ceil(sqrt(n)))
    down = ceil(n / across)
    cells = np.zeros((down * across, height + gap, width + gap, channels), np.uint8)
    cells[:n, :height, :width] = pixels
    sheet = cells.reshape(down, across, height + gap, width + gap, channels).swapaxes(1, 2)
    return sheet.reshape(down * (height + gap), across * (width + gap), channels)[: down * (height + gap) - gap, : across * (width + gap) - gap]


def png(pixels: np.ndarray) -> bytes:
    """One picture (height, width, c) of uint8 as PNG."""
    data = BytesIO()
    _image(pixels).save(data, "PNG")
    return data.getvalue()


def save_png(pixels: np.ndarray, path: Path) -> None:
    """Write one picture (height, width, c) of uint8. Raises `FileProblem`."""
    write(path, png(pixels))


def save_gif(frames: Sequence[np.ndarray], path: Path, milliseconds: int = 100) -> None:
    """Write pictures (height, width, c) of uint8, one after another, for ever. Raises `FileProblem`."""
    first, *others = (_image(frame) for frame in frames)
    data = BytesIO()
    first.save(data, "GIF", save_all=True, append_images=others, duration=milliseconds, loop=0)
    write(path, data.getvalue())


def _image(pixels: np.ndarray) -> Image:
    from PIL import Image  # here, for the window is up sooner without it

    factor = ceil(SMALLEST / pixels.shape[1])
    large = np.ascontiguousarray(pixels.repeat(factor, axis=0).repeat(factor, axis=1))
    return Image.fromarray(large[..., 0] if large.shape[-1] == 1 else large)
