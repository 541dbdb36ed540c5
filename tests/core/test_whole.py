"""Files are written whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir() if path.is_file()}


def test_a_file_that_ends_well_takes_the_place_of_the_old(tmp_path: Path):
    file = tmp_path / "x.csv"
    file.write_text("gammal", "utf-8")
    with whole_file(file) as part:
        part.write_text("ny", "utf-8")
        assert file.read_text("utf-8") == "gammal"
    assert content(tmp_path) == {"x.csv": "ny"}


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), ValueError("biblioteket")])
def test_a_file_that_fails_half_way_is_left_as_it_was(tmp_path: Path, failure: Exception):
    file = tmp_path / "x.csv"
    file.write_text("gammal", "utf-8")
    with pytest.raises(FileError, match="går inte att skriva"), whole_file(file, ValueError) as part:
        part.write_text("hal", "utf-8")
        raise failure
    assert content(tmp_path) == {"x.csv": "gammal"}


def test_an_error_of_ours_passes_through_and_leaves_nothing(tmp_path: Path):
    with pytest.raises(KeyError), whole_file(tmp_path / "x.csv") as part:
        part.write_text("hal", "utf-8")
        raise KeyError("egen")
    assert content(tmp_path) == {}


def test_what_cannot_be_replaced_is_told(tmp_path: Path):
    (tmp_path / "x.csv").mkdir()
    (tmp_path / "x.csv" / "min.txt").write_text("gammal", "utf-8")
    with pytest.raises(FileError, match="går inte att skriva"), whole_file(tmp_path / "x.csv") as part:
        part.write_text("ny", "utf-8")
    assert content(tmp_path) == {}
    assert content(tmp_path / "x.csv") == {"min.txt": "gammal"}
