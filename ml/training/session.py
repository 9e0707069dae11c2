"""All that a job holds: the data, the built models, the trainer, and what looks at them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import keras
import numpy as np

from ml import data, generate, recipes, weights
from ml.build import Built, NodeProblem, build
from ml.events import Message
from ml.inspect import Lens
from ml.inspect.attention import AttentionLens
from ml.inspect.augmented import AugmentedLens
from ml.inspect.capsules import DimensionsLens, ReconstructionLens
from ml.inspect.forecast import ForecastLens
from ml.inspect.gradients import GradientLens
from ml.inspect.inside import InsideLens
from ml.inspect.mistakes import MistakesLens
from ml.inspect.moves import MovesLens
from ml.inspect.predictions import PredictionLens
from ml.inspect.recurrent import RecurrentLens
from ml.inspect.regions import RegionsLens
from ml.inspect.transcripts import TranscriptLens
from ml.inspect.transformed import TransformedLens
from ml.project.files import FileProblem
from ml.project.parameters import problem
from ml.project.project import Project
from ml.runs import Run
from ml.runs.summary import summary
from ml.strangers import ImportProblem, reading
from ml.training.loop import Loop
from ml.training.optimizers import Optimizers, TrainingProblem


class Session:
    """A project brought to life: built models by role, its dataset, and its recipe.

    The weights are drawn from the project's seed, roles in the order of the project, and then those that the project brings along are put in their place.
    Raises `TrainingProblem` where the project can't be built.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.recipe = _recipe(project)
        try:
            self.dataset = data.load(project.data)
        except data.DataProblem as error:
            raise TrainingProblem(str(error)) from error
        keras.utils.set_random_seed(project.training.seed)
        try:
            self.built: dict[str, Built] = {role: build(graph, role) for role, graph in project.models.items()}
        except NodeProblem as error:
            raise TrainingProblem(str(error)) from error
        first = {role: weights.load(built, project.weights) for role, built in self.built.items()}
        self.problems: tuple[str, ...] = tuple(dict.fromkeys([*self.dataset.notes, *(sentence for loaded in first.values() for sentence in loaded.problems)]))
        """What was left out of the data, and which layers do not have the first weights that the project names for them, and why."""
        self._given = {id(self.built[role].layers[path]) for role, loaded in first.items() for path in loaded.layers}
        self.models: dict[str, keras.Model] = {role: built.model for role, built in self.built.items()}
        self.lens = AttentionLens(project, self.built, self.dataset)
        self.inside = InsideLens(project, self.built, self.dataset)
        self.regions = RegionsLens(project, self.built, self.dataset)
        self.gradients = GradientLens(self.built)
        self.lenses: tuple[Lens, ...] = (
            self.regions,
            self.gradients,
            PredictionLens(project, self.models, self.dataset),
            MistakesLens(project, self.built, self.dataset),
            AugmentedLens(project, self.built, self.dataset),
            TransformedLens(project, self.built, self.dataset),
            RecurrentLens(self.built, self.dataset, self.lens),
            ReconstructionLens(project, self.built, self.dataset),
            DimensionsLens(project, self.built, self.dataset),
            MovesLens(project, self.built, self.dataset),
            TranscriptLens(project, self.built, self.dataset),
            ForecastLens(project, self.built, self.dataset),
        )
        self.observer = generate.Observer(project, self.models, self.dataset)
        self.step = 0
        """After how many steps the weights are as they are, once a job has ended or a run was opened."""

    @staticmethod
    def opened(run: Run) -> Session:
        """The session of a finished run, with its trained weights. Raises `FileProblem` and `TrainingProblem`."""
        session = Session(run.project)
        session.step = summary(run.folder).steps
        for role, model in session.models.items():
            _load_weights(model, run.model(role))
        for layer in session._normalizations():
            layer.finalize_state()  # set_weights does not: it would go on with the mean and the variance that it had before
        return session

    def trainer(self) -> tuple[keras.Model, Optimizers, Loop]:
        """The recipe's trainer, ready for its first step; `Normalization` layers have seen the training data."""
        training = self.project.training
        train = self.recipe.arrays(self.dataset, "train")
        if not train or not len(train[0]):
            raise TrainingProblem("The training part has no samples: make the validation and test parts smaller.")
        steps = -(-len(train[0]) // training.batch_size) * training.epochs
        optimizers = Optimizers(training, steps)
        self.adapt(train[0])
        arguments = self.project.recipe.arguments
        if sentence := problem(self.recipe.RECIPE.parameters, arguments):
            raise TrainingProblem(f"The recipe {self.project.recipe.id}: {sentence}")
        try:
            trainer = self.recipe.trainer(self.models, optimizers, self.dataset, **arguments)
        except (ValueError, TypeError, KeyError) as error:
            raise TrainingProblem(str(error)) from error
        validation = self.recipe.arrays(self.dataset, "validation")
        live = [parameter.name for parameter in self.recipe.RECIPE.parameters if parameter.live]
        self.regions.follow(trainer)
        self.gradients.follow(trainer, optimizers, validation if validation and len(validation[0]) else train, live)
        return trainer, optimizers, Loop(trainer, train, validation, training.batch_size, training.seed)

    def seen(self) -> list[Message]:
        """What the lenses show of the models as they are now."""
        each = (self.lens.read(self.step), self.inside.read(self.step, *self.lens.probe), *(lens.read(self.step) for lens in self.lenses))
        return [seen for seen in each if seen is not None]

    def adapt(self, x: np.ndarray) -> None:
        """Give every `Normalization` layer that has none of its own the mean and the variance of the training inputs."""
        for layer in self._normalizations():
            if id(layer) not in self._given and layer.input_mean is None:
                layer.adapt(x)

    def _normalizations(self) -> list[keras.layers.Normalization]:
        return [layer for built in self.built.values() for layer in built.layers.values() if isinstance(layer, keras.layers.Normalization)]

    def saved(self, role: str) -> bytes:
        """The `.keras` file of a role's model, as it is now. Raises `FileProblem` where there is no room to make it."""
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "model.keras"
                self.models[role].save(path)
                return path.read_bytes()
        except OSError as error:
            raise FileProblem(f"The trained {role} can't be written to {tempfile.gettempdir()}: {error.strerror or error}.") from error


def _load_weights(model: keras.Model, path: Path) -> None:
    """Give a model the weights of a `.keras` file, of which nothing else is used: the run may be a stranger's. Raises `TrainingProblem`."""
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder) / "model.weights.h5"
        try:
            reading.read(path, unpacked)
            model.load_weights(unpacked)
        except (ValueError, TypeError, OSError, KeyError, ImportProblem) as error:
            raise TrainingProblem(f"{path} can't be opened: {error}") from error


def _recipe(project: Project) -> recipes.Recipe:
    try:
        recipe = recipes.recipe(project.recipe.id)
    except KeyError as error:
        raise TrainingProblem(str(error.args[0])) from error
    missing = [role for role in recipe.RECIPE.roles if role not in project.models]
    if missing:
        raise TrainingProblem(f"The recipe {project.recipe.id} needs a model for {' and '.join(missing)}.")
    return recipe
