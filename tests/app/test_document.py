"""The document: edits, undo, scopes, files."""

import pytest
from msgspec.structs import replace

from app.document import Document, FileChanged
from ml.project import files
from ml.project.files import FileProblem
from ml.project.graph import Graph, Link, Node
from ml.project.project import VERSION, Choice, Data, Project
from ml.project.report import NodeReport, ProjectReport

INNER = Graph({"input": Node("Input"), "dense": Node("Dense", {"units": 4}, (Link("input"),)), "output": Node("Output", {}, (Link("dense"),))})
GRAPH = Graph({"image": Node("Input", {"shape": [8]}), "block": Node("Block", {}, (Link("image"),), graph=INNER)})
PROJECT = Project("a net", Data("digits"), {"model": GRAPH, "critic": INNER}, Choice("supervised"))


@pytest.fixture
def document(qapp):
    return Document(PROJECT)


def renamed(name):
    return replace(PROJECT, name=name)


def test_an_edit_can_be_undone_and_done_again(document):
    document.edit(renamed("b"), "Rename")
    assert document.undo_stack.undoText() == "Rename"
    document.undo_stack.undo()
    assert document.project == PROJECT and document.is_clean
    document.undo_stack.redo()
    assert document.project.name == "b" and not document.is_clean


def test_each_change_is_announced_once_with_old_and_new(document):
    seen = []
    document.changed.connect(lambda old, new: seen.append((old.name, new.name)))
    document.edit(renamed("b"), "Rename")
    document.undo_stack.undo()
    assert seen == [("a net", "b"), ("b", "a net")]


def test_an_edit_that_changes_nothing_is_no_step(document):
    document.edit(renamed("a net"), "Rename")
    assert document.undo_stack.count() == 0


def test_edits_with_the_same_key_in_a_row_are_one_step(document):
    for name in "bcd":
        document.edit(renamed(name), "Rename", merge="name")
    document.edit(renamed("e"), "Rename", merge="other")
    document.edit(renamed("f"), "Rename")
    document.edit(renamed("g"), "Rename")
    assert document.undo_stack.count() == 4
    document.undo_stack.setIndex(1)
    assert document.project.name == "d"
    document.undo_stack.undo()
    assert document.project == PROJECT


def test_an_edit_after_saving_is_a_step_of_its_own(document, tmp_path):
    document.edit(renamed("b"), "Rename", merge="name")
    document.save(tmp_path / "a.atelier")
    document.edit(renamed("c"), "Rename", merge="name")
    assert document.undo_stack.count() == 2 and not document.is_clean


def test_what_is_saved_is_what_is_loaded(document, tmp_path):
    document.edit(renamed("b"), "Rename")
    document.save(tmp_path / "b.atelier")
    assert document.is_clean and document.path == tmp_path / "b.atelier"
    other = Document(PROJECT)
    other.load(tmp_path / "b.atelier")
    assert other.project == document.project and other.is_clean


def test_a_file_that_is_no_project_leaves_the_present_one(document, tmp_path):
    (tmp_path / "x").write_text("[]")
    with pytest.raises(FileProblem):
        document.load(tmp_path / "x")
    assert document.project is PROJECT


def test_saving_without_a_file_asks_for_one(document):
    with pytest.raises(FileProblem, match="choose where"):
        document.save()


def test_an_opened_block_is_edited_where_it_lies(document):
    document.scope = ("block",)
    assert document.graph == INNER
    document.edit_graph(document.graph.without({"dense"}), "Delete dense")
    assert "dense" not in document.project.models["model"]["block"].graph.nodes
    assert document.project.models["critic"] == INNER


def test_undo_leaves_a_block_that_is_no_longer_there(document):
    document.edit_graph(GRAPH.with_node("second", Node("Block", graph=INNER)), "Add second")
    document.scope = ("second",)
    document.undo_stack.undo()
    assert document.scope == () and document.graph == GRAPH


def test_another_role_is_looked_at_from_its_top(document):
    document.scope = ("block",)
    document.role = "critic"
    assert (document.scope, document.graph) == ((), INNER)
    with pytest.raises(KeyError):
        document.role = "painter"


