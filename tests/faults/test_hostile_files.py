"""Files that attack whoever opens them are refused, quickly, and nothing of them is carried out."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ml import catalog
from ml.build import build
from ml.strangers import ImportProblem, copying, landlock, opening, reading
from tests.faults.hostile import Traps, make
from tests.faults.promises import times

ROOT = Path(__file__).parents[2]
SHORT = ("code_in_the_configuration: nested", "programs: TFSMLayer-called", "words_from_elsewhere: nested", "too_large: units-40", "in_the_weights: external")
LOADING = """
import os, sys
from pathlib import Path
from ml.strangers import confinement
folder = Path(sys.argv[1])
os.environ.update(KERAS_HOME=str(folder / "out"), TMPDIR=str(folder / "out"), JOBLIB_MULTIPROCESSING="0", TF_CPP_MIN_LOG_LEVEL="3")
confinement.confine((folder / "in",), folder / "out", 2**28)
confinement.limit(2**33, 900)
import keras
opened = 0
for file in sorted((folder / "in").iterdir()):
    try:
        keras.saving.load_model(file, safe_mode=False)
        opened += 1
    except BaseException:
        pass
print(opened)
"""


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traps]:
    """Where attacks would leave what they do; after the tests nothing may be there."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Traps(tmp_path_factory.mktemp("files"), listening.getsockname()[1], 2**26)
        made.lay()
        yield made
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert made.is_untouched


@pytest.fixture(scope="module")
def attacks(traps: Traps) -> dict[str, Path]:
    """Every file that attacks, by the name of its attack."""
    return make(traps)


def good_files(folder: Path) -> list[Path]:
    """Two ordinary models."""
    files = [folder / f"good-{template}.keras" for template in ("cnn", "self_attention")]
    for file in files:
        build(next(iter(catalog.new(file.stem.removeprefix("good-")).models.values()))).model.save(file)
    return files


def measured(*arguments: object) -> dict:
    """What `tests.faults.refusals` finds, in a process that has no Keras."""
    done = subprocess.run([sys.executable, "-m", "tests.faults.refusals", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) | {"said": done.stderr}


def test_every_attack_is_refused_as_data(attacks: dict[str, Path], traps: Traps, tmp_path: Path) -> None:
    assert len(attacks) > 100
    let_in = []
    for number, (name, file) in enumerate(attacks.items()):
        try:
            copying.copy(file, tmp_path / f"copy-{number}")
            reading.read(tmp_path / f"copy-{number}", tmp_path / f"weights-{number}", file, 2**34)
            let_in.append(name)
        except ImportProblem as problem:
            assert file.name in str(problem)
    assert let_in == []
    assert traps.is_untouched


@pytest.mark.parametrize("attack", SHORT)
def test_an_attack_is_refused_by_window_and_command_line(attack: str, attacks: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(ImportProblem):
        opening.open_model(attacks[attack], tmp_path / "weights.h5")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="readers are forked, which Windows can't do")
def test_a_changed_file_is_read_or_refused_with_a_sentence(tmp_path: Path) -> None:
    found = measured("mutated", 200, *good_files(tmp_path))
    assert (found["unforeseen"], found["crashed"]) == (0, 0), found["said"]
    assert found["megabytes"] < 500


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="readers are forked, which Windows can't do")
def test_hostile_files_do_nothing(traps: Traps, promise: Callable[[str, str, str], None], tmp_path: Path) -> None:
    (tmp_path / "large").mkdir()
    full = Traps(tmp_path / "large", traps.port)
    files = make(full)
    attacks = measured("opened", *files.values())
    changes = measured("mutated", times(20_000), *good_files(tmp_path))
    untouched = "0 markers written, 0 outside reads" if full.is_untouched else "MARKED"
    seconds, processor, megabytes = (max(attacks[what], changes[what]) for what in ("seconds", "processor", "megabytes"))
    within = (
        f"refusal within {seconds:.2f} s by the wall (load of the machine {psutil.getloadavg()[0]:.0f}), {processor:.2f} s of processor, and {megabytes:.0f} MB"
    )
    ends = f"{changes['refused']:,} refused, {changes['passed']:,} still ordinary, {changes['crashed']} crashed their reader"
    figure = f"{untouched}, 0 connections, {len(attacks['let in'])} let in; changed files: {ends}; {within}"
    promise("hostile files", f"{len(files)} attacks opened, {times(20_000):,} changed files read as data", figure)
    assert attacks["let in"] == []
    assert changes["unforeseen"] == 0, changes["said"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or not landlock.version(), reason="only Linux with Landlock lets a process give all this up itself")
def test_even_what_keras_would_carry_out_comes_to_nothing(attacks: dict[str, Path], traps: Traps, tmp_path: Path) -> None:
    """Keras loads every attack without its safe mode, in a process that is confined as ours is."""
    (tmp_path / "room" / "in").mkdir(parents=True)
    (tmp_path / "room" / "out").mkdir()
    for name, file in attacks.items():
        if not name.startswith(("too_large", "of_other_kinds", "not_as_meant")):
            (tmp_path / "room" / "in" / file.name).write_bytes(file.read_bytes())
    done = subprocess.run([sys.executable, "-c", LOADING, str(tmp_path / "room")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.splitlines()[-1]) > 0, "Keras opened none of them, so this shows nothing."
    assert traps.is_untouched
