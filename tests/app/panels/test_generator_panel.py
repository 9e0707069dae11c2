import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from app.panels.generator import saving
from app.panels.generator.interpolation import FRAMES
from app.panels.generator.panel import GeneratorPanel
from app.panels.request import Latest
from ml import events
from ml.project.project import Choice

from .conftest import pictures, project


@pytest.fixture
def panel(qtbot, document, engine):
    panel = GeneratorPanel(document, engine.request)
    qtbot.addWidget(panel)
    panel.resize(1280, 400)
    panel.show()
    return panel


def page_of(panel, recipe):
    panel.begin(project(recipe))
    return panel._pages[recipe]


def samples(step, count=64):
    return events.Picture("samples", step, events.Array.of(pictures(count)))


def test_a_project_that_makes_no_samples_says_so(panel, document):
    assert panel._stack.currentWidget() is panel._empty
    document.open(project("vae"))
    assert panel._stack.currentWidget() is panel._pages["vae"]


def test_it_needs_room_only_for_the_page_that_is_shown(panel, document):
    assert panel.minimumSizeHint().width() < 700
    document.open(project("vae"))
    assert panel.minimumSizeHint().width() >= panel._pages["vae"].minimumSizeHint().width()


def test_pictures_of_a_recipe_without_samples_are_shown_as_soon_as_there_are_some(panel):
    panel.begin(project("supervised"))
    assert panel._stack.currentWidget() is panel._empty
    panel.show_event(events.Picture("transformed", 3, events.Array.of(pictures(16))))
    assert panel._stack.currentWidget() is panel._others[0]
    panel._others[0].refresh()
    assert panel._others[0]._grid._columns() == 8
    panel.begin(project("supervised"))
    assert panel._stack.currentWidget() is panel._empty


def test_the_page_of_a_run_stays_while_a_project_of_another_recipe_is_edited(panel, document):
    panel.begin(project("vae"))
    document.edit(replace(document.project, name="Renamed"), "Rename")
    assert panel._stack.currentWidget() is panel._pages["vae"]
    document.edit(replace(document.project, recipe=Choice("causal_lm")), "Change the recipe")
    assert panel._stack.currentWidget() is panel._pages["causal_lm"]


def test_what_an_earlier_run_of_another_recipe_made_is_gone(panel, document):
    page = page_of(panel, "vae")
    panel.show_event(events.Done("complete", 10, 1.0, {}, "run"))
    page.refresh()
    assert page._buttons["random"].isEnabled()
    panel.begin(project("gan"))
    document.open(project("vae"))
    assert not page._buttons["random"].isEnabled()


def test_after_an_epoch_the_plane_is_there_with_the_dimensions_that_matter_most_first(panel, engine):
    page = page_of(panel, "vae")
    panel.show_event(events.Metrics("epoch", 10, 1, {"loss": 1.0}))
    page.refresh()
    assert len(engine.of_kind("plane")) == 1
    assert [label.text() for label, _, _ in page._sliders._rows] == ["z2", "z3", "z1"]
    assert (page._across.currentText(), page._up.currentText()) == ("z2", "z3")


def test_pointing_into_the_plane_decodes_that_point(panel, engine):
    page = page_of(panel, "vae")
    panel.show_event(events.Done("complete", 10, 1.0, {}, "run"))
    page.refresh()
    page._plane.moved.emit(1.5, -0.5)
    page.refresh()
    assert engine.of_kind("latents")[-1].arrays["latents"].numpy().tolist() == [[0.0, 1.5, -0.5]]
    assert page._picture.pixels is not None
    assert page._sliders._rows[0][2].value() == 1.5


def test_a_slider_moves_one_dimension(panel, engine):
    page = page_of(panel, "vae")
    panel.show_event(events.Done("complete", 10, 1.0, {}, "run"))
    page.refresh()
    _, slider, _ = page._sliders._rows[2]
    slider.setValue(250)
    assert page.point.tolist() == [2.5, 0.0, 0.0]


def test_when_a_run_begins_nothing_of_the_one_before_is_there_to_be_moved(panel):
    page = page_of(panel, "vae")
    panel.show_event(events.Done("complete", 10, 1.0, {}, "run"))
    page.refresh()
    assert len(page._plane._dots.points()) == 4 and page._sliders.isEnabled()
    panel.begin(project("vae"))
    page.refresh()
    assert not len(page._plane._dots.points()) and not len(page._plane._here.points()) and not page._sliders.isEnabled()


def test_latents_that_are_no_numbers_are_not_in_the_plane(panel, engine, monkeypatch):
    latents = np.array([[1, 2, 3], [np.nan, 1, 1], [np.inf, 0, 0]], "float32")
    answer = {"latents": latents, "labels": np.arange(3), "effect": np.array([np.inf, np.nan, 0.1]), "pixels": pictures(1)}
    monkeypatch.setattr(engine, "answer", lambda command: events.Generated(0, {name: events.Array.of(array) for name, array in answer.items()}))
    page = page_of(panel, "vae")
    page._plane_answered(engine.answer(None))
    page.refresh()
    assert len(page._plane._dots.points()) == 1
    answer["latents"] = np.full((3, 3), np.nan, "float32")
    page._plane_answered(engine.answer(None))
    page.refresh()
    assert not len(page._plane._dots.points())


