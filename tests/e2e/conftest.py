"""One window for a file of tests: each begins a project of its own in it. Their engines are forked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.canvas import glide
from tests.e2e.forked import forked_engines
from tests.e2e.studio import Studio

glide.MILLISECONDS = 0


@pytest.fixture(scope="session", autouse=True)
def engines() -> Iterator[None]:
    with forked_engines():
        yield


@pytest.fixture(scope="module")
def studio(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder: Path = tmp_path_factory.mktemp("studio")
    opened = Studio(folder)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def settled(studio: Studio) -> Iterator[None]:
    """No test leaves unsaved work or a run to the next."""
    yield
    if studio.window.engines.is_training:
        studio.press("Stop")
        studio.until(lambda: not studio.window.engines.is_training)
    studio.window.document.undo_stack.setClean()
