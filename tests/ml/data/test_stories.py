"""Stories are lived in a small world, and their answers are true in it."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from ml import data
from ml.codegen.borrowed import borrow
from ml.data import stories, words
from ml.data.preview import preview
from ml.project.project import Data

KINDS = tuple(stories.QUESTIONS)


def small(**arguments: object) -> Data:
    return Data("stories", {"samples": 200, **arguments})


def read(lines: list[str]) -> tuple[dict[str, str], dict[str, list[str]], dict[str, list[str]]]:
    """By a reader who knows the verbs alone: where people are, what they have, and the rooms in which each thing has been."""
    where: dict[str, str] = {}
    held: dict[str, list[str]] = {person: [] for person in stories.PEOPLE}
    rooms: dict[str, list[str]] = {}
    for line in lines:
        person, *_, last = line.split()
        if last in stories.PLACES:
            where[person] = last
            for thing in held[person]:
                rooms[thing].append(last)
        elif any(f" {verb} " in line for verb in stories.TAKE):
            held[person].append(last)
            rooms.setdefault(last, [where[person]])
            assert rooms[last][-1] == where[person], "a thing is taken where it lies"
        else:
            held[person].remove(last)
    return where, held, rooms


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_is_true(kind: str) -> None:
    for seed in range(50):
        (*lines, question), answer = stories.story(Random(seed), kind, 8)
        where, held, rooms = read(lines)
        asked = question.split()
        match kind:
            case "one fact":
                assert answer == where[asked[-1]]
            case "two facts":
                assert answer == rooms[asked[-1]][-1]
            case "three facts":
                assert rooms[asked[3]][-2:] == [answer, asked[-1]]
            case "yes or no":
                assert answer == ("yes" if where[asked[1]] == asked[-1] else "no")
            case _:
                assert answer == stories.NUMBERS[len(held[asked[-2]])]


@pytest.mark.parametrize("kind", [*KINDS, "any"])
def test_the_answers_are_the_first_words_of_the_vocabulary(kind: str) -> None:
    told, dataset = data.spec(small(question=kind)), data.load(small(question=kind))
    assert dataset.tokens[1 : len(told.classes) + 1] == told.classes
    assert len(dataset.tokens) == told.vocabulary == 43
    assert len(set(dataset.tokens)) == 43


def test_the_question_comes_last_and_what_is_not_there_first() -> None:
    dataset = data.load(small(sentences=6))
    assert dataset.shape == (7, stories.WORDS)
    there = np.any(dataset.x, axis=2, keepdims=True)[..., 0]
    assert there[:, -1].all() and set(there.sum(axis=1)) == {4, 5, 6, 7}
    assert (np.diff(there.astype(int), axis=1) >= 0).all()
    assert all(words.sentences(dataset, x)[-1].startswith("where is the ") for x in dataset.x)


def test_no_sentence_is_longer_than_there_is_room() -> None:
    spoken = [line for seed in range(200) for line in stories.story(Random(seed), "any", 6)[0]]
    assert max(len(line.split()) for line in spoken) == stories.WORDS


def test_the_same_seed_tells_the_same_stories() -> None:
    one, again, other = (data.load(small(seed=seed)).x for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_what_is_borrowed_for_a_script_tells_the_same_stories() -> None:
    alone: dict[str, object] = {"np": np}
    borrowed = borrow(stories, ["load"])
    exec("\n".join([*borrowed.imports, borrowed.source]), alone)
    given = {"question": "any", "sentences": 6, "samples": 50, "seed": 3}
    for ours, theirs in zip(stories.load(**given), alone["load"](**given), strict=True):  # pyright: ignore[reportCallIssue] - it was made from its source
        assert np.array_equal(ours, theirs)


def test_no_story_is_told_twice() -> None:
    dataset = data.load(Data("stories", {"samples": 1000}))
    assert len(np.unique(dataset.x.reshape(1000, -1), axis=0)) == 1000


def test_the_preview_reads_like_a_story() -> None:
    text = preview(1, small()).texts[0]
    *lines, question = text.split("\n")
    assert lines and all(line.split()[0] in stories.PEOPLE for line in lines)
    assert question.startswith("where is the ") and question.split("?  →  ")[1] in stories.PLACES
