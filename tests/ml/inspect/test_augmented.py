"""The lens shows pictures as training gives them to the network, and takes none of training's chance away."""

from __future__ import annotations

import numpy as np
import pytest

from ml import catalog
from ml.events import Picture
from ml.generate.painter import to_pixels
from ml.inspect.augmented import AugmentedLens
from ml.project.graph import Graph, Link, Node
from ml.project.project import Choice, Data, Project
from ml.training.session import Session


def test_alexnet_is_given_parts_of_pictures_some_of_them_mirrored() -> None:
    session = Session(catalog.new("alexnet", settings={"data.samples": 100}))
    lens = AugmentedLens(session.project, session.built, session.dataset)
    variables = session.models["model"].variables
    before = [variable.numpy().copy() for variable in variables]
    seen = lens.read(3)
    assert isinstance(seen, Picture) and (seen.name, seen.step) == ("augmented", 3)
    assert all(np.array_equal(variable.numpy(), value) for variable, value in zip(variables, before, strict=True))
    rows = seen.pixels.numpy().reshape(4, 2, 8, 32, 32, 3)
    originals, given = rows[:, 0].reshape(32, 32, 32, 3), rows[:, 1].reshape(32, 32, 32, 3)[:, 2:30, 2:30]
    np.testing.assert_array_equal(originals, to_pixels(session.dataset.part("train")[0][:32]))
    found = [place(picture, part) for picture, part in zip(originals, given, strict=True)]
    assert None not in found and {each[0] for each in found if each} == {False, True} and len(set(found)) > 8


def place(picture: np.ndarray, part: np.ndarray) -> tuple[bool, int, int] | None:
    """Whether a part of a picture is mirrored, and where it is from."""
    for mirrored, whole in ((False, picture), (True, picture[:, ::-1])):
        for down in range(5):
            for across in range(5):
                if np.abs(whole[down : down + 28, across : across + 28].astype(int) - part).max() <= 1:
                    return mirrored, down, across
    return None


def test_random_layers_of_keras_are_seen_too() -> None:
    nodes = {
        "x": Node("Input", {"shape": [8, 8, 1]}),
        "flip": Node("RandomFlip", {"mode": "horizontal"}, (Link("x"),)),
        "flat": Node("Flatten", {}, (Link("flip"),)),
        "answer": Node("Dense", {"units": 10, "activation": "softmax"}, (Link("flat"),)),
        "y": Node("Output", {}, (Link("answer"),)),
    }
    session = Session(Project("flips", Data("digits"), {"model": Graph(nodes)}, Choice("supervised")))
    seen = AugmentedLens(session.project, session.built, session.dataset).read(0)
    assert isinstance(seen, Picture)
    rows = seen.pixels.numpy().reshape(4, 2, 8, 8, 8)
    mirrored = (rows[:, 0, :, :, ::-1] == rows[:, 1]).all(axis=(2, 3))
    assert 0 < mirrored.sum() < 32 and ((rows[:, 0] == rows[:, 1]).all(axis=(2, 3)) | mirrored).all()


@pytest.mark.parametrize("template", ["cnn", "mlp", "spatial_transformer", "vae", "gpt"])
def test_where_nothing_is_changed_by_chance_there_is_nothing_to_see(template: str) -> None:
    session = Session(catalog.new(template))
    assert AugmentedLens(session.project, session.built, session.dataset).read(0) is None
