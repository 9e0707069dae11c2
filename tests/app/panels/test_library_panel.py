"""The library and the start page: what can be chosen, and how it is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.canvas.view import MIME
from app.panels.library.panel import PICTURES, LibraryPanel
from app.panels.start import StartPage
from ml import catalog, data
from ml.ops.table import NODE_TYPES


@pytest.fixture
def library(qtbot: QtBot) -> LibraryPanel:
    made = LibraryPanel()
    qtbot.addWidget(made)
    return made


def test_it_has_everything_that_there_is(library: LibraryPanel) -> None:
    assert {item.id for item in library.templates.items} == set(catalog.templates())
    assert {item.id for item in library.datasets.items} == set(data.sources())
    assert {item.id for item in library.nodes.items} == set(NODE_TYPES)


def test_everything_has_its_picture(library: LibraryPanel) -> None:
    missing = [id for id in catalog.templates() if not (PICTURES / "templates" / f"{id}.png").exists()]
    missing += [id for id in data.sources() if not (PICTURES / "data" / f"{id}.png").exists()]
    assert missing == [], "run scripts/pictures.py"


@pytest.mark.parametrize(
    ("words", "shelf", "first"),
    [("fully connected", "nodes", "Dense"), ("latent", "templates", ""), ("conv mlp nothing", "nodes", ""), ("DIGITS", "datasets", "Handwritten digits")],
)
def test_all_words_must_be_found(library: LibraryPanel, words: str, shelf: str, first: str) -> None:
    library.search.setText(words)
    tree = getattr(library, shelf).tree
    shown = [row.text(0) for head in tree._heads() for row in (head.child(index) for index in range(head.childCount())) if not row.isHidden()]
    assert first in shown if first else shown == []


def test_the_search_turns_to_where_something_is_found(library: LibraryPanel) -> None:
    library.search.setText("MultiHeadAttention")
    assert library.tabs.currentWidget() is library.nodes
    assert library.tabs.tabText(2) == "Nodes (1)"
    library.search.clear()
    assert library.tabs.tabText(2) == "Nodes"


def test_a_dragged_node_type_carries_its_id(library: LibraryPanel) -> None:
    tree = library.nodes.tree
    row = tree._heads()[0].child(0)
    assert row is not None
    assert tree.mimeData([row]).data(MIME).toStdString() in NODE_TYPES


def test_the_start_page_finds_cards_and_opens_one_by_the_keyboard(qtbot: QtBot) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    page.open()
    page.search.setText("image patches transformer")
    page.search.setText("autoencoder")
    assert [id for id, card in page.cards.items() if card.isVisible()] == ["templates/vae"]
    with qtbot.waitSignal(page.template_chosen) as chosen:
        qtbot.keyClick(page.cards["templates/vae"], Qt.Key.Key_Return)
    assert chosen.args == ["vae"]
    assert not page.isVisible()


def test_the_start_page_offers_the_files_used_last(qtbot: QtBot, tmp_path: Path) -> None:
    page = StartPage()
    qtbot.addWidget(page)
    page.show_recent([tmp_path / "mine.atelier"])
    button = next(button for button in page.findChildren(QPushButton) if button.text() == "mine.atelier")
    with qtbot.waitSignal(page.file_chosen) as chosen:
        button.click()
    assert chosen.args == [tmp_path / "mine.atelier"]
