"""What the details of a run say beside its row: read from its record, beside the window's thread."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from msgspec import Struct

from app.forms import written
from app.panels import words
from ml.project.files import FileProblem
from ml.project.project import Choice, Project
from ml.runs import Run
from ml.runs.summary import Summary, can_go_on, latest

Pair = tuple[str, str]


class Facts(Struct, frozen=True):
    """`settings` are names and values in words."""

    folder: str
    can_resume: bool = False
    settings: tuple[Pair, ...] = ()
    problem: str = ""


def facts(folder: str) -> Facts:
    """What there is to say of a run; where it can't be read, why."""
    try:
        run = Run(Path(folder))
        project, can_resume = run.project, latest(run) is not None or can_go_on(run.folder)
    except FileProblem as problem:
        return Facts(folder, problem=str(problem))
    return Facts(folder, can_resume, tuple(settings(project)))


def settings(project: Project) -> Iterable[Pair]:
    """What a run trained on what, and how."""
    training = project.training
    yield "Data", choice(Choice(project.data.id, project.data.arguments))
    for role, graph in project.models.items():
        yield words.title(role), f"{len(graph.nodes):,} nodes"
    yield "Recipe", choice(project.recipe)
    yield "Optimizer", choice(training.optimizer)
    if training.schedule is not None:
        yield "Schedule", choice(training.schedule)
    yield "Epochs", f"{training.epochs:,}"
    yield "Batch size", f"{training.batch_size:,}"
    yield "Patience", "none" if training.patience is None else f"{training.patience:,} epochs"
    yield "Seed", str(training.seed)


def choice(chosen: Choice) -> str:
    """A choice with the arguments that differ from its defaults: `Adam (learning_rate 0.01)`."""
    arguments = ", ".join(f"{name} {value if isinstance(value, str) else written(value)}" for name, value in chosen.arguments.items())
    return f"{chosen.id} ({arguments})" if arguments else chosen.id


def results(run: Summary) -> list[tuple[str, str, str]]:
    """Each metric with its best and its last value."""
    names = dict.fromkeys((*run.metrics, *run.best))
    shown = ({name: words.number(value) for name, value in values.items()} for values in (run.best, run.metrics))
    best, last = shown
    return [(words.title(name), best.get(name, ""), last.get(name, "")) for name in names]


def table(rows: Iterable[Iterable[str]], muted: str) -> str:
    """Rows as rich text, the first column in the colour `muted`."""
    found = []
    for row in rows:
        first, *others = [escape(cell) for cell in row]
        cells = "".join(f'<td style="padding: 1px 0 1px 16px">{cell}</td>' for cell in others)
        found.append(f'<tr><td style="color: {muted}; padding: 1px 0">{first}</td>{cells}</tr>')
    return f"<table cellspacing='0'>{''.join(found)}</table>" if found else ""
