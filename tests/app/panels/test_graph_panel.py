"""The tabs of the models above the graph."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document import Document
from app.panels.graph import GraphPanel
from ml import catalog


@pytest.fixture
def panel(qtbot: QtBot) -> GraphPanel:
    made = GraphPanel(Document(catalog.new("vae")))
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_model_is_chosen_by_the_keys_and_by_the_mouse(panel: GraphPanel) -> None:
    first, second, *_ = panel.document.project.models
    QTest.keyClick(panel.roles, Qt.Key.Key_Right)
    assert panel.document.role == second and set(panel.view.graph_scene.nodes) == set(panel.document.project.models[second].nodes)
    QTest.mouseClick(panel.roles, Qt.MouseButton.LeftButton, pos=panel.roles.tabRect(0).center())
    assert panel.document.role == first


def test_another_project_has_its_own_models(panel: GraphPanel) -> None:
    panel.document.role = list(panel.document.project.models)[1]
    panel.document.open(catalog.new("dcgan"))
    assert panel.roles.tabText(panel.roles.currentIndex()) == panel.document.role == "generator"
