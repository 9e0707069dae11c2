"""The panels of all runs and of those that wait: what a person asks there of a run goes to those who do it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDockWidget, QInputDialog, QStackedWidget, QWidget

from app.panels.runs.panel import RunsPanel
from app.panels.training.queue import QueuePanel
from ml.project.files import FileProblem
from ml.runs import Run
from ml.runs.summary import can_go_on, epochs_of

if TYPE_CHECKING:
    from app.window import MainWindow

SAID_MILLISECONDS = 8000
MOST_EPOCHS = 1_000_000


def add_run_list(window: MainWindow) -> RunsPanel:
    """Put the panels into their docks."""
    panel = RunsPanel(window.settings, window.engines.request)
    panel.open_requested.connect(lambda folder: _try(window, lambda: _open(window, folder)))
    panel.graph_requested.connect(lambda folder: _try(window, lambda: window.files.open_project(Run(Path(folder)).project)))
    panel.resume_requested.connect(lambda folder: _try(window, lambda: _resume(window, panel, folder)))
    window.runs.started.connect(panel.store.refresh)
    queue = QueuePanel(window.runs.queue)
    queue.add_requested.connect(window.runs.train_later)
    queue.allowed.connect(lambda count: setattr(window.settings, "at_once", count))
    window.runs.queue.changed.connect(panel.store.refresh)
    _put(window, "Runs", panel)
    _put(window, "Queue", queue)
    return panel


def _put(window: MainWindow, name: str, panel: QWidget) -> None:
    """Put a panel into its dock. To Qt what is behind another dock is visible, and would go on reading and painting: there an empty page takes its place."""
    dock, pages = window.docks[name], QStackedWidget()
    pages.addWidget(panel)
    pages.addWidget(QWidget())
    pages.setMinimumHeight(1)  # behind panels that are folded it has less room than it would need
    pages.setCurrentIndex(0 if is_in_front(dock) else 1)
    dock.setWidget(pages)
    dock.visibilityChanged.connect(lambda shown: pages.setCurrentIndex(0 if shown else 1))
    dock.visibilityChanged.connect(lambda shown: window._below.fold(False) if shown else None)


def is_in_front(dock: QDockWidget) -> bool:
    """Whether a dock can be seen."""
    return not dock.visibleRegion().isEmpty()


def _open(window: MainWindow, folder: str) -> None:
    if window.runs.shown != folder or not window.engines.is_training:
        window.runs.open(folder)
    window.show_plots()


def _resume(window: MainWindow, panel: RunsPanel, folder: str) -> None:
    """Go on with a run; one that has made all of its epochs is asked to how many."""
    epochs = None
    if not can_go_on(Path(folder)):
        made = epochs_of(Run(Path(folder)))
        title = next(run.title for run in panel.store.runs if run.folder == folder)
        words = f"“{title}” has made all of its {made:,} epochs. Train it on, up to epoch:"
        epochs, agreed = QInputDialog.getInt(window, "Train on", words, 2 * made, made + 1, MOST_EPOCHS)
        if not agreed:
            return
    if window.runs.shown != folder:
        window.runs.turn_to(folder)
    window.runs.resume(epochs)


def _try(window: MainWindow, do: Callable[[], object]) -> None:
    """Do something with a run; where it can't be read say so in the status bar."""
    try:
        do()
    except FileProblem as problem:
        window.status.showMessage(str(problem), SAID_MILLISECONDS)
