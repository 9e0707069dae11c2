"""Pictures of each step: `python -m tests.screenshots` drives the real window and makes those of the README, in light and small.

With a folder as its argument it makes them there in two sizes and both themes, to be looked at.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import main
from tests.e2e.studio import Studio
from tests.e2e.test_whole_path import CONTROL, open_template, train, train_to_the_end

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
SIZES = ((1280, 800), (1920, 1080))
THEMES = ("light", "dark")


class Tour:
    """Goes the eight steps once and takes a picture at each, in every size and theme."""

    def __init__(self, studio: Studio, folder: Path, themes: tuple[str, ...], sizes: tuple[tuple[int, int], ...]) -> None:
        self.studio, self.folder, self.themes, self.sizes = studio, folder, themes, sizes

    def take(self, name: str) -> None:
        """Picture the window, and a dialog over it where one is open, in every size and theme."""
        window = self.studio.window
        for theme in self.themes:
            window.set_theme(theme)
            for width, height in self.sizes:
                window.resize(width, height)
                QTest.qWait(100)
                window.arrange()
                QTest.qWait(300)
                shown = QApplication.activeModalWidget() or window
                kind = f"-{theme}-{width}" if len(self.sizes) > 1 else ""
                shown.grab().save(str(self.folder / f"{name}{kind}.png"))

    def go(self) -> None:
        """Every step."""
        studio, window = self.studio, self.studio.window
        studio.until_checked()
        window.show_start()
        self.take("2-choose")
        if window.start is not None:
            window.start.reject()
        window.activateWindow()
        window._show_beside(window.data)
        QTest.qWait(3000)
        self.take("2-data")
        open_template(studio, "Convolutional network")
        studio.click_node("conv2d_1")
        self.take("3-graph")
        window.graph.view.setFocus()
        studio.key(Qt.Key.Key_Tab)
        studio.type("drop")
        self.take("3-search")
        studio.key(Qt.Key.Key_Escape)
        self._error()
        self._block()
        open_template(studio, "Convolutional network", epochs=30)
        studio.show_tab("Plots")
        train_to_the_end(studio)
        self.take("4-train")
        for title, name in (("Vision transformer", "vit"), ("GPT", "gpt")):
            self._attend(title, name)
        self._sample("Variational autoencoder", "vae")
        self._sample("Deep convolutional GAN", "dcgan")
        QTest.keyClick(window, Qt.Key.Key_E, CONTROL)
        self.take("7-export")

    def _error(self) -> None:
        """A kernel that is larger than the picture, with the ways out of it."""
        open_template(self.studio, "Convolutional network")
        graph = self.studio.window.document.graph
        conv = msgspec.structs.replace(graph["conv2d_1"], arguments={"filters": 64, "kernel_size": 9, "activation": "relu"})
        self.studio.window.document.edit_graph(graph.with_node("conv2d_1", conv), "Change the kernel")
        self.studio.click_node("conv2d_1")
        self.studio.until(lambda: self.studio.window.document.node_reports["conv2d_1"].fixes)
        QTest.qWait(500)
        self.take("3-error")

    def _block(self) -> None:
        """A part of a network as a block with a parameter, repeated, with a comment beside it and the Python beside the graph."""
        studio, view = self.studio, self.studio.window.graph.view
        open_template(studio, "Vision transformer")
        self.take("3-graph-vit")
        open_template(studio, "Convolutional network")
        view.select(["conv2d_1", "max_pooling2d_1"])
        view.blocks.group()
        studio.type("stage")
        studio.key(Qt.Key.Key_Return)
        view.blocks.open("stage")
        studio.window.inspector.node.blocks.promote("conv2d_1", "filters", 64)
        view.blocks.close()
        stage = studio.window.document.graph["stage"]
        studio.window.document.edit_graph(studio.window.document.graph.with_node("stage", msgspec.structs.replace(stage, repeat=2)), "Repeat stage")
        view.select(["stage"])
        studio.until_checked()
        QTest.qWait(500)
        self.take("3-block")
        studio.show_tab("Code")
        self.take("3-code")
        view.arranging.turn()
        QTest.qWait(1000)
        self.take("3-right")
        studio.show_tab("Node")

    def _attend(self, title: str, name: str) -> None:
        open_template(self.studio, title, epochs=8)
        self.studio.show_tab("Attention")
        train(self.studio)
        panel = self.studio.find_panel("Attention")
        self.studio.until(lambda: panel._event is not None and panel._event.step > 60)
        self.take(f"5-attention-{name}")
        if self.studio.window.engines.is_training:
            self.studio.press("Stop")
        self.studio.until(lambda: self.studio.window.training.state == "ended")
        if name == "gpt":
            self.studio.show_tab("Generator")
            self.take("6-sample-gpt")

    def _sample(self, title: str, name: str) -> None:
        open_template(self.studio, title)
        self.studio.show_tab("Generator")
        train_to_the_end(self.studio)
        QTest.qWait(2500)
        self.take(f"6-sample-{name}")


def run(folder: Path, themes: tuple[str, ...], sizes: tuple[tuple[int, int], ...]) -> None:
    """Take all pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    application = main.make_application()
    with tempfile.TemporaryDirectory() as settings:
        studio = Studio(Path(settings))
        Tour(studio, folder, themes, sizes).go()
        for dialog in application.topLevelWidgets():
            dialog.close() if dialog is not studio.window else None
        studio.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(Path(sys.argv[1]), THEMES, SIZES)
    else:
        run(FOLDER, THEMES[:1], SIZES[:1])
