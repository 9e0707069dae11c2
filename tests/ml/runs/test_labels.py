"""What a person says of a run stays with it, whoever writes at the same time."""

import shutil

import pytest

from ml import events
from ml.project.files import FileProblem
from ml.runs import Run
from ml.runs.labels import Labels, cleaned, decoded, folders, read, write
from ml.runs.record import Record, read_events

from .some_runs import make


def test_labels_come_back_as_they_were(tmp_path):
    record = Run(make(tmp_path / "run")).record
    assert read(record) == Labels()
    said = Labels("The good one", ("paper", "seed 3"), "Try a smaller rate.\nThen again.", "thesis/chapter 2")
    write(record, said)
    assert read(record) == said


def test_they_are_written_while_the_engine_writes_and_neither_loses_anything(tmp_path):
    path = Run(make(tmp_path / "run")).record
    record = Record(path)
    for step in range(200):
        record.write(events.Log(str(step)))
        if step % 20 == 0:
            write(path, Labels(tags=(str(step),)))
            record.commit()
    record.close()
    assert read(path).tags == ("180",)
    assert len(list(read_events(path, "Log"))) == 200


def test_what_is_too_long_or_no_text_is_cut_to_what_a_table_can_show():
    found = cleaned(Labels("a\nb\x00" * 200, ("x, y", " ", "x y", "t" * 100, *map(str, range(99))), "n\x07" * 200_000, " /a// b /"))
    assert "\n" not in found.title and len(found.title) <= 200
    assert found.tags[0] == "x y" and len(found.tags) == 32 and max(map(len, found.tags)) <= 40
    assert len(found.notes) <= 100_000 and "\x07" not in found.notes
    assert found.folder == "a/b"


@pytest.mark.parametrize("text", ["", "[]", '{"title": 3}', "[" * 100_000, '{"tags": {"a": 1}}'])
def test_a_strangers_labels_that_are_none_are_none(text):
    assert decoded(text) == Labels()


def test_folders_are_listed_with_those_around_them():
    assert folders([Labels(folder="b/c/d"), Labels(folder="A"), Labels()]) == ["A", "b", "b/c", "b/c/d"]


def test_a_run_that_is_gone_says_so(tmp_path):
    folder = make(tmp_path / "run")
    shutil.rmtree(folder)
    with pytest.raises(FileProblem, match="is gone"):
        write(Run(folder).record, Labels("x"))
