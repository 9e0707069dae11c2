"""A window with a restless hand, in a process of its own: it edits, undoes and saves until it is killed, and a witness hears of each state."""

from __future__ import annotations

import hashlib
import os
import random
import sys
import time
from pathlib import Path

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QTimer

import main
from app.engines import Engines
from app.journal import left_in
from app.panels.data import samples  # noqa: F401 - imported once, before the windows are forked
from app.panels.lenses import attention  # noqa: F401 - imported once, before the windows are forked
from app.panels.training import (
    curves,  # noqa: F401 - imported once, before the windows are forked
    log,  # noqa: F401 - imported once, before the windows are forked
)
from app.window import MainWindow
from ml.project.project import Project

TYPES = ("Dense", "Conv2D", "Add", "Dropout", "Flatten", "ops.matmul", "Block")
PAUSE_MILLISECONDS = 60
WEIGHTS_BYTES = 300_000


class Seen(msgspec.Struct, frozen=True):
    """What the person sees after something was done."""

    at: float
    """In seconds since 1970."""
    digest: str
    did: str


def digest(project: Project) -> str:
    """What a project is, whatever its first weights are called: those count by what is in them."""
    weights = Path(project.weights)
    held = hashlib.sha256(weights.read_bytes()).hexdigest() if project.weights and weights.is_file() else f"none: {project.weights}"
    return hashlib.sha256(msgspec.json.encode(replace(project, weights=held if project.weights else ""))).hexdigest()


def edit(folder: Path, seed: int) -> None:
    """The process: a window on the settings in `folder`, which first opens what the last one left."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    complaints = os.open(folder / "complaints", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(complaints, sys.stderr.fileno())
    Engines.start = lambda self: None  # what is edited is not checked here
    application = main.make_application()
    hand = Hand(main.window(folder), folder, random.Random(seed))
    hand.window.show()
    QTimer.singleShot(0, hand.begin)
    application.exec()


class Hand:
    """Does one thing after another at random moments."""

    def __init__(self, window: MainWindow, folder: Path, chance: random.Random) -> None:
        self.window, self.folder, self.chance = window, folder, chance
        self._witness = os.open(folder / "witness", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._timer = QTimer(window)
        self._often = (8, 4, 4, 2, 0.3, 0.1, 0.3) if chance.random() < 0.5 else (2, 4, 0, 0, 10, 4, 1)  # or: saves almost all the time
        self._timer.timeout.connect(self.act)

    def begin(self) -> None:
        """Go on with what was left, or with a file, then never rest."""
        for left in left_in(self.folder / "unsaved"):
            if left.unsaved is not None and self.window.document.is_clean:
                self.window._go_on_with(left)
            else:
                left.let_go()
        self._tell("begin")
        self._timer.start(self.chance.randrange(1, PAUSE_MILLISECONDS))

    def act(self) -> None:
        """One thing."""
        doing = self.chance.choices([self.add, self.rename, self.back, self.delete, self.save, self.save_as, self.weigh], self._often)[0]
        doing()
        self._tell(doing.__name__)
        self._timer.setInterval(self.chance.randrange(1, PAUSE_MILLISECONDS))

    def add(self) -> None:
        self.window.graph.view.add_node(self.chance.choice(TYPES), QPointF(self.chance.randrange(800), self.chance.randrange(800)))

    def rename(self) -> None:
        document = self.window.document
        document.edit(replace(document.project, notes=f"{document.project.notes[-200:]}{self.chance.random()}"), "Note")

    def back(self) -> None:
        stack = self.window.document.undo_stack
        (stack.undo if self.chance.random() < 0.7 else stack.redo)()

    def delete(self) -> None:
        view = self.window.graph.view
        names = list(self.window.document.graph.nodes)
        view.select(self.chance.sample(names, min(len(names), self.chance.randrange(1, 4))))
        view.editor.delete_selected()

    def save(self) -> None:
        document = self.window.document
        self.window.files._save_to(document.path or self.folder / "mine.atelier", over=True)

    def save_as(self) -> None:
        self.window.files._save_to(self.folder / self.chance.choice(("mine.atelier", "other.atelier")), over=True)

    def weigh(self) -> None:
        """Other first weights, as a model has that was opened."""
        path = self.folder / f"{self.chance.randrange(10**9)}.h5"
        path.write_bytes(self.chance.randbytes(WEIGHTS_BYTES))
        document = self.window.document
        document.edit(replace(document.project, weights=str(path)), "Weights")

    def _tell(self, did: str) -> None:
        seen = Seen(time.time(), digest(self.window.document.project), did)
        os.write(self._witness, msgspec.json.encode(seen) + b"\n")
