"""What a person does with the selected runs, and the commands for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, QUrl, SignalInstance
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QInputDialog

from app.panels.request import Request
from app.panels.runs.columns import FOLDER, NAME, TAGS
from app.panels.runs.commands import Keys, one, readable, stopped, two
from app.panels.runs.difference import DifferenceWindow
from ml.runs.summary import Summary

if TYPE_CHECKING:
    from app.panels.runs.panel import RunsPanel


class Doing(QObject):
    """Adds the panel's commands."""

    def __init__(self, panel: RunsPanel, request: Request) -> None:
        super().__init__(panel)
        self.panel = panel
        self._request = request
        self.difference: DifferenceWindow | None = None
        self._add_commands()

    def close(self) -> None:
        """Close what was opened beside the panel."""
        if self.difference is not None:
            self.difference.close()

    def written(self, run: Summary, column: str, text: str) -> None:
        """Take what was written in the table."""
        new = {
            NAME: replace(run.labels, title="" if text.strip() == run.name else text),
            TAGS: replace(run.labels, tags=tuple(text.split(","))),
            FOLDER: replace(run.labels, folder=text),
        }[column]
        what = {NAME: "Change the title", TAGS: "Change the tags", FOLDER: "Change the folder"}[column]
        self.panel.store.relabel(f"{what} of “{run.title}”", {run.folder: new})

    def _delete(self) -> None:
        runs = self.panel.table.selected()
        row = min((self.panel.model.row_of(run.folder) for run in runs), default=0)
        self.panel.store.delete(runs)
        if self.panel.model.runs and not self.panel.table.selected():
            self.panel.table.select([self.panel.model.runs[min(row, len(self.panel.model.runs) - 1)].folder])

    def _add_tag(self) -> None:
        runs = self.panel.table.selected()
        if len(runs) == 1:
            self.panel.table.edit_cell(TAGS)
            return
        tag, agreed = QInputDialog.getItem(self.panel, "Add a tag", f"A tag for {len(runs)} runs:", self.panel.tags(), 0, True)
        if agreed and tag.strip():
            changes = {run.folder: replace(run.labels, tags=(*run.labels.tags, tag)) for run in runs}
            self.panel.store.relabel(f"Tag {len(runs)} runs with {tag.strip()}", changes)

    def _move(self) -> None:
        runs = self.panel.table.selected()
        here = ["", *self.panel.folders()]
        said = f"“{runs[0].title}”" if len(runs) == 1 else f"{len(runs)} runs"
        at = here.index(runs[0].labels.folder) if runs[0].labels.folder in here else 0
        folder, agreed = QInputDialog.getItem(self.panel, "Move to a folder", f"The folder for {said}, with / between names (nothing: none):", here, at, True)
        if agreed:
            self.panel.store.relabel(f"Move {said}", {run.folder: replace(run.labels, folder=folder) for run in runs})

    def _compare(self) -> None:
        before, after = sorted(self.panel.table.selected(), key=lambda run: run.began)
        if self.difference is None:
            self.difference = DifferenceWindow(self.panel.store, self._request, self.panel)
        self.difference.compare(before, after)

    def _show_folder(self) -> None:
        for run in self.panel.table.selected()[:1]:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(run.folder)):
                self.panel.say(f"No program opens folders here. It is {run.folder}.", "muted")

    def _ask(self, signal: SignalInstance) -> Callable[[], None]:
        return lambda: signal.emit(self._one().folder)

    def _one(self) -> Summary:
        return self.panel.table.selected()[0]

    def _add_commands(self) -> None:
        panel, add, group = self.panel, self.panel.commands.add, self.panel.commands.add_group
        add("open", "&Open", self._ask(panel.open_requested), ["Return"], one)
        add("graph", "Open Its &Graph", self._ask(panel.graph_requested), ["Ctrl+Return"], one)
        add("resume", "&Resume", self._ask(panel.resume_requested), ["Ctrl+Shift+R"], stopped)
        group()
        add("difference", "&Difference Between Two Runs…", self._compare, ["Ctrl+D"], two)
        group()
        add("rename", "Re&name", lambda: panel.table.edit_cell(NAME), ["F2"], one)
        add("tag", "&Tags…", self._add_tag, ["Ctrl+T"], readable)
        add("move", "&Move to a Folder…", self._move, ["Ctrl+M"], readable)
        group()
        panel.taking.add_to(panel.commands, panel.table.selected)
        group()
        add("folder", "Show &Folder", self._show_folder, [], lambda runs: len(runs) == 1)
        group()
        add("delete", "De&lete", self._delete, [Keys.Delete, "Backspace"])
        add("undo", "Undo", panel.store.steps.undo, [Keys.Undo])
        add("redo", "Redo", panel.store.steps.redo, [Keys.Redo])
        group()
        add("find", "Find…", panel.search.setFocus, [Keys.Find])
        panel.table.commands = panel.commands.all
