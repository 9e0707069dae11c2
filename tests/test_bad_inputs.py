"""The 45 cases of bad input, each with the answer that a person gets: those of models here, the others where their code is tested."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ml.strangers import ImportProblem, copying, opening, reading
from ml.strangers.reading import Read
from tests.faults import hostile
from tests.faults.hostile import Traps, dense, model, weights, write

MACHINE = 2**34
"""Bytes of memory of the machine that the models are held against."""
DATA, IMAGES = "tests/ml/data/test_csv.py", "tests/ml/data/test_images.py"
ARRAYS, OWN, WRITING = "tests/ml/data/test_arrays.py", "tests/ml/data/test_own.py", "tests/ml/project/test_writing.py"
LABELS, CELLS, FILES = (
    "test_labels_are_checked_before_training",
    "test_what_is_wrong_is_said_with_its_place_and_a_way_out",
    "test_cases_38_to_41_a_bad_file_is_named",
)
DAMAGED = "test_a_damaged_picture_is_named_and_can_be_left_out"

ELSEWHERE: dict[int, tuple[tuple[str, str], ...]] = {
    20: ((ARRAYS, LABELS), (DATA, CELLS)),
    21: ((ARRAYS, LABELS), (DATA, CELLS)),
    22: ((ARRAYS, LABELS), (DATA, CELLS)),
    23: ((ARRAYS, "test_case_23_text_labels_are_numbered"), (DATA, "test_every_way_out_leads_out")),
    24: ((DATA, CELLS), (DATA, "test_every_way_out_leads_out")),
    25: ((ARRAYS, "test_case_25_what_is_not_finite_is_named"), (DATA, CELLS)),
    26: ((ARRAYS, LABELS),),
    27: ((ARRAYS, "test_case_27_no_samples"), (DATA, CELLS)),
    28: ((DATA, CELLS), (DATA, "test_every_way_out_leads_out")),
    29: ((DATA, "test_case_29_other_encodings_are_offered_with_what_they_make_of_it"),),
    30: ((DATA, "test_case_30_the_form_of_the_file_is_found_out"),),
    31: ((DATA, "test_case_31_columns_without_a_name_get_one_and_are_told"), (DATA, "test_case_31_columns_of_one_name_are_told_apart")),
    32: ((IMAGES, DAMAGED),),
    33: ((IMAGES, DAMAGED),),
    34: ((IMAGES, DAMAGED),),
    35: ((IMAGES, "test_case_35_other_files_are_told"),),
    36: ((IMAGES, "test_case_36_an_empty_a_missing_and_a_single_one"),),
    37: ((IMAGES, DAMAGED),),
    38: ((ARRAYS, FILES),),
    39: ((ARRAYS, FILES),),
    40: ((ARRAYS, FILES),),
    41: ((ARRAYS, FILES),),
    42: ((ARRAYS, LABELS), ("tests/ml/test_own_data_in_training.py", "test_case_42_softmax_over_one_unit_is_explained_and_mended")),
    43: ((OWN, "test_case_43_only_a_regular_file_is_read"),),
    45: ((WRITING, "test_a_full_disk_leaves_the_old_file_as_it_was"), (WRITING, "test_a_file_that_is_protected_stays_as_it_was")),
}
"""By case: the files and the names of its tests. Case 43 is of data there, and of models here."""


def _made(attack: Callable[[Traps], Iterator[tuple[str, Any]]], name: str) -> Callable[[Path, Traps], object]:
    """The file of an attack in the configuration, in the weights, or of its own."""

    def put(path: Path, traps: Traps) -> object:
        what = dict(attack(traps))[name]
        return what(path) if callable(what) else write(path, h5=what) if attack is hostile.in_the_weights else write(path, what)

    return put


def _in_loss(path: Path, traps: Traps) -> None:
    write(path, model(dense(), compile_config={"loss": hostile.code(traps)}))


ARCHIVE, CODE, PROGRAMS, WORDS = hostile.in_the_archive, hostile.code_in_the_configuration, hostile.programs, hostile.words_from_elsewhere
LARGE, ODD, WEIGHTS = hostile.too_large, hostile.not_as_meant, hostile.in_the_weights

MODELS: tuple[tuple[int, Callable[[Path, Traps], object], str], ...] = (
    (1, _made(ARCHIVE, "cut-short"), "is cut short or damaged"),
    (2, _made(ARCHIVE, "empty"), "is empty"),
    (3, _made(ARCHIVE, "text"), "is not a .keras file: those are zip files"),
    (4, _made(ARCHIVE, "bit"), "model.weights.h5 is damaged"),
    (6, _made(ARCHIVE, "double-config.json"), "holds config.json more than once"),
    (6, _made(ARCHIVE, "double-model.weights.h5"), "holds model.weights.h5 more than once"),
    (7, _made(ODD, "twice"), "the key 'name' stands twice"),
    (8, _made(ARCHIVE, "way-out-0"), "'../marker', which points outside of it"),
    (8, _made(ARCHIVE, "way-out-1"), "marker', which points outside of it"),
    (9, _made(ODD, "deep"), "too deeply nested"),
    (10, _made(CODE, "layer"), "code is a Lambda, which"),
    (10, _made(CODE, "nested"), "code is a Lambda, which"),
    (10, _made(CODE, "in-TimeDistributed"), "wrapper/code is a Lambda, which"),
    (10, _in_loss, "the file's training is a __lambda__, which"),
    (11, _made(PROGRAMS, "TFSMLayer"), "program is a TFSMLayer, which"),
    (11, _made(PROGRAMS, "TFSMLayer-called"), "called is a TFSMLayer, which"),
    (11, _made(PROGRAMS, "TFSMLayer-function"), "is the function TFSMLayer from keras.layers, which is no activation"),
    (12, _made(WORDS, "relative"), "lookup has for its vocabulary the file '../canary', and a model may not open files: give the words themselves"),
    (12, _made(WORDS, "StringLookup-http"), "lookup has for its vocabulary the file 'http://127"),
    (14, _made(ODD, "units-are-words"), "dense can't be: units must be a whole number, not '8; rm'"),
    (15, _made(LARGE, "units-40"), r"needs about [\d,.]+ GB of memory, and this machine has|asks for [\d,.]+ GB of weights, and the file holds"),
    (15, _made(LARGE, "units-29"), r"GB of memory, and this machine has|asks for [\d,.]+ GB of weights, and the file holds"),
    (17, _made(WEIGHTS, "external"), "takes layers/dense/vars/0 from another file"),
    (17, _made(WEIGHTS, "external-link"), "holds layers/dense/vars/0, which is a link to"),
    (17, _made(WEIGHTS, "soft-link"), "holds layers/dense/vars/0, which is a link to"),
    (17, _made(WEIGHTS, "virtual"), "puts layers/dense/vars/0 together from other places"),
    (18, _made(WEIGHTS, "4-GiB"), "layers/dense/vars/0 declares .* and has .*, so it is not what it says"),
    (19, _made(ARCHIVE, "config-bomb"), r"holds config.json, which unpacks to [\d,]+ MiB: no model needs that"),
    (43, _made(hostile.of_other_kinds, "folder"), "is not a regular file"),
    (43, _made(hostile.of_other_kinds, "link"), "is not a regular file"),
    (43, _made(hostile.of_other_kinds, "pipe"), "is not a regular file"),
)
"""Models that are refused: the case, what makes the file, and what the person reads."""
LET_IN = (5, 13, 16)
"""The cases of models that open, with a sentence."""


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory) -> Traps:
    """Where the files would do what they try; what is packed is smaller than in the faults' tests."""
    made = Traps(tmp_path_factory.mktemp("traps"), 9, 2**26)
    made.canary.write_bytes(b"secret")
    return made


