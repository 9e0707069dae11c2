"""The catalogue: every architecture that can be opened, one file each, found by listing this folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

from msgspec.structs import replace

from ml import data as sources
from ml.catalog.settings import HEADS, SettingProblem, set_path
from ml.catalog.template import Template
from ml.project.project import Project
from ml.tables import RECIPES

FAMILIES = ("Foundations", "Convolutional", "Recurrent", "Attention", "Pre-training", "Generative")
"""Families in the order of the lecture texts."""

__all__ = ["SettingProblem", "new", "set_path", "templates"]


@cache
def templates() -> MappingProxyType[str, Template]:
    """Every template by its id, in the order of families as the lecture texts have them and of ids within."""
    return MappingProxyType({id: module.TEMPLATE for id, module in _modules().items()})


def new(template: str, preset: str = "lite", settings: dict[str, Any] | None = None) -> Project:
    """A project as a template begins it, with the preset's settings and then `settings`, both by path.

    Bare names are the template's own parameters. Raises `SettingProblem` for a template, a preset, a path or a value that there is not.
    """
    if template not in templates():
        raise SettingProblem(f"There is no template {template!r}; there are: {', '.join(templates())}.")
    chosen = templates()[template]
    if preset not in chosen.presets:
        raise SettingProblem(f"The template {template} has no preset {preset!r}; it has: {', '.join(chosen.presets)}.")
    given = chosen.presets[preset] | (settings or {})
    project = Project(chosen.title, chosen.data, {}, chosen.recipe, chosen.training, template)
    names = {parameter.name for parameter in chosen.parameters}
    if strange := [path for path in given if "." not in path and path not in names and path not in HEADS]:
        raise SettingProblem(f"The template {template} has no parameter {strange[0]!r}; it has: {', '.join(sorted(names))}.")
    own = {path: value for path, value in given.items() if path in names}
    late = {path: value for path, value in given.items() if path.partition(".")[0] == "models"}
    for path, value in given.items():
        if path not in own and path not in late:
            project = set_path(project, path, value)
    project = _with_models(project, chosen, own)
    for path, value in late.items():
        project = set_path(project, path, value)
    return project


@cache
def _modules() -> dict[str, ModuleType]:
    """The template modules of this folder by their ids."""
    found = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    found = [module for module in found if hasattr(module, "TEMPLATE")]
    return {module.TEMPLATE.id: module for module in sorted(found, key=lambda module: (FAMILIES.index(module.TEMPLATE.family), module.TEMPLATE.id))}


def _with_models(project: Project, template: Template, given: dict[str, Any]) -> Project:
    """The project with the template's models, fitted to its data but for what is given."""
    if sentence := template.problem(given):
        raise SettingProblem(f"{template.id}: {sentence}")
    tasks = RECIPES[project.recipe.id].tasks
    spec = sources.spec(project.data)
    names = {parameter.name for parameter in template.parameters}
    if spec.task not in tasks:
        what = "has no labels" if spec.task == "none" else f"is for {spec.task}"
        fitting = _fitting(template, tasks, spec.task)
        raise SettingProblem(f"{template.id} is for {' and '.join(task for task in tasks if task != 'none')}, and {project.data.id} {what}: try {fitting}.")
    if spec.task == "translation" and not spec.vocabulary and "vocabulary" in names - given.keys():
        raise SettingProblem(f"{template.id} reads tokens, and {project.data.id} is made of numbers: try {_own_data(template)}.")
    if spec.task == "classification" and "none" not in tasks and "classes" not in names:
        raise SettingProblem(f"{template.id} says one number, and {project.data.id} has {len(spec.classes)} classes: try {_own_data(template)}.")
    facts = {"shape": spec.shape, "classes": len(spec.classes), "vocabulary": spec.vocabulary}
    facts |= {"target_shape": spec.target_shape, "target_vocabulary": spec.target_vocabulary}
    arguments = {name: fact for name, fact in facts.items() if name in names} | {name: value for name, value in given.items() if value is not None}
    return replace(project, models=_modules()[template.id].build(**arguments))


def _fitting(template: Template, tasks: tuple[str, ...], task: str) -> str:
    """What goes together where a recipe for `tasks` was to learn from data for `task`: the template's own recipe, its own data, or both."""
    own_recipe = [] if sources.spec(template.data).task in tasks else [f"the recipe {template.recipe.id}"]
    needs_data = not own_recipe or task not in RECIPES[template.recipe.id].tasks
    return " and ".join([*own_recipe, *([_own_data(template)] if needs_data else [])])


def _own_data(template: Template) -> str:
    """The template's data in words: `the data shapes (samples 2000, target mask)`."""
    arguments = ", ".join(f"{name} {value}" for name, value in template.data.arguments.items())
    return f"the data {template.data.id}" + (f" ({arguments})" if arguments else "")
