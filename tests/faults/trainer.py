"""Trains for the fault tests: imports Keras once and forks a process for each run, which tells what it wrote before it is killed.

It takes an order a line on its standard input and answers with the process's number; "wait N" answers with how that process ended.
Nothing of TensorFlow has run when it forks, so each process has threads of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec

from ml import events
from ml.runs.checkpoints import Checkpoints
from ml.runs.record import Record
from ml.training import clock, job
from ml.training.job import resume_job, run_job
from ml.training.session import Session
from tests.faults.trainers import Order, Said, complaints


class Witness:
    """Appends to a file beside the run, at each event that is written, each commit and each checkpoint: what a killed process can no longer say."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._written = 0

    def say(self, what: str, number: int = 0, text: str = "") -> None:
        os.write(self._file, msgspec.json.encode(Said(what, number, time.time(), text)) + b"\n")

    def watch(self) -> None:
        """Stand beside the record's and the checkpoints' own methods."""
        write, commit, save = Record.write, Record.commit, Checkpoints.save

        def written(record: Record, event: events.Message) -> None:
            write(record, event)
            self._written += 1
            if isinstance(event, events.Metrics):
                self.say("written", self._written, hashlib.sha256(msgspec.msgpack.encode(event)).hexdigest())

        def committed(record: Record) -> None:
            waiting = self._written
            commit(record)
            self.say("committed", waiting)

        def saved(checkpoints: Checkpoints, *arguments: Any, **named: Any) -> object:
            self.say("saving", arguments[1])
            checkpoint = save(checkpoints, *arguments, **named)
            self.say("saved", checkpoint.step, checkpoint.file)
            return checkpoint

        for owner, name, watched in ((Record, "write", written), (Record, "commit", committed), (Checkpoints, "save", saved)):
            setattr(owner, name, watched)


def train(order: Order) -> None:
    """What the forked process does: the engine's own job, and at its end a digest of all its weights."""
    witness = Witness(Path(order.witness))
    witness.watch()
    if order.checkpoint_seconds is not None:
        job.CHECKPOINT_SECONDS, clock.LOOKING_SHARE = order.checkpoint_seconds, 1e6
    inbox: SimpleQueue[events.Command] = SimpleQueue()

    def emit(event: events.Message) -> None:
        if isinstance(event, events.Progress | events.Log):
            witness.say(type(event).__name__, getattr(event, "step", 0), event.state if isinstance(event, events.Progress) else event.text)
        if isinstance(event, events.Progress) and event.state == "paused":
            for command in order.commands.pop(0) if order.commands else ():
                inbox.put(command)

    if order.commands:
        inbox.put(order.commands.pop(0)[0])
    if order.project is not None:
        session = run_job(order.project, Path(order.folder), emit, inbox)
    else:
        session = resume_job(Path(order.folder), emit, inbox)
    witness.say("ended", 0, digest(session))


def digest(session: Session) -> str:
    """SHA-256 of all weights of all models."""
    found = hashlib.sha256()
    for role in sorted(session.models):
        for array in session.models[role].get_weights():
            found.update(array.tobytes())
    return found.hexdigest()


def forked(do: Callable[[], None], complaints: Path) -> int:
    """Do it in a process of its own; its number."""
    number = os.fork()
    if number:
        return number
    status = 1
    try:
        do()
        status = 0
    except Exception:  # the process's last gate: the test reads what was wrong
        complaints.write_text(traceback.format_exc())
    finally:
        os._exit(status)


def main() -> None:
    for line in sys.stdin:
        if line.startswith("wait "):
            answer = os.waitstatus_to_exitcode(os.waitpid(int(line.split()[1]), 0)[1])
        else:
            order = msgspec.json.decode(line, type=Order)
            answer = forked(lambda order=order: train(order), complaints(Path(order.witness)))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
