import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from app.panels.lenses.attention import AttentionPanel, has_attention
from app.panels.lenses.names import fitting
from app.panels.lenses.tiles import Spot
from ml import events
from ml.project.graph import Graph, Node

from .conftest import project

TEXT = tuple("the\ncat")


def attention(layers=2, heads=3, size=7, **more):
    scores = np.random.default_rng(0).dirichlet(np.ones(size), (heads, size)).astype("float32")
    return events.Attention(40, tuple(events.AttentionLayer(f"block_{n}/attention", events.Array.of(scores)) for n in range(layers)), **more)


def over_picture():
    return attention(size=5, picture=events.Array.of(np.zeros((8, 8, 1), "float32")), grid=(2, 2))


@pytest.fixture
def panel(qtbot):
    panel = AttentionPanel()
    qtbot.addWidget(panel)
    panel.resize(1280, 400)
    panel.show()
    return panel


@pytest.fixture
def commands(panel):
    given = []
    panel.command.connect(given.append)
    return given


def show(panel, event):
    panel.show_event(event)
    panel.refresh()


def test_a_model_without_attention_is_said_to_have_none(panel):
    panel.begin(project(dense=Node("Dense")))
    assert "no attention" in panel._empty.text()
    panel.begin(project(block=Node("Block", graph=Graph({"mha": Node("MultiHeadAttention")}))))
    assert "no attention" not in panel._empty.text()


def test_attention_inside_a_block_counts():
    inner = Graph({"mha": Node("MultiHeadAttention")})
    assert has_attention(Graph({"block": Node("Block", graph=inner)}))
    assert not has_attention(Graph({"dense": Node("Dense")}))


def test_every_head_is_in_the_picture_and_a_click_makes_one_large(panel):
    show(panel, attention(tokens=TEXT))
    panel._maps.picked.emit(Spot(1, 2, 0, 0))
    panel.refresh()
    assert panel._chosen == (1, 2)
    assert panel._layer.currentText() == "block_1/attention"
    assert panel._number.value() == 3


def test_what_lies_under_the_pointer_is_said_in_words(panel):
    event = attention(tokens=TEXT)
    show(panel, event)
    panel._maps.over.emit(Spot(0, 1, 3, 4))
    weight = event.layers[0].scores.numpy()[1, 3, 4]
    assert panel._says.text() == f"block_0/attention, head 2: “⏎” (4) looks at “c” (5) with {weight:.1%}"


def test_a_layer_that_can_also_generate_says_so_in_labels_of_its_own(panel):
    layer = events.AttentionLayer("sources", events.Array.of(np.full((1, 2, 3), 1 / 3, "float32")), ("generate", "to", "Addis Ababa"))
    show(panel, events.Attention(40, (layer,), ("to", "Addis Ababa"), queries=("late", "Addis Ababa")))
    panel._maps.over.emit(Spot(0, 0, 1, 0))
    assert "“Addis Ababa” (2) looks at “generate” (1) with 33.3%" in panel._says.text()


def test_over_a_picture_a_patch_is_chosen_and_its_gaze_is_shown(panel):
    show(panel, over_picture())
    panel._head.picked.emit((1, 0))
    panel.refresh()
    assert panel._query == 3, "the class token is 0, so that patch 2 is token 3"
    panel._head.over.emit((0, 1))
    assert "the patch in row 2, column 1 looks at the patch in row 1, column 2" in panel._says.text()
    panel._whole.setChecked(True)
    panel.refresh()
    assert panel._query == 0


def test_with_the_arrow_keys_the_choice_goes_from_patch_to_patch_and_from_row_to_row(panel, qtbot):
    for event, seen in ((over_picture(), [1, 3, 4, 4, 2]), (attention(), [1, 2, 3, 4, 3])):
        panel.begin(project())
        show(panel, event)
        queries = []
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up):
            qtbot.keyClick(panel._head, key)
            queries.append(panel._query)
        assert queries == seen


def test_whether_it_is_the_class_token_that_looks_can_be_seen_from_the_start(panel):
    show(panel, over_picture())
    assert panel._query == 0 and panel._whole.isChecked()
    panel._head.picked.emit((1, 0))
    panel.refresh()
    assert not panel._whole.isChecked()


