"""A project or a run from a stranger: what its nodes, its weights and its record may not hold is named, and never opened."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zipfile
from pathlib import Path

import h5py
import pytest
from msgspec.structs import replace

from ml import catalog, weights
from ml.build import NodeProblem, build
from ml.check import Checker
from ml.project import files
from ml.project.files import FileProblem
from ml.project.graph import Graph, Link, Node
from ml.project.project import Project
from ml.runs import Run
from ml.runs.checkpoints import _read
from ml.training.optimizers import TrainingProblem
from ml.training.session import Session


def with_node(node: Node) -> Project:
    """A project with this node between its input and its output."""
    graph = Graph({"input": Node("Input", {"shape": [4]}), "odd": node, "output": Node("Output", {}, (Link("odd"),))})
    return replace(catalog.new("mlp"), models={"model": graph})


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        (Node("StringLookup", {"vocabulary": "/etc/passwd"}, (Link("input"),)), "it has for its vocabulary the file '/etc/passwd'"),
        (
            Node("Dense", {"units": 2, "kernel_initializer": {"module": "os", "class_name": "system", "config": {}}}, (Link("input"),)),
            "a system from the package os",
        ),
        (Node("TimeDistributed", {"layer": {"module": "keras.layers", "class_name": "Lambda", "config": {}}}, (Link("input"),)), "is a Lambda"),
        (Node("ops.numpy.os.system", {}, (Link("input"),)), "There is no node type 'ops.numpy.os.system'"),
        (Node("Lambda", {}, (Link("input"),)), "Lambda"),
    ],
)
def test_a_node_that_leads_elsewhere_is_an_error_and_never_built(node: Node, sentence: str) -> None:
    project = with_node(node)
    report = Checker().check(project).roles["model"]["odd"]
    assert report.error
    with pytest.raises(NodeProblem, match=sentence):
        build(project.models["model"])


def test_a_project_that_is_no_file_or_far_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileProblem, match="is not a regular file"):
        files.load(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.atelier")
        with pytest.raises(FileProblem, match="is not a regular file"):
            files.load(tmp_path / "pipe.atelier")
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    (tmp_path / "large.atelier").write_bytes(b" " * 11)
    with pytest.raises(FileProblem, match="no project needs that"):
        files.load(tmp_path / "large.atelier")


def test_weights_that_lie_in_other_files_are_drawn_anew(tmp_path: Path) -> None:
    project = with_node(Node("Dense", {"units": 2}, (Link("input"),), weights="odd"))
    with h5py.File(tmp_path / "w.h5", "w") as file:
        file["odd"] = h5py.ExternalLink("/etc/passwd", "/")
    assert "drawn anew" in weights.load(build(project.models["model"]), str(tmp_path / "w.h5")).problems[0]


def test_a_record_that_holds_programs_is_refused(tmp_path: Path) -> None:
    run = Run.create(tmp_path / "run", catalog.new("mlp"))
    with contextlib.closing(sqlite3.connect(run.record)) as database:
        database.execute("CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events; END")
    with pytest.raises(FileProblem, match="holds triggers, which no run does"):
        run.project  # noqa: B018 - reading it is what is tried


def test_a_checkpoint_that_unpacks_to_more_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "1.npz", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros.npy", bytes(2**20))
    with pytest.raises(FileProblem, match="is packed, which no checkpoint is"):
        _read(tmp_path / "1.npz")


def test_of_a_runs_model_only_the_weights_are_taken_and_code_is_refused(tmp_path: Path) -> None:
    run = Run.create(tmp_path / "run", catalog.new("mlp"))
    (run.folder / "final.keras").write_bytes(b"PK nothing")
    with pytest.raises(TrainingProblem, match="cut short or damaged"):
        Session.opened(run)
