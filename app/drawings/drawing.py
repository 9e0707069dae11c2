"""A drawing that can be painted anywhere, and its way into an SVG, PDF or PNG file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSaveFile, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

KINDS = ("svg", "pdf", "png")
MOST_PIXELS = 120_000_000
"""Of a PNG; four bytes each."""
LONGEST = 32_000
"""Pixels on a side, above which Qt's rasterizer gives up."""
LARGEST_PAGE = 14_400.0
"""Points on a side of a PDF's page, above which Acrobat opens none."""
INCH = 72.0


class DrawingProblem(Exception):
    """Why a drawing can't be made or written, as a sentence."""


@dataclass(frozen=True)
class Drawing:
    """What is painted into `area`, in units of its own of which `unit` points make one."""

    area: QRectF
    unit: float
    paint: Callable[[QPainter], None]
    background: str = ""
    """`#rrggbb`, or nothing where it is transparent."""
    title: str = ""
    smallest: float = 0.0
    """The smallest letters, in points as they come out."""

    @property
    def size(self) -> QSizeF:
        """In points."""
        return self.area.size() * self.unit

    def draw(self, painter: QPainter) -> None:
        """Paint the background and what is on it, in its own units."""
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        if self.background:
            painter.fillRect(self.area, QColor(self.background))
        self.paint(painter)


def write(drawing: Drawing, path: Path, dpi: int) -> None:
    """Write the drawing as the ending of `path` says, `dpi` dots to the inch where that is a PNG.

    The file is there whole or not at all. Raises `DrawingProblem`.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise DrawingProblem(f"{path.name} ends neither in .svg nor in .pdf nor in .png, so there is no telling what to write.")
    content = {"svg": svg, "pdf": pdf}[kind](drawing) if kind != "png" else png(drawing, dpi)
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly) or file.write(content) != len(content) or not file.commit():
        raise DrawingProblem(f"{path} can't be written: {file.errorString()}.")


def svg(drawing: Drawing) -> bytes:
    """The drawing as SVG, its text as text."""
    buffer = _buffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setTitle(drawing.title)
    generator.setDescription("Made with Neural Atelier")
    generator.setResolution(round(INCH / drawing.unit))
    generator.setSize(drawing.area.size().toSize())
    generator.setViewBox(drawing.area)
    painter = QPainter(generator)
    drawing.draw(painter)
    painter.end()
    width, height = (f"{side * 25.4 / INCH:.2f}mm" for side in (drawing.size.width(), drawing.size.height()))
    head, body = bytes(buffer.data().data()).decode().split("viewBox", 1)
    return f'{head[: head.index("<svg")]}<svg width="{width}" height="{height}"\n viewBox{body}'.encode()


def pdf(drawing: Drawing) -> bytes:
    """The drawing as one page of PDF without margins, its fonts embedded; smaller where the page would be too large to be opened."""
    unit = drawing.unit * min(1.0, LARGEST_PAGE / max(drawing.size.width(), drawing.size.height()))
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setTitle(drawing.title)
    writer.setCreator("Neural Atelier")
    writer.setResolution(1200)
    writer.setPageMargins(QMarginsF())
    writer.setPageSize(QPageSize(drawing.area.size() * unit, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    painter = QPainter(writer)
    painter.scale(1200 / INCH * unit, 1200 / INCH * unit)
    painter.translate(-drawing.area.topLeft())
    drawing.draw(painter)
    painter.end()
    return bytes(buffer.data().data())


def png(drawing: Drawing, dpi: int) -> bytes:
    """The drawing as PNG. Raises `DrawingProblem` where it would be too large."""
    buffer = _buffer()
    QImageWriter(buffer, b"png").write(image(drawing, dpi))
    return bytes(buffer.data().data())


def image(drawing: Drawing, dpi: int) -> QImage:
    """The drawing as pixels, `dpi` of them to the inch. Raises `DrawingProblem` where they would be too many."""
    scale = dpi / INCH * drawing.unit
    size = QSize(max(1, round(drawing.area.width() * scale)), max(1, round(drawing.area.height() * scale)))
    if max(size.width(), size.height()) > LONGEST or size.width() * size.height() > MOST_PIXELS:
        raise DrawingProblem(
            f"At {dpi} dpi it would be {size.width():,} × {size.height():,} pixels: choose fewer dpi, or SVG or PDF, which are sharp at any size."
        )
    made = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    made.setDotsPerMeterX(round(dpi / 0.0254))
    made.setDotsPerMeterY(round(dpi / 0.0254))
    painter = QPainter(made)
    painter.scale(scale, scale)
    painter.translate(-drawing.area.topLeft())
    drawing.draw(painter)
    painter.end()
    return made


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
