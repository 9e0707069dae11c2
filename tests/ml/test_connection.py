"""What a run's folder notes of its engine may be a stranger's, or cut short."""

from pathlib import Path

import pytest

from ml.connection import FILE, found


@pytest.mark.parametrize("note", [b"", b"{", b'{"pid":1,"born":0,"port":1,"key":"\xff"}', b'{"pid":-1,"born":0,"port":1,"key":"00"}'])
def test_a_note_that_tells_of_no_engine_is_passed_over(tmp_path: Path, note: bytes) -> None:
    (tmp_path / FILE).write_bytes(note)
    assert found(tmp_path) is None