def test_sentences_stand_below_each_other_with_the_looks_at_them_across(panel):
    sentences = tuple(f"anna went to the {place}" for place in ("attic", "cellar", "garden", "hall"))
    weights = np.eye(4, dtype="float32")[None, [1, 3]]
    event = events.Attention(
        7, (events.AttentionLayer("hops", events.Array.of(weights)),), sentences, queries=("hop_1", "hop_2"), about="where is anna?  →  hall"
    )
    show(panel, event)
    assert panel._says.text() == "Example 0 after step 7: where is anna?  →  hall"
    assert panel._head._shape == (4, 2)
    where = []
    panel._head.over.connect(where.append)
    panel._head.hovered.emit(QPointF(1.5, 3.5))
    assert where == [(1, 3)]
    assert panel._says.text() == "hops, head 1: “hop_2” (2) looks at “anna went to the hall” (4) with 100.0%"


def test_the_whole_matrices_can_be_shown_over_a_picture(panel):
    show(panel, over_picture())
    assert panel._maps._tiles.cell == (2, 2)
    panel._pairs.setChecked(True)
    panel.refresh()
    assert panel._maps._tiles.cell == (5, 5)


def test_another_example_is_asked_for_once_after_the_last_turn(panel, commands, qtbot):
    show(panel, attention())
    for index in range(1, 6):
        panel._index.setValue(index)
    qtbot.waitUntil(lambda: bool(commands))
    assert commands == [events.Probe(index=5)]


def test_a_language_model_can_be_watched_on_a_text_of_ones_own(panel, commands, qtbot):
    panel.begin(project("causal_lm"))
    show(panel, attention(tokens=TEXT))
    qtbot.keyClicks(panel._text, "Hello")
    qtbot.keyClick(panel._text, "\r")
    assert commands == [events.Probe(index=0, text="Hello")]


def test_fewer_heads_and_layers_than_before_are_no_trouble(panel):
    show(panel, attention(layers=3, heads=4))
    panel._maps.picked.emit(Spot(2, 3, 0, 0))
    show(panel, attention(layers=1, heads=1, size=3))
    assert panel._chosen == (0, 0)
    panel.begin(project())
    panel.refresh()
    assert panel._stack.currentIndex() == 0


def test_over_the_rows_of_a_picture_the_matrices_are_shown_and_a_row_is_chosen(panel):
    show(panel, attention(layers=1, heads=1, size=8, picture=events.Array.of(np.zeros((8, 8, 1), "float32")), grid=(8, 1)))
    assert panel._maps._tiles.cell == (8, 8)
    assert panel._head._at(QPointF(6.5, 3.5)) == (3, 0), "a row is as wide as the picture"
    panel._head.picked.emit((3, 0))
    assert panel._query == 3


def test_queries_of_another_sequence_have_names_of_their_own(panel):
    show(panel, attention(1, 1, tokens=TEXT, queries=tuple("die\nKat")))
    panel._over_head((0, 1))
    assert "“d” (1) looks at “h” (2)" in panel._says.text()


def test_heads_are_numbered_where_their_names_would_stand_in_each_other(panel, qtbot):
    show(panel, attention(heads=8))
    axis = panel._maps.getAxis("top")
    qtbot.waitUntil(lambda: [text for _, text in axis._tickLevels[0]][:2] == ["head 1", "head 2"])
    panel.resize(1280, 160)
    qtbot.waitUntil(lambda: [text for _, text in axis._tickLevels[0]][:2] == ["1", "2"])


def test_names_are_shortened_as_long_as_they_tell_layers_apart():
    assert fitting(["block_1/attention", "block_2/attention"], 20) == ["block_1/attention", "block_2/attention"]
    assert fitting(["block_1/attention", "block_2/attention"], 16) == ["block_1…ttention", "block_2…ttention"]
    assert fitting(["block_1/attention", "block_2/attention"], 10) == ["1", "2"]


def test_a_long_question_does_not_widen_the_panel_and_a_token_is_no_markup(panel, qtbot):
    show(panel, attention())
    before = panel.minimumSizeHint().width()
    show(panel, attention(tokens=("<b>", "cat"), about="where is anna? " * 40))
    assert panel.minimumSizeHint().width() == before
    panel._head.over.emit((0, 1))
    assert "“<b>” (1) looks at “cat” (2)" in panel._says.text() and panel._says.textFormat() == Qt.TextFormat.PlainText
