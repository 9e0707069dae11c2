"""The only entry: without arguments the window, with a subcommand the same engine on the command line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from app.window import MainWindow

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
TEMPLATE = "cnn"


def main(arguments: list[str]) -> int:
    """Run the program; its exit status."""
    if arguments:
        from ml import problem_log

        problem_log.catch(problem_log.home(), "command line", lambda sentence: print(sentence, file=sys.stderr))
        from ml import cli  # takes a moment, in which Ctrl+C may come

        return cli.main(arguments)
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in DISPLAYS):
        print("There is no display to open a window on: training the default project here instead. See main.py --help for more.", file=sys.stderr)
        return train_in_terminal()
    try:
        application = make_application()
        shown = window()
    except ImportError as error:
        print(f"The window can't be opened, for a library of the system is missing: {error}.", file=sys.stderr)
        return 1
    shown.problems.catch()
    shown.show()
    try:
        return application.exec()
    finally:
        shown.engines.close()


def train_in_terminal() -> int:
    """Make the default project and train it, as the command line does."""
    import tempfile
    from pathlib import Path

    from ml import cli

    with tempfile.TemporaryDirectory() as folder:
        project = str(Path(folder) / "project.atelier")
        return cli.main(["new", TEMPLATE, "-o", project]) or cli.main(["train", project])


def make_application() -> QApplication:
    """Qt's application object, named so that settings find their place, with the collector of its thread's garbage."""
    from PySide6.QtWidgets import QApplication

    from app.garbage import Collector

    application = QApplication(sys.argv[:1])
    application.setApplicationName("Neural Atelier")
    application.setDesktopFileName("neural-atelier")
    Collector(application)
    return application


def window(folder: Path | None = None) -> MainWindow:
    """The window on the default project, not shown yet; there must be an application. `folder` is where settings, unsaved work and runs are kept."""
    from PySide6.QtWidgets import QApplication

    from app import theme
    from app.settings import Settings
    from app.window import MainWindow
    from ml import catalog

    settings = Settings(folder)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, settings.theme)
    return MainWindow(catalog.new(TEMPLATE), settings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
