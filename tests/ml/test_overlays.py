"""What is said of a picture is drawn into it."""

import numpy as np

from ml import overlays

GREY = np.full((1, 8, 8, 3), 100, np.uint8)


def test_a_mask_colours_its_pixels_and_no_others():
    labels = np.zeros((1, 8, 8), int)
    labels[0, 2:4, 5] = 2
    drawn = overlays.masked(GREY, labels)
    assert (drawn[labels == 0] == 100).all()
    assert len(np.unique(drawn[labels == 2], axis=0)) == 1
    assert (np.abs(drawn[labels == 2].astype(int) - 100).max(axis=-1) > 50).all()


def test_a_box_is_drawn_on_the_outermost_pixels_of_what_it_holds():
    drawn = overlays.boxed(GREY, np.array([[1, 0.5, 0.375, 0.5, 0.25]]))  # rows 2 to 5, columns 2 and 3
    changed = (drawn != 100).any(axis=-1)[0]
    assert np.flatnonzero(changed.any(axis=1)).tolist() == [2, 3, 4, 5]
    assert np.flatnonzero(changed.any(axis=0)).tolist() == [2, 3]


def test_a_box_beside_the_picture_ends_at_its_border():
    drawn = overlays.boxed(GREY, np.array([[0, 0.5, 0.5, 9, 9], [0, 7, -7, 1, np.nan]])[:1])
    assert (drawn[0, [0, -1]] != 100).any(axis=-1).all() and (drawn[0, 1:-1, 1:-1] == 100).all()


def test_the_colours_of_twenty_classes_differ():
    colours = overlays.colours(20).astype(int)
    apart = np.abs(colours[:, np.newaxis] - colours).sum(axis=-1) + 1000 * np.eye(20, dtype=int)
    assert apart.min() > 30


def test_grey_pictures_get_colours_too():
    assert overlays.side_by_side(overlays.rgb(np.ones((2, 4, 4, 1))), overlays.rgb(np.zeros((2, 4, 4, 3)))).shape == (2, 4, 9, 3)
