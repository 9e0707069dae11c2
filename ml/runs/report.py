"""A run as one HTML page that needs nothing else: results, curves, the graph, samples, attention, settings and messages.

The run may be a stranger's: all that it says is escaped, and the page may load and run nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from ml import pictures
from ml.events import Array, Attention, Log, Message, Picture, Text
from ml.project import files
from ml.project.expressions import text_of
from ml.project.graph import Graph
from ml.project.project import Project
from ml.runs import Run
from ml.runs.charts import chart
from ml.runs.measured import STEP, TRAIN, VALIDATION, Measured
from ml.runs.record import events_at, read_events, read_steps
from ml.runs.summary import Summary, summary

STYLE = Path(__file__).parents[2] / "resources" / "report.css"
READ = 10_000
MOST_MESSAGES, MOST_PICTURES, MOST_TILES, MOST_LAYERS, MOST_HEADS = 500, 4, 64, 6, 8
MOST_PIXELS = 4_000_000
"""Of one picture; a larger one is left out."""
MOST_TEXT = 4_000


def save_report(folder: Path, out: Path, drawings: Mapping[str, bytes] | None = None) -> None:
    """Write a report of the run in `folder` to the file `out`. Raises `FileProblem`."""
    files.write(out, report(folder, drawings).encode())


def report(folder: Path, drawings: Mapping[str, bytes] | None = None) -> str:
    """The page; `drawings` are the graphs as SVG, by role. Raises `FileProblem`."""
    run, said = Run(folder), summary(folder)
    project = run.project
    sections = {
        "Results": _results(said),
        "Curves": "".join(_charts(folder)),
        "Graph": "".join((*_drawings(drawings or {}), *_nodes(project))),
        "Samples": "".join((*_samples(run), *_texts(run))),
        "Attention": "".join(_attention(run)),
        "Settings": _settings(project),
        "Notes": "".join(f"<p class='notes'>{escape(text)}</p>" for text in (said.labels.notes, project.notes) if text),
        "Messages": _messages(run, said),
    }
    body = "".join(f"<section><h2>{title}</h2>{content}</section>" for title, content in sections.items() if content)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(said.title)}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head>"
        f"<body><header><h1>{escape(said.title)}</h1>{_head(said)}</header><main>{body}</main>"
        "<footer>Made with Neural Atelier</footer></body></html>"
    )


def _head(said: Summary) -> str:
    began = datetime.fromtimestamp(said.began).astimezone().strftime("%Y-%m-%d %H:%M %Z") if said.began else ""
    facts = (said.template, said.state, began, f"{said.epoch:,} of {said.epochs:,} epochs", f"{said.steps:,} steps", _duration(said.seconds))
    tags = "".join(f'<span class="tag">{escape(tag)}</span>' for tag in said.labels.tags)
    return f"<p class='facts'>{' · '.join(escape(fact) for fact in facts if fact)}</p>{tags}"


def _results(said: Summary) -> str:
    names = list(dict.fromkeys([*said.metrics, *said.best]))
    rows = [(name, _number(said.metrics.get(name)), _number(said.best.get(name))) for name in names]
    return _table(rows, ("metric", "last", "best")) if rows else ""


def _charts(folder: Path) -> Iterator[str]:
    """One chart a metric, of training and validation."""
    measured = Measured(str(folder))
    while measured.read(READ):
        pass
    for name in sorted({name for name, _ in measured.columns}, key=lambda name: (not name.endswith("loss"), name)):
        curves = {part: column.over(STEP) for part in (TRAIN, VALIDATION) if (column := measured.columns.get((name, part)))}
        if drawn := chart(name, curves, "step"):
            yield f"<div><h3>{escape(name.replace('_', ' '))}</h3>{drawn}</div>"


def _drawings(drawings: Mapping[str, bytes]) -> Iterator[str]:
    """As pictures of their own, so that nothing in them reaches the page."""
    for role, drawing in drawings.items():
        yield f'<img class="graph" alt="{escape(role)}" src="data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}">'


def _nodes(project: Project) -> Iterator[str]:
    for role, graph in project.models.items():
        rows = list(_rows(graph))
        yield f"<details{'' if len(rows) > 40 else ' open'}><summary>{escape(role)}: {len(rows):,} nodes</summary>"
        yield _table(rows, ("node", "type", "arguments", "from")) + "</details>"


def _rows(graph: Graph, path: str = "") -> Iterator[tuple[str, str, str, str]]:
    """A row a node, those inside of a block after it."""
    for name, node in graph.nodes.items():
        repeat = f" × {node.repeat}" if node.repeat != 1 else ""
        yield path + name, node.type + repeat, _arguments(node.arguments), ", ".join(link.node for link in node.inputs if link is not None)
        if node.graph is not None and path.count("/") < 20:
            yield from _rows(node.graph, f"{path}{name}/")


def _settings(project: Project) -> str:
    training, split = project.training, project.data.split
    schedule = f"{training.schedule.id} {_arguments(training.schedule.arguments)}" if training.schedule else "none"
    rows = [
        ("data", f"{project.data.id} {_arguments(project.data.arguments)}"),
        ("split", f"{split.validation:g} for validation, {split.test:g} for the test, drawn with seed {split.seed}"),
        ("recipe", f"{project.recipe.id} {_arguments(project.recipe.arguments)}"),
        ("optimizer", f"{training.optimizer.id} {_arguments(training.optimizer.arguments)}"),
        ("schedule", schedule),
        ("epochs", f"{training.epochs:,}"),
        ("batch size", f"{training.batch_size:,}"),
        ("seed", str(training.seed)),
        ("patience", "none" if training.patience is None else f"{training.patience:,} epochs"),
    ]
    return _table(rows)


def _samples(run: Run) -> Iterator[str]:
    """Pictures from the beginning to the end of the run, some of each kind."""
    shown: dict[str, list[str]] = {}
    for event in _chosen(run, "Picture", MOST_PICTURES):
        if isinstance(event, Picture) and (picture := _picture(event.pixels)):
            shown.setdefault(event.name, []).append(_figure(picture, f"{event.name} at step {event.step:,}"))
    for figures in shown.values():
        yield f'<div class="film">{"".join(figures)}</div>'


def _texts(run: Run) -> Iterator[str]:
    for event in _chosen(run, "Text", 2):
        if isinstance(event, Text):
            yield f"<h3>{escape(event.name)} at step {event.step:,}</h3><pre>{escape(event.text[:MOST_TEXT])}</pre>"


def _attention(run: Run) -> Iterator[str]:
    """The last look at attention: a row a layer, a map a head."""
    for event in _chosen(run, "Attention", 1):
        if isinstance(event, Attention):
            yield f"<p>After step {event.step:,}; rows look at columns.{' Tokens: ' + escape(' '.join(event.tokens)[:MOST_TEXT]) if event.tokens else ''}</p>"
            for layer in event.layers[:MOST_LAYERS]:
                if picture := _map(layer.scores):
                    yield _figure(picture, layer.name)


def _chosen(run: Run, type: str, count: int) -> list[Message]:
    """The events of a type at so many of its steps, the last always among them."""
    steps = read_steps(run.record, type)[type]
    wanted = sorted({steps[round(n)] for n in np.linspace(len(steps) - 1, 0, count)}) if steps else []
    return [event for step in wanted for event in events_at(run.record, type, step)]


def _picture(pixels: Array) -> bytes:
    """The pictures of one event side by side, as PNG; nothing where they are none."""
    array = _array(pixels)
    if array is None or array.dtype != np.uint8 or array.ndim != 4 or array.shape[-1] not in (1, 3, 4):
        return b""
    return pictures.png(pictures.grid(array[:MOST_TILES]))


def _map(scores: Array) -> bytes:
    """The heads of a layer side by side, dark where weights are large."""
    array = _array(scores)
    if array is None or array.dtype.kind != "f" or array.ndim != 3 or not np.isfinite(array).all():
        return b""
    shades = 255 - (array[:MOST_HEADS] / max(float(array.max()), 1e-9) * 255).clip(0, 255).astype(np.uint8)
    return pictures.png(pictures.grid(shades[..., None], columns=len(shades), gap=2))


def _array(array: Array) -> np.ndarray | None:
    """What NumPy makes of it; None where that is nothing, or too much."""
    try:
        found = array.numpy()
    except (TypeError, ValueError):
        return None
    return found if 0 < found.size <= MOST_PIXELS else None


def _messages(run: Run, said: Summary) -> str:
    found = [event for event in read_events(run.record, "Log") if isinstance(event, Log)]
    rows = [(event.level, event.text) for event in found[-MOST_MESSAGES:]]
    return _table([*rows, *([("failed", said.problem)] if said.problem else [])])


def _figure(png: bytes, words: str) -> str:
    source = base64.b64encode(png).decode()
    return f'<figure><img src="data:image/png;base64,{source}" alt="{escape(words)}"><figcaption>{escape(words)}</figcaption></figure>'


def _table(rows: Iterable[tuple[str, ...]], head: tuple[str, ...] = ()) -> str:
    titles = f"<tr>{''.join(f'<th>{escape(title)}</th>' for title in head)}</tr>" if head else ""
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{titles}{lines}</table>" if lines else ""


def _arguments(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_value(value)}" for name, value in arguments.items())


def _value(value: Any) -> str:
    formula = text_of(value)
    return f"= {formula}" if formula is not None else json.dumps(msgspec.to_builtins(value), default=str, ensure_ascii=False)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{seconds:.1f} s" if seconds < 60 else f"{whole // 3600} h {whole % 3600 // 60} min {whole % 60} s".removeprefix("0 h ")
