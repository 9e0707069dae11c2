"""The one owner of the project: every change goes through here, can be undone, and is announced once."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from ml.project import files, opening
from ml.project.files import FileProblem
from ml.project.graph import Graph, Node
from ml.project.project import Project
from ml.project.report import NodeReport, ProjectReport
from ml.project.shared import with_insides, without_insides

FIRST_ROLE = "model"
"""What is edited in a project that has no model yet."""


class FileChanged(FileProblem):
    """The document's file is not as it was when it was opened or saved: another program, or another window, has written it."""


class Document(QObject):
    """Holds the project as a value, where it is saved, what the engine says of it, and which graph of it is being looked at."""

    opened = Signal()
    """Another project has taken this one's place. Emitted before `changed`."""
    changed = Signal(object, object)
    """The project changed: the old value, the new value."""
    checked = Signal(object)
    """The engine has answered: a `ProjectReport`."""
    scope_changed = Signal(tuple)
    """Another graph is looked at, by another role or in another block: the scope."""
    role_changed = Signal(str)
    stepped = Signal()
    """The undo stack has another step, or the project is at another one."""
    clean_changed = Signal(bool)
    path_changed = Signal(object)

    def __init__(self, project: Project, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self.clean_changed)
        self.undo_stack.indexChanged.connect(self.stepped)
        self.report: ProjectReport | None = None
        self._project = project
        self._path = path
        self._stamp = ""
        """What the file held when it was opened or saved, as `files.stamp`."""
        self._read_only = ""
        self._role = next(iter(project.models), "")
        self._seen = Graph(), Graph()
        self._scope: tuple[str, ...] = ()
        self._open_step: str | None = None
        """The `merge` of the latest step, while another one of that kind still belongs to it."""
        self._jumping = False

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self._project

    @property
    def path(self) -> Path | None:
        """The file it was read from or last saved to, if any."""
        return self._path

    @property
    def stamp(self) -> str:
        """What its file held when it was opened or saved last, as `ml.project.files.stamp`."""
        return self._stamp

    @property
    def read_only(self) -> str:
        """Why its file must not be written over, as a sentence; nothing where it may be."""
        return self._read_only

    @property
    def is_clean(self) -> bool:
        """Whether the project is as it was last opened or saved."""
        return self.undo_stack.isClean()

    def edit(self, project: Project, text: str, merge: str | None = None) -> None:
        """Put `project` in the place of the present one, as one undoable step called `text`.

        Steps with the same `merge` in a row become one, unless `end_step`, an undo or a redo comes between. A project equal to the present one makes no step.
        """
        if project != self._project:
            continues, before = merge is not None and merge == self._open_step, self.undo_stack.index()
            self.undo_stack.push(_Edit(self, self._project, project, text, continues))
            self._open_step = merge if self.undo_stack.index() >= before else None  # a step that came back to its beginning is gone: none is open

    def end_step(self) -> None:
        """Let the next edit be a step of its own: the person has turned to something else."""
        self._open_step = None

    def reopen_step(self, merge: str) -> None:
        """Let the next edit with this `merge` belong to the latest step, though something else was selected meanwhile."""
        self._open_step = merge

    def jump(self, index: int) -> None:
        """Show the project as it was after the first `index` steps of the undo stack, announced once however many lie between."""
        before = self._project, self._role, self._scope
        self._jumping = True
        self.undo_stack.setIndex(index)
        self._jumping = False
        if self._project is not before[0]:
            self._announce(*before)

    # Which graph is looked at.

    @property
    def role(self) -> str:
        """The role of the model that is shown."""
        return self._role

    @role.setter
    def role(self, role: str) -> None:
        if role not in self._project.models:
            raise KeyError(role)
        if role != self._role:
            self._role, self._scope = role, ()
            self.role_changed.emit(role)
            self.scope_changed.emit(())

    @property
    def scope(self) -> tuple[str, ...]:
        """The names of the opened blocks, from the outermost; () is the role's own graph."""
        return self._scope

    @scope.setter
    def scope(self, scope: tuple[str, ...]) -> None:
        if _graph_in(self._project.models[self._role], scope) is None:
            raise KeyError(scope)
        if scope != self._scope:
            self._scope = scope
            self.end_step()
            self.scope_changed.emit(scope)

    @property
    def graph(self) -> Graph:
        """The graph that is looked at: the inside of the innermost opened block. Blocks that share hold what their owners do."""
        here = _graph_in(self._project.models.get(self._role, Graph()), self._scope) or Graph()
        if here is not self._seen[0]:
            self._seen = here, with_insides(here)
        return self._seen[1]

    def edit_graph(self, graph: Graph, text: str, merge: str | None = None) -> None:
        """Put `graph` in the place of the one that is looked at, as `edit` does."""
        role = self._role or FIRST_ROLE
        whole = _graph_with(self._project.models.get(role, Graph()), self._scope, without_insides(graph))
        self.edit(replace(self._project, models={**self._project.models, role: whole}), text, merge)

    @property
    def block(self) -> Node | None:
        """The block that is looked into, None where that is the role's own graph."""
        outer = _graph_in(self._project.models.get(self._role, Graph()), self._scope[:-1])
        return outer[self._scope[-1]] if self._scope and outer else None

    def edit_block(self, block: Node, text: str, merge: str | None = None) -> None:
        """Put `block` in the place of the one that is looked into, as `edit` does."""
        outer = _graph_in(self._project.models[self._role], self._scope[:-1]) or Graph()
        whole = _graph_with(self._project.models[self._role], self._scope[:-1], outer.with_node(self._scope[-1], block))
        self.edit(replace(self._project, models={**self._project.models, self._role: whole}), text, merge)

    # What the engine says.

    def set_report(self, report: ProjectReport) -> None:
        """Take what the engine says of the project and announce it."""
        self.report = report
        self.checked.emit(report)

    @property
    def node_reports(self) -> dict[str, NodeReport]:
        """The latest reports of the nodes in the graph that is looked at; empty before the first check."""
        reports = self.report.roles.get(self._role, {}) if self.report else {}
        for name in self._scope:
            reports = reports[name].inside if name in reports else {}
        return reports

    # Files.

    def open(self, project: Project, path: Path | None = None, stamp: str = "", read_only: str = "") -> None:
        """Put another project in the place of this one, with nothing to undo; `stamp` and `read_only` are what the properties say of the file at `path`."""
        old, self._project, self._path, self.report = self._project, project, path, None
        self._stamp, self._read_only = stamp, read_only
        role = self._role if self._role in project.models else next(iter(project.models), "")
        self._role, self._scope = role, ()
        self.undo_stack.clear()
        self.opened.emit()
        self.path_changed.emit(path)
        self.role_changed.emit(role)
        self.scope_changed.emit(())
        self.changed.emit(old, project)

    def load(self, path: Path) -> None:
        """Open the project in a file. Raises `ml.project.files.FileProblem`; the present project stays then."""
        stamp = files.stamp(path)
        found = opening.read(path)
        self.open(found.project, path, stamp, found.read_only)

    def save(self, path: Path | None = None, over: bool = False) -> None:
        """Write the project to `path`, or to where it came from, there only as long as no one else has written it, or `over` what they wrote.

        Raises `ml.project.files.FileProblem`, for what someone else wrote `FileChanged`.
        """
        target = path or self._path
        if target is None:
            raise FileProblem("This project has no file yet: choose where to save it.")
        if target == self._path:
            self._refuse_loss(target, over)
        files.save(self._project, target)
        self._stamp, self._read_only = files.stamp(target), ""
        if target != self._path:
            self._path = target
            self.path_changed.emit(target)
        self.undo_stack.setClean()

    def _refuse_loss(self, path: Path, over: bool) -> None:
        """Raises `FileProblem` where writing the file would lose what is not in this project."""
        if self._read_only:
            raise FileProblem(self._read_only)
        if not over and files.stamp(path) not in ("", self._stamp):
            raise FileChanged(f"{path} was changed by another program, or in another window, since it was opened here.")

    def _take(self, project: Project) -> None:
        """Show another value of the same project, as undo and redo do."""
        before = self._project, self._role, self._scope
        self._project, self._open_step = project, None
        if not self._jumping:
            self._announce(*before)

    def _announce(self, old: Project, role_was: str, scope_was: tuple[str, ...]) -> None:
        """Say what is different from then, and look at a graph that is still there."""
        models = self._project.models
        if self._role not in models:
            self._role, self._scope = next(iter(models), ""), ()
        while _graph_in(models.get(self._role, Graph()), self._scope) is None:
            self._scope = self._scope[:-1]
        if self._role != role_was:
            self.role_changed.emit(self._role)
        if (self._role, self._scope) != (role_was, scope_was):
            self.scope_changed.emit(self._scope)
        self.changed.emit(old, self._project)


class _Edit(QUndoCommand):
    """The only undo command there is: the project before and the project after."""

    def __init__(self, document: Document, before: Project, after: Project, text: str, continues: bool) -> None:
        super().__init__(text)
        self.document, self.before, self.after, self.continues = document, before, after, continues

    def id(self) -> int:
        return 1  # Qt asks only steps with the same number whether they merge.

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or not other.continues:
            return False
        self.after = other.after
        self.setText(other.text())
        self.setObsolete(self.after == self.before)
        return True

    def redo(self) -> None:
        self.document._take(self.after)

    def undo(self) -> None:
        self.document._take(self.before)


def _graph_in(graph: Graph, scope: tuple[str, ...]) -> Graph | None:
    for name in scope:
        node = graph.nodes.get(name)
        if node is None or node.graph is None:
            return None
        graph = node.graph
    return graph


def _graph_with(graph: Graph, scope: tuple[str, ...], inner: Graph) -> Graph:
    if not scope:
        return inner
    block = graph[scope[0]]
    return graph.with_node(scope[0], replace(block, graph=_graph_with(block.graph or Graph(), scope[1:], inner)))
