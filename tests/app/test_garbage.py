"""What Qt made is destroyed in the window's thread, whichever thread makes garbage. Each is tried in a process of its own, which has no other garbage."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BEGIN = """
import gc, sys, threading, time
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsScene
from app.garbage import Collector
application = QApplication([])
collector = Collector(application)

def until(holds):
    end = time.monotonic() + 60
    while not holds() and time.monotonic() < end:
        QTest.qWait(20)
"""


def run(script: str) -> None:
    """Run it in a process with a collector; it must come to its end."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", BEGIN + script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_a_dropped_scene_is_destroyed_in_this_thread_while_another_makes_objects() -> None:
    run("""
destroyed_in = []
scene = QGraphicsScene()
scene.destroyed.connect(lambda: destroyed_in.append(threading.current_thread()))
scene.itself = scene  # the cycle that only the collector finds
del scene
other = threading.Thread(target=lambda: [[number] for number in range(200_000)])
other.start()
other.join()
assert destroyed_in == []
until(lambda: destroyed_in)
assert destroyed_in == [threading.main_thread()], destroyed_in
""")


def test_what_stands_at_the_beginning_is_looked_through_once_and_what_comes_later_when_it_is_due() -> None:
    run("""
until(gc.get_freeze_count)
assert gc.get_freeze_count() > len(gc.get_objects())
scene, destroyed_in = QGraphicsScene(), []
scene.destroyed.connect(lambda: destroyed_in.append(threading.current_thread()))
scene.itself = scene
del scene
kept = [[number] for number in range(2_000)]
until(lambda: destroyed_in)
assert destroyed_in == [threading.main_thread()], destroyed_in
""")


def test_python_has_its_own_again_at_its_end() -> None:
    run("""
assert not gc.isenabled()
until(gc.get_freeze_count)
collector.end()
assert gc.isenabled() and gc.get_freeze_count() == 0
""")