def test_reports_are_those_of_the_opened_block(document):
    inner = {"dense": NodeReport(parameters=36)}
    document.set_report(ProjectReport({"model": {"block": NodeReport(inside=inner)}}, 36, 36))
    document.scope = ("block",)
    assert document.node_reports == inner


def test_a_step_grows_until_the_person_turns_to_something_else(document):
    document.edit(renamed("b"), "Rename to b", merge="name")
    document.edit(renamed("c"), "Rename to c", merge="name")
    document.end_step()
    document.edit(renamed("d"), "Rename to d", merge="name")
    assert [document.undo_stack.text(index) for index in range(2)] == ["Rename to c", "Rename to d"]
    document.undo_stack.undo()
    assert document.project.name == "c"


def test_after_an_undo_an_edit_is_a_step_of_its_own(document):
    document.edit(renamed("b"), "Rename", merge="name")
    document.edit(renamed("c"), "Rename")
    document.undo_stack.undo()
    document.edit(renamed("d"), "Rename", merge="name")
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.project.name == "b"


def test_a_row_of_edits_that_leads_back_is_no_step(document):
    document.edit(renamed("b"), "Rename", merge="name")
    document.edit(PROJECT, "Rename", merge="name")
    assert document.undo_stack.count() == 0 and document.is_clean


def test_what_comes_after_edits_that_came_back_to_their_beginning_is_a_step_of_its_own(document):
    document.edit(renamed("a"), "Rename to a")
    document.edit(renamed("b"), "Rename to b", merge="name")
    document.edit(renamed("a"), "Rename to a", merge="name")
    document.edit(renamed("c"), "Rename to c", merge="name")
    document.undo_stack.undo()
    assert document.project == renamed("a") and document.undo_stack.undoText() == "Rename to a"


def test_a_jump_over_many_steps_is_announced_once(document):
    for name in "bcdef":
        document.edit(renamed(name), "Rename")
    seen = []
    document.changed.connect(lambda old, new: seen.append((old.name, new.name)))
    document.jump(1)
    document.jump(1)
    assert seen == [("f", "b")]


def test_what_someone_else_wrote_is_not_written_over_unasked(document, tmp_path):
    path = tmp_path / "mine.atelier"
    document.save(path)
    files.save(renamed("theirs"), path)
    document.edit(renamed("mine"), "Rename")
    with pytest.raises(FileChanged, match=r"mine\.atelier was changed"):
        document.save()
    assert files.load(path).name == "theirs" and not document.is_clean
    document.save(over=True)
    assert files.load(path).name == "mine"
    assert files.load(files.backup_of(path)).name == "theirs"


def test_a_file_that_is_gone_is_written_again(document, tmp_path):
    document.save(tmp_path / "mine.atelier")
    (tmp_path / "mine.atelier").unlink()
    document.edit(renamed("b"), "Rename")
    document.save()
    assert files.load(tmp_path / "mine.atelier").name == "b"


def test_a_newer_versions_file_is_shown_and_saved_only_under_another_name(document, tmp_path):
    path, copy = tmp_path / "newer.atelier", tmp_path / "copy.atelier"
    files.save(replace(PROJECT, version=VERSION + 1), path)
    document.load(path)
    assert document.project == PROJECT and "newer version" in document.read_only
    for over in (False, True):
        with pytest.raises(FileProblem, match="newer version"):
            document.save(over=over)
    document.save(copy)
    assert files.load(copy) == PROJECT
    assert (document.path, document.read_only) == (copy, "")


def test_a_jump_leads_out_of_no_block_that_is_there_before_and_after(document):
    document.edit(replace(document.project, name="first"), "Rename")
    document.edit(replace(document.project, models={"model": GRAPH.renamed("block", "other"), "critic": INNER}), "Rename block")
    document.edit(replace(document.project, models=PROJECT.models), "Rename other")
    document.scope = ("block",)
    document.jump(1)
    assert document.scope == ("block",)
    document.jump(2)
    assert document.scope == ()


def test_in_a_project_without_models_the_first_one_can_be_begun(qapp):
    document = Document(replace(PROJECT, models={}))
    document.edit_graph(Graph({"input": Node("Input")}), "Add input")
    assert document.role == "model" and list(document.graph.nodes) == ["input"]
    document.undo_stack.undo()
    assert document.role == "" and document.project.models == {} and not document.graph.nodes
