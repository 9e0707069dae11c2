"""Attention as it is on one example: the weights of every layer, also inside blocks, and of blocks that are called step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf
from msgspec.structs import replace

from ml.build import Built, replay
from ml.data import words
from ml.data.dataset import Dataset
from ml.events import Array, Attention, AttentionLayer
from ml.inspect import calls, mixture
from ml.inspect.hops import hops
from ml.project.graph import Graph, Node
from ml.project.project import Project

SCORING = ("MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention")
"""Layers that give their weights when they are asked for `return_attention_scores`."""
SOFTMAX = ("ops.softmax", "Softmax")
"""What attention is made of where it is made by hand: its output counts where queries and keys are the same in number, or where a block is called at every
step and gives a row each time."""


class AttentionLens:
    """Reads the attention of the first model that has any and takes the data; of others there is nothing to read."""

    def __init__(self, project: Project, built: dict[str, Built], dataset: Dataset) -> None:
        self._dataset = dataset
        self._sentences = _sentences(dataset)
        self._paths: list[str] = []
        self._mixtures: list[str] = []
        for role in project.models:
            graph = built[role].graph
            paths = list(dict.fromkeys(_candidates(graph, SCORING + SOFTMAX)))
            if paths and _takes(built[role], dataset):
                self._paths = paths
                self._mixtures = list(dict.fromkeys(_candidates(graph, mixture.JOINED))) if dataset.task == "translation" and dataset.tokens else []
                self._probe = _probe(graph, built[role], paths, self._mixtures, dataset)
                self._dtypes = [tensor.dtype for tensor in built[role].model.inputs]
                break
        self.watch(0)

    def watch(self, index: int, text: str = "") -> None:
        """Look at this sample of the validation part (counted on from the start when it is past the end), or at this text."""
        x, y = self._dataset.part(self._dataset.watched)
        self._index = index % len(x)
        self._sample, self._target = x[self._index], y[self._index]
        self._length = len(self._sample)
        tokens = self._dataset.encode(text)[-len(self._sample) :] if self._dataset.tokens else np.zeros(0)
        if len(tokens):
            self._length = len(tokens)
            self._sample = np.concatenate([tokens, np.zeros(len(self._sample) - len(tokens), "int32")])

    @property
    def _points(self) -> bool:
        """Whether what is written are places of what was read, or its end, which stands before them."""
        return self._dataset.task == "translation" and not self._dataset.target_tokens

    @property
    def probe(self) -> tuple[np.ndarray, int]:
        """The sample that is looked at, and its number in the validation part."""
        return self._sample, self._index

    def read(self, step: int) -> Attention | None:
        """The weights as they are now, or None where the model has no attention."""
        if not self._paths:
            return None
        fed = [self._sample, self._target[:-1]] if self._dataset.task == "translation" else [self._sample]
        scores = self._probe(*(tf.cast(array[np.newaxis], dtype) for array, dtype in zip(fed, self._dtypes, strict=True)))
        layers = [AttentionLayer(path, Array.of(self._cut(scores[path].numpy()))) for path in self._paths if path in scores]
        mixed = [mixture.layer(path, scores[path].numpy(), self._sample, self._target, self._dataset) for path in self._mixtures if path in scores]
        layers += [layer for layer in mixed if layer]
        if not layers:
            return None
        if self._sentences and (stacked := hops(layers, np.count_nonzero(self._sample[:-1], axis=1) > 0)):
            *story, question = words.sentences(self._dataset, self._sample)
            about = f"{question}?  →  {self._dataset.classes[self._target]}" if self._dataset.classes else f"{question}?"
            return Attention(step, (stacked[0],), tuple(story), probe=self._index, queries=stacked[1], about=about)
        tokens = layers[0].scores.shape[-1]
        image = self._sample if self._dataset.kind == "image" else None
        return Attention(
            step=step,
            layers=tuple(layers),
            tokens=self._labels(tokens),
            picture=Array.of(image) if image is not None else None,
            grid=patches(image.shape, tokens) if image is not None else None,
            probe=self._index,
            queries=self._written(layers[0].scores.shape[-2]),
        )

    def _cut(self, scores: np.ndarray) -> np.ndarray:
        """(heads, queries, keys) without the places after the end of a short text, which a causal model does not see, and without padding."""
        if self._points and scores.shape[-2:] == (len(self._target) - 1, len(self._sample) + 1):
            return scores[:, : np.count_nonzero(self._target) - 1, : len(words.numbers(self._sample)) + 1]
        if self._dataset.task == "translation" and scores.shape[-1] == len(self._sample) != scores.shape[-2]:
            return scores[:, : np.count_nonzero(self._target) - 1, : np.count_nonzero(self._sample)]
        if self._dataset.tokens and scores.shape[-2:] == (len(self._sample), len(self._sample)):
            return scores[:, : self._length, : self._length]
        return scores

    def _labels(self, count: int) -> tuple[str, ...]:
        if self._dataset.tokens and not self._sentences:
            return tuple(self._dataset.tokens[token] for token in self._sample[:count])
        if self._points and count == len(there := words.numbers(self._sample)) + 1:
            return "end", *there
        return self._dataset.features if len(self._dataset.features) == count and self._dataset.kind != "series" else ()

    def _written(self, count: int) -> tuple[str, ...]:
        """Of a sequence that is made from another: the tokens that are written at the queries."""
        if self._points:
            return tuple(words.pointed(self._target[1 : count + 1], self._sample))
        return tuple(self._dataset.target_tokens[token] for token in self._target[1 : count + 1]) if self._dataset.target_tokens else ()


def watched(graph: Graph) -> Graph:
    """The graph with every attention layer, in blocks too, asked for its weights as a second output."""
    return graph.with_nodes({name: _asked(node) for name, node in graph.nodes.items()})


def patches(shape: tuple[int, ...], tokens: int) -> tuple[int, int] | None:
    """How many patches down and across make so many tokens of a picture (h, w, c), with or without a class token; rows count too."""
    height, width, _ = shape
    for count in (tokens, tokens - 1):
        for size in range(1, min(height, width) + 1):
            if height % size == 0 and width % size == 0 and (height // size) * (width // size) == count:
                return height // size, width // size
        if count == height:
            return height, 1
    return None


def _asked(node: Node) -> Node:
    if node.graph is not None:
        return replace(node, graph=watched(node.graph))
    if node.type in SCORING and not node.arguments.get("flash_attention"):
        return replace(node, arguments=node.arguments | {"return_attention_scores": True})
    return node


def _candidates(graph: Graph, types: tuple[str, ...], path: str = "") -> Iterator[str]:
    """The paths of nodes of these types, which may show attention, in the order in which they are computed."""
    for name in graph.sorted():
        node = graph[name]
        if node.graph is not None:
            yield from _candidates(node.graph, types, f"{path}{node.shares or name}/")
        elif node.type in types and not node.arguments.get("flash_attention"):
            yield path + name


def _takes(built: Built, dataset: Dataset) -> bool:
    """Whether a model takes the data's samples, and where one sequence is made from another the second too, without its end."""
    shapes = [dataset.shape, (dataset.y.shape[1] - 1,)] if dataset.task == "translation" else [dataset.shape]
    taken = [tensor.shape[1:] for tensor in built.model.inputs]
    return len(taken) == len(shapes) and all(
        len(wanted) == len(given) and all(a in (None, b) for a, b in zip(wanted, given, strict=True)) for wanted, given in zip(taken, shapes, strict=True)
    )


