"""Uploads are kept whole or not at all."""

import errno
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from marketplace.kernel.kept_files import KeptFiles


class CutOff(ContentFile):
    """Half of it is written, then the disk is full."""

    def chunks(self, chunk_size=None):
        yield b"half of it"
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def files(tmp_path) -> KeptFiles:
    return KeptFiles(location=tmp_path)


def kept(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.threat("F5")
def test_of_a_file_that_does_not_fit_nothing_stays(files, tmp_path):
    with pytest.raises(OSError, match="No space left"):
        files.save("listas/enero.csv", CutOff(b""))

    assert kept(tmp_path) == []


@pytest.mark.threat("F5")
def test_a_file_has_its_name_only_when_it_is_whole(files, tmp_path, monkeypatch):
    """As a program finds it that was killed in between."""

    def killed(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("marketplace.kernel.kept_files.os.link", killed)
    with pytest.raises(KeyboardInterrupt):
        files.save("enero.csv", ContentFile(b"sku,price"))

    assert not files.exists("enero.csv")


def test_is_kept_under_its_name(files, tmp_path):
    assert files.save("listas/enero.csv", ContentFile(b"sku,price")) == "listas/enero.csv"
    assert kept(tmp_path) == ["listas/enero.csv"]
    assert files.open("listas/enero.csv").read() == b"sku,price"


def test_whoever_was_faster_keeps_the_name(files, tmp_path):
    """Both had looked, and found the name free."""
    files.save("enero.csv", ContentFile(b"first"))

    name = files._save("enero.csv", ContentFile(b"second"))

    assert name != "enero.csv"
    assert files.open("enero.csv").read() == b"first"
    assert kept(tmp_path) == sorted(["enero.csv", name])
