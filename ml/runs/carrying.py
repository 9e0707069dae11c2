"""A run is archived, or made of an archive, by a process of its own: the window answers meanwhile, and lives where a damaged file crashes HDF5.

The process that reads a stranger's archive first gives up all that it has no need for. `python -m ml.runs.carrying JOB SOURCE TARGET`
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Literal

import msgspec

from ml.project.files import FileProblem
from ml.runs.archive import Progress, archive
from ml.runs.unarchive import read
from ml.strangers import confinement

ROOT = Path(__file__).parents[2]

MEMORY, SECONDS = 2 * 2**30, 4 * 3600
"""What the reading of an archive may take: memory beside what is mapped already, in bytes, and time of the processor."""

Job = Literal["archive", "unarchive"]


class Outcome(msgspec.Struct, omit_defaults=True):
    """What the process says at its end."""

    problem: str = ""
    left_out: list[str] = []


class Cancelled(Exception):
    """Somebody said that it should not go on."""


class Carriage:
    """One run on its way: into the file `target`, or out of the file `source` into the folder `target`."""

    def __init__(self, job: Job, source: Path, target: Path) -> None:
        self.job, self.source, self.target = job, source.absolute(), target.absolute()
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False

    def carry(self, progress: Progress = lambda part: None) -> list[str]:
        """Do it and wait; what had to be left out, each as a sentence. `progress` is called with the part that is done, 0 to 1.

        What is there at the end is there whole. Raises `FileProblem`, and `Cancelled` after `cancel`.
        """
        if self.job == "unarchive" and self.target.exists() and (not self.target.is_dir() or any(self.target.iterdir())):
            raise FileProblem(f"{self.target} is there already: choose another folder.")
        try:
            if self.job == "unarchive":
                self.target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.target.parent, prefix=f".{self.target.name}.") as folder:
                made = Path(folder) / self.target.name
                outcome = self._run(made, progress)
                if outcome.problem:
                    raise FileProblem(outcome.problem.replace(str(made), str(self.target)))
                if self.job == "unarchive" and self.target.exists():
                    self.target.rmdir()
                made.replace(self.target)
        except OSError as error:
            raise FileProblem(f"{self.target} can't be written: {error.strerror or error}.") from error
        return outcome.left_out

    def cancel(self) -> None:
        """End it; called from any thread."""
        self._cancelled = True
        if self._process is not None:
            self._process.kill()

    def _run(self, made: Path, progress: Progress) -> Outcome:
        command = (sys.executable, "-m", "ml.runs.carrying", self.job, str(self.source), str(made))
        outcome = None
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
            self._process = process
            try:
                assert process.stdout is not None
                for line in process.stdout:
                    said = msgspec.json.decode(line, type=float | Outcome)
                    if isinstance(said, Outcome):
                        outcome = said
                    else:
                        progress(said)
            finally:
                if outcome is None:
                    process.kill()
        if self._cancelled:
            raise Cancelled
        return outcome or Outcome(f"{self.source.name} can't be carried: the process that did it ended ({process.returncode}). The file may be damaged.")


def main(job: str, source: Path, target: Path) -> None:
    """Do it here, and say on standard output how far it is and how it ended."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        if job == "archive":
            outcome = Outcome(left_out=archive(source, target, _say))
        else:
            if not source.is_file():  # what is not there can't be let in either
                raise FileProblem(f"{source} can't be read: there is no such file.")
            confinement.confine((source,), target.parent, shutil.disk_usage(target.parent).free)
            confinement.limit(confinement.mapped() + MEMORY, SECONDS)
            read(source, target, _say)
            outcome = Outcome()
    except FileProblem as problem:
        outcome = Outcome(str(problem))
    except OSError as error:
        outcome = Outcome(f"{target} can't be written: {error.strerror or error}.")
    except MemoryError:
        outcome = Outcome(f"{source} needs more memory than a run should, and was given up.")
    _say(outcome)


def _say(what: float | Outcome) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    """Standard input ends when the process that asked is gone."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
