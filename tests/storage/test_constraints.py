"""The rules of the field hold in the database itself, whoever writes to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from intervjukit.storage.schema import metadata
from intervjukit.study import FILE, Study

STAMP = "'2026-01-01', 'MK'"


@pytest.fixture
def raw(small_folder: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection to a study with one coding, as another program would make."""
    with Study.open(small_folder, coder="MK") as study:
        study.code("S09", "Jag svarade på mejl klockan fyra på morgonen", "arbetsbelastning", valence="flaskhals")
    connection = sqlite3.connect(small_folder / FILE, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    yield connection
    connection.close()


def coding(**changed: object) -> str:
    values: dict[str, object] = {
        "transcript": "(SELECT transcript FROM codings)",
        "start": "(SELECT start FROM codings)",
        '"end"': '(SELECT "end" FROM codings)',
        "quote": "(SELECT quote FROM codings)",
        "code": "'samverkan'",
        "coder": "'MK'",
        **changed,
    }
    return (
        f"INSERT INTO codings ({', '.join(values)}, at, who) VALUES ({', '.join(map(str, values.values()))}, {STAMP})"
    )


def suggestion(**changed: object) -> str:
    values: dict[str, object] = {
        "transcript": "(SELECT transcript FROM codings)",
        "start": "(SELECT start FROM codings)",
        '"end"': '(SELECT "end" FROM codings)',
        "quote": "(SELECT quote FROM codings)",
        "code": "'samverkan'",
        "score": 0.5,
        "reason": "'x'",
        "suggester": "'x'",
        "version": "'1'",
        "status": "'open'",
        **changed,
    }
    columns, given = ", ".join(values), ", ".join(map(str, values.values()))
    return f"INSERT INTO suggestions ({columns}, at, who) VALUES ({given}, {STAMP})"


def memo(target: str) -> str:
    return f"INSERT INTO memos (target, target_id, text, at, who) VALUES ('{target}', '', 'x', {STAMP})"


def swot(field: str) -> str:
    return f"INSERT INTO swot_items (field, text, weight, at, who) VALUES ('{field}', 'x', 1, {STAMP})"


@pytest.mark.parametrize("statement", [coding(), suggestion(), memo("study"), swot("hot")])
def test_what_keeps_the_rules_is_let_in(raw: sqlite3.Connection, statement: str) -> None:
    assert raw.execute(statement).rowcount == 1


REFUSED = {
    "a quote unlike its text": (coding(quote="'Jag svarade på mejl klockan fem på morgonen!'"), "citatet"),
    "a quote moved one step": (coding(start="(SELECT start + 1 FROM codings)"), "CHECK|citatet"),
    "a quote of another length": (coding(quote="'Jag'"), "citatet|CHECK"),
    "a changed quote": ("UPDATE codings SET quote = upper(quote)", "citatet"),
    "a changed place": ('UPDATE codings SET start = start + 1, "end" = "end" + 1', "citatet"),
    "a suggestion unlike its text": (suggestion(quote="upper((SELECT quote FROM codings))"), "citatet"),
    "a place before the text": (coding(start=-1), "CHECK|citatet"),
    "an empty place": (coding(**{'"end"': "(SELECT start FROM codings)", "quote": "''"}), "CHECK"),
    "a coding of no transcript": (coding(transcript=999), "citatet|FOREIGN"),
    "an unknown code": (coding(code="'finns_inte'"), "FOREIGN KEY"),
    "a code changed to an unknown one": ("UPDATE codings SET code = 'finns_inte'", "FOREIGN KEY"),
    "a code in use taken away": ("DELETE FROM codes WHERE id = 'arbetsbelastning'", "FOREIGN KEY"),
    "an unknown facet": ("INSERT INTO coding_facets VALUES (1, 'farg', 'bla', '2026', 'MK')", "FOREIGN KEY"),
    "an unknown value of a facet": (
        "INSERT INTO coding_facets VALUES (1, 'party', 'ufo', '2026', 'MK')",
        "FOREIGN KEY",
    ),
    "a second value of a facet": ("INSERT INTO coding_facets VALUES (1, 'valence', 'onskan', '2026', 'MK')", "UNIQUE"),
    "facets of nothing": ("INSERT INTO coding_facets VALUES (99, 'valence', 'onskan', '2026', 'MK')", "FOREIGN KEY"),
    "a coding with facets taken away": ("DELETE FROM codings", "FOREIGN KEY"),
    "a coding by nobody": (coding(coder="NULL"), "NOT NULL"),
    "a coding by a blank": (coding(coder="'  '"), "coded_by_somebody"),
    "an unknown role": ("UPDATE turns SET role = 'publik'", "known_role"),
    "a turn without words": ('UPDATE turns SET "end" = start', "turn_has_length"),
    "an unknown status": (suggestion(status="'kanske'", decided_by="'MK'"), "known_status"),
    "a decision by nobody": (suggestion(status="'accepted'"), "decided_by_somebody"),
    "an open suggestion decided by somebody": (suggestion(decided_by="'MK'"), "decided_by_somebody"),
    "a score above one": (suggestion(score=1.5), "score_is_share"),
    "a coded text changed": ("UPDATE transcripts SET text = 'x' || text", "texten är kodad"),
    "a coded text replaced": ("REPLACE INTO transcripts SELECT * FROM transcripts", "texten är kodad"),
    "a coded text taken away": ("DELETE FROM transcripts", "FOREIGN KEY"),
    "a second interview in a wave": (
        "INSERT INTO transcripts (respondent, wave, date, interviewer, source, source_hash, text, at, who)"
        f" VALUES ('S09', 1, '', '', 'x', 'x', 'x', {STAMP})",
        "UNIQUE",
    ),
    "a respondent of no group": (f"INSERT INTO respondents VALUES ('Q1', 'ufo', {STAMP})", "FOREIGN KEY"),
    "a respondent without code": (f"INSERT INTO respondents VALUES ('', 'chefer', {STAMP})", "respondent_has_code"),
    "history changed": ("UPDATE history SET who = 'AB'", "historiken kan inte ändras"),
    "history taken away": ("DELETE FROM history", "historiken kan inte ändras"),
    "history replaced": ("REPLACE INTO history SELECT * FROM history", "historiken kan inte ändras"),
    "an undo of nothing": (
        f"INSERT INTO history (at, who, action, summary, kind) VALUES ({STAMP}, 'x', 'x', 'undo')",
        "undo_has_target",
    ),
    "an unknown kind of event": (
        f"INSERT INTO history (at, who, action, summary, kind, target) VALUES ({STAMP}, 'x', 'x', 'oj', 1)",
        "known_kind",
    ),
    "a memo on an unknown thing": (memo("ufo"), "known_target"),
    "a line in a fifth field": (swot("annat"), "known_field"),
    "a half settled doubt": ("UPDATE doubts SET settled = 2", "settled_or_not"),
}


@pytest.mark.parametrize(("statement", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_a_breach_of_the_rules_is_refused_and_changes_nothing(
    raw: sqlite3.Connection, statement: str, why: str
) -> None:
    before = list(raw.iterdump())
    with pytest.raises(sqlite3.IntegrityError, match=why):
        raw.execute(statement)
    assert list(raw.iterdump()) == before


def test_the_text_of_an_interview_nobody_coded_may_be_corrected(raw: sqlite3.Connection) -> None:
    assert raw.execute("UPDATE transcripts SET text = text || '.' WHERE respondent = 'C01'").rowcount == 1


def test_every_row_says_who_and_when() -> None:
    for table in metadata.tables.values():
        assert not table.c.who.nullable, table.name
        assert not table.c.at.nullable, table.name
