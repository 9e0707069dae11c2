"""Costs are said with three digits and their unit."""

import pytest

from app.amounts import memory, operations


@pytest.mark.parametrize(("count", "said"), [(0, "0"), (677_376, "677,376"), (3_858_000_000, "3.86 G"), (15_470_000_000, "15.5 G"), (568_740_352, "569 M")])
def test_multiply_adds(count, said):
    assert operations(count) == f"{said} multiply-adds"


@pytest.mark.parametrize(("count", "said"), [(812, "812 bytes"), (100_352, "100.4 kB"), (1_200_000, "1.2 MB")])
def test_bytes(count, said):
    assert memory(count) == said
