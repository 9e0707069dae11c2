"""What a node shows, as a value: two equal faces look the same, so nothing is repainted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from app.canvas.items.sketch import Sketch, sketch
from ml.ops import table
from ml.project.expressions import text_of
from ml.project.freezing import is_frozen
from ml.project.graph import BLOCK, INPUT, OUTPUT, Node
from ml.project.report import NodeReport, Shape, totals

Kind = Literal["node", "input", "output", "block"]

BARE = {"units", "filters", "kernel_size", "pool_size", "size", "rate", "activation", "padding", "target_shape", "shape", "dims", "input_dim", "output_dim"}
"""Parameters whose value says enough without their name."""
SHORT = {
    "num_heads": "{} heads",
    "num_query_heads": "{} heads",
    "key_dim": "key {}",
    "head_dim": "{} wide",
    "return_attention_scores": "scores",
    "use_causal_mask": "causal",
}
"""Parameters that are said in other words, those that are true or false only when true."""
LEFT_OUT = {"name", "dtype", "seed", "trainable", "data_format", "epsilon", "momentum"}


@dataclass(frozen=True)
class Slot:
    """An input port as it is painted; a port that takes many links has a slot for each and a spare one."""

    port: str
    optional: bool
    linked: bool


@dataclass(frozen=True)
class Face:
    """Everything that is painted of a node, in words."""

    name: str
    type: str
    kind: Kind
    category: str
    detail: str
    parameters: str
    shapes: tuple[str, ...]
    slots: tuple[Slot, ...]
    outputs: int
    error: str
    waits: str
    inside: Sketch | None = None
    """Of a block: a picture of what is in it."""
    repeat: int = 1
    """Of a block: how many stand one after another."""
    fixes: tuple[str, ...] = ()

    @property
    def spare(self) -> int:
        """How many of the last slots need no link and have none."""
        return len(list(takewhile(lambda slot: slot.optional and not slot.linked, reversed(self.slots))))

    @property
    def sentence(self) -> str:
        """The face read aloud."""
        parts = [
            f"{self.name}: {self.type}",
            f"{self.repeat} times" if self.repeat > 1 else "",
            self.detail,
            f"output {', '.join(self.shapes)}" if self.shapes else "",
        ]
        parts += [f"{self.parameters} parameters" if self.parameters else "", f"Error: {self.error}" if self.error else ""]
        parts += [f"Ways out: {'; '.join(self.fixes)}" if self.fixes else "", f"waits for {self.waits}" if self.waits else ""]
        return ", ".join(part for part in parts if part)


def face(name: str, node: Node, report: NodeReport | None, used_outputs: int = 0) -> Face:
    """What the node called `name` shows. `used_outputs` is how many outputs its links need at least."""
    report = report or NodeReport()
    outputs = 0 if node.type == OUTPUT else max(len(table.outputs(node)), len(report.shapes), used_outputs)
    return Face(
        name=name,
        type=node.type,
        kind=_KINDS.get(node.type, "node"),
        category=node.type if node.type in _KINDS else table.category_of(node.type),
        detail=" · ".join(word for word in ("frozen" if is_frozen(node) else "", summary(node)) if word),
        parameters=count(parameters) if (parameters := totals([report]).parameters) else "",
        shapes=tuple(shape_label(shape) for shape in report.shapes),
        slots=slots(node),
        outputs=outputs,
        error=report.error,
        waits=report.waits,
        inside=sketch(node.graph) if node.graph is not None else None,
        repeat=node.repeat,
        fixes=tuple(fix.text for fix in report.fixes),
    )


_KINDS: dict[str, Kind] = {INPUT: "input", OUTPUT: "output", BLOCK: "block"}


def ports(node: Node) -> tuple[table.Port, ...]:
    """The node's ports; none for a type that is not in the table."""
    return table.ports(node) if node.type == BLOCK or node.type in table.NODE_TYPES else ()


def slots(node: Node) -> tuple[Slot, ...]:
    """The node's input ports in order, the last one of a type that takes many once for each link and once more."""
    found = []
    for index, port in enumerate(ports(node)):
        links = node.inputs[index:] if port.many else node.inputs[index : index + 1]
        optional = port.optional or port.name in node.arguments
        found += [Slot(port.name, optional, link is not None) for link in (links or (None,))]
        if port.many and links and links[-1] is not None:
            found.append(Slot(port.name, True, False))
    found += [Slot("", True, True) for _ in node.inputs[len(found) :]]
    return tuple(found)


def summary(node: Node) -> str:
    """The arguments that matter, in one line: `32 · 3×3 · relu`."""
    if node.type == BLOCK and node.graph is not None:
        inner = len(node.graph.nodes)
        values = [f"{name} {_value(BLOCK, name, value)}" for name, value in node.arguments.items()]
        return " · ".join(values or [f"{inner} node{'s' if inner != 1 else ''}"])
    known = table.NODE_TYPES.get(node.type)
    order = [parameter.name for parameter in known.parameters] if known else []
    names = sorted(node.arguments, key=lambda name: order.index(name) if name in order else len(order))
    values = {port.name for port in ports(node)}
    shown = [name for name in names if name not in LEFT_OUT and not name.endswith(("_initializer", "_regularizer")) and node.arguments[name] is not None]
    return " · ".join(_argument(node.type, name, node.arguments[name], name in values) for name in shown)


def _argument(type: str, name: str, value: Any, is_port: bool) -> str:
    if name in SHORT and value is not False:
        return SHORT[name].format(value)
    if isinstance(value, bool) and not is_port:
        words = name.removeprefix("use_").replace("_", " ")
        return words if value else f"no {words}"
    if name == "strides":
        return f"/{_value('', name, _even(value))}"
    text = _value(type, name, value)
    if is_port:
        return f"{name} = {text}"
    return text if name in BARE else f"{name.replace('_', ' ')} {text}"


def _value(type: str, name: str, value: Any) -> str:
    if (formula := text_of(value)) is not None:
        return formula
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    value = _even(value) if name == "padding" else value
    if isinstance(value, list) and all(isinstance(size, int) or size is None for size in value):
        return "×".join("?" if size is None else str(size) for size in value) or "[]"
    rank = next((int(digit) for digit in "123" if f"{digit}D" in type), 1)
    if isinstance(value, int) and name in ("kernel_size", "pool_size", "strides", "size") and rank > 1:
        return "×".join([str(value)] * rank)
    if isinstance(value, dict):
        return str(value.get("expression") or value.get("class_name", "…"))
    text = str(value)
    return text if len(text) <= 24 else text[:23] + "…"


def _even(value: Any) -> Any:
    """A value that is the same for all sides said once: 2 for `[2, 2]`, 3 for `[[3, 3], [3, 3]]`."""
    if isinstance(value, list) and value and all(_even(each) == _even(value[0]) for each in value):
        return _even(value[0])
    return value


def shape_label(shape: Shape) -> str:
    """A shape without its batch: `28 × 28 × 32`."""
    inner = shape[1:] if shape and shape[0] is None else shape
    return " × ".join("?" if size is None else f"{size:,}" for size in inner) or "scalar"


def count(number: int) -> str:
    """A number of parameters in at most five characters: 320, 9,248, 18.5k, 1.2M."""
    if number < 10_000:
        return f"{number:,}"
    for limit, unit in ((1e6, "k"), (1e9, "M"), (1e12, "B")):
        if number < limit * 0.9995:
            value = number / (limit / 1e3)
            return f"{value:.1f}{unit}" if value < 99.95 else f"{value:.0f}{unit}"
    return f"{number / 1e12:.1f}T"
