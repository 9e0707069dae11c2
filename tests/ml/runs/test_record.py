"""A run's record keeps what was written, whatever happens to the writer."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from ml import events
from ml.project.files import FileProblem
from ml.runs.archive import archive
from ml.runs.measured import Measured
from ml.runs.record import COMMIT_SECONDS, Checkpoint, Record, read_about, read_checkpoints, read_events
from ml.runs.report import report
from ml.runs.summary import can_go_on, row

from .some_runs import make


def metrics(step: int) -> events.Metrics:
    return events.Metrics("block", step, 0, {"loss": 1 / (step + 1)})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.sqlite"


def test_events_come_back_as_they_were(path):
    record = Record(path)
    said = [metrics(0), events.Log("hello"), metrics(1)]
    for event in said:
        record.write(event)
    record.close()
    assert list(read_events(path)) == said
    assert list(read_events(path, "Metrics")) == [said[0], said[2]]


def test_an_event_is_committed_within_a_second_with_nothing_after_it(path):
    record = Record(path)
    record.write(metrics(0))
    end = time.monotonic() + 10 * COMMIT_SECONDS
    while not list(read_events(path)) and time.monotonic() < end:
        time.sleep(0.02)
    assert list(read_events(path)) == [metrics(0)]
    record.close()


def test_the_journal_is_ahead_and_every_commit_reaches_the_disk(path):
    record = Record(path)
    assert record._database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert record._database.execute("PRAGMA synchronous").fetchone() == (2,)
    record.close()


def test_facts_and_checkpoints_are_kept(path):
    record = Record(path)
    record.put("project", "one")
    record.put("project", "two")
    for step in (10, 20):
        record.enter_checkpoint(Checkpoint(f"{step}.h5", step, 1, "ab", best=step == 10))
    record.commit()
    assert read_about(path) == {"project": "two"}
    assert [(found.step, found.best) for found in read_checkpoints(path)] == [(20, False), (10, True)]
    record.strike_checkpoint("10.h5")
    record.close()
    assert [found.file for found in read_checkpoints(path)] == ["20.h5"]


def test_where_the_disk_is_full_what_waits_is_kept_and_written_when_there_is_room(path):
    record = Record(path)
    record.commit()
    pages = record._database.execute("PRAGMA page_count").fetchone()[0]
    record._database.execute(f"PRAGMA max_page_count={pages}")
    for step in range(500):
        record.write(metrics(step))
    with pytest.raises(FileProblem, match="full"):
        record.commit()
    assert "full" in record.problem
    record._database.execute("PRAGMA max_page_count=1000000")
    record.commit()
    assert record.problem == ""
    assert len(list(read_events(path))) == 500
    record.close()


def test_what_is_no_record_is_refused_with_its_name(tmp_path):
    with pytest.raises(FileProblem, match="is not a run"):
        list(read_events(tmp_path / "run.sqlite"))
    (tmp_path / "run.sqlite").write_bytes(b"no database at all, but long enough to be looked at as one" * 20)
    with pytest.raises(FileProblem, match=r"run\.sqlite can't be read"):
        list(read_events(tmp_path / "run.sqlite"))


WRITER = textwrap.dedent("""
    import sys
    from pathlib import Path
    from ml import events
    from ml.runs.record import Record
    record = Record(Path(sys.argv[1]))
    step = 0
    while True:
        record.write(events.Metrics("block", step, 0, {"loss": 1.0}))
        if step % 50 == 0:
            record.commit()
            print(step, flush=True)
        step += 1
