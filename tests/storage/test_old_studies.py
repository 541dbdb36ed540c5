"""A study saved by any released version opens for ever, with everything in it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from intervjukit.study import FILE, Study

STUDIES = Path(__file__).parents[1] / "studies"


@pytest.fixture
def old_study(tmp_path: Path, opened: Callable[..., Study]) -> Study:
    """The study of format 1, copied: opening may migrate it."""
    return opened(shutil.copytree(STUDIES / "v1", tmp_path / "v1"))


def test_the_saved_study_is_really_of_its_version() -> None:
    with (STUDIES / "v1" / FILE).open("rb") as file:
        header = file.read(100)
    assert int.from_bytes(header[60:64], "big") == 1
    assert sorted(place.name for place in (STUDIES / "v1").iterdir()) == [FILE]


def test_everything_in_a_study_of_format_1_is_there(old_study: Study) -> None:
    assert old_study.name == "Sparad studie"
    assert list(old_study.protocols) == ["sjukskrivna", "chefer"]
    assert "vantetider" in old_study.codebook
    assert list(old_study.transcripts()["respondent"]) == ["C01", "S01"]
    assert old_study.transcript("S01").facts == {"Yrke": "kock"}
    assert old_study.transcript("S01").minutes == 12
    for coding in old_study._store.codings():
        assert old_study.transcript(coding.respondent).text[coding.start : coding.end] == coding.quote
    assert len(old_study.codings()) == 5
    assert sorted(old_study.suggestions(status=None)["status"].unique()) == ["changed", "open", "rejected"]
    waiting = old_study.findings(valence="flaskhals", party="vard").query("code == 'vantetider'")
    assert sorted(zip(waiting["group"], waiting["n"], strict=True)) == [("chefer", 1), ("sjukskrivna", 1)]
    assert list(old_study.memos.table()["text"]) == ["Väntan återkommer.", "Ångrad och gjord igen."]
    (line, *_), (measure,) = old_study.swot.items(), old_study.measures.items()
    assert line.cites == (("flaskhals", "vantetider", "vard"),) and line.weight == 2
    assert (measure.party, measure.due, measure.cites) == ("vard", "2027", (line.id,))


def test_the_decisions_of_a_study_of_format_1_can_be_undone_and_redone(old_study: Study) -> None:
    before = old_study._store.codings(), old_study.swot.items(), old_study.measures.items()
    steps = 0
    while old_study.history.undo():
        steps += 1
    assert steps == 12
    assert len(old_study.codings()) == len(old_study.swot.items()) == len(old_study.memos.table()) == 0
    while old_study.history.redo():
        steps -= 1
    assert steps == 0
    assert (old_study._store.codings(), old_study.swot.items(), old_study.measures.items()) == before


def test_new_decisions_can_be_made_in_a_study_of_format_1(old_study: Study) -> None:
    old_study.code("C01", "Jag ringer samma vecka", "arbetsplatskontakt", valence="framgang", party="arbetsgivare")
    old_study.suggest()
    with closing(sqlite3.connect(old_study.folder / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
