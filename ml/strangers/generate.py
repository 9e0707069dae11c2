"""Writes which of Keras's classes and functions a model's configuration may name: `python -m ml.strangers.generate`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from operator import attrgetter

import keras
import msgspec
from keras.src.applications import convnext, inception_resnet_v2  # the layers that the applications bring along have no public name
from keras.src.models.functional import Functional  # as a file names it, which has no public name either
from keras.src.ops.operation import Operation  # the one base class of all operations

from ml.strangers.names import CODE, PATH, Names

CLASSES = {
    "constraints": keras.constraints.Constraint,
    "dtype_policies": keras.dtype_policies.DTypePolicy,
    "initializers": keras.initializers.Initializer,
    "layers": keras.layers.Layer,
    "losses": keras.losses.Loss,
    "metrics": keras.metrics.Metric,
    "optimizers": keras.optimizers.Optimizer,
    "optimizers.schedules": keras.optimizers.schedules.LearningRateSchedule,
    "quantizers": object,
    "regularizers": keras.regularizers.Regularizer,
    "random": keras.random.SeedGenerator,
}
"""The public modules whose classes a configuration may name, and what those classes are kinds of."""
FUNCTIONS = ("activations", "losses", "metrics", "ops", "ops.image", "ops.linalg", "ops.nn", "ops.numpy")
NOT_MEANT = {"deserialize", "get", "serialize"}
APPLICATIONS = (convnext.LayerScale, convnext.StochasticDepth, inception_resnet_v2.CustomScaleLayer)


def names() -> Names:
    """What the installed Keras has."""
    classes: dict[str, set[str]] = {}
    for name, cls in [*_public(), *_operations(), *_models(), *((cls.__name__, cls) for cls in APPLICATIONS)]:
        if cls.__name__ not in CODE:
            for module in {cls.__module__, *_homes(cls)}:
                classes.setdefault(module, set()).add(name)
    functions = {module: sorted(_functions(module)) for module in FUNCTIONS}
    return Names({module: sorted(found) for module, found in sorted(classes.items())}, functions)


def encode(found: Names) -> bytes:
    """The table as its file holds it."""
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def _public() -> Iterator[tuple[str, type]]:
    for module, base in CLASSES.items():
        for name, thing in vars(attrgetter(module)(keras)).items():
            if isinstance(thing, type) and issubclass(thing, base):
                yield name, thing


def _operations() -> Iterator[tuple[str, type]]:
    for cls in _subclasses(Operation):
        if cls.__module__.startswith("keras.src.ops."):
            yield cls.__name__, cls


def _models() -> Iterator[tuple[str, type]]:
    yield from (("Functional", Functional), ("Model", keras.Model), ("Sequential", keras.Sequential))


def _homes(cls: type) -> set[str]:
    """The public modules that a class is found in, as files name them."""
    if issubclass(cls, keras.Model):
        return {"keras", "keras.models"}
    top = {"keras"} if cls in vars(keras).values() else set()
    return top | {f"keras.{module}" for module in CLASSES if cls in vars(attrgetter(module)(keras)).values()}


def _functions(module: str) -> set[str]:
    found = vars(attrgetter(module)(keras)).items()
    return {name for name, thing in found if inspect.isfunction(thing) and not name.startswith("_")} - NOT_MEANT


def _subclasses(cls: type) -> Iterator[type]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _subclasses(sub)


if __name__ == "__main__":
    PATH.write_bytes(encode(names()))
    print(PATH)
