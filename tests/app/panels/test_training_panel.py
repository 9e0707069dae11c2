import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.training.panel import TrainingPanel
from ml import events
from ml.project.project import Choice

from .conftest import project


@pytest.fixture
def panel(qtbot, document):
    panel = TrainingPanel(document)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def commands(panel):
    given = []
    panel.command.connect(given.append)
    return given


def progress(state="running", **changes):
    return replace(events.Progress(state, 120, 450, 2, 10, 12.0, 33.0, 1450.0), **changes)


def enabled(panel):
    return {name for name, button in panel._buttons.items() if button.isEnabled()}


def words(panel):
    panel.refresh()
    return f"{panel._where.text()} {panel._pace.text()}"


def test_at_first_there_is_only_start(panel, qtbot):
    assert enabled(panel) == {"start"}
    with qtbot.waitSignal(panel.start_requested):
        panel._buttons["start"].click()


def test_a_run_is_paused_continued_and_stepped(panel, commands):
    panel.begin(project())
    panel.show_event(progress())
    panel._buttons["pause"].click()
    panel.show_event(progress("paused"))
    assert panel._buttons["pause"].accessibleName() == "Continue"
    panel._buttons["step"].click()
    panel._buttons["pause"].click()
    assert commands == [events.Pause(), events.Step(), events.Continue()]


def test_it_says_where_the_run_is_and_how_long_it_takes(panel):
    panel.begin(project())
    assert "Preparing" in words(panel)
    panel.show_event(progress())
    said = words(panel)
    for part in ("epoch 3 of 10", "step 120 of 450", "1,450 steps/s", "33 s left"):
        assert part in said


@pytest.mark.parametrize(("button", "command"), [("finish", events.Finish()), ("stop", events.Stop())])
def test_ending_is_asked_for_once_and_late_progress_does_not_bring_it_back(panel, commands, button, command):
    panel.begin(project())
    panel.show_event(progress())
    panel._buttons[button].click()
    panel.show_event(progress())
    assert commands == [command]
    assert enabled(panel) == set()
    panel.show_event(events.Done("finished", 120, 12.0, {"val_loss": 0.25}, "run", best_epoch=2))
    assert enabled(panel) == {"start"}
    assert "epoch 2 were kept" in words(panel)


def test_a_failure_is_said_and_a_new_run_can_start(panel):
    panel.begin(project())
    panel.show_event(events.Failed("The loss is not a number."))
    assert "The loss is not a number." in words(panel)
    assert enabled(panel) == {"start"}


def test_the_learning_rate_is_the_projects_before_and_the_runs_during_a_run(panel, commands):
    panel._rate.setValue(0.01)
    assert panel.document.project.training.optimizer.arguments["learning_rate"] == 0.01
    panel.begin(panel.document.project)
    panel._rate.setValue(0.002)
    assert commands == [events.SetRate(0.002)]
    assert panel.document.project.training.optimizer.arguments["learning_rate"] == 0.01


def test_the_arrows_of_the_learning_rate_go_by_factors(panel):
    panel._rate.setValue(0.001)
    panel._rate.stepBy(10)
    assert panel._rate.value() == pytest.approx(0.01)
    panel._rate.stepBy(-20)
    assert panel._rate.value() == pytest.approx(0.0001)


def test_a_rate_that_is_being_typed_is_not_overwritten(panel, commands, qtbot):
    panel.begin(project())
    panel._rate.lineEdit().selectAll()
    qtbot.keyClicks(panel._rate.lineEdit(), "3e-4")
    panel.show_event(events.Metrics("block", 1, 0, {}, learning_rate=0.5))
    qtbot.keyClick(panel._rate, "\r")
    assert commands == [events.SetRate(3e-4)]


def test_a_live_parameter_goes_to_the_run_while_it_goes_on(panel, commands):
    gan = replace(project(), recipe=Choice("gan"))
    panel.document.open(gan)
    panel.begin(gan)
    panel._live.changed.emit("train", "generator")
    assert commands == [events.SetParameter("train", "generator")]
    panel.show_event(events.Done("stopped", 1, 1.0, {}, "run"))
    panel._live.changed.emit("train", "discriminator")
    assert panel.document.project.recipe.arguments == {"train": "discriminator"}


def test_only_live_parameters_are_offered(panel):
    panel.document.open(project("gan"))
    assert set(panel._live._setters) == {"train", "label_smoothing"}
    panel.document.open(project("supervised"))
    assert not panel._live.isVisible()


def test_the_settings_go_below_the_buttons_where_it_is_narrow(panel, qtbot):
    panel.document.open(project("gan"))
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(panel)
    window.resize(1500, 160)
    window.show()
    qtbot.waitUntil(lambda: panel._settings.x() > panel._start.geometry().right())
    window.resize(700, 160)
    qtbot.waitUntil(lambda: panel._settings.y() > panel._start.geometry().bottom())
    panel.setParent(None)


def test_settings_that_come_later_do_not_press_the_buttons_together(panel, qtbot):
    panel.resize(955, 160)
    qtbot.waitUntil(lambda: panel._settings.x() > panel._start.geometry().right())
    panel.document.open(project("gan"))
    qtbot.waitUntil(lambda: panel._settings.y() > panel._start.geometry().bottom())
    assert panel._start.width() >= panel._start.sizeHint().width()


def test_resume_is_offered_where_a_run_can_go_on_and_only_after_it_ended(panel, qtbot):
    panel.begin(project())
    panel.offer_resume(True)
    assert enabled(panel) == {"stop"}
    panel.show_event(events.Failed("The engine was ended by signal 9."))
    panel.offer_resume(True)
    assert enabled(panel) == {"start", "resume"}
    with qtbot.waitSignal(panel.resume_requested):
        panel._buttons["resume"].click()
    panel.begin(project())
    assert "resume" not in enabled(panel)
