"""Ways out of errors, from the canvas: a button under the node, or a menu with Ctrl+period."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from app.canvas import edits
from app.canvas.commands.editor import Editor
from app.canvas.geometry import COLUMN, HEIGHT, RIGHT_COLUMN, RIGHT_ROW, ROW
from app.canvas.sheet import Sheet
from ml.project.fixes import Fix, Insertion, apply, apply_to_project
from ml.project.graph import RIGHT, Graph

Point = tuple[float, float]


class Fixing:
    """Applies fixes to the graph that a view shows, each as one step."""

    def __init__(self, view: Sheet, editor: Editor) -> None:
        self.view, self.document, self.scene = view, view.document, view.graph_scene
        self.editor = editor

    def fixes(self, name: str) -> tuple[Fix, ...]:
        """The ways out that are known for a node."""
        report = self.document.node_reports.get(name)
        return report.fixes if report else ()

    def press(self, name: str, index: int) -> None:
        """Use the way out whose button was pressed, if it is still there."""
        found = self.fixes(name)
        if index < len(found):
            self.use(found[index])

    def open(self) -> None:
        """Open the list of ways out of the selected node, below it; of the first that has some where nothing is selected."""
        names = self.view.selected() or [name for name in self.document.graph.nodes if self.fixes(name)]
        name = next((name for name in names if self.fixes(name)), "")
        if not name:
            self.view.status.emit("Nothing that is selected has an error with a known way out." if names else "There is no error with a known way out.")
        elif QApplication.activePopupWidget() is None:
            self.view.select([name])
            self._menu(name)

    def fill(self, menu: QMenu, name: str) -> None:
        """Put a node's ways out into a menu."""
        for fix in self.fixes(name):
            menu.addAction(fix.text.replace("&", "&&"), partial(self.use, fix))

    def _menu(self, name: str) -> None:
        menu = QMenu(self.view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(f"Ways out for {name}")
        self.fill(menu, name)
        card = self.scene.nodes[name].box().rect
        menu.popup(self.view.viewport().mapToGlobal(self.view.mapFromScene(card.bottomLeft())))
        menu.setActiveAction(menu.actions()[0])

    def use(self, fix: Fix) -> None:
        """Apply a fix to the graph that is shown or, where it names a role, to that role's model."""
        if fix.role and (fix.role != self.document.role or self.document.scope):
            self.document.edit(apply_to_project(self.document.project, fix), fix.text)
            return
        placed = edits.moved(self.document.graph, self.scene.positions())
        self.editor.edit_graph(with_room(placed, apply(placed, fix), fix), fix.text)


def with_room(before: Graph, after: Graph, fix: Fix) -> Graph:
    """The graph after a fix, with what comes behind a new node moved on along the flow, where it would lie on the new one."""
    for change in fix.changes:
        new = [name for name in after.nodes if name not in before.nodes]
        if isinstance(change, Insertion) and change.target in before.nodes and new:
            after = _made_room(after, change.target, new)
    return after


def _made_room(graph: Graph, target: str, new: list[str]) -> Graph:
    """The graph with the new nodes that feed `target` above it, one step apart, and all from `target` on as far away as it takes."""
    chain: list[str] = []
    feeding = [link.node for link in graph[target].inputs if link and link.node in new]
    while feeding and feeding[0] not in chain:
        chain.append(feeding[0])
        feeding = [link.node for link in graph[feeding[0]].inputs if link and link.node in new]
    first = graph[chain[-1]] if chain else graph[target]
    source = next((graph[link.node].position for link in first.inputs if link and link.node in graph.nodes), None)
    place = graph[target].position
    if not chain or source is None or place is None:
        return graph
    axis, step = (0, RIGHT_COLUMN) if graph.flow == RIGHT else (1, ROW)
    lacking = max(0.0, source[axis] + (len(chain) + 1) * step - place[axis])
    moved = {name: _along(graph, name, axis, lacking) for name in _behind(graph, target)}
    others = [node.position for name, node in graph.nodes.items() if node.position and name not in moved and name not in chain]
    for index, name in enumerate(chain):
        moved[name] = _on(source, place, axis, (len(chain) - index) * step, others)
    return edits.moved(graph, moved)


def _on(source: Point, target: Point, axis: int, far: float, others: list[Point]) -> Point:
    """A place `far` behind the source along the flow, in line with the target or the source, or beside where others lie there."""
    column = RIGHT_ROW if axis == 0 else COLUMN
    beside = [source[1 - axis] + side * count * column for count in range(1, 9) for side in (-1, 1)]
    places = [(source[0] + far, across) if axis == 0 else (across, source[1] + far) for across in (target[1 - axis], source[1 - axis], *beside)]
    return next((place for place in places if not any(_covers(place, other) for other in others)), places[0])


def _covers(place: Point, other: Point) -> bool:
    return abs(place[0] - other[0]) < COLUMN * 0.9 and abs(place[1] - other[1]) < HEIGHT * 1.2


def _along(graph: Graph, name: str, axis: int, far: float) -> Point:
    x, y = graph[name].position or (0.0, 0.0)
    return (x + far, y) if axis == 0 else (x, y + far)


def _behind(graph: Graph, name: str) -> set[str]:
    """The node and all that it feeds, directly or not."""
    found, waiting = set(), [name]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += [user for user, _, _ in graph.consumers(here)]
    return found
