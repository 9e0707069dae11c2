"""The project's settings: its name, the recipe, the optimizer and its schedule, epochs, batch size and seed."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.choices import ChoiceForm
from app.document import Document
from app.forms import Form
from app.panels.words import change
from app.theme import GRID, label
from ml.catalog.settings import PROJECT, TRAINING
from ml.project.project import Choice, Project, Training
from ml.tables import OPTIMIZERS, RECIPES, SCHEDULES


class RecipePanel(QWidget):
    """Forms for all of a project that is neither graph nor data."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.project_form, self.training = Form(PROJECT), Form(TRAINING)
        self.recipe, self.optimizer = ChoiceForm(RECIPES), ChoiceForm(OPTIMIZERS)
        self.schedule = ChoiceForm(SCHEDULES, nothing="Constant learning rate")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        for title, widget in (
            ("Project", self.project_form),
            ("Run", self.training),
            ("Recipe", self.recipe),
            ("Optimizer", self.optimizer),
            ("Learning rate schedule", self.schedule),
        ):
            column.addWidget(label(title, "heading"))
            column.addWidget(widget)
            column.addSpacing(GRID)
        column.addStretch()
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)
        self._wire()
        self.refresh()

    def refresh(self) -> None:
        """Show the project as it is."""
        project = self.document.project
        training = project.training
        self.project_form.show_arguments({"name": project.name, "notes": project.notes})
        self.training.show_arguments({parameter.name: getattr(training, parameter.name) for parameter in TRAINING})
        self.recipe.show_choice(project.recipe.id, project.recipe.arguments)
        self.optimizer.show_choice(training.optimizer.id, training.optimizer.arguments)
        schedule = training.schedule
        self.schedule.show_choice(schedule.id if schedule else None, schedule.arguments if schedule else {})

    def _wire(self) -> None:
        self.document.changed.connect(self.refresh)
        self.project_form.changed.connect(lambda name, value: self._edit(replace(self.document.project, **{name: value or ""}), name, {name: value}))
        self.training.changed.connect(lambda name, value: self._train(name, {name: value}, **{name: value}))
        self.recipe.picked.connect(lambda id: self._edit(replace(self.document.project, recipe=Choice(id)), "recipe", {"recipe": id}))
        self.recipe.changed.connect(self._recipe_changed)
        self.optimizer.picked.connect(self._optimizer_picked)
        self.optimizer.changed.connect(self._optimizer_changed)
        self.schedule.picked.connect(self._schedule_picked)
        self.schedule.changed.connect(self._schedule_changed)

    def _recipe_changed(self, name: str, arguments: dict[str, Any]) -> None:
        project = self.document.project
        self._edit(replace(project, recipe=replace(project.recipe, arguments=arguments)), name, arguments)

    def _optimizer_picked(self, id: str) -> None:
        """Another optimizer keeps the learning rate that was set, and the rest of what it knows too."""
        known = {parameter.name for parameter in OPTIMIZERS[id].parameters}
        kept = {name: value for name, value in self._training.optimizer.arguments.items() if name in known}
        self._train("optimizer", {"optimizer": id}, optimizer=Choice(id, kept))

    def _optimizer_changed(self, name: str, arguments: dict[str, Any]) -> None:
        self._train(name, arguments, optimizer=replace(self._training.optimizer, arguments=arguments))

    def _schedule_picked(self, id: str | None) -> None:
        self._train("schedule", {"schedule": id}, schedule=Choice(id, _beginnings(id, self._training)) if id else None)

    def _schedule_changed(self, name: str, arguments: dict[str, Any]) -> None:
        schedule = self._training.schedule
        if schedule is not None:
            self._train(name, arguments, schedule=replace(schedule, arguments=arguments))

    @property
    def _training(self) -> Training:
        return self.document.project.training

    def _train(self, what: str, arguments: dict[str, Any], **values: Any) -> None:
        self._edit(replace(self.document.project, training=replace(self._training, **values)), what, arguments)

    def _edit(self, project: Project, what: str, arguments: dict[str, Any]) -> None:
        self.document.edit(project, change(f"the {what.replace('_', ' ')}", arguments, what), merge=f"recipe/{what}")


def _beginnings(schedule: str, training: Training) -> dict[str, Any]:
    """Values for what a schedule must be given: the optimizer's rate, and a decay over some thousand steps."""
    optimizer = OPTIMIZERS[training.optimizer.id]
    default = next((parameter.default for parameter in optimizer.parameters if parameter.name == "learning_rate"), 0.001)
    rate = training.optimizer.arguments.get("learning_rate", default)
    given = {
        "initial_learning_rate": rate,
        "decay_steps": 1000,
        "first_decay_steps": 1000,
        "decay_rate": 0.9,
        "boundaries": [500, 1000],
        "values": [rate, rate / 10, rate / 100],
    }
    return {parameter.name: given[parameter.name] for parameter in SCHEDULES[schedule].parameters if parameter.required and parameter.name in given}
