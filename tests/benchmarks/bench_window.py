"""How soon the window is there, and how punctual its event loop stays while each template trains."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

import pytest

from ml import catalog
from tests.benchmarks.conftest import Record
from tests.engine_process import ROOT

STARTS = 5


def measured(*arguments: str) -> dict[str, float]:
    """What a window in a process of its own found."""
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.window", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_from_python_to_a_painted_window(record: Record) -> None:
    found = [measured("start") for _ in range(STARTS)]
    painted, plots = (statistics.median(start[name] for start in found) for name in ("painted", "plots"))
    record("The window", "start of Python to a painted window", f"{painted:.2f} s", "≤ 0.6 s")
    record("The window", "start of Python to its plots", f"{plots:.2f} s", "≤ 1.5 s")
    assert painted <= plots


def test_from_python_to_the_first_step_of_the_default_project(record: Record) -> None:
    imports = [measured("import")["seconds"] for _ in range(3)]
    steps = [measured("first-step")["seconds"] for _ in range(3)]
    value = f"{statistics.median(steps):.1f} s, the import alone {statistics.median(imports):.1f} s"
    record("The window", "start of Python to the first step of the default project", value, "≤ the import of TensorFlow and Keras + 3 s")
    assert min(steps) > 0


@pytest.mark.parametrize("template", list(catalog.templates()))
def test_lateness_of_a_60_hz_timer_while_it_trains(template: str, record: Record) -> None:
    found = measured("lateness", template)
    record("The window", f"lateness of a 60 Hz timer while `{template}` trains: 99 %; worst", f"{found['p99']:.0f}; {found['worst']:.0f} ms", "≤ 16; ≤ 100 ms")
    assert found["ticks"] > 100
