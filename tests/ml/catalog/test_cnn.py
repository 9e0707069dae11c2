"""The convolutional network on MNIST, as keras.io trains it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml import catalog
from ml.data import downloads
from ml.training.job import run_job
from tests.ml.data.some_downloads import point_to

MNIST = Path("/work/shared/data/mnist.npz")


@pytest.mark.slow
@pytest.mark.skipif(not MNIST.exists(), reason="MNIST is not here")
def test_the_paper_preset_reads_mnist_after_three_epochs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist.npz").symlink_to(MNIST)
    point_to(tmp_path, monkeypatch)
    monkeypatch.setattr(downloads, "is_right", lambda path, digest: True)  # the same arrays, packed by others
    session = run_job(
        catalog.new("cnn", "paper", {"data": "mnist", "data.split.validation": 0.1, "training.epochs": 3, "training.batch_size": 32}),
        tmp_path / "run",
        lambda event: None,
    )
    assert {part: len(rows) for part, rows in session.dataset.parts.items()} == {"train": 54_000, "validation": 6_000, "test": 10_000}
    x, labels = session.dataset.part("test")
    assert np.mean(session.models["model"].predict(x, verbose=0).argmax(axis=1) == labels) >= 0.988
