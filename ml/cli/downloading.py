"""The subcommand that downloads a dataset."""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from ml import data
from ml.cli.output import show
from ml.data import DataProblem, downloads
from ml.data.dataset import Source


def download(options: argparse.Namespace) -> int:
    """Download what is not here yet; Ctrl+C leaves nothing behind."""
    source = data.module(options.dataset).SOURCE
    try:
        downloads.check(source)
    except DataProblem:
        _download(options, source)
        downloads.check(source)
    paths = [str(downloads.place(file)) for file in source.files]
    show(options, {"dataset": source.id, "files": paths}, f"{source.title} is here: {', '.join(paths)}.")
    return 0


def _download(options: argparse.Namespace, source: Source) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal or options.json) as progress:
        task = progress.add_task(source.title, total=downloads.size(source))

        def tell(facts: dict[str, int]) -> None:
            progress.update(task, completed=facts["got"])
            if options.json:
                show(options, facts, "")

        try:
            follow([*downloads.COMMAND, source.id], tell)
        except KeyboardInterrupt as interrupt:
            raise DataProblem(f"The download of {source.title} was broken off; nothing of it was kept.") from interrupt


def follow(command: Sequence[str], tell: Callable[[dict[str, int]], None], folder: Path = downloads.ROOT) -> None:
    """Run a download's process to its end, and tell how far it is. Raises `DataProblem` where it fails; whatever else is raised ends it too."""
    said: dict[str, str] = {}
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for line in process.stdout:
                facts = json.loads(line)
                if "problem" in facts:
                    said = facts
                else:
                    tell(facts)
        finally:
            process.stdin.close()  # it ends with its input
    if process.returncode:
        raise DataProblem(said.get("problem") or f"The download ended without a word (status {process.returncode}).")
