"""The graph editor: shows the document's graph, and turns the mouse and the keyboard into edits of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QToolTip, QWidget

from app import theme
from app.canvas import clipboard, commands, edits
from app.canvas.geometry import COLUMN, ROW, Hit
from app.canvas.gestures.connect import Connect
from app.canvas.gestures.gesture import Gesture, Hand
from app.canvas.gestures.move import Move
from app.canvas.gestures.pan import Pan
from app.canvas.gestures.rubber_band import RubberBand
from app.canvas.items import Detail, detail_at
from app.canvas.layout import Layout, place
from app.canvas.overlays import Breadcrumb, Hint
from app.canvas.palette import DARK, LIGHT, Palette
from app.canvas.scene import GraphScene, LinkKey
from app.canvas.search_menu import SearchMenu
from app.document import Document
from ml.ops.table import NODE_TYPES
from ml.project.graph import BLOCK, Graph, Link
from ml.project.report import NodeReport

MIME = "application/x-neural-atelier-node"
"""What is dragged from the library: the id of a node type, in UTF-8."""
SMALLEST, LARGEST, STEP = 0.04, 2.5, 1.15
GRID = 24
EMPTY = "Press Tab to add a layer, or drag one from the library"
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}

Place = tuple[str, tuple[str, ...]]
"""A role and a scope: one graph of the project."""


class GraphView(QGraphicsView):
    """Shows `document.graph` and edits it."""

    selection_changed = Signal(list)
    """The names of the selected nodes, in the graph's order."""
    status = Signal(str)
    """A sentence for the status bar."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.graph_scene = GraphScene(_palette(), self)
        self.setScene(self.graph_scene)
        self._layouts: dict[Place, Layout] = {}
        self._views: dict[Place, tuple[float, QPointF]] = {}
        self._shown: Place | None = None
        self._gesture: Gesture | None = None
        self._space = False
        self._set_up()
        self.hint = Hint(self)
        self.breadcrumb = Breadcrumb(self)
        self.search_menu = SearchMenu(self)
        self.commands = commands.make(self)
        self._take_palette()
        self.graph_scene.picked.connect(self._announce_selection)
        self.breadcrumb.chosen.connect(self._leave_to)
        document.opened.connect(self._forget)
        document.changed.connect(lambda old, new: self.show_graph())
        document.scope_changed.connect(lambda scope: self.show_graph())
        document.checked.connect(lambda report: self._show_reports())
        self.show_graph()

    def _set_up(self) -> None:
        self.setObjectName("canvas")
        self.setAccessibleName("Graph")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setOptimizationFlags(QGraphicsView.OptimizationFlag.DontSavePainterState | QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setMinimumSize(240, 180)

    # Showing.

    @property
    def _place(self) -> Place:
        return self.document.role, self.document.scope

    def show_graph(self) -> None:
        """Show the document's graph as it is now."""
        here, graph = self._place, self.document.graph
        self._cancel_gesture()
        if fresh := here != self._shown:
            self._leave_place(here)
        layout, positions = place(graph, self._layouts.get(here))
        self._layouts[here] = layout
        was_empty = not self.graph_scene.nodes
        self.graph_scene.show_graph(graph, self.document.node_reports, positions, layout)
        if was_empty != (not graph.nodes):
            self.viewport().update()
        if fresh:
            self._arrive()

    def set_report(self, reports: dict[str, NodeReport]) -> None:
        """Show what the engine says of the role's nodes. Only nodes whose face changes are repainted."""
        for name in self.document.scope:
            reports = reports[name].inside if name in reports else {}
        self.graph_scene.set_reports(reports)

    def _show_reports(self) -> None:
        self.graph_scene.set_reports(self.document.node_reports)

    def _forget(self) -> None:
        """Another project: nothing of the old one's places counts."""
        self._layouts.clear()
        self._views.clear()
        self._shown = None

    def _leave_place(self, here: Place) -> None:
        if self._shown is not None:
            self._views[self._shown] = (self.zoom, self._middle())
        self.graph_scene.clear_graph()
        self._shown = here

    def _arrive(self) -> None:
        self.breadcrumb.show_scope(*self._place)
        if self._place in self._views:
            zoom, middle = self._views[self._place]
            self.set_zoom(zoom)
            self.centerOn(middle)
        else:
            self._first_look()
        self._announce_selection()

    def _first_look(self) -> None:
        """All of the graph where it can be read so, else its beginning."""
        self.zoom_to_fit()
        extent = self.graph_scene.extent()
        if self.zoom < 0.6 and not extent.isEmpty():
            self.set_zoom(0.8)
            self.centerOn(extent.center())
            top = self.mapFromScene(extent.topLeft()).y()
            self.pan(QPoint(0, 36 - top))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_theme_change(event) and hasattr(self, "commands"):
            self._take_palette()

    def _take_palette(self) -> None:
        palette = _palette()
        if self.graph_scene.look.palette is not palette:
            self.graph_scene.set_palette(palette)
        self.hint.set_palette(palette)
        self.breadcrumb.set_palette(palette)
        self._tile: tuple[int, QPixmap] | None = None
        self.viewport().update()

    # Zoom and pan.

    @property
    def zoom(self) -> float:
        """Pixels of the screen for one of the scene."""
        return self.transform().m11()

    def set_zoom(self, zoom: float, at: QPoint | None = None) -> None:
        """Zoom to `zoom`; the point of the scene that lies at `at` (else in the middle) stays there."""
        zoom = max(SMALLEST, min(LARGEST, zoom))
        at = at or self.viewport().rect().center()
        before = self.mapToScene(at)
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self.graph_scene.set_detail(detail_at(zoom))
        self.setRenderHint(QPainter.RenderHint.Antialiasing, self.graph_scene.look.detail != Detail.BLOCKS)
        self.pan(at - self.mapFromScene(before))

    def zoom_in(self) -> None:
        """A step nearer."""
        self.set_zoom(self.zoom * STEP**2)

    def zoom_out(self) -> None:
        """A step away."""
        self.set_zoom(self.zoom / STEP**2)

    def zoom_actual(self) -> None:
        """One pixel for one pixel."""
        self.set_zoom(1.0)

    def zoom_to_fit(self) -> None:
        """All of the graph at once, at most in its actual size."""
        extent = self.graph_scene.extent()
        if extent.isEmpty():
            self.set_zoom(1.0)
            self.centerOn(0, 0)
            return
        room = self.viewport().size() - QSize(48, 48)
        self.set_zoom(min(1.0, room.width() / extent.width(), room.height() / extent.height()))
        self.centerOn(extent.center())

    def pan(self, shift: QPoint) -> None:
        """Move the picture by pixels of the screen."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - shift.x())
        down.setValue(down.value() - shift.y())

    def _middle(self) -> QPointF:
        return self.mapToScene(self.viewport().rect().center())

    def wheelEvent(self, event: QWheelEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        touchpad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if touchpad and not control:
            self.pan(event.pixelDelta())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(QPoint(event.angleDelta().y() or event.angleDelta().x(), 0))
        else:
            self.set_zoom(self.zoom * STEP ** (event.angleDelta().y() / 120), event.position().toPoint())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.set_zoom(self.zoom * (1 + event.value()), event.position().toPoint())
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._tip(self._hit(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def _tip(self, hit: Hit) -> str:
        if hit.node not in self.graph_scene.nodes:
            return ""
        face = self.graph_scene.nodes[hit.node].face
        if hit.kind == "input":
            slot = face.slots[hit.index]
            return f"{slot.port}{' (optional)' if slot.optional else ''}"
        if hit.kind == "output":
            return face.shapes[hit.index] if hit.index < len(face.shapes) else "output"
        return face.error or face.sentence if hit.kind == "node" else ""

    def drawBackground(self, painter: QPainter, rect: QRectF | QRectF) -> None:
        palette = self.graph_scene.look.palette
        painter.setWorldMatrixEnabled(False)
        area = self.viewport().rect()
        if self.zoom < 0.5:
            painter.fillRect(area, QColor(palette.background))
        else:
            tile = self._dots(round(GRID * self.zoom))
            origin = self.mapFromScene(QPointF(0, 0))
            painter.drawTiledPixmap(area, tile, -origin)
        if not self.graph_scene.nodes:
            painter.setPen(QColor(palette.muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, EMPTY)
        painter.setWorldMatrixEnabled(True)

    def _dots(self, size: int) -> QPixmap:
        """One square of the dotted paper."""
        ratio = self.devicePixelRatioF()
        if self._tile is None or self._tile[0] != size:
            pixmap = QPixmap(round(size * ratio), round(size * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(QColor(self.graph_scene.look.palette.background))
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.graph_scene.look.palette.grid))
            painter.drawEllipse(QPointF(size / 2, size / 2), 1.3, 1.3)
            painter.end()
            self._tile = (size, pixmap)
        return self._tile[1]

    # The mouse.

    def _hand(self, point: QPoint, modifiers: Qt.KeyboardModifier) -> Hand:
        return Hand(self.mapToScene(point), point, modifiers)

    def _hit(self, point: QPoint) -> Hit:
        return self.graph_scene.hit(self.mapToScene(point))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._gesture is not None:
            return
        point = event.position().toPoint()
        self._gesture = self._gesture_for(event.button(), self._hit(point))
        if self._gesture is not None:
            self._gesture.start(self._hand(point, event.modifiers()))

    def _gesture_for(self, button: Qt.MouseButton, hit: Hit) -> Gesture | None:
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and self._space):
            return Pan(self)
        if button != Qt.MouseButton.LeftButton:
            return None
        match hit.kind:
            case "input" | "output":
                return Connect(self, hit)
            case "node":
                return Move(self, hit.node)
            case "link":
                self.graph_scene.select([], (hit.node, hit.index))
                return None
        return RubberBand(self)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hand = self._hand(event.position().toPoint(), event.modifiers())
        if self._gesture is not None:
            self._gesture.move(hand)
            return
        hit = self._hit(hand.screen)
        self.graph_scene.light(hit)
        shape = {"input": Qt.CursorShape.CrossCursor, "output": Qt.CursorShape.CrossCursor, "link": Qt.CursorShape.PointingHandCursor}
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if self._space else shape.get(hit.kind, Qt.CursorShape.ArrowCursor))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.end(self._hand(event.position().toPoint(), event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        hit = self._hit(event.position().toPoint())
        if hit.kind == "node" and self.document.graph[hit.node].type == BLOCK:
            self.open_block(hit.node)
        elif hit.kind == "empty":
            self.open_search(self.mapToScene(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self._gesture is None:
            self.graph_scene.light(None)

    def _cancel_gesture(self) -> bool:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    # The keyboard.

    def focusNextPrevChild(self, next: bool) -> bool:
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._space = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Tab:
            self.open_search()
        elif key == Qt.Key.Key_Backtab:
            super().focusNextPrevChild(False)
        elif key == Qt.Key.Key_Space:
            self._space = True
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key in ARROWS and not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            self._nudge(*ARROWS[key], 1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else GRID / 3)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
        super().keyReleaseEvent(event)

    def _escape(self) -> None:
        if not self._cancel_gesture():
            if self.graph_scene.selected() or self.graph_scene.picked_link:
                self.graph_scene.select([])
            else:
                self.close_block()

    def _nudge(self, across: int, down: int, distance: float) -> None:
        names = self.graph_scene.selected()
        if not names:
            self.select_next()
            return
        shift = QPointF(across * distance, down * distance)
        self.graph_scene.move({name: self.graph_scene.nodes[name].pos() + shift for name in names})
        self.keep_positions(names, merge=f"nudge {' '.join(names)}")

    def select_next(self) -> None:
        """Select the node after the selected one, in the order of the flow."""
        self._select_step(1)

    def select_previous(self) -> None:
        """Select the node before the selected one."""
        self._select_step(-1)

    def _select_step(self, step: int) -> None:
        graph = self.document.graph
        order = list(graph.nodes) if graph.cycle() else graph.sorted()
        if order:
            selected = self.graph_scene.selected()
            place = order.index(selected[-1]) + step if selected else (0 if step > 0 else -1)
            self.select([order[place % len(order)]])

    # Selecting.

    def selected(self) -> list[str]:
        """The names of the selected nodes, in the graph's order."""
        return self.graph_scene.selected()

    def select(self, names: Sequence[str]) -> None:
        """Select these nodes and bring them into view."""
        self.graph_scene.select(names)
        for name in names[:1]:
            if name in self.graph_scene.nodes:
                self.ensureVisible(self.graph_scene.nodes[name].sceneBoundingRect(), 24, 24)

    def select_all(self) -> None:
        """Select every node."""
        self.graph_scene.select(list(self.graph_scene.nodes))

    def _announce_selection(self) -> None:
        names = self.graph_scene.selected()
        faces = [self.graph_scene.nodes[name].face.sentence for name in names[:3]]
        self.setAccessibleDescription("; ".join(faces) if faces else f"{len(self.graph_scene.nodes)} nodes, none selected")
        for id in ("cut", "copy", "duplicate"):
            self.commands[id].setEnabled(bool(names))
        self.commands["delete"].setEnabled(bool(names or self.graph_scene.picked_link))
        self.commands["close_block"].setEnabled(bool(self.document.scope))
        self.selection_changed.emit(names)

    # Editing. Everything a hand does ends here, with all nodes staying where they are seen.

    def edit_graph(self, graph: Graph, text: str, merge: str | None = None) -> None:
        """Put `graph` in the place of the one that is shown, as one step; nodes that nobody had put anywhere are put where they lie."""
        lying = {name: point for name, point in self.graph_scene.positions().items() if name in graph.nodes and graph[name].position is None}
        self.document.edit_graph(edits.moved(graph, lying), text, merge)

    def keep_positions(self, names: Sequence[str], merge: str | None = None) -> None:
        """Write down where these nodes have been moved to. One without links that lies on a link goes into it."""
        lying = self.graph_scene.positions()
        graph = edits.moved(self.document.graph, {name: lying[name] for name in names})
        what = names[0] if len(names) == 1 else f"{len(names)} nodes"
        if merge is None and len(names) == 1 and (key := self._link_below(names[0])):
            try:
                graph, what = edits.insert(graph, names[0], *key), f"{names[0]} into the link"
            except edits.Refused as refused:
                self.status.emit(str(refused))
        self.edit_graph(graph, f"Move {what}", merge)

    def _link_below(self, name: str) -> LinkKey | None:
        """The link under the middle of a node that has no links of its own."""
        scene = self.graph_scene
        if any(name in (item.source, item.target) for item in scene.links.values()):
            return None
        return scene.link_at(scene.nodes[name].pos())

    def add_node(self, type: str, at: QPointF | None = None, before: Sequence[Link] = ()) -> str:
        """Add a node of this type at a point of the scene (else where there is room), fed by `before` where it fits; its name."""
        at = at or self._free_spot([link.node for link in before])
        graph, name = edits.add(self.document.graph, type, (at.x(), at.y()))
        graph = edits.attach(graph, name, before)
        if not before and (key := self.graph_scene.link_at(at)):
            try:
                graph = edits.insert(graph, name, *key)
            except edits.Refused as refused:
                self.status.emit(str(refused))
        self.edit_graph(graph, f"Add {name}")
        self.select([name])
        return name

    def _free_spot(self, before: Sequence[str]) -> QPointF:
        """Below the nodes of `before`, else in the middle, and to the right of what already lies there."""
        above = [self.graph_scene.nodes[name].pos() for name in before if name in self.graph_scene.nodes]
        middle = self._middle()
        spot = QPointF(sum(p.x() for p in above) / len(above), max(p.y() for p in above) + ROW) if above else middle
        card = QRectF(-COLUMN / 2, -ROW / 3, COLUMN, 2 * ROW / 3)
        while self.graph_scene.names_in(card.translated(spot)):
            spot += QPointF(COLUMN, 0)
        return spot

    def open_search(self, at: QPointF | None = None, source: Link | None = None) -> None:
        """Open the search menu; what is chosen goes to `at`, fed by `source`, else by what is selected."""
        before = [source] if source else [] if at else [Link(name) for name in self.selected()]
        spot = at or (self._free_spot([link.node for link in before]) if before else None)
        cursor = self.mapFromScene(spot or self._middle())
        self.search_menu.open_at(cursor, lambda type: self.add_node(type, spot, before))

    def delete_selected(self) -> None:
        """Delete the selected nodes, or the selected link."""
        names, link = self.selected(), self.graph_scene.picked_link
        if names:
            what = names[0] if len(names) == 1 else f"{len(names)} nodes"
            self.edit_graph(edits.delete(self.document.graph, names), f"Delete {what}")
        elif link:
            self.edit_graph(edits.disconnect(self.document.graph, *link), f"Disconnect {link[0]}")

    def duplicate(self) -> None:
        """Copy the selected nodes beside themselves."""
        self._insert(self._selected_part(), (32.0, 32.0), "Duplicate")

    def copy(self) -> None:
        """Put the selected nodes on the clipboard."""
        if self.selected():
            QGuiApplication.clipboard().setText(clipboard.encode(self._selected_part()))

    def cut(self) -> None:
        """Put the selected nodes on the clipboard and delete them."""
        self.copy()
        self.delete_selected()

    def paste(self) -> None:
        """Add the nodes that are on the clipboard."""
        try:
            self._insert(clipboard.decode(QGuiApplication.clipboard().text()), (32.0, 32.0), "Paste")
        except clipboard.ClipboardProblem as problem:
            self.status.emit(str(problem))

    def _selected_part(self) -> Graph:
        return edits.part(edits.moved(self.document.graph, self.graph_scene.positions()), self.selected())

    def _insert(self, part: Graph, shift: tuple[float, float], verb: str) -> None:
        if part.nodes:
            graph, names = edits.insert_part(self.document.graph, part, shift)
            self.edit_graph(graph, f"{verb} {names[0] if len(names) == 1 else f'{len(names)} nodes'}")
            self.select(names)

    def layout_graph(self) -> None:
        """Arrange the whole graph, as one step."""
        bare = edits.unplaced(self.document.graph)
        layout, positions = place(bare, None)
        self._layouts[self._place] = layout
        self.document.edit_graph(edits.moved(bare, positions), "Arrange graph")
        self.show_graph()
        self.zoom_to_fit()

    # Blocks.

    def open_block(self, name: str | None = None) -> None:
        """Show the inside of a block, of the selected one where none is named."""
        selected = self.selected()
        name = name or (selected[0] if len(selected) == 1 else "")
        if name and self.document.graph[name].type == BLOCK:
            self.document.scope = (*self.document.scope, name)

    def close_block(self) -> None:
        """Show the graph around the opened block, with the block selected."""
        if self.document.scope:
            self._leave_to(len(self.document.scope) - 1)

    def _leave_to(self, depth: int) -> None:
        left = self.document.scope[depth]
        self.document.scope = self.document.scope[:depth]
        self.select([left])

    # Dropping from the library.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        type = event.mimeData().data(MIME).toStdString()
        if type not in NODE_TYPES:
            self.status.emit(f"There is no node type {type!r}.")
            return
        event.acceptProposedAction()
        self.add_node(type, self.mapToScene(event.position().toPoint()))
        self.setFocus()

    def show_hint(self, text: str, point: QPoint) -> None:
        """Show words at the cursor, or take them away."""
        self.hint.show_at(text, point)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not event.oldSize().isValid() or not self.isVisible():
            self._first_look()


def _palette() -> Palette:
    return DARK if theme.is_dark() else LIGHT
