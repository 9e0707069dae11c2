"""Stories of who goes where and takes what, each with a question that some of its sentences answer."""

from __future__ import annotations

from random import Random

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="stories",
    title="Stories with questions",
    family="Text",
    task="classification",
    kind="text",
    help="Short stories of people, rooms and things, and a question on each. Its answer is one word, and rests on one sentence, on two, or on three of them.",
    origin="Made up by a small world that a seed runs, after the tasks 1, 2, 3, 6 and 7 of J. Weston and others, Towards AI-complete question answering, 2015.",
    licence="Made by a formula",
    parameters=(
        Parameter(
            "question",
            "choice",
            "two facts",
            ("one fact", "two facts", "three facts", "yes or no", "counting", "any"),
            help="What is asked: where somebody is, where a thing is, where it was before, if somebody is somewhere, how many things they have, or any of it.",
        ),
        Parameter("sentences", "int", 10, minimum=4, maximum=50, help="How long the stories are at most; the shortest are half as long."),
        Parameter("samples", "int", 10_000, minimum=100, maximum=50_000, help="How many stories."),
        Parameter("seed", "int", 0, minimum=0, help="What happens, and what is asked."),
    ),
)
PEOPLE = ("anna", "ben", "clara", "david")
PLACES = ("attic", "cellar", "garden", "hall", "kitchen", "library")
THINGS = ("apple", "book", "lamp")
NUMBERS = ("none", "one", "two", "three")
ANSWERS = {"yes or no": ("yes", "no"), "counting": NUMBERS, "any": (*PLACES, "yes", "no", *NUMBERS)}
"""What can be answered; to the other questions the places."""
GO = ("went to", "moved to", "walked to")
TAKE = ("took", "got", "picked up")
DROP = ("dropped", "left", "put down")
OTHERS = ("the", *sorted({word for phrase in (*GO, *TAKE, *DROP, "where is was before in how many things does have") for word in phrase.split()}))
WORDS = 7
"""Of the longest sentence, `where was the lamp before the cellar`."""


def tokens(question: str, sentences: int, samples: int, seed: int) -> tuple[str, ...]:
    """The vocabulary by token: padding, then the answers in the order of the classes, then all other words."""
    words = (*PLACES, "yes", "no", *NUMBERS, *PEOPLE, *THINGS, *OTHERS)
    return ("", *dict.fromkeys((*ANSWERS.get(question, PLACES), *words)))


def spec(question: str, sentences: int, samples: int, seed: int) -> Spec:
    known = tokens(question, sentences, samples, seed)
    return Spec((sentences + 1, WORDS), dtype="int32", vocabulary=len(known), classes=ANSWERS.get(question, PLACES))


def load(question: str, sentences: int, samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Words (stories, sentences + 1, 7), the question last and empty sentences first, and the answers (stories,)."""
    random = Random(seed)
    number = {word: token for token, word in enumerate(tokens(question, sentences, samples, seed))}
    answers = ANSWERS.get(question, PLACES)
    x, y = np.zeros((samples, sentences + 1, WORDS), "int32"), np.zeros(samples, "int32")
    for index in range(samples):
        lines, answer = story(random, question, random.randint(-(-sentences // 2), sentences))
        for row, line in enumerate(lines, sentences + 1 - len(lines)):
            x[index, row, : len(line.split())] = [number[word] for word in line.split()]
        y[index] = answers.index(answer)
    return x, y


World = tuple[dict[str, str], dict[str, str], dict[str, list[str]]]
"""Where people are, who has which thing, and in which rooms each thing has been."""
Asked = tuple[str, str] | None
"""A question and its answer, or nothing where there is nothing to ask."""


def story(random: Random, question: str, length: int) -> tuple[list[str], str]:
    """A story of so many sentences with its question after them, and the answer. Worlds in which nothing can be asked are forgotten."""
    while True:
        been, lines = lived(random, length)
        kind = question if question != "any" else random.choice(list(QUESTIONS))
        if asked := QUESTIONS[kind](random, *been):
            return [*lines, asked[0]], asked[1]


def lived(random: Random, length: int) -> tuple[World, list[str]]:
    """What happens in a small world: where people are, who has which thing, and in which rooms each thing has been, the last one last; and the sentences."""
    where, held, rooms = {}, {}, {}
    lines = []
    while len(lines) < length:
        person = random.choice(PEOPLE)
        things = [thing for thing in THINGS if thing not in held and (thing not in rooms or rooms[thing][-1] == where.get(person))]
        own = [thing for thing, holder in held.items() if holder == person]
        if person in where and things and random.random() < 0.7:
            thing = random.choice(things)
            held[thing] = person
            rooms.setdefault(thing, [where[person]])
            lines.append(f"{person} {random.choice(TAKE)} the {thing}")
        elif own and random.random() < 0.3:
            thing = random.choice(own)
            del held[thing]
            lines.append(f"{person} {random.choice(DROP)} the {thing}")
        else:
            where[person] = random.choice([place for place in PLACES if place != where.get(person)])
            for thing in own:
                rooms[thing].append(where[person])
            lines.append(f"{person} {random.choice(GO)} the {where[person]}")
    return (where, held, rooms), lines


def where_is_somebody(random: Random, where: dict[str, str], held: dict[str, str], rooms: dict[str, list[str]]) -> Asked:
    person = random.choice(list(where))
    return f"where is {person}", where[person]


def where_is_a_thing(random: Random, where: dict[str, str], held: dict[str, str], rooms: dict[str, list[str]]) -> Asked:
    if not rooms:
        return None
    thing = random.choice(list(rooms))
    return f"where is the {thing}", rooms[thing][-1]


def where_was_a_thing(random: Random, where: dict[str, str], held: dict[str, str], rooms: dict[str, list[str]]) -> Asked:
    moved = [thing for thing, been in rooms.items() if len(been) > 1]
    if not moved:
        return None
    *_, before, last = rooms[thing := random.choice(moved)]
    return f"where was the {thing} before the {last}", before


def is_somebody_there(random: Random, where: dict[str, str], held: dict[str, str], rooms: dict[str, list[str]]) -> Asked:
    person = random.choice(list(where))
    place = where[person] if random.random() < 0.5 else random.choice([place for place in PLACES if place != where[person]])
    return f"is {person} in the {place}", "yes" if place == where[person] else "no"


def how_many_things(random: Random, where: dict[str, str], held: dict[str, str], rooms: dict[str, list[str]]) -> Asked:
    person = random.choice(list(where))
    return f"how many things does {person} have", NUMBERS[list(held.values()).count(person)]


QUESTIONS = {
    "one fact": where_is_somebody,
    "two facts": where_is_a_thing,
    "three facts": where_was_a_thing,
    "yes or no": is_somebody_there,
    "counting": how_many_things,
}
