"""The panel shows who is taken for whom, and leads from a mistake to its example."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.lenses.mistakes import MistakesPanel
from ml.events import Array, Done, Mistake, Mistakes, Probe, Told

CLASSES = ("cat", "dog")


def told(role: str = "model", right: int = 8) -> Told:
    confusion = Array.of(np.array([[right, 1], [0, 3]], "int32"))
    curve = Array.of(np.array([[0, 0, 1], [0, 1, 1]], "float32"))
    picture = Array.of(np.zeros((8, 8, 1), "uint8"))
    return Told(role, confusion, (curve,), (0.875,), (Mistake(17, 0, 1, 0.93, picture), Mistake(5, 0, 1, 0.61, text="meow")))


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> MistakesPanel:
    made = MistakesPanel()
    qtbot.addWidget(made)
    made.resize(1000, 300)
    made.show()
    made.begin(document.project)
    return made


def test_it_says_what_will_be_here_and_when_nothing_was(panel: MistakesPanel) -> None:
    assert panel._stack.currentIndex() == 0 and "While a model learns" in panel._empty.text()
    panel.show_event(Done("complete", 1, 1.0, {}, "run"))
    assert "no mistakes were recorded" in panel._empty.text()


def test_mistakes_are_counted_listed_and_led_to(qtbot: QtBot, panel: MistakesPanel) -> None:
    asked: list[Probe] = []
    panel.command.connect(asked.append)
    panel.show_event(Mistakes(9, (told(),), "validation", 12, CLASSES))
    qtbot.waitUntil(lambda: panel._worst.count() == 2)
    assert panel._says.text() == "After step 9: 1 of 12 validation samples wrong (91.7% right, area under ROC 0.875)"
    assert panel._worst.item(0).text() == "cat, said to be dog with 93%, example 17"
    assert panel._worst.item(1).text().startswith("“meow”: cat")
    panel._worst.itemActivated.emit(panel._worst.item(0))
    assert asked == [Probe(index=17)]
    assert panel._matrix.sentence(0, 1) == "1 of 9 cat are said to be dog"
    assert not panel.grab().isNull()


def test_a_mistake_is_seen_beside_its_words(qtbot: QtBot, panel: MistakesPanel) -> None:
    panel.show_event(Mistakes(9, (told(),), "validation", 12, CLASSES))
    qtbot.waitUntil(lambda: panel._worst.count() == 2)
    first, second = (panel._worst.visualItemRect(panel._worst.item(row)) for row in (0, 1))
    drawn = panel._worst.viewport().grab().toImage()
    assert drawn.pixelColor(first.left() + 24, first.center().y()).name() == "#000000"
    assert drawn.pixelColor(second.left() + 24, second.bottom() - 2).name() != "#000000"
    assert first.height() >= 40 > second.height()


def test_of_several_models_one_is_chosen(qtbot: QtBot, panel: MistakesPanel) -> None:
    panel.show_event(Mistakes(9, (told("deep"), told("wide", right=7)), "train", 11, CLASSES))
    qtbot.waitUntil(lambda: panel._role.isVisible())
    panel._role.setCurrentIndex(1)
    panel._role.activated.emit(1)
    qtbot.waitUntil(lambda: "1 of 11 training samples wrong (90.9% right" in panel._says.text())


def test_of_a_number_the_fit_is_told(qtbot: QtBot, panel: MistakesPanel) -> None:
    said = Told("model", Array.of(np.zeros((0, 0), "int32")), numbers=Array.of(np.array([1, 2, 4], "float32")))
    panel.show_event(Mistakes(3, (said,), "validation", 3, (), Array.of(np.array([1, 2, 3], "float32"))))
    qtbot.waitUntil(lambda: panel._kinds.currentIndex() == 1)
    assert panel._says.text() == "After step 3, 3 validation samples: R² 0.500, root mean squared error 0.5774"
