"""The process that looks at a stranger's model tells also what nobody foresaw."""

import subprocess
import sys
from pathlib import Path

import msgspec

from ml.strangers.request import ANSWER, INSIDE, MODEL, OUTSIDE, REQUEST, Answer, Request

PROGRAM = "import sys; from pathlib import Path; from ml.strangers import child; child._answer = lambda *asked: [][0]; child.main(Path(sys.argv[1]))"


def test_what_nobody_foresaw_is_a_sentence_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / INSIDE).mkdir()
    (tmp_path / OUTSIDE).mkdir()
    (tmp_path / INSIDE / REQUEST).write_bytes(msgspec.json.encode(Request(MODEL, "/home/her/model.keras", 2**34, 2**20, False)))
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], stdin=subprocess.PIPE) as process:
        status = process.wait()
    answer = msgspec.msgpack.decode((tmp_path / OUTSIDE / ANSWER).read_bytes(), type=Answer)
    assert status == 0
    assert answer.refused.startswith("/home/her/model.keras can't be opened") and "index out of range" in answer.refused
