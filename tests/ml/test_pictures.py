"""Pictures in a grid, and files that other programs open."""

import numpy as np
import pytest
from PIL import Image, ImageSequence

from ml import pictures
from ml.project.files import FileProblem


def test_a_grid_holds_every_picture_in_its_place():
    pixels = np.arange(1, 6, dtype=np.uint8)[:, None, None, None] * np.ones((5, 2, 3, 1), np.uint8)
    sheet = pictures.grid(pixels, columns=3)
    assert sheet.shape == (5, 11, 1)
    assert sheet[0, ::4, 0].tolist() == [1, 2, 3]
    assert sheet[3, ::4, 0].tolist() == [4, 5, 0]
    assert not sheet[2].any()


def test_without_a_number_of_columns_the_grid_is_square():
    assert pictures.grid(np.zeros((64, 8, 8, 1), np.uint8)).shape == (71, 71, 1)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_png_shows_what_was_given(tmp_path, channels):
    pixels = np.random.default_rng(0).integers(0, 256, (300, 300, channels), np.uint8)
    pictures.save_png(pixels, tmp_path / "grid.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "grid.png")).reshape(pixels.shape), pixels)


def test_small_pictures_are_enlarged_pixel_by_pixel(tmp_path):
    pixels = np.array([[0, 255], [255, 0]], np.uint8)[..., None]
    pictures.save_png(pixels, tmp_path / "small.png")
    opened = np.asarray(Image.open(tmp_path / "small.png"))
    assert opened.shape == (256, 256)
    assert np.array_equal(opened[::128, ::128], pixels[..., 0])


def test_a_gif_has_every_frame(tmp_path):
    frames = [np.full((8, 8, 1), 20 * step, np.uint8) for step in range(10)]
    pictures.save_gif(frames, tmp_path / "film.gif", milliseconds=50)
    with Image.open(tmp_path / "film.gif") as film:
        assert (len(list(ImageSequence.Iterator(film))), film.info["duration"], film.info["loop"]) == (10, 50, 0)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileProblem, match="nowhere"):
        pictures.save_png(np.zeros((8, 8, 1), np.uint8), tmp_path / "nowhere" / "grid.png")
