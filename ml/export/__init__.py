"""Models to files that open elsewhere; each is opened in a clean process, and its predictions compared, before it counts."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from ml import events
from ml.build import NodeProblem, build
from ml.codegen import script
from ml.codegen.models import models_source
from ml.data import DataProblem
from ml.export import to_onnx
from ml.formats import SUFFIXES, named
from ml.project import files
from ml.project.project import Project
from ml.tables import RECIPES

if TYPE_CHECKING:
    from ml.training.session import Session

TOLERANCES = {"keras": 1e-5, "weights": 1e-5, "savedmodel": 1e-4, "tflite": 1e-3, "onnx": 1e-3}
"""How far predictions may be from ours, relative to the greatest of them: other kernels add up in another order."""
SELECTED = (
    "Written, but it could not be run here to compare: TFLite needs TensorFlow's own operations for it (tensorflow-lite-select-tf-ops) wherever it is to run. "
    "A recurrent layer needs none where its unroll is on."
)
"""Of a TFLite file with operations that TFLite alone lacks."""
SAMPLES, OPEN_SIZE, PROOF_SECONDS = 4, 8, 300


class ExportProblem(Exception):
    """An export that can't be, as a sentence."""


class Proof(Struct, frozen=True):
    """What was written, and what was found when it was opened in a clean process."""

    path: str
    size: int
    """In bytes."""
    verified: bool
    difference: float | None
    """The greatest absolute difference between its predictions and ours; None where it does not predict, or was not run."""
    message: str


def answer(command: events.Export, session: Session) -> events.Exported:
    """Answer the window's request with a session's models. Raises `ExportProblem`."""
    proof = of_session(session, command.format, Path(command.out), command.role or None)
    return events.Exported(command.id, proof.path, proof.size, proof.verified, proof.difference, proof.message)


def of_session(session: Session, format: str, out: Path, role: str | None = None) -> Proof:
    """Export from a session; where the model takes what the dataset gives, it is proven on samples of it. Raises `ExportProblem`."""
    asked, role = role, _role(session.models, session.project, role)
    x = session.dataset.part("validation")[0][:SAMPLES]
    given = session.models[role].inputs
    sample = {given[0].name: x} if len(given) == 1 and _takes(given[0].shape, x.shape) else None
    proof = export(session.models, session.project, format, out, role, sample)
    others = [] if asked or format == "python" else [name for name in session.models if name != role]
    chosen = [f"It is the model {role!r}; by its role there is also {' and '.join(others)}."] if others else []
    return replace(proof, message=" ".join([proof.message, *chosen, *session.problems]))


def export(
    models: dict[str, keras.Model], project: Project, format: str, out: Path, role: str | None = None, sample: dict[str, np.ndarray] | None = None
) -> Proof:
    """Write one model, or for `python` the whole project, to `out` (the format's ending is added where it is missing).

    `sample` holds batches by the name of the model's input; inputs that it lacks get random numbers.
    What was at `out` stays as it was until the new file is whole and proven. Raises `ExportProblem`.
    """
    if format not in SUFFIXES:
        raise ExportProblem(f"There is no format {format!r}; there are: {', '.join(SUFFIXES)}.")
    if format == "onnx" and not all(importlib.util.find_spec(name) for name in ("onnxruntime", "tf2onnx")):
        raise ExportProblem("ONNX needs packages that are not installed: .venv/bin/pip install -e '.[onnx]'")
    out = _target(Path(out), format)
    if format == "python":
        return _python(project, out)
    model = models[_role(models, project, role)]
    inputs = [(sample or {}).get(tensor.name, _drawn(tensor, model)) for tensor in model.inputs]
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
            written = Path(folder) / f"model{SUFFIXES[format]}"
            expected = _arrays(model(inputs[0] if len(inputs) == 1 else inputs, training=False))
            _write(model, format, written)
            proof = _prove(model, format, written, inputs, expected)
            _move(written, out)
    except OSError as error:
        raise ExportProblem(f"{out} can't be written: {error.strerror or error}.") from error
    verified, difference, message = proof
    return Proof(str(out), _size(out), verified, difference, message)


def _takes(wanted: tuple[int | None, ...], shape: tuple[int, ...]) -> bool:
    return len(wanted) == len(shape) and shape[0] > 0 and all(size in (None, given) for size, given in zip(wanted, shape, strict=True))


def _role(models: dict[str, keras.Model], project: Project, role: str | None) -> str:
    """The role that is meant: the recipe's first where none is named."""
    if role is None:
        recipe = RECIPES.get(project.recipe.id)
        return next((name for name in (recipe.roles if recipe else ()) if name in models), next(iter(models)))
    if role not in models:
        raise ExportProblem(f"There is no model {role!r} in this project; there are: {', '.join(models)}.")
    return role


def _target(out: Path, format: str) -> Path:
    """Where to write. Raises `ExportProblem` where something is in the way."""
    out = named(out, format)
    if not out.parent.is_dir():
        raise ExportProblem(f"There is no folder {out.parent} to write into.")
    if format == "savedmodel" and out.exists() and not (out / "saved_model.pb").is_file():
        raise ExportProblem(f"{out} is already there and is no SavedModel: choose another name.")
    if format != "savedmodel" and out.exists() and not out.is_file():
        raise ExportProblem(f"{out} is not a regular file: choose another name.")
    return out


def _write(model: keras.Model, format: str, path: Path) -> None:
    try:
        match format:
            case "keras":
                model.save(path)
            case "weights":
                model.save_weights(path)
            case "savedmodel":
                model.export(path, format="tf_saved_model", verbose=False)
            case "tflite":
                model.export(path, format="litert", verbose=False)
            case "onnx":
                to_onnx.write(model, path)
    except (ValueError, TypeError, RuntimeError, KeyError, AttributeError, NotImplementedError) as error:  # what the converters raise for an op that they lack
        raise ExportProblem(f"{model.name} can't be written as {format}: {_last_line(str(error))}") from error


