"""What is said of a picture, drawn into it: classes of pixels as colours, boxes as frames; and bits as pictures."""

from __future__ import annotations

import colorsys

import numpy as np

GOLDEN = 0.618034
"""Part of the circle of hues from one class to the next: however many there are, neighbours differ."""
STRENGTH = 0.75
"""How much of a pixel is the colour of its class."""
NO, YES = np.array([48, 54, 80]), np.array([255, 202, 88])
"""The colours of a bit that is 0, and of one that is 1; what lies between is between."""


def colours(count: int) -> np.ndarray:
    """A bright colour for each of so many classes, (count, 3) of uint8; the same for the same class always."""
    hues = [colorsys.hsv_to_rgb((0.02 + GOLDEN * number) % 1, 0.75 - 0.25 * (number % 2), 1.0) for number in range(count)]
    return np.rint(np.array(hues).reshape(count, 3) * 255).astype(np.uint8)


def rgb(x: np.ndarray) -> np.ndarray:
    """Pictures (n, height, width, 1 or 3), 0 to 1, as (n, height, width, 3) of uint8; what lies outside is cut off."""
    pixels = np.rint(np.clip(np.nan_to_num(x), 0, 1) * 255).astype(np.uint8)
    return np.repeat(pixels, 3, axis=-1) if pixels.shape[-1] == 1 else pixels


def masked(pixels: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Pictures (n, height, width, 3) of uint8 in grey, with the colour of each pixel's class over it; labels (n, height, width), 0 is the ground and stays."""
    grey = np.repeat(pixels.mean(axis=-1, keepdims=True), 3, axis=-1)
    over = np.concatenate([np.zeros((1, 3)), colours(max(1, int(labels.max())))])[labels]
    return np.where(labels[..., np.newaxis] > 0, (1 - STRENGTH) * grey + STRENGTH * over, grey).astype(np.uint8)


def boxed(pixels: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Pictures (n, height, width, 3) of uint8 with a frame in the colour of its class on each; boxes (n, 5): class, middle down and across, height, width."""
    framed = pixels.copy()
    height, width = pixels.shape[1:3]
    of_class = colours(1 + max(0, int(boxes[:, 0].max())))
    for picture, (label, down, across, tall, wide) in zip(framed, np.nan_to_num(boxes), strict=True):
        top, bottom = (int(np.clip(round((down + half * tall) * height - (half > 0)), 0, height - 1)) for half in (-0.5, 0.5))
        left, right = (int(np.clip(round((across + half * wide) * width - (half > 0)), 0, width - 1)) for half in (-0.5, 0.5))
        picture[[top, bottom], left : right + 1] = of_class[int(label)]
        picture[top : bottom + 1, [left, right]] = of_class[int(label)]
    return framed


def side_by_side(*pictures: np.ndarray) -> np.ndarray:
    """Pictures (n, height, width, 3) of uint8 beside each other, (n, height, all widths and the gaps between them, 3)."""
    gap = np.zeros((*pictures[0].shape[:2], 1, 3), np.uint8)
    parts = [part for picture in pictures for part in (gap, picture)][1:]
    return np.concatenate(parts, axis=2)


def bits(*series: np.ndarray) -> np.ndarray:
    """Series (n, time, features), 0 to 1, beside each other as (n, height, width, 3) of uint8, with black lines around each: time goes to the right, the
    features lie below each other, and series of fewer features end sooner."""
    height = max(values.shape[2] for values in series)
    return np.pad(side_by_side(*(_bits(values, height) for values in series)), ((0, 0), (1, 1), (1, 1), (0, 0)))


def _bits(values: np.ndarray, height: int) -> np.ndarray:
    part = np.clip(np.nan_to_num(values), 0, 1).swapaxes(1, 2)[..., np.newaxis]
    pixels = np.zeros((len(values), height, values.shape[1], 3), np.uint8)
    pixels[:, : values.shape[2]] = np.rint(NO + part * (YES - NO))
    return pixels
