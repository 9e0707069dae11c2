"""One process at a time writes a run."""

import os
import subprocess
import sys

import msgspec
import psutil
import pytest

from ml import processes
from ml.project.files import FileProblem
from ml.runs import writer
from ml.runs.record import Record


def noted(path, process, began):
    record = Record(path)
    record.put(writer.NAME, msgspec.json.encode(writer.Writer(writer.platform.node(), process, began)).decode())
    record.close()


def test_a_run_that_another_process_writes_is_refused_while_that_lives(tmp_path):
    path = tmp_path / "run.sqlite"
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    noted(path, other.pid, processes.born(psutil.Process(other.pid)))
    with pytest.raises(FileProblem, match=f"another process .number {other.pid}"):
        writer.claimed(path)
    other.communicate(b"\n")
    writer.claimed(path).close()


def test_a_number_that_is_another_process_by_now_and_a_released_run_are_free(tmp_path):
    path = tmp_path / "run.sqlite"
    noted(path, os.getppid(), 1.0)
    record = writer.claimed(path)
    writer.release(record)
    record.close()
    writer.claimed(path).close()


def test_a_number_that_no_process_can_have_is_nobody(tmp_path):
    noted(tmp_path / "run.sqlite", -1, 1.0)
    writer.claimed(tmp_path / "run.sqlite").close()
