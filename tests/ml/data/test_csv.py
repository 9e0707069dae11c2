"""A table of one's own: what is found out by itself, and what is said of files that no model can learn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import data
from ml.data import DataProblem, Dataset, Spec, Way
from ml.project.project import Data

PENGUINS, SUNSPOTS = (Path("/work/shared/data") / name for name in ("penguins.csv", "sunspots.csv"))


@pytest.fixture
def table(tmp_path: Path):
    """Writes a file and gives the data in it."""

    def written(content: str | bytes, **arguments) -> Data:
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Data("csv", {"path": str(path)} | arguments)

    return written


PLAIN = "length,width,kind\n1,2.5,a\n3,4.5,b\n5,6.5,a\n7,8.5,b\n"


def loaded(chosen: Data) -> tuple[Spec, Dataset]:
    told, samples = data.spec(chosen), data.load(chosen)
    assert samples.x.shape[1:] == told.shape
    assert samples.y.dtype == ("int32" if told.classes else "float32")
    return told, samples


def test_a_column_of_texts_is_what_is_learned(table) -> None:
    told, samples = loaded(table(PLAIN))
    assert (told.features, told.classes, told.task, told.kind) == (("length", "width"), ("a", "b"), "classification", "table")
    assert samples.x.tolist() == [[1, 2.5], [3, 4.5], [5, 6.5], [7, 8.5]]
    assert samples.y.tolist() == [0, 1, 0, 1]


def test_another_column_may_be_learned_and_texts_become_inputs(table) -> None:
    told, samples = loaded(table(PLAIN, target="width", standardize_target=False))
    assert (told.features, told.task, told.classes) == (("length", "kind=a", "kind=b"), "regression", ())
    assert samples.x.tolist() == [[1, 1, 0], [3, 0, 1], [5, 1, 0], [7, 0, 1]]
    assert samples.y.ravel().tolist() == [2.5, 4.5, 6.5, 8.5]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.replace("kind", "k\0ind").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", ";").replace(".", ",").encode(),
        PLAIN.replace(",", "\t").replace(".", ",").encode(),
        PLAIN.replace(",", "|").encode(),
        PLAIN.replace(",", " ").encode(),
        PLAIN.replace(",", ' , "').replace("\n", '"\n').replace(' , "', '","').replace("length", '"length').replace("\n", '\n"').removesuffix('"').encode(),
        PLAIN.replace("\n", "\n\n").encode(),
    ],
)
def test_case_30_the_form_of_the_file_is_found_out(table, content: bytes) -> None:
    told, samples = loaded(table(content))
    assert (told.features, told.classes) == (("length", "width"), ("a", "b"))
    assert samples.x.sum() == 16 + 22


def test_case_31_columns_without_a_name_get_one_and_are_told(table) -> None:
    told, _ = loaded(table(",x,kind\n1,2,a\n3,4,b\n"))
    assert told.features == ("column 1", "x")
    assert "no name for column 1" in told.notes[0]
    told, _ = loaded(table("1,2,a\n3,4,b\n"))
    assert told.features == ("column 1", "column 2")
    assert "has no header, so its columns are called column 1, column 2, column 3" in told.notes[0]


def test_case_31_columns_of_one_name_are_told_apart(table) -> None:
    told, _ = loaded(table("x,y,x,kind\n1,2,3,a\n3,4,5,b\n"))
    assert told.features == ("x", "y", "x (2)")
    assert "columns 1 and 3 are both called x: the second is x (2)" in told.notes[0]


@pytest.mark.parametrize(
    ("content", "arguments", "said", "way"),
    [
        ("a,b,k\n1,2,x\n3,,y\n5,NaN,x\n", {}, r"table\.csv, row 2 \(line 3\), column b: .*empty.*2 such cells, in 2 rows", {"faulty": "drop"}),
        ("a,b,k\n1,2,x\n3,inf,y\n", {}, r"row 2 \(line 3\), column b: .*infinite", {"faulty": "drop"}),
        ("a,b,k\n1,2,x\n3,1e39,y\n", {}, r"row 2 \(line 3\), column b: .*too large", {"faulty": "drop"}),
        ("a,b,k\n1,2,x\n3,4,y\n4,five,y\n", {}, r"row 3 \(line 4\), column b: 'five' is no number", {"faulty": "drop"}),
        ("a,b,k\n1,2,x\n3,4\n5,6,x,9\n", {}, r"line 3: 2 fields, and 3 are expected.*2 such lines", {"faulty": "drop"}),
        ("a,b,k\n", {}, "a header and no samples", None),
        ("", {}, "is empty", None),
        ("\n\n\n", {}, "no rows", None),
        ("a\n1\n2\n", {}, "has the column a alone, and a table needs a target and at least one other column", None),
        ("a,b,k\n1,2,x\n3,4,x\n", {}, "column k holds nothing but x", None),
        ("a,b,k\n1,2,x\n3,4,y\n", {"target": "z"}, "no column 'z' for target; it has: a, b, k", None),
        ("a,b,k\n1,2,x\n3,4,y\n", {"leave_out": "b, zz"}, "no column 'zz' for leave_out", None),
        ("a,b,k\n1,2,x\n3,4,y\n", {"task": "regression"}, "column k holds texts such as 'x'", {"task": "auto"}),
        ("a,b,k\n1,,x\n3,,y\n", {"faulty": "fill"}, "column b is empty", {"leave_out": "b"}),
        ("a,b,k\n1,2,\n3,4,\n", {"faulty": "drop"}, "column k, which is the target, is empty", None),
        ("a;b;k\n1.5;2;x\n3.5;1,5;y\n4.5;2;y\n", {}, r"row 2 \(line 3\), column b: '1,5' is no number", {"faulty": "drop"}),
        ("a,b,k\n,2,x\n3,,y\n", {"faulty": "drop"}, "all of its 2 rows have something missing", {"faulty": "fill"}),
        ('a,b,k\n1,"2,x\n3,4,y\n' + 140_000 * "5", {}, "larger than field limit.*quotation mark", None),
        (b"PK\x03\x04 and so on", {}, "a zip file or a spreadsheet and no text", None),
        ("a,k\n1,0\n2,1\n3,3\n", {"classes": 3}, r"row 3 \(line 4\), column k: label 3, classes are 0 to 2", {"number_labels": "yes", "classes": None}),
        ("a,k\n1,0\n2,1\n3,-1\n4,2\n" + 4 * "5,0\n", {}, r"row 3 \(line 4\), column k: label -1, classes are 0 to 2", {"number_labels": "yes"}),
        ("a,k\n1,0\n2,1\n3,0.5\n", {"task": "classification"}, r"row 3 \(line 4\), column k: label 0.5, and classes are whole", {"task": "regression"}),
        ("a,k\n1,0\n2,1\n3,one\n", {"number_labels": "no", "faulty": "drop"}, "label is the text “0”", {"number_labels": "yes", "classes": None}),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_a_way_out(table, content: str | bytes, arguments: dict, said: str, way: dict | None) -> None:
    with pytest.raises(DataProblem, match=said) as raised:
        data.load(table(content, **arguments))
    assert "table.csv" in str(raised.value)
    assert way is None or way in [offered.arguments for offered in raised.value.ways]


def test_every_way_out_leads_out(table) -> None:
    """Cases 23, 24, 28: what is offered works when it is taken."""
    content = "a,b,k\n1,2,x\n3,,y\n5,6\n7,oops,y\n9,1,y\n2,3,x\n"
    for faulty, rows in (("drop", 3), ("fill", 5)):
        _, samples = loaded(table(content, faulty=faulty))
        assert len(samples.x) == rows
        assert np.isfinite(samples.x).all()
        assert f"{6 - rows} of the 6 rows are left out" in samples.notes[0]
    assert samples.x[1].tolist() == [3, 2]  # the mean of 2, 1 and 3


def test_case_29_other_encodings_are_offered_with_what_they_make_of_it(table) -> None:
    content = "Größe,kind\n1,ä\n2,ö\n3,ä\n4,ö\n".encode("latin-1")
    with pytest.raises(DataProblem, match=r"line 1: the byte 0xF6 is not UTF-8") as raised:
        data.spec(table(content))
    assert raised.value.ways[0] == Way("Read it as Latin-1: “Größe”", {"encoding": "latin-1"})
    told, _ = loaded(table(content, encoding="latin-1"))
    assert (told.features, told.classes) == (("Größe",), ("ä", "ö"))


def test_a_file_that_changed_is_read_again(table) -> None:
    assert data.spec(table(PLAIN)).classes == ("a", "b")
    assert data.spec(table(PLAIN.replace(",b", ",longer"))).classes == ("a", "longer")


def test_names_of_columns_do_not_become_code(table) -> None:
    told, _ = loaded(table('"__import__(\'os\')",k\n1,"""x"""\n2,b\n'))
    assert told.features == ("__import__('os')",)


@pytest.mark.skipif(not PENGUINS.exists(), reason="the penguins are not here")
def test_the_penguins_are_as_they_were_counted() -> None:
    told, samples = loaded(Data("csv", {"path": str(PENGUINS), "target": "species", "faulty": "drop"}))
    assert told.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert np.bincount(samples.y).tolist() == [146, 68, 119]
    assert samples.notes == ("11 of the 344 rows are left out: something is missing in them.",)


@pytest.mark.skipif(not SUNSPOTS.exists(), reason="the sunspots are not here")
def test_the_sunspots_are_a_number_to_predict() -> None:
    told, samples = loaded(Data("csv", {"path": str(SUNSPOTS)}))
    assert (told.task, told.features, len(samples.x)) == ("regression", ("YEAR",), 309)
