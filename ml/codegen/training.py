"""The training of a project as Python source: the same order of samples, the same steps and the same means as in our own loop."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import keras

from ml.codegen.borrowed import Borrowed, borrow
from ml.codegen.literals import Code, identifier, keywords, literal
from ml.data.dataset import Dataset
from ml.project.blocks import expanded
from ml.project.graph import BLOCK, Graph
from ml.project.project import Choice, Project
from ml.recipes import Recipe
from ml.tables import SCHEDULES
from ml.training.loop import EVALUATION_BATCH
from ml.training.optimizers import RATE_OF_SCHEDULE, STEPS_OF_SCHEDULE

_TAKEN = {
    *("samples", "train", "validation", "steps", "epoch", "order", "shuffled", "history", "logs", "training", "measured", "batch_size", "best_loss"),
    *("best_epoch", "best_weights", "weights", "parts", "load", "split", "standardize", "measure", "optimizer", "trainer", "main"),
}
"""Names of variables and functions in the script."""
_MEASURE = '''def measure(training, step, arrays, order, batch_size):
    """Make a step with each batch of the samples, taken in this order; the mean of each metric over the samples."""
    means = {}
    for first in range(0, len(order), batch_size):
        rows = order[first : first + batch_size]
        training.reset_metrics()
        for name, value in step(*(array[rows] for array in arrays), return_dict=True).items():
            means[name] = means.get(name, 0.0) + float(value) * len(rows) / len(order)
    return means'''


def file_of(role: str) -> str:
    """The file that the script saves a role's model in."""
    return re.sub(r"[^\w-]", "_", role) + ".keras"


def training(project: Project, recipe: Recipe, trainer: keras.Model, dataset: Dataset, builders: dict[str, str]) -> Borrowed:
    """Everything up to `main()`. `trainer` is the recipe's, to see what it is compiled with; `builders` are the functions that build the models.

    A recipe with a class of its own is taken as it is, with its `trainer` function; otherwise the model is compiled and fitted as in any script.
    """
    module = sys.modules[recipe.trainer.__module__]
    if type(trainer).__module__ != module.__name__ and len(builders) == 1:
        main = _Main(project, recipe, dataset, builders).source(trainer)
        return Borrowed(f"{own.source}\n\n\n{main}", own.imports) if (own := _own_loss(trainer)) else Borrowed(main, ())
    own = borrow(module, ["trainer"])
    facts = {name: getattr(dataset, name) for name in sorted(set(re.findall(r"\bdataset\.(\w+)", own.source)))}
    main = _Main(project, recipe, dataset, builders).source(None, facts)
    imports = own.imports + (("from types import SimpleNamespace",) if facts else ())
    return Borrowed("\n\n\n".join([own.source, _optimizer(project), _MEASURE, main]), imports)


class _Main:
    """Writes the function that does it all."""

    def __init__(self, project: Project, recipe: Recipe, dataset: Dataset, builders: dict[str, str]) -> None:
        self.project = project
        self.recipe = recipe
        self.builders = builders
        self.models: dict[str, str] = {}
        """The variable of each role's model."""
        for role in project.models:
            self.models[role] = identifier(role, _TAKEN | set(self.models.values()) | set(builders.values()))
        validated = self._arrays("validation")
        self.validation = validated if len(dataset.parts["validation"]) else "()"
        self.all = f"[{', '.join(self.models.values())}]"

    def source(self, compiled: keras.Model | None, facts: dict[str, Any] | None = None) -> str:
        """With what the one model is compiled as in `compiled`, or else with the recipe's own trainer, given what it asks of the dataset."""
        models = self.project.models
        one = next(iter(self.models.values()))
        lines = [
            "samples = parts()",
            f"train = {self._arrays('train')}",
            *([f"validation = {self.validation}"] if self.validation != "()" else []),
            "keras.utils.set_random_seed(SEED)",
            *(f"{self.models[role]} = {self.builders[role]}()" for role in models),
            *(f"{self.models[role]}{path}.adapt(train[0])" for role, graph in models.items() for path in _normalizations(expanded(graph))),
            *(["steps = -(-len(train[0]) // BATCH_SIZE) * EPOCHS"] if self.project.training.schedule else []),
            *(_compile(self.project, compiled, one) if compiled else [self._trainer(facts or {})]),
            *(['best_loss, best_epoch, best_weights = float("inf"), 0, []'] if self._patient else []),
            "for epoch in range(EPOCHS):",
            *(f"    {line}" for line in [*(self._fitted(one) if compiled else self._measured()), *self._end_of_epoch()]),
            *(f"{variable}.save({literal(file_of(role))})" for role, variable in self.models.items()),
        ]
        return "def main():\n" + textwrap.indent("\n".join(lines), "    ")

    def _arrays(self, part: str) -> str:
        """What the recipe takes of a part, as source. Raises ValueError where that is not the part's own arrays."""
        x, y = object(), object()
        taken = self.recipe.arrays(SimpleNamespace(part=lambda name: (x, y)), part)  # pyright: ignore[reportArgumentType]  # it may look at nothing else
        if taken == ():
            return "()"
        if taken not in ((x,), (x, y)):
            raise ValueError(f"The recipe {self.recipe.RECIPE.id} makes its own arrays, which can't be written as a script.")
        return f'samples["{part}"]' + ("[:1]" if len(taken) == 1 else "")

    def _trainer(self, facts: dict[str, Any]) -> str:
        roles = ", ".join(f"{literal(role)}: {variable}" for role, variable in self.models.items())
        factory = "lambda variables: optimizer(variables, steps)" if self.project.training.schedule else "optimizer"
        dataset = f"SimpleNamespace({keywords(facts)})" if facts else "None"
        return f"training = trainer({', '.join(filter(None, [f'{{{roles}}}', factory, dataset, keywords(self.project.recipe.arguments)]))})"

    def _fitted(self, model: str) -> Iterator[str]:
        """An epoch of `fit`."""
        yield "order = np.random.default_rng([SEED, epoch]).permutation(len(train[0]))"
        yield "shuffled = [array[order] for array in train]"
        validated = f", validation_data=validation, validation_batch_size={EVALUATION_BATCH}" if self.validation != "()" else ""
        yield f"history = {model}.fit(*shuffled, batch_size=BATCH_SIZE, shuffle=False{validated}, verbose=0).history"
        yield "logs = {name: values[0] for name, values in history.items()}"

    def _measured(self) -> Iterator[str]:
        """An epoch of single steps."""
        yield "order = np.random.default_rng([SEED, epoch]).permutation(len(train[0]))"
        yield "logs = measure(training, training.train_on_batch, train, order, BATCH_SIZE)"
        if self.validation != "()":
            yield "order = np.arange(len(validation[0]))"
            yield f"batch_size = len(order) if len(order) <= {4 * EVALUATION_BATCH} else {EVALUATION_BATCH}"
            yield "measured = measure(training, training.test_on_batch, validation, order, batch_size)"
            yield 'logs |= {f"val_{name}": value for name, value in measured.items()}'

    def _end_of_epoch(self) -> Iterator[str]:
        yield 'print(f"epoch {epoch + 1}/{EPOCHS}", *(f"{name} {value:.6g}" for name, value in logs.items()), sep="  ", flush=True)'
        if self._patient:
            yield 'if logs["val_loss"] < best_loss:'
            yield f'    best_loss, best_epoch, best_weights = logs["val_loss"], epoch, [model.get_weights() for model in {self.all}]'
            yield f"if epoch - best_epoch >= {self.project.training.patience}:"
            yield f"    for model, weights in zip({self.all}, best_weights):"
            yield "        model.set_weights(weights)"
            yield "    break"

    @property
    def _patient(self) -> bool:
        """Whether the run stops early: there is something to wait for."""
        return self.project.training.patience is not None and self.validation != "()" and "loss" in self.recipe.RECIPE.metrics


