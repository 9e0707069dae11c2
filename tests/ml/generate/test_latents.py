"""Noise and the way between two places of a latent space."""

import numpy as np
import pytest

from ml.generate.latents import interpolate, noise


def test_noise_is_the_same_for_the_same_seed():
    assert np.array_equal(noise(4, 8, seed=3), noise(4, 8, seed=3))
    assert not np.array_equal(noise(4, 8, seed=3), noise(4, 8, seed=4))


def test_an_interpolation_begins_and_ends_where_it_was_told():
    first, last = noise(2, 16, seed=0)
    way = interpolate(first, last, 9)
    assert way.shape == (9, 16)
    assert way[0] == pytest.approx(first, abs=1e-5)
    assert way[-1] == pytest.approx(last, abs=1e-5)


def test_between_two_draws_the_length_stays_that_of_a_draw():
    first, last = noise(2, 512, seed=0)
    lengths = np.linalg.norm(interpolate(first, last, 11), axis=1)
    assert lengths.min() > 0.9 * np.sqrt(512)


def test_the_angle_turns_evenly():
    way = interpolate(np.array([1.0, 0.0]), np.array([0.0, 2.0]), 4)
    assert np.degrees(np.arctan2(way[:, 1], way[:, 0])) == pytest.approx([0, 30, 60, 90], abs=1e-4)


@pytest.mark.parametrize("last", [[-1.0, 0.0], [3.0, 0.0], [0.0, 0.0]])
def test_without_an_angle_the_way_is_straight(last):
    way = interpolate(np.array([1.0, 0.0]), np.array(last), 3)
    assert way[1] == pytest.approx([(1 + last[0]) / 2, 0], abs=1e-6)
