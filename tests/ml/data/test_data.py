"""Every data source keeps the same contract: what it says of its samples before loading is true of them."""

import subprocess
import sys

import numpy as np
import pytest

from ml import data
from ml.data import DataProblem
from ml.project.project import Data, Split


@pytest.mark.parametrize("source", [id for id, source in data.sources().items() if source.path is None and not source.files])
def test_a_source_keeps_its_word(source):
    told, loaded = data.spec(Data(source)), data.load(Data(source))
    assert loaded.x.shape[1:] == told.shape
    assert loaded.x.dtype == told.dtype
    assert len(loaded.x) == len(loaded.y)
    assert np.isfinite(loaded.x).all()
    match loaded.task:
        case "classification":
            assert loaded.y.dtype == np.int32
            assert set(loaded.y.tolist()) == set(range(len(told.classes)))
        case "regression":
            assert loaded.y.dtype == np.float32
            assert loaded.y.shape[1:] == (1,)
        case "language":
            assert loaded.y.dtype == np.int32
            assert loaded.x.max() < told.vocabulary


@pytest.mark.parametrize("source", [id for id, source in data.sources().items() if source.path is None and not source.files])
def test_every_sample_is_in_one_part(source):
    loaded = data.load(Data(source))
    assert sorted(np.concatenate(list(loaded.parts.values()))) == list(range(len(loaded.x)))


@pytest.mark.parametrize("source", [id for id, source in data.sources().items() if source.path is None and not source.files])
def test_the_seed_of_the_split_chooses_it(source):
    def parts(seed):
        data._load.cache_clear()
        return data.load(Data(source, split=Split(seed=seed))).parts["test"]

    assert np.array_equal(parts(1), parts(1))
    assert not np.array_equal(parts(1), parts(2))


def test_each_part_has_the_classes_in_proportion():
    loaded = data.load(Data("breast_cancer"))
    malignant = [np.mean(loaded.part(part)[1] == 0) for part in ("train", "validation", "test")]
    assert malignant == pytest.approx([np.mean(loaded.y == 0)] * 3, abs=0.02)


def test_parts_have_the_sizes_that_were_asked_for():
    parts = data.load(Data("iris", split=Split(validation=0.2, test=0.1))).parts
    assert {name: len(part) for name, part in parts.items()} == {"train": 105, "validation": 30, "test": 15}


def test_digits_are_scikit_learns():
    from sklearn.datasets import load_digits

    loaded, (pixels, labels) = data.load(Data("digits")), load_digits(return_X_y=True)
    assert np.array_equal(loaded.x.reshape(1797, 64) * 16, pixels)
    assert np.array_equal(loaded.y, labels)


def test_enlarged_digits_are_what_pillow_makes_of_them():
    from PIL import Image

    small, large = data.load(Data("digits")).x[0, :, :, 0], data.load(Data("digits", {"size": 28})).x[0, :, :, 0]
    expected = np.asarray(Image.fromarray(small, "F").resize((28, 28), Image.Resampling.BILINEAR))
    assert np.abs(large - expected).max() < 1e-5


def test_digits_in_colour_are_the_same_grey_three_times():
    loaded = data.load(Data("digits", {"size": 32, "channels": 3}))
    assert loaded.x.shape == (1797, 32, 32, 3)
    assert np.array_equal(loaded.x[..., 0], loaded.x[..., 2])


def test_tables_come_in_their_own_units_for_models_normalize_them():
    x, _ = data.load(Data("breast_cancer")).part("train")
    assert x[:, 3].max() > 1000


def test_the_target_scale_leads_back_to_the_target():
    loaded, raw = data.load(Data("diabetes")), data.load(Data("diabetes", {"standardize_target": False}))
    assert loaded.target_scale is not None
    assert loaded.target_scale.raw(loaded.y) == pytest.approx(raw.y, abs=1e-3)
    assert (raw.y.min(), raw.y.max()) == (25, 346)


def test_features_have_scikit_learns_names():
    from sklearn import datasets

    for source in ("iris", "breast_cancer", "diabetes"):
        assert list(data.spec(Data(source)).features) == list(getattr(datasets, f"load_{source}")().feature_names)


def test_text_says_what_comes_next():
    loaded = data.load(Data("text", {"context": 32}))
    assert np.array_equal(loaded.x[:, 1:], loaded.y[:, :-1])


def test_text_reads_as_pythons_reference():
    from pydoc_data.topics import topics

    loaded = data.load(Data("text"))
    windows = np.concatenate([loaded.x, loaded.y[:, -1:]], axis=1)
    assert topics["with"][:100] in loaded.decode(windows.ravel())


def test_text_and_tokens_lead_to_each_other():
    text = data.load(Data("text"))
    assert text.decode(text.encode("def f(x):\n    return ~x")) == "def f(x):\n    return ~x"
    assert text.decode(text.encode("naïve\t")) == "nave"


def test_spirals_have_an_arm_a_class():
    assert data.spec(Data("spirals", {"arms": 3})).classes == ("arm 1", "arm 2", "arm 3")
    assert set(data.load(Data("spirals", {"arms": 3})).y) == {0, 1, 2}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (Data("digit"), "no dataset 'digit'"),
        (Data("digits", {"sice": 8}), "no parameter 'sice'"),
        (Data("digits", {"size": 4}), "size must be at least 8, not 4"),
        (Data("iris", split=Split(0.5, 0.5)), "leave nothing to train on"),
        (Data("iris", split=Split(validation=-0.1)), "validation part must be a fraction"),
        (Data("iris", split=Split(seed=-1)), "seed of the split must be at least 0"),
    ],
)
def test_what_is_wrong_is_said(wrong, sentence):
    with pytest.raises(DataProblem, match=sentence):
        data.load(wrong)


def test_the_list_of_sources_needs_neither_keras_nor_scikit_learn():
    script = "import sys; from ml import data; from ml.project.project import Data; [data.spec(Data(id)) for id, s in data.sources().items() if s.path is None]"
    check = "; sys.exit(any(name in sys.modules for name in ('keras', 'tensorflow', 'sklearn', 'scipy')))"
    assert subprocess.run([sys.executable, "-c", script + check], check=False).returncode == 0
