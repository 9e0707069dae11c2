"""How the window looks: two sets of colours, one palette and one stylesheet made from them."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QByteArray, QEvent, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

GRID = 8
"""Distances are multiples of this many pixels."""
ICONS = Path(__file__).parent.parent / "resources" / "icons"
RENDERED = 40
"""Pixels across of an icon as it is drawn: twice those of a button's."""


class Colours(Struct, frozen=True):
    """One theme's colours, each as `#rrggbb`."""

    window: str
    panel: str
    base: str
    hover: str
    pressed: str
    border: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    accent_text: str
    selection: str
    good: str
    warning: str
    error: str
    series: tuple[str, ...]
    """For curves and classes, in this order."""

    def of_series(self, index: int) -> str:
        """The colour of the curve or class of this number, which begin again when all are used."""
        return self.series[index % len(self.series)]


LIGHT = Colours(
    window="#f4f5f8",
    panel="#ffffff",
    base="#ffffff",
    hover="#eef0f5",
    pressed="#e3e6ee",
    border="#dfe3ea",
    text="#1d2330",
    muted="#626b7d",
    accent="#4f55d8",
    accent_hover="#4147c4",
    accent_text="#ffffff",
    selection="#e4e6fb",
    good="#17803d",
    warning="#b45309",
    error="#c8263a",
    series=(
        "#4f55d8",
        "#e07a1f",
        "#17915c",
        "#c8367a",
        "#1a86b8",
        "#8a6d1d",
        "#8b4fc9",
        "#c9483b",
        "#4c7a3a",
        "#5d6779",
    ),
)
DARK = Colours(
    window="#15181e",
    panel="#1c2028",
    base="#161a20",
    hover="#272c37",
    pressed="#313745",
    border="#2f3542",
    text="#e5e8ef",
    muted="#98a1b2",
    accent="#8087f5",
    accent_hover="#969cf8",
    accent_text="#11131a",
    selection="#2c3050",
    good="#4cc27a",
    warning="#e8a13c",
    error="#f2707c",
    series=(
        "#8087f5",
        "#f2a35c",
        "#4fc995",
        "#ee77ab",
        "#55b8e6",
        "#d3b455",
        "#b98bf0",
        "#f28176",
        "#93c47a",
        "#a3adbf",
    ),
)


def is_dark() -> bool:
    """Whether the application shows the dark theme now."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def colours() -> Colours:
    """The colours that the application shows now."""
    return DARK if is_dark() else LIGHT


def apply(application: QApplication, choice: str) -> None:
    """Give the whole application the theme `choice`: `system`, `light` or `dark`."""
    dark = choice == "dark" or (choice == "system" and application.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    chosen = DARK if dark else LIGHT
    application.setStyle("Fusion")
    application.setPalette(palette(chosen))
    application.setStyleSheet(stylesheet(chosen))


def palette(c: Colours) -> QPalette:
    """Qt's palette in these colours."""
    role, result = QPalette.ColorRole, QPalette()
    for where, colour in {
        role.Window: c.window,
        role.WindowText: c.text,
        role.Base: c.base,
        role.AlternateBase: c.hover,
        role.Text: c.text,
        role.Button: c.panel,
        role.ButtonText: c.text,
        role.BrightText: c.error,
        role.Highlight: c.accent,
        role.HighlightedText: c.accent_text,
        role.Link: c.accent,
        role.LinkVisited: c.accent,
        role.ToolTipBase: c.panel,
        role.ToolTipText: c.text,
        role.PlaceholderText: c.muted,
        role.Mid: c.border,
        role.Dark: c.border,
        role.Accent: c.accent,
    }.items():
        result.setColor(where, QColor(colour))
    faint = QColor(c.muted)
    faint.setAlpha(140)
    for where in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, where, faint)
    return result


def label(text: str = "", kind: str = "", wrap: bool = True) -> QLabel:
    """A label; `kind` is a style of this theme: `title`, `heading`, `muted`, `error`, or nothing."""
    made = QLabel(text)
    made.setProperty("kind", kind)
    made.setWordWrap(wrap)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def restyle(widget: QWidget, kind: str) -> None:
    """Give a widget that is already shown another `kind` of style."""
    if widget.property("kind") != kind:
        widget.setProperty("kind", kind)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def is_theme_change(event: QEvent) -> bool:
    """Whether a widget's `changeEvent` says that the colours are new: what is drawn by hand must be drawn again."""
    return event.type() in (
        QEvent.Type.PaletteChange,
        QEvent.Type.ApplicationPaletteChange,
    )


def icon(name: str, colour: str = "") -> QIcon:
    """The icon `name` of resources/icons in the text's colour (or in `colour`), greyed where it is disabled."""
    made, c = QIcon(), colours()
    made.addPixmap(_rendered(name, colour or c.text))
    faint = QColor(c.muted)
    faint.setAlpha(110)
    made.addPixmap(_rendered(name, faint.name(QColor.NameFormat.HexArgb)), QIcon.Mode.Disabled)
    return made


def _rendered(name: str, colour: str) -> QPixmap:
    """An SVG whose strokes are black, drawn in one colour; once, for Qt keeps what it makes of each pixmap."""
    key, pixmap = f"{name} {colour}", QPixmap(QSize(RENDERED, RENDERED))
    if QPixmapCache.find(key, pixmap):
        return pixmap
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray((ICONS / f"{name}.svg").read_bytes())).render(painter)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), QColor(colour))
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap


def stylesheet(c: Colours) -> str:
    """The one stylesheet, in these colours."""
    sheet = (Path(__file__).parent.parent / "resources" / "style.qss").read_text(encoding="utf-8")
    for name in sorted(
        (name for name in c.__struct_fields__ if name != "series"),
        key=len,
        reverse=True,
    ):
        sheet = sheet.replace(f"@{name}", getattr(c, name))
    return sheet.replace("@icons", ICONS.as_posix() + ("/dark" if c is DARK else "/light"))
