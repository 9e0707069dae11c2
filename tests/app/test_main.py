"""The entry: a window, or the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import main

ROOT = Path(main.__file__).parent


def test_a_subcommand_goes_to_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["list", "templates"]) == 0
    assert "cnn" in capsys.readouterr().out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_without_a_display_it_says_so_and_trains_in_the_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in main.DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(main, "train_in_terminal", lambda: 0)
    assert main.main([]) == 0
    assert "no display" in capsys.readouterr().err


def test_it_prints_nothing_and_closes_cleanly(tmp_path: Path) -> None:
    code = "import sys, main; from PySide6.QtCore import QTimer; app = main.make_application(); QTimer.singleShot(1500, app.quit); sys.exit(main.main([]))"
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(tmp_path)}
    code = code.replace("sys.exit(main.main([]))", "main.make_application = lambda: app; sys.exit(main.main([]))")
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 0, said.stderr
    assert said.stdout == ""
    assert said.stderr.replace("This plugin does not support propagateSizeHints()\n", "") == ""
