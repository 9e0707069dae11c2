"""A project begins as its template and its preset say, fitted to its data."""

import subprocess
import sys

import pytest

from ml import catalog
from ml.catalog import SettingProblem
from ml.project.graph import Link


def units(project):
    return [node.arguments["units"] for node in project.models["model"].nodes.values() if node.type == "Dense"]


def test_a_template_takes_its_shapes_from_the_data():
    project = catalog.new("mlp", settings={"data": "iris"})
    assert project.models["model"]["input"].arguments["shape"] == [4]
    assert units(project)[-1] == 3


def test_a_table_is_normalized_and_a_picture_flattened():
    assert catalog.new("mlp", settings={"data": "iris"}).models["model"].of_type("Normalization")
    assert catalog.new("mlp").models["model"].of_type("Flatten")


def test_a_number_to_predict_has_one_linear_output():
    graph = catalog.new("mlp", settings={"data": "diabetes"}).models["model"]
    assert graph["output"].inputs == (Link("dense_2"),)
    assert graph["dense_2"].arguments == {"units": 1}


def test_two_classes_are_one_probability_and_more_are_one_each():
    def last(data):
        graph = catalog.new("logistic_regression", settings={"data": data}).models["model"]
        return graph["dense"].arguments

    assert last("breast_cancer") == {"units": 1, "activation": "sigmoid"}
    assert last("iris") == {"units": 3, "activation": "softmax"}


def test_settings_come_after_the_preset_whatever_their_kind():
    project = catalog.new("mlp", "paper", {"units": [7], "training.epochs": 3, "models.model.dense.activation": "tanh"})
    assert units(project) == [7, 10]
    assert project.models["model"]["dense"].arguments["activation"] == "tanh"
    assert project.training.epochs == 3
    assert project.data.arguments == {"size": 28}


def test_a_project_remembers_its_template():
    assert catalog.new("cnn").template == "cnn"


@pytest.mark.parametrize(
    ("template", "preset", "settings", "words"),
    [
        ("perceptrons", "lite", {}, "There is no template 'perceptrons'; there are: .*cnn"),
        ("cnn", "huge", {}, "has no preset 'huge'; it has: lite, paper"),
        ("cnn", "lite", {"filter": [3]}, "no parameter 'filter'; it has: .*filters"),
        ("cnn", "lite", {"filters": 3}, "filters must be a list of sizes"),
        ("cnn", "lite", {"filters": [3, 0]}, "filters must be a list of sizes"),
        ("cnn", "lite", {"dropout": 2}, "dropout must be at most"),
        ("cnn", "lite", {"models": 3}, "of a model an argument can be set, as in models.model.dense.units"),
        ("cnn", "lite", {"data": "iris"}, "cnn needs pictures .* try mlp"),
        ("mlp", "lite", {"data": "text"}, "mlp is for classification and regression, and text is for language: try the data digits."),
        ("gpt", "lite", {"data": "digits"}, "gpt is for language, and digits is for classification: try the data text."),
        ("mlp", "lite", {"data": "les_miserables"}, "and les_miserables has no labels: try the data digits."),
        ("unet", "lite", {"data": "shapes"}, r"and shapes is for classification: try the data shapes \(samples 2000, target mask, figures 2\)."),
        ("unet", "lite", {"recipe": "supervised"}, "and shapes is for segmentation: try the recipe segmentation."),
        ("unet", "lite", {"recipe": "supervised", "data": "text"}, "and text is for language: try the recipe segmentation and the data shapes"),
        ("seq2seq", "lite", {"data": "sorting"}, "seq2seq reads tokens, and sorting is made of numbers: try the data dates."),
        ("echo_state", "lite", {"data": "stories"}, "echo_state says one number, and stories has 6 classes: try the data mackey_glass."),
        ("spatial_transformer", "lite", {"data": "digits"}, "at least 18 × 18 pixels for its windows, .*: take larger ones or smaller windows."),
        ("spatial_transformer", "lite", {"transformer": False, "data": "digits"}, "at least 16 × 16 pixels"),
        ("capsnet", "lite", {"data": "iris"}, r"this data has the shape \(4,\): try mlp."),
        ("capsnet", "lite", {"data": "board"}, "at least 5 × 5 pixels .*: take larger ones or a smaller kernel_size."),
        ("overfeat", "paper", {"data": "diabetes", "classes": 0}, r"this data has the shape \(10,\) and 0 classes: try the data shapes."),
        ("memory_network", "lite", {"data": "iris"}, r"this data has the shape \(4,\): try the data stories."),
        ("memory_network", "lite", {"classes": 43}, "1 to 42 of the 43 words, after padding, and there are 43."),
        ("copy_mechanism", "lite", {"target_shape": [1]}, r"target_shape must be at least \[2\], not \[1\]."),
        ("logistic_regression", "lite", {"data": "diabetes"}, "tells classes apart"),
        ("vae", "lite", {"data.size": 10}, "halved 2 times"),
        ("dcgan", "lite", {"data.size": 12}, "square pictures of 4, 8, 16"),
        ("vit", "lite", {"patch_size": 3}, "patches of 3 pixels"),
        ("gpt", "lite", {"heads": 5}, "5 can't share 64"),
    ],
)
def test_what_can_not_begin_is_refused_in_a_sentence(template, preset, settings, words):
    with pytest.raises(SettingProblem, match=words):
        catalog.new(template, preset, settings)


def test_the_catalogue_needs_no_keras():
    code = """if True:
        import sys
        from ml import catalog
        for template in catalog.templates():
            catalog.new(template)
        print([name for name in ("keras", "tensorflow", "PySide6") if name in sys.modules])
    """
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
