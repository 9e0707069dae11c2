"""Any value of a project can be named by a path, and what can't be is refused in a sentence."""

import pytest

from ml import catalog
from ml.catalog import SettingProblem, set_path
from ml.project.project import Choice


@pytest.fixture
def project():
    return catalog.new("gpt")


def test_training(project):
    changed = set_path(set_path(project, "training.epochs", 7), "training.patience", None)
    assert (changed.training.epochs, changed.training.patience) == (7, None)


def test_another_optimizer_begins_with_its_own_defaults(project):
    changed = set_path(project, "training.optimizer", "SGD")
    assert changed.training.optimizer == Choice("SGD")
    assert set_path(changed, "training.optimizer.learning_rate", 0.5).training.optimizer == Choice("SGD", {"learning_rate": 0.5})


def test_a_schedule_comes_and_goes(project):
    changed = set_path(set_path(project, "training.schedule", "CosineDecay"), "training.schedule.decay_steps", 100)
    assert changed.training.schedule == Choice("CosineDecay", {"decay_steps": 100})
    assert set_path(changed, "training.schedule", None).training.schedule is None


def test_data_and_its_split(project):
    changed = set_path(set_path(project, "data.context", 32), "data.split.seed", 3)
    assert changed.data.arguments == {"context": 32}
    assert changed.data.split.seed == 3


def test_recipe(project):
    assert set_path(project, "recipe.from_logits", False).recipe.arguments == {"from_logits": False}


def test_a_node_and_a_node_in_a_block(project):
    changed = set_path(project, "models.model.block_2/expand.units", 99).models["model"]
    block = changed["block_2"].graph
    assert block
    assert block["expand"].arguments["units"] == 99
    assert set_path(project, "models.model.subtract.x2", 2).models["model"]["subtract"].arguments == {"x2": 2}


def test_name_and_notes(project):
    assert set_path(project, "notes", "Try more heads.").notes == "Try more heads."


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("epochs", 3, "There is no setting 'epochs'; settings begin with"),
        ("training", 3, "training has settings of its own: training.epochs, training.batch_size"),
        ("data.split", 0.2, "data.split has settings of its own: data.split.validation, data.split.test"),
        ("training.epochs", 0, "training.epochs: epochs must be at least 1"),
        ("training.epochs", "many", "must be a whole number"),
        ("training.optimizer", "Adm", "there is no 'Adm'; there are: .*Adam"),
        ("training.optimizer", ["Adam"], "there is no"),
        ("training.optimizer.lr", 0.1, "There is no parameter 'lr'; there are: learning_rate"),
        ("training.optimizer.learning_rate", -1, "training.optimizer.learning_rate: learning_rate must be at least 0, not -1"),
        ("training.schedule.decay_steps", 3, "no schedule is chosen"),
        ("data", "svhn", "there is no 'svhn'; there are: .*digits"),
        ("data.context", "long", "must be a whole number"),
        ("training.epochs", -1234567, "epochs must be at least 1, not -1234567"),
        ("training.epochs", -(10**400), "epochs must be at least 1, not -10000"),
        ("data.split.validation", 0.9000001, "validation must be at most 0.9, not 0.9000001"),
        ("data.split.test", 0.85, r"leave nothing to train on \(0.15 \+ 0.85\): make the other smaller first"),
        ("data.split.test", float("nan"), "must be a number"),
        ("recipe", "magic", "there is no 'magic'; there are: .*supervised"),
        ("models", 3, "of a model an argument can be set, as in models.model.dense.units"),
        ("models.model", 3, "of a model an argument can be set"),
        ("models.model.positions", 3, "of a model an argument can be set"),
        ("models.critic.dense.units", 3, "there is no model 'critic'; there are: model"),
        ("models.model.dense.units", 3, "there is no node 'dense'; there are: tokens, embedding"),
        ("models.model.positions/dense.units", 3, "positions is not a block"),
        ("models.model.positions.units", 3, "There is no parameter 'units'"),
        ("models.model.positions.output_dim", "wide", "must be a whole number"),
    ],
)
def test_what_can_not_be_is_refused_in_a_sentence(project, path, value, words):
    with pytest.raises(SettingProblem, match=words):
        set_path(project, path, value)


def test_a_path_in_the_home_of_nobody_is_refused(project):
    with pytest.raises(SettingProblem, match="There is no home folder ~nobody-here"):
        set_path(set_path(project, "data", "csv"), "data.path", "~nobody-here/table.csv")
