import numpy as np
import pytest
from msgspec.structs import replace

from app.panels.generator.panel import GeneratorPanel
from ml import events
from ml.project.project import Data

from .conftest import pictures, project

TARGETS = {"segmentation": "mask", "detection": "box", "denoising": "clean"}


@pytest.fixture
def panel(qtbot, document, engine):
    panel = GeneratorPanel(document, engine.request)
    qtbot.addWidget(panel)
    panel.resize(1280, 400)
    panel.show()
    return panel


def on_shapes(recipe):
    return replace(project(recipe), data=Data("shapes", {"target": TARGETS[recipe]}))


@pytest.mark.parametrize("recipe", TARGETS)
def test_what_the_model_says_is_shown_as_it_comes_and_forgotten_with_the_next_run(panel, recipe):
    panel.begin(on_shapes(recipe))
    page = panel._pages[recipe]
    assert panel._stack.currentWidget() is page and not page._save.isEnabled()
    for step in (0, 10):
        panel.show_event(events.Picture("predictions", step, events.Array.of(pictures(6) + np.uint8(step))))
    page.refresh()
    assert np.array_equal(page._grid.pixels, pictures(6) + np.uint8(10)) and page._save.isEnabled()
    panel.begin(on_shapes(recipe))
    page.refresh()
    assert page._grid.pixels is None and not page._save.isEnabled()


def test_each_colour_has_its_name_but_for_the_ground(panel):
    panel.begin(on_shapes("segmentation"))
    named = panel._pages["segmentation"]._legend.text()
    assert "crescent" in named and "ground" not in named and named.count("\u25a0") == 8
    panel.begin(on_shapes("denoising"))
    assert panel._pages["denoising"]._legend.text() == ""
