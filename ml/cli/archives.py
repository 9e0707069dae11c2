"""The subcommands that take a run elsewhere and bring it back; they need no Keras."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

from ml import runs
from ml.cli import FINE, RUNS
from ml.cli.output import say, show
from ml.runs.archive import Progress as Said
from ml.runs.carrying import Carriage
from ml.runs.table import save_table


def archive(options: argparse.Namespace) -> int:
    """A whole run as one file."""
    with _bar(f"writing {options.out.name}") as said:
        left_out = Carriage("archive", options.run, options.out).carry(said)
    for sentence in left_out:
        say(sentence)
    size = options.out.stat().st_size
    show(options, {"file": str(options.out), "size": size, "left_out": left_out}, f"{options.out} ({size / 1024:,.0f} KiB).")
    return FINE


def unarchive(options: argparse.Namespace) -> int:
    """A run of an archive."""
    folder = options.out or runs.new_folder(RUNS, options.file.stem)
    with _bar(f"reading {options.file.name}") as said:
        Carriage("unarchive", options.file, folder).carry(said)
    show(options, {"run": str(folder)}, f"The run is in {folder}.")
    return FINE


def metrics(options: argparse.Namespace) -> int:
    """What a run measured, as CSV."""
    rows = save_table(options.run, options.out)
    show(options, {"file": str(options.out), "rows": rows}, f"{options.out}: {rows:,} rows.")
    return FINE


@contextmanager
def _bar(words: str) -> Iterator[Said]:
    """A bar in a terminal; elsewhere nothing."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(words, total=1.0)
        yield lambda part: bar.update(task, completed=part)
