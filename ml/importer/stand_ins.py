"""The layers that `keras.applications` brings along of its own, as the stock ones that do the same with the same weights."""

from __future__ import annotations

from typing import Any

Config = dict[str, Any]

HOME = "keras.src.applications."
"""Where Keras keeps them: classes of the same names from elsewhere may do anything."""
KEPT = ("name", "trainable", "dtype")


def stock(entry: Config) -> Config:
    """A layer's entry in a model's configuration: the same, or with a stock layer in the place of one of the applications' own."""
    swap = _SWAPS.get(str(entry.get("class_name"))) if str(entry.get("module")).startswith(HOME) else None
    if swap is None:
        return entry
    name, own = swap(entry)
    kept = {key: entry["config"][key] for key in KEPT if key in entry["config"]}
    return {**entry, "module": "keras.layers", "class_name": name, "config": kept | own}


def scale_of_second(entry: Config) -> float | None:
    """By what a layer multiplies its second input before it adds the two (InceptionResNetV2's residuals); None for every other layer."""
    if entry.get("class_name") != "CustomScaleLayer" or not str(entry.get("module")).startswith(HOME):
        return None
    return float(entry["config"]["scale"])


def _rank(entry: Config) -> int:
    return len((entry.get("build_config") or {}).get("input_shape") or (None,) * 4)


def _layer_scale(entry: Config) -> tuple[str, Config]:
    """A learned factor for each channel, as a product along the last axis. ConvNeXt: https://arxiv.org/abs/2201.03545"""
    axes = "abcdefg"[: _rank(entry)]
    first = {"module": "keras.initializers", "class_name": "Constant", "config": {"value": entry["config"]["init_values"]}}
    shape = [*[None] * (len(axes) - 2), entry["config"]["projection_dim"]]
    return "EinsumDense", {"equation": f"{axes},{axes[-1]}->{axes}", "output_shape": shape, "kernel_initializer": first}


def _stochastic_depth(entry: Config) -> tuple[str, Config]:
    """Whole samples are dropped: the noise has one number for each."""
    return "Dropout", {"rate": entry["config"]["drop_path_rate"], "noise_shape": [None, *[1] * (_rank(entry) - 1)]}


def _custom_scale(entry: Config) -> tuple[str, Config]:
    """The sum of two; what stands before its second input is the importer's to add."""
    return "Add", {}


_SWAPS = {"LayerScale": _layer_scale, "StochasticDepth": _stochastic_depth, "CustomScaleLayer": _custom_scale}
