"""Many numbers at a glance: mean, spread, histogram, and pictures so small that a run can keep hundreds of them."""

from __future__ import annotations

from math import ceil, prod, sqrt

import numpy as np

from ml.events import Array, Glance

BINS = 32
SAMPLE = 16_384
"""Statistics are of so many numbers at the most, taken at equal distances."""
MAPS, SIDE, ALONE = 64, 48, 96
"""At most so many maps, each of at most so many pixels along a side; one that is alone may be larger."""
FEW = 16
"""Of so many maps pixels are taken before maps are."""


def glance(name: str, values: np.ndarray, maps: np.ndarray, room: int) -> Glance:
    """`values` at a glance, with their `maps` (n, height, width) made small enough for `room` bytes."""
    flat = np.asarray(values).reshape(-1)
    sample = flat[:: max(1, ceil(flat.size / SAMPLE))].astype("float32")
    finite = sample[np.isfinite(sample)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    end = high if high > low else low + max(1.0, abs(low))
    counts = np.histogram(finite.astype("float64"), BINS, (low, end))[0]  # float32 can't tell the edges of bins apart where all are nearly the same
    return Glance(
        name=name,
        shape=tuple(np.shape(values)),
        mean=float(finite.mean(dtype="float64")) if finite.size else 0.0,
        deviation=float(finite.std(dtype="float64")) if finite.size else 0.0,
        low=low,
        high=high,
        zeros=float((finite == 0).sum()) / max(1, sample.size),
        odd=1 - finite.size / max(1, sample.size),
        counts=Array.of((counts * 255 // max(1, counts.max())).astype("uint8")),
        maps=Array.of(shades(smaller(maps, room), low, high)),
    )


def output_maps(values: np.ndarray, channels_first: bool = False) -> np.ndarray:
    """A layer's output for one sample as maps: (height, width, channels) as (channels, height, width), all else as one map."""
    while values.ndim > 3:  # of volumes and films the middle
        values = values[values.shape[0] // 2] if not channels_first else values[:, values.shape[1] // 2]
    if values.ndim == 3:
        return values if channels_first else np.moveaxis(values, -1, 0)
    return np.atleast_2d(values)[np.newaxis]


def weight_maps(values: np.ndarray, picture: tuple[int, ...] = ()) -> np.ndarray:
    """A weight as maps: of a convolution each filter over its first input, of a dense layer over a `picture` (h, w, c) each unit over its first channel."""
    if values.ndim == 2 and len(picture) == 3 and prod(picture) == values.shape[0]:
        return np.moveaxis(values.reshape(*picture, -1)[:, :, 0], -1, 0)
    if values.ndim == 4:
        return np.moveaxis(values[:, :, 0], -1, 0)
    if values.ndim > 2:
        values = values.reshape(-1, values.shape[-1])
    return np.atleast_2d(values)[np.newaxis]


def natural(maps: np.ndarray) -> int:
    """How many bytes maps take where there is room enough."""
    return prod(_size(maps.shape))


def shares(wishes: list[int], room: int) -> int:
    """How much each may have so that all together have no more than `room`: who wishes for less has all that it wishes for."""
    left, waiting = room, sorted(wishes)
    while waiting and waiting[0] * len(waiting) <= left:
        left -= waiting.pop(0)
    return left // len(waiting) if waiting else max(wishes, default=0)


def smaller(maps: np.ndarray, room: int) -> np.ndarray:
    """Maps (n, height, width) with fewer pixels, each the mean of those in its place, and where that is not enough fewer maps."""
    count, height, width = _size(maps.shape)
    if count * height * width > room:
        count = min(count, max(FEW, room // (height * width)))
        scale = min(1.0, sqrt(room / (count * height * width)))
        height, width = max(1, int(height * scale)), max(1, int(width * scale))
        if height * width * count > room:  # long and thin: the other side must give
            width = max(1, min(width, room // (count * height)))
            count = max(1, min(count, room // (height * width)))
            height = max(1, min(height, room // (count * width)))
    return _pooled(_pooled(maps[:count].astype("float32"), height, 1), width, 2)


def shades(maps: np.ndarray, low: float, high: float) -> np.ndarray:
    """Maps as uint8: 0 is `low`, 255 is `high`; what is no number is `low`."""
    span = high - low if high > low else 1.0
    return (np.clip(np.nan_to_num((maps - low) / span, nan=0.0, posinf=1.0, neginf=0.0), 0, 1) * 255).astype("uint8")


def _size(shape: tuple[int, ...]) -> tuple[int, int, int]:
    count, height, width = shape
    side = ALONE if count == 1 else SIDE
    if height == 1:
        return min(count, MAPS), 1, min(width, side * side)
    return min(count, MAPS), min(height, side), min(width, side)


def _pooled(maps: np.ndarray, size: int, axis: int) -> np.ndarray:
    """The means of `size` equal parts along an axis; of very long parts the mean of a few."""
    length = maps.shape[axis]
    if length == size:
        return maps
    if length > 8 * size:
        maps = np.take(maps, np.arange(8 * size) * length // (8 * size), axis)
        length = 8 * size
    starts = np.arange(size) * length // size
    counts = np.diff(np.append(starts, length)).reshape([-1 if index == axis else 1 for index in range(3)])
    return np.add.reduceat(maps, starts, axis) / counts
