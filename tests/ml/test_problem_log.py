"""The log of what nobody foresaw stays small, and repeats nothing; the command line never shows a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ml.problem_log import LIMIT, LOG, LONGEST, OLDER, note, tail

ROOT = Path(__file__).parents[2]
DEEP = "[" * 100_000


def test_it_stays_below_its_limits(tmp_path: Path) -> None:
    for number in range(60):
        note(tmp_path, "here", f"{number} " + "x" * 2 * LONGEST + f" {number}")
    assert max((tmp_path / name).stat().st_size for name in (LOG, OLDER)) < LIMIT + 2 * LONGEST
    assert tail(tmp_path, 1).endswith(" 59")


def test_what_repeats_is_written_once(tmp_path: Path) -> None:
    for _ in range(100):
        note(tmp_path, "here", "again")
    assert tail(tmp_path, 100).count("again") == 1


def test_a_disk_that_refuses_it_makes_no_second_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    note(tmp_path / "file", "here", "lost")
    assert tail(tmp_path / "file", 10) == ""


BAD = {
    "nothing there": ("check", "{folder}/missing.atelier"),
    "a folder": ("train", "{folder}"),
    "bytes": ("check", "{folder}/bytes.atelier"),
    "deep": ("check", "{folder}/deep.atelier"),
    "no folder to write to": ("new", "mlp", "-o", "{folder}/none/a.atelier"),
    "a folder to write to": ("new", "mlp", "-o", "{folder}"),
    "no such setting": ("new", "mlp", "--set", "training.colour=1", "-o", "{folder}/a.atelier"),
    "no template": ("new", "nothing", "-o", "{folder}/a.atelier"),
    "no run": ("resume", "{folder}"),
    "a file as a run": ("sample", "{folder}/bytes.atelier", "-o", "{folder}/a.png"),
    "runs in a file": ("runs", "{folder}/bytes.atelier"),
    "no model": ("import", "{folder}/bytes.atelier", "-o", "{folder}/a.atelier"),
    "a run to export": ("export", "{folder}/missing", "--format", "keras", "-o", "{folder}/a.keras"),
    "a run's folder that is a file": ("train", "{folder}/good.atelier", "--run", "{folder}/bytes.atelier"),
    "no number": ("train", "{folder}/good.atelier", "--set", "training.batch_size=0"),
}


@pytest.mark.parametrize("what", BAD)
def test_the_command_line_answers_in_a_sentence(tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from ml.cli import main

    (tmp_path / "bytes.atelier").write_bytes(bytes(range(256)))
    (tmp_path / "deep.atelier").write_text(DEEP)
    assert main(["new", "mlp", "-o", str(tmp_path / "good.atelier")]) == 0
    capsys.readouterr()
    assert main([argument.format(folder=tmp_path) for argument in BAD[what]]) == 1
    error = capsys.readouterr().err
    assert len(error.strip().splitlines()) == 1 and error.strip().endswith("."), error


def test_even_what_nobody_foresaw_is_a_sentence(tmp_path: Path) -> None:
    code = "import sys, main; from ml import cli; cli.main = lambda arguments: 1 // 0; sys.exit(main.main(['list', 'templates']))"
    environment = os.environ | {"XDG_DATA_HOME": str(tmp_path), "APPDATA": str(tmp_path), "HOME": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 1 and "ZeroDivisionError" in ended.stderr
    (log,) = tmp_path.rglob(LOG)
    assert "Traceback" in log.read_text("utf-8")
