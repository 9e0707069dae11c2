"""Trains every template's `lite` preset, exports it in every format, and writes what came of it into docs/CATALOG.md.

Run it as `python scripts/catalog.py` from the checkout, or with the ids of the templates that changed: the rows of the others stay. Nothing else should
run on the machine meanwhile, for it takes times.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import keras

from ml import catalog, export
from ml.check import Checker
from ml.events import Done
from ml.formats import SUFFIXES
from ml.tables import RECIPES
from ml.training.job import run_job
from ml.training.session import Session

PAGE = Path(__file__).parents[1] / "docs" / "CATALOG.md"
HEAD = """# The catalogue, tried

`python scripts/catalog.py` trained each template's `lite` preset from its beginning to its end and exported the result in every format; each file was
opened in a process that knows nothing of this program, and predicted the same. The result is on the validation part, which the training does not learn
from; what each template must reach on data that nothing was chosen by is in its test (`tests/ml/catalog`). Parameters are counted as Keras counts them,
with the moving averages of batch normalization.

| template | parameters of `lite` | of `paper` | seconds to train | result | exports that opened | measured |
|---|---|---|---|---|---|---|
"""


def main(ids: list[str]) -> None:
    """Measure the templates that are named, or all, and keep the rows of the others."""
    rows = _rows(PAGE.read_text("utf-8")) if PAGE.exists() else {}
    for id in ids or catalog.templates():
        rows[id] = row(id)
        print(rows[id], flush=True)
        found = [rows[known] for known in catalog.templates() if known in rows]
        PAGE.write_text(HEAD + "\n".join(found) + "\n", "utf-8")
        keras.utils.clear_session()


def row(id: str) -> str:
    """What came of one template."""
    heard: list[object] = []
    with tempfile.TemporaryDirectory() as folder:
        session = run_job(catalog.new(id), Path(folder) / "run", heard.append)
        passed = [name for name in SUFFIXES if _passes(session, name, Path(folder) / name)]
    done = heard[-1]
    assert isinstance(done, Done)
    counts = [f"{Checker().check(catalog.new(id, preset)).parameters:,}" for preset in ("lite", "paper")]
    measured = f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores"
    return f"| `{id}` | {counts[0]} | {counts[1]} | {done.training_seconds:.0f} | {_result(id, done)} | {', '.join(passed)} | {measured} |"


def _passes(session: Session, format: str, out: Path) -> bool:
    out.mkdir()
    try:
        return all(export.of_session(session, format, out / role, role).verified for role in session.models)
    except export.ExportProblem as problem:
        print(f"{format}: {problem}")
        return False


def _result(id: str, done: Done) -> str:
    """The last value of each metric on the validation part, or where there are none on the training part."""
    names = RECIPES[catalog.templates()[id].recipe.id].metrics
    found = {name: done.metrics.get(f"val_{name}", done.metrics.get(name)) for name in names}
    return ", ".join(f"{name.replace('_', ' ')} {value:.4g}" for name, value in found.items() if value is not None)


def _rows(page: str) -> dict[str, str]:
    """The rows of the page as it is, by template."""
    return {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}


if __name__ == "__main__":
    main(sys.argv[1:])
