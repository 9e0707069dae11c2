"""Recurrence written out: a block that is called again and again with the same weights, each time on what it said the time before."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import tensorflow as tf

from ml.build import Built, replay
from ml.inspect.calls import apart
from ml.project.graph import BLOCK, OUTPUT, Graph

FEWEST, MOST = 3, 96
"""So many calls are a recurrence; more of them would keep the first step waiting."""


@dataclass(frozen=True)
class Unrolled:
    """A block over time."""

    name: str
    """Its first call's node, whose weights all others share."""
    calls: tuple[str, ...]
    """The nodes that call it, in their order."""
    state: int
    """Which of its outputs the next call is fed."""
    shown: dict[str, str]
    """What there is to see in it: by a name for people the path in the block. Its layers with weights, and its outputs that are something else."""


def unrolled(built: Built) -> list[Unrolled]:
    """The blocks of a graph that are called on what they said the time before, `FEWEST` to `MOST` times."""
    calls: dict[str, list[str]] = {}
    for name in built.graph.sorted():
        node = built.graph[name]
        if node.type == BLOCK:
            calls.setdefault(node.shares or name, []).append(name)
    found = []
    for name, nodes in calls.items():
        fed = [[link.output for link in built.graph[after].inputs if link and link.node == before] for before, after in pairwise(nodes)]
        inside = built.graph[name].graph
        if FEWEST <= len(nodes) <= MOST and all(fed) and inside is not None:
            found.append(Unrolled(name, tuple(nodes), fed[0][0], _shown(built, name, inside)))
    return found


def over_time(built: Built, blocks: list[Unrolled], sample: tf.Tensor) -> dict[str, tuple[dict[str, tf.Tensor], tf.Tensor]]:
    """What goes on in each block on one sample (1, …), by its name: each kind of value as (calls, units), and the norm, by call (calls,), of the gradient
    of half the squared last state with respect to the state after that call."""
    asked = apart(built.graph, built.layers)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(sample)
        results = replay(asked.graph, asked.layers, [sample])
        states = {block.name: [results[f"{call}/{_state(built, block)}"][0] for call in block.calls] for block in blocks}
        lasts = {name: tf.reduce_sum(each[-1] ** 2) / 2 for name, each in states.items()}
    found = {}
    for block in blocks:
        rows = {name: tf.concat([tf.reshape(results[f"{call}/{path}"][0], [1, -1]) for call in block.calls], axis=0) for name, path in block.shown.items()}
        gradients = tape.gradient(lasts[block.name], states[block.name], unconnected_gradients=tf.UnconnectedGradients.ZERO)
        found[block.name] = rows, tf.stack([tf.norm(gradient) for gradient in gradients])
    return found


def _state(built: Built, block: Unrolled) -> str:
    """The Output in the block that gives the state."""
    graph = built.graph[block.name].graph
    assert graph is not None, "a block holds a graph"
    return graph.of_type(OUTPUT)[block.state]


def _shown(built: Built, name: str, graph: Graph) -> dict[str, str]:
    """What is shown of a block, gates first."""
    layers = [path for path in graph.sorted() if path in graph.nodes and getattr(built.layers.get(f"{name}/{path}"), "weights", [])]
    outputs = [path for path in graph.of_type(OUTPUT) if (link := graph[path].inputs[0]) is None or link.node not in layers]
    paths = sorted([*layers, *outputs], key=lambda path: "gate" not in path)
    return {path.replace("_", " "): path for path in paths}
