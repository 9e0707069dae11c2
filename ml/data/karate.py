"""Zachary's karate club: 34 members, who met whom outside of it, and with whom each went when it broke apart."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec

SOURCE = Source(
    id="karate",
    title="Karate club",
    family="Graphs",
    task="classification",
    kind="graph",
    help="34 members of a karate club, a link where two met outside of it too. The club broke apart in a quarrel: with whom did each of them go?",
    origin="W. W. Zachary, An information flow model for conflict and fission in small groups, Journal of Anthropological Research 33, 1977, figure 1.",
    licence="Facts from a publication",
)
CLASSES = ("the instructor", "the president")
MEMBERS = tuple(map(str, range(1, 35)))
"""Member 1 is the instructor, whom the publication calls Mr. Hi, and 34 the president, an officer of the club."""
PRESIDENTS = (10, 15, 16, 19, 21, *range(23, 35))
"""Who stayed with the president."""
LINKS = """
1: 2 3 4 5 6 7 8 9 11 12 13 14 18 20 22 32; 2: 3 4 8 14 18 20 22 31; 3: 4 8 9 10 14 28 29 33; 4: 8 13 14; 5: 7 11; 6: 7 11 17; 7: 17; 9: 31 33 34; 10: 34;
14: 34; 15: 33 34; 16: 33 34; 19: 33 34; 20: 34; 21: 33 34; 23: 33 34; 24: 26 28 30 33 34; 25: 26 28 32; 26: 32; 27: 30 34; 28: 34; 29: 32 34; 30: 33 34;
31: 33 34; 32: 33 34; 33: 34
"""
"""Of each member, with which later ones they are linked."""


def spec() -> Spec:
    return Spec((len(MEMBERS),), classes=CLASSES, features=MEMBERS)


def load() -> tuple[np.ndarray, np.ndarray]:
    """Of each member the links (34, 34), 1 where there is one, and the side that they took (34,)."""
    x = np.zeros((len(MEMBERS), len(MEMBERS)), "float32")
    for entry in LINKS.split(";"):
        member, others = entry.split(":")
        for other in others.split():
            x[int(member) - 1, int(other) - 1] = x[int(other) - 1, int(member) - 1] = 1
    return x, np.isin(np.arange(1, len(MEMBERS) + 1), PRESIDENTS).astype("int32")
