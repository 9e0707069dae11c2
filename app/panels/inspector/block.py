"""A block's parameters in the inspector: seen from outside as a form, and made from inside out of its nodes' arguments."""

from __future__ import annotations

import keyword
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLineEdit, QMenu, QPushButton, QWidget

from app.document import Document
from ml.ops.table import NODE_TYPES
from ml.project.blocks import MOST
from ml.project.expressions import ExpressionProblem, evaluated, expression, text_of
from ml.project.graph import BLOCK, Graph, Node
from ml.project.grouping import renamed_parameter, with_parameter, without_parameter
from ml.project.parameters import Parameter

REPEAT = Parameter("repeat", "int", 1, minimum=1, maximum=MOST, help="How many of it stand one after another, each with weights of its own.")


def block_parameters(block: Node) -> tuple[Parameter, ...]:
    """What a form shows for a block: how often it stands, and its parameters, each of the kind of what is taken from it inside."""
    return (REPEAT, *(_described(name, block.graph or Graph()) for name in block.arguments)) if not block.shares else ()


def with_block_argument(block: Node, name: str, value: Any) -> Node:
    """The block with one value of its form changed."""
    return replace(block, repeat=value) if name == REPEAT.name else replace(block, arguments=block.arguments | {name: value})


def parameter_problem(block: Node, name: str) -> str:
    """Why a block's parameter can't be called so, as a sentence, or nothing."""
    if not name.isidentifier() or keyword.iskeyword(name) or name in (REPEAT.name, "name"):
        return "A parameter's name has letters, digits and _, begins with a letter, and is not “repeat”, “name” or a word of Python's."
    return f"There is a parameter {name} already." if name in block.arguments else ""


def _described(name: str, inside: Graph) -> Parameter:
    """The parameter as what is taken from it, alone, is described; else one that takes anything."""
    for node in inside.nodes.values():
        for argument, value in node.arguments.items():
            if text_of(value) != name:
                continue
            if node.type == BLOCK and node.graph is not None:
                return replace(_described(argument, node.graph), name=name)
            known = next((parameter for parameter in NODE_TYPES[node.type].parameters if parameter.name == argument), None) if node.type in NODE_TYPES else None
            if known is not None:
                return replace(known, name=name, required=True, default=None, live=False)
    return Parameter(name, "any", required=True, help="Inside the block an argument takes it with = and its name, as in = 4 * filters.")


class NewParameter(QWidget):
    """A field for the name of another parameter."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setPlaceholderText("another parameter, such as filters")
        self.field.setAccessibleName("Name of another parameter")
        button = QPushButton("&Add")
        button.setAccessibleName("Add the parameter")
        for signal in (self.field.returnPressed, button.clicked):
            signal.connect(self._want)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field, 1)
        row.addWidget(button)

    def _want(self) -> None:
        if self.field.text():
            self.wanted.emit(self.field.text())


class BlockMenu:
    """What the menu of a parameter offers because of blocks."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def fill(self, menu: QMenu, name: str, parameter: str, value: Any) -> None:
        """Add what can be done with an argument of the node called `name`; `value` is what it is now."""
        node, around = self.document.graph[name], self.document.block
        if node.type == BLOCK and parameter in node.arguments:
            menu.addSeparator()
            menu.addAction("Re&name…", lambda: self._rename(menu, name, parameter))
            menu.addAction("Re&move the Parameter", lambda: self._edit(name, without_parameter(node, parameter), f"Remove the parameter {parameter}"))
        if around is None or parameter == REPEAT.name:
            return
        outer = self.document.scope[-1]
        menu.addSeparator()
        text = text_of(value)
        if text is None:
            menu.addAction(f"Make It a &Parameter of {outer}", lambda: self.promote(name, parameter, value))
        else:
            menu.addAction("Back to a Plain &Value", lambda: self._settle(name, parameter, value))
        if around.arguments:
            taken = menu.addMenu(f"&Take from {outer}")
            for other in around.arguments:
                taken.addAction(other, self._taker(name, parameter, other))

    def promote(self, name: str, parameter: str, value: Any) -> None:
        """Make an argument of a node inside a block a parameter of the block, with its present value."""
        around = self.document.block
        if around is not None:
            wishes = (parameter, f"{name}_{parameter}".replace("-", "_").replace(".", "_"), *(f"{parameter}_{number}" for number in range(2, 99)))
            free = next(wish for wish in wishes if not parameter_problem(around, wish))
            self.document.edit_block(with_parameter(around, free, value, name, parameter), f"Make {parameter} of {name} a parameter")

    def add(self, name: str, parameter: str) -> str:
        """Give a block another parameter; why that can't be, or nothing."""
        node = self.document.graph[name]
        if problem := parameter_problem(node, parameter):
            return problem
        self._edit(name, replace(node, arguments=node.arguments | {parameter: 1}), f"Add the parameter {parameter}")
        return ""

    def _taker(self, name: str, parameter: str, other: str) -> Callable[[], None]:
        node = self.document.graph[name]
        return lambda: self._edit(name, replace(node, arguments=node.arguments | {parameter: expression(other)}), f"Take {parameter} of {name} from {other}")

    def _settle(self, name: str, parameter: str, value: Any) -> None:
        node, around = self.document.graph[name], self.document.block
        try:
            plain = evaluated(value, around.arguments if around else {})
        except ExpressionProblem:
            arguments = {key: kept for key, kept in node.arguments.items() if key != parameter}
        else:
            arguments = node.arguments | {parameter: plain}
        self._edit(name, replace(node, arguments=arguments), f"Give {parameter} of {name} a plain value")

    def _rename(self, parent: QWidget, name: str, old: str) -> None:
        new, agreed = QInputDialog.getText(parent, "Rename a parameter", f"Another name for {old}:", text=old)
        if agreed and new != old and not parameter_problem(self.document.graph[name], new):
            self._edit(name, renamed_parameter(self.document.graph[name], old, new), f"Rename the parameter {old} to {new}")

    def _edit(self, name: str, node: Node, text: str) -> None:
        self.document.edit_graph(self.document.graph.with_node(name, node), text)
