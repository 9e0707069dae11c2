"""What trained models make, on request and while they train: pictures from latents, the latent plane, and text."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from ml.data.dataset import Dataset
from ml.events import Array, Generate, Generated, Message, Picture, Text
from ml.generate.latents import interpolate, noise
from ml.generate.painter import Painter, in_pairs, paints, to_pixels
from ml.generate.reader import READS, reader
from ml.generate.reader import SAMPLES as READINGS
from ml.generate.writer import Writer
from ml.project.parameters import Parameter, problem
from ml.project.project import Project

SAMPLES = 64
MOST = 4096
"""Samples in one request."""
PLANE = 2000
"""At most so many samples on the latent plane."""
PROMPT, LENGTH, TEMPERATURE = 24, 160, 0.8
"""Of the text made while training: characters given, characters written."""

WRITING = (
    Parameter("temperature", "float", 1.0, minimum=0, maximum=100, help="Below 1 the likely is drawn more often, at 0 always; above 1 the unlikely."),
    Parameter("top_k", "int", 0, minimum=0, help="Only so many of the likeliest characters are in the draw; 0: all."),
)
"""What `Generate.arguments` may hold for text."""


class GenerateProblem(ValueError):
    """Samples that can't be had as asked, as a sentence."""


class Observer:
    """Makes samples with the models of one project, and keeps what it compiles for that."""

    def __init__(self, project: Project, models: dict[str, keras.Model], dataset: Dataset) -> None:
        self._dataset = dataset
        self._recipe = project.recipe
        self._seed = project.training.seed
        self._painter = _painter(project.recipe.id, models)
        writes = project.recipe.id == "causal_lm"
        self._writer = Writer(models["model"], dataset, project.recipe.arguments.get("from_logits", True)) if writes else None
        self._reader = reader(project.recipe.id, models["model"], dataset) if project.recipe.id in READS else None

    def observe(self, step: int) -> list[Message]:
        """What to show of the models as they are now; nothing where they make nothing that can be shown.

        Samples are always from the same noise. Reconstructions come in rows of eight: originals, what became of them, originals …
        """
        if self._writer is not None:
            prompt = self._dataset.decode(self._seen()[0][0, :PROMPT])
            return [Text("continuation", step, prompt + self._writer.write(prompt, LENGTH, TEMPERATURE, seed=self._seed))]
        if self._reader is not None:
            return [Text("reading", step, self._reader.read(*(array[:READINGS] for array in self._seen())))]
        if self._painter is None:
            return []
        shown: list[Message] = [Picture("samples", step, Array.of(self._painter.paint(noise(SAMPLES, self._painter.size, self._seed))))]
        if self._painter.encodes:
            shown.append(Picture("reconstructions", step, Array.of(self._reconstructions(self._painter))))
        return shown

    def answer(self, command: Generate) -> Generated:
        """What is asked for. Of a text, `n` is the number of characters. Raises `GenerateProblem`."""
        if not 1 <= command.n <= MOST:
            raise GenerateProblem(f"Between 1 and {MOST} can be made at a time, not {command.n}.")
        if command.seed < 0:
            raise GenerateProblem(f"The seed must be at least 0, not {command.seed}.")
        match command.kind:
            case "latents":
                return self._painted(command, self._given(command))
            case "noise":
                return self._painted(command, noise(command.n, self._paints().size, command.seed))
            case "interpolate":
                return self._painted(command, self._between(command))
            case "plane":
                return self._plane(command)
            case "text":
                return Generated(command.id, text=self._continued(command))
        raise GenerateProblem(f"There is no way to make {command.kind!r}; there are: latents, noise, interpolate, plane, text.")

    def _paints(self) -> Painter:
        if self._painter is None:
            raise GenerateProblem(f"A project with the recipe {self._recipe.id} and these models makes no pictures: vae and gan do, of data that is pictures.")
        return self._painter

    def _painted(self, command: Generate, latents: np.ndarray) -> Generated:
        return Generated(command.id, {"pixels": Array.of(self._paints().paint(latents)), "latents": Array.of(latents)})

    def _given(self, command: Generate) -> np.ndarray:
        size = self._paints().size
        if "latents" not in command.arrays:
            raise GenerateProblem(f"The latents must be given, {size} numbers for each picture.")
        latents = command.arrays["latents"].numpy()
        if latents.ndim != 2 or latents.shape[1] != size or not 1 <= len(latents) <= MOST or not np.isfinite(latents).all():
            raise GenerateProblem(f"Latents must be finite numbers in rows of {size}, 1 to {MOST} rows; the shape of these is {latents.shape}.")
        return latents.astype("float32")

    def _between(self, command: Generate) -> np.ndarray:
        ends = self._given(command)
        if len(ends) != 2:
            raise GenerateProblem(f"An interpolation goes between two rows of latents, not {len(ends)}.")
        return interpolate(ends[0], ends[1], command.n)

    def _plane(self, command: Generate) -> Generated:
        painter = self._paints()
        if not painter.encodes:
            raise GenerateProblem("Only models with an encoder have a latent plane: it says where each picture of the data lies.")
        x, labels = self._seen()
        codes = painter.code(x[:PLANE])
        arrays = {"latents": codes, "labels": labels[:PLANE], "effect": painter.effect(codes)}
        return Generated(command.id, {name: Array.of(array) for name, array in arrays.items()})

    def _continued(self, command: Generate) -> str:
        if self._writer is None:
            raise GenerateProblem(f"A project with the recipe {self._recipe.id} makes no text: causal_lm does.")
        arguments: dict[str, Any] = {parameter.name: parameter.default for parameter in WRITING} | command.arguments
        if sentence := problem(WRITING, arguments):
            raise GenerateProblem(sentence)
        unknown = sorted(set(command.text) - set(self._dataset.tokens))
        if unknown:
            raise GenerateProblem(f"The model knows no {', '.join(map(repr, unknown))}: leave out what is not in the data's vocabulary.")
        return self._writer.write(command.text, command.n, **arguments, seed=command.seed)

    def _reconstructions(self, painter: Painter) -> np.ndarray:
        x = self._seen()[0][: SAMPLES // 2]
        originals, made = to_pixels(x), painter.paint(painter.code(x))
        return in_pairs(originals, made)

    def _seen(self) -> tuple[np.ndarray, np.ndarray]:
        """The validation samples, or where there are none the training samples."""
        return self._dataset.part(self._dataset.watched)


def _painter(recipe: str, models: dict[str, keras.Model]) -> Painter | None:
    if recipe == "vae" and paints(models["decoder"]):
        return Painter(models["decoder"], models["encoder"])
    if recipe == "gan" and paints(models["generator"]):
        return Painter(models["generator"])
    return None
