"""The engine: a process that takes commands and gives events, to and from whoever comes in by its door.

One that has no job answers checks, previews and exports. One that is given a job trains it, whoever comes and goes meanwhile, and
keeps its models afterwards for samples, attention and exports. Without a job it ends when the last one who listens has gone.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import gc
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

STARTED = time.perf_counter()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402 - the clock above must start before the import that takes seconds
import msgspec  # noqa: E402
import tensorflow as tf  # noqa: E402

from ml import connection, events, export, generate  # noqa: E402
from ml.audience import Audience  # noqa: E402
from ml.check import Checker  # noqa: E402
from ml.data import DataProblem, Way  # noqa: E402
from ml.data.preview import preview  # noqa: E402
from ml.events import Command  # noqa: E402
from ml.project.files import FileProblem  # noqa: E402
from ml.runs import Run  # noqa: E402
from ml.training.job import resume_job, run_job  # noqa: E402
from ml.training.optimizers import TrainingProblem  # noqa: E402
from ml.training.session import Session  # noqa: E402

NICENESS = 15


class Engine:
    """Answers commands one after another."""

    def __init__(self, audience: Audience) -> None:
        self._audience = audience
        self._inbox, self._emit = audience.inbox, audience.emit
        self._checker = Checker()
        self._session: Session | None = None

    def serve(self) -> None:
        """Until `Quit`, or until nobody is there any more to hear it."""
        while not isinstance(command := self._inbox.get(), events.Quit):
            self.answer(command)
            if self._audience.is_gone and self._inbox.empty():
                return

    def answer(self, command: Command) -> None:
        """Do what one command asks for; what it can't do it says."""
        try:
            self._do(command)
        except DataProblem as error:
            self._refuse(command, str(error), ways=error.ways)
        except (TrainingProblem, FileProblem, generate.GenerateProblem, export.ExportProblem) as error:
            self._refuse(command, str(error))
        except MemoryError:
            self._refuse(command, "This machine's memory did not suffice: smaller batches or a smaller model need less.")
        except Exception as error:  # the last gate of the process: an unforeseen error is told, and the engine lives on
            self._refuse(command, f"Something unforeseen went wrong in the engine: {str(error) or type(error).__name__}.", traceback.format_exc())

    def _do(self, command: Command) -> None:
        match command:
            case events.Check(id, project):
                self._emit(events.Checked(id, self._checker.check(project)))
            case events.Preview(id, choice):
                self._emit(preview(id, choice))
            case events.Export():
                self._emit(export.answer(command, self._exported(command)))
            case events.Train(project, folder):
                with self._in_hand(Path(folder)):
                    self._session = run_job(project, Path(folder), self._emit, self._inbox, self._during, self._audience.follow)
            case events.Resume(folder, epochs):
                with self._in_hand(Path(folder)):
                    self._session = resume_job(Path(folder), self._emit, self._inbox, self._during, epochs, self._audience.follow)
            case events.OpenRun(folder):
                self._open(Run(Path(folder)))
            case events.Probe(index, text) if self._session is not None:
                self._session.lens.watch(index, text)
                self._look()
            case events.Plane(across, up) if self._session is not None:
                self._session.regions.turn(across, up)
                self._look()
            case events.Generate() if self._session is not None:
                self._emit(self._session.observer.answer(command))
            case events.Generate(id):
                self._emit(events.Refused(id, "There is no trained model yet: train it first."))
            case _:
                """A job's command that came after the job's end: nothing is left to do."""

    @contextlib.contextmanager
    def _in_hand(self, folder: Path) -> Iterator[None]:
        """Have a run in hand: who looks for its engine finds it by the run's folder, and there is what it says on standard error."""
        with connection.noted(self._audience.door, folder), _logged(folder / connection.LOG):
            yield

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
    faulthandler.enable()
    audience = Audience(events.Ready(keras.__version__, tf.__version__, time.perf_counter() - STARTED))
    _say(audience.door)
    gc.freeze()
    Engine(audience).serve()
    audience.close()


def _say(door: connection.Door) -> None:
    """Tell who started this process where to come in, on standard output, which from then on is standard error."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as output:
        output.write(msgspec.json.encode(door) + b"\n")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr


@contextlib.contextmanager
def _logged(path: Path) -> Iterator[None]:
    """Standard output and standard error go into a file; one into which nothing was written is taken away. Raises `FileProblem`."""
    try:
        file = path.open("wb", buffering=0)
    except OSError as error:
        raise FileProblem(f"{path} can't be written: {error.strerror}.") from error
    before, streams = os.dup(2), (1, 2)
    with file:
        for stream in streams:
            os.dup2(file.fileno(), stream)
    try:
        yield
    finally:
        sys.stderr.flush()
        for stream in streams:
            os.dup2(before, stream)
        os.close(before)
        if path.is_file() and not path.stat().st_size:
            path.unlink()


if __name__ == "__main__":
    main()
