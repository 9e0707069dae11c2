"""What the canvas does to the document's graph: each method is one undoable step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QGuiApplication

from app.canvas import edits
from app.canvas.edits import clipboard, note_edits, rewire
from app.canvas.finding.search_menu import WORDS, SearchMenu
from app.canvas.finding.suggest import Source
from app.canvas.geometry import COLUMN, HEIGHT, RIGHT_COLUMN, RIGHT_ROW, ROW
from app.canvas.items.faces import shape_label
from app.canvas.sheet import Sheet
from app.own_blocks import OwnBlock, OwnBlocks
from ml.project.graph import RIGHT, Graph, Link

BESIDE = (32.0, 32.0)
"""Where a copy lies, from what it is a copy of."""


class Editor:
    """Edits the graph that a view shows. Whatever it does, nodes stay where they are seen."""

    def __init__(self, view: Sheet, search_menu: SearchMenu) -> None:
        self.view, self.scene, self.document = view, view.graph_scene, view.document
        self.search_menu = search_menu
        self.own: OwnBlocks | None = None
        """The person's own blocks, which are added as node types are."""
        for gone in (self.document.changed, self.document.scope_changed):
            gone.connect(search_menu.give_up)

    def edit_graph(self, graph: Graph, text: str, merge: str | None = None) -> None:
        """Put `graph` in the place of the one that is shown, where it is another one; nodes that nobody had put anywhere are put where they lie."""
        if graph == self.document.graph:
            return
        lying = {name: point for name, point in self.scene.positions().items() if name in graph.nodes and graph[name].position is None}
        self.document.edit_graph(edits.moved(graph, lying), text, merge)

    def keep_positions(self, names: Sequence[str], merge: str | None = None, text: str = "") -> None:
        """Write down where these nodes, and all notes, have been moved to, as a step called `text`, else "Move" and the nodes' names."""
        lying = self.scene.positions()
        graph = note_edits.placed(self.document.graph, self.scene.notes.places())
        self.edit_graph(edits.moved(graph, {name: lying[name] for name in names}), text or f"Move {words(names)}", merge)

    def drop_node(self, name: str, taken_out: bool = False) -> None:
        """Write down where a node was let go; one without links that lies on a link goes into it.

        One that was taken out of its chain has no links any more: the chain has closed behind it.
        """
        point = self.scene.nodes[name].pos()
        graph = edits.moved(self.document.graph, {name: (point.x(), point.y())})
        graph = rewire.take_out(graph, name) if taken_out else graph
        key = self.scene.link_at(point) if rewire.insertable(graph, name) else None
        inserted = self._inserted(graph, name, key) if key else None
        what = f"Put {name} into a link" if inserted else f"Take {name} out" if taken_out else f"Move {name}"
        self.edit_graph(inserted or graph, what)

    def add_node(self, type: str, at: QPointF | None = None, before: Sequence[Link] = (), feeds: tuple[str, int] | None = None) -> str:
        """Add a node of this type at a point of the scene (else where there is room), and select it; its name.

        It is fed by `before` and feeds the input `feeds` where that fits; with neither, on a link, it goes into that.
        """
        at = at or self.free_spot([link.node for link in before])
        own = self.own_block(type)
        place = at.x(), at.y()
        graph, name = edits.add_copy(self.document.graph, own.block, own.name, place) if own else edits.add(self.document.graph, type, place)
        key = None if before or feeds else self.scene.link_at(at)
        graph = edits.attach(graph, name, before)
        if feeds and edits.refusal(graph, Link(name), *feeds) is None:
            graph = edits.connect(graph, Link(name), *feeds)
        self.edit_graph((key and self._inserted(graph, name, key)) or graph, f"Add {name}")
        self.view.select([name])
        self.search_menu.note_use(type)
        return name

    def own_block(self, id: str) -> OwnBlock | None:
        """The person's own block with this id, None where it is that of a node type."""
        return self.own[id] if self.own is not None else None

    def open_search(self, at: QPointF | None = None, source: Sequence[Link] = ()) -> None:
        """Open the search menu; what is chosen goes to `at`, fed by `source`; with no place, into the selected link, else below the selected nodes."""
        link = self.scene.links.get(self.scene.picked_link) if self.scene.picked_link else None
        at = at or (link.middle() if link else None)
        self.ask_for_node(at, source or ([] if at else [Link(name) for name in self.scene.selected()]))

    def ask_for_node(self, at: QPointF | None, before: Sequence[Link], feeds: tuple[str, int] | None = None) -> None:
        """Let a type be chosen, those first that take what would feed it, and add a node of it, fed by `before`; it feeds the input `feeds`."""
        spot = at or self.free_spot([link.node for link in before])
        source = self._source(before, spot)
        words = f"What takes {shape_label(source.shape)}" if source else WORDS
        self.search_menu.open_at(self.view.mapFromScene(spot), lambda type: self.add_node(type, spot, before, feeds), words, source)

    def _source(self, before: Sequence[Link], at: QPointF) -> Source | None:
        """What would feed a node that is fed by `before`, or that goes into the link at a point."""
        graph = self.document.graph
        key = None if before else self.scene.link_at(at)
        link = before[0] if before else graph[key[0]].inputs[key[1]] if key else None
        report = self.document.node_reports.get(link.node) if link else None
        if link is None or report is None or link.output >= len(report.shapes):
            return None
        return Source(report.shapes[link.output], report.dtypes[link.output] if link.output < len(report.dtypes) else "")

    def _inserted(self, graph: Graph, name: str, key: tuple[str, int]) -> Graph | None:
        if key[1] >= len(graph[key[0]].inputs):
            return None
        try:
            return edits.insert(graph, name, *key)
        except edits.Refused as refused:
            self.view.status.emit(str(refused))
            return None

    def free_spot(self, before: Sequence[str] = ()) -> QPointF:
        """A point after the nodes of `before`, else in the middle of the view, and beside what already lies there."""
        right = self.document.graph.flow == RIGHT
        onward, aside = (QPointF(RIGHT_COLUMN, 0), QPointF(0, RIGHT_ROW)) if right else (QPointF(0, ROW), QPointF(COLUMN, 0))
        points = [self.scene.nodes[name].pos() for name in before if name in self.scene.nodes]
        spot = self.view.middle()
        if points:
            across, down = [point.x() for point in points], [point.y() for point in points]
            spot = QPointF(max(across), sum(down) / len(down)) if right else QPointF(sum(across) / len(across), max(down))
            spot += onward
        card = QRectF(-COLUMN / 2, -HEIGHT, COLUMN, 2 * HEIGHT)
        while self.scene.names_in(card.translated(spot)):
            spot += aside
        return spot

    def delete_selected(self) -> None:
        """Delete the selected nodes and notes, or the selected link; chains close over the nodes."""
        self._delete(rewire.delete(self.document.graph, self.scene.selected()))

    def delete_open(self) -> None:
        """Delete as `delete_selected` does, but leave the ends of chains open."""
        self._delete(edits.delete(self.document.graph, self.scene.selected()))

    def _delete(self, rest: Graph) -> None:
        names, notes, link = self.scene.selected(), self.scene.notes.selected(), self.scene.picked_link
        if names or notes:
            what = words(names) if names else note_edits.words(self.document.graph, notes)
            self.edit_graph(note_edits.without(rest, notes), f"Delete {what}")
        elif link:
            self.edit_graph(edits.disconnect(self.document.graph, *link), f"Disconnect {link[0]}")

    def replace_selected(self) -> None:
        """Ask for another type and put nodes of it in the selected nodes' places, keeping links and arguments that fit."""
        names = self.scene.selected()
        if names:
            place = self.view.mapFromScene(self.scene.nodes[names[0]].pos())
            fed = [link for link in self.document.graph[names[0]].inputs if link is not None]
            source = self._source(fed, QPointF()) if fed else None
            self.search_menu.open_at(place, lambda type: self.replace(names, type), f"Replace {words(names)} by", source)

    def replace(self, names: Sequence[str], type: str) -> None:
        """Put nodes of another type in these nodes' places."""
        graph, new = self.document.graph, []
        for name in names:
            own = self.own_block(type)
            graph, replaced = rewire.exchange(graph, name, own.name if own else type, own.block if own else None)
            new.append(replaced)
        lying = self.scene.positions()
        self.edit_graph(edits.moved(graph, {now: lying[was] for was, now in zip(names, new, strict=True)}), f"Replace {words(names)} by {type}")
        self.view.select(new)

    def duplicate(self) -> None:
        """Copy the selected nodes beside themselves."""
        self._insert_part(self._selected_part(), "Duplicate")

    def copy(self) -> None:
        """Put the selected nodes and notes on the clipboard, and with a frame what lies in it."""
        if self.scene.selected() or self.scene.notes.selected():
            QGuiApplication.clipboard().setText(clipboard.encode(self._selected_part(), self.document.project.weights))

    def cut(self) -> None:
        """Put the selected nodes and notes on the clipboard and delete them, with a frame also what lies in it."""
        names, notes = self.scene.notes.carried()
        if names or notes:
            self.scene.select(names, notes=notes)
            self.copy()
            self.delete_selected()

    def paste(self) -> None:
        """Add the nodes that are on the clipboard."""
        try:
            self._insert_part(clipboard.decode(QGuiApplication.clipboard().text(), self.document.project.weights), "Paste")
        except clipboard.ClipboardProblem as problem:
            self.view.status.emit(str(problem))

    def _selected_part(self) -> Graph:
        return edits.part(edits.moved(self.document.graph, self.scene.positions()), *self.scene.notes.carried())

    def _insert_part(self, part: Graph, verb: str) -> None:
        if part.nodes or part.notes:
            taken = set(self.scene.positions().values()) | {place[:2] for place in self.scene.notes.places().values()}
            corners = [node.position for node in part.nodes.values() if node.position] + [note.place[:2] for note in part.notes.values()]
            shift = BESIDE
            while any((x + shift[0], y + shift[1]) in taken for x, y in corners):
                shift = (shift[0] + BESIDE[0], shift[1] + BESIDE[1])
            before = self.document.graph.notes
            graph, names = edits.insert_part(self.document.graph, part, shift)
            notes = [name for name in graph.notes if name not in before]
            self.edit_graph(graph, f"{verb} {words(names) if names else note_edits.words(self.document.graph, notes)}")
            self.view.select(names, notes)


def words(names: Sequence[str]) -> str:
    """The nodes as a step's text names them."""
    return names[0] if len(names) == 1 else f"{len(names)} nodes"
