"""Files from strangers: copied, read as data under limits, held against what Keras has, and only then given to Keras in a process that may do nothing else."""

from __future__ import annotations


class ImportProblem(Exception):
    """A file that can't be opened as a model, as a sentence that names it."""