def test_the_way_from_a_to_b_has_both_ends(panel, engine):
    page = page_of(panel, "vae")
    panel.show_event(events.Done("complete", 10, 1.0, {}, "run"))
    page.refresh()
    page._buttons["a"].click()
    page._plane.moved.emit(1.0, 1.0)
    page._buttons["b"].click()
    asked = engine.of_kind("interpolate")[-1]
    assert asked.n == FRAMES
    assert asked.arrays["latents"].numpy().tolist() == [[0, 0, 0], [0, 1, 1]]
    assert page._film._slider.isEnabled()


def test_samples_of_the_fixed_noise_change_as_the_model_trains(panel, engine):
    page = page_of(panel, "gan")
    panel.show_event(samples(10))
    panel.show_event(samples(20))
    page.refresh()
    assert "after step 20" in page._says.text()
    assert len(page._grid.pixels) == 64
    assert engine.asked == []


def test_new_noise_is_shown_from_then_on(panel, engine):
    page = page_of(panel, "gan")
    panel.show_event(samples(10))
    page.refresh()
    page._buttons["new"].click()
    page.refresh()
    panel.show_event(samples(20))
    page.refresh()
    assert {command.seed for command in engine.of_kind("noise")} == {8}, "the project's seed is 7"
    page._buttons["fixed"].click()
    assert page._seed == 7


def test_two_clicked_samples_are_the_ends_of_the_way(panel, engine):
    page = page_of(panel, "gan")
    panel.show_event(samples(10))
    page.refresh()
    page._grid.picked.emit(3)
    page._grid.picked.emit(5)
    assert engine.of_kind("noise")[0].seed == 7, "the latent points of the run's own noise"
    assert engine.of_kind("interpolate")[-1].arrays["latents"].numpy().tolist() == [[9, 10, 11], [15, 16, 17]]


def test_the_film_of_a_long_training_is_thinned(panel):
    page = page_of(panel, "gan")
    for step in range(1000):
        panel.show_event(samples(step, 1))
    assert 30 < len(page._history) <= 120


def test_a_text_goes_on_from_the_prompt(panel, engine):
    page = page_of(panel, "causal_lm")
    panel.show_event(events.Text("continuation", 30, "The cat"))
    panel.show_event(events.Metrics("block", 30, 0, {"loss": 1.0}))
    page.refresh()
    assert page._live.toPlainText() == "The cat"
    page._prompt.setPlainText("On the ")
    page._top_k.setValue(5)
    page._go.click()
    assert page._result.toPlainText() == "On the mat."
    assert engine.asked[0].arguments == {"temperature": 0.8, "top_k": 5}


def test_only_the_last_of_many_questions_waits_for_the_engine(engine):
    shown = []
    latest = Latest(engine.request, shown.append)
    engine.holds = True
    for seed in range(10):
        latest.ask(events.Generate(0, "noise", n=1, seed=seed))
    engine.release()
    engine.release()
    assert [command.seed for command in engine.asked] == [0, 9]
    assert len(shown) == 2


def test_an_answer_to_an_earlier_run_is_not_shown(engine):
    shown = []
    latest = Latest(engine.request, shown.append)
    engine.holds = True
    latest.ask(events.Generate(0, "noise"))
    latest.forget()
    engine.release()
    assert shown == []
    assert not latest.is_busy


def test_a_grid_is_saved_as_png_and_a_film_as_gif(panel, monkeypatch, tmp_path):
    monkeypatch.setattr(saving.QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "made"), ""))
    saving.save_png(panel, pictures(4))
    saving.save_gif(panel, [pictures(4), 255 - pictures(4)])
    with Image.open(tmp_path / "made.png") as grid, Image.open(tmp_path / "made.gif") as film:
        assert np.asarray(grid).ndim == 2
        assert getattr(film, "n_frames", 1) == 2


def test_a_picture_that_can_not_be_written_is_said_in_a_sentence(panel, monkeypatch, tmp_path):
    said = []
    monkeypatch.setattr(saving.QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "x.png"), ""))
    monkeypatch.setattr(saving.QMessageBox, "warning", lambda *arguments: said.append(arguments[-1]))
    saving.save_png(panel, pictures(4))
    assert "can't be written" in said[0]


def test_what_a_model_reads_is_shown_as_it_is_now(panel, qtbot):
    page = page_of(panel, "tagging")
    panel.show_event(events.Text("reading", 1, "for[name]"))
    panel.show_event(events.Text("reading", 2000, "for[keyword]"))
    qtbot.waitUntil(lambda: page._live.toPlainText() == "for[keyword]")
    assert "2,000" in page._heading.text()
    panel.begin(project("tagging"))
    qtbot.waitUntil(lambda: not page._live.toPlainText())


@pytest.mark.parametrize("recipe", ["tagging", "causal_lm"])
def test_a_text_that_comes_anew_leaves_the_place_that_was_scrolled_to(panel, recipe):
    page = page_of(panel, recipe)
    for step in (10, 20):
        panel.show_event(events.Text("text", step, "\n".join(f"line {line} after step {step}" for line in range(200))))
        page.refresh()
        if step == 10:
            page._live.verticalScrollBar().setValue(90)
    assert "after step 20" in page._live.toPlainText() and page._live.verticalScrollBar().value() == 90
