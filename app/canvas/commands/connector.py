"""Links made by keys: a list of the ports that fit, narrowed by typing, with the link drawn as it would be."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGraphicsPathItem, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from app.canvas import edits
from app.canvas.commands.editor import Editor
from app.canvas.edits import wiring
from app.canvas.geometry import Hit, link_path
from app.canvas.palette import Palette
from app.canvas.sheet import Sheet
from ml.project.graph import RIGHT, Link

WIDTH, ROWS, GAP = 280, 8, 20
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Connector(QFrame):
    """Opens beside the selected node. Arrows and letters choose, Enter connects, Escape gives up; Tab changes the port at the selected node."""

    def __init__(self, view: Sheet, editor: Editor) -> None:
        super().__init__(view)
        self.view, self.scene, self.document = view, view.graph_scene, view.document
        self.editor = editor
        self.setObjectName("connector")
        self.title, self.field, self.list = QLabel(), QLineEdit(), QListWidget()
        self.title.setObjectName("connector-title")
        self.list.setAccessibleName("Ports that fit")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for widget in (self.title, self.field, self.list):
            column.addWidget(widget)
        self._names: list[str] = []
        self._own: list[Hit] = []
        self._found: list[Hit] = []
        self._preview: QGraphicsPathItem | None = None
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        view.installEventFilter(self)
        self.list.currentRowChanged.connect(self._show_current)
        self.list.itemClicked.connect(lambda item: self._choose())
        self.document.changed.connect(self.close_list)
        self.document.scope_changed.connect(self.close_list)
        self.hide()

    def set_palette(self, palette: Palette) -> None:
        """Take other colours."""
        self.setStyleSheet(
            f"#connector {{ background: {palette.card}; border: 1px solid {palette.accent}; border-radius: 8px; }}"
            f"#connector QListWidget {{ background: {palette.card}; border: none; }}"
            f"#connector-title {{ color: {palette.muted}; background: transparent; }}"
        )

    def feed(self) -> None:
        """Ask what the selected nodes shall feed; a node that gives nothing is asked what feeds it."""
        names = self.view.selected()
        outputs = [Hit("output", names[0], index) for index in range(self.scene.nodes[names[0]].face.outputs)] if names else []
        if names and not outputs:
            self.take()
        elif names:
            self._open(names, outputs)

    def take(self) -> None:
        """Ask what shall feed the selected node."""
        names = self.view.selected()
        if len(names) == 1:
            self._open(names, wiring.free_inputs(names[0], self.document.graph[names[0]]))

    def cut(self) -> None:
        """Cut the selected link, or the selected nodes off from the others."""
        names = self.view.selected()
        if names:
            what = names[0] if len(names) == 1 else f"{len(names)} nodes"
            self.editor.edit_graph(wiring.cut_off(self.document.graph, names), f"Disconnect {what}")
        else:
            self.editor.delete_selected()

    def close_list(self) -> None:
        """Go away and connect nothing; the canvas has the keyboard again."""
        if self.isVisible():
            self._drop_preview()
            had_focus = self.field.hasFocus()
            self.hide()
            if had_focus:
                self.view.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
        elif event.type() == QEvent.Type.FocusOut:
            self.close_list()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self.close_list()
        elif key in ENTER:
            self._choose()
        elif key == Qt.Key.Key_Tab:
            self._own = self._own[1:] + self._own[:1]
            self._fill()
        elif key in STEPS:
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + STEPS[key])))
        else:
            return False
        return True

    def _open(self, names: list[str], own: list[Hit]) -> None:
        self._names, self._own = names, own
        if not own:
            taken = f"Every input of {names[0]} is taken: cut a link first (L selects one, Del cuts it)."
            self.view.status.emit(taken if self.document.graph[names[0]].inputs else f"{names[0]} takes no inputs.")
            return
        if not self._candidates():
            gives = own[0].kind == "output"
            self.view.status.emit(f"There is no free input that {names[0]} could feed." if gives else f"There is no node that could feed {names[0]}.")
            return
        self.view.reveal(names[0])
        self.setFixedWidth(min(WIDTH, self.view.width() - 16))
        self.field.clear()
        self._fill()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _candidates(self) -> list[Hit]:
        graph, positions = self.document.graph, self.scene.positions()
        if self._own[0].kind == "output":
            return wiring.targets(graph, self._names, positions)
        return wiring.feeders(graph, self._names[0], {name: item.face.outputs for name, item in self.scene.nodes.items()}, positions)

    def _fill(self) -> None:
        words, graph, own = self.field.text().lower().split(), self.document.graph, self._own[0]
        texts = {hit: self._text(hit) for hit in self._candidates()}
        self._found = [hit for hit, text in texts.items() if all(word in f"{text} {graph[hit.node].type}".lower() for word in words)]
        self.list.clear()
        for hit in self._found:
            item = QListWidgetItem(texts[hit])
            item.setToolTip(self.scene.nodes[hit.node].face.sentence)
            self.list.addItem(item)
        others = f" and {len(self._names) - 1} more" if len(self._names) > 1 else ""
        port = f" · {wiring.port_name(graph, own)}" if len(self._own) > 1 else ""
        does = "feeds" if own.kind == "output" else "is fed by"
        self.title.setText(f"{own.node}{others}{port} {does}" + ("   (Tab: another port)" if port else ""))
        self.field.setAccessibleName(self.title.text())
        self.field.setPlaceholderText("Type a name, or choose with the arrows")
        rows = max(1, min(len(self._found), ROWS))
        self.list.setFixedHeight(rows * max(1, self.list.sizeHintForRow(0)) + 4 if self._found else 8)
        self.adjustSize()
        self.list.setCurrentRow(0)
        self._show_current()

    def _text(self, hit: Hit) -> str:
        port = wiring.port_name(self.document.graph, hit)
        single = hit.kind == "output" and self.scene.nodes[hit.node].face.outputs == 1
        return hit.node if single or not port else f"{hit.node} · {port}"

    def _current(self) -> Hit | None:
        row = self.list.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def _show_current(self) -> None:
        """Draw the link as it would be, and say where it goes."""
        self._drop_preview()
        hit, own = self._current(), self._own[0]
        self.field.setAccessibleDescription(self._text(hit) if hit else "nothing fits")
        if hit is None or hit.node not in self.scene.nodes:
            return
        output, end = (own, hit) if own.kind == "output" else (hit, own)
        self.view.reveal(hit.node)
        self._preview = self.scene.preview()
        start, stop = self.scene.nodes[output.node].box().output(output.index), self.scene.nodes[end.node].box().input(end.index)
        self._preview.setPath(link_path(start, stop, flow=self.document.graph.flow))
        self.scene.light(hit)
        self._place()

    def _place(self) -> None:
        """Lie beside the node that is pointed at, across the flow, where there is room."""
        hit = self._current()
        rect = self.view.mapFromScene(self.scene.nodes[hit.node if hit else self._names[0]].box().rect).boundingRect()
        room = self.view.size() - QSize(8, 8)
        left, top = rect.left(), rect.top()
        if self.document.graph.flow == RIGHT:
            top = rect.bottom() + GAP if rect.bottom() + GAP + self.height() < room.height() else rect.top() - GAP - self.height()
        else:
            left = rect.right() + GAP if rect.right() + GAP + self.width() < room.width() else rect.left() - GAP - self.width()
        self.move(max(8, min(left, room.width() - self.width())), max(8, min(top, room.height() - self.height())))

    def _drop_preview(self) -> None:
        if self._preview is not None:
            self.scene.drop(self._preview)
            self.scene.light(None)
            self._preview = None

    def _choose(self) -> None:
        hit, own, graph = self._current(), self._own[0], self.document.graph
        if hit is None:
            return
        output, end = (own, hit) if own.kind == "output" else (hit, own)
        names = self._names
        self.close_list()
        try:
            graph = edits.connect(graph, Link(output.node, output.index), end.node, end.index)
        except edits.Refused as refused:
            self.view.status.emit(str(refused))
            return
        graph = edits.attach(graph, end.node, [Link(name) for name in names[1:]])
        self.editor.edit_graph(graph, f"Connect {output.node} to {end.node}" if len(names) == 1 else f"Connect {len(names)} nodes to {end.node}")
