"""Draws the library's pictures, one for each template (its own graph) and each dataset (its own samples), into resources/pictures.

Run it as `QT_QPA_PLATFORM=offscreen python scripts/pictures.py` from the checkout when a template or a dataset is new, with the ids of those that changed
to draw these again. The colours are those that read on light and on dark.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QPainterPath, QPen

from app.canvas.layout.layers import downwards
from app.canvas.palette import LIGHT
from app.theme import DARK as COLOURS
from ml import catalog, data, overlays
from ml.boards import drawn
from ml.data import Dataset, words
from ml.data.placing import places
from ml.ops.table import category_of
from ml.project.graph import Graph
from ml.project.project import Data

FOLDER = Path(__file__).parents[1] / "resources" / "pictures"
SIZE = (400, 208)
MARGIN = 14
THICK, LONG = 14.0, 62.0
COLUMN, ROW = 44, 30
LENGTHS = {"Convolution": 1.0, "Core": 0.75, "Attention": 0.95, "Merging": 0.35, "Activation": 0.4, "Regularization": 0.45, "Normalization": 0.5}
"""How long a node's bar is, by its category."""
GREY = "#8b94a5"


def main() -> None:
    """Draw those that are missing, and those that are named."""
    application = QGuiApplication([])
    for template in catalog.templates():
        if _is_wanted(picture := FOLDER / "templates" / f"{template}.png"):
            _save(picture, partial(draw_models, graphs=list(catalog.new(template).models.values())))
    for id, source in data.sources().items():
        if _is_wanted(picture := FOLDER / "data" / f"{id}.png"):
            _save(picture, _own(id) if source.path else _far(source.kind) if source.files else partial(draw_data, dataset=data.load(Data(id))))
    application.quit()


def _is_wanted(picture: Path) -> bool:
    return not picture.exists() or picture.stem in sys.argv[1:]


def draw_models(painter: QPainter, graphs: list[Graph]) -> None:
    """The graphs below each other, from left to right, each node a bar in its category's colour."""
    graphs = [flat(graph) for graph in graphs]
    height = (SIZE[1] - MARGIN) / len(graphs)
    for index, graph in enumerate(graphs):
        draw_graph(painter, graph, QRectF(MARGIN, MARGIN + index * height, SIZE[0] - 2 * MARGIN, height - MARGIN))


def flat(graph: Graph) -> Graph:
    """The graph, or what is in it where it is little more than one block."""
    inner = [node.graph for node in graph.nodes.values() if node.graph is not None]
    return inner[0] if len(inner) == 1 and inner[0] is not None and len(graph.nodes) <= 4 else graph


