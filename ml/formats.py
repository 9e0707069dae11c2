"""The formats that a model can be exported to, and how their files' names end. Needs no Keras."""

from __future__ import annotations

from pathlib import Path

SUFFIXES = {"keras": ".keras", "weights": ".weights.h5", "savedmodel": "", "tflite": ".tflite", "onnx": ".onnx", "python": ".py"}


def named(path: Path, format: str) -> Path:
    """The path with its format's ending, where it has another or none."""
    return path if path.name.endswith(SUFFIXES[format]) else path.with_name(path.name + SUFFIXES[format])
