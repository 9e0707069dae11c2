"""What Qt made is destroyed in the window's thread, whichever thread makes garbage."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QGraphicsScene
from pytestqt.qtbot import QtBot

from app.garbage import Collector


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    gc.collect()
    made = Collector()
    yield made
    made.end()


def test_a_dropped_scene_is_destroyed_in_this_thread_while_another_makes_objects(collector: Collector, qtbot: QtBot) -> None:
    destroyed_in = []
    scene = QGraphicsScene()
    scene.destroyed.connect(lambda: destroyed_in.append(threading.current_thread()))
    scene.itself = scene  # pyright: ignore[reportAttributeAccessIssue] - the cycle that only the collector finds
    del scene
    other = threading.Thread(target=lambda: [[number] for number in range(200_000)])
    other.start()
    other.join()
    assert destroyed_in == []
    kept = []

    def is_destroyed() -> bool:
        kept.extend([number] for number in range(2_000))
        return bool(destroyed_in)

    qtbot.waitUntil(is_destroyed)
    assert destroyed_in == [threading.main_thread()]


def test_the_windows_application_has_one_and_python_has_its_own_again_at_its_end(qtbot: QtBot) -> None:
    made = Collector()
    assert not gc.isenabled()
    made.end()
    assert gc.isenabled()


def test_what_stands_at_the_beginning_is_looked_through_once(collector: Collector, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    assert len(gc.get_objects()) < gc.get_freeze_count()
    collector.end()
    assert gc.get_freeze_count() == 0