def _own_loss(trainer: keras.Model) -> Borrowed | None:
    """The loss that a model is compiled with, where it is none of Keras's."""
    kind = type(trainer.loss)
    return borrow(sys.modules[kind.__module__], [kind.__name__]) if kind.__module__.startswith("ml.") else None


def _compile(project: Project, trainer: keras.Model, model: str) -> list[str]:
    """Compile the model as the recipe does."""
    config = trainer.get_compile_config()
    lines = [f"optimizer={_optimizer_call(project)},", f"loss={literal(_plain(config['loss']))},", f"metrics={literal(_plain(config['metrics']))},"]
    return [f"{model}.compile(", *(f"    {line}" for line in lines), ")"]


def _plain(config: Any) -> Any:
    """A loss or a metric as Keras writes it, without what is its default."""
    if isinstance(config, list):
        return [_plain(part) for part in config]
    if not isinstance(config, dict):
        return config
    if config["module"].startswith("ml."):
        return Code(f"{config['class_name']}()")
    made = keras.saving.deserialize_keras_object({**config, "config": {}})
    given = {name: value for name, value in config["config"].items() if value != made.get_config().get(name)}
    return {"module": config["module"], "class_name": config["class_name"], "config": given}


def _optimizer(project: Project) -> str:
    """A function that gives each model an optimizer of its own."""
    steps = ", steps" if project.training.schedule else ""
    return f'''def optimizer(variables{steps}):
    """A new optimizer for these variables."""
    made = {_optimizer_call(project)}
    made.build(variables)
    return made'''


def _optimizer_call(project: Project) -> str:
    training = project.training
    arguments = dict(training.optimizer.arguments)
    if training.schedule is not None:
        arguments["learning_rate"] = Code(_schedule_call(training.schedule, arguments.get("learning_rate", 1e-3)))
    return f"keras.optimizers.{training.optimizer.id}({keywords(arguments)})"


def _schedule_call(schedule: Choice, rate: float) -> str:
    """The schedule; where it is left open, it starts at the optimizer's rate and lasts as long as the run."""
    names = {parameter.name for parameter in SCHEDULES[schedule.id].parameters}
    rates = {name: rate for name in RATE_OF_SCHEDULE if name in names}
    steps = {name: Code("steps") for name in STEPS_OF_SCHEDULE if name in names}
    return f"keras.optimizers.schedules.{schedule.id}({keywords(rates | steps | schedule.arguments)})"


def _normalizations(graph: Graph) -> Iterator[str]:
    """How to get at each `Normalization` layer of a model."""
    for name, node in graph.nodes.items():
        if node.type == "Normalization" and not node.shares:
            yield f".get_layer({literal(name)})"
        elif node.type == BLOCK and node.graph and not node.shares:
            yield from (f".get_layer({literal(name)}){path}" for path in _normalizations(node.graph))
