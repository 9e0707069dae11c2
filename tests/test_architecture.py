"""The rules of the house: who may import whom, and what the sources may not hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = [ROOT / "main.py", *sorted((ROOT / "app").rglob("*.py")), *sorted((ROOT / "ml").rglob("*.py"))]
MOST_LINES = 400


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)


def test_who_may_import_whom() -> None:
    done = run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])")
    assert done.returncode == 0, done.stdout


def test_what_the_window_imports_loads_no_keras_and_pyqtgraph_only_later() -> None:
    done = run("-c", "import sys, app.window; print([name for name in ('keras', 'tensorflow', 'sklearn', 'scipy', 'pyqtgraph') if name in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_idea_and_says_which(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MOST_LINES
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "a module begins with one sentence that says what it is for"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_exception_to_the_checkers_has_its_reason(path: Path) -> None:
    """The first of its kind in a file says why, in the same line."""
    found = re.findall(r"# ((?:type: ignore|noqa|pyright: ignore)(?:\[[\w-]+\]|: [A-Z0-9]+)?)(.*)", path.read_text())
    explained = {marker for marker, reason in found if reason.strip(" -#")}
    assert {marker for marker, _ in found} <= explained
    assert not re.search(r"\b(TODO|FIXME)\b", path.read_text())


def test_every_requirement_has_one_version_and_says_what_for() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    for requirement in [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]:
        assert "==" in requirement
        assert re.search(rf'^ *"{re.escape(requirement)}", +# \w', text, re.MULTILINE), requirement
