"""The panels that follow the graph, in the real window: the history and the outline."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSpinBox, QTabBar, QTreeWidget

from tests.e2e.studio import LEFT, NONE, Studio


def begin(studio: Studio) -> None:
    studio.window.document.undo_stack.setClean()
    studio.window.files.new("mlp")
    studio.until_checked()


def show_dock(studio: Studio, title: str) -> None:
    """Click the tab of a panel at the left."""
    for bar in studio.window.findChildren(QTabBar):
        for index in range(bar.count()):
            if bar.tabText(index) == title and bar.isVisible():
                QTest.mouseClick(bar, LEFT, NONE, bar.tabRect(index).center())
                studio.until(studio.window.docks[title].widget().isVisible)
                return
    raise AssertionError(f"There is no tab {title}.")


def test_each_step_is_in_the_history_and_a_click_goes_back_to_it(studio: Studio) -> None:
    begin(studio)
    before = studio.window.document.project
    studio.click_node("dense")
    studio.fill(studio.find(QLineEdit, "units"), "128")
    studio.click_node("dense_1")
    studio.fill(studio.find(QLineEdit, "units"), "16")
    show_dock(studio, "History")
    history = studio.window.history
    texts = [history.steps.index(row).data() for row in range(history.steps.rowCount())]
    assert texts[0] == "As it was opened"
    assert "Change units of dense to 128" in texts and texts[-1] == "Change units of dense_1 to 16"
    QTest.mouseClick(history.list.viewport(), LEFT, NONE, history.list.visualRect(history.steps.index(0)).center())
    assert studio.window.document.project == before
    QTest.keyClick(history.list, Qt.Key.Key_End)
    assert studio.window.document.graph["dense_1"].arguments["units"] == 16
    show_dock(studio, "Library")


def test_the_same_field_edited_after_looking_elsewhere_is_a_second_step(studio: Studio) -> None:
    begin(studio)
    for units in ("128", "32"):
        studio.click_node("dense")
        studio.fill(studio.find(QLineEdit, "units"), units)
        studio.click_node("dense_1")
    stack = studio.window.document.undo_stack
    assert [stack.text(index) for index in range(stack.count())] == ["Change units of dense to 128", "Change units of dense to 32"]


def test_the_graph_is_read_renamed_and_cut_in_the_outline_alone(studio: Studio) -> None:
    begin(studio)
    show_dock(studio, "Outline")
    tree = studio.window.outline.tree
    tree.setFocus()
    QTest.keyClicks(tree, "dense_1")
    assert studio.window.graph.view.selected() == ["dense_1"]
    QTest.keyClick(tree, Qt.Key.Key_F2)
    studio.type("second")
    studio.key(Qt.Key.Key_Return)
    studio.until(lambda: "second" in studio.window.document.graph.nodes)
    studio.until(lambda: studio.window.graph.view.selected() == ["second"])
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    assert "second" not in studio.window.document.graph.nodes
    studio.click_node("dense")
    studio.until(lambda: [item.text(0) for item in tree.selectedItems()] == ["dense"])
    show_dock(studio, "Library")


def test_todays_graph_is_compared_with_the_saved_one_and_with_a_template(studio: Studio, tmp_path: Path) -> None:
    begin(studio)
    studio.window.document.save(tmp_path / "today.atelier")
    studio.click_node("dense")
    studio.fill(studio.find(QLineEdit, "units"), "128")
    studio.window.graph.view.setFocus()
    QTest.keyClick(studio.window.graph.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    tree = studio.find(QTreeWidget, "Differences")
    compare = studio.window.compare
    assert compare is not None
    studio.until(lambda: compare.comparison.totals.text().startswith("Parameters"))
    changed = tree.findItems("≠ dense", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)[0]
    assert changed.text(1) == "units 64 → 128" and changed.text(2).startswith("+")
    QTest.mouseClick(tree.viewport(), LEFT, NONE, tree.visualItemRect(changed).center())
    assert compare.comparison.view.comparison_scene.selected() == ["dense"]
    kind = studio.find(QComboBox, "Compare with")
    kind.setFocus()
    QTest.keyClick(kind, Qt.Key.Key_Down)
    assert kind.currentText() == "A template"
    studio.until(lambda: compare.comparison.totals.text().startswith("Parameters"))
    compare.close()
    studio.window.activateWindow()
    assert QTest.qWaitForWindowActive(studio.window)


def test_the_code_follows_the_graph_and_its_lines_lead_to_the_nodes(studio: Studio) -> None:
    begin(studio)
    studio.show_tab("Code")
    code = studio.window.code
    studio.click_node("dense")
    assert studio.window._beside.currentWidget() is code
    selection = code.text.extraSelections()[0]
    assert selection.cursor.block().text().strip().startswith("dense = layers.Dense(64")  # pyright: ignore[reportAttributeAccessIssue] - left out of the stubs
    graph = studio.window.document.graph
    studio.window.document.edit_graph(graph.with_node("dense", replace(graph["dense"], arguments=graph["dense"].arguments | {"units": 99})), "Change units")
    studio.until(lambda: "layers.Dense(99" in code.text.toPlainText())
    number = next(number for number, line in enumerate(code.lines) if "model/dense_1" in line.paths)
    place = code.text.cursorRect(QTextCursor(code.text.document().findBlockByNumber(number))).center()
    QTest.mouseClick(code.text.viewport(), LEFT, NONE, place)
    assert studio.window.graph.view.selected() == ["dense_1"]
    studio.press("Copy")
    copied = QGuiApplication.clipboard().text()
    assert copied.endswith("model = build_model()\n") and compile(copied, "copied", "exec")
    studio.show_tab("Node")


def test_every_part_of_the_window_is_gone_to_with_a_key(studio: Studio) -> None:
    begin(studio)
    window = studio.window
    assert window.run_list is not None
    studio.click_node("dense")
    for key, expected in (
        (Qt.Key.Key_6, window.code.text),
        (Qt.Key.Key_5, window.inspector.node.name_field),
        (Qt.Key.Key_4, window.history),
        (Qt.Key.Key_3, window.outline.tree),
        (Qt.Key.Key_7, window.training),
        (Qt.Key.Key_8, window.run_list),
        (Qt.Key.Key_2, window.library.search),
        (Qt.Key.Key_1, window.graph.view),
    ):
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        focus = QApplication.focusWidget()
        assert focus is not None and (focus is expected or expected.isAncestorOf(focus)), (key, focus)
        assert focus.isVisible()


def test_a_row_of_clicks_on_a_spin_box_is_one_step(studio: Studio) -> None:
    begin(studio)
    studio.show_tab("Project")
    epochs = studio.window.document.project.training.epochs
    box = studio.find(QSpinBox, "epochs")
    box.setFocus()
    for _ in range(3):
        QTest.keyClick(box, Qt.Key.Key_Up)
    stack = studio.window.document.undo_stack
    assert stack.count() == 1 and stack.undoText() == f"Change the epochs to {epochs + 3}"
    QTest.keyClick(studio.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert studio.window.document.project.training.epochs == epochs and box.value() == epochs
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert (stack.count(), stack.index()) == (1, 1) and box.value() == epochs + 1
    studio.show_tab("Node")