""")


def test_a_killed_writer_loses_nothing_that_was_committed(path):
    for _ in range(3):
        path.unlink(missing_ok=True)
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        said = [int(writer.stdout.readline()) for _ in range(20)]
        os.kill(writer.pid, signal.SIGKILL)
        said += [int(line) for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        writer.stdout.close()
        steps = [event.step for event in read_events(path) if isinstance(event, events.Metrics)]
        assert steps == list(range(len(steps)))
        assert len(steps) > said[-1]
        assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_strangers_run_can_not_name_files_of_others_as_its_checkpoints(path):
    record = Record(path)
    record.enter_checkpoint(Checkpoint("../../thesis.npz", 1, 1, "ab"))
    record.close()
    with pytest.raises(FileProblem, match="no file of its own"):
        read_checkpoints(path)


def test_an_event_that_can_not_be_read_is_said_to_be_so(path):
    record = Record(path)
    record.write(metrics(0))
    record.close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE events SET body = x'00'")
    database.close()
    with pytest.raises(FileProblem, match="holds an event that can't be read"):
        list(read_events(path))


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has other rights")
def test_where_nothing_may_be_written_a_record_is_read_all_the_same():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.sqlite"
        record = Record(path)
        record.write(metrics(0))
        record.close()
        with only_reading(path.parent):
            assert list(read_events(path)) == [metrics(0)]
            assert [found.name for found in path.parent.iterdir()] == ["run.sqlite"]


@contextlib.contextmanager
def only_reading(folder):
    """Nobody may write into a folder, and who may write everywhere is somebody else for a while."""
    user = os.geteuid()
    folder.chmod(0o555)
    try:
        if user == 0:
            os.seteuid(65534)
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


def test_a_clock_that_is_set_back_makes_no_living_writer_a_dead_one(path, monkeypatch):
    monkeypatch.setattr("ml.runs.record.ALIVE_SECONDS", 0.0)
    record = Record(path)
    wait_until(lambda: "alive" in read_about(path))
    before = float(read_about(path)["alive"])
    monkeypatch.setattr("ml.runs.record.time", SimpleNamespace(time=lambda: before - 3600, monotonic=time.monotonic))
    wait_until(lambda: float(read_about(path)["alive"]) == before - 3600)
    record.close()


def test_a_text_that_is_none_is_said_to_be_so(path):
    record = Record(path)
    record.write(events.Log("hello"))
    record.close()
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE events SET body = ?", (msgspec.msgpack.encode(events.Log("hello")).replace(b"hello", b"\xff" * 5),))
    with pytest.raises(FileProblem, match="holds an event that can't be read"):
        list(read_events(path))


LOOSE = (
    "CREATE TABLE loose (id, at, type, step, body)",
    "INSERT INTO loose SELECT id, at, type, step, body FROM events",
    "DROP TABLE events",
    "ALTER TABLE loose RENAME TO events",
    "DROP TABLE checkpoints",
    "CREATE TABLE checkpoints (file, step, epoch, at, sha256, best)",
    "INSERT INTO checkpoints VALUES ('1.npz', 1, 1, 1.0, 'ab', 0)",
)
"""A record in which any value may be in any place."""


@pytest.mark.parametrize("name", ["run", "a run with spaces, 50% & ünï?#"])
def test_who_reads_makes_no_record_where_one_was_just_deleted(tmp_path, name, monkeypatch):
    folder = tmp_path / name.replace("?", "？" if os.name == "nt" else "?")
    make(folder)
    assert read_about(folder / "run.sqlite")
    (folder / "run.sqlite").unlink()
    monkeypatch.setattr(Path, "is_file", lambda path: True)  # it was there a moment ago
    with pytest.raises(FileProblem, match="can't be read"):
        read_about(folder / "run.sqlite")
    assert not any(path.name == "run.sqlite" for path in folder.iterdir())


@pytest.mark.parametrize(
    "harm",
    [
        *(f"UPDATE events SET {column} = {value}" for column, value in (("id", "'x'"), ("id", "1.5"), ("at", "'x'"), ("at", "x'00'"), ("body", "5"))),
        *(f"UPDATE checkpoints SET {column} = {value}" for column, value in (("file", "x'00'"), ("file", "5"), ("step", "'x'"), ("sha256", "NULL"))),
    ],
)
def test_a_strangers_record_with_odd_values_is_refused_wherever_it_is_read(tmp_path, harm):
    folder = make(tmp_path / "run", *(metrics(step) for step in range(3)))
    with contextlib.closing(sqlite3.connect(folder / "run.sqlite")) as database, database:
        for statement in (*LOOSE, harm):
            database.execute(statement)
    with pytest.raises(FileProblem):
        report(folder)
        archive(folder, tmp_path / "run.h5")
        read_checkpoints(folder / "run.sqlite")
    assert row(folder).folder == str(folder)
    can_go_on(folder)


def test_of_a_strangers_record_with_one_number_for_all_the_reading_ends(tmp_path):
    folder = make(tmp_path / "run", *(metrics(step) for step in range(3)))
    with contextlib.closing(sqlite3.connect(folder / "run.sqlite")) as database, database:
        for statement in (*LOOSE, "UPDATE events SET id = 7"):
            database.execute(statement)
    measured = Measured(str(folder))
    assert measured.read(10) == 0 and "one number" in measured.problem


def test_a_folder_whose_name_is_no_text_is_refused_before_anything_is_trained(tmp_path):
    folder = tmp_path / os.fsdecode(b"\xfcbung")
    with pytest.raises(FileProblem, match="another encoding than UTF-8"):
        make(folder)


def wait_until(happens):
    end = time.monotonic() + 20
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.02)
