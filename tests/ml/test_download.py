"""A dataset is downloaded by Keras in a process of its own: whole or not at all, and with a sentence where it can't be."""

from __future__ import annotations

import subprocess
import sys
import threading
import urllib.error
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from ml import data, download
from ml.cli.downloading import follow
from ml.data import DataProblem, downloads
from tests.ml.data.some_downloads import make_all, point_to

FASHION = data.sources()["fashion_mnist"]
ASIDE = f"{download.ASIDE}*"


class Server(ThreadingHTTPServer):
    """Serves the small files; `reached` is set when somebody asks for pictures, and these do not come to their end before `goes_on` is."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reached, self.goes_on = threading.Event(), threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def command(self) -> list[str]:
        """The process that asks here."""
        return [sys.executable, "-m", "tests.ml.download_from", f"http://127.0.0.1:{self.server_port}"]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = cast(Server, self.server)
        found = next(iter(server.folder.rglob(Path(self.path).name)), None)
        if found is None:
            self.send_error(404, "Not Found")
            return
        body = found.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        if "images" in self.path:
            self.wfile.flush()
            server.reached.set()
            server.goes_on.wait(600)
        self.wfile.write(body[len(body) // 2 :])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    make_all(tmp_path / "far")
    point_to(tmp_path / "near", monkeypatch)
    server = Server(tmp_path / "far")
    yield server
    server.goes_on.set()
    server.shutdown()
    server.server_close()


def test_what_is_downloaded_is_where_keras_would_have_it(server: Server, tmp_path: Path) -> None:
    told: list[dict[str, int]] = []

    def tell(facts: dict[str, int]) -> None:
        told.append(facts)
        if facts["got"]:
            server.goes_on.set()

    follow([*server.command, "fashion_mnist"], tell)
    assert [facts["got"] for facts in told] == sorted(facts["got"] for facts in told)
    assert told[-1]["got"] > 0
    assert all((tmp_path / "near/datasets" / file.name).read_bytes() == (tmp_path / "far/datasets" / file.name).read_bytes() for file in FASHION.files)
    assert not list(downloads.folder().glob(ASIDE))


def test_a_download_that_is_broken_off_leaves_nothing(server: Server) -> None:
    process = subprocess.Popen([*server.command, "fashion_mnist"], cwd=downloads.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert server.reached.wait(600)
    assert list(downloads.folder().glob(ASIDE))
    process.communicate(timeout=600)
    assert process.returncode == download.FAILED
    assert list(downloads.folder().iterdir()) == []


@pytest.mark.slow
def test_a_download_that_was_killed_is_swept_away_by_the_next(server: Server) -> None:
    process = subprocess.Popen([*server.command, "fashion_mnist"], cwd=downloads.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert server.reached.wait(600)
    process.kill()
    process.communicate()
    assert len(list(downloads.folder().glob(ASIDE))) == 1
    server.goes_on.set()
    follow([*server.command, "fashion_mnist"], lambda facts: None)
    assert not list(downloads.folder().glob(ASIDE))


@pytest.mark.slow
def test_another_file_than_keras_knows_is_not_kept(server: Server) -> None:
    server.goes_on.set()
    with pytest.raises(DataProblem, match="MNIST was not kept: what came is damaged, or another file"):
        follow([*server.command, "mnist"], lambda facts: None)
    assert list(downloads.folder().iterdir()) == []


def refused(monkeypatch: pytest.MonkeyPatch, home: Path, error: Exception, id: str = "mnist") -> str:
    """What is said when Keras's request ends so."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", fail)
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(home))
    monkeypatch.setattr("socket.setdefaulttimeout", lambda seconds: None)
    with pytest.raises(DataProblem) as caught:
        download.fetch(data.sources()[id], Path("/k/datasets"))
    return str(caught.value)


def test_without_a_network_it_is_said_what_to_fetch_and_where_to_put_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unknown = urllib.error.URLError(OSError(-2, "Name or service not known"))
    said = refused(monkeypatch, tmp_path, unknown, "cifar10")
    assert said.startswith("CIFAR-10 was not downloaded: ")
    assert "can't be reached ([Errno -2] Name or service not known). Without a network, fetch https://" in said
    assert said.endswith("cifar-10-python.tar.gz on another machine and put it here: /k/datasets/cifar-10-batches-py-target_archive")


def test_a_server_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = urllib.error.HTTPError("https://somewhere/x", 404, "Not Found", None, None)  # pyright: ignore[reportArgumentType]
    assert " answered 404 Not Found. Without a network, " in refused(monkeypatch, tmp_path, gone)


def test_a_connection_that_is_lost_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert refused(monkeypatch, tmp_path, TimeoutError("timed out")) == "MNIST was not downloaded: the connection was lost (timed out). Try again."
