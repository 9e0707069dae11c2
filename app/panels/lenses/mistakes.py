"""What the models get wrong while they train: who is taken for whom, ROC curves, the worst mistakes, and of numbers how far off they are."""

from __future__ import annotations

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app import theme
from app.panels.data.samples import image_of
from app.panels.lenses.confusion import ConfusionMatrix
from app.panels.lenses.fitted import FittedPlots, RocPlot
from app.panels.lenses.lens_panel import LensPanel, offer
from app.panels.panel import described
from ml import events

PICTURE = 40
KEY, SEEN = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
"""Under which an item keeps its example's number, and its picture."""


class MistakesPanel(LensPanel[events.Mistakes]):
    """Shows the latest `Mistakes` event; a double click on a mistake asks for that example with `Probe`."""

    EVENT = events.Mistakes
    WAITING = "While a model learns to say a class or a number, what it gets wrong is shown here,\nof samples that it does not learn from."
    NONE = "Of this run no mistakes were recorded: they need a model that says one class, or one number, of each sample."

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[events.Mistake, ...] = ()
        self._role = described(QComboBox(), "model", "Whose mistakes are shown.")
        self._says = theme.label(kind="muted", wrap=False)
        self._matrix = described(ConfusionMatrix(), "confusion matrix", "")
        self._roc = RocPlot()
        self._worst = described(QListWidget(), "worst mistakes", "The worst mistakes. A double click looks at the example in Inside and in Attention.")
        self._fitted = FittedPlots()
        self._kinds = QStackedLayout()
        self._lay_out()
        self._role.activated.connect(self.stale)
        self._worst.itemActivated.connect(lambda item: self.command.emit(events.Probe(index=item.data(KEY))))

    def draw(self, event: events.Mistakes) -> None:
        """Show the latest event."""
        offer(self._role, [told.role for told in event.told])
        self._role.setVisible(len(event.told) > 1)
        told = event.told[max(0, self._role.currentIndex())]
        self._kinds.setCurrentIndex(0 if event.classes else 1)
        if event.classes:
            self._matrix.draw(told.confusion.numpy(), event.classes)
            self._roc.draw([curve.numpy() for curve in told.curves], event.classes)
            self._roc.setVisible(any(curve.shape[1] for curve in told.curves))
            self._list(told.worst, event.classes)
        elif event.targets is not None and told.numbers is not None:
            self._fitted.draw(event.targets.numpy(), told.numbers.numpy())
        self._says.setText(_sentence(event, told))

    def recolour(self) -> None:
        self._roc.recolour()
        self._fitted.recolour()
        self._matrix.update()

    def _lay_out(self) -> None:
        self._worst.setIconSize(QSize(PICTURE, PICTURE))
        self._worst.setItemDelegate(_WithPicture(self._worst))
        self._worst.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._worst.setWordWrap(True)
        split = QSplitter(Qt.Orientation.Horizontal)
        for part in (self._matrix, self._roc, self._worst):
            split.addWidget(part)
        split.setSizes([420, 260, 280])
        split.setChildrenCollapsible(False)
        tools = QHBoxLayout()
        tools.addWidget(self._role)
        tools.addWidget(self._says, 1)
        self.filled.addLayout(tools)
        self.filled.addLayout(self._kinds, 1)
        for each in (split, self._fitted):
            self._kinds.addWidget(each)

    def _list(self, worst: tuple[events.Mistake, ...], classes: tuple[str, ...]) -> None:
        """List the worst mistakes, and keep the place where they are the same."""
        if worst == self._shown:
            return
        self._shown = worst
        self._worst.clear()
        for mistake in worst:
            item = QListWidgetItem(_words(mistake, classes))
            item.setData(KEY, mistake.index)
            if mistake.picture is not None:
                picture = image_of(mistake.picture.numpy() / 255)
                item.setData(SEEN, picture.scaled(PICTURE, PICTURE, Qt.AspectRatioMode.KeepAspectRatio))
            self._worst.addItem(item)


class _WithPicture(QStyledItemDelegate):
    """Draws an item's picture itself. As an icon each of the many that come and go would stay in Qt's cache."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if index.data(SEEN) is not None:
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().paint(painter, option, index)
        if (picture := index.data(SEEN)) is not None:
            own = QStyleOptionViewItem(option)  # the view goes on with its own for the next item
            self.initStyleOption(own, index)
            place = own.widget.style().subElementRect(QStyle.SubElement.SE_ItemViewItemDecoration, own, own.widget)
            painter.drawImage(QStyle.alignedRect(own.direction, Qt.AlignmentFlag.AlignCenter, picture.size(), place), picture)


def _words(mistake: events.Mistake, classes: tuple[str, ...]) -> str:
    """A mistake in words."""
    text = f"“{mistake.text}”: " if mistake.text else ""
    return f"{text}{classes[mistake.label]}, said to be {classes[mistake.said]} with {mistake.sure:.0%}, example {mistake.index}"


def _sentence(event: events.Mistakes, told: events.Told) -> str:
    """How much is wrong, in words."""
    part = "validation" if event.part == "validation" else "training"
    if event.targets is not None and told.numbers is not None:
        targets, numbers = event.targets.numpy().astype(float), told.numbers.numpy().astype(float)
        error = math.sqrt(((numbers - targets) ** 2).mean())
        spread = ((targets - targets.mean()) ** 2).sum()
        explained = 1 - ((numbers - targets) ** 2).sum() / spread if spread else math.nan
        return f"After step {event.step:,}, {event.count:,} {part} samples: R² {explained:.3f}, root mean squared error {error:.4g}"
    right = int(told.confusion.numpy().trace())
    areas = [area for area in told.areas if area is not None]
    told_apart = f", area under ROC {sum(areas) / len(areas):.3f}" if areas else ""
    return f"After step {event.step:,}: {event.count - right:,} of {event.count:,} {part} samples wrong ({right / max(1, event.count):.1%} right{told_apart})"
