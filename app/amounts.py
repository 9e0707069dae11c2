"""How the costs of a network are put in words."""

from __future__ import annotations


def operations(count: int) -> str:
    """Multiply-adds: `240 multiply-adds`, `3.86 G multiply-adds`."""
    for size, unit in ((1e12, " T"), (1e9, " G"), (1e6, " M")):
        if count >= size:
            return f"{count / size:.3g}{unit} multiply-adds"
    return f"{count:,} multiply-adds"


def memory(count: int) -> str:
    """A count of bytes: `812 bytes`, `1.2 MB`."""
    if count < 1000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{count / 1000:.1f} kB"
    return f"{count / 1_000_000:,.1f} MB"
