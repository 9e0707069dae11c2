"""A preview shows samples in their own units, and counts them."""

import numpy as np
import pytest

from ml import data
from ml.data.preview import preview
from ml.project.project import Data


@pytest.mark.parametrize("source", [id for id, source in data.sources().items() if source.path is None and not source.files])
def test_a_preview_counts_all_samples(source):
    shown, loaded = preview(7, Data(source)), data.load(Data(source))
    assert shown.id == 7
    assert sum(shown.sizes.values()) == len(loaded.x)
    assert shown.arrays["x"].shape[1:] == loaded.shape


def test_a_table_is_shown_in_its_own_units():
    shown = preview(0, Data("iris"))
    lengths = shown.arrays["x"].numpy()[:, 0]
    assert lengths.min() > 4.2
    assert 7 < lengths.max() < 8
    assert shown.arrays["counts"].numpy().sum(axis=0).tolist() == [50, 50, 50]


def test_a_standardized_target_is_shown_raw_with_its_scale():
    shown = preview(0, Data("diabetes"))
    assert shown.arrays["y"].numpy().min() >= 24.9
    mean, deviation = shown.arrays["target_scale"].numpy()[:, 0]
    assert mean == pytest.approx(152, abs=10)
    assert deviation == pytest.approx(77, abs=6)


def test_text_is_shown_as_text():
    shown = preview(0, Data("text"))
    assert len(shown.texts[0]) == 64
    assert " the " in "".join(shown.texts)


def test_large_pictures_are_shown_in_part():
    assert np.prod(preview(0, Data("digits", {"size": 96, "channels": 3})).arrays["x"].shape) < 3_000_000


@pytest.mark.parametrize(("target", "counted"), [("mask", 80 * 32 * 32), ("box", 80)])
def test_labels_of_pixels_and_boxes_are_counted(target, counted):
    shown = preview(0, Data("shapes", {"samples": 80, "target": target}))
    assert shown.arrays["counts"].numpy().sum() == counted
    assert len(shown.arrays["counts"].numpy()[0]) == len(shown.classes)
