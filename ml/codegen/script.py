"""A project as one Python file that runs alone: the data, the models, and the training, with the numbers of our own run."""

from __future__ import annotations

from importlib import import_module

import keras

from ml import data, recipes
from ml.build import build
from ml.codegen import keras_datasets
from ml.codegen import training as training_code
from ml.codegen.borrowed import Borrowed, borrow
from ml.codegen.literals import Code, keywords
from ml.codegen.models import model_source, models_source
from ml.project.project import Project
from ml.training.optimizers import Optimizers

__all__ = ["generate", "model_source"]


def generate(project: Project) -> str:
    """The file's text. It needs Keras, TensorFlow, NumPy and scikit-learn, and nothing of ours.

    Raises `NodeProblem` where a model can't be built, `DataProblem` for data that there is not, `TrainingProblem` for an optimizer or a schedule, and
    KeyError, TypeError or ValueError, with a sentence, for a recipe that there is not, that refuses the project, or that can't stand alone.
    """
    recipe = recipes.recipe(project.recipe.id)
    dataset = data.load(project.data)
    models = {role: build(graph, role).model for role, graph in project.models.items()}
    trainer = recipe.trainer(models, Optimizers(project.training, 1), dataset, **project.recipe.arguments)
    loading = _data(project)
    building, builders = models_source(project.models)
    training = training_code.training(project, recipe, trainer, dataset, builders)
    sections = {"The data.": loading.source, "The models.": building, "The training.": training.source}
    body = "".join(f"\n\n# {title}\n\n\n{source}\n" for title, source in sections.items())
    imports = {*loading.imports, *training.imports, "import keras", "import numpy as np"}
    return f'{_header(project, recipe.RECIPE.title, imports, body)}{body}\n\nif __name__ == "__main__":\n    main()\n'


def _header(project: Project, method: str, imports: set[str], body: str) -> str:
    """The docstring, the imports and the numbers of the run."""
    lines = {line for line in imports if not line.startswith("from keras import")}
    used = [name for name in ("layers", "ops") if f"{name}." in body]
    lines |= {f"from keras import {', '.join(used)}"} if used else set()
    name = " ".join(project.name.replace("\\", "/").replace('"', "'").split())
    files = " and ".join(training_code.file_of(role) for role in project.models)
    about = f"{name}: {method[0].lower()}{method[1:]} on {data.module(project.data.id).SOURCE.title}."
    others = "NumPy, Pillow and scikit-learn" if "PIL" in body else "NumPy and scikit-learn"
    needs = f"It runs alone, with Keras {keras.__version__}, TensorFlow, {others}:\nprints what is measured in each epoch and saves {files}."
    training = project.training
    numbers = f"SEED = {training.seed}\nEPOCHS = {training.epochs}\nBATCH_SIZE = {training.batch_size}\n"
    ordered = sorted(lines, key=lambda line: (line.split()[1].split(".")[0] in ("keras", "numpy", "tensorflow", "sklearn"), line.startswith("from"), line))
    return f'"""{about}\n\n{needs}\n"""\n\n' + "\n".join(ordered) + f"\n\n{numbers}"


def _data(project: Project) -> Borrowed:
    """The source's own loading, the split, and a function that puts them together."""
    source = data.module(project.data.id)
    arguments = data.arguments(project.data)
    told = data.spec(project.data)
    task = told.task
    scaled = arguments.pop("standardize_target", False) and task == "regression"
    module, function, given = source, "load", arguments
    if source.SOURCE.files:
        module, function = keras_datasets, project.data.id
    elif hasattr(source, "script"):
        module, function, given = source.script(**arguments)
    loading, dividing = borrow(module, [function]), borrow(import_module("ml.data.split"), ["split", *(["standardize"] if scaled else [])])
    chosen = project.data.split
    how = {"labels": Code("y")} if task == "classification" else {"contiguous": True} if task == "language" or told.kind == "series" else {}
    how |= {"groups": told.groups} if told.groups else {}
    how |= {"apart": told.tested} if told.tested else {}
    lines = [
        "def parts():",
        '    """The samples of the training, the validation and the test part, each as (x, y)."""',
        f"    x, y = {function}({keywords(given)})",
        f"    rows = split(len(y), {keywords({'validation': chosen.validation, 'test': chosen.test, 'seed': chosen.seed} | how)})",
        *(['    y, _, _ = standardize(y, rows["train"])'] if scaled else []),
        "    return {name: (x[chosen], y[chosen]) for name, chosen in rows.items()}",
    ]
    return Borrowed("\n\n\n".join([loading.source, dividing.source, "\n".join(lines)]), loading.imports + dividing.imports)
