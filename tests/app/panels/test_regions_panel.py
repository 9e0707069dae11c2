"""The panel shows each class's region in its colour, marks what is wrong, and asks for other columns."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from app import theme
from app.document import Document
from app.panels.lenses.region_plot import finer, outline, shaded
from app.panels.lenses.regions import RegionsPanel
from ml.events import Array, Done, Plane, Region, Regions

FEATURES = ("length", "width", "height")


def region(role: str = "model", layer: str = "", said: tuple[int, ...] = (0, 1, 1)) -> Region:
    shades = np.zeros((1, 8, 8), "uint8")
    shades[:, :, 4:] = 255
    points = np.array([[-0.5, 0], [0.5, 0], [-0.2, 0.3]], "float32")
    return Region(role, layer, ("length", "width"), (-1.0, -1.0), (1.0, 1.0), Array.of(shades), Array.of(points), Array.of(np.array(said, "int32")))


def regions(*each: Region, step: int = 7, features: tuple[str, ...] = FEATURES) -> Regions:
    return Regions(step, each or (region(),), Array.of(np.array([0, 1, 0], "int32")), ("cat", "dog"), features, 0, 1)


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> RegionsPanel:
    made = RegionsPanel()
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    made.begin(document.project)
    return made


def test_it_says_what_will_be_here_and_when_nothing_was(panel: RegionsPanel) -> None:
    assert panel._stack.currentIndex() == 0 and "While a model learns" in panel._empty.text()
    panel.show_event(Done("complete", 1, 1.0, {}, "run"))
    assert "no regions were recorded" in panel._empty.text()


def test_the_wrong_ones_are_marked_and_counted(qtbot: QtBot, panel: RegionsPanel) -> None:
    panel.show_event(regions())
    qtbot.waitUntil(lambda: "After step 7: 2 of 3 training samples right" in panel._says.text())
    _, plot, _ = panel._plots[0]
    assert [(spot.pos().x(), spot.pos().y()) for spot in plot._wrong.points()] == [pytest.approx((-0.2, 0.3))]
    assert "cat" in panel._legend.text() and "dog" in panel._legend.text()


def test_a_layer_that_diverged_leaves_its_plane_empty(qtbot: QtBot, panel: RegionsPanel) -> None:
    nowhere = replace(region(layer="two"), low=(np.nan, np.nan), high=(np.inf, np.nan), points=Array.of(np.full((3, 2), np.nan, "float32")))
    panel.show_event(regions(region(), nowhere))
    qtbot.waitUntil(lambda: "After step 7" in panel._says.text())
    _, plot, _ = panel._plots[1]
    assert not len(plot._right.points()) and not plot._image.isVisible()
    plot.hovered.emit(QPointF(0.0, 0.0))
    assert "After step 7" in panel._says.text()
    assert not panel.grab().isNull()


def test_other_columns_are_asked_for_and_those_of_points_are_not_offered(qtbot: QtBot, panel: RegionsPanel) -> None:
    asked: list[Plane] = []
    panel.command.connect(asked.append)
    panel.show_event(regions())
    qtbot.waitUntil(lambda: panel._columns.isVisible())
    for box, column in ((panel._across, 2), (panel._up, 0)):
        panel._offer(regions())
        box.setCurrentIndex(column)
        box.activated.emit(column)
    assert asked == [Plane(2, 1), Plane(1, 0)], "the second one changes places, for it was across"
    panel.show_event(regions(features=("x", "y")))
    qtbot.waitUntil(lambda: not panel._columns.isVisible())


def test_several_models_and_layers_stand_side_by_side(qtbot: QtBot, panel: RegionsPanel) -> None:
    panel.show_event(regions(region("deep"), region("wide", said=(0, 1, 0)), region("wide", "fold")))
    qtbot.waitUntil(lambda: len(panel._plots) == 3)
    assert [title.text() for title, _, _ in panel._plots] == [
        "deep, The data, 66.7% right",
        "wide, The data, 100.0% right",
        "wide, Outputs of fold",
    ]
    panel.show_event(regions())
    qtbot.waitUntil(lambda: not panel._plots[1][2].isVisible())


def test_the_place_under_the_pointer_is_put_in_words(qtbot: QtBot, panel: RegionsPanel) -> None:
    panel.show_event(regions())
    qtbot.waitUntil(lambda: bool(panel._plots))
    panel._plots[0][1].hovered.emit(QPointF(0.5, 0.1))
    assert panel._says.text() == "length 0.5, width 0.1: dog with 100%"
    panel._plots[0][1].hovered.emit(None)
    assert panel._says.text().startswith("After step 7")


def test_the_more_certain_the_fuller_the_colour(qtbot: QtBot) -> None:
    second = np.array([[[0.0, 0.5, 1.0]]], "float32")
    colours = shaded(np.concatenate([1 - second, second]), classes=True)[0].astype(int)
    panel = np.array(shaded(np.zeros((1, 1, 1)), classes=False)[0, 0], int)
    distance = np.abs(colours - panel).sum(axis=1)
    assert distance[1] < 0.3 * min(distance[0], distance[2]) and np.abs(colours[0] - colours[2]).sum() > 100
    assert theme.colours().series[0] != theme.colours().series[1]


def test_between_two_places_probabilities_lie_on_a_line() -> None:
    maps = finer(np.array([[[0.0, 1.0], [0.0, 1.0]]]))
    assert maps.shape == (1, 8, 8)
    np.testing.assert_allclose(maps[0, 0], [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1])


def test_fitted_clouds_are_rings_at_one_and_two_deviations(panel: RegionsPanel) -> None:
    clouds = replace(region(), means=Array.of(np.zeros((2, 2), "float32")), covariance=Array.of(np.diag([4.0, 1.0]).astype("float32")))
    for each, count in ((clouds, 4), (region(), 0)):
        panel.show_event(regions(each))
        panel.refresh()
        assert len(panel._plots[0][1]._rings) == count and ("rings" in panel._legend.text()) == bool(count)
    ring = outline(np.array([1.0, 0.0]), np.diag([4.0, 1.0]), 2.0)
    np.testing.assert_allclose(((ring[0] - 1) / 4) ** 2 + (ring[1] / 2) ** 2, 1)
