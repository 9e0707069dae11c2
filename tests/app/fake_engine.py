"""An engine that imports no Keras: it answers at once, trains ten steps of nothing, and dies when a project is called so."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from ml.audience import Audience
from ml.events import Check, Checked, Done, Generate, Generated, Message, Metrics, OpenRun, Pause, Progress, Quit, Ready, Train
from ml.project.report import NodeReport, ProjectReport
from ml.runs import waiting

AUDIENCE = Audience(Ready("3", "2", 0.0))


def say(event: Message) -> None:
    AUDIENCE.emit(event)


def report(project) -> ProjectReport:
    roles = {role: {name: NodeReport(((None, 10),), ("float32",), 7, 7) for name in graph.nodes} for role, graph in project.models.items()}
    return ProjectReport(roles, 7, 7)


def train(command: Train) -> None:
    for step in range(1, 11):
        say(Progress("running", step, 10, 0, 1, 0.1 * step, 0.0, 100.0))
        say(Metrics("block", step, 0, {"loss": 1 / step}))
    say(Done("complete", 10, 1.0, {"loss": 0.1}, command.run))


def main() -> None:
    print(msgspec.json.encode(AUDIENCE.door).decode(), flush=True)
    while not AUDIENCE.is_gone or not AUDIENCE.inbox.empty():
        command = AUDIENCE.inbox.get()
        if isinstance(command, Train) and Path(command.run).is_dir():
            waiting.begun(Path(command.run))
        match command:
            case Check(project=project) if project.name == "die":
                print("Out of luck.", file=sys.stderr, flush=True)
                os._exit(3)
            case Check(id, project):
                say(Checked(id, report(project)))
            case Train(project=project) if project.name == "endless":
                say(Progress("running", 1, 10, 0, 1, 0.1, None, 100.0))
            case Train(project=project) if project.name == "doomed":
                for step in range(1000):
                    say(Progress("running", step, 1000, 0, 1, 0.1, None, 100.0))
                    say(Metrics("block", step, 0, {}))
                AUDIENCE.close()
                os._exit(3)
            case Train(project=project, run=run) if project.name.startswith("flood "):
                from tests.faults.flood import flood  # here, for what it imports would keep every other test waiting

                flood(project, Path(run), say, float(project.name.split()[1]))
            case Train():
                train(command)
            case OpenRun(folder):
                say(Done("opened", 0, 0.0, {}, folder))
            case Pause():
                say(Progress("paused", 1, 10, 0, 1, 0.1, None, 100.0))
            case Generate(id):
                say(Generated(id, text="made"))
            case Quit():
                return


if __name__ == "__main__":
    main()
