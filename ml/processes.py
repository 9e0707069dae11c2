"""Which process is meant: its number may be another's by now, and the clock may have been set since it began."""

from __future__ import annotations

import psutil

TOLERANCE = 1.0 if psutil.LINUX else 60.0
"""Seconds by which the beginning of one process may seem to change."""


def born(process: psutil.Process) -> float:
    """When a process began: on Linux in seconds since the machine's start, which no setting of the clock changes; elsewhere in seconds since 1970."""
    return process.create_time() - (psutil.boot_time() if psutil.LINUX else 0.0)


def lives(number: int, began: float) -> bool:
    """Whether the process of this number that began then still runs."""
    try:
        process = psutil.Process(number)
        return abs(born(process) - began) < TOLERANCE and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, ValueError):  # ValueError: what a stranger's run notes is no process's number
        return False
