"""Spoilt files of every kind: whatever is in them, they are read or refused by our own error, never a crash.

INTERVJUKIT_FUZZ gives the number of files of each kind (80 otherwise); bench/fuzz_readers.py takes a stated time.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from readers import MAKERS, spoilt

from intervjukit.core.text import normalise
from intervjukit.errors import IntervjukitError
from intervjukit.formats.archive import unpack
from intervjukit.formats.transcripts import read_interview

NUMBER = int(os.environ.get("INTERVJUKIT_FUZZ", "80"))


@pytest.mark.parametrize("name", MAKERS)
def test_a_spoilt_file_is_read_or_refused_by_our_own_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"S01 {name}"
    MAKERS[name](path)
    whole, read = path.read_bytes(), 0
    for seed in range(NUMBER):
        path.write_bytes(spoilt(name, whole, random.Random(f"{name} {seed}")))
        try:
            raws = [read_interview(path)] if not name.endswith(".zip") else _unpacked(path, tmp_path / str(seed))
        except IntervjukitError as error:
            assert error.problem and error.fix, seed
            continue
        for raw in raws:
            read += 1
            assert all(u.text == normalise(u.text).strip() and u.text for u in raw.utterances), seed
            assert all(u.begins is None or 0 <= u.begins <= (u.ends or 0) for u in raw.utterances), seed
    assert read  # or nothing but refusals was tried


def _unpacked(path: Path, target: Path) -> list[object]:
    return [read_interview(file) for file in unpack(path, target).files]  # type: ignore[misc]
