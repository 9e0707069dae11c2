"""The inspector: the selected node's name, its parameters as a form, what Keras says of it, and its help."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QMenu, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from app.amounts import memory, operations
from app.document import Document
from app.forms import LABEL, Form, with_argument
from app.panels.inspector.block import REPEAT, BlockMenu, NewParameter, block_parameters, with_block_argument
from app.panels.inspector.ways_out import WaysOut
from app.panels.words import change
from app.theme import GRID, label, restyle
from ml.ops.table import NODE_TYPES, NodeType, is_operation, ports
from ml.project.graph import BLOCK, Node
from ml.project.names import name_problem
from ml.project.parameters import Parameter
from ml.project.report import NodeReport, Shape, size_of, totals


class InspectorPanel(QWidget):
    """Follows the selection of the canvas by `show_selection`, the document and its reports by itself."""

    fix_chosen = Signal(object)
    """A `Fix` that was clicked."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.names: list[str] = []
        self.summary = Summary()
        self.node = NodeForm(document)
        self.node.renamed.connect(self._follow)
        self.node.ways_out.chosen.connect(self.fix_chosen)
        self.summary.ways_out.chosen.connect(self.fix_chosen)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.node)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.summary)
        self._stack.addWidget(scroll)
        document.changed.connect(self.refresh)
        document.checked.connect(self.refresh)
        document.scope_changed.connect(self.refresh)
        self.refresh()

    def show_selection(self, names: list[str]) -> None:
        """Show these nodes of the graph that is looked at."""
        self.names = list(names)
        self.refresh()

    def _follow(self, name: str) -> None:
        self.names = [name]

    def refresh(self) -> None:
        """Show what is selected as it is now."""
        nodes = self.document.graph.nodes
        names = [name for name in self.names if name in nodes]
        if len(names) == 1:
            self._stack.setCurrentIndex(1)
            self.node.show_node(names[0], self.document.graph[names[0]], self.document.node_reports.get(names[0]))
        else:
            self._stack.setCurrentIndex(0)
            self.summary.show_graph(self.document, names)


