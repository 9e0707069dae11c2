"""Opening what another version wrote: shown as far as it is known, never written over, and what would be lost is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ml import catalog
from ml.project.files import MOST_BYTES, FileProblem, save, stamp
from ml.project.opening import read
from ml.project.project import VERSION


def written(path: Path, **changes: Any) -> Path:
    raw = msgspec.to_builtins(catalog.new("mlp"))
    path.write_text(json.dumps(raw | changes), "utf-8")
    return path


def test_what_this_version_wrote_is_all_known(tmp_path: Path) -> None:
    for name in catalog.templates():
        save(catalog.new(name), tmp_path / "a.atelier")
        assert read(tmp_path / "a.atelier").read_only == "", name


def test_a_newer_file_is_open_for_reading(tmp_path: Path) -> None:
    found = read(written(tmp_path / "a.atelier", version=VERSION + 1))
    assert "newer version" in found.read_only and str(tmp_path / "a.atelier") in found.read_only
    assert found.project == catalog.new("mlp")


def test_what_a_copy_would_lose_is_named(tmp_path: Path) -> None:
    raw = msgspec.to_builtins(catalog.new("mlp"))
    node = raw["models"]["model"]["nodes"]["dense"]
    node["shade"] = "green"
    found = read(written(tmp_path / "a.atelier", version=VERSION + 1, models=raw["models"], cluster={"nodes": 4}))
    assert "models.model.nodes.dense.shade" in found.read_only
    assert "cluster" in found.read_only


def test_what_is_unknown_is_not_lost_in_silence_in_this_version_either(tmp_path: Path) -> None:
    found = read(written(tmp_path / "a.atelier", cluster=1))
    assert "does not know" in found.read_only and "cluster" in found.read_only


def test_a_newer_file_that_can_not_be_read_at_all_says_what_would_work(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="update the program"):
        read(written(tmp_path / "a.atelier", version=VERSION + 1, models=[1, 2]))


def test_what_is_no_project_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.atelier").write_text("{")
    with pytest.raises(FileProblem, match="is not a project"):
        read(tmp_path / "a.atelier")


def test_what_can_be_no_project_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.atelier"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(FileProblem, match="no project needs that"):
        read(large)
    with pytest.raises(FileProblem, match="is not a regular file"):
        read(tmp_path)
    assert stamp(tmp_path) == ""


def test_what_is_too_deeply_nested_is_said_to_be_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.atelier")
    path.write_text(path.read_text("utf-8").replace('"arguments": {', f'"arguments": {{"x": {"[" * 700}{"]" * 700}, ', 1), "utf-8")
    with pytest.raises(FileProblem, match=r"nested|recursion"):
        read(path)


@pytest.mark.parametrize("role", ["../../thesis", "..", "a\\b", ""])
def test_a_model_may_not_be_called_as_a_file_elsewhere(tmp_path: Path, role: str) -> None:
    models = msgspec.to_builtins(catalog.new("mlp").models)
    with pytest.raises(FileProblem, match="has a model called"):
        read(written(tmp_path / "a.atelier", models={**models, role: models["model"]}))
