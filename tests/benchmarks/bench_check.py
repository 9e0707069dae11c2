"""What an edit's check costs on ResNet-50: from nothing, and after one node changed."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import keras
import pytest
from msgspec.structs import replace

from ml.check import Checker
from ml.importer import from_model
from ml.project.graph import Graph
from ml.project.project import Choice, Data, Project
from tests.benchmarks.conftest import Record

TABLE = "An edit's check, ResNet-50"
ROUNDS = 9


@pytest.fixture(scope="module")
def graph() -> Graph:
    return from_model(keras.applications.ResNet50(weights=None))[0]


def project(graph: Graph) -> Project:
    return Project("resnet50", Data("digits", {"size": 224, "channels": 3}), {"model": graph}, Choice("supervised"))


def milliseconds(checker: Checker, graph: Graph) -> float:
    start = perf_counter()
    checker.check(project(graph))
    return (perf_counter() - start) * 1000


def test_from_nothing(graph: Graph, record: Record) -> None:
    times = [milliseconds(Checker(), graph) for _ in range(5)]
    record(TABLE, "from nothing", f"{median(times):.0f} ms", "1,000 ms")


def test_after_one_node_changed(graph: Graph, record: Record) -> None:
    checker = Checker()
    milliseconds(checker, graph)
    times = []
    for index, name in enumerate([name for name, node in graph.nodes.items() if node.type == "BatchNormalization"][:ROUNDS]):
        node = graph[name]
        times.append(milliseconds(checker, graph.with_node(name, replace(node, arguments={**node.arguments, "epsilon": 0.002 + index / 1000}))))
    record(TABLE, "after one node changed", f"{median(times):.0f} ms", "150 ms")


def test_after_a_change_that_all_that_follows_feels(graph: Graph, record: Record) -> None:
    checker = Checker()
    milliseconds(checker, graph)
    times = []
    for index in range(ROUNDS):
        changed = replace(graph["input_layer"], arguments={"shape": [192 + 2 * index, 192, 3]})
        times.append(milliseconds(checker, graph.with_node("input_layer", changed)))
    record(TABLE, "after a change that every other node feels", f"{median(times):.0f} ms", "1,000 ms")
