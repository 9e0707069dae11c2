"""The graph editor: shows the document's graph, and turns the mouse and the keyboard into edits of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app import theme
from app.canvas import commands, spoken
from app.canvas.commands.aligning import Aligning
from app.canvas.commands.arranging import Arranging
from app.canvas.commands.blocks import Blocks
from app.canvas.commands.connector import Connector
from app.canvas.commands.editor import Editor
from app.canvas.commands.fixing import Fixing
from app.canvas.commands.freezing import Freezing
from app.canvas.commands.naming import Naming
from app.canvas.commands.notes import Notes, cursor
from app.canvas.commands.selecting import Selecting
from app.canvas.context_menu import ContextMenu
from app.canvas.finding.bar import FindBar
from app.canvas.finding.search_menu import SearchMenu
from app.canvas.geometry import Hit
from app.canvas.gestures.connect import Connect
from app.canvas.gestures.gesture import Gesture, Hand
from app.canvas.gestures.move import Move
from app.canvas.gestures.pan import Pan
from app.canvas.gestures.resize import Resize
from app.canvas.gestures.rubber_band import RubberBand
from app.canvas.gestures.scrolling import Scrolling
from app.canvas.keyboard import Keyboard
from app.canvas.minimap import Minimap
from app.canvas.overlays import Breadcrumb
from app.canvas.palette import DARK, LIGHT, Palette
from app.canvas.scene import GraphScene
from app.canvas.sheet import Sheet
from app.canvas.writing import Writing
from app.document import Document
from ml.ops.table import NODE_TYPES
from ml.project.graph import Link

MIME = "application/x-neural-atelier-node"
"""What is dragged from the library: the id of a node type, in UTF-8."""

Place = tuple[str, tuple[str, ...]]
"""A role and a scope: one graph of the project."""


class GraphView(Sheet):
    """Shows `document.graph` and edits it through `editor`; `commands` are its actions, for the window's menus."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, GraphScene(_palette()), parent)
        self.breadcrumb, self.search_menu, self.writing = Breadcrumb(self), SearchMenu(self), Writing(self)
        self.editor, self.selecting = Editor(self, self.search_menu), Selecting(self)
        self.notes = Notes(self, self.editor, self.writing)
        self.naming = Naming(self, self.notes, self.writing)
        self.blocks = Blocks(self, self.editor, self.naming)
        self.aligning, self.freezing, self.fixing = Aligning(self, self.editor), Freezing(self, self.editor), Fixing(self, self.editor)
        self.arranging = Arranging(self, self.show_graph)
        self.find_bar, self.connector, self.minimap = FindBar(self), Connector(self, self.editor), Minimap(self)
        self.keyboard = Keyboard(self, self.editor, self.selecting, self.blocks, self.cancel_gesture)
        self.context_menu = ContextMenu(self, self.editor, self.notes, self.fixing)
        self.scrolling = Scrolling(self, self._drag_on)
        self._views: dict[Place, tuple[float, QPointF]] = {}
        self._shown: Place | None = None
        self._gesture: Gesture | None = None
        self._button = Qt.MouseButton.NoButton
        """The one that began the gesture."""
        self.setObjectName("canvas")
        self.setAccessibleName("Graph")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setMinimumSize(240, 180)
        self.commands = commands.make(self)
        self._take_palette()
        self.graph_scene.picked.connect(self._announce_selection)
        self.breadcrumb.chosen.connect(self.blocks.leave_to)
        document.opened.connect(self._forget)
        document.changed.connect(self.show_graph)
        document.scope_changed.connect(self.show_graph)
        document.checked.connect(self._show_reports)
        self.show_graph()

    # Showing.

    @property
    def _place(self) -> Place:
        return self.document.role, self.document.scope

    def show_graph(self) -> None:
        """Show the document's graph as it is now."""
        here, graph = self._place, self.document.graph
        self.cancel_gesture()
        if fresh := here != self._shown:
            self._leave_place(here)
        layout, positions = self.arranging.places()
        was_empty = not self.graph_scene.nodes
        self.graph_scene.show_graph(graph, self.document.node_reports, positions, layout)
        if was_empty != (not graph.nodes):
            self.viewport().update()
        if fresh:
            self._arrive()
        else:
            commands.enable(self)

    def _show_reports(self) -> None:
        self.graph_scene.set_reports(self.document.node_reports)

    def _forget(self) -> None:
        """Another project: nothing of the old one's places counts."""
        self.arranging.forget()
        self._views.clear()
        self._shown = None

    def _leave_place(self, here: Place) -> None:
        if self._shown is not None:
            self._views[self._shown] = (self.zoom, self.middle())
        self.graph_scene.clear_graph()
        self._shown = here

    def _arrive(self) -> None:
        self.breadcrumb.show_scope(*self._place)
        if self._place in self._views:
            zoom, middle = self._views[self._place]
            self.set_zoom(zoom)
            self.centerOn(middle)
        else:
            self.first_look()
        self._announce_selection()

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
        self.search_menu.set_palette(palette)
        self.writing.set_palette(palette)
        self.find_bar.set_palette(palette)
        self.connector.set_palette(palette)
        self.minimap.refresh()
        self.repaint_paper()

    # The mouse.

    def _hand(self, point: QPoint, modifiers: Qt.KeyboardModifier) -> Hand:
        return Hand(self.mapToScene(point), point, modifiers)

    def _hit(self, point: QPoint) -> Hit:
        return self.graph_scene.hit(self.mapToScene(point))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.graph_scene.glide.finish()
        if self._gesture is None:
            point = event.position().toPoint()
            self._button = event.button()
            self._gesture = self._gesture_for(self._button, self._hit(point))
            if self._gesture is not None:
                self._gesture.start(self._hand(point, event.modifiers()))

    def _gesture_for(self, button: Qt.MouseButton, hit: Hit) -> Gesture | None:
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and self.keyboard.space):
            return Pan(self)
        if button != Qt.MouseButton.LeftButton:
            return None
        match hit.kind:
            case "input" | "output" | "link":
                return Connect(self, self.editor, hit)
            case "fix":
                return self.fixing.press(hit.node, hit.index)
            case "node":
                return Move(self, self.editor, hit.node)
            case "note":
                return Move(self, self.editor, note=hit.node)
            case "handle":
                return Resize(self, self.editor, hit.node, hit.index)
        return RubberBand(self)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hand = self._hand(event.position().toPoint(), event.modifiers())
        if self._gesture is not None:
            self._gesture.move(hand)
            if not isinstance(self._gesture, Pan):
                self.scrolling.follow(hand)
            return
        hit = self._hit(hand.screen)
        self.graph_scene.light(hit)
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if self.keyboard.space else cursor(hit))

    def _drag_on(self, hand: Hand) -> None:
        """Go on with a gesture whose hand rests while the paper moves under it."""
        if self._gesture is not None:
            self._gesture.move(self._hand(hand.screen, hand.modifiers))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != self._button:
            return  # another one came up while this one is held: the gesture goes on
        gesture, self._gesture = self._gesture, None
        self.scrolling.stop()
        if gesture is not None:
            gesture.end(self._hand(event.position().toPoint(), event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        hit = self._hit(point)
        if hit.kind == "node":
            self.blocks.open(hit.node)
        elif hit.kind == "note":
            self.notes.write(hit.node)
        elif hit.kind in ("empty", "link"):
            self.editor.open_search(self.mapToScene(point))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._gesture is None:
            self.context_menu.open(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self._gesture is None:
            self.graph_scene.light(None)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.graph_scene.words_for(self._hit(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def cancel_gesture(self) -> bool:
        """Put everything back as it was before the present gesture; whether there was one."""
        gesture, self._gesture = self._gesture, None
        self.scrolling.stop()
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    # The keyboard.

    def focusNextPrevChild(self, next: bool) -> bool:
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.keyboard.space = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backtab:
            super().focusNextPrevChild(False)
        elif not self.keyboard.press(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.keyboard.release(event)
        super().keyReleaseEvent(event)

    def _announce_selection(self) -> None:
        self.setAccessibleDescription(spoken.sentence(self.graph_scene))
        commands.enable(self)
        self.selection_changed.emit([name for name in self.selected() if name in self.document.graph.nodes])

    # Adding.

    def add_node(self, type: str, at: QPointF | None = None) -> str:
        """Add a node of this type at a point of the scene, else where there is room fed by what is selected; its name."""
        return self.editor.add_node(type, at, [] if at else [Link(name) for name in self.selected()])

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
        if type not in NODE_TYPES and self.editor.own_block(type) is None:
            self.status.emit(f"There is no node type {type!r}.")
            return
        event.acceptProposedAction()
        self.editor.add_node(type, self.mapToScene(event.position().toPoint()))
        self.setFocus()


def _palette() -> Palette:
    return DARK if theme.is_dark() else LIGHT
