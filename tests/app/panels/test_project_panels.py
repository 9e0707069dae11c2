"""The panels of the project's settings, its data, and its page."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QTableView
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.data.network import Network
from app.panels.data.panel import DataPanel, facts
from app.panels.data.samples import Pictures, Samples, Scatter, image_of
from app.panels.data.series import Strips
from app.panels.page import PagePanel
from app.panels.recipe import RecipePanel
from ml import catalog
from ml.data.dataset import Spec
from ml.data.preview import preview
from ml.events import Array, Preview, Previewed
from ml.project.project import Choice, Data
from ml.tables import OPTIMIZERS, SCHEDULES


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    return Document(catalog.new("mlp"))


def pick(box: QComboBox, id: str | None) -> None:
    """Choose an entry as a person does."""
    box.setCurrentIndex(box.findData(id))
    box.activated.emit(box.currentIndex())


def test_every_optimizer_and_schedule_can_be_picked(document: Document, qtbot: QtBot) -> None:
    panel = RecipePanel(document)
    qtbot.addWidget(panel)
    for id in OPTIMIZERS:
        pick(panel.optimizer.box, id)
        assert document.project.training.optimizer.id == id
    for id, entry in SCHEDULES.items():
        pick(panel.schedule.box, id)
        schedule = document.project.training.schedule
        assert schedule is not None
        assert {parameter.name for parameter in entry.parameters if parameter.required} <= schedule.arguments.keys()
    pick(panel.schedule.box, None)
    assert document.project.training.schedule is None


def test_another_optimizer_keeps_the_learning_rate(document: Document, qtbot: QtBot) -> None:
    panel = RecipePanel(document)
    qtbot.addWidget(panel)
    assert panel.optimizer.form is not None
    rate = panel.optimizer.form.editor("learning_rate")
    assert isinstance(rate, QLineEdit)
    rate.clear()
    qtbot.keyClicks(rate, "0.05")
    pick(panel.optimizer.box, "SGD")
    assert document.project.training.optimizer == Choice("SGD", {"learning_rate": 0.05})


def test_epochs_batch_size_and_seed_are_set(document: Document, qtbot: QtBot) -> None:
    panel = RecipePanel(document)
    qtbot.addWidget(panel)
    for name, value in {"epochs": 7, "batch_size": 64, "seed": 3}.items():
        panel.training.changed.emit(name, value)
        assert getattr(document.project.training, name) == value
    document.undo_stack.undo()
    assert document.project.training.seed == 0


class Answers:
    """An engine that keeps the questions."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, Any]] = []

    def request(self, command: Any, callback: Any) -> None:
        self.asked.append((command, callback))


def test_a_preview_is_asked_for_only_while_it_can_be_seen(document: Document, qtbot: QtBot) -> None:
    engine = Answers()
    panel = DataPanel(document, engine.request)
    qtbot.addWidget(panel)
    qtbot.wait(300)
    assert engine.asked == []
    panel.show()
    qtbot.waitUntil(lambda: len(engine.asked) == 1)
    assert engine.asked[0][0] == Preview(0, document.project.data)


def test_the_models_follow_the_data_and_the_split_is_drawn_with_a_seed(document: Document, qtbot: QtBot) -> None:
    panel = DataPanel(document, Answers().request)
    qtbot.addWidget(panel)
    pick(panel.choice.box, "moons")
    assert document.graph["input"].arguments["shape"] == [2]
    panel.split.changed.emit("seed", 5)
    assert document.project.data.split.seed == 5
    panel.split.changed.emit("test", 0.9)
    assert document.project.data.split.test == 0.15
    assert "nothing to train on" in panel.problem.sentence.text()


def test_a_template_that_can_not_learn_from_the_data_says_why(qtbot: QtBot) -> None:
    document = Document(catalog.new("cnn"))
    panel = DataPanel(document, Answers().request)
    qtbot.addWidget(panel)
    pick(panel.choice.box, "iris")
    assert document.project.data.id == "digits"
    assert "needs pictures" in panel.problem.sentence.text()
    assert panel.choice.box.currentData() == "digits"


def test_data_that_are_chosen_again_before_their_answer_came_are_asked_for_again(document: Document, qtbot: QtBot) -> None:
    engine = Answers()
    panel = DataPanel(document, engine.request)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: len(engine.asked) == 1)
    question, answer = engine.asked[0]
    panel.split.changed.emit("seed", 5)
    answer(preview(0, question.data))
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: len(engine.asked) == 2)
    assert engine.asked[1][0].data == question.data


def previewed(kind: str, x: np.ndarray, y: np.ndarray, **more: Any) -> Previewed:
    return Previewed(
        0, kind, x.shape[1:], more.pop("classes", ("a", "b")), {"train": 4, "validation": 1, "test": 1}, {"x": Array.of(x), "y": Array.of(y)}, **more
    )


def graph(names: tuple[str, ...], classes: tuple[str, ...]) -> Previewed:
    """Three nodes, two links of different weights, and an answer for each node where there are classes."""
    links = np.array([[0, 3, 0], [3, 0, 1], [0, 1, 0]], "float32")
    event = previewed("graph", links, np.array([0, 1, 1], "int32") if classes else np.zeros((3, 0), "float32"), classes=classes, features=names)
    return replace(event, arrays=event.arrays | {"places": Array.of(np.array([[0, 0], [0.5, 1], [1, 0]], "float32"))})


