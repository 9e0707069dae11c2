"""The command line: the engine's work without a window. What needs no Keras is done here, the rest in `ml/commands.py`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from ml import catalog
from ml import data as sources
from ml.catalog import SettingProblem
from ml.cli.downloading import download
from ml.cli.importing import import_
from ml.cli.output import metrics_text, say, show
from ml.data import DataProblem
from ml.data.own import source_for
from ml.formats import SUFFIXES
from ml.project import files
from ml.project.parameters import Parameter
from ml.project.project import Choice, Data, Project
from ml.runs.summary import summaries
from ml.strangers import ImportProblem
from ml.tables import RECIPES

RUNS = Path("runs")
FINE, MENDABLE = 0, 1
"""Exit states; argparse itself ends with 2 for wrong usage."""


def main(arguments: list[str]) -> int:
    """Run one subcommand; its exit status. Raises SystemExit(2) for wrong usage."""
    options = parser().parse_args(arguments)
    try:
        return options.do(options)
    except DataProblem as problem:
        say(str(problem))
        for way in problem.ways:
            settings = " ".join(f"--set data.{name}={json.dumps(value)}" for name, value in way.arguments.items())
            say(f"{way.text}: {settings or f'main.py download {way.download}'}")
        return MENDABLE
    except (SettingProblem, files.FileProblem, ImportProblem) as problem:
        say(str(problem))
        return MENDABLE
    except BrokenPipeError:  # `main.py list templates | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return MENDABLE
    except OSError as error:  # a disk that is full, a folder that may not be read
        say(f"{error.filename or 'A file'} can't be used: {error.strerror or error}.")
        return MENDABLE


def parser() -> argparse.ArgumentParser:
    """All subcommands with their arguments."""
    parser = argparse.ArgumentParser(prog="main.py", description="Neural Atelier. Without a subcommand: the window.")
    subcommands = parser.add_subparsers(required=True, metavar="SUBCOMMAND")

    def add(name: str, help: str, do: Any) -> argparse.ArgumentParser:
        sub = subcommands.add_parser(name, help=help, description=help)
        sub.add_argument("--json", action="store_true", help="print one JSON object a line")
        sub.set_defaults(do=do, command=name)
        return sub

    listing = add("list", "what there is to choose from", list_)
    listing.add_argument("what", choices=("templates", "datasets", "recipes"))
    new_ = add("new", "make a project from a template", new)
    new_.add_argument("template")
    new_.add_argument("--preset", default="lite", help="lite (the default), paper, or another that the template has")
    _add_settings(new_)
    new_.add_argument("-o", dest="out", type=Path, required=True, metavar="FILE", help="where to write the project")
    check = add("check", "shapes, parameters and errors of every node", _by_engine)
    check.add_argument("file", type=Path)
    train = add("train", "train a project", _by_engine)
    train.add_argument("file", type=Path)
    train.add_argument("--epochs", type=int, metavar="N", help="the same as --set training.epochs=N")
    train.add_argument("--seed", type=int, metavar="S", help="the same as --set training.seed=S")
    _add_settings(train)
    train.add_argument("--run", type=Path, metavar="DIR", help="the run's folder; else a new one in runs/")
    resume = add("resume", "go on with a run from its last checkpoint", _by_engine)
    resume.add_argument("run", type=Path)
    resume.add_argument("--epochs", type=int, metavar="N", help="train up to this many epochs; else as many as the run was meant to have")
    data = add("data", "what is found in data of one's own, or what is wrong with them", show_data)
    data.add_argument("path", type=Path, metavar="FILE|FOLDER", help="a table, an array file, a folder of pictures, or a project for its data")
    _add_settings(data)
    downloading = add("download", "get a dataset that keras.datasets knows, once; it lies where Keras has it too", download)
    downloading.add_argument("dataset", choices=[source.id for source in sources.sources().values() if source.files])
    runs = add("runs", "the runs in a folder, the latest first", list_runs)
    runs.add_argument("folder", type=Path, nargs="?", default=RUNS)
    archive = add("archive", "a whole run as one HDF5 file", _by_archives)
    archive.add_argument("run", type=Path)
    archive.add_argument("-o", dest="out", type=Path, required=True, metavar="FILE.h5")
    unarchive = add("unarchive", "make the run that is in an archive", _by_archives)
    unarchive.add_argument("file", type=Path, metavar="FILE.h5")
    unarchive.add_argument("-o", dest="out", type=Path, metavar="DIR", help="the run's folder; else a new one in runs/")
    metrics = add("metrics", "what a run measured, as a table", _by_archives)
    metrics.add_argument("run", type=Path)
    metrics.add_argument("-o", dest="out", type=Path, required=True, metavar="FILE.csv")
    sample = add("sample", "make pictures, or text, with a trained model", _by_engine)
    sample.add_argument("run", type=Path)
    sample.add_argument("-n", type=int, default=64, help="how many pictures, or characters of text")
    sample.add_argument("--seed", type=int, default=0)
    sample.add_argument("--text", default="", help="of a language model: what to go on from")
    sample.add_argument("-o", dest="out", type=Path, required=True, metavar="FILE", help="a .png for pictures, a .txt for text")
    export = add("export", "write a model for use elsewhere, and prove that it works there", _by_engine)
    export.add_argument("source", type=Path, metavar="RUN|FILE", help="a run's folder, or a project for its untrained model")
    export.add_argument("--format", choices=tuple(SUFFIXES), required=True)
    export.add_argument("--role", help="which model, where a project has several")
    export.add_argument("-o", dest="out", type=Path, required=True, metavar="OUT")
    importing = add("import", "make a project of a .keras file", import_)
    importing.add_argument("model", type=Path, metavar="MODEL.keras")
    importing.add_argument("-o", dest="out", type=Path, required=True, metavar="FILE", help="where to write the project")
    return parser


def list_(options: argparse.Namespace) -> int:
    """Templates, datasets or recipes, with their parameters."""
    for entry in {"templates": _templates, "datasets": _datasets, "recipes": _recipes}[options.what]():
        parameters = ", ".join(f"{p['name']}={json.dumps(p['default'])}" for p in entry["parameters"])
        show(options, entry, f"{entry['id']:20} {entry['title']}" + (f"\n{'':20} {parameters}" if parameters else ""))
    return FINE


def new(options: argparse.Namespace) -> int:
    """A project file from a template."""
    project = catalog.new(options.template, options.preset, dict(options.settings))
    files.save(project, options.out)
    nodes = sum(len(graph.nodes) for graph in project.models.values())
    facts = {"file": str(options.out), "name": project.name, "template": project.template, "nodes": nodes}
    show(options, facts, f"{options.out}: {project.name}, {nodes} nodes, on {project.data.id}.")
    return FINE


def show_data(options: argparse.Namespace) -> int:
    """Shape, classes, and how many samples there are; whatever is not as expected is a line of its own."""
    if options.path.suffix in (files.SUFFIX, ".json"):
        project = files.load(options.path)
    else:
        project = Project(options.path.name, Data(source_for(options.path), {"path": str(options.path.absolute())}), {}, Choice("supervised"))
    for path, value in options.settings:
        project = catalog.set_path(project, path, value)
    dataset = sources.load(project.data)
    sizes = {part: len(indices) for part, indices in dataset.parts.items()}
    facts = {"dataset": project.data.id, "task": dataset.task, "kind": dataset.kind, "shape": list(dataset.shape), "samples": sizes}
    facts |= {"classes": list(dataset.classes), "features": list(dataset.features), "notes": list(dataset.notes)}
    words = [
        f"{sources.name(project.data)}: {sum(sizes.values()):,} samples of {' × '.join(map(str, dataset.shape))}, for {dataset.task}.",
        *([f"{len(dataset.classes)} classes: {', '.join(dataset.classes)}"] if dataset.classes else []),
        *([f"Inputs: {', '.join(dataset.features)}"] if dataset.features else []),
        *dataset.notes,
    ]
    show(options, facts, "\n".join(words))
    return FINE


def list_runs(options: argparse.Namespace) -> int:
    """A row a run."""
    if options.folder.exists() and not options.folder.is_dir():
        raise files.FileProblem(f"{options.folder} is no folder, and runs are listed of a folder.")
    found = list(summaries(options.folder))
    if not found:
        say(f"There are no runs in {options.folder}: train a project, or name the folder that holds the runs' folders.")
    for run in found:
        far = f"epoch {run.epoch} of {run.epochs}, {run.steps:,} steps, {run.seconds:.1f} s  {metrics_text(run.metrics)}"
        said = " ".join([run.labels.title, *(f"#{tag}" for tag in run.labels.tags)]).strip()
        words = f"{run.folder:44} {run.state:14} {run.problem or far}  {said}"
        show(options, msgspec.to_builtins(run), words.rstrip())
    return FINE


def with_settings(project: Project, options: argparse.Namespace) -> Project:
    """The project with what `train` was told on the command line. Raises `SettingProblem`."""
    shortcuts = [(f"training.{name}", value) for name in ("epochs", "seed") if (value := getattr(options, name)) is not None]
    for path, value in [*options.settings, *shortcuts]:
        project = catalog.set_path(project, path, value)
    return project


def _add_settings(parser: argparse.ArgumentParser) -> None:
    help = "change a setting, as in training.optimizer.learning_rate=0.01"
    parser.add_argument("--set", dest="settings", action="append", default=[], type=_setting, metavar="PATH=VALUE", help=help)


def _setting(text: str) -> tuple[str, Any]:
    """`path=value`; the value as JSON has it where it is JSON, else as text."""
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form path=value")
    try:
        return path, json.loads(value)
    except ValueError:
        return path, value


def _by_archives(options: argparse.Namespace) -> int:
    """Do a subcommand that needs h5py."""
    from ml.cli import archives

    return {"archive": archives.archive, "unarchive": archives.unarchive, "metrics": archives.metrics}[options.command](options)


def _by_engine(options: argparse.Namespace) -> int:
    """Do a subcommand that needs Keras."""
    with _silence():
        from ml.cli import commands
    try:
        return commands.COMMANDS[options.command](options)
    except commands.PROBLEMS as problem:
        say(str(problem))
        return MENDABLE


@contextmanager
def _silence() -> Iterator[None]:
    """TensorFlow tells of its processor when it is imported, whatever the level of its log: standard error is for our sentences."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - a device, not a path of ours
        os.dup2(nothing.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _templates() -> Iterator[dict[str, Any]]:
    for template in catalog.templates().values():
        entry = _entry(template.id, template.title, template.family, template.recipe.id, template.data.id, template.parameters)
        yield entry | {"summary": template.summary, "presets": template.presets}


def _datasets() -> Iterator[dict[str, Any]]:
    for source in sources.sources().values():
        fitting = sorted((recipe for recipe in RECIPES.values() if source.task in recipe.tasks), key=lambda recipe: len(recipe.roles))
        entry = _entry(source.id, source.title, source.family, fitting[0].id if fitting else None, source.id, source.parameters)
        yield entry | {"summary": source.help, "task": source.task, "kind": source.kind}


def _recipes() -> Iterator[dict[str, Any]]:
    for recipe in RECIPES.values():
        dataset = next((source.id for source in sources.sources().values() if source.task in recipe.tasks), None)
        entry = _entry(recipe.id, recipe.title, "Recipes", recipe.id, dataset, recipe.parameters)
        yield entry | {"summary": recipe.help, "roles": list(recipe.roles), "metrics": list(recipe.metrics)}


def _entry(id: str, title: str, family: str, recipe: str | None, dataset: str | None, parameters: tuple[Parameter, ...]) -> dict[str, Any]:
    """What every entry of a list has; `recipe` and `dataset` are what it comes with, or the simplest that fits it."""
    described = [{"name": p.name, "type": p.kind, "default": p.default, "choices": list(p.choices)} for p in parameters]
    return {"id": id, "title": title, "family": family, "recipe": recipe, "dataset": dataset, "parameters": described}
