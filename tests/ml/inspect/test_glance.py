"""Many numbers at a glance tell the truth about them, in little room."""

import numpy as np
import pytest

from ml.inspect.glance import glance, natural, output_maps, shares, smaller, weight_maps

NORMAL = np.random.default_rng(0).standard_normal((40, 50)).astype("float32")


def test_statistics_are_those_of_numpy() -> None:
    seen = glance("output", NORMAL, output_maps(NORMAL), 1000)
    assert (seen.mean, seen.deviation) == pytest.approx((NORMAL.mean(), NORMAL.std()), abs=1e-5)
    assert (seen.low, seen.high, seen.shape) == (pytest.approx(NORMAL.min()), pytest.approx(NORMAL.max()), (40, 50))
    counts = np.histogram(NORMAL, 32)[0]
    assert seen.counts.numpy() == pytest.approx(counts * 255 // counts.max())


def test_what_is_zero_or_no_number_is_counted() -> None:
    values = np.array([0, 0, 1, np.nan, np.inf, -1, 0, 2], "float32")
    seen = glance("output", values, output_maps(values), 1000)
    assert (seen.zeros, seen.odd, seen.low, seen.high) == (3 / 8, 2 / 8, -1, 2)
    assert glance("output", values * np.nan, output_maps(values), 100).odd == 1


@pytest.mark.parametrize("value", [1.0, 1e-40, 1e20])
def test_numbers_that_are_all_the_same_or_nearly_have_a_histogram(value: float) -> None:
    for other in (value, np.nextafter(np.float32(value), np.float32(2e20))):
        values = np.array([value, other], "float32")
        assert glance("output", values, output_maps(values), 100).counts.numpy().max() == 255


def test_a_picture_is_shown_channel_by_channel() -> None:
    values = np.zeros((5, 6, 3), "float32")
    values[2, 4, 1] = 1
    maps = glance("output", values, output_maps(values), 1000).maps.numpy()
    assert maps.shape == (3, 5, 6)
    assert list(zip(*np.nonzero(maps), strict=True)) == [(1, 2, 4)]
    assert output_maps(np.moveaxis(values, -1, 0), channels_first=True).shape == (3, 5, 6)


def test_a_kernel_is_shown_filter_by_filter_and_a_dense_one_over_the_picture() -> None:
    assert weight_maps(np.zeros((3, 3, 4, 16))).shape == (16, 3, 3)
    assert weight_maps(np.zeros((64, 10)), (8, 8, 1)).shape == (10, 8, 8)
    assert weight_maps(np.zeros((64, 10)), (30,)).shape == (1, 64, 10)
    assert weight_maps(np.zeros(7)).shape == (1, 1, 7)


@pytest.mark.parametrize("shape", [(1, 1, 100_000), (1, 5000, 3), (512, 28, 28), (3, 224, 224), (1, 4096, 1000), (64, 1, 1)])
@pytest.mark.parametrize("room", [64, 1000, 10_000])
def test_maps_fit_in_their_room(shape: tuple[int, ...], room: int) -> None:
    made = smaller(np.ones(shape, "float32"), room)
    assert 0 < made.size <= room and made.size <= natural(np.ones(shape))
    assert made == pytest.approx(1)


def test_who_wishes_for_little_has_all_of_it() -> None:
    assert shares([10, 20, 1000, 2000], 530) == 250
    assert shares([10, 20], 530) == 20
    assert shares([], 5) == 0
