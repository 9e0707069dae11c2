"""The canvas read aloud: one sentence for what is selected on it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.panels.words import many

if TYPE_CHECKING:
    from app.canvas.scene import GraphScene

MOST = 3
"""Of how many selected nodes each is described."""


def sentence(scene: GraphScene) -> str:
    """What is selected, in words: a link with its ends, nodes with their faces and what feeds them, or how many nodes there are."""
    if scene.picked_link in scene.links:
        return _link(scene)
    names, notes = scene.selected(), [scene.notes.items[name].sentence for name in scene.notes.selected()]
    if notes and not names:
        return "; ".join(notes[:MOST])
    if not names:
        return f"{many(len(scene.nodes), 'node')}, none selected"
    if len(names) == 1:
        return _node(scene, names[0])
    more = f"; {len(names) - MOST} more" if len(names) > MOST else ""
    return "; ".join(scene.nodes[name].face.sentence for name in names[:MOST]) + more


def _node(scene: GraphScene, name: str) -> str:
    feeders = [link.node for link in scene.graph[name].inputs if link is not None]
    fed = f", fed by {' and '.join(feeders)}" if feeders else ""
    users = [user for user, _, _ in scene.graph.consumers(name)]
    feeds = f", feeds {' and '.join(users)}" if users else ""
    return scene.nodes[name].face.sentence + fed + feeds


def _link(scene: GraphScene) -> str:
    assert scene.picked_link is not None
    item = scene.links[scene.picked_link]
    shapes, slots = scene.nodes[item.source].face.shapes, scene.nodes[item.target].face.slots
    carried = f", carries {shapes[item.output]}" if 0 <= item.output < len(shapes) else ""
    port = f", into {slots[item.port].port}" if item.port < len(slots) and slots[item.port].port else ""
    return f"link from {item.source} to {item.target}{port}{carried}"
