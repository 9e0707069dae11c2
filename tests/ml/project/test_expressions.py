"""Expressions are worked out, and nothing else is done with them."""

import pytest

from ml.project.expressions import ExpressionProblem, evaluate, evaluated, expression, has_expression, names, substituted


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("filters", 64),
        ("4 * filters", 256),
        ("filters // 3 + 1", 22),
        ("filters / 2", 32),
        ("-(filters - 100) ** 2 % 7", -(36**2) % 7),
        ("rate / 2", 0.25),
    ],
)
def test_numbers_and_parameters_are_calculated_with(text, value):
    assert evaluate(text, {"filters": 64, "rate": 0.5}) == value


def test_half_of_an_even_number_is_a_whole_number():
    assert isinstance(evaluate("filters / 2", {"filters": 64}), int)


def test_a_name_alone_gives_whatever_the_parameter_is():
    assert evaluate("activation", {"activation": "relu"}) == "relu"
    assert evaluated([expression("size"), 1], {"size": 3}) == [3, 1]


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "filters.real",
        "f()",
        "[1]",
        "'a' * 9",
        "lambda: 1",
        "1 if 1 else 2",
        "9 ** 9 ** 9",
        "2 ** 65",
        "1 / 0",
        "True",
        "1 +",
        "x" * 300,
        "1 # and",
        "(1 +\n1)",
    ],
)
def test_what_is_more_than_arithmetic_is_refused(text):
    with pytest.raises(ExpressionProblem):
        evaluate(text, {"filters": 1})


def test_an_unknown_name_is_told_with_those_that_there_are():
    with pytest.raises(ExpressionProblem, match="no parameter 'filter'; it has filters, rate"):
        evaluate("2 * filter", {"filters": 1, "rate": 0.1})


def test_arithmetic_with_words_says_so():
    with pytest.raises(ExpressionProblem, match="'relu', which is no number"):
        evaluate("2 * activation", {"activation": "relu"})


def test_names_are_found():
    assert names("a * (b + a)") == ["a", "b"]


def test_names_are_replaced_by_values_and_by_other_expressions():
    assert substituted([expression("4 * a"), 3], {"a": expression("b + 1")}) == [expression("4 * (b + 1)"), 3]
    assert substituted({"units": expression("4 * a")}, {"a": 16}) == {"units": 64}
    assert substituted(expression("a"), {"a": "relu"}) == "relu"
    assert substituted(expression("a + b"), {"a": 1}) == expression("1 + b")


def test_an_ordinary_argument_is_no_expression():
    assert not has_expression({"class_name": "LSTM", "config": {}})
    assert has_expression([1, expression("a")])
