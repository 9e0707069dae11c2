"""The controls of a training run: start, pause, single steps, end, learning rate, and where it is."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app import theme
from app.panels import words
from app.panels.panel import Panel, described
from app.panels.training.live import LiveParameters
from app.panels.training.rate import RateBox
from app.panels.training.run_chooser import RunChooser
from ml import events, tables
from ml.project.project import Project

STATES = ("idle", "preparing", "running", "paused", "ending", "ended")
BUTTONS = {
    "start": ("&Start", "Train the model from the beginning."),
    "resume": ("&Resume", "Go on with this run from its last checkpoint, as if it had not been interrupted."),
    "pause": ("&Pause", "Hold the training after the steps it is making; Continue goes on from there."),
    "step": ("O&ne step", "Make one training step, then hold."),
    "finish": ("Finish, &keep the best", "End now and keep the weights of the epoch with the lowest validation loss so far."),
    "stop": ("St&op", "End now and keep the weights as they are."),
}
ENABLED = {
    "idle": {"start"},
    "preparing": {"stop"},
    "running": {"pause", "step", "finish", "stop"},
    "paused": {"pause", "step", "finish", "stop"},
    "ending": set(),
    "ended": {"start"},
}


class TrainingPanel(Panel):
    """One of `STATES` at a time; events move it, and each button asks for the move that its name says."""

    command = Signal(object)
    """A command for the running job."""
    start_requested = Signal()
    resume_requested = Signal()

    def __init__(self, document: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.document = document
        self.state = "idle"
        self._progress: events.Progress | None = None
        self._words = ""
        self._resumable = False
        self._buttons = {key: described(QPushButton(text), text.replace("&", ""), tip) for key, (text, tip) in BUTTONS.items()}
        self._buttons["start"].setProperty("kind", "primary")
        self._rate = described(
            RateBox(), "learning rate", "The optimizer's learning rate. It can be changed while the model trains; the arrows go by tenths of a factor of ten."
        )
        self._live = LiveParameters()
        self.chooser = RunChooser()
        self._bar = described(QProgressBar(maximum=1000, textVisible=False), "progress", "How much of the training is done.")
        self._where = theme.label(wrap=False)
        self._pace = theme.label(kind="muted", wrap=False)
        self._lay_out()
        self._wire()
        self._follow(document.project)
        self._enter("idle")
        self.recolour()

    def begin(self, project: Project) -> None:
        """A run of this project starts."""
        self._progress = None
        self._resumable = False
        if self._buttons["start"].hasFocus() or self._buttons["resume"].hasFocus():
            self.setFocus()
        self._follow(project)
        self._enter("preparing", "Preparing: the data is loaded and the model is built.")

    def offer_resume(self, offered: bool) -> None:
        """Whether the run that is shown can go on from a checkpoint."""
        self._resumable = offered
        self._show_resume()
        self._fit()

    def _show_resume(self) -> None:
        shown = self._resumable and self.state == "ended"
        self._buttons["resume"].setVisible(shown)
        self._buttons["resume"].setEnabled(shown)

    def show_event(self, event: events.Message) -> None:
        """Take what a run says."""
        match event:
            case events.Progress():
                self._progress = event
                if event.state != self.state and not (self.state == "ending" and event.state in ("running", "paused")):
                    self._enter(event.state)
                self.stale()
            case events.Metrics(learning_rate=rate) if rate > 0 and not self._rate.lineEdit().isModified():
                self._show_rate(rate)
            case events.Done():
                self._enter("ended", _ended(event))
                self._show_rate(learning_rate(self.document.project))
            case events.Failed(reason=reason):
                self._enter("ended", f"The training broke off: {reason}")

    def refresh(self) -> None:
        """Show where the run is."""
        progress = self._progress
        self._bar.setRange(0, 0 if self.state == "preparing" else 1000)
        if progress is None or self.state in ("preparing", "idle"):
            self._bar.setValue(0)
        else:
            self._bar.setValue(1000 * progress.step // max(progress.steps, 1))
        self._pace.setText(_pace(progress, self.state) if progress is not None and self.state in ("running", "paused", "ending") else "")
        self._where.setText(self._words or (_where(progress, self.state) if progress else ""))
        self._where.setToolTip(self._where.text())

    def recolour(self) -> None:
        for key, icon in {
            "start": "play",
            "resume": "play",
            "pause": "play" if self.state == "paused" else "pause",
            "step": "step",
            "finish": "flag",
            "stop": "stop",
        }.items():
            self._buttons[key].setIcon(theme.icon(icon, theme.colours().accent_text if key == "start" and self._buttons[key].isEnabled() else ""))

    def event(self, event: QEvent) -> bool:
        """Fit anew when a part of it needs another room."""
        taken = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return taken

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the buttons alone: the settings go below them where there is no room beside."""
        return QSize(self._start.minimumSizeHint().width() + 2 * theme.GRID, super().minimumSizeHint().height())

    def _lay_out(self) -> None:
        self._start, self._settings = QWidget(), QWidget()
        buttons, settings = QHBoxLayout(self._start), QHBoxLayout(self._settings)
        for row in (buttons, settings):
            row.setContentsMargins(0, 0, 0, 0)
        for button in self._buttons.values():
            buttons.addWidget(button)
        buttons.addStretch()
        label = QLabel("&Learning rate")
        label.setBuddy(self._rate)
        for widget in (label, self._rate, self._live):
            settings.addWidget(widget)
        settings.addStretch()
        self._tools = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._tools.addWidget(self._start, 1)
        self._tools.addWidget(self._settings)
        says = QHBoxLayout()
        says.addWidget(self.chooser)
        says.addWidget(self._where, 1)
        says.addWidget(self._pace)
        self._where.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        column.addLayout(self._tools)
        column.addWidget(self._bar)
        column.addLayout(says)
        column.addStretch()

    def _fit(self) -> None:
        """Put the settings beside the buttons, or below them where there is no room."""
        wanted = self._start.sizeHint().width() + self._settings.sizeHint().width() + 4 * theme.GRID
        self._tools.setDirection(QBoxLayout.Direction.LeftToRight if wanted <= self.width() else QBoxLayout.Direction.TopToBottom)

    def _wire(self) -> None:
        self._buttons["start"].clicked.connect(self.start_requested)
        self._buttons["resume"].clicked.connect(self.resume_requested)
        self._buttons["pause"].clicked.connect(lambda: self.command.emit(events.Continue() if self.state == "paused" else events.Pause()))
        self._buttons["step"].clicked.connect(lambda: self.command.emit(events.Step()))
        self._buttons["finish"].clicked.connect(lambda: self._end(events.Finish(), "Ending; the best weights are kept."))
        self._buttons["stop"].clicked.connect(lambda: self._end(events.Stop(), "Ending; the weights stay as they are."))
        self._rate.valueChanged.connect(self._rate_changed)
        self._live.changed.connect(self._parameter_changed)
        self.document.changed.connect(self._document_changed)
        self.document.opened.connect(self._document_opened)

    def _enter(self, state: str, sentence: str = "") -> None:
        self.state, self._words = state, sentence
        if state == "idle":
            self._words = "Ready. Start trains the model from the beginning; everything can be watched while it learns."
        for key, button in self._buttons.items():
            button.setEnabled(key in ENABLED[state])
        self._show_resume()
        self._buttons["pause"].setText("&Continue" if state == "paused" else "&Pause")
        self._buttons["pause"].setAccessibleName("Continue" if state == "paused" else "Pause")
        self._rate.setEnabled(state != "ending")
        self.recolour()
        self.stale()

    def _end(self, command: events.Message, sentence: str) -> None:
        self._enter("ending", sentence)
        self.command.emit(command)

    @property
    def _is_under_way(self) -> bool:
        return self.state in ("preparing", "running", "paused", "ending")

    def _document_changed(self, _old: Project, new: Project) -> None:
        if not self._is_under_way:
            self._follow(new)

    def _document_opened(self) -> None:
        if not self._is_under_way:
            self._enter("idle")

    def _follow(self, project: Project) -> None:
        """Show the learning rate and the live parameters that a project has."""
        self._show_rate(learning_rate(project))
        recipe = tables.RECIPES.get(project.recipe.id)
        self._live.show_parameters(recipe.parameters if recipe else (), project.recipe.arguments)
        self._fit()

    def _show_rate(self, rate: float) -> None:
        blocked = self._rate.blockSignals(True)
        self._rate.setValue(rate)
        self._rate.blockSignals(blocked)

    def _rate_changed(self, rate: float) -> None:
        """While a run goes on its rate changes, else the project's."""
        if self._is_under_way:
            self.command.emit(events.SetRate(rate))
            return
        project = self.document.project
        optimizer = replace(project.training.optimizer, arguments={**project.training.optimizer.arguments, "learning_rate": rate})
        self.document.edit(
            replace(project, training=replace(project.training, optimizer=optimizer)),
            words.change("the learning rate", optimizer.arguments, "learning_rate"),
            merge="learning_rate",
        )

    def _parameter_changed(self, name: str, value: Any) -> None:
        """While a run goes on the run's parameter changes, else the project's."""
        if self._is_under_way:
            self.command.emit(events.SetParameter(name, value))
            return
        project = self.document.project
        recipe = replace(project.recipe, arguments={**project.recipe.arguments, name: value})
        self.document.edit(replace(project, recipe=recipe), words.change(f"the {name.replace('_', ' ')}", recipe.arguments, name), merge=f"recipe.{name}")


