"""The dialog that keeps a block among one's own: its name and a sentence about it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from app.own_blocks import OwnBlocks, taken
from app.theme import GRID, label
from ml.project.files import FileProblem
from ml.project.graph import Node
from ml.project.names import NAME

Buttons = QDialogButtonBox.StandardButton


class KeepDialog(QDialog):
    """Keeps a block; says before when one of that name is there already."""

    def __init__(self, own: OwnBlocks, name: str, block: Node, parent: QWidget) -> None:
        super().__init__(parent)
        self.own, self.block = own, block
        self.setWindowTitle("Keep in My Blocks")
        self.name, self.description = QLineEdit(name), QLineEdit()
        self.name.setAccessibleName("Name of the block")
        self.description.setAccessibleName("What it is for")
        self.problem = label(kind="error")
        self.buttons = QDialogButtonBox(Buttons.Ok | Buttons.Cancel)
        self.buttons.button(Buttons.Ok).setText("&Keep")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        form.setSpacing(GRID)
        form.addRow("&Name", self.name)
        form.addRow("&What it is for", self.description)
        form.addRow(self.problem)
        form.addRow(self.buttons)
        self.setMinimumWidth(420)
        self.name.textChanged.connect(self._judge)
        self.name.selectAll()
        self._judge()

    def accept(self) -> None:
        """Keep the block, or say why that can't be."""
        try:
            self.own.keep(taken(self.name.text(), self.block, self.description.text()))
        except FileProblem as problem:
            self.problem.setText(str(problem))
            self.problem.show()
            return
        super().accept()

    def _judge(self) -> None:
        name = self.name.text()
        fits = bool(NAME.fullmatch(name))
        self.buttons.button(Buttons.Ok).setEnabled(fits)
        self.buttons.button(Buttons.Ok).setText("&Replace" if name in self.own.blocks else "&Keep")
        self.problem.setText("" if fits else "A name has letters, digits, _, - and . and begins with a letter or digit.")
        self.problem.setVisible(not fits)
