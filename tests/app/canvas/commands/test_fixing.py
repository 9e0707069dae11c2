"""An error is mended on the canvas: by its button, from the menu of Ctrl+., and with the mouse resting the costs are told."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.canvas.commands.fixing import with_room
from app.canvas.geometry import ROW, Hit
from app.canvas.items import hover
from ml.project.fixes import Argument, Fix, Insertion, apply
from ml.project.graph import Graph, Link, Node
from ml.project.report import NodeReport, ProjectReport, without_fixes

SAME = Fix('Set padding of conv to "same"', (Argument("conv", "padding", "same"),))
POOL = Fix("Pool image", (Insertion("MaxPooling2D", {"pool_size": 2}, "conv"),))
REPORTS = {
    "image": NodeReport(((None, 8, 8, 1),), ("float32",)),
    "conv": NodeReport(error="its kernel of 9×9 is larger than the 8×8 that image gives: padding would work.", fixes=(SAME, POOL)),
    "flatten": NodeReport(waits="conv"),
}


@pytest.fixture
def wrong(view):
    view.document.set_report(ProjectReport({"model": REPORTS}, 0, 0))
    return view


def button(view, name="conv", index=0):
    item = view.graph_scene.nodes[name]
    return item.pos() + item._band.buttons[index].center()


def test_a_click_on_the_button_mends_the_node_as_one_step(wrong, hand):
    before = wrong.document.project
    hand.click(button(wrong))
    assert wrong.document.graph["conv"].arguments["padding"] == "same"
    assert wrong.document.undo_stack.undoText() == SAME.text
    wrong.document.undo_stack.undo()
    assert wrong.document.project == before


def test_the_band_opens_under_the_mouse_and_closes_behind_it(wrong, hand):
    item = wrong.graph_scene.nodes["conv"]
    assert len(item._band.buttons) == 1
    hand.move(item.pos())
    assert len(item._band.buttons) == 2
    hand.move(button(wrong, index=1))
    assert item.lit == ("fix", 1)
    hand.move(item.pos() + QPointF(600, 0))
    assert len(item._band.buttons) == 1


def test_the_band_is_open_where_its_node_is_selected(wrong):
    wrong.select(["conv"])
    assert len(wrong.graph_scene.nodes["conv"]._band.buttons) == 2
    wrong.select([])
    assert len(wrong.graph_scene.nodes["conv"]._band.buttons) == 1


def test_the_words_of_an_error_belong_to_its_node(wrong):
    item = wrong.graph_scene.nodes["conv"]
    assert wrong.graph_scene.hit(item.pos() + item._band.rect.topLeft() + QPointF(20, 8)) == Hit("node", "conv")


def test_ctrl_period_lists_the_ways_out_and_enter_takes_one(wrong):
    wrong.select(["conv"])
    QTest.keyClick(wrong, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == [SAME.text, POOL.text]
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert wrong.document.graph["conv"].arguments["padding"] == "same"


def test_ctrl_period_says_so_where_nothing_is_wrong(view):
    said = []
    view.status.connect(said.append)
    view.select(["image"])
    QTest.keyClick(view, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert said == ["Nothing that is selected has an error with a known way out."]


def test_a_new_node_has_room_and_what_follows_moves_on(wrong):
    places = wrong.graph_scene.positions()
    wrong.fixing.use(POOL)
    after = wrong.graph_scene.positions()
    assert after["max_pooling2d"] == (places["image"][0], places["image"][1] + ROW)
    assert after["conv"][1] == places["image"][1] + 2 * ROW
    assert after["answer"][1] - after["conv"][1] == places["answer"][1] - places["conv"][1]
    assert after["image"] == places["image"]


def test_a_new_node_is_put_beside_what_lies_in_its_way():
    graph = Graph(
        {
            "a": Node("Input", {"shape": [8, 8, 1]}, position=(0.0, 0.0)),
            "c": Node("Conv2D", {}, (Link("a"),), position=(0.0, ROW)),
            "add": Node("Add", {}, (Link("a"), Link("c")), position=(0.0, 2 * ROW)),
        }
    )
    fix = Fix("", (Insertion("MaxPooling2D", {}, "add"),))
    after = with_room(graph, apply(graph, fix), fix)
    assert after["max_pooling2d"].position == (-268.0, ROW)
    assert after["add"].position == (0.0, 2 * ROW)


REPORT = NodeReport(((None, 6, 6, 32),), ("float32",), 320, 320, 10_368, 4608)


def test_a_node_tells_its_costs_and_its_python(view):
    graph = view.document.graph
    said = hover.words(graph, {"conv": REPORT}, Hit("node", "conv"))
    assert "(batch, 6, 6, 32) float32" in said
    assert "4.6 kB of output a sample" in said
    assert "320 parameters, trainable" in said
    assert "10,368 multiply-adds" in said
    assert "conv = layers.Conv2D(32, 3" in said
    assert "frozen" in hover.words(graph, {"conv": NodeReport(parameters=3)}, Hit("node", "conv"))


def test_a_link_tells_its_shape_and_type(view):
    said = hover.words(view.document.graph, {"conv": REPORT}, Hit("link", "flatten", 0))
    assert "(batch, 6, 6, 32) float32" in said
    assert "from conv to flatten" in said


def test_an_error_names_its_ways_out(wrong):
    graph = wrong.document.graph
    assert "Ctrl+. offers 2 ways out" in hover.words(graph, REPORTS, Hit("node", "conv"))
    assert "one step" in hover.words(graph, REPORTS, Hit("fix", "conv", 0))
    assert "waits for conv" in hover.words(graph, REPORTS, Hit("node", "flatten"))


def test_words_that_a_person_chose_are_no_html():
    graph = Graph({"x": Node("Dense", {"activation": "<b>"})})
    assert "<b>&lt;" not in hover.words(graph, {"x": NodeReport(error="<script>")}, Hit("node", "x")).replace("<b>x</b>", "")
    assert "&lt;script&gt;" in hover.words(graph, {"x": NodeReport(error="<script>")}, Hit("node", "x"))


def test_nothing_is_said_of_nothing(view):
    assert hover.words(view.document.graph, {}, Hit()) == ""
    assert "not checked yet" in hover.words(view.document.graph, {}, Hit("node", "conv"))


def test_where_a_graph_is_only_looked_at_nothing_is_offered():
    assert [report.fixes for report in without_fixes(REPORTS).values()] == [(), (), ()]
    assert without_fixes(REPORTS)["conv"].error == REPORTS["conv"].error
