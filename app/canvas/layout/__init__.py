"""Where nodes go when nobody has put them anywhere: along straight lines with the flow, branches and skipping links beside them."""

from __future__ import annotations

from app.canvas.geometry import COLUMN, INSIDE, RIGHT_COLUMN, RIGHT_ROW, ROW
from app.canvas.layout.layers import Layout, Point
from app.canvas.layout.lines import along_lines
from ml.project.graph import BLOCK, RIGHT, Graph

__all__ = ["Layout", "Point", "layout", "place"]


def layout(graph: Graph) -> Layout:
    """A layout of the whole graph, the same for the same graph. Where values flow right it is the one that flows down, mirrored at the diagonal."""
    more = INSIDE if graph.of_type(BLOCK) else 0.0
    if graph.flow != RIGHT:
        return along_lines(graph, COLUMN, ROW, more)
    found = along_lines(graph, RIGHT_ROW + more, RIGHT_COLUMN)
    positions = {name: (y, x) for name, (x, y) in found.positions.items()}
    return Layout(positions, {ends: tuple((y, x) for x, y in points) for ends, points in found.waypoints.items()})


def place(graph: Graph, plan: Layout | None) -> tuple[Layout, dict[str, Point]]:
    """Where each node lies, and the layout behind it: `plan`, or a new one where there is none or it does not know a node.

    A node that was put somewhere lies there; the others lie as in the layout, moved along with those that were put.
    """
    if plan is None or any(node.position is None and name not in plan.positions for name, node in graph.nodes.items()):
        plan = layout(graph)
    put = {name: node.position for name, node in graph.nodes.items() if node.position is not None}
    known = [(put[name], plan.positions[name]) for name in put if name in plan.positions]
    across = sum(own[0] - planned[0] for own, planned in known) / len(known) if known else 0.0
    down = sum(own[1] - planned[1] for own, planned in known) / len(known) if known else 0.0
    positions = {name: put.get(name) or (plan.positions[name][0] + across, plan.positions[name][1] + down) for name in graph.nodes}
    return plan, positions
