"""The menus that open on the canvas, by the mouse on what is under it, by a key on what is selected: the commands with their keys."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu

from app.canvas.commands import NOTES
from app.canvas.commands.editor import Editor
from app.canvas.commands.fixing import Fixing
from app.canvas.commands.notes import Notes
from app.canvas.geometry import Hit
from app.canvas.sheet import Sheet

SELECT = ("upstream", "downstream", "same_type", "", "invert", "select_all")
ALIGN = ("align_left", "align_centre", "align_right", "", "align_top", "align_middle", "align_bottom", "", "distribute_across", "distribute_down")
EDIT = ("cut", "copy", "duplicate", "delete")
LINKS = ("connect", "connect_from", "disconnect", "")
CHANGE = ("replace", "delete_open", "", "group", "ungroup", "share", "independent", "keep", "", "freeze", "thaw", "", "frame", "comment", "")
ONE = ("rename", "open_block", "")
EMPTY = ("paste", "select_all", "", "find", "next_error", "", "layout", "flow", "fit", "fit_selection", "close_block")


class ContextMenu:
    """Opens the menus of a view."""

    def __init__(self, view: Sheet, editor: Editor, notes: Notes, fixing: Fixing) -> None:
        self.view, self.scene = view, view.graph_scene
        self.editor, self.notes, self.fixing = editor, notes, fixing

    def open(self, event: QContextMenuEvent) -> None:
        """Open the menu that an event of the mouse, or of the system's key for menus, asks for."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.open_selected()
        else:
            self._open(self.scene.hit(self.view.mapToScene(event.pos())), event.pos())

    def open_selected(self) -> None:
        """Open the menu of what is selected, beside it; of the canvas where nothing is."""
        names, notes, link = self.view.selected(), self.scene.notes.selected(), self.scene.picked_link
        if names:
            self._open(Hit("node", names[0]), self._seen(self.scene.nodes[names[0]].box().rect.center()))
        elif notes:
            self._open(Hit("note", notes[0]), self._seen(self.scene.notes.items[notes[0]].rect().center()))
        elif link:
            self._open(Hit("link", *link), self._seen(self.scene.links[link].middle()))
        else:
            self._open(Hit(), self.view.viewport().rect().center())

    def _seen(self, point: QPointF) -> QPoint:
        """A point of the scene in the view, or the nearest that can be seen."""
        place, room = self.view.mapFromScene(point), self.view.viewport().rect()
        return QPoint(max(0, min(place.x(), room.right())), max(0, min(place.y(), room.bottom())))

    def _open(self, hit: Hit, point: QPoint) -> None:
        if QApplication.activePopupWidget() is None:
            self._pick(hit)
            menu = QMenu(self.view)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.setAccessibleName(f"Commands for {hit.node or 'the canvas'}")
            self._fill(menu, hit, point)
            menu.popup(self.view.viewport().mapToGlobal(point))
            menu.setActiveAction(next(action for action in menu.actions() if action.isEnabled() and not action.isSeparator()))

    def _pick(self, hit: Hit) -> None:
        """Select what the menu is for, unless it is selected along with more."""
        if hit.kind in ("node", "input", "output", "fix") and hit.node not in self.view.selected():
            self.scene.select([hit.node])
        elif hit.kind in ("note", "handle") and hit.node not in self.scene.notes.selected():
            self.scene.select([], notes=[hit.node])
        elif hit.kind == "link":
            self.scene.select([], (hit.node, hit.index))

    def _fill(self, menu: QMenu, hit: Hit, point: QPoint) -> None:
        there = self.view.mapToScene(point)
        match hit.kind:
            case "node" | "input" | "output" | "fix":
                self.fixing.fill(menu, hit.node)
                self._put(menu, ONE if len(self.view.selected()) == 1 else ())
                self._put(menu, (*LINKS, *EDIT, *CHANGE))
                self._put(menu.addMenu("&Select"), SELECT)
                if len(self.view.selected()) > 1:
                    self._put(menu.addMenu("Ali&gn"), ALIGN)
                    self._put(menu, ("layout",))
            case "link":
                menu.addAction("&Insert a Node…", partial(self.editor.open_search, there))
                self._put(menu, ("delete",))
            case "note" | "handle":
                menu.addAction("&Write…\tF2", partial(self.notes.write, hit.node))
                self._fill_colours(menu.addMenu("&Colour"))
                self._put(menu.addMenu("Si&ze"), NOTES)
                self._put(menu, ("", *EDIT))
            case _:
                menu.addAction("&Add a Node Here…", partial(self.editor.open_search, there))
                menu.addAction("Add a Co&mment Here", partial(self.notes.comment, there))
                self._put(menu, ("", *EMPTY))

    def _put(self, menu: QMenu, ids: tuple[str, ...]) -> None:
        """Add what can be done now, with a line where a name is empty."""
        for id in ids:
            if not id:
                menu.addSeparator()
            elif self.view.commands[id].isEnabled():
                menu.addAction(self.view.commands[id])

    def _fill_colours(self, menu: QMenu) -> None:
        for name, colours in self.scene.look.palette.notes.items():
            menu.addAction(_swatch(colours.fill, colours.line), name.capitalize(), partial(self.notes.colour, name))


def _swatch(fill: str, line: str) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(line))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(3, 3, 26, 26, 6, 6)
    painter.end()
    return QIcon(pixmap)
