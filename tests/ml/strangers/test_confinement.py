"""The process that looks at a stranger's file can reach nothing else, whatever it is made to do."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ml.strangers import landlock

pytestmark = pytest.mark.skipif(sys.platform != "linux" or not landlock.version(), reason="only Linux with Landlock lets a process give this up itself")

ATTEMPTS = {
    "read another file": "open('/etc/hostname').read()",
    "read what others are told": "open('/proc/1/environ').read()",
    "list a folder": "os.listdir('/tmp')",
    "write elsewhere": "open(sys.argv[2], 'w')",
    "write over its input": "open(os.path.join(sys.argv[1], 'in', 'model'), 'w')",
    "link out": "os.symlink('/etc', os.path.join(sys.argv[1], 'out', 'link'))",
    "connect": "socket.create_connection(('127.0.0.1', int(sys.argv[3])), 1)",
    "send a packet": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "start a program": "subprocess.run(['true'])",
    "become another program": "os.execv('/bin/true', ['true'])",
    "fork": "os.fork()",
    "signal others": "os.kill(os.getppid(), 0)",
    "fill the disk": "open(os.path.join(sys.argv[1], 'out', 'big'), 'wb').write(bytes(2 * 10**6))",
    "fill the memory": "bytearray(2**31)",
}
SCRIPT = """
import json, os, socket, subprocess, sys
from pathlib import Path
from ml.strangers import confinement
folder = Path(sys.argv[1])
confinement.confine((folder / "in",), folder / "out", 10**6)
confinement.limit(confinement.mapped() + 2**29, 60)
came_through = []
for name, attempt in json.loads(sys.argv[4]).items():
    try:
        eval(attempt)
        came_through.append(name)
    except (OSError, MemoryError):
        pass
(folder / "out" / "own").write_text("this may be written")
print(json.dumps([came_through, (folder / "in" / "model").read_text()]))
"""


def test_nothing_comes_through(tmp_path: Path) -> None:
    for name in ("in", "out"):
        (tmp_path / "room" / name).mkdir(parents=True)
    (tmp_path / "room" / "in" / "model").write_text("the input")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        arguments = (str(tmp_path / "room"), str(tmp_path / "marker"), str(listening.getsockname()[1]), json.dumps(ATTEMPTS))
        done = subprocess.run([sys.executable, "-c", SCRIPT, *arguments], capture_output=True, text=True, cwd=Path(__file__).parents[3])
        assert json.loads(done.stdout or "null") == [[], "the input"], done.stderr
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert not (tmp_path / "marker").exists()
