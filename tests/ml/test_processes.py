"""A process is known again, whatever its number is by then and whatever the clock says."""

import os

import psutil
import pytest

from ml.processes import born, lives


def test_a_number_that_is_another_process_by_now_is_not_taken_for_it() -> None:
    began = born(psutil.Process())
    assert lives(os.getpid(), began)
    assert not lives(os.getpid(), began - 100)


@pytest.mark.skipif(not psutil.LINUX, reason="elsewhere the system keeps when a process began")
@pytest.mark.parametrize("seconds", [2, 3600, -3600])
def test_a_clock_that_is_set_makes_a_living_process_no_other(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    began, before = born(psutil.Process()), psutil.boot_time()
    monkeypatch.setattr("psutil._psplatform.boot_time", lambda: before + seconds)
    assert lives(os.getpid(), began)


@pytest.mark.parametrize("number", [-1, 0, 2**40, 2**70])
def test_what_is_no_process_does_not_live(number: int) -> None:
    assert not lives(number, 0.0)