def read(path: Path, folder: Path) -> Read:
    """What the process that looks at a stranger's model for window and command line does before Keras."""
    copying.copy(path, folder / "copy.keras")
    return reading.read(folder / "copy.keras", folder / "unpacked.h5", path, MACHINE)


def test_every_case_has_its_test() -> None:
    here = {case for case, _, _ in MODELS} | set(LET_IN) | {44}
    assert here | set(ELSEWHERE) == set(range(1, 46))
    root = Path(__file__).parents[1]
    missing = [test for tests in ELSEWHERE.values() for test in tests if f"\ndef {test[1]}" not in (root / test[0]).read_text(encoding="utf-8")]
    assert missing == []


@pytest.mark.parametrize(("case", "put", "sentence"), MODELS, ids=[f"case {case}" for case, _, _ in MODELS])
def test_a_model_is_refused_with_its_name_and_what_is_wrong(case: int, put: Callable, sentence: str, traps: Traps, tmp_path: Path) -> None:
    path = tmp_path / "stranger.keras"
    put(path, traps)
    with pytest.raises(ImportProblem, match=sentence) as refused:
        read(path, tmp_path)
    assert "stranger.keras" in str(refused.value)
    assert "Traceback" not in str(refused.value) and not traps.marker.exists()


@pytest.mark.slow
@pytest.mark.parametrize(("case", "put", "sentence"), MODELS, ids=[f"case {case}" for case, _, _ in MODELS])
def test_window_and_command_line_say_the_same(case: int, put: Callable, sentence: str, traps: Traps, tmp_path: Path) -> None:
    path = tmp_path / "stranger.keras"
    put(path, traps)
    with pytest.raises(ImportProblem, match=r"stranger\.keras"):
        opening.open_model(path, tmp_path / "taken.h5")
    assert not (tmp_path / "taken.h5").exists()


def _opened(path: Path, folder: Path) -> tuple[str, ...]:
    """What is said of a model that opens."""
    from ml import importer

    return tuple(importer.project_of(path, read(path, folder), folder / "taken.h5")[1])


def test_case_5_a_model_without_weights_says_that_only_the_architecture_is_there(tmp_path: Path) -> None:
    path = tmp_path / "stranger.keras"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("config.json", json.dumps(model(dense())))
    assert "stranger.keras holds no model.weights.h5: only the architecture is there." in _opened(path, tmp_path)


def test_case_13_an_unknown_layer_is_named_with_its_package(tmp_path: Path) -> None:
    own = hostile.entry("Own", "mine", "somebody.layers", "somebody>Own", build=[None, hostile.UNITS])
    said = " ".join(_opened(write(tmp_path / "stranger.keras", model(dense(), own)), tmp_path))
    assert re.search("mine is a Own from the package somebody", said)


def test_case_16_weights_of_another_shape_are_named_with_both(tmp_path: Path) -> None:
    path = write(tmp_path / "stranger.keras", model(dense(units=5)), h5=weights())
    assert any("dense: its weights could not be taken over (its kernel should be (4, 5) and is (4, 3))" in said for said in _opened(path, tmp_path))


def test_case_44_the_bytes_that_were_checked_are_the_ones_that_are_opened(traps: Traps, tmp_path: Path) -> None:
    path = write(tmp_path / "stranger.keras", model(hostile.lambda_layer(traps)))

    def change(said: str) -> None:
        if said.startswith("Looking"):
            write(path)

    with pytest.raises(ImportProblem, match="is a Lambda"):
        opening.open_model(path, say=change)
    with zipfile.ZipFile(path) as file:
        assert json.loads(file.read("config.json")) == model(dense()), "by now there is a good model"
