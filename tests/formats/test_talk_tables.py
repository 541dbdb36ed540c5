"""Tables of talk: speakers in a column, facts above them, and nothing read as an answer that is not one."""

from __future__ import annotations

from pathlib import Path

import pytest
from word_files import bold, para, table, word

from intervjukit.core.transcript import RawInterview
from intervjukit.formats.transcripts import read_interview

TALK = (("I", "Hur började det?"), ("R", "Det började med ryggen."), ("I", "Och sen?"), ("R", "Värre."))
SAID = [("interviewer", TALK[0][1]), ("respondent", TALK[1][1]), ("interviewer", "Och sen?"), ("respondent", "Värre.")]


def _read(tmp_path: Path, *rows: tuple[str, ...], name: str = "x.docx") -> RawInterview:
    return read_interview(word(tmp_path / name, table(*rows)))


def _said(raw: RawInterview) -> list[tuple[str | None, str]]:
    return [(u.role, u.text) for u in raw.utterances]


def test_facts_above_the_speakers_in_the_same_table_are_facts(tmp_path: Path) -> None:
    raw = _read(tmp_path, ("Intervju", "S10"), ("Grupp", "Sjukskrivna"), ("Ålder", "47"), *TALK)
    assert _said(raw) == SAID
    assert dict(raw.facts) == {"kod": "S10", "grupp": "Sjukskrivna", "Ålder": "47"}
    assert raw.doubts == ()


def test_one_question_and_answer_below_facts_are_talk(tmp_path: Path) -> None:
    raw = _read(tmp_path, ("Intervju", "S10"), ("Grupp", "Sjukskrivna"), *TALK[:2])
    assert (_said(raw), raw.doubts) == (SAID[:2], ())


@pytest.mark.parametrize("head", [("Talare", "Text"), (para(bold("Vem")), para(bold("Vad")))])
def test_a_head_is_neither_fact_nor_talk(tmp_path: Path, head: tuple[str, str]) -> None:
    raw = _read(tmp_path, head, *TALK, name="S10.docx")
    assert (_said(raw), dict(raw.facts)) == (SAID, {"kod": "S10"})


def test_facts_that_are_named_as_the_speakers_are_told_from_what_they_say(tmp_path: Path) -> None:
    talk = [({"I": "Intervjuare", "R": "Respondent"}[who], text) for who, text in TALK]
    raw = _read(tmp_path, ("Intervjuare", "Maria Karlsson"), ("Respondent", "S10"), ("Datum", "2026-02-10"), *talk)
    assert _said(raw) == SAID
    assert dict(raw.facts) == {"intervjuare": "Maria Karlsson", "kod": "S10", "datum": "2026-02-10"}


def test_a_table_of_facts_alone_is_no_talk(tmp_path: Path) -> None:
    facts = table(("Intervjuare", "MK"), ("Respondent", "S10"), ("Datum", "2026-02-10"), ("Yrke", "VD"))
    raw = read_interview(word(tmp_path / "x.docx", facts, *(para(f"{who}: {text}") for who, text in TALK)))
    assert _said(raw) == SAID
    assert dict(raw.facts) == {"intervjuare": "MK", "kod": "S10", "datum": "2026-02-10", "Yrke": "VD"}


def test_times_before_the_speakers_are_left_out_and_longer_turns_go_on(tmp_path: Path) -> None:
    rows = [(f"00:0{n}", who, text) for n, (who, text) in enumerate(TALK)]
    raw = _read(tmp_path, *rows[:2], ("", "", "Och knät."), *rows[2:], name="S10.docx")
    assert _said(raw) == [SAID[0], ("respondent", f"{TALK[1][1]}\nOch knät."), *SAID[2:]]


def test_a_row_that_names_something_else_keeps_its_words(tmp_path: Path) -> None:
    raw = _read(tmp_path, *TALK[:2], ("Anm", "Telefonen ringer."), *TALK[2:], name="S10.docx")
    assert _said(raw) == [*SAID[:2], ("note", "Telefonen ringer."), *SAID[2:]]


def test_facts_above_the_questions_of_a_filled_in_guide_are_facts(tmp_path: Path) -> None:
    asked = ((TALK[0][1], TALK[1][1]), (TALK[2][1], TALK[3][1]))
    raw = _read(tmp_path, ("Intervju", "S10"), ("Ålder", "47"), ("Grupp", "Sjukskrivna"), *asked)
    assert (_said(raw), raw.doubts) == (SAID, ())
    assert dict(raw.facts) == {"kod": "S10", "Ålder": "47", "grupp": "Sjukskrivna"}


def test_an_answer_that_is_only_a_speakers_label_is_doubted_at_its_turn(tmp_path: Path) -> None:
    rows = [(text, who) for who, text in TALK]
    raw = _read(tmp_path, ("Kod", "S10"), *rows)
    (doubt,) = raw.doubts
    assert doubt.kind == "talare" and "(”I”)" in doubt.message and "på nytt" in doubt.fix
    assert doubt.turn is not None and raw.utterances[doubt.turn - 1].text.split("\n")[-1] == "I"


@pytest.mark.parametrize("answer", ["Ja.", "JA", "OK", "I maj", "VAB"])
def test_a_short_answer_is_no_label(tmp_path: Path, answer: str) -> None:
    path = tmp_path / "S10.txt"
    path.write_text(f"I: Hur går det?\nR: {answer}\nI: Och?\nR: {answer}\n", encoding="utf-8")
    assert read_interview(path).doubts == ()
