"""What was copied: a text that outlives its window, and says nothing of whose it is."""

from __future__ import annotations

import subprocess
import sys

from app.canvas.edits import clipboard
from tests.app.canvas.conftest import GRAPH

COPY = """
from PySide6.QtWidgets import QApplication
application = QApplication([])
from app.canvas.view import GraphView
from app.document import Document
from tests.app.canvas.conftest import GRAPH, project
view = GraphView(Document(project(GRAPH)))
view.select(["conv"])
view.editor.copy()
"""


def test_a_program_from_which_something_was_copied_ends_in_good_order() -> None:
    assert subprocess.run([sys.executable, "-c", COPY], check=False).returncode == 0


def test_a_text_that_is_mailed_names_no_file() -> None:
    text = clipboard.encode(GRAPH, "/home/somebody/theirs.weights.h5")
    assert "somebody" not in text and clipboard.decode(text, "").nodes == GRAPH.nodes
