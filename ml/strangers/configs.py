"""A model's configuration held against what Keras has: code, files, addresses and unknown functions in it are named, and nothing of it is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ml.ops.table import NODE_TYPES
from ml.strangers import ImportProblem, names
from ml.strangers.names import CODE, VALUES

Config = dict[str, Any]

WORD_FILES = {"vocabulary", "idf_weights"}
FILES = {*WORD_FILES, "filepath", "file_path", "filename", "path", "url", "origin", "fname", "cache_dir"}
"""Arguments that Keras takes for a file where they are a text."""
ACTIVATIONS = {"activation", "recurrent_activation"}
WORDS = {"name", "registered_name", "module", "class_name", "equation", "notes", "mask_token", "oov_token"}
"""Keys under which any text may stand: none of them is opened."""
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*://|file:|/|~|\\\\|[A-Za-z]:[\\/]|\.\.[\\/]", re.IGNORECASE)
"""How addresses and paths that lead out begin."""


@dataclass(frozen=True)
class Finding:
    """What is not as it should be, where."""

    place: str
    """The path of the layer's names, or the part of the file."""
    sentence: str
    """The end of a sentence that begins with the place."""
    refused: bool = True
    """False where it can be left out and the rest be shown: a layer of somebody's own."""

    def __str__(self) -> str:
        return f"{self.place} {self.sentence}."


def check_kind(config: Config) -> None:
    """Raises `ImportProblem` where the file holds no functional or Sequential model."""
    kind, module = config.get("class_name"), config.get("module") or "keras"
    if kind not in ("Functional", "Model", "Sequential") or not isinstance(module, str) or module.split(".")[0] != "keras":
        where = _package(str(module), config.get("registered_name"))
        words = f"it is a {kind} from {where}, a class of its own whose code is not in the file" if isinstance(kind, str) else "it names no class"
        raise ImportProblem(f"{words}: only functional and Sequential models can be shown.")


def look(config: Config) -> Iterator[Finding]:
    """Everything in a file's configuration that a model may not hold."""
    training = {"compile_config": config.get("compile_config")}
    yield from _entry({key: value for key, value in config.items() if key != "compile_config"}, "", "the model", True)
    yield from _value(training["compile_config"], "", "the file's training")


def look_at_arguments(arguments: Config) -> Iterator[Finding]:
    """The same for the arguments of one node, which the sentences call “it”."""
    for key, value in arguments.items():
        yield from _argument(key, value, "", "it")


def _value(value: Any, path: str, place: str) -> Iterator[Finding]:
    """What is in any part of a configuration; `path` are the layers that it is in, `place` is what a person calls it."""
    if isinstance(value, dict):
        if "class_name" in value:
            yield from _entry(value, path, place)
        else:
            for key, part in value.items():
                yield from _argument(key, part, path, place)
    elif isinstance(value, list):
        for part in value:
            yield from _value(part, path, place)


def _argument(key: str, value: Any, path: str, place: str) -> Iterator[Finding]:
    if isinstance(value, str):
        if key in FILES:
            advice = ": give the words themselves" if key in WORD_FILES else ""
            yield Finding(place, f"has for its {key} the file {_short(value)}, and a model may not open files{advice}")
        elif key in ACTIVATIONS and not names.is_activation(value):
            yield Finding(place, f"has for its {key} {_short(value)}, which is no activation of Keras")
        elif key not in WORDS and _OUTSIDE.match(value):
            yield Finding(place, f"has for its {key} {_short(value)}, and a model may not lead to files or addresses")
    elif isinstance(value, dict) or key != "vocabulary":
        yield from _value(value, path, f"{path}'s {key}" if path and isinstance(value, dict) and "class_name" in value else place)


