"""The subcommands that need Keras: check, train, resume, sample and export."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from rich.console import Console
from rich.table import Table

from ml import events, pictures, runs
from ml.build import NodeProblem
from ml.check import Checker
from ml.cli import FINE, MENDABLE, RUNS, with_settings
from ml.cli.output import Bar, event_facts, metrics_text, say, show
from ml.export import ExportProblem, export, of_session
from ml.generate import GenerateProblem, Observer
from ml.project import files
from ml.project.project import Project
from ml.project.report import NodeReport, ProjectReport
from ml.training.job import Emit, Inbox, resume_job, run_job
from ml.training.optimizers import TrainingProblem
from ml.training.session import Session

WIDE = 200
"""Columns of a table that goes to a file or into another program, where a long name is not to be folded."""
PROBLEMS = (TrainingProblem, ExportProblem, GenerateProblem, NodeProblem)


def check(options: argparse.Namespace) -> int:
    """A row a node, then the totals."""
    project = files.load(options.file)
    report = Checker().check(project)
    rows = list(_rows(project, report))
    if options.json:
        for row in rows:
            show(options, row, "")
        for problem in report.problems:
            show(options, {"problem": problem}, "")
    else:
        _print_table(rows)
    totals = {"parameters": report.parameters, "trainable": report.trainable, "errors": report.errors}
    show(options, totals, f"{report.parameters:,} parameters, {report.trainable:,} of them trainable.")
    if report.errors:
        say(" ".join([f"{options.file} has {_count(report.errors, 'error')}.", *report.problems]))
    return MENDABLE if report.errors else FINE


def train(options: argparse.Namespace) -> int:
    """Train to the end, or until Ctrl+C, which ends the run as the window's Stop does."""
    project = with_settings(files.load(options.file), options)
    _refuse_errors(options.file, project, Checker().check(project))
    folder = options.run or runs.new_folder(RUNS, project.name)
    return _follow(options, lambda emit, inbox: run_job(project, folder, emit, inbox))


def resume(options: argparse.Namespace) -> int:
    """Go on with a run from its last checkpoint."""
    return _follow(options, lambda emit, inbox: resume_job(options.run, emit, inbox, epochs=options.epochs))


def _follow(options: argparse.Namespace, job: Callable[[Emit, Inbox], Session]) -> int:
    """Do a job and show what it says."""
    inbox: Inbox = SimpleQueue()
    before = signal.signal(signal.SIGINT, lambda *_: inbox.put(events.Stop()))
    ended: list[events.Done] = []
    try:
        with Bar() as bar:

            def emit(event: events.Message) -> None:
                if isinstance(event, events.Done):
                    ended.append(event)
                elif options.json:
                    show(options, event_facts(event), "")
                else:
                    bar.show(event)

            job(emit, inbox)
    finally:
        signal.signal(signal.SIGINT, before)
    done = ended[0]
    facts = {"done": True, "steps": done.steps, "training_seconds": done.training_seconds, "metrics": done.metrics, "reason": done.reason, "run": done.run}
    words = f"{metrics_text(done.metrics)}\n{_count(done.steps, 'step')} in {done.training_seconds:.1f} s ({done.reason}); the run is in {done.run}."
    show(options, facts, words)
    return FINE


def sample(options: argparse.Namespace) -> int:
    """Pictures in a grid, or text, made by a run's models."""
    session = Session.opened(runs.Run(options.run))
    observer = Observer(session.project, session.models, session.dataset)
    is_picture = options.out.suffix.lower() == ".png"
    if session.project.recipe.id == "causal_lm":
        if is_picture:
            raise _misnamed(options.out, "text", ".txt")
        text = options.text + observer.answer(events.Generate(0, "text", options.n, options.seed, text=options.text)).text
        files.write(options.out, text.encode())
        show(options, {"file": str(options.out), "characters": len(text)}, text)
        return FINE
    pixels = observer.answer(events.Generate(0, "noise", options.n, options.seed)).arrays["pixels"].numpy()
    if not is_picture:
        raise _misnamed(options.out, "pictures in the format PNG", ".png")
    pictures.save_png(pictures.grid(pixels), options.out)
    facts = {"file": str(options.out), "samples": len(pixels), "shape": list(pixels.shape[1:])}
    show(options, facts, f"{options.out}: {_count(len(pixels), 'sample')} of {' × '.join(map(str, pixels.shape[1:]))}.")
    return FINE


def _misnamed(out: Path, made: str, ending: str) -> GenerateProblem:
    return GenerateProblem(f"The model makes {made}, and {out} is no name for that: choose a name such as {out.with_suffix(ending).name}.")


def export_(options: argparse.Namespace) -> int:
    """A run's trained model, or a project's untrained one."""
    if options.format == "python":
        project = runs.Run(options.source).project if options.source.is_dir() else files.load(options.source)
        proof = export({}, project, options.format, options.out)
    else:
        session = Session.opened(runs.Run(options.source)) if options.source.is_dir() else Session(files.load(options.source))
        proof = of_session(session, options.format, options.out, options.role)
    facts = {"path": proof.path, "size": proof.size, "verified": proof.verified, "difference": proof.difference, "message": proof.message}
    show(options, facts, f"{proof.path} ({proof.size / 1024:,.0f} KiB). {proof.message}")
    return FINE


COMMANDS = {"check": check, "train": train, "resume": resume, "sample": sample, "export": export_}


def _refuse_errors(file: Path, project: Project, report: ProjectReport) -> None:
    """Raises `TrainingProblem` with the first thing that is wrong."""
    first = next((f"{row['node']}: {row['error']}" for row in _rows(project, report) if row["error"]), None)
    if sentence := next(iter(report.problems), first):
        raise TrainingProblem(f"{file} can't be trained: {sentence}")


def _rows(project: Project, report: ProjectReport) -> Iterator[dict[str, Any]]:
    for role, graph in project.models.items():
        types = {name: node.type for name, node in graph.nodes.items()}
        for path, node in _nodes(report.roles[role]):
            row = {"role": role, "node": path, "type": types.get(path, ""), "shapes": [list(shape) for shape in node.shapes]}
            error = node.error or (f"waits for {node.waits}" if node.waits else "")
            yield row | {"parameters": node.parameters, "trainable": node.trainable, "error": error}


def _nodes(reports: dict[str, NodeReport], path: str = "") -> Iterator[tuple[str, NodeReport]]:
    """Each node by its path, what is in a block after the block."""
    for name, report in reports.items():
        yield path + name, report
        yield from _nodes(report.inside, f"{path}{name}/")


def _print_table(rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for title in ("model", "node", "type", "shapes", "parameters", "error"):
        table.add_column(title, justify="right" if title == "parameters" else "left", overflow="fold")
    for row in rows:
        shapes = ", ".join("×".join("?" if size is None else str(size) for size in shape[1:]) or "1" for shape in row["shapes"])
        table.add_row(row["role"], row["node"], row["type"], shapes, f"{row['parameters']:,}", row["error"])
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = max(console.width, WIDE)
    console.print(table)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