def learning_rate(project: Project) -> float:
    """The learning rate that a project's run begins with."""
    optimizer = project.training.optimizer
    if "learning_rate" in optimizer.arguments:
        return optimizer.arguments["learning_rate"]
    entry = tables.OPTIMIZERS.get(optimizer.id)
    defaults = [p.default for p in entry.parameters if p.name == "learning_rate"] if entry else []
    return defaults[0] if defaults else 0.001


def _where(progress: events.Progress, state: str) -> str:
    epoch = min(progress.epoch + 1, progress.epochs)
    words_of = {"running": "Training", "paused": "Paused", "ending": "Ending", "preparing": "Preparing"}[state]
    return f"{words_of}: epoch {epoch:,} of {progress.epochs:,}, step {progress.step:,} of {progress.steps:,}"


def _pace(progress: events.Progress, state: str) -> str:
    parts = [words.rate(progress.steps_per_second)] if progress.steps_per_second and state == "running" else []
    parts.append(f"{words.duration(progress.seconds)} so far")
    if progress.seconds_left is not None and state == "running":
        parts.append(f"{words.duration(progress.seconds_left)} left")
    return "   ·   ".join(parts)


def _ended(done: events.Done) -> str:
    begin = {
        "complete": "Done",
        "early stopping": "Ended early, for the validation loss no longer fell",
        "finished": "Finished on request",
        "stopped": "Stopped on request",
        "opened": "An earlier run",
    }[done.reason]
    sentence = f"{begin}: {words.many(done.steps, 'step')} in {words.duration(done.training_seconds)}."
    if done.metrics:
        sentence += (
            "  " + ", ".join(f"{words.metric(name)} {words.number(value)}" for name, value in sorted(done.metrics.items(), key=_validation_first)[:4]) + "."
        )
    if done.best_epoch is not None:
        sentence += f"  The weights of epoch {done.best_epoch} were kept."
    return sentence


def _validation_first(metric: tuple[str, float]) -> tuple[bool, bool, str]:
    """Validation before training, and the loss before the rest."""
    name = metric[0]
    return not name.startswith("val_"), not name.endswith("loss"), name
