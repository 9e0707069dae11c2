"""A table of one's own in a text file: what its columns hold is found out, and what is wrong with it is said with row and column."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from ml.data import csv_cells, own
from ml.data.csv_columns import Column, Place, Table, table
from ml.data.csv_layout import SEPARATORS, Layout, layout
from ml.data.dataset import STANDARDIZE_TARGET, DataProblem, Source, Spec, Way
from ml.data.encodings import CHOICES
from ml.data.labels import CLASSES, MOST, NUMBER_LABELS, TASK, is_classes, named
from ml.project.parameters import Parameter

CATEGORIES = 50
"""So many different texts in a column become inputs, one each; more are names or sentences."""

SOURCE = Source(
    id="csv",
    title="A table (CSV)",
    family=own.FAMILY,
    task="classification",
    kind="table",
    help="A text file with a row for each sample. Encoding, separator, decimals and header are found out; each text of a column becomes an input.",
    origin=own.ORIGIN,
    licence=own.LICENCE,
    parameters=(
        Parameter("path", "file", required=True, choices=("*.csv", "*.tsv", "*.txt", "*.dat", "*.data"), help="The text file."),
        Parameter("target", "text", "", help="The column that is learned; the last one where nothing is written."),
        Parameter("leave_out", "text", "", help="Columns that are not used, their names with commas between them."),
        TASK,
        Parameter(
            "faulty",
            "choice",
            "refuse",
            ("refuse", "drop", "fill"),
            help="What to do where a cell is empty, infinite or no number. refuse: say where. drop: leave its row out. "
            "fill: put the column's mean there, or its commonest text; rows without a target, or with too few cells, are left out.",
        ),
        NUMBER_LABELS,
        CLASSES,
        Parameter("encoding", "choice", "auto", CHOICES, rare=True, help="How the file's bytes are characters."),
        Parameter("separator", "choice", "auto", tuple(SEPARATORS), rare=True, help="What stands between two cells."),
        Parameter("decimal", "choice", "auto", ("auto", "point", "comma"), rare=True, help="What stands before the decimals of a number."),
        Parameter("header", "choice", "auto", ("auto", "yes", "no"), rare=True, help="Whether the first row has the names of the columns."),
        STANDARDIZE_TARGET,
    ),
)
DROP = Way("Leave these rows out", {"faulty": "drop"})
FILL = Way("Fill them with the usual value", {"faulty": "fill"})


class Plan(NamedTuple):
    """All that must be known to read a table."""

    layout: Layout
    target: Column
    inputs: list[Column]
    classes: tuple[str, ...]
    labels: dict[str, int] | None
    """By text; None where the target is a number."""
    rows: int


def stamp(path: str, **_: Any) -> own.Stamp:
    return own.stamp([own.place(path)])


def spec(standardize_target: bool = True, **given: Any) -> Spec:
    plan = _plan(given)
    features = tuple(name for column in plan.inputs for name in _features(column))
    return Spec(
        (len(features),), classes=plan.classes, features=features, task="regression" if plan.labels is None else "classification", notes=plan.layout.notes
    )


def load(**given: Any) -> tuple[Any, ...]:
    """Inputs (rows, features), labels (rows,) or targets (rows, 1), and what was left out."""
    plan = _plan(given)
    module, name, arguments = script(**given)
    own.check_room(4 * plan.rows * sum(len(_features(column)) for column in plan.inputs), f"The table in {given['path']}")
    x, y = getattr(module, name)(**arguments)
    if not len(y):
        raise DataProblem(f"{given['path']}: all of its {plan.rows:,} rows have something missing.", FILL)
    left = plan.rows - len(y)
    return x, y, *([f"{left:,} of the {plan.rows:,} rows are left out: something is missing in them."] if left else [])


def script(standardize_target: bool = True, **given: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    """The function that reads the table and needs nothing of ours: its module, its name and its arguments."""
    plan, fill = _plan(given), given["faulty"] == "fill"
    columns = [(c.place, None, c.mean if fill else None) if c.is_number else (c.place, _texts(c), c.commonest if fill else None) for c in plan.inputs]
    arguments = {
        "path": str(own.regular_file(given["path"])),
        "encoding": plan.layout.encoding,
        "separator": plan.layout.separator,
        "comma": plan.layout.comma,
        "skip": plan.layout.skip,
        "width": len(plan.layout.names),
        "columns": columns,
        "target": plan.target.place,
        "classes": plan.labels,
    }
    return csv_cells, "read", arguments


def _plan(given: dict[str, Any]) -> Plan:
    path = own.regular_file(given["path"])
    options = {name: value for name, value in given.items() if name not in ("path", "standardize_target")}
    return _planned(path, stamp(str(path)), tuple(options.items()))


@lru_cache(maxsize=4)
def _planned(path: Path, stamp: own.Stamp, options: tuple[tuple[str, Any], ...]) -> Plan:
    """`stamp` is there so that a changed file is read again."""
    chosen = dict(options)
    form = layout(path, chosen["encoding"], chosen["separator"], chosen["decimal"], chosen["header"])
    places = {name: place for place, name in enumerate(form.names)}
    goal = _place(path, "target", chosen["target"], places) if chosen["target"] else len(form.names) - 1
    unused = {_place(path, "leave_out", name.strip(), places) for name in chosen["leave_out"].split(",") if name.strip()}
    used = [place for place in range(len(form.names)) if place not in unused and place != goal]
    if not used:
        raise DataProblem(
            f"{path} has the {_plural(form.names)}, and a table needs a target and at least one other column: choose its separator or another file."
        )
    found = table(path, form, [*used, goal])
    if not found.rows:
        raise DataProblem(f"{path} has a header and no samples.")
    *inputs, target = found.columns
    task = "classification" if chosen["task"] == "auto" and chosen["classes"] is not None else chosen["task"]
    wanted = _is_number(target, found, task, form.comma, path)
    if not target.numbers + target.infinite + target.words:
        raise DataProblem(f"{path}: the column {target.name}, which is the target, is empty. Choose another target.")
    _refuse_empty(path, inputs, chosen["leave_out"])
    _refuse_faults(path, found, chosen["faulty"], target, wanted)
    for column in inputs:
        _refuse_names(path, column, chosen["leave_out"])
    classes, labels = ((), None) if wanted else _classes(path, target, form.comma, chosen["number_labels"], chosen["classes"])
    return Plan(form, target, inputs, classes, labels, found.rows)


def _place(path: Path, parameter: str, name: str, places: dict[str, int]) -> int:
    if name not in places:
        raise DataProblem(f"{path} has no column {name!r} for {parameter}; it has: {own.listed(list(places), 12)}.")
    return places[name]


def _is_number(target: Column, found: Table, task: str, comma: bool, path: Path) -> bool:
    """Whether the target is a number to predict, and no label."""
    if task == "auto":
        return target.is_number and not is_classes([*{value for text in target.texts if (value := csv_cells.number(text, comma)) is not None}], found.rows)
    if task == "regression" and not target.is_number:
        raise DataProblem(
            f"{path}: the column {target.name} holds texts such as {target.commonest!r}, and they are no numbers to predict.",
            Way("Tell them apart as classes", {"task": "auto"}),
        )
    return task == "regression"


def _refuse_empty(path: Path, inputs: list[Column], already: str) -> None:
    """Raises `DataProblem` for a column in which there is nothing at all."""
    for column in inputs:
        if not column.numbers + column.infinite + column.words:
            leave = ", ".join(filter(None, [already, column.name]))
            raise DataProblem(f"{path}: the column {column.name} is empty. Leave it out.", Way(f"Leave {column.name} out", {"leave_out": leave}))


def _refuse_faults(path: Path, found: Table, faulty: str, target: Column, regression: bool) -> None:
    """Raises `DataProblem` for the first cell or line that no model can learn from, unless the person said what to do with such."""
    if faulty != "refuse":
        return
    if found.ragged:
        line, cells = found.first_ragged
        many = f"; there are {found.ragged:,} such lines" if found.ragged > 1 else ""
        raise DataProblem(f"{path}, line {line}: {cells} fields, and {found.width} are expected, as in the first line{many}.", DROP)
    gaps = sum(column.gaps for column in found.columns)
    infinite = sum(column.infinite for column in found.columns)
    for column in found.columns:
        if column.gaps:
            raise _fault(path, column, column.first_gap, "the cell is empty or says that nothing is known", gaps, found.gappy)
        if column.infinite:
            raise _fault(path, column, column.first_infinite, "the number is infinite, or too large for 32 bits", infinite, found.gappy)
        if column.is_number and column.words and (column is not target or regression):
            word, place = column.first_word
            raise _fault(path, column, place, f"{word!r} is no number, as the others in this column are", column.words, column.words)


def _fault(path: Path, column: Column, place: Place, what: str, cells: int, rows: int) -> DataProblem:
    row, line = place
    many = f"; there are {cells:,} such cells, in {rows:,} rows" if cells > 1 else ""
    return DataProblem(f"{path}, row {row} (line {line}), column {column.name}: {what}{many}. Leave such rows out, or fill the cells.", DROP, FILL)


def _refuse_names(path: Path, column: Column, already: str) -> None:
    """Raises `DataProblem` where a column of texts has as many texts as names or sentences have."""
    if column.is_number or len(column.texts) <= CATEGORIES:
        return
    many = f"{len(column.texts)}" if len(column.texts) <= MOST else f"more than {MOST:,}"
    leave = ", ".join(filter(None, [already, column.name]))
    raise DataProblem(
        f"{path}: the column {column.name} has {many} different texts, such as {column.commonest!r}; at most {CATEGORIES} can be inputs. Leave the column out.",
        Way(f"Leave {column.name} out", {"leave_out": leave}),
    )


def _classes(path: Path, target: Column, comma: bool, number: str, classes: int | None) -> tuple[tuple[str, ...], dict[str, int]]:
    """The names of the classes, and the label of each text in the target's column."""
    texts = list(target.texts)
    is_number = target.is_number and not target.words
    values: np.ndarray = np.array([csv_cells.number(text, comma) for text in texts], "float64") if is_number else np.array(texts)
    if len(texts) > MOST:
        raise DataProblem(
            f"{path}: the column {target.name} has more than {MOST:,} different values, too many for classes: choose another target, or task regression."
        )

    def where(index: int) -> str:
        row, line = target.firsts[texts[index]]
        return f"{path}, row {row} (line {line}), column {target.name}"

    labels, names = named(values, where, number, classes)
    if len(names) < 2:
        raise DataProblem(f"{path}: the column {target.name} holds nothing but {texts[0] if texts else 'gaps'}, and to tell apart there must be two classes.")
    return names, {text: int(label) for text, label in zip(texts, labels, strict=True)}


def _texts(column: Column) -> tuple[str, ...]:
    return tuple(sorted(column.texts))


def _features(column: Column) -> list[str]:
    """The names of the inputs that a column makes."""
    return [column.name] if column.is_number else [f"{column.name}={text}" for text in _texts(column)]


def _plural(names: tuple[str, ...]) -> str:
    return f"column {names[0]} alone" if len(names) == 1 else f"columns {own.listed(list(names))}"
