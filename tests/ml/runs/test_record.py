"""A run's record keeps what was written, whatever happens to the writer."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time

import pytest

from ml import events
from ml.project.files import FileProblem
from ml.runs.record import COMMIT_SECONDS, Checkpoint, Record, read_about, read_checkpoints, read_events


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
