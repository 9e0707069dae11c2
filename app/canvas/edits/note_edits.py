"""What hands do to a graph's notes, as functions from graph to graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF

from ml.project.graph import RIGHT, Graph, Note

Place = tuple[float, float, float, float]
"""Left, top, width and height, as a `Note` keeps them."""

PADDING, BELOW, TITLE = 14.0, 23.0, 32.0
"""Room that a frame leaves beside what lies in it and below, and for its title: frames around neighbouring rows of a layout do not meet."""
SMALLEST = 64.0, 40.0
"""A note is never made narrower or lower."""
EDGES = ((-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0))
"""The handles of a note, clockwise from the upper left: which edges each pulls, across and down."""


def free_name(graph: Graph) -> str:
    """A name that no note has: `note`, `note_1` …"""
    return "note" if "note" not in graph.notes else next(name for n in range(1, len(graph.notes) + 2) if (name := f"note_{n}") not in graph.notes)


def added(graph: Graph, note: Note) -> tuple[Graph, str]:
    """The graph with one more note, and the note's name."""
    name = free_name(graph)
    return replace(graph, notes={**graph.notes, name: note}), name


def without(graph: Graph, names: Iterable[str]) -> Graph:
    """The graph without these notes; what lies in a frame stays."""
    gone = set(names)
    return replace(graph, notes={name: note for name, note in graph.notes.items() if name not in gone}) if gone else graph


def placed(graph: Graph, places: Mapping[str, Place]) -> Graph:
    """The graph with these notes where `places` says."""
    notes = {name: replace(note, place=places[name]) if places.get(name, note.place) != note.place else note for name, note in graph.notes.items()}
    return replace(graph, notes=notes) if notes else graph


def written(graph: Graph, name: str, text: str, height: float = 0.0) -> Graph:
    """The graph with other words on a note, which is made as high as `height` where it is lower."""
    note = graph.notes[name]
    left, top, width, high = note.place
    return replace(graph, notes={**graph.notes, name: replace(note, text=text, place=(left, top, width, max(high, height)))})


def coloured(graph: Graph, names: Iterable[str], colour: str) -> Graph:
    """The graph with these notes in a colour, by its name in the canvas's palette."""
    changed = {name: replace(graph.notes[name], colour=colour) for name in names}
    return replace(graph, notes={**graph.notes, **changed})


def around(rects: Iterable[QRectF]) -> Place:
    """Where a frame around these cards lies."""
    whole = QRectF()
    for rect in rects:
        whole = whole.united(rect)
    return place_of(whole.adjusted(-PADDING, -TITLE - PADDING / 4, PADDING, BELOW))


def rect_of(note: Note) -> QRectF:
    """What a note covers."""
    return QRectF(*note.place)


def place_of(rect: QRectF) -> Place:
    """A rectangle as a note keeps it."""
    return (rect.x(), rect.y(), rect.width(), rect.height())


def inside(frame: QRectF, cards: Mapping[str, QRectF], notes: Mapping[str, QRectF]) -> tuple[list[str], list[str]]:
    """What a frame takes along: the nodes whose middle is in it, and the notes that lie wholly in it."""
    return (
        [name for name, card in cards.items() if frame.contains(card.center())],
        [name for name, rect in notes.items() if frame.contains(rect) and rect != frame],
    )


def clear_of(rect: QRectF, cards: Iterable[QRectF], flow: str) -> QRectF:
    """A comment's rectangle moved aside, across the flow, as far as it takes to lie on no card."""
    made, cards = QRectF(rect), list(cards)
    while covered := [card for card in cards if card.intersects(made)]:
        if flow == RIGHT:
            made.moveTop(max(card.bottom() for card in covered) + BELOW + PADDING / 2)
        else:
            made.moveLeft(max(card.right() for card in covered) + PADDING)
    return made


def resized(rect: QRectF, handle: int, point: QPointF) -> QRectF:
    """A rectangle with the edges of a handle at `point`, as far as it does not get too small."""
    across, down = EDGES[handle]
    made = QRectF(rect)
    if across < 0:
        made.setLeft(min(point.x(), rect.right() - SMALLEST[0]))
    elif across > 0:
        made.setRight(max(point.x(), rect.left() + SMALLEST[0]))
    if down < 0:
        made.setTop(min(point.y(), rect.bottom() - SMALLEST[1]))
    elif down > 0:
        made.setBottom(max(point.y(), rect.top() + SMALLEST[1]))
    return made


def words(graph: Graph, names: Sequence[str]) -> str:
    """These notes, for the name of a step."""
    notes = graph.notes
    return ("a frame" if notes[names[0]].frame else "a comment") if len(names) == 1 and names[0] in notes else f"{len(names)} notes"
