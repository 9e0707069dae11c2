"""The status bar: how the engine is, what was just said, and the totals of the model."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QToolButton, QWidget

from app.amounts import memory, operations
from app.canvas.items.faces import count
from app.document import Document
from app.theme import restyle
from ml.project.report import Totals, totals

EXPLAINED = "Multiply-adds of dense layers, convolutions, recurrent steps and attention are counted; outputs are what training keeps of every node."


class Status(QStatusBar):
    """A quiet line."""

    restart_requested = Signal()
    report_requested = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._names: list[str] = []
        self.engine, self.totals, self.selection = QLabel("Engine: not started"), QLabel(), QLabel()
        self.totals.setAccessibleName("Totals")
        self.selection.setAccessibleName("Totals of the selection")
        self.selection.setToolTip(f"Of the selected nodes, for one sample. {EXPLAINED}")
        self.selection.hide()
        self.engine.setAccessibleName("Engine")
        self.restart = QToolButton()
        self.restart.setText("Restart")
        self.restart.hide()
        self.restart.clicked.connect(self.restart_requested)
        self.report = QToolButton()
        self.report.setText("Report a Problem…")
        self.report.setToolTip("Something unforeseen went wrong: show what is known of it")
        self.report.hide()
        self.report.clicked.connect(self.report_requested)
        self.setSizeGripEnabled(False)
        self.selection.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.addWidget(self.selection, 1)
        self.addPermanentWidget(self.totals)
        self.addPermanentWidget(self.report)
        self.addPermanentWidget(self.restart)
        self.addPermanentWidget(self.engine)
        document.checked.connect(self._show)
        document.scope_changed.connect(self._show)
        document.opened.connect(self._forget)

    def show_engine(self, sentence: str, is_problem: bool) -> None:
        """Show how the engine is."""
        self.engine.setText(self.engine.fontMetrics().elidedText(sentence, Qt.TextElideMode.ElideRight, 480))
        self.engine.setToolTip(sentence)
        restyle(self.engine, "error" if is_problem else "")
        self.restart.setVisible(is_problem)

    def show_problem(self, sentence: str) -> None:
        """Say that something unforeseen went wrong, and offer to report it."""
        self.showMessage(sentence, 15000)
        self.report.show()

    def show_selection(self, names: Sequence[str]) -> None:
        """Show what the selected nodes cost beside the whole."""
        self._names = list(names)
        self._show()

    def _forget(self) -> None:
        """Another project: nothing is known of it yet."""
        self.totals.setText("")
        self.selection.hide()

    def _show(self) -> None:
        """Show the totals of the whole, and of the selection where more than nothing is selected."""
        report, document = self.document.report, self.document
        if report is None:
            return
        reports = [document.node_reports[name] for name in self._names if name in document.node_reports]
        chosen = f"{len(reports)} selected: {_briefly(totals(reports))}" if reports else ""
        errors = {0: "", 1: "1 error"}.get(report.errors, f"{report.errors} errors")
        cost = totals(node for nodes in report.roles.values() for node in nodes.values())
        whole = Totals(report.parameters, report.trainable, cost.operations, cost.memory)
        self.totals.setText("  ·  ".join(part for part in (_costs(whole), errors) if part))
        self.totals.setToolTip(f"All models together, for one sample. {EXPLAINED}")
        self.selection.setText(chosen)
        self.selection.setVisible(bool(chosen))
        restyle(self.totals, "error" if errors else "")


def _briefly(cost: Totals) -> str:
    return "  ·  ".join([f"{count(cost.parameters)} parameters", operations(cost.operations), memory(cost.memory)])


def _costs(cost: Totals) -> str:
    frozen = cost.parameters - cost.trainable
    words = f"{cost.parameters:,} parameters" + (f" ({frozen:,} not trained)" if frozen else "")
    return "  ·  ".join([words, *([operations(cost.operations)] if cost.operations else []), *([f"{memory(cost.memory)} of outputs"] if cost.memory else [])])