LABELS = np.array([0, 1, 0, 1], "int32")


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (previewed("image", np.random.rand(4, 8, 8, 1).astype("float32"), LABELS), Pictures),
        (previewed("image", np.random.rand(4, 8, 8, 3).astype("float32"), LABELS), Pictures),
        (previewed("points", np.random.rand(4, 2).astype("float32"), LABELS), Scatter),
        (previewed("points", np.zeros((4, 2), "float32"), LABELS), Scatter),
        (previewed("table", np.random.rand(4, 5).astype("float32"), LABELS.astype("float32")[:, None], classes=()), QTableView),
        (previewed("text", np.zeros((4, 9), "int32"), np.zeros((4, 9), "int32"), classes=(), texts=("One.", "Two.")), QPlainTextEdit),
        (previewed("series", np.random.rand(4, 9, 2).astype("float32"), np.ones((4, 1), "float32"), classes=(), features=("number", "mark")), Strips),
        (graph(("1", "2", "3"), ("here", "there")), Network),
        (graph(("Valjean", "Cosette", "Marius"), ()), Network),
    ],
)
def test_each_kind_of_sample_is_drawn(qtbot: QtBot, event: Previewed, kind: type) -> None:
    samples = Samples()
    qtbot.addWidget(samples)
    samples.resize(300, 300)
    samples.show()
    samples.show_preview(event)
    assert isinstance(samples.shown, kind)
    assert not samples.grab().isNull()


def test_lines_of_labels_stand_below_wide_pictures_in_words(qtbot: QtBot) -> None:
    samples = Samples()
    qtbot.addWidget(samples)
    samples.resize(300, 300)
    spec = Spec((8, 40, 1), classes=("blank", "0", "1"), task="transcription")
    lines = np.array([[1, 2, 0], [2, 2, 2], [1, 0, 0], [2, 1, 0]], "int32")
    samples.show_preview(previewed("image", np.random.rand(4, 8, 40, 1).astype("float32"), lines, classes=spec.classes, spec=spec))
    assert isinstance(samples.shown, Pictures) and samples.shown._labels == ["01", "111", "0", "10"]
    assert not samples.grab().isNull()


@pytest.mark.parametrize(("target", "below"), [("mask", "mask"), ("box", "circle"), ("clean", "clean")])
def test_pictures_are_followed_by_what_is_to_be_said_of_them(qtbot: QtBot, target: str, below: str) -> None:
    event = preview(0, Data("shapes", {"samples": 80, "target": target}))
    samples = Samples()
    qtbot.addWidget(samples)
    samples.show_preview(event)
    shown = samples.shown
    assert isinstance(shown, Pictures)
    assert len(shown._images) == len(shown._labels) == 2 * len(event.arrays["x"].numpy())
    assert set(shown._labels[::2]) == {""} and below in shown._labels[1::2]
    assert shown._images[0] != shown._images[1]


def test_a_position_is_shown_as_a_board_with_its_move_below(qtbot: QtBot) -> None:
    event = preview(0, Data("board"))
    samples = Samples()
    qtbot.addWidget(samples)
    samples.show_preview(event)
    shown = samples.shown
    assert isinstance(shown, Pictures)
    assert shown._labels[:5] == [event.classes[move] for move in event.arrays["y"].numpy()[:5]]
    assert shown._images[0].width() == 49 and not samples.grab().isNull()


def test_pixels_become_a_picture() -> None:
    pixels = np.zeros((2, 3, 1), "float32")
    pixels[1, 2] = 1
    image = image_of(pixels)
    assert (image.width(), image.height()) == (3, 2)
    assert image.pixelColor(2, 1).value() == 255
    assert image.pixelColor(0, 0).value() == 0


def test_facts_count_samples_and_classes() -> None:
    counts = {"counts": Array.of(np.array([[2, 2], [1, 0], [0, 1]]))}
    event = Previewed(0, "image", (8, 8, 1), ("a", "b"), {"train": 4, "validation": 1, "test": 1}, counts)
    assert facts(event) == "One sample: 8 × 8 × 1 pixels\ntrain 4  ·  validation 1  ·  test 1\n2 classes: 0 = a\u00a0(3), 1 = b\u00a0(3)"


def test_of_very_many_classes_some_are_named() -> None:
    event = previewed("image", np.zeros((1, 8, 8, 1), "float32"), np.zeros((1, 1), "int32"), classes=tuple(f"c{index}" for index in range(1200)))
    last = facts(event).splitlines()[-1]
    assert last.startswith("1,200 classes: 0 = c0") and last.endswith(", and 1,150 more") and last.count(" = ") == 50


def test_the_page_follows_the_template(document: Document, qtbot: QtBot) -> None:
    page = PagePanel(document)
    qtbot.addWidget(page)
    for id, template in catalog.templates().items():
        document.open(catalog.new(id))
        text = page.browser.toPlainText()
        assert text.startswith(template.title)
        assert all(heading in text for heading in ("What it is", "What to watch", "What to try", "The paper"))
