"""The clouds that are shown are those of the closed form: each class's mean, and the covariance that all share."""

from __future__ import annotations

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from ml import catalog
from ml.events import Region, Regions
from ml.project.project import Project
from ml.training.session import Session


def shown(session: Session) -> Region:
    session.regions.turn(2, 3)
    found = session.regions.read(1)
    assert isinstance(found, Regions)
    return found.regions[0]


def fitted(project: Project, steps: int) -> tuple[Session, Region]:
    """A session after so many steps, and what it shows then."""
    session = Session(project)
    _, _, loop = session.trainer()
    loop.begin(0)
    for step in range(steps):
        loop.run(step, 1)
    return session, shown(session)


def test_they_are_the_means_and_the_common_covariance_that_scikit_learn_finds() -> None:
    session, region = fitted(catalog.new("gaussian_classifier"), 1)
    found = LinearDiscriminantAnalysis(store_covariance=True).fit(*session.dataset.part("train"))
    assert region.means is not None and region.covariance is not None
    np.testing.assert_allclose(region.means.numpy(), found.means_[:, 2:], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(region.covariance.numpy(), found.covariance_[2:, 2:], rtol=1e-4)


def test_they_are_of_the_samples_seen_so_far_and_of_an_opened_run_of_all() -> None:
    project = catalog.new("gaussian_classifier", settings={"training.batch_size": 60})
    assert fitted(project, 0)[1].means is None
    (_, first), (_, last) = fitted(project, 1), fitted(project, 2)
    opened = shown(Session(project))
    assert first.means is not None and last.means is not None and opened.means is not None
    assert np.abs(first.means.numpy() - opened.means.numpy()).max() > 1e-3
    np.testing.assert_allclose(last.means.numpy(), opened.means.numpy(), rtol=1e-4, atol=1e-5)


def test_where_the_formula_is_of_features_that_are_no_columns_there_are_none() -> None:
    assert fitted(catalog.new("mlp", settings={"data": "iris"}), 0)[1].means is None