class Summary(QWidget):
    """What is said where not one node is selected: the totals and what is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label(kind="title")
        self.totals = label()
        self.problems = label(kind="error")
        self.ways_out = WaysOut()
        self.hint = label("Select a node to see and change its parameters. Press Tab on the canvas to add one by name.", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        for widget in (self.title, self.totals, self.problems, self.ways_out, self.hint):
            column.addWidget(widget)
        column.addStretch()

    def show_graph(self, document: Document, selected: list[str]) -> None:
        """Show the totals of the model that is looked at, or of the nodes in `selected`."""
        reports = document.node_reports
        chosen = {name: reports[name] for name in selected or reports if name in reports}
        self.title.setText(f"{len(selected)} nodes" if selected else " › ".join((document.role, *document.scope)))
        cost = totals(chosen.values())
        parameters, trainable = cost.parameters, cost.trainable
        count = len(selected) or len(document.graph.nodes)
        frozen = f", {parameters - trainable:,} of them not trained" if parameters != trainable else ""
        lines = [
            f"{count:,} nodes",
            f"{parameters:,} parameters{frozen}",
            f"{operations(cost.operations)} a sample",
            f"{memory(cost.memory)} of outputs a sample",
        ]
        self.totals.setText("\n".join(lines if reports else lines[:1]))
        wrong = [f"{name}: {report.error}" for name, report in chosen.items() if report.error]
        problems = document.report.problems if document.report and not selected else ()
        self.problems.setText("\n\n".join([*problems, *wrong]))
        self.problems.setVisible(bool(self.problems.text()))
        self.ways_out.show_fixes(document.report.fixes if problems and document.report else ())
        self.hint.setVisible(not selected)


class NodeForm(QWidget):
    """One node."""

    renamed = Signal(str)
    """The node is about to have this name."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.name = ""
        self.form: Form | None = None
        self._parameters: tuple[Parameter, ...] = ()
        self._type = ""
        self.title = label(kind="title")
        self.help = label(kind="muted")
        self.name_field = QLineEdit()
        self.name_field.setAccessibleName("name")
        self.name_field.textEdited.connect(self._name_edited)
        self.name_field.editingFinished.connect(self._rename)
        self.name_problem = label(kind="error")
        self.error = label(kind="error")
        self.ways_out = WaysOut()
        self.facts = label(kind="muted")
        name_row = QFormLayout()
        name_row.setContentsMargins(0, 0, 0, 0)
        caption = label("name")
        caption.setFixedWidth(LABEL)
        name_row.addRow(caption, self.name_field)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        self._column.setSpacing(GRID)
        for item in (self.title, self.help, self.error, self.ways_out, name_row, self.name_problem, self.facts):
            self._column.addLayout(item) if isinstance(item, QFormLayout) else self._column.addWidget(item)
        self._column.addStretch()
        self.blocks = BlockMenu(document)
        self.new_parameter = NewParameter()
        self.new_parameter.wanted.connect(self._add_parameter)
        self._column.insertWidget(self._column.indexOf(self.facts), self.new_parameter)

    def show_node(self, name: str, node: Node, report: NodeReport | None) -> None:
        """Show a node and what was found of it."""
        kind = NODE_TYPES.get(node.type)
        parameters = parameters_of(node, kind)
        if (name, node.type, parameters) != (self.name, self._type, self._parameters):
            self._build(node, kind, parameters)
        if name != self.name or not self.name_field.hasFocus():
            self.name_field.setText(name)
            self._show_name_problem("")
        self.name, self._type, self._parameters = name, node.type, parameters
        if self.form is not None:
            self.form.show_arguments({REPEAT.name: node.repeat} | node.arguments if node.type == BLOCK else node.arguments)
        self.new_parameter.setVisible(node.type == BLOCK and not node.shares)
        self.facts.setText(facts(node, report))
        self.error.setText(report.error if report else "")
        self.error.setVisible(bool(self.error.text()))
        self.ways_out.show_fixes(report.fixes if report else ())

    def _build(self, node: Node, kind: NodeType | None, parameters: tuple[Parameter, ...]) -> None:
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        self.title.setText(node.type.removeprefix("ops."))
        self.help.setText(kind.help if kind else "This type is not in the table of Keras's layers and operations.")
        self.help.setToolTip(kind.path if kind else "")
        self.form = Form(parameters, fold=True)
        self.form.changed.connect(self._set_argument)
        self.form.menu_opening.connect(self._fill_menu)
        self._column.insertWidget(self._column.indexOf(self.new_parameter), self.form)

    def _set_argument(self, parameter: str, value: Any) -> None:
        graph = self.document.graph
        node = graph[self.name]
        if node.type == BLOCK:
            changed = with_block_argument(node, parameter, value)
            words = change(f"{parameter} of {self.name}", {parameter: value}, parameter)
        else:
            changed = replace(node, arguments=with_argument(self._parameters, node.arguments, parameter, value))
            words = change(f"{parameter} of {self.name}", changed.arguments, parameter)
        merge = "/".join((self.document.role, *self.document.scope, self.name, parameter))
        self.document.edit_graph(graph.with_node(self.name, changed), words, merge)

    def _fill_menu(self, parameter: str, menu: QMenu) -> None:
        node = self.document.graph[self.name]
        default = next((known.default for known in self._parameters if known.name == parameter), None)
        self.blocks.fill(menu, self.name, parameter, node.arguments.get(parameter, default))

    def _add_parameter(self, name: str) -> None:
        problem = self.blocks.add(self.name, name)
        self._show_name_problem(problem)
        if not problem:
            self.new_parameter.field.clear()

    def _name_edited(self, text: str) -> None:
        self._show_name_problem("" if text == self.name else name_problem(self.document.graph, text))

    def _rename(self) -> None:
        old, new = self.name, self.name_field.text()
        if new == old or name_problem(self.document.graph, new):
            self.name_field.setText(old)
            self._show_name_problem("")
            return
        self.renamed.emit(new)
        self.document.edit_graph(self.document.graph.renamed(old, new), f"Rename {old} to {new}")

    def _show_name_problem(self, sentence: str) -> None:
        self.name_problem.setText(sentence)
        self.name_problem.setVisible(bool(sentence))
        restyle(self.name_field, "error" if sentence else "")


def parameters_of(node: Node, kind: NodeType | None) -> tuple[Parameter, ...]:
    """What a form shows for a node: its type's parameters and, of an operation, the ports that nothing is linked to."""
    if node.type == BLOCK:
        return block_parameters(node)
    if kind is None:
        return ()
    if not is_operation(kind):
        return kind.parameters
    linked = {port.name for port, link in zip(ports(node), node.inputs, strict=False) if link is not None}
    free = tuple(
        Parameter(port.name, "any", required=not port.optional, help="The value that this port has while nothing is linked to it.")
        for port in kind.ports
        if port.name not in linked
    )
    return free + kind.parameters


def facts(node: Node, report: NodeReport | None) -> str:
    """What was found of a node, in words."""
    if report is None:
        return "Not checked yet."
    lines = [f"Output {written_shape(shape)}  {dtype}" for shape, dtype in zip(report.shapes, report.dtypes or [""] * len(report.shapes), strict=False)]
    if report.waits:
        lines.append(f"Waits for {report.waits}.")
    cost = totals([report])
    if cost.parameters:
        frozen = cost.parameters - cost.trainable
        lines.append(f"{cost.parameters:,} parameters" + (f", {frozen:,} of them not trained" if frozen else ""))
    if cost.operations:
        lines.append(f"{operations(cost.operations)} a sample")
    if report.shapes:
        lines.append(f"{memory(sum(map(size_of, report.shapes, report.dtypes)))} of output a sample")
    if node.shares:
        lines.append(f"Shares the weights of {node.shares}.")
    return "\n".join(lines)


def written_shape(shape: Shape) -> str:
    """A shape as one reads it: `batch × 8 × 8 × 32`."""
    return " × ".join("batch" if size is None and index == 0 else "?" if size is None else f"{size:,}" for index, size in enumerate(shape)) or "a number"
