"""What nobody foresaw: it is in the log, the person reads one sentence, and a report has what is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

import main
from app.panels.report import ReportDialog, written
from app.problems import CRASH, Problems
from app.window import MainWindow
from ml import problem_log
from ml.events import Refused

ROOT = Path(main.__file__).parent
WINDOW = """
import sys, threading, main
from PySide6.QtCore import QElapsedTimer, QTimer, qWarning
app = main.make_application()
main.make_application = lambda: app
make = main.window
def in_thread():
    thread = threading.Thread(target=lambda: 1 // 0)
    thread.start()
    thread.join()
def fail():
    raise ValueError('of all things')
def crash():
    import ctypes
    ctypes.string_at(0)
def window():
    made = make()
    clock = QElapsedTimer()
    clock.start()
    def look():
        if made.status.report.isVisible() or clock.elapsed() > 60000:
            print(made.status.currentMessage())
            app.quit()
    made.timer = QTimer(made, interval=100)
    made.timer.timeout.connect(look)
    for each in ({fails}):
        QTimer.singleShot(200, each)
    QTimer.singleShot(1000, made.timer.start)
    return made
main.window = window
sys.exit(main.main([]))
"""


def run_window(folder: Path, fails: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(folder)}
    command = [sys.executable, "-c", WINDOW.format(fails=fails)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the settings folder is moved by a variable of Linux")
def test_an_error_in_the_window_is_told_in_a_sentence_and_logged(tmp_path: Path) -> None:
    said = run_window(tmp_path, "fail, in_thread, lambda: qWarning('the widget is askew')")
    assert said.returncode == 0, said.stderr
    log = (tmp_path / "Neural Atelier" / problem_log.LOG).read_text("utf-8")
    assert all(what in log for what in ("ValueError: of all things", "ZeroDivisionError", "the widget is askew"))
    assert "Something unforeseen went wrong" in said.stdout
    assert "Traceback" not in said.stdout + said.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the settings folder is moved by a variable of Linux")
def test_a_crash_is_in_the_log_of_the_next_window(tmp_path: Path) -> None:
    folder = tmp_path / "Neural Atelier"
    assert run_window(tmp_path, "crash,").returncode < 0
    assert "Segmentation fault" in (folder / CRASH).read_text("utf-8")
    Problems(folder).recall()
    assert "Segmentation fault" in (folder / problem_log.LOG).read_text("utf-8")


def test_the_log_is_where_the_settings_are(qapp: QApplication) -> None:
    before = qapp.applicationName()
    qapp.setApplicationName("Neural Atelier")
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    qapp.setApplicationName(before)
    assert problem_log.home() == Path(place)


def test_what_an_engine_did_not_foresee_is_logged(qapp: QApplication, tmp_path: Path) -> None:
    Problems(tmp_path).read(Refused(1, "It went wrong.", "Traceback: of the engine"))
    assert "Traceback: of the engine" in problem_log.tail(tmp_path, 10)


def test_the_report_has_versions_and_the_log_and_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    problem_log.note(tmp_path / "settings", "window", f"It failed in {tmp_path}/secret.")
    text = written(tmp_path / "settings", {"engine": "ready"})
    assert all(name in text for name in ("keras", "tensorflow", "Python", "memory", "ready", "It failed in ~/secret."))
    assert str(tmp_path) not in text


def test_the_report_is_copied_and_saved(qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window.actions_["report"].trigger()
    dialog = window.findChild(ReportDialog)
    assert isinstance(dialog, ReportDialog)
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == dialog.text.toPlainText()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments: (str(tmp_path / "problem.txt"), ""))
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert (tmp_path / "problem.txt").read_text("utf-8") == dialog.text.toPlainText()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments: (str(tmp_path), ""))
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert "can't be written" in dialog.result_.text()
    dialog.close()
