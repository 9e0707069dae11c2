"""A person's own blocks: kept as files in the settings folder, to be used in any project."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from ml.ops.table import NodeType, Port
from ml.project import files
from ml.project.files import FileProblem
from ml.project.graph import BLOCK, INPUT, Node

SUFFIX = ".block"
PREFIX = "block:"
"""Before a block's name, it makes the id by which library and search know it."""
CATEGORY = "My blocks"


class OwnBlock(msgspec.Struct, frozen=True):
    """A block with its name and a sentence about it."""

    name: str
    block: Node
    description: str = ""

    @property
    def kind(self) -> NodeType:
        """The block as the search shows it, beside the node types."""
        ports = tuple(Port(name) for name in self.block.graph.of_type(INPUT)) if self.block.graph else ()
        return NodeType(PREFIX + self.name, "", CATEGORY, self.description, ports)


class OwnBlocks(QObject):
    """The blocks in a folder, a file each. Raises `FileProblem` where a file can't be read or written."""

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.blocks: dict[str, OwnBlock] = {}
        """By name, in the order of the names."""
        self._paths: dict[str, Path] = {}
        """The file of each, by name: one that was put there by hand may be called otherwise."""
        self._read()

    def __getitem__(self, id: str) -> OwnBlock | None:
        """The block with this id, None where there is none."""
        return self.blocks.get(id.removeprefix(PREFIX)) if id.startswith(PREFIX) else None

    def keep(self, own: OwnBlock) -> None:
        """Put a block into the folder, in the place of one of the same name."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileProblem(f"{self.folder} can't be made: {error.strerror}.") from error
        path = self._paths.get(own.name) or self._free_path(own.name)
        files.write(path, encoded(own))
        self._read()
        self.changed.emit()

    def rename(self, old: str, new: str) -> None:
        """Call a block otherwise."""
        own = self.blocks[old]
        self.keep(replace(own, name=new))
        self.delete(old)

    def delete(self, name: str) -> None:
        """Take a block out of the folder."""
        try:
            self._paths[name].unlink(missing_ok=True)
        except OSError as error:
            raise FileProblem(f"{self._paths[name]} can't be deleted: {error.strerror}.") from error
        self._read()
        self.changed.emit()

    def _free_path(self, name: str) -> Path:
        """A file that no block is in: two names may differ in what a file's name can't hold, or in large and small letters only."""
        stem = re.sub(r"[^\w-]+", "-", name)
        stems = (f"{stem}-{number}" if number else stem for number in itertools.count())
        return next(path for path in (self.folder / (found + SUFFIX) for found in stems) if not path.exists())

    def _read(self) -> None:
        found, self._paths = {}, {}
        for path in sorted(self.folder.glob(f"*{SUFFIX}")) if self.folder.is_dir() else ():
            try:
                own = load(path)
            except FileProblem:
                continue  # a file that is damaged stays where it is, and the others are shown
            found[own.name], self._paths[own.name] = own, path
        self.blocks = dict(sorted(found.items()))


def encoded(own: OwnBlock) -> bytes:
    """A block as its file holds it."""
    return msgspec.json.format(msgspec.json.encode(own), indent=1)


def load(path: Path) -> OwnBlock:
    """A block from a file. Raises `FileProblem`."""
    try:
        own = msgspec.json.decode(path.read_bytes(), type=OwnBlock)
    except OSError as error:
        raise FileProblem(f"{path} can't be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FileProblem(f"{path} is no block: {error}.") from error
    if own.block.type != BLOCK or own.block.graph is None:
        raise FileProblem(f"{path} is no block: it holds a {own.block.type}.")
    return own


def taken(name: str, node: Node, description: str = "") -> OwnBlock:
    """A node of a graph as a block of one's own: without its links, its place and the first weights, whose file stays with the project."""
    return OwnBlock(name, replace(without_weights(node), inputs=(), position=None, shares=None), description)


def without_weights(node: Node) -> Node:
    """A node, and all in it, whose first weights are drawn."""
    inside = node.graph and node.graph.with_nodes({name: without_weights(inner) for name, inner in node.graph.nodes.items()})
    return replace(node, weights="", graph=inside)
