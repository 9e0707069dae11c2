"""What the window remembers between two starts: recent files, geometry, theme, and unsaved work."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

RECENT = 10


class Settings:
    """Kept in `folder`: the settings of the person, journals of unsaved work, and the runs."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
        self._values = QSettings(str(self.folder / "settings.ini"), QSettings.Format.IniFormat)

    @property
    def journals(self) -> Path:
        """The folder of the journals, one for each window with unsaved work."""
        return self.folder / "unsaved"

    @property
    def runs(self) -> Path:
        """The folder of the runs."""
        return self.folder / "runs"

    @property
    def imports(self) -> Path:
        """The folder of the weights of models that were opened and not yet saved as projects."""
        return self.folder / "imports"

    @property
    def blocks(self) -> Path:
        """The folder of the person's own blocks."""
        return self.folder / "blocks"

    @property
    def theme(self) -> str:
        """`system`, `light` or `dark`."""
        return str(self._values.value("theme", "system"))

    @theme.setter
    def theme(self, choice: str) -> None:
        self._values.setValue("theme", choice)

    @property
    def drawing(self) -> str:
        """How the last drawing was made, as JSON; nothing before the first."""
        return str(self._values.value("drawing", ""))

    @drawing.setter
    def drawing(self, options: str) -> None:
        self._values.setValue("drawing", options)

    @property
    def runs_table(self) -> str:
        """How a person has the table of runs, as JSON; nothing before they changed it."""
        return str(self._values.value("runs_table", ""))

    @runs_table.setter
    def runs_table(self, layout: str) -> None:
        self._values.setValue("runs_table", layout)

    @property
    def at_once(self) -> int:
        """How many models may train at the same time; 0 where the person has not said."""
        stored = str(self._values.value("at_once", "0"))
        return int(stored) if stored.isdecimal() else 0

    @at_once.setter
    def at_once(self, count: int) -> None:
        self._values.setValue("at_once", count)

    @property
    def recent(self) -> list[Path]:
        """The files opened or saved last, the latest first, without those that are gone."""
        stored = self._values.value("recent", [])
        paths = [stored] if isinstance(stored, str) else list(stored if isinstance(stored, list) else [])
        return [Path(path) for path in paths if Path(path).is_file()]

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        path = path.absolute()
        others = [other for other in self.recent if other != path]
        self._values.setValue("recent", [str(each) for each in [path, *others][:RECENT]])

    @property
    def node_types(self) -> list[str]:
        """The ids of the node types added last, the latest first."""
        stored = self._values.value("node_types", [])
        return [stored] if isinstance(stored, str) else [str(each) for each in stored] if isinstance(stored, list) else []

    @node_types.setter
    def node_types(self, ids: list[str]) -> None:
        self._values.setValue("node_types", ids)

    @property
    def geometry(self) -> tuple[QByteArray, QByteArray] | None:
        """The window's geometry and the state of its docks, as Qt gave them."""
        geometry, state = self._values.value("geometry"), self._values.value("state")
        return (geometry, state) if isinstance(geometry, QByteArray) and isinstance(state, QByteArray) else None

    @geometry.setter
    def geometry(self, both: tuple[QByteArray, QByteArray]) -> None:
        self._values.setValue("geometry", both[0])
        self._values.setValue("state", both[1])
