"""Drawings as files."""

import re
import zlib
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor, QImage

from app.drawings.drawing import DrawingProblem, pdf, write
from app.drawings.making import make
from app.drawings.nets import Subject
from app.drawings.options import Options, Style
from ml.project.graph import Graph, Note
from tests.app.canvas.conftest import GRAPH

STYLES: tuple[Style, ...] = ("canvas", "flow")


@pytest.fixture(autouse=True)
def _application(qapp):
    """Painting needs one."""


def drawing(style: Style = "canvas", **options):
    return make(Subject(GRAPH, title="a net"), {}, Options(style=style, **options))


@pytest.mark.parametrize("style", STYLES)
def test_text_is_text_in_svg(tmp_path, style):
    write(drawing(style, names=True), tmp_path / "a.svg", 96)
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    texts = " ".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "conv" in texts and "flatten" in texts
    assert not list(root.iter("{http://www.w3.org/2000/svg}image"))


def test_a_figure_is_as_wide_as_the_column_in_svg_and_pdf(tmp_path):
    made = drawing("flow", width=25)
    write(made, tmp_path / "a.svg", 96)
    width = ElementTree.parse(tmp_path / "a.svg").getroot().get("width")
    assert width is not None and float(width.removesuffix("mm")) == pytest.approx(25, abs=0.1)
    box = re.search(rb"/MediaBox \[[\d. ]*? ([\d.]+) ([\d.]+)\]", pdf(made))
    assert box is not None and float(box[1]) == pytest.approx(25 / 25.4 * 72, abs=0.5)


def test_a_pdf_has_a_page_that_can_be_opened_however_large_the_canvas_is():
    made = make(Subject(GRAPH), {"conv": (40_000.0, 0.0)}, Options())
    box = re.search(rb"/MediaBox \[[\d. ]*? ([\d.]+) ([\d.]+)\]", pdf(made))
    assert made.size.width() > 28_000 and box is not None and 14_390 < float(box[1]) <= 14_400


@pytest.mark.parametrize("style", STYLES)
def test_a_pdf_holds_fonts_and_text_and_no_pixels(style):
    content = pdf(drawing(style))
    streams = b"".join(_unpacked(stream) for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL))
    assert b"/FontFile2" in content and b"Tj" in streams and b"/Subtype /Image" not in content


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.parametrize(("transparent", "alpha"), [(True, 0), (False, 255)])
def test_a_png_has_paper_or_none_and_its_resolution(tmp_path, transparent, alpha):
    for style in STYLES:
        made = drawing(style, transparent=transparent)
        write(made, tmp_path / "a.png", 192)
        image = QImage(str(tmp_path / "a.png"))
        assert image.pixelColor(1, 1).alpha() == alpha
        assert image.width() == pytest.approx(made.size.width() / 72 * 192, abs=1)
        assert image.dotsPerMeterX() == round(192 / 0.0254)


def test_the_canvas_is_drawn_in_either_theme(tmp_path):
    def lightness(dark: bool) -> int:
        write(drawing(dark=dark), tmp_path / "a.png", 96)
        return QColor(QImage(str(tmp_path / "a.png")).pixel(1, 1)).lightness()

    assert lightness(dark=True) < 50 and lightness(dark=False) == 255


def test_notes_are_drawn_or_not():
    subject = Subject(Graph(GRAPH.nodes, {"note": Note("far away", (4000, 0, 100, 50))}))
    with_notes, without = (make(subject, {}, Options(notes=notes)) for notes in (True, False))
    assert with_notes.area.width() > without.area.width()


def test_nodes_lie_where_the_canvas_has_them():
    assert make(Subject(GRAPH), {"conv": (3000.0, 0.0)}, Options()).area.width() > 3000


def test_a_file_that_can_not_be_is_refused_and_nothing_is_left(tmp_path):
    for name, words in (("a.gif", "neither in .svg"), ("no/a.svg", "can't be written")):
        with pytest.raises(DrawingProblem, match=words):
            write(drawing(), tmp_path / name, 96)
    with pytest.raises(DrawingProblem, match="choose fewer dpi"):
        write(drawing(), tmp_path / "a.png", 60_000)
    assert not list(tmp_path.iterdir())
