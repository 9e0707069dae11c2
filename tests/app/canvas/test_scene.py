"""The scene changes what differs and nothing else."""

import pytest
from msgspec.structs import replace

from app.canvas.items.look import Detail
from app.canvas.layout import Layout, place
from app.canvas.palette import DARK, LIGHT
from app.canvas.scene import GraphScene
from ml.project.graph import Link, Node
from ml.project.report import NodeReport
from tests.app.canvas.conftest import GRAPH

REPORTS = {name: NodeReport(shapes=((None, 8),)) for name in GRAPH.nodes}


@pytest.fixture
def scene(qapp):
    scene = GraphScene(LIGHT)
    show(scene, GRAPH)
    return scene


def show(scene, graph, reports=REPORTS):
    layout, positions = place(graph, None)
    scene.show_graph(graph, reports, positions, layout)


def test_every_node_and_link_has_one_item(scene):
    assert set(scene.nodes) == set(GRAPH.nodes)
    assert set(scene.links) == {("conv", 0), ("flatten", 0), ("block", 0), ("answer", 0)}


def test_items_of_nodes_that_stay_are_the_same_items(scene):
    items = dict(scene.nodes)
    show(scene, GRAPH.with_node("conv", replace(GRAPH["conv"], arguments={"filters": 64})))
    assert scene.nodes == items and scene.nodes["conv"].face.detail == "64"


def test_what_goes_takes_its_links_along(scene):
    show(scene, GRAPH.without({"flatten"}))
    assert "flatten" not in scene.nodes and set(scene.links) == {("conv", 0), ("answer", 0)}
    assert len(scene.items()) == len(scene.nodes) + len(scene.links)


def test_a_link_from_elsewhere_is_drawn_from_there(scene):
    show(scene, GRAPH.linked("flatten", 0, Link("image")))
    assert scene.links["flatten", 0].source == "image"
    assert scene.links["flatten", 0].path().pointAtPercent(0) == scene.nodes["image"].box().output(0)


def test_only_nodes_whose_report_shows_are_repainted(scene):
    other = {**REPORTS, "conv": NodeReport(shapes=((None, 8),), parameters=5), "flatten": NodeReport(shapes=((None, 8),), dtypes=("float32",))}
    assert scene.set_reports(other) == ["conv"]
    assert scene.set_reports(other) == []


def test_links_follow_a_node_that_is_dragged(scene):
    scene.move({"conv": scene.nodes["conv"].pos() * 1 + scene.nodes["flatten"].pos()})
    for key in (("conv", 0), ("flatten", 0)):
        item = scene.links[key]
        path = item.path().translated(item.pos())
        assert path.pointAtPercent(0) == scene.nodes[item.source].box().output(0)
        assert path.currentPosition() == scene.nodes[item.target].box().input(0)


def test_links_between_nodes_that_move_alike_only_move(scene):
    path = scene.links["flatten", 0].path()
    shift = scene.nodes["answer"].pos()
    scene.move({name: scene.nodes[name].pos() + shift for name in ("conv", "flatten")})
    assert scene.links["flatten", 0].path() == path and scene.links["flatten", 0].pos() == shift


def test_a_renamed_node_stays_selected(scene):
    scene.select(["conv", "flatten"])
    show(scene, GRAPH.renamed("conv", "first"))
    assert scene.selected() == ["first", "flatten"]


def test_deleting_the_selected_node_announces_an_empty_selection(scene, qtbot):
    scene.select(["conv"])
    with qtbot.waitSignal(scene.picked):
        show(scene, GRAPH.without({"conv"}))
    assert scene.selected() == []


def test_selecting_is_announced_once(scene):
    heard = []
    scene.picked.connect(lambda: heard.append(scene.selected()))
    scene.select(list(GRAPH.nodes))
    assert heard == [list(GRAPH.nodes)]


def test_an_error_stands_under_its_card_and_the_next_nodes_wait(scene):
    height = scene.nodes["conv"].boundingRect().height()
    scene.set_reports({"conv": NodeReport(error="kernel_size must be at most 8. " * 9), "flatten": NodeReport(waits="conv")})
    assert scene.nodes["conv"].boundingRect().height() > height
    assert scene.nodes["flatten"].face.waits == "conv"
    assert "kernel_size must be" in scene.words_for(scene.hit(scene.nodes["conv"].pos()))


def test_a_type_that_nobody_knows_is_shown_with_its_links(scene):
    show(scene, GRAPH.with_node("odd", Node("NoSuchLayer", {}, (Link("image"), Link("conv")))))
    assert len(scene.nodes["odd"].face.slots) == 2


def test_far_away_there_is_less_to_paint_and_no_port_to_hit(scene):
    scene.set_detail(Detail.BLOCKS)
    assert scene.hit(scene.nodes["conv"].box().output(0)).kind in ("node", "empty")
    assert scene.links["conv", 0].pen().isCosmetic()


def test_other_colours_reach_every_item(scene):
    scene.set_palette(DARK)
    assert all(item.look.palette is DARK for item in scene.nodes.values())
    assert scene.links["conv", 0].pen().color().name() == DARK.link


def test_a_cleared_scene_is_empty(scene):
    scene.clear_graph()
    assert not scene.items()
    assert scene.extent().isEmpty()
    scene.show_graph(GRAPH, {}, place(GRAPH, None)[1], Layout())
    assert len(scene.nodes) == 5
