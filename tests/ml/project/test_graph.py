"""A graph is edited by making another one."""

from ml.project.graph import Graph, Link, Node

CHAIN = Graph(
    {
        "input": Node("Input", {"shape": [4]}),
        "first": Node("Dense", {"units": 3}, (Link("input"),)),
        "second": Node("Dense", {"units": 2}, (Link("first"),)),
        "output": Node("Output", {}, (Link("second"),)),
    }
)


def test_nodes_come_after_those_that_feed_them():
    backwards = Graph(dict(reversed(CHAIN.nodes.items())))
    assert backwards.sorted() == ["input", "first", "second", "output"]


def test_renaming_takes_the_links_along():
    renamed = CHAIN.renamed("first", "hidden")
    assert renamed["second"].inputs == (Link("hidden"),)
    assert list(renamed.nodes) == ["input", "hidden", "second", "output"]


def test_a_node_that_goes_takes_its_links_with_it():
    assert CHAIN.without({"first"})["second"].inputs == ()


def test_an_edit_leaves_the_old_value_as_it_was():
    CHAIN.linked("second", 0, Link("input"))
    assert CHAIN["second"].inputs == (Link("first"),)


def test_a_link_that_would_close_a_circle_is_seen_before_it_is_made():
    assert CHAIN.makes_cycle("second", "first")
    assert not CHAIN.makes_cycle("input", "second")


def test_a_circle_is_named():
    assert set(CHAIN.linked("first", 0, Link("second")).cycle()) == {"first", "second"}


def test_a_taken_name_gets_a_number():
    assert CHAIN.free_name("first") == "first_1"
    assert CHAIN.free_name("third") == "third"


def test_an_empty_port_keeps_those_behind_it_in_their_place():
    linked = CHAIN.with_node("sum", Node("Add")).linked("sum", 1, Link("first"))
    assert linked["sum"].inputs == (None, Link("first"))
    assert linked.linked("sum", 1, None)["sum"].inputs == ()
