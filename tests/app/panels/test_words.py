import pytest

from app.panels import words


@pytest.mark.parametrize(("seconds", "said"), [(0.42, "0.4 s"), (59.7, "1 min 0 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")])
def test_a_duration_reads_as_a_person_would_say_it(seconds, said):
    assert words.duration(seconds) == said


@pytest.mark.parametrize(("value", "said"), [(0.0317249, "0.03172"), (1204.4, "1,204"), (2.5e-6, "2.5e-06"), (float("nan"), "nan"), (0, "0")])
def test_a_measurement_has_four_digits(value, said):
    assert words.number(value) == said


def test_one_of_a_thing_is_not_many():
    assert [words.many(count, "step") for count in (0, 1, 1450)] == ["0 steps", "1 step", "1,450 steps"]
