"""The library's shelf of one's own blocks: put on the canvas by double click or by dragging, renamed, deleted, exchanged as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QMessageBox, QPushButton, QVBoxLayout, QWidget

from app import theme
from app.canvas.items.sketch import sketch
from app.canvas.palette import DARK, LIGHT
from app.own_blocks import PREFIX, SUFFIX, OwnBlock, OwnBlocks, encoded, load
from app.panels.library.shelf import Item, Tree
from app.theme import GRID, label
from ml.project import files
from ml.project.files import FileProblem
from ml.project.graph import Graph
from ml.project.names import NAME

SIZE = QSize(56, 36)
FILTER = f"Blocks (*{SUFFIX})"
EMPTY = "A block that you keep is here in every project: select one on the canvas and choose “Keep in My Blocks…”."


class OwnShelf(QWidget):
    """Shows a person's blocks, and follows their changes."""

    chosen = Signal(str)
    """The id of a block."""

    def __init__(self, own: OwnBlocks) -> None:
        super().__init__()
        self.own = own
        self.empty = label(EMPTY, "muted")
        self.empty.setMargin(2 * GRID)
        self.bring = QPushButton("&Bring In a Block…")
        self.bring.clicked.connect(lambda: self.bring_in())
        self.tree = Tree([], {}, SIZE)
        self.tree.setDragEnabled(True)
        self.tree.setAccessibleName("My blocks")
        self.tree.chosen.connect(self.chosen)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._open_menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GRID)
        column.addWidget(self.empty)
        column.addWidget(self.tree, 1)
        column.addWidget(self.bring)
        own.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the blocks as they are now."""
        blocks = self.own.blocks.values()
        items = [Item(PREFIX + own.name, "Kept", own.name, own.description or _facts(own), _facts(own)) for own in blocks]
        self.tree.fill(items, {PREFIX + own.name: _icon(own) for own in blocks})
        self.tree.expandAll()
        self.tree.setVisible(bool(items))
        self.empty.setVisible(not items)

    def filter(self, text: str) -> int:
        """Show only what all words of `text` are found in; how many that are."""
        return self.tree.filter(text.lower().split())

    def bring_in(self, path: Path | None = None) -> None:
        """Keep the block in a file; without `path`, ask which."""
        if path is None:
            chosen, _ = QFileDialog.getOpenFileName(self, "Bring in a block", str(Path.home()), FILTER)
            if not chosen:
                return
            path = Path(chosen)
        self._try(lambda: self.own.keep(load(path)))

    def give(self, name: str, path: Path | None = None) -> None:
        """Write a block to a file; without `path`, ask which."""
        if path is None:
            chosen, _ = QFileDialog.getSaveFileName(self, "Give a block away", str(Path.home() / f"{name}{SUFFIX}"), FILTER)
            if not chosen:
                return
            path = Path(chosen)
        self._try(lambda: files.write(path, encoded(self.own.blocks[name])))

    def rename(self, name: str) -> None:
        """Ask for another name."""
        new, agreed = QInputDialog.getText(self, "Rename a block", f"Another name for {name}:", text=name)
        if not agreed or new == name:
            return
        if not NAME.fullmatch(new) or new in self.own.blocks:
            QMessageBox.warning(self, "Rename a block", f"A block can't be called “{new}”: names are unique, and have letters, digits, _, - and . only.")
            return
        self._try(lambda: self.own.rename(name, new))

    def delete(self, name: str) -> None:
        """Delete a block, once that is confirmed."""
        question = f"Delete the block {name} from your blocks? Projects that use it keep their copies."
        if QMessageBox.question(self, "Delete a block", question) == QMessageBox.StandardButton.Yes:
            self._try(lambda: self.own.delete(name))

    def _open_menu(self, point: QPoint) -> None:
        item = self.tree.itemAt(point) or self.tree.currentItem()
        id = item.data(0, Qt.ItemDataRole.UserRole) if item else None
        if not id:
            return
        name = id.removeprefix(PREFIX)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("&Put on the Canvas", lambda: self.chosen.emit(id))
        menu.addAction("Re&name…", lambda: self.rename(name))
        menu.addAction("&Give Away as a File…", lambda: self.give(name))
        menu.addSeparator()
        menu.addAction("&Delete…", lambda: self.delete(name))
        menu.popup(self.tree.viewport().mapToGlobal(point))

    def _try(self, change: Callable[[], object]) -> None:
        try:
            change()
        except FileProblem as problem:
            QMessageBox.warning(self, "My blocks", str(problem))


def _facts(own: OwnBlock) -> str:
    nodes = len(own.block.graph.nodes) if own.block.graph else 0
    return f"{nodes} nodes" + (f", repeated {own.block.repeat} times" if own.block.repeat > 1 else "")


def _icon(own: OwnBlock) -> QIcon:
    pixmap = QPixmap(SIZE * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    sketch(own.block.graph or Graph()).paint(painter, QRectF(2, 2, SIZE.width() - 4, SIZE.height() - 4), DARK if theme.is_dark() else LIGHT)
    painter.end()
    return QIcon(pixmap)
