"""Exports from meetings: Teams and Zoom as they shape their documents, with names, times, dates and lengths."""

from __future__ import annotations

from pathlib import Path

import pytest
from word_files import bold, para, run, word

from intervjukit.core.transcript import RawInterview
from intervjukit.formats.transcripts import read_interview


def _said(raw: RawInterview) -> list[tuple[str | None, str, float | None, float | None]]:
    return [(u.role, u.text, u.begins, u.ends) for u in raw.utterances]


EXPECTED = [
    ("interviewer", "Hur började det?", 3.0, 12.0),
    ("respondent", "Det kom smygande.\nOch sedan blev det värre.", 12.0, 3725.0),
    ("interviewer", "Jaha?", 3725.0, 3725.0),
]


@pytest.mark.parametrize("date", ["5 mars 2026 09:02", "March 5, 2026, 9:02AM", "den 5 mars 2026 kl. 09.02"])
def test_a_teams_document_gives_date_length_speakers_and_times(tmp_path: Path, date: str) -> None:
    path = word(
        tmp_path / "S01.docx",
        para(bold("Möte i projektet")),
        para(date),
        para("52m 43s"),
        para(bold("Ada Ek"), run(" startade transkription")),
        para(bold("Ada Ek"), run("   0:03\nHur började det?")),
        para(bold("Bo Berg"), run("   0:12\nDet kom smygande.")),
        para("Och sedan blev det värre."),
        para(bold("Ada Ek"), run("   1:02:05\nJaha?")),
        para(bold("Ada Ek"), run(" stoppade transkription")),
    )
    raw = read_interview(path)
    assert _said(raw) == EXPECTED
    assert raw.facts == {"kod": "S01", "datum": "2026-03-05", "längd": "53 min", "intervjuare": "Ada Ek"}


def test_the_older_teams_document_with_arrows_is_read(tmp_path: Path) -> None:
    cues = [("0:0:3.120", "Ada Ek", "Hur började"), ("0:0:5.0", "Ada Ek", "det?"), ("0:0:12.9", "Bo Berg", "Smygande."),
            ("1:2:5.0", "Ada Ek", "Jaha?")]  # fmt: skip
    shown = [para(run(f"{at} --> 9:59:59.0\n{who}\n{words}")) for at, who, words in cues]
    raw = read_interview(word(tmp_path / "S01.docx", para("Grupp: Sjukskrivna"), *shown))
    assert _said(raw) == [
        ("interviewer", "Hur började det?", 3.0, 12.0),
        ("respondent", "Smygande.", 12.0, 3725.0),
        ("interviewer", "Jaha?", 3725.0, 3725.0),
    ]
    assert raw.facts["grupp"] == "Sjukskrivna"


FORMS = ("{who} {at}\n{text}", "[{who}] {at}\n{text}", "{at} {who}\n{text}", "[{at}] {who}: {text}")


@pytest.mark.parametrize("form", FORMS)
def test_names_and_times_are_seen_however_they_stand(tmp_path: Path, form: str) -> None:
    answer = "Det kom smygande.\nOch sedan blev det värre."
    talk = [("Ada Ek", "0:03", "Hur började det?"), ("Bo Berg", "00:12", answer), ("Ada Ek", "01:02:05", "Jaha?")]
    if form.endswith(": {text}"):
        talk.append(("Ada Ek", "01:02:05", "Ja?"))  # a label with a colon needs to recur
        talk += [("Bo Berg", "01:02:05", "Jo."), ("Bo Berg", "01:02:05", "Jo.")]
    path = tmp_path / "S01.txt"
    path.write_text("\n\n".join(form.format(who=who, at=at, text=text) for who, at, text in talk), encoding="utf-8")
    assert _said(read_interview(path))[:2] == EXPECTED[:2]


def test_the_time_of_day_is_counted_from_the_first(tmp_path: Path) -> None:
    path = tmp_path / "S01.txt"
    path.write_text("[10:02:13] I: Hur?\n[10:02:20] R: Så.\n[10:03:13] I: Ja?\n", encoding="utf-8")
    assert [u.begins for u in read_interview(path).utterances] == [0, 7, 60]


def test_a_sentence_with_a_time_in_it_is_no_speaker(tmp_path: Path) -> None:
    path = tmp_path / "S01.txt"
    path.write_text("I: När?\nR: Vi åkte\nVi åkte 10:30\n10:45 gick jag hem\nI: Jaha?\nR: Ja.\n", encoding="utf-8")
    assert [u.text for u in read_interview(path).utterances][1] == "Vi åkte\nVi åkte 10:30\n10:45 gick jag hem"
