"""A record on a network drive has another journal than one on a disk of the machine."""

from types import SimpleNamespace

import psutil
import pytest

from ml.runs.drives import is_remote
from ml.runs.record import Record


def mount(monkeypatch, folder, fstype, opts="rw"):
    drives = [SimpleNamespace(mountpoint="/", fstype="ext4", opts="rw"), SimpleNamespace(mountpoint=str(folder), fstype=fstype, opts=opts)]
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: drives)


def test_a_local_disk_is_not_taken_for_a_network_drive(tmp_path):
    assert not is_remote(tmp_path / "run.sqlite")


@pytest.mark.parametrize(("fstype", "opts"), [("nfs4", "rw"), ("fuse.sshfs", "rw"), ("smbfs", "rw"), ("NTFS", "rw,remote")])
def test_a_network_drive_is_known_by_its_file_system(tmp_path, monkeypatch, fstype, opts):
    mount(monkeypatch, tmp_path, fstype, opts)
    assert is_remote(tmp_path / "a run" / "run.sqlite")
    mount(monkeypatch, tmp_path / "other", fstype, opts)
    assert not is_remote(tmp_path / "run.sqlite")


def test_a_record_there_has_no_write_ahead_log(tmp_path, monkeypatch):
    mount(monkeypatch, tmp_path, "nfs4")
    record = Record(tmp_path / "run.sqlite")
    assert record._database.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    record.close()