def draw_graph(painter: QPainter, graph: Graph, area: QRectF) -> None:
    """One graph, fitted into `area`."""
    places = {name: QPointF(y, x) for name, (x, y) in downwards(graph, COLUMN, ROW).positions.items()}
    lows = QPointF(min(p.x() for p in places.values()), min(p.y() for p in places.values()))
    highs = QPointF(max(p.x() for p in places.values()), max(p.y() for p in places.values()))
    span = highs - lows
    room = min(LONG, area.height() * 0.3)
    down = min(2.2, (area.height() - room) / span.y()) if span.y() else 1.0
    across = min(2.6, (area.width() - THICK) / max(span.x(), 1))
    middle = (lows + highs) / 2
    where = {name: QPointF(area.center().x() + (p.x() - middle.x()) * across, area.center().y() + (p.y() - middle.y()) * down) for name, p in places.items()}
    thick = min(THICK, across * ROW * 0.6)
    long = min(1.3 * LONG, area.height(), down * COLUMN * 0.8 if span.y() else area.height())
    painter.setPen(QPen(QColor(GREY), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for name, _, link in graph.links():
        path = QPainterPath(where[link.node])
        half = QPointF((where[name].x() - where[link.node].x()) / 2, 0)
        path.cubicTo(where[link.node] + half, where[name] - half, where[name])
        painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    for name, point in where.items():
        category = category_of(graph[name].type)
        is_end = graph[name].type in ("Input", "Output")
        length = long * (0.3 if is_end else LENGTHS.get(category, 0.6))
        colour = QColor(LIGHT.category("input" if is_end else category))
        painter.setBrush(colour.lighter(125))
        painter.drawRoundedRect(QRectF(point.x() - thick / 2, point.y() - length / 2, thick, length), min(4, thick / 2), min(4, thick / 2))


def draw_data(painter: QPainter, dataset: Dataset) -> None:
    """Some of a dataset's samples."""
    x, y = dataset.part("train")
    match dataset.kind:
        case "image":
            draw_pictures(painter, x)
        case "pairs" if not dataset.tokens:
            draw_order(painter, x[0, :, 0], y[0, 1:-1] - words.PLACE)
        case "pairs":
            draw_text(painter, "\n".join(words.described(dataset, *sample) for sample in zip(x[:7], y, strict=False)), Qt.TextFlag.TextWordWrap)
        case "text" if dataset.task == "tagging":
            draw_tagged(painter, dataset, x, y)
        case "text" if dataset.task == "classification":
            draw_text(painter, "\n".join(words.described(dataset, *sample) for sample in zip(x[: 7 // x.ndim], y, strict=False)))
        case "text":
            draw_text(painter, "".join(dataset.tokens[token] for row, after in zip(x[:8], y[:8], strict=True) for token in (*row, after[-1])))
        case "board":
            draw_boards(painter, drawn(x, best=np.eye(len(dataset.classes))[y]))
        case "graph":
            draw_links(painter, dataset.x, dataset.y.astype(int))
        case "series" if dataset.task == "bits":
            draw_bits(painter, overlays.bits(x[:1])[0, 1:-1, 1:-1])
        case "series":
            draw_series(painter, x[:3])
        case _:
            draw_points(painter, first_plane(dataset, x), y.reshape(-1), bool(dataset.classes))


def _own(id: str) -> Callable[[QPainter], None]:
    """What stands for data of one's own: cells for a table, pictures in a folder, a cube of numbers for arrays."""
    return {"csv": draw_cells, "images": draw_folder}.get(id, draw_cube)


def _far(kind: str) -> Callable[[QPainter], None]:
    """What stands for data that are not here yet: what they are, and that they come from elsewhere."""
    return partial(draw_arriving, sizes={"image": (4, 3, 34, 34), "text": (2, 5, 74, 15)}.get(kind, (3, 5, 46, 18)))


def draw_arriving(painter: QPainter, sizes: tuple[int, int, int, int]) -> None:
    """So many tiles across and down, of a width and a height, above each other; beside them an arrow down to a tray."""
    columns, rows, width, height = sizes
    painter.setPen(Qt.PenStyle.NoPen)
    for row, column in product(range(rows), range(columns)):
        colour = QColor(COLOURS.series[(row * columns + column) % len(COLOURS.series)])
        colour.setAlpha(120)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(48 + column * (width + 8), 104 - rows * (height + 8) / 2 + row * (height + 8), width, height), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(GREY), 7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline([QPointF(295, 50), QPointF(295, 124)])
    painter.drawPolyline([QPointF(268, 98), QPointF(295, 125), QPointF(322, 98)])
    painter.drawPolyline([QPointF(242, 126), QPointF(242, 156), QPointF(348, 156), QPointF(348, 126)])


def draw_cells(painter: QPainter) -> None:
    """A table with its header, the last column in another colour."""
    painter.setPen(Qt.PenStyle.NoPen)
    for row, column in product(range(5), range(5)):
        colour = QColor(COLOURS.series[1] if column == 4 else COLOURS.series[0])
        colour.setAlpha(235 if row == 0 else 110)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(55 + column * 60, 20 + row * 35, 54, 29), 4, 4)


def draw_folder(painter: QPainter) -> None:
    """A folder with a tab, and pictures of two classes in it."""
    painter.setPen(QPen(QColor(GREY), 4))
    painter.drawPolyline([QPointF(95, 184), QPointF(95, 28), QPointF(165, 28), QPointF(182, 50), QPointF(305, 50), QPointF(305, 184), QPointF(95, 184)])
    painter.setPen(Qt.PenStyle.NoPen)
    for row, column in product(range(2), range(3)):
        painter.setBrush(QColor(COLOURS.series[row]))
        painter.drawRoundedRect(QRectF(116 + column * 60, 68 + row * 56, 48, 44), 5, 5)


def draw_cube(painter: QPainter) -> None:
    """Sheets of numbers behind each other."""
    numbers = np.random.default_rng(0).random((3, 4, 6))
    painter.setPen(Qt.PenStyle.NoPen)
    for sheet, row, column in product(reversed(range(3)), range(4), range(6)):
        colour = QColor(COLOURS.series[0]).lighter(int(75 + 70 * numbers[sheet, row, column]))
        painter.setBrush(colour.darker(100 + 45 * sheet))
        painter.drawRoundedRect(QRectF(80 + 26 * sheet + column * 32, 60 - 22 * sheet + row * 32, 29, 29), 3, 3)


def first_plane(dataset: Dataset, x: np.ndarray) -> np.ndarray:
    """Points in the plane: the two columns, or the two principal components of more."""
    flat = x.reshape(len(x), -1).astype(float)
    if dataset.kind == "points":
        return flat
    centred = flat - flat.mean(axis=0)
    return centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T


def draw_pictures(painter: QPainter, x: np.ndarray) -> None:
    """Pictures in a grid, wide ones in fewer columns."""
    ratio = x.shape[2] / x.shape[1]
    columns = 6 if ratio < 2 else 2
    width = 58 if ratio < 2 else 180
    height = width / ratio
    rows = int((SIZE[1] - MARGIN) // (height + 6))
    left, top = (SIZE[0] - columns * (width + 6) + 6) / 2, (SIZE[1] - rows * (height + 6) + 6) / 2
    for index, pixels in enumerate(x[: columns * rows]):
        grey = np.ascontiguousarray((pixels[..., 0] * 255).astype(np.uint8))
        image = QImage(grey.data, grey.shape[1], grey.shape[0], grey.shape[1], QImage.Format.Format_Grayscale8)
        painter.drawImage(QRectF(left + index % columns * (width + 6), top + index // columns * (height + 6), width, height), image)


def draw_boards(painter: QPainter, pixels: np.ndarray) -> None:
    """Boards in a grid, each with a dot where to move."""
    columns, rows, side = 6, 3, 58
    left, top = (SIZE[0] - columns * (side + 6) + 6) / 2, (SIZE[1] - rows * (side + 6) + 6) / 2
    for index, board in enumerate(pixels[: columns * rows]):
        image = QImage(board.tobytes(), board.shape[1], board.shape[0], 3 * board.shape[1], QImage.Format.Format_RGB888)
        painter.drawImage(QRectF(left + index % columns * (side + 6), top + index // columns * (side + 6), side, side), image)


def draw_points(painter: QPainter, points: np.ndarray, y: np.ndarray, classes: bool) -> None:
    """Points in the plane, coloured by class or from low to high."""
    points, y = points[:400], y[:400]
    low, high = np.percentile(points, 1, axis=0), np.percentile(points, 99, axis=0)
    places = (points - low) / (high - low)
    rank = np.argsort(np.argsort(y)) / max(len(y) - 1, 1)
    painter.setPen(Qt.PenStyle.NoPen)
    for (u, v), value, part in zip(places, y, rank, strict=True):
        colour = QColor(COLOURS.series[int(value)]) if classes else QColor.fromHsvF(0.66 - 0.6 * float(part), 0.55, 0.92)
        colour.setAlpha(200)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(MARGIN * 2 + u * (SIZE[0] - 4 * MARGIN), SIZE[1] - MARGIN - v * (SIZE[1] - 2 * MARGIN)), 4.5, 4.5)


def draw_links(painter: QPainter, links: np.ndarray, y: np.ndarray) -> None:
    """Nodes with their links, coloured by class where there are classes."""
    points = [QPointF(MARGIN + u * (SIZE[0] - 2 * MARGIN), SIZE[1] - MARGIN - v * (SIZE[1] - 2 * MARGIN)) for u, v in places(links)]
    painter.setPen(QPen(QColor(GREY), 1))
    for one, other in zip(*np.nonzero(np.triu(links)), strict=True):
        painter.drawLine(points[one], points[other])
    painter.setPen(Qt.PenStyle.NoPen)
    for node, point in enumerate(points):
        painter.setBrush(QColor(COLOURS.series[y[node] if y.size else 0]))
        painter.drawEllipse(point, 6, 6)


def draw_series(painter: QPainter, x: np.ndarray) -> None:
    """A strip for each series, a line for each feature."""
    height = (SIZE[1] - MARGIN) / len(x)
    places = (x - x.min()) / (x.max() - x.min())
    across = MARGIN + np.arange(x.shape[1]) / (x.shape[1] - 1) * (SIZE[0] - 2 * MARGIN)
    for strip, feature in product(range(len(x)), range(x.shape[2])):
        down = MARGIN + height * strip + (1 - places[strip, :, feature]) * (height - MARGIN)
        painter.setPen(QPen(QColor(COLOURS.series[feature]), 2.5))
        painter.drawPolyline([QPointF(u, v) for u, v in zip(across, down, strict=True)])


def draw_bits(painter: QPainter, pixels: np.ndarray) -> None:
    """A sequence of bits, a square each."""
    rows, columns = pixels.shape[:2]
    side = min((SIZE[0] - 2 * MARGIN) / columns, (SIZE[1] - 2 * MARGIN) / rows)
    left, top = (SIZE[0] - columns * side) / 2, (SIZE[1] - rows * side) / 2
    painter.setPen(Qt.PenStyle.NoPen)
    for row, column in product(range(rows), range(columns)):
        painter.setBrush(QColor(*pixels[row, column].tolist()))
        painter.drawRoundedRect(QRectF(left + column * side, top + row * side, side - 2, side - 2), 3, 3)


def draw_text(painter: QPainter, text: str, wrap: Qt.TextFlag = Qt.TextFlag.TextWrapAnywhere) -> None:
    """The beginning of a text."""
    font = QFont("DejaVu Sans Mono")
    font.setPixelSize(17)
    painter.setFont(font)
    painter.setPen(QColor(GREY))
    painter.drawText(QRectF(MARGIN, MARGIN, SIZE[0] - 2 * MARGIN, SIZE[1] - 2 * MARGIN), wrap, text)


def draw_order(painter: QPainter, numbers: np.ndarray, order: np.ndarray) -> None:
    """Numbers (n,) from 0 to 1 as bars, below them the same by their places in order (n,), and from where each comes."""
    step, tall = (SIZE[0] - 2 * MARGIN) / len(numbers), 64
    painter.setPen(QPen(QColor(GREY), 2))
    for rank, place in enumerate(order):
        above, below = QPointF(MARGIN + (place + 0.5) * step, MARGIN + tall + 4), QPointF(MARGIN + (rank + 0.5) * step, SIZE[1] - MARGIN - tall - 4)
        painter.drawLine(above, below)
    painter.setPen(Qt.PenStyle.NoPen)
    for row, values in enumerate((numbers, numbers[order])):
        painter.setBrush(QColor(COLOURS.series[row]))
        for place, value in enumerate(values * tall):
            top = MARGIN + tall - value if row == 0 else SIZE[1] - MARGIN - tall
            painter.drawRoundedRect(QRectF(MARGIN + place * step + 4, top, step - 8, value), 3, 3)


def draw_tagged(painter: QPainter, dataset: Dataset, x: np.ndarray, y: np.ndarray) -> None:
    """The beginnings of texts, each character on the colour of its tag."""
    font = QFont("DejaVu Sans Mono")
    font.setPixelSize(17)
    painter.setFont(font)
    for row, column in product(range(7), range(34)):
        if text := dataset.tokens[x[row, column]].strip():
            place = QRectF(MARGIN + column * 11, MARGIN + row * 26, 11, 22)
            kind = dataset.classes[y[row, column]].rpartition("-")[2]
            colour = QColor(COLOURS.series[sum(map(ord, kind)) % len(COLOURS.series)])
            colour.setAlpha(90)
            painter.fillRect(place, colour)
            painter.setPen(QColor(GREY))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _save(path: Path, draw: Callable[[QPainter], None]) -> None:
    image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(str(path))


if __name__ == "__main__":
    main()
