"""The scene shows a graph: it compares the old value with the new one and changes only the items that differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene

from app.canvas import geometry
from app.canvas.geometry import Box, Hit
from app.canvas.glide import Glide
from app.canvas.items import hover
from app.canvas.items.cards import LinkItem, NodeItem
from app.canvas.items.faces import Face, face
from app.canvas.items.look import Detail, Look
from app.canvas.items.note_layer import NoteLayer
from app.canvas.layout import Layout, Point, routing
from app.canvas.palette import Palette
from ml.project.graph import Graph, Node
from ml.project.report import NodeReport

MANY, FEW = 250, 30
"""With more links to draw at once, none looks out for cards in its way; with more cards moved at once, no link gives way to them."""
ROOM = 150_000.0
"""The scene reaches this far from its middle; it never changes, so the index is never rebuilt."""

LinkKey = tuple[str, int]
"""A link by the node it feeds and which of its inputs."""


class GraphScene(QGraphicsScene):
    """Node items by name and link items by what they feed."""

    picked = Signal()
    """Other nodes, or another link, are selected."""
    arranged = Signal()
    """Nodes or notes lie elsewhere, or there are others."""

    def __init__(self, palette: Palette, parent: QObject | None = None) -> None:
        super().__init__(-ROOM, -ROOM, 2 * ROOM, 2 * ROOM, parent)
        self.look = Look(palette)
        self.graph = Graph()
        self.nodes: dict[str, NodeItem] = {}
        self.links: dict[LinkKey, LinkItem] = {}
        self.notes = NoteLayer(self)
        self.glide = Glide(self)
        self.picked_link: LinkKey | None = None
        self._aimed: LinkKey | None = None
        self._reports: Mapping[str, NodeReport] = {}
        self._layout = Layout()
        self._around: dict[str, set[LinkKey]] = {}
        self._outputs: dict[str, int] = {}
        self._selection: list[str] = []
        self._lit = ""
        self._quiet = False
        self.selectionChanged.connect(self._selection_changed)

    # Showing values.

    def show_graph(self, graph: Graph, reports: Mapping[str, NodeReport], positions: Mapping[str, Point], layout: Layout) -> None:
        """Show `graph` with its nodes at `positions`. Links whose ends lie as in `layout` take its waypoints."""
        self.glide.finish()
        selected = self.selected()
        old, self.graph, self._layout = self.graph, graph, layout
        outputs = _outputs_used(graph)
        gone = [name for name in self.nodes if name not in graph.nodes]
        self._quiet = True
        for name in gone:
            self.removeItem(self.nodes.pop(name))
        dirty = self._follow_flow()
        for name, node in graph.nodes.items():
            item, report = self.nodes.get(name), reports.get(name)
            same = item and _looks_alike(old.nodes.get(name), node) and self._reports.get(name) == report and self._outputs.get(name) == outputs.get(name)
            if not same:
                dirty |= self._show_face(name, face(name, node, report, outputs.get(name, 0)))
            dirty |= self._place(name, positions[name])
        self._reports, self._outputs = dict(reports), outputs
        self._show_links(dirty)
        self._give_way(old)
        self.notes.show(graph.notes)
        self._quiet = False
        self._keep_selection(old, selected, gone)
        self.arranged.emit()

    def set_reports(self, reports: Mapping[str, NodeReport]) -> list[str]:
        """Show other reports of the same graph; the names of the nodes that were repainted."""
        changed, resized = [], set()
        for name, item in self.nodes.items():
            if self._reports.get(name) != reports.get(name):
                shown = face(name, self.graph[name], reports.get(name), self._outputs.get(name, 0))
                if shown != item.face:
                    changed.append(name)
                    resized |= self._show_face(name, shown)
        self._reports = dict(reports)
        self._flush(resized)
        return changed

    def set_palette(self, palette: Palette) -> None:
        """Paint everything in other colours."""
        self.look = Look(palette, self.graph.flow, self.look.detail)
        for item in self.nodes.values():
            item.look = self.look
            item.refresh()
        self.notes.follow_look()
        self._repaint_links(self.links)

    def _follow_flow(self) -> set[str]:
        """Where values flow another way now, every port lies elsewhere: the names of the nodes whose links have to follow."""
        if self.look.flow == self.graph.flow:
            return set()
        self.look.flow = self.graph.flow
        for item in self.nodes.values():
            item.refresh()
        return set(self.nodes)

    def set_detail(self, detail: Detail) -> None:
        """Paint more or less, as the zoom asks."""
        if detail != self.look.detail:
            self.look.detail = detail
            for item in self.nodes.values():
                item.follow_detail()
            self.notes.follow_look()
            self._repaint_links(self.links)
            self.update()

    def clear_graph(self) -> None:
        """Show nothing."""
        self.show_graph(Graph(), {}, {}, Layout())

    def _show_face(self, name: str, shown: Face) -> set[str]:
        """Show a face; the name of its node where links have to follow, else nothing."""
        item = self.nodes.get(name)
        if item is None:
            self.nodes[name] = item = NodeItem(shown, self.look)
            self.addItem(item)
            return {name}
        if item.face == shown:
            return set()
        before = item.box()
        item.show_face(shown)
        return {name} if item.box() != before else set()

    def _place(self, name: str, position: Point) -> set[str]:
        item = self.nodes[name]
        if (item.x(), item.y()) == position:
            return set()
        item.setPos(*position)
        return {name}

    def _show_links(self, dirty: set[str]) -> None:
        wanted = {(name, port): link for name, port, link in self.graph.links() if link.node in self.nodes}
        gone = [key for key, item in self.links.items() if key not in wanted or (item.source, item.output) != (wanted[key].node, wanted[key].output)]
        for key in gone:
            self.removeItem(self.links.pop(key))
            if self.picked_link == key:
                self.picked_link = None
        new = [key for key in wanted if key not in self.links]
        for key in new:
            self.links[key] = LinkItem(wanted[key].node, wanted[key].output, *key)
            self.addItem(self.links[key])
        if gone or new:
            self._around = {}
            for key, item in self.links.items():
                self._around.setdefault(item.source, set()).add(key)
                self._around.setdefault(item.target, set()).add(key)
        self._flush(dirty, new)
        self._repaint_links(new)

    # Moving.

    def move(self, positions: Mapping[str, QPointF], look_out: bool | None = None) -> None:
        """Put nodes elsewhere while a hand drags them; the links follow once, seen from near around cards as `_route` says."""
        shifts = {name: position - self.nodes[name].pos() for name, position in positions.items()}
        for name, position in positions.items():
            self.nodes[name].setPos(position)
        for key in {key for name in positions for key in self._around.get(name, ())}:
            item = self.links[key]
            shift = shifts.get(item.source)
            if shift is not None and shift == shifts.get(item.target):
                item.moveBy(shift.x(), shift.y())
            else:
                self._route(item, look_out if self.look.detail == Detail.FULL else False)
        self.arranged.emit()

    def _flush(self, names: Iterable[str], also: Iterable[LinkKey] = ()) -> None:
        keys = {*also, *(key for name in names for key in self._around.get(name, ()))}
        boxes: dict[str, Box] = {}
        for key in keys:
            self._route(self.links[key], None if len(keys) <= MANY else False, boxes)

    def _route(self, item: LinkItem, look_out: bool | None = None, boxes: dict[str, Box] | None = None) -> None:
        """Draw a link between its ends, around cards in its way where `look_out` is set; None: unless it lies as planned."""
        source, target = self._box(item.source, boxes), self._box(item.target, boxes)
        start, end, via = source.output(item.output), target.input(item.port), routing.waypoints(source, target, self._layout)
        if not item.pos().isNull():
            item.setPos(0, 0)
        if not routing.planned(source, target, self._layout) if look_out is None else look_out:
            path, item.detours = routing.around(start, end, via, (source.rect, target.rect), lambda line: self._cards_on(line, item), self.graph.flow)
            item.setPath(path)
        else:
            item.detours = False
            item.setPath(geometry.link_path(start, end, via, self.graph.flow))

    def _box(self, name: str, known: dict[str, Box] | None) -> Box:
        if known is None:
            return self.nodes[name].box()
        if name not in known:
            known[name] = self.nodes[name].box()
        return known[name]

    def _cards_on(self, path: QPainterPath, link: LinkItem) -> list[QRectF]:
        """The cards that a line runs through, beside those that `link` joins."""
        line = routing.doubled(path)
        found = self.items(path.boundingRect().adjusted(-1, -1, 1, 1), Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        cards = [item.box().rect for item in found if isinstance(item, NodeItem) and item.face.name not in (link.source, link.target)]
        return [card for card in cards if line.intersects(card)]

    def _give_way(self, old: Graph) -> None:
        """Draw the links anew that run under cards which were put somewhere else, and those that went around cards."""
        moved = [name for name, node in self.graph.nodes.items() if name in old.nodes and old.nodes[name].position != node.position]
        if not 0 < len(moved) <= FEW:
            return
        cards = [self.nodes[name].box().rect for name in moved]
        under = {item for card in cards for item in self.items(card, Qt.ItemSelectionMode.IntersectsItemBoundingRect)}
        own = {key for name in moved for key in self._around.get(name, ())}
        for key, item in self.links.items():
            if item.detours or (item in under and any(routing.doubled(item.path().translated(item.pos())).intersects(card) for card in cards)):
                self._route(item, look_out=True)
            elif key in own:
                self._route(item)

    # Finding.

    def hit(self, point: QPointF, reach: float = geometry.PORT_REACH) -> Hit:
        """What lies under a point of the scene; ports only where they are painted."""
        reach = reach if self.look.detail == Detail.FULL else 0.0
        near = max(reach, 4.0)
        found = self.items(QRectF(point.x() - near, point.y() - near, 2 * near, 2 * near), Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        boxes = [item.box() for item in found if isinstance(item, NodeItem)]
        links = [(item.target, item.port, item.path().translated(item.pos())) for item in found if isinstance(item, LinkItem) and item.isVisible()]
        plain = geometry.hit(point, boxes, links, near if reach else 0.0)
        return self.notes.hit(point, self._band_hit(point, [item for item in found if isinstance(item, NodeItem)], plain))

    def _band_hit(self, point: QPointF, items: list[NodeItem], under: Hit) -> Hit:
        """What lies under a point where errors hang over it: their ways out before all, their words before other nodes' cards and links."""
        for item in items:
            part = item.part_at(point)
            if part is not None and part >= 0:
                return Hit("fix", item.face.name, part)
            if part is not None and under.kind in ("empty", "node", "link"):
                return Hit("node", item.face.name)
        return under

    def link_at(self, point: QPointF) -> LinkKey | None:
        """The link that runs through a point, also under cards."""
        for item in self.items(QRectF(point.x() - 8, point.y() - 8, 16, 16), Qt.ItemSelectionMode.IntersectsItemBoundingRect):
            if isinstance(item, LinkItem) and geometry.is_near(point, item.path().translated(item.pos()), 8):
                return item.target, item.port
        return None

    def names_in(self, rect: QRectF) -> list[str]:
        """The nodes whose cards touch `rect`."""
        found = self.items(rect, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        return [item.face.name for item in found if isinstance(item, NodeItem) and item.box().rect.intersects(rect)]

    def extent(self, names: Iterable[str] | None = None) -> QRectF:
        """What all nodes and notes cover, or the nodes in `names`."""
        rect = self.notes.extent() if names is None else QRectF()
        for name in self.nodes if names is None else names:
            rect = rect.united(self.nodes[name].sceneBoundingRect())
        return rect

    def positions(self) -> dict[str, Point]:
        """Where the nodes lie now; what glides is there."""
        self.glide.finish()
        return {name: (item.x(), item.y()) for name, item in self.nodes.items()}

    def words_for(self, hit: Hit) -> str:
        """What to say of what lies under a point, as HTML, or nothing."""
        return hover.words(self.graph, self._reports, hit)

    # Selecting.

    def selected(self) -> list[str]:
        """The names of the selected nodes, in the graph's order."""
        chosen = {item.face.name for item in self.selectedItems() if isinstance(item, NodeItem)}
        return [name for name in self.graph.nodes if name in chosen]

    def select(self, names: Sequence[str], link: LinkKey | None = None, notes: Sequence[str] = ()) -> None:
        """Select these nodes and notes, or a link, and nothing else. Names that are not there are passed over."""
        wanted = set(names)
        was, self._quiet = self._quiet, True
        for name, item in self.nodes.items():
            if item.isSelected() != (name in wanted):
                item.setSelected(name in wanted)
        self.notes.select(notes)
        self._quiet = was
        self.picked_link = link if link in self.links else None
        self._selection_changed()

    def _selection_changed(self) -> None:
        if self._quiet:
            return
        names = self.selected()
        if names or self.notes.selected():
            self.picked_link = None
        self._repaint_links(self.links)
        for name in {*names, *self._selection} & self.nodes.keys():
            self.nodes[name].fold()
        self._selection = names
        self.picked.emit()

    def _keep_selection(self, old: Graph, selected: list[str], gone: list[str]) -> None:
        """After a change: what was selected still is, also under its new name."""
        added = [name for name in self.nodes if name not in old.nodes]
        if len(gone) == len(added) == 1 and gone[0] in selected and old.renamed(gone[0], added[0]) == self.graph:
            self.select([added[0] if name == gone[0] else name for name in selected], notes=self.notes.selected())
        elif self.selected() != self._selection:
            self._selection_changed()

    # Links' looks.

    def pen(self, key: LinkKey) -> QPen:
        """How a link is drawn: its own selection and that of its ends show."""
        item, palette = self.links[key], self.look.palette
        picked = key in (self.picked_link, self._aimed)
        touched = picked or self.nodes[item.source].isSelected() or self.nodes[item.target].isSelected()
        pen = QPen(self.look.colour(palette.accent if touched else palette.link), 3.0 if picked else 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if self.look.detail != Detail.FULL:
            pen.setCosmetic(True)
            pen.setWidthF(1.0)
        return pen

    def _repaint_links(self, keys: Iterable[LinkKey]) -> None:
        for key in keys:
            pen, item = self.pen(key), self.links[key]
            if item.pen() != pen:
                item.setPen(pen)

    def aim_at(self, key: LinkKey | None) -> None:
        """Show into which link a node would go that is let go now."""
        if key != self._aimed:
            before, self._aimed = self._aimed, key
            self._repaint_links(each for each in (before, key) if each in self.links)

    def preview(self) -> QGraphicsPathItem:
        """A new dashed path above everything, for a link that is being drawn. The caller removes it."""
        item = QGraphicsPathItem()
        item.setPen(QPen(self.look.colour(self.look.palette.accent), 2.0, Qt.PenStyle.DashLine, Qt.PenCapStyle.RoundCap))
        item.setZValue(5)
        self.addItem(item)
        return item

    def drop(self, item: QGraphicsItem) -> None:
        """Take away what `preview` made."""
        self.removeItem(item)

    def light(self, hit: Hit | None) -> None:
        """Show which port, or which card, is under the hand, and no other."""
        for name in {self._lit, hit.node if hit else ""} & self.nodes.keys():
            item = self.nodes[name]
            mine = hit if hit and hit.node == name else Hit()
            lit = (mine.kind, mine.index) if mine.kind in ("input", "output", "fix") else None
            hovered = mine.kind in ("node", "input", "output", "fix")
            item.follow_hand(hovered, lit)
        self._lit = hit.node if hit else ""


def _looks_alike(old: Node | None, new: Node) -> bool:
    """Whether nothing of a node was edited but its place. An edit keeps the very values that it does not change."""
    if old is None or old is new:
        return old is new
    return (
        *(old.type == new.type, old.arguments is new.arguments, old.inputs is new.inputs, old.graph is new.graph),
        *(old.shares == new.shares, old.repeat == new.repeat, old.weights == new.weights),
    ) == (True,) * 7


def _outputs_used(graph: Graph) -> dict[str, int]:
    """For each node how many outputs its links need at least."""
    used: dict[str, int] = {}
    for _, _, link in graph.links():
        used[link.node] = max(used.get(link.node, 0), link.output + 1)
    return used
