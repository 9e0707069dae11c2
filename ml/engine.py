"""The engine: a process that takes commands on its standard input and gives events on its standard output.

One that has no job answers checks, previews and exports. One that is given a job trains it, and keeps its
models afterwards for samples, attention and exports. It ends with its input, so it never outlives the window.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

STARTED = time.perf_counter()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402 - the clock above must start before the import that takes seconds
import tensorflow as tf  # noqa: E402

from ml import events, export, generate  # noqa: E402
from ml.check import Checker  # noqa: E402
from ml.data import DataProblem, Way  # noqa: E402
from ml.data.preview import preview  # noqa: E402
from ml.events import Command, Message  # noqa: E402
from ml.project.files import FileProblem  # noqa: E402
from ml.runs import Run  # noqa: E402
from ml.training.job import resume_job, run_job  # noqa: E402
from ml.training.optimizers import TrainingProblem  # noqa: E402
from ml.training.session import Session  # noqa: E402

NICENESS = 15


class Engine:
    """Answers commands one after another."""

    def __init__(self, inbox: SimpleQueue[Command], emit: Callable[[Message], None]) -> None:
        self._inbox = inbox
        self._emit = emit
        self._checker = Checker()
        self._session: Session | None = None

    def serve(self) -> None:
        """Until `Quit`, or the end of the input."""
        while not isinstance(command := self._inbox.get(), events.Quit):
            self.answer(command)

    def answer(self, command: Command) -> None:
        """Do what one command asks for; what it can't do it says."""
        try:
            self._do(command)
        except DataProblem as error:
            self._refuse(command, str(error), ways=error.ways)
        except (TrainingProblem, FileProblem, generate.GenerateProblem, export.ExportProblem) as error:
            self._refuse(command, str(error))
        except Exception as error:  # the last gate of the process: an unforeseen error is told, and the engine lives on
            self._refuse(command, f"Something unforeseen went wrong in the engine: {error or type(error).__name__}.", traceback.format_exc())

    def _do(self, command: Command) -> None:
        match command:
            case events.Check(id, project):
                self._emit(events.Checked(id, self._checker.check(project)))
            case events.Preview(id, choice):
                self._emit(preview(id, choice))
            case events.Export():
                self._emit(export.answer(command, self._exported(command)))
            case events.Train(project, folder):
                self._session = run_job(project, Path(folder), self._emit, self._inbox, self._during)
            case events.Resume(folder, epochs):
                self._session = resume_job(Path(folder), self._emit, self._inbox, self._during, epochs)
            case events.OpenRun(folder):
                self._open(Run(Path(folder)))
            case events.Probe(index, text) if self._session is not None:
                self._session.lens.watch(index, text)
                self._look()
            case events.Generate() if self._session is not None:
                self._emit(self._session.observer.answer(command))
            case events.Generate(id):
                self._emit(events.Refused(id, "There is no trained model yet: train it first."))
            case _:
                """A job's command that came after the job's end: nothing is left to do."""

    def _during(self, command: Command, session: Session) -> None:
        """A request that came while a job runs."""
        self._session = session
        self.answer(command)

    def _exported(self, command: events.Export) -> Session:
        if command.project is not None:
            return Session(command.project)
        if command.run:
            return Session.opened(Run(Path(command.run)))
        if self._session is None:
            raise TrainingProblem("There is no trained model yet: train it first.")
        return self._session

    def _open(self, run: Run) -> None:
        self._session = Session.opened(run)
        self._emit(events.Done("opened", 0, 0.0, {}, str(run.folder)))
        self._look()

    def _look(self) -> None:
        if self._session is not None:
            for seen in self._session.seen():
                self._emit(seen)

    def _refuse(self, command: Command, reason: str, details: str = "", ways: tuple[Way, ...] = ()) -> None:
        if isinstance(command, events.Train | events.Resume | events.OpenRun):
            self._emit(events.Failed(reason, details))
        elif isinstance(command, events.Check | events.Preview | events.Export | events.Generate):
            self._emit(events.Refused(command.id, reason, details, ways))
        else:
            self._emit(events.Log(reason, "error"))


def main() -> None:
    """Run the process."""
    parser = argparse.ArgumentParser(prog="ml.engine", description=__doc__)
    parser.add_argument("--nice", action="store_true", help="leave the processor to the window where both want it")
    if parser.parse_args().nice and hasattr(os, "nice"):
        os.nice(NICENESS)
    output = _only_frames()
    lock = threading.Lock()

    def emit(event: Message) -> None:
        with lock:
            events.send(output, event)

    inbox: SimpleQueue[Command] = SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, inbox), daemon=True).start()
    gc.freeze()
    emit(events.Ready(keras.__version__, tf.__version__, time.perf_counter() - STARTED))
    Engine(inbox, emit).serve()


def _read(stream: BinaryIO, inbox: SimpleQueue[Command]) -> None:
    while (command := events.receive(stream, Command)) is not None:
        inbox.put(command)
    inbox.put(events.Quit())


def _only_frames() -> BinaryIO:
    """Standard output for frames alone: whatever else prints goes to standard error."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return output


if __name__ == "__main__":
    main()
