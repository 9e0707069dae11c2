"""Room for the nodes that come out of a block: they lie around where it was, and what is in their way moves on along the flow."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from app.canvas import edits
from app.canvas.commands.arranging import around
from app.canvas.geometry import COLUMN, RIGHT_COLUMN, RIGHT_ROW, ROW
from app.canvas.layout import Point, layout
from ml.project.graph import RIGHT, Graph


def with_room(graph: Graph, made: Collection[str], at: Point) -> Graph:
    """The graph with the nodes `made` around `at`, those that lie nowhere yet laid out, and all others as far before and after as these need."""
    if not made:
        return graph
    if any(graph[name].position is None for name in made):
        graph = edits.moved(graph, around(layout(edits.part(graph, made)), at).positions)
    on, aside = (0, 1) if graph.flow == RIGHT else (1, 0)
    step, width = (RIGHT_COLUMN, RIGHT_ROW) if graph.flow == RIGHT else (ROW, COLUMN)
    lying = {name: node.position for name, node in graph.nodes.items() if node.position is not None}
    ours = [lying[name] for name in made]
    left, right = min(place[aside] for place in ours), max(place[aside] for place in ours)
    near = [place[on] for name, place in lying.items() if name not in made and left - width < place[aside] < right + width]
    here = at[on]
    later = max((max(place[on] for place in ours) + step - place for place in near if place > here), default=0.0)
    sooner = max((place + step - min(place[on] for place in ours) for place in near if place < here), default=0.0)

    def shifted(x: float, y: float) -> Point:
        shift = max(0.0, later) if (x, y)[on] > here else -max(0.0, sooner) if (x, y)[on] < here else 0.0
        return (x + shift, y) if on == 0 else (x, y + shift)

    graph = edits.moved(graph, {name: shifted(*place) for name, place in lying.items() if name not in made})
    notes = {}
    for name, note in graph.notes.items():
        x, y, *size = note.place
        notes[name] = note if note.frame else replace(note, place=(*shifted(x, y), *size))
    return replace(graph, notes=notes)
