"""Links go around cards."""

import pytest
from PySide6.QtCore import QPointF, QRectF

from app.canvas.geometry import HEIGHT, WIDTH
from app.canvas.layout import routing
from app.canvas.layout.routing import around, doubled
from ml.project.graph import Link

CARD = QRectF(-WIDTH / 2, -HEIGHT / 2, WIDTH, HEIGHT)


def finder(*cards):
    return lambda path: [card for card in cards if doubled(path).intersects(card)]


def test_where_nothing_is_in_the_way_a_link_runs_straight():
    path, detours = around(QPointF(0, 0), QPointF(0, 400), [], [], finder(CARD.translated(300, 200)), "down")
    assert not detours and path.boundingRect().width() < 1


@pytest.mark.parametrize("flow", ["down", "right"])
def test_a_card_in_the_way_is_passed_on_the_nearer_side(flow):
    card = CARD.translated(250, 20) if flow == "right" else CARD.translated(40, 200)
    end = QPointF(500, 0) if flow == "right" else QPointF(0, 400)
    path, detours = around(QPointF(0, 0), end, [], [], finder(card), flow)
    assert detours and not doubled(path).intersects(card)
    assert path.currentPosition() == end and (path.boundingRect().top() < card.top() if flow == "right" else path.boundingRect().left() < card.left())


def test_two_cards_beside_each_other_are_passed_together():
    cards = CARD.translated(0, 200), CARD.translated(-WIDTH - 10, 200)
    path, detours = around(QPointF(0, 0), QPointF(0, 400), [], [], finder(*cards), "down")
    assert detours and not any(doubled(path).intersects(card) for card in cards)


def test_a_link_that_runs_back_goes_around_its_own_cards():
    source, target = CARD.translated(0, 300), CARD
    path, detours = around(QPointF(0, 300 + HEIGHT / 2), QPointF(0, -HEIGHT / 2), [], [source, target], finder(), "down")
    inner = [card.adjusted(2, 2, -2, -2) for card in (source, target)]
    assert detours and not any(doubled(path).intersects(card) for card in inner)


def test_where_no_lane_is_free_it_runs_straight():
    wall = QRectF(-5000, 200, 10000, 20)
    cards = [QRectF(x, 190, 300, 40) for x in range(-6000, 6000, 310)]
    path, detours = around(QPointF(0, 0), QPointF(0, 400), [], [], finder(*cards), "down")
    assert not detours and doubled(path).intersects(wall)


def crosses(view, key, name):
    item = view.graph_scene.links[key]
    return doubled(item.path().translated(item.pos())).intersects(view.graph_scene.nodes[name].box().rect)


def test_links_of_a_node_that_was_dragged_far_do_not_run_through_cards(document, view, hand):
    view.zoom_to_fit()
    hand.drag(hand.card("conv"), hand.card("answer") + QPointF(0, 120))
    assert document.graph["conv"].position[1] > 550
    for key in (("conv", 0), ("flatten", 0)):
        assert not any(crosses(view, key, name) for name in view.graph_scene.nodes if name not in (key[0], view.graph_scene.links[key].source))


def test_a_link_gives_way_to_a_card_that_is_put_on_it_and_comes_back(document, view, hand):
    view.editor.edit_graph(document.graph.without({"flatten"}).linked("block", 0, Link("conv")), "Leave a gap")
    view.add_node("Input", QPointF(400, 200))
    lying = hand.card("input")
    hand.drag(lying, (hand.output("conv") + hand.input("block")) / 2)
    assert not crosses(view, ("block", 0), "input") and view.graph_scene.links["block", 0].detours
    document.undo_stack.undo()
    assert not view.graph_scene.links["block", 0].detours


def test_planned_links_are_taken_as_they_are(view):
    assert not any(item.detours for item in view.graph_scene.links.values())
    assert routing.planned(view.graph_scene.nodes["image"].box(), view.graph_scene.nodes["conv"].box(), view.graph_scene._layout)