def _sentences(dataset: Dataset) -> int | None:
    """Of stories with a question at their end: how many sentences they have."""
    return dataset.shape[0] - 1 if dataset.tokens and len(dataset.shape) == 2 else None


def _probe(graph: Graph, built: Built, paths: list[str], mixtures: list[str], dataset: Dataset) -> Any:
    """A compiled function of what the model takes, (1, …) each, to the weights (heads, queries, keys) by path."""
    asked, sentences = calls.apart(watched(graph), built.layers), _sentences(dataset)

    def probe(*inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        results = replay(asked.graph, asked.layers, inputs)
        found = {path: [results[call] for call in asked.paths[path]] for path in paths}
        repeated = {path: calls.rows([outputs[-1] for outputs in each]) for path, each in found.items()}
        single = {path: _headed(each[-1][-1]) for path, each in found.items() if repeated[path] is None and _is_attention(each[-1], sentences)}
        mixed = mixture.found({path: results[asked.paths[path][-1]] for path in mixtures}, dataset) if mixtures else {}
        return single | {path: rows for path, rows in repeated.items() if rows is not None} | mixed

    return tf.function(probe, autograph=False)


def _is_attention(outputs: list[Any], sentences: int | None) -> bool:
    """Whether a node's last output is attention: given by the layer beside its result, or a softmax over as many keys as queries, or over the sentences."""
    shape = outputs[-1].shape
    return len(shape) in (3, 4) and (len(outputs) == 2 or shape[-1] in (shape[-2], sentences))


def _headed(scores: tf.Tensor) -> tf.Tensor:
    """(1, heads, queries, keys) or, of a single head, (1, queries, keys), without the batch."""
    return tf.cast(scores if len(scores.shape) == 3 else scores[0], tf.float32)
