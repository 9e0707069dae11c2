"""What answers to some words."""

import pytest
from msgspec.structs import replace

from app.canvas.finding import within
from app.canvas.finding.within import Spot
from ml.project.graph import Graph, Link, Node, Note
from ml.project.report import NodeReport
from tests.app.canvas.conftest import GRAPH, project

PROJECT = project(replace(GRAPH, notes={"note": Note("Too many filters?", (0, 0, 100, 50))}))
PROJECT = replace(PROJECT, models={**PROJECT.models, "critic": Graph({"x": Node("Input"), "y": Node("Output", {}, (Link("x"),))})})
REPORTS = {
    "model": {
        "conv": NodeReport(error="the kernel is larger than the picture."),
        "block": NodeReport(error="inside, dense: odd", inside={"dense": NodeReport(error="odd")}),
        "flatten": NodeReport(shapes=((None, 1152),)),
    },
    "critic": {"y": NodeReport(error="it has no input.")},
}


def names(query):
    return [spot.name for spot in within.matching(PROJECT, REPORTS, query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("flat", ["flatten"]),
        ("conv2d", ["conv"]),
        ("filters=32", ["conv"]),
        ("units=4", ["dense"]),
        ("KERNEL larger", ["conv"]),
        ("error", ["conv", "block", "dense", "y"]),
        ("1,152", ["flatten"]),
        ("many filters", ["note"]),
        ("no such thing", []),
        ("  ", []),
    ],
)
def test_names_types_arguments_shapes_errors_and_notes_answer(query, found):
    assert names(query) == found


def test_what_is_inside_a_block_is_found_where_it_lies():
    assert within.matching(PROJECT, REPORTS, "units=4") == [Spot("model", ("block",), "dense")]


def test_a_block_that_is_wrong_inside_leads_to_what_is_wrong_there():
    assert within.wrong(PROJECT, REPORTS) == [Spot("model", (), "conv"), Spot("model", ("block",), "dense"), Spot("critic", (), "y")]


def test_the_next_one_comes_after_the_place_where_one_is_and_then_the_first_again():
    found = within.wrong(PROJECT, REPORTS)

    def after(here, step=1, stay=False):
        spot = within.following(PROJECT, found, here, step, stay)
        return spot.name if spot else ""

    assert after(None) == "conv" and after(None, -1) == "y"
    assert after(Spot("model", (), "flatten")) == "dense" and after(Spot("model", (), "flatten"), -1) == "conv"
    assert after(found[0]) == "dense" and after(found[0], stay=True) == "conv" and after(found[0], -1) == "y" and after(found[-1]) == "conv"
    assert within.following(PROJECT, [], None, 1) is None
