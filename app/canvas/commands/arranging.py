"""Bringing a graph into order: all of it or what is selected, downwards or from left to right, each time as one step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF

from app.canvas import edits
from app.canvas.edits import note_edits
from app.canvas.layout import Layout, Point, layout, place
from app.canvas.sheet import Sheet
from ml.project.graph import DOWN, RIGHT, Graph

Plan = tuple[str, tuple[str, ...], str]
"""A role, a scope and a flow: each graph has a layout for either flow."""


class Arranging:
    """Keeps the layouts behind the graphs that a view has shown, and puts nodes where these say."""

    def __init__(self, view: Sheet, show: Callable[[], None]) -> None:
        self.view, self.scene, self.document = view, view.graph_scene, view.document
        self._show = show
        self._layouts: dict[Plan, Layout] = {}
        self._arranged: dict[Plan, Layout] = {}
        """What was arranged by hand: it counts where every node was put somewhere, and not where one was not, as after that was undone."""

    @property
    def _plan(self) -> Plan:
        return self.document.role, self.document.scope, self.document.graph.flow

    def places(self) -> tuple[Layout, dict[str, Point]]:
        """Where the nodes of the document's graph lie, and the layout behind it."""
        graph, plan = self.document.graph, self._plan
        if plan in self._arranged and all(node.position for node in graph.nodes.values()):
            return place(graph, self._arranged[plan])
        self._layouts[plan], positions = place(graph, self._layouts.get(plan))
        return self._layouts[plan], positions

    def forget(self) -> None:
        """Another project: no layout counts."""
        self._layouts.clear()
        self._arranged.clear()

    def arrange(self) -> None:
        """Arrange the nodes that are selected where they are, or the whole graph where fewer than two are."""
        selected = self.scene.selected()
        if len(selected) > 1:
            self._arrange_part(selected)
        else:
            self._arrange_all(self.document.graph, "Arrange graph")

    def turn(self) -> None:
        """Let values flow right instead of down, or down again, and arrange the whole graph so."""
        graph = self.document.graph
        if graph.flow == DOWN:
            self._arrange_all(replace(graph, flow=RIGHT), "Run left to right")
        else:
            self._arrange_all(replace(graph, flow=DOWN), "Run top to bottom")

    def _arrange_all(self, graph: Graph, text: str) -> None:
        found = layout(graph)
        turned = graph.flow != self.document.graph.flow
        before = self._put(graph, found.positions, found, text)
        self.view.first_look() if turned else self.view.zoom_to_fit()
        self.scene.glide.begin(before)

    def _arrange_part(self, names: Collection[str]) -> None:
        graph, lying = self.document.graph, self.scene.positions()
        found = around(layout(edits.part(graph, names)), _middle([lying[name] for name in names]))
        lying |= found.positions
        self.scene.glide.begin(self._put(graph, lying, joined(self.places()[0], found), f"Arrange {len(names)} nodes"))

    def _put(self, graph: Graph, positions: Mapping[str, Point], plan: Layout, text: str) -> dict[str, Point]:
        """Put the nodes there, with this layout behind them; where they were."""
        before, sizes = self.scene.positions(), {name: item.box().rect for name, item in self.scene.nodes.items()}
        self._arranged[self.document.role, self.document.scope, graph.flow] = plan
        self.document.edit_graph(carried(edits.moved(graph, positions), sizes), text)
        self._show()
        return before


def around(found: Layout, middle: Point) -> Layout:
    """The layout moved so that its middle lies at `middle`."""
    now = _middle(list(found.positions.values()))
    across, down = middle[0] - now[0], middle[1] - now[1]
    positions = {name: (x + across, y + down) for name, (x, y) in found.positions.items()}
    return Layout(positions, {ends: tuple((x + across, y + down) for x, y in points) for ends, points in found.waypoints.items()})


def joined(whole: Layout, part: Layout) -> Layout:
    """A layout with some of its nodes as in another: links with an end among them no longer run as they did."""
    kept = {ends: points for ends, points in whole.waypoints.items() if not part.positions.keys() & set(ends)}
    return Layout(whole.positions | part.positions, kept | part.waypoints)


def carried(graph: Graph, cards: Mapping[str, QRectF]) -> Graph:
    """The graph with its notes taken along: frames stay around what lay in them, comments stay beside the node that was nearest.

    `cards` is where the nodes' cards lay before they were put where the graph has them now.
    """
    middles = {name: node.position for name, node in graph.nodes.items() if node.position and name in cards}
    shifts = {name: QPointF(*middle) - cards[name].center() for name, middle in middles.items()}
    rects = {name: note_edits.rect_of(note) for name, note in graph.notes.items()}
    places = {}
    for name, note in graph.notes.items():
        inside = note_edits.inside(rects[name], cards, {})[0] if note.frame else []
        rect = _taken(rects[name], [name for name in inside if name in shifts], cards, shifts)
        now = [cards[name].translated(shift) for name, shift in shifts.items()]
        meant = note.frame or any(card.intersects(rects[name]) for card in cards.values())
        places[name] = note_edits.place_of(rect if meant else note_edits.clear_of(rect, now, graph.flow))
    return note_edits.placed(graph, places)


def _taken(rect: QRectF, inside: list[str], cards: Mapping[str, QRectF], shifts: Mapping[str, QPointF]) -> QRectF:
    if inside:
        before, after = QRectF(), QRectF()
        for name in inside:
            before, after = before.united(cards[name]), after.united(cards[name].translated(shifts[name]))
        left, top, right, bottom = (rect.left() - before.left(), rect.top() - before.top(), rect.right() - before.right(), rect.bottom() - before.bottom())
        return after.adjusted(min(left, 0), min(top, 0), max(right, 0), max(bottom, 0))
    nearest = min(shifts, key=lambda name: (cards[name].center() - rect.center()).manhattanLength(), default=None)
    return rect.translated(shifts[nearest]) if nearest else rect


def _middle(points: list[Point]) -> Point:
    across, down = [x for x, _ in points], [y for _, y in points]
    return (min(across) + max(across)) / 2, (min(down) + max(down)) / 2
