"""A window in a process of its own, to be killed: it trains, or finds the run that goes on, and says on its standard output what its plots have."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
from PySide6.QtCore import QTimer

import main
from ml import catalog


def run(folder: Path, begins: bool) -> None:
    """Open the window on a folder, and never close it."""
    application = main.make_application()
    window = main.window(folder)
    window.show()
    begun: list[bool] = []

    def tell() -> None:
        if begins and not begun and window.runs.timeline is not None and "ready" in window.status.engine.text():
            begun.append(True)
            made = catalog.new("mlp")
            project = msgspec.structs.replace(made, training=msgspec.structs.replace(made.training, epochs=10_000_000, patience=None))
            window.document.edit(project, "Train for long")  # the next window offers this unsaved work while it finds the run
            window.runs.begin(project)
        plots = next((panel for panel in window.runs._panels if hasattr(panel, "history")), None)
        curve = plots.history.curves.get(("epoch", "loss", "validation")) if plots is not None else None
        epochs = [int(epoch) for epoch in curve.x] if curve is not None else []
        print(json.dumps({"state": window.training.state, "run": window.runs.shown, "epochs": epochs}), flush=True)

    timer = QTimer(interval=100)
    timer.timeout.connect(tell)
    timer.start()
    application.exec()


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2] == "begin")