def _entry(entry: Config, path: str, place: str, is_root: bool = False) -> Iterator[Finding]:
    """What is in an object as Keras writes it."""
    kind, config = entry.get("class_name"), entry.get("config")
    module = entry.get("module") or ""
    if not isinstance(kind, str) or not isinstance(module, str):
        yield Finding(place, "names a class by something that is no text")
        return
    if (is_layer := "inbound_nodes" in entry or module == "keras.layers" or (kind in CODE and kind != "__lambda__")) and not is_root:
        path = place = _path(path, entry)
    if kind in VALUES:
        yield from _value(config, path, place)
    elif kind in CODE:
        yield Finding(place, f"is a {kind}, which {CODE[kind]}: it is never loaded")
    elif kind == "function":
        yield from _function(entry, place)
    elif kind in ("Functional", "Sequential") and not _has_layers(config):
        yield Finding(place, "has no list of layers, as Keras writes it")
    else:
        yield from _class(entry, kind, module, place, is_layer)
        yield from _inside(entry, path, place)


def _has_layers(config: Any) -> bool:
    """Whether a model's configuration lists its layers, each with its class and its own configuration."""
    layers = config.get("layers") if isinstance(config, dict) else None
    return isinstance(layers, list) and all(isinstance(layer, dict) and isinstance(layer.get("config"), dict) and "class_name" in layer for layer in layers)


def _inside(entry: Config, path: str, place: str) -> Iterator[Finding]:
    for key, part in entry.items():
        if key not in ("class_name", "module", "registered_name", "name"):
            yield from _argument(key, part, path, place)
    kind = NODE_TYPES.get(str(entry.get("class_name")))
    if kind is not None and entry.get("module") == "keras.layers" and isinstance(entry.get("config"), dict):
        known = {parameter.name: parameter for parameter in kind.parameters if parameter.kind in ("int", "float", "bool")}
        for key, value in entry["config"].items():
            if key in known and value is not None and not isinstance(value, dict | list) and (sentence := known[key].problem(value)):
                yield Finding(place, f"can't be: {sentence.rstrip('.')}")


def _function(entry: Config, place: str) -> Iterator[Finding]:
    name, module = entry.get("config"), str(entry.get("module") or "builtins")
    registered = entry.get("registered_name")
    if not isinstance(name, str) or not isinstance(registered, str | None):
        yield Finding(place, "names a function by something that is no text")
    elif module != "builtins" and module.split(".")[0] != "keras" and names.is_own(module):
        yield Finding(place, f"is the function {name} from {_package(module, registered)}, which is no part of Keras", place != "the file's training")
    elif not names.is_function(name) or (module not in ("builtins", "keras") and not _holds_functions(module)) or registered not in (None, "function", name):
        yield Finding(place, f"is the function {name} from {module}, which is no activation, loss, metric or operation of Keras")


def _holds_functions(module: str) -> bool:
    parts = module.removeprefix("keras.").removeprefix("src.").split(".")
    return module.startswith("keras.") and (parts[0] in names.table().functions)


def _class(entry: Config, kind: str, module: str, place: str, is_layer: bool) -> Iterator[Finding]:
    registered = entry.get("registered_name")
    if names.is_class(module, kind):
        if registered not in (None, kind) and str(registered).split(">")[-1] != kind:
            yield Finding(place, f"is called {kind} and {registered} at once")
        return
    own = bool(registered) and (not module or names.is_own(module))
    kept = is_layer or place in ("the model", "the file's training")
    what = "none that a model may hold" if module.split(".")[0] == "keras" else "no part of Keras"
    yield Finding(place, f"is a {kind} from {_package(module, registered)}, which is {what}", not (own and kept))


def _package(module: str, registered: object) -> str:
    name = str(registered).split(">")[0] if registered and ">" in str(registered) else module or "a package that it does not name"
    return f"the package {name}" if module or ">" in str(registered) else name


def _path(path: str, entry: Config) -> str:
    config = entry.get("config")
    name = config.get("name") if isinstance(config, dict) else None
    own = name if isinstance(name, str) else entry.get("name") if isinstance(entry.get("name"), str) else str(entry.get("class_name"))
    return f"{path}/{own}" if path else str(own)


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "…")
