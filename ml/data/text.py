"""Text: Python's own reference manual, character by character."""

from __future__ import annotations

import numpy as np

from ml.data.dataset import Source, Spec
from ml.project.parameters import Parameter

SOURCE = Source(
    id="text",
    title="Python's reference",
    family="Text",
    task="language",
    kind="text",
    help="The language reference that comes with Python, half a million characters of English and code, cut into windows.",
    origin="pydoc_data.topics of the Python that runs this; other versions differ a little.",
    licence="PSF License",
    parameters=(Parameter("context", "int", 64, minimum=2, maximum=4096, help="Characters in a window: how far back a model can look."),),
)
TOKENS = ("\n", *map(chr, range(32, 127)))
"""The vocabulary by token: newline, then printable ASCII."""


def spec(context: int) -> Spec:
    return Spec((context,), dtype="int32", vocabulary=len(TOKENS))


def load(context: int) -> tuple[np.ndarray, np.ndarray]:
    """Tokens (windows, context), and for each the token that follows. Windows do not overlap, so none is in two parts."""
    from pydoc_data.topics import topics

    text = "".join(topics[name] for name in sorted(topics))
    text = text.translate(str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."}))
    codes = np.array([ord(character) for character in text if character == "\n" or " " <= character <= "~"], "int32")
    tokens = np.where(codes == 10, 0, codes - 31).astype("int32")
    count = len(tokens) // (context + 1)
    windows = tokens[: count * (context + 1)].reshape(count, context + 1)
    return windows[:, :-1].copy(), windows[:, 1:].copy()
