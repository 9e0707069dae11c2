"""Comments and frames on the canvas: made, written, coloured and resized by command, each time as one step."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt

from app.canvas.commands.editor import Editor
from app.canvas.edits import note_edits
from app.canvas.geometry import Hit
from app.canvas.items.notes import height_for
from app.canvas.sheet import Sheet
from app.canvas.writing import Writing
from ml.project.graph import Note

WIDTH, HEIGHT = 220.0, 44.0
"""A comment's, to begin with."""
STEP = 16.0
"""How far a key moves an edge."""
HAND, CROSS = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.CrossCursor
CURSORS = {"input": CROSS, "output": CROSS, "link": HAND, "fix": Qt.CursorShape.PointingHandCursor}
HANDLES = (Qt.CursorShape.SizeFDiagCursor, Qt.CursorShape.SizeVerCursor, Qt.CursorShape.SizeBDiagCursor, Qt.CursorShape.SizeHorCursor)
"""The cursors over a note's handles, clockwise from the upper left, and once more."""


def cursor(hit: Hit) -> Qt.CursorShape:
    """How the mouse looks over what lies under it."""
    return HANDLES[hit.index % 4] if hit.kind == "handle" else CURSORS.get(hit.kind, Qt.CursorShape.ArrowCursor)


class Notes:
    """Edits the notes of the graph that a view shows."""

    def __init__(self, view: Sheet, editor: Editor, writing: Writing) -> None:
        self.view, self.document = view, view.document
        self.layer, self.editor, self.writing = view.graph_scene.notes, editor, writing

    def comment(self, at: QPointF | None = None) -> None:
        """Write a comment at a point of the scene, else beside what is selected, else in the middle; without words there is none."""
        spot = QRectF(at or self._spot(), QRectF(0, 0, WIDTH, HEIGHT).size())
        self.writing.open_over(spot, "Comment", "", partial(self._add_comment, spot), lines=True)

    def _add_comment(self, spot: QRectF, text: str) -> None:
        if text.strip():
            height = max(HEIGHT, height_for(text.strip(), self.view.graph_scene.look, WIDTH))
            note = Note(text.strip(), (spot.x(), spot.y(), WIDTH, height))
            graph, name = note_edits.added(self.document.graph, note)
            self.editor.edit_graph(graph, "Add a comment")
            self.view.select([], [name])

    def _spot(self) -> QPointF:
        selected = self.view.selected()
        if not selected:
            return self.view.middle() - QPointF(WIDTH / 2, HEIGHT / 2)
        boxes = [self.view.graph_scene.nodes[name].box().rect for name in selected]
        return QPointF(max(box.right() for box in boxes) + note_edits.PADDING, min(box.top() for box in boxes))

    def frame(self) -> None:
        """Put a frame around the selected nodes and notes and ask for its title, as one step; it is selected only then, for a selection ends the step."""
        scene = self.view.graph_scene
        names, notes = scene.notes.carried()
        if not names and not notes:
            self.view.status.emit("Select the nodes first that the frame shall lie around.")
            return
        rects = [scene.nodes[name].box().rect for name in names] + [self.layer.items[name].rect() for name in notes]
        colour = list(scene.look.palette.notes)[2]
        graph, name = note_edits.added(self.document.graph, Note("", note_edits.around(rects), frame=True, colour=colour))
        step = f"Frame {len(names)} nodes" if len(names) > 1 else f"Frame {(names or notes)[0]}"
        self.editor.edit_graph(graph, step, merge=f"{step} {name}")
        self.write(name, step)

    def write(self, name: str, step: str = "") -> None:
        """Write on a note in place, as part of the step called `step` where one is named."""
        note, rect = self.document.graph.notes[name], self.layer.items[name].rect()
        if note.frame:
            rect.setHeight(note_edits.TITLE)
        self.writing.open_over(rect, "Title" if note.frame else "Comment", note.text, partial(self._set_text, name, step), lines=not note.frame)

    def _set_text(self, name: str, step: str, text: str) -> None:
        note = self.document.graph.notes.get(name)
        if note is None:
            return
        if not text.strip() and not note.frame:
            self.editor.edit_graph(note_edits.without(self.document.graph, [name]), "Delete a comment")
            return
        height = 0.0 if note.frame else height_for(text.strip(), self.view.graph_scene.look, note.place[2])
        graph = note_edits.written(self.document.graph, name, text.strip(), height)
        self.editor.edit_graph(graph, step or f"Write on {note_edits.words(self.document.graph, [name])}", merge=f"{step} {name}" if step else None)
        self.view.select([], [name])

    def colour(self, colour: str) -> None:
        """Give the selected notes a colour, by its name in the palette."""
        names = self.layer.selected()
        self.editor.edit_graph(note_edits.coloured(self.document.graph, names, colour), f"Colour {note_edits.words(self.document.graph, names)} {colour}")

    def wider(self) -> None:
        """Move the right edges of the selected notes outwards."""
        self._resize(STEP, 0)

    def narrower(self) -> None:
        """Move the right edges of the selected notes inwards."""
        self._resize(-STEP, 0)

    def higher(self) -> None:
        """Move the lower edges of the selected notes outwards."""
        self._resize(0, STEP)

    def lower(self) -> None:
        """Move the lower edges of the selected notes inwards."""
        self._resize(0, -STEP)

    def _resize(self, across: float, down: float) -> None:
        names = self.layer.selected()
        for name in names:
            item = self.layer.items[name]
            item.put(note_edits.resized(item.rect(), 4, item.rect().bottomRight() + QPointF(across, down)))
        if names:
            self.editor.keep_positions([], text=f"Resize {note_edits.words(self.document.graph, names)}", merge=f"resize {' '.join(names)}")
