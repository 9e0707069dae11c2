"""The subcommand that makes a project of a stranger's model: another process does it, so none of Keras is in this one."""

from __future__ import annotations

import argparse
import signal
import threading

from rich.console import Console

from ml.cli.output import say, show
from ml.project import files
from ml.strangers.opening import open_model

FINE = 0


def import_(options: argparse.Namespace) -> int:
    """A project of a `.keras` file, its weights beside it; what could not be shown is said."""
    cancelled = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: cancelled.set())
    try:
        with Console(stderr=True).status("Opening…") as status:
            project, problems = open_model(options.model, files.weights_beside(options.out), status.update, cancelled.is_set)
    finally:
        signal.signal(signal.SIGINT, before)
    files.save(project, options.out)
    nodes = sum(len(graph.nodes) for graph in project.models.values())
    words = f"{options.out}: {nodes:,} node{'' if nodes == 1 else 's'}."
    show(options, {"file": str(options.out), "nodes": nodes, "problems": problems}, words)
    for problem in problems:
        say(problem)
    return FINE
