"""The button that lists the runs that were deleted, and brings them back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.panels.panel import described
from app.panels.runs.columns import moment
from app.panels.runs.store import Store
from ml.runs import trash
from ml.runs.summary import row

MOST = 30
"""So many are listed, the last deleted first; all of them come back together."""
Lying = tuple[Path, str]
"""Where a deleted run lies, and a line about it."""


class Deleted(QPushButton):
    """Is there while there is something to bring back."""

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        described(self, "Deleted runs", f"Runs that were deleted are kept for {trash.DAYS} days: bring them back from here.")
        self.store = store
        self.menu_ = QMenu(self)
        self.clicked.connect(lambda: store.ask(partial(lying, store.folder), self._list))
        store.deleted_changed.connect(self._count)
        self._count(0)

    def _count(self, count: int) -> None:
        self.setText(f"De&leted ({count:,})")
        self.setVisible(bool(count))

    def _list(self, runs: list[Lying]) -> None:
        """Offer them in a menu."""
        self.menu_.clear()
        for lies, line in runs[:MOST]:
            self.menu_.addAction(line, partial(self.store.restore, [lies])).setToolTip(str(lies))
        if len(runs) > 1:
            self.menu_.addSeparator()
            self.menu_.addAction(f"Bring Back All {len(runs):,}", partial(self.store.restore, [lies for lies, _ in runs]))
        if runs and self.isVisible():
            self.menu_.popup(self.mapToGlobal(QPoint(0, self.height())))


def lying(runs: Path) -> list[Lying]:
    """The deleted runs of a folder, the last deleted first."""
    return [(lies, f"{row(lies).title.replace('&', '&&')}, deleted {moment(trash.when(lies))}") for lies in trash.lying(runs)]
