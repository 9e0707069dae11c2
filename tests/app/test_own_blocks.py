"""A person's own blocks are kept from project to project."""

import pytest

from app.own_blocks import OwnBlock, OwnBlocks, encoded, load, taken
from ml.project.files import FileProblem
from ml.project.graph import Graph, Link, Node

INSIDE = Graph({"input": Node("Input"), "dense": Node("Dense", {"units": 4}, (Link("input"),)), "output": Node("Output", {}, (Link("dense"),))})
BLOCK = Node("Block", {"width": 3}, (Link("x"),), position=(4, 5), graph=INSIDE, repeat=2)


@pytest.fixture
def own(qapp, tmp_path):
    return OwnBlocks(tmp_path / "blocks")


def test_a_block_is_kept_without_its_links_and_found_at_the_next_start(own, qtbot):
    with qtbot.waitSignal(own.changed):
        own.keep(taken("stage", BLOCK, "two dense layers"))
    again = OwnBlocks(own.folder)
    found = again["block:stage"]
    assert found == OwnBlock("stage", Node("Block", {"width": 3}, graph=INSIDE, repeat=2), "two dense layers")
    assert again["Dense"] is None and again["block:other"] is None


def test_a_block_is_renamed_and_deleted(own):
    own.keep(taken("stage", BLOCK))
    own.rename("stage", "residual")
    assert list(own.blocks) == ["residual"]
    own.delete("residual")
    assert list(own.blocks) == [] and not list(own.folder.iterdir())


def test_a_damaged_file_does_not_hide_the_others(own):
    own.keep(taken("stage", BLOCK))
    (own.folder / "broken.block").write_text("{")
    assert list(OwnBlocks(own.folder).blocks) == ["stage"]


@pytest.mark.parametrize("text", ["", "{", '{"name": "a", "block": {"type": "Dense"}}'])
def test_what_is_no_block_is_refused_with_its_name(tmp_path, text):
    (tmp_path / "some.block").write_text(text)
    with pytest.raises(FileProblem, match=r"some\.block is no block"):
        load(tmp_path / "some.block")


def test_a_block_is_exchanged_as_a_file(own, tmp_path):
    (tmp_path / "given.block").write_bytes(encoded(taken("stage", BLOCK)))
    own.keep(load(tmp_path / "given.block"))
    assert list(own.blocks) == ["stage"]


@pytest.mark.parametrize("new", ["v-1", "V.1"])
def test_a_block_whose_new_name_makes_the_same_file_is_not_lost(own, new):
    own.keep(taken("v.1", BLOCK))
    own.rename("v.1", new)
    assert list(OwnBlocks(own.folder).blocks) == [new]


def test_blocks_whose_names_make_the_same_file_are_both_kept(own):
    own.keep(taken("v.1", BLOCK, "with a point"))
    own.keep(taken("v-1", BLOCK, "with a dash"))
    assert {name: found.description for name, found in own.blocks.items()} == {"v.1": "with a point", "v-1": "with a dash"}


def test_a_block_is_deleted_whatever_its_file_is_called(own):
    own.folder.mkdir()
    (own.folder / "from a friend.block").write_bytes(encoded(taken("stage", BLOCK)))
    again = OwnBlocks(own.folder)
    again.delete("stage")
    assert not again.blocks and not OwnBlocks(own.folder).blocks


def test_a_block_leaves_the_first_weights_with_its_project(own):
    heavy = INSIDE.with_node("dense", Node("Dense", {"units": 4}, (Link("input"),), weights="stage/dense"))
    kept = taken("stage", Node("Block", graph=heavy)).block
    assert kept.graph == INSIDE
