"""Guides filled in live: what may be written, what becomes of it, and that nothing written is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.core.sheet import Point, Sheet, asked, curve_in_words, points, transcript_of, written
from intervjukit.core.text import check_span
from intervjukit.errors import ConflictError, NotFoundError, RuleError
from intervjukit.formats.library import protocol_files
from intervjukit.formats.protocols import read_protocol
from intervjukit.study import Study

GUIDE = read_protocol(protocol_files("rehsursen")[0])


@pytest.fixture
def study(course_folder: Path, opened: Callable[..., Study]) -> Study:
    return opened(course_folder)


def test_a_guide_is_filled_in_kept_and_made_a_transcript_with_every_answer_at_its_question(study: Study) -> None:
    draft = study.drafts.begin("deltagare", day="2026-05-04").id
    study.drafts.write(draft, "lage", "  Det är bättre nu.\r\n\r\nMen jag sover dåligt. 👍  ")
    study.drafts.write(draft, "följd:lage#1", "Upp och ner.")
    study.drafts.write(draft, "avstand", "7")
    study.drafts.write(draft, "sagt:avstand", "Det känns långt.")
    study.drafts.write(draft, "borta_lange", "14")
    study.drafts.write(draft, "startdatum", "2026-03-02")
    study.drafts.write(draft, "deltagare", "Ny")
    study.drafts.write(draft, "kurva", "0 2 sjuk\n50 8,5\n".replace(",", "."))
    study.drafts.write(draft, "fakta:Yrke", "kock")
    study.drafts.write(draft, "anteckning", "Lugnt samtal.")
    study.drafts.spend(draft, 2700)
    with Study.open(study.folder, coder="AB") as again:
        assert again.drafts.sheet(draft).answers["lage"] == "Det är bättre nu.\n\nMen jag sover dåligt. 👍"
        number = again.drafts.finish(draft)
    made = study.material.transcript(number)
    assert (made.respondent, made.group, made.wave, made.date, made.minutes) == (
        "D01",
        "deltagare",
        1,
        "2026-05-04",
        45,
    )
    said = {}
    for turn in made.turns:
        check_span(made.text, turn.span, made.turn_text(turn))
        if turn.role == "respondent":
            said.setdefault(turn.question, []).append(made.turn_text(turn))
    assert said == {
        "borta_lange": ["14 månader"],
        "deltagare": ["Ny"],
        "lage": ["Det är bättre nu.\nMen jag sover dåligt. 👍", "Upp och ner."],
        "kurva": ["Ritad kurva, från vänster till höger, höjd 0–10: i början 2 (sjuk); efter 50 % 8,5. "
                  "Högst 8,5 efter 50 %, lägst 2 i början."],
        "startdatum": ["2 mars 2026"],
        "avstand": ["7 på en skala från 1 (mycket nära) till 10 (mycket långt borta)\nDet känns långt."],
    }  # fmt: skip
    assert made.turns[-1].role == "note" and made.turns[-1].question is None
    assert made.facts["Yrke"] == "kock" and made.facts["Startdatum"] == "2026-03-02"
    assert made.facts["Borta lange"] == "14 månader" and "Kurva" not in made.facts
    (row,) = study.respondents().to_dict("records")
    assert row["Yrke"] == "kock"
    assert study.drafts.sheet(draft).transcript == number
    with pytest.raises(RuleError, match="redan klar"):
        study.drafts.write(draft, "lage", "Ändrat")
    assert study.code("D01", "Men jag sover dåligt. 👍", "vantetider").respondent == "D01"


def test_questions_are_shown_by_wave_and_by_the_answers_before() -> None:
    def ids(wave: int, **answers: str) -> set[str]:
        return {question.id for question in asked(GUIDE, wave, answers)}

    assert {"vantar_sig", "vantade_sig"} & ids(1) == set()
    assert {"vantar_sig", "vantade_sig"} & ids(1, deltagare="Ny") == {"vantar_sig"}
    assert "slutade" in ids(2, plats="Har slutat") and "fodelsear" not in ids(2)


def test_an_answer_to_a_hidden_question_is_kept_but_not_in_the_transcript(study: Study) -> None:
    draft = study.drafts.begin("deltagare").id
    for name, value in {"deltagare": "Ny", "vantar_sig": "Mycket.", "lage": "Bra."}.items():
        study.drafts.write(draft, name, value)
    study.drafts.write(draft, "deltagare", "Tidigare deltagare")
    made = study.material.transcript(study.drafts.finish(draft))
    assert "Mycket." not in made.text
    assert study.drafts.sheet(draft).answers["vantar_sig"] == "Mycket."


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("avstand", "11", "utanför 1–10"),
        ("avstand", "5,5", "inget steg"),
        ("avstand", "sju", "inget tal"),
        ("deltagare", "Kanske", "inget av svaren"),
        ("startdatum", "i våras", "inget datum"),
        ("kurva", "0 11", "utanför bilden"),
        ("kurva", "hej du", "inte att tolka"),
        ("kurva", "nan 3", "utanför bilden"),
        ("kurva", "5", "inte att tolka"),
        ("kurva", "\n".join(f"{n} 1" for n in range(61)), "61 punkter"),
        ("lage", "x" * 100_001, "för långt"),
        ("fakta:", "x", "saknar namn"),
        ("fakta:Yrke", "x" * 300, "för lång"),
        ("lage", "a\x00b", "NUL"),
    ],
)
def test_what_a_question_cannot_have_is_refused(study: Study, field: str, value: str, told: str) -> None:
    draft = study.drafts.begin("deltagare").id
    with pytest.raises(RuleError, match=told):
        study.drafts.write(draft, field, value)
    assert study.drafts.sheet(draft).answers == {}


@pytest.mark.parametrize("field", ["ufo", "följd:lage#9", "följd:lage#x", "sagt:lage", "plats", "lage#0", "följd:lage"])
def test_a_field_the_guide_does_not_have_is_refused(study: Study, field: str) -> None:
    draft = study.drafts.begin("deltagare").id
    with pytest.raises(NotFoundError):
        study.drafts.write(draft, field, "x")


def test_two_who_write_in_the_same_field_do_not_overwrite_each_other(study: Study) -> None:
    draft = study.drafts.begin("deltagare").id
    study.drafts.write(draft, "lage", "Ett", expected="")
    with Study.open(study.folder, coder="AB") as other:
        with pytest.raises(ConflictError):
            other.drafts.write(draft, "lage", "Två", expected="")
        other.drafts.write(draft, "vardag", "Annat", expected="")
        assert other.drafts.latest(draft, "lage")[0] == "MK"
    assert study.drafts.sheet(draft).answers == {"lage": "Ett", "vardag": "Annat"}


def test_nobody_gets_two_drafts_or_two_interviews_in_a_wave(study: Study) -> None:
    first = study.drafts.begin("deltagare", "d07")
    assert (first.respondent, first.interviewer, study.drafts.free("deltagare")) == ("D07", "MK", "D08")
    with pytest.raises(RuleError, match="redan ett utkast"):
        study.drafts.begin("deltagare", "D07")
    assert study.drafts.begin("deltagare", "D07", wave=2).wave == 2
    study.drafts.write(first.id, "lage", "Bra.")
    study.drafts.finish(first.id)
    with pytest.raises(RuleError, match="redan en intervju"):
        study.drafts.begin("deltagare", "D07")
    for wrong in ({"respondent": "S01"}, {"wave": 4}, {"wave": 0}, {"day": "snart"}):
        with pytest.raises(RuleError):
            study.drafts.begin("deltagare", **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError):
        study.drafts.begin("ufo")


def test_an_empty_draft_becomes_no_interview_and_can_be_taken_away_and_had_back(study: Study) -> None:
    draft = study.drafts.begin("deltagare").id
    study.drafts.write(draft, "anteckning", "Kom aldrig.")
    with pytest.raises(RuleError, match="Inget är besvarat"):
        study.drafts.finish(draft)
    before = study.drafts.sheet(draft)
    study.drafts.remove(draft)
    assert study.drafts.all() == []
    study.history.undo()
    assert study.drafts.sheet(draft) == before
    assert "1 guide;" in repr(study.drafts)


def test_the_clock_never_goes_back_but_the_length_can_be_corrected(study: Study) -> None:
    draft = study.drafts.begin("deltagare").id
    assert [study.drafts.spend(draft, seconds) for seconds in (60, 30, 10**9)] == [60, 60, 86400]
    assert study.drafts.set(draft, minutes=50, day="4 maj 2026").seconds == 3000
    assert study.drafts.sheet(draft).date == "2026-05-04"
    with pytest.raises(RuleError):
        study.drafts.set(draft, minutes=-1)


answers = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["lage", "vardag", "yrke", "följd:lage#0", "anteckning"]), answers))
def test_whatever_is_written_stands_word_by_word_in_the_turn_of_its_question(given: dict[str, str]) -> None:
    kept = {}
    for name, value in given.items():
        try:
            if text := written(GUIDE, 1, name, value):
                kept[name] = text
        except RuleError:
            assert "\x00" in value or "\ufffe" in value
    sheet = Sheet(1, GUIDE.group, "D01", answers=kept)
    if not set(kept) - {"anteckning"}:
        with pytest.raises(RuleError):
            transcript_of(sheet, GUIDE)
        return
    made = transcript_of(sheet, GUIDE)
    for turn in made.turns:
        assert made.text[turn.start : turn.end] == made.turn_text(turn) and made.turn_text(turn).strip()
    for name, value in kept.items():
        question = None if name == "anteckning" else name.removeprefix("följd:").partition("#")[0]
        told = [made.turn_text(turn).split() for turn in made.turns if turn.question == question]
        assert value.split() in told


@given(
    st.lists(
        st.builds(
            Point,
            st.floats(0, 100).map(lambda x: round(x, 1)),
            st.floats(0, 10).map(lambda y: round(y, 1)),
            st.text("aåö 1", max_size=9).map(lambda text: " ".join(text.split())),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_a_curve_is_kept_point_by_point_and_told_in_words(curve: list[Point]) -> None:
    stored = written(GUIDE, 1, "kurva", "\n".join(f"{p.x} {p.y} {p.text}" for p in curve))
    assert points(stored) == sorted(curve, key=lambda point: point.x)
    assert curve_in_words(points(stored)).count(";") == len(curve) - 1
