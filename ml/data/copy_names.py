"""News of journeys and their headlines: the headline has words of its own, and names that it must copy from the news."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.data.names import CITIES
from ml.project.parameters import Parameter

SOURCE = Source(
    id="copy_names",
    title="News with names to copy",
    family="Text",
    task="translation",
    kind="pairs",
    help="A sentence of news on a journey, and its headline. The names of cities in the validation and the test part are never met in training: they can be "
    "copied, not known.",
    origin="Sentences made by a grammar with the cities of the IANA time-zone database, drawn by a seed.",
    licence="Public domain",
    parameters=(
        Parameter("samples", "int", 6000, minimum=100, maximum=50_000, help="How many sentences."),
        Parameter("seed", "int", 0, minimum=0, help="Which cities go together, and what is said of them."),
    ),
)
VEHICLES = {
    "plane": "flight",
    "airliner": "flight",
    "ferry": "boat",
    "steamer": "boat",
    "express": "train",
    "railcar": "train",
    "coach": "bus",
    "minibus": "bus",
}
"""What it is called in the news, and in the headline."""
STATES = {
    "does not run": "cancelled",
    "has been called off": "cancelled",
    "is held up": "late",
    "runs behind time": "late",
    "goes as planned": "punctual",
    "keeps its time": "punctual",
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FORMS = (
    "the {vehicle} from {start} to {end} {state} on {day}",
    "on {day} the {vehicle} to {end} from {start} {state}",
    "{end} : the {day} {vehicle} from {start} {state}",
    "on {day} the {vehicle} that leaves {start} for {end} {state} , says {other}",
    "{other} says the {vehicle} to {end} that leaves {start} on {day} {state}",
    "from {start} by way of {other} to {end} : the {vehicle} {state} on {day}",
    "whoever waits in {end} for the {day} {vehicle} from {start} should know that it {state}",
)
"""`start` and `end` belong into the headline, `other` does not."""
HEADLINE = "{day} : {vehicle} {start} to {end} {state}"
NAMES = tuple(" ".join(CITIES.split()).split(", "))
PLAIN = sorted({word for text in (*FORMS, *STATES, *STATES.values(), *VEHICLES, *VEHICLES.values(), *DAYS) for word in text.split() if "{" not in word})
TOKENS = ("", "<", ">", *PLAIN, "?", *NAMES)
"""The vocabulary by token, of news and headlines alike: padding, start and end, plain words, what stands for an unknown word, then names, each one word."""
TARGET_TOKENS = TOKENS
KNOWN = len(TOKENS) - len(NAMES)
"""How many tokens come before the names."""
LENGTH = 18
"""Words of the longest: `whoever waits in Oslo for the friday plane from Lima should know that it has been called off`."""
TARGET_LENGTH = 9
"""Start, seven words, end."""
GROUPS = 20
"""Into how many groups the cities are dealt; a sentence has cities of one group."""


def spec(samples: int, seed: int) -> Spec:
    size = len(TOKENS)
    return Spec((LENGTH,), dtype="int32", vocabulary=size, target_shape=(TARGET_LENGTH,), target_vocabulary=size, groups=GROUPS)


def load(samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """News (samples, 18), padded with 0 at the end, and headlines (samples, 9) between start and end. Sentence i has cities of group i modulo 20."""
    random = np.random.default_rng(seed)
    groups = np.array_split(random.permutation(NAMES), GROUPS)
    known = {word: token for token, word in enumerate(TOKENS)}
    x, y = np.zeros((samples, LENGTH), "int32"), np.zeros((samples, TARGET_LENGTH), "int32")
    for index in range(samples):
        names: dict[str, str] = dict(zip(("{start}", "{end}", "{other}"), random.choice(groups[index % GROUPS], 3, replace=False), strict=True))
        vehicle, state, day, form = (str(random.choice(choices)) for choices in (list(VEHICLES), list(STATES), DAYS, FORMS))
        news = filled(form, names, vehicle=vehicle, state=state, day=day)
        headline = filled(HEADLINE, names, vehicle=VEHICLES[vehicle], state=STATES[state], day=day)
        for row, words in ((x[index], news), (y[index], ["<", *headline, ">"])):
            row[: len(words)] = [known[word] for word in words]
    return x, y


def filled(form: str, names: dict[str, str], **others: str) -> list[str]:
    """The words of a form with its gaps filled; a name is one word, `Addis Ababa` too."""
    return [word for piece in form.split() for word in ([names[piece]] if piece in names else piece.format(**others).split())]
