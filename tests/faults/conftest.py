"""Faults note what they found with `promise`; `make faults` writes it into docs/RELIABILITY.md."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults import promises
from tests.faults.trainers import Trainers

Promise = Callable[[str, str, str], None]
ROWS: list[promises.Row] = []


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> Promise:
    """Note what was found: the promise (one of `promises.WISHES`), what was tried (with its count), and the figure. Call it before the asserts."""
    began = time.perf_counter()

    def note(promise: str, test: str, figure: str) -> None:
        row = promises.row(promise, test, figure, time.perf_counter() - began, request.node.nodeid.partition("::")[0])
        print(f"\n{row.promise}: {row.test}: {row.figure} ({row.measured})")
        if request.node.get_closest_marker("faults"):
            ROWS.append(row)

    return note


@pytest.fixture(scope="session")
def trainers() -> Iterator[Trainers]:
    """Processes that train and can be killed."""
    if not Trainers.AVAILABLE:
        pytest.skip("training processes are forked, which this system can't do")
    with Trainers() as made:
        yield made


def pytest_sessionfinish() -> None:
    if ROWS:
        promises.write(ROWS)