def _prove(model: keras.Model, format: str, path: Path, inputs: list[np.ndarray], expected: list[np.ndarray]) -> tuple[bool, float | None, str]:
    """Open the file in a clean process: (verified, difference, in words). Raises `ExportProblem` where it opens and predicts something else."""
    found, failure = _apart(format, path, inputs, [tensor.name for tensor in model.inputs], model.to_json() if format == "weights" else "")
    if failure and format == "tflite" and "Select TensorFlow op" in failure:
        return False, None, SELECTED
    if failure:
        raise ExportProblem(f"Nothing was written: a clean process could not open the {format} export: {failure}")
    difference = _difference(expected, found)
    scale = max([1.0, *(float(np.nanmax(np.abs(array))) for array in expected if array.size)])
    if not difference <= TOLERANCES[format] * scale:
        raise ExportProblem(f"Nothing was written: opened in a clean process the {format} export predicts something else (difference {difference:.2g}).")
    return True, difference, f"Opened in a clean process with nothing but Keras and TensorFlow: the predictions agree (difference {difference:.2g})."


def _apart(format: str, path: Path, inputs: list[np.ndarray], names: list[str], architecture: str = "") -> tuple[list[np.ndarray], str]:
    """What a clean process makes of a file (see `proof.py` beside this file), and what went wrong, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        arrays, results, described = (Path(folder) / name for name in ("inputs.npz", "outputs.npz", "architecture.json"))
        np.savez(arrays, *inputs)
        described.write_text(architecture)
        if failure := _run([format, str(path.resolve()), str(arrays), json.dumps(names), str(results), str(described)], folder):
            return [], failure
        with np.load(results) as stored:
            return [stored[f"arr_{index}"] for index in range(len(stored.files))], ""


def _run(arguments: list[str], folder: str) -> str:
    """Run `proof.py` beside this file apart from this program's code, folder and variables. Returns what went wrong, or nothing."""
    command = [sys.executable, "-I", str(Path(__file__).with_name("proof.py").resolve()), *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PROOF_SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return f"it took longer than {PROOF_SECONDS} seconds."
    return "" if done.returncode == 0 else _last_line(done.stderr) or f"the process ended with status {done.returncode}."


def _difference(expected: list[np.ndarray], found: list[np.ndarray]) -> float:
    """The greatest absolute difference; infinite where the shapes differ, or where one is a number and the other is none."""
    if [array.shape for array in expected] != [array.shape for array in found]:
        return float("inf")
    pairs = [(a.astype("float64"), b.astype("float64")) for a, b in zip(expected, found, strict=True) if a.size]
    if any((np.isfinite(a) != np.isfinite(b)).any() for a, b in pairs):
        return float("inf")
    return max((float(np.abs(a - b)[np.isfinite(a)].max(initial=0.0)) for a, b in pairs), default=0.0)


def _drawn(tensor: Any, model: keras.Model) -> np.ndarray:
    """Random numbers that the input takes: tokens below the smallest vocabulary, else 0 to 1."""
    generator = np.random.default_rng(0)
    shape = [size or (OPEN_SIZE if axis else SAMPLES) for axis, size in enumerate(tensor.shape)]
    if tensor.dtype == "string":
        return np.full(shape, "a drawing of a network")
    if "int" in tensor.dtype:
        sizes = [layer.input_dim for layer in model._flatten_layers() if isinstance(layer, keras.layers.Embedding)]  # the blocks' layers too
        return generator.integers(0, min(sizes, default=2), shape).astype(tensor.dtype)
    return generator.random(shape) > 0.5 if tensor.dtype == "bool" else generator.random(shape).astype(tensor.dtype)


def _arrays(outputs: Any) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(output) for output in keras.tree.flatten(outputs)]


def _python(project: Project, out: Path) -> Proof:
    """Write the project as a script; a clean process builds its models, and their weights must be of the same sizes."""
    try:
        source = script.generate(project)
        expected = [np.array([np.prod(weight.shape) for weight in build(graph, role).model.weights]) for role, graph in project.models.items()]
    except (NodeProblem, DataProblem) as problem:
        raise ExportProblem(str(problem)) from problem
    except (KeyError, TypeError, ValueError) as error:  # a recipe that there is not, or that refuses the project
        raise ExportProblem(str(error.args[0] if error.args else error)) from error
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / out.name
        written.write_text(source, encoding="utf-8")
        found, failure = _apart("python", written, [], list(models_source(project.models)[1].values()))
    if failure or _difference(expected, found) > 0:
        raise ExportProblem(f"Nothing was written: in a clean process the script does not build the same models. {failure}")
    try:
        files.write(out, source.encode())
    except files.FileProblem as problem:
        raise ExportProblem(str(problem)) from problem
    weights = sum(int(sizes.sum()) for sizes in expected)
    message = f"A clean process builds the same models with it ({weights:,} weights). Train them with: python {out.name}"
    if project.weights:
        message += " It begins with drawn weights: export as weights too, and load them with load_weights, to begin with those that the project has."
    return Proof(str(out), _size(out), True, None, message)


def _move(written: Path, out: Path) -> None:
    """Put a proven file, or folder, in its place."""
    if written.is_dir():
        old = written.with_name("old")
        if out.exists():
            out.rename(old)  # it goes with the temporary folder
        written.rename(out)
        return
    with written.open("rb") as file:
        os.fsync(file.fileno())
    shutil.copymode(out, written) if out.exists() else written.chmod(0o644)
    written.replace(out)


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")
