"""Pictures as a model has changed them before it reads them: moved, turned and zoomed, as a spatial transformer does it."""

from __future__ import annotations

import tensorflow as tf

from ml.build import Built, replay
from ml.data.dataset import Dataset
from ml.events import Array, Picture
from ml.generate.painter import in_pairs, to_pixels
from ml.inspect.nodes import behind
from ml.project.graph import INPUT, OUTPUT
from ml.project.project import Project

SAMPLES = 32


class TransformedLens:
    """Shows what a model that learns from labelled pictures makes of them on the way, where that is pictures of the same size again."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        self._pictures = dataset.x[dataset.parts[dataset.watched][:SAMPLES]]
        found = built["model"] if project.recipe.id == "supervised" and dataset.kind == "image" else None
        place = _place(found) if found else None
        self._transform = tf.function(lambda x: replay(found.graph, found.layers, [x])[place][0], autograph=False) if found and place else None

    def read(self, step: int) -> Picture | None:
        """Rows of eight: originals, below them what became of them, originals …"""
        if self._transform is None:
            return None
        before, after = to_pixels(self._pictures), to_pixels(self._transform(tf.constant(self._pictures)).numpy())
        return Picture("transformed", step, Array.of(in_pairs(before, after)))


def _place(built: Built) -> str | None:
    """The node where the model last has a picture as large as the one it was given, made with what it has learned; None where there is none."""
    model, graph = built.model, built.graph
    if len(model.inputs) != 1 or len(model.outputs) != 1 or model.inputs[0].shape[-1] not in (1, 3):
        return None
    last = {link.node for name in graph.of_type(OUTPUT) for link in graph[name].inputs if link}
    places = [operation.name for operation in model.operations if getattr(operation.output, "shape", None) == model.inputs[0].shape]
    inside = [name for name in places if name in graph.nodes and graph[name].type != INPUT and name not in last]
    return inside[-1] if inside and has_learned(built, inside[-1]) else None


def has_learned(built: Built, name: str) -> bool:
    """Whether a node, or one that it depends on, has trained weights."""
    needed = behind(built.graph, name)
    return any(layer.trainable_weights for path, layer in built.layers.items() if path.partition("/")[0] in needed)
