"""Writing: whatever happens, the old file or the new one is there, whole."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ml.project.writing import LEFT_SECONDS, PREFIX, FileProblem, put, write

FULL = """
import resource, signal, sys
from pathlib import Path
from ml.project.writing import FileProblem, write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write(Path(sys.argv[1]), bytes(100_000))
except FileProblem as problem:
    print(problem)
"""


def test_a_full_disk_leaves_the_old_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.atelier"
    write(path, b"old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileProblem, match=r"a\.atelier can't be written: No space left"):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_a_limit_on_the_size_of_files_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.atelier"
    write(path, b"old")
    said = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True).stdout
    assert "a.atelier can't be written" in said
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows gives numbers of files to none but open ones")
def test_a_file_that_nobody_synced_is_synced_before_it_has_its_second_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made").write_bytes(b"weights")
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    put(tmp_path / "made", tmp_path / "kept")
    assert synced == [(tmp_path / "made").stat().st_ino, tmp_path.stat().st_ino]


def test_a_file_that_is_protected_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.atelier"
    write(path, b"old")
    path.chmod(0o444)
    with pytest.raises(FileProblem, match="protected"):
        write(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="can't be written"):
        write(tmp_path, b"new")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_who_may_read_a_file_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.atelier"
    write(path, b"old")
    path.chmod(0o640)
    write(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few people make links")
def test_a_link_still_leads_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    path, link = tmp_path / "there" / "a.atelier", tmp_path / "link.atelier"
    write(path, b"old")
    link.symlink_to(path)
    write(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


def test_what_a_killed_program_was_writing_goes(tmp_path: Path) -> None:
    old, young = tmp_path / f"{PREFIX}1.part", tmp_path / f"{PREFIX}2.part"
    for part in (old, young):
        part.touch()
    then = time.time() - 2 * LEFT_SECONDS
    os.utime(old, (then, then))
    write(tmp_path / "a.atelier", b"new")
    assert not old.exists() and young.exists()
