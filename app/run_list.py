"""The panel of all runs in the window: what a person asks there of a run goes to those who do it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.panels.queue import QueuePanel
from app.panels.runs.panel import RunsPanel
from ml.project.files import FileProblem
from ml.runs import Run

if TYPE_CHECKING:
    from app.window import MainWindow

SAID_MILLISECONDS = 8000


def add_run_list(window: MainWindow) -> RunsPanel:
    """Put the panel into the window's drawer."""
    panel = RunsPanel(window.settings, window.engines.request)
    panel.open_requested.connect(lambda folder: _try(window, lambda: _open(window, folder)))
    panel.graph_requested.connect(lambda folder: _try(window, lambda: window.files.open_project(Run(Path(folder)).project)))
    panel.resume_requested.connect(lambda folder: _try(window, lambda: _resume(window, folder)))
    window.runs.started.connect(panel.store.refresh)
    window._below.addTab(panel, "Runs")
    queue = QueuePanel(window.runs.queue)
    queue.add_requested.connect(window.runs.train_later)
    queue.allowed.connect(lambda count: setattr(window.settings, "at_once", count))
    window.runs.queue.changed.connect(panel.store.refresh)
    window._below.addTab(queue, "Queue")
    return panel


def _open(window: MainWindow, folder: str) -> None:
    if window.runs.shown != folder or not window.engines.is_training:
        window.runs.open(folder)
    window.show_plots()


def _resume(window: MainWindow, folder: str) -> None:
    if window.runs.shown != folder:
        window.runs.turn_to(folder)
    window.runs.resume()


def _try(window: MainWindow, do: Callable[[], object]) -> None:
    """Do something with a run; where it can't be read say so in the status bar."""
    try:
        do()
    except FileProblem as problem:
        window.status.showMessage(str(problem), SAID_MILLISECONDS)
