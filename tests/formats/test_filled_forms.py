"""Filled-in forms read back: by tag, number or bookmark, and nothing typed is ever lost. All people are invented."""

from __future__ import annotations

import copy
import itertools
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from word_files import TALK, para, word

from form_filling import (
    ANSWERS,
    GUIDE,
    LONG_ID,
    OFFICE,
    W,
    changed,
    commented,
    control,
    fill,
    filled,
    paragraph,
    resaved,
    run,
    without_ids,
    without_tags,
)
from intervjukit.core.form import PROMPTS, mark
from intervjukit.core.interview import Assembler
from intervjukit.core.protocol import Protocol, Question, Section
from intervjukit.core.text import normalise
from intervjukit.core.transcript import Doubt, Transcript
from intervjukit.errors import FileError, IntervjukitError
from intervjukit.export.forms import Prefilled, write_form
from intervjukit.formats.forms import read_form
from intervjukit.formats.transcripts import read_interview
from intervjukit.nlp.wordings import LearnedWordings

TEXT = normalise("Bättre nu. 👍🏽 e\u0301 {% if %} =1+1 <b>&amp;\nMen jag sover dåligt.")
SAID = {
    "ar_borta": "7 år",
    "plats": "Kvar",
    "start": "2 mars 2026",
    "lage": TEXT,
    "ork": "7 på en skala från 1 (ingen ork) till 10 (full ork)\nDet går upp och ner.",
}
FACTS = {
    "Samtycke": "Ja (2 av 2)",
    "Ar borta": "7 år",
    "Plats": "Kvar",
    "Start": "2026-03-02",
    "Ork": "7 på en skala från 1 (ingen ork) till 10 (full ork)",
}
EXAMPLES = int(os.environ.get("INTERVJUKIT_EXAMPLES", "40"))
"""How many forms hypothesis makes in each of its tests."""


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty form."""
    return write_form(GUIDE, tmp_path_factory.mktemp("form") / "Formulär.docx", Prefilled(facts={"Yrke": ""}))


@pytest.fixture(scope="module")
def answered(blank: Path) -> Path:
    """A form filled in, in Word's way."""
    return filled(blank, blank.with_name("ifyllt.docx"))


def read(path: Path, guide: Protocol = GUIDE) -> Transcript:
    raw = read_form(path)
    assert raw is not None
    return Assembler([guide], LearnedWordings([guide])).assemble(raw, path.name)


def said(made: Transcript) -> dict[str | None, str]:
    return {turn.question: made.turn_text(turn) for turn in made.answers()}


def kinds(made: Transcript) -> list[str]:
    return [doubt.kind for doubt in made.doubts]


def doubt(made: Transcript, kind: str) -> Doubt:
    (found,) = (one for one in made.doubts if one.kind == kind)
    return found


def test_every_answer_stands_at_its_question_and_every_fact_at_its_name(answered: Path) -> None:
    made = read(answered)
    assert (made.respondent, made.group, made.date, made.interviewer) == ("D07", "deltagare", "2026-05-04", "MK")
    assert said(made) == SAID
    assert dict(made.facts) == FACTS
    assert made.doubts == ()
    assert [made.turn_text(turn) for turn in made.turns if turn.role == "note"] == ["Lugnt samtal."]
    asked = [(turn.question, made.turn_text(turn)) for turn in made.turns if turn.role == "interviewer"]
    assert asked == [(key, GUIDE.question(key).text) for key in SAID]


def test_a_form_is_recognised_among_other_transcripts(answered: Path) -> None:
    assert read_interview(answered).facts["formulär"].startswith("prov ")


@pytest.mark.parametrize(("lose", "by"), [(without_tags, "efter fältens nummer"), (without_ids, "efter bokmärken")])
def test_fields_without_tags_are_found_by_number_and_by_bookmark(
    answered: Path, tmp_path: Path, lose: Callable[[etree._Element], None], by: str
) -> None:
    made = read(changed(answered, tmp_path / "utan.docx", lose))
    assert said(made) == SAID and dict(made.facts) == FACTS
    assert f"{by} (" in doubt(made, "fält").message and "5 frågor" in doubt(made, "fält").message
    assert kinds(made) == ["fält"]


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_form_saved_by_libreoffice_reads_the_same(answered: Path, tmp_path: Path) -> None:
    saved = resaved(answered, tmp_path)
    made = read(saved)
    assert said(made) == SAID and dict(made.facts) == FACTS
    assert kinds(made) == ["fält"]


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_form_opened_and_filled_in_in_libreoffice_reads_the_same(blank: Path, tmp_path: Path) -> None:
    empty = resaved(blank, tmp_path)
    with pytest.raises(FileError, match="inte ifyllt"):
        read_form(empty)

    def type_in(root: etree._Element) -> None:
        def body_paragraph(name: str) -> etree._Element:
            start = next(one for one in root.iter(f"{W}bookmarkStart") if one.get(f"{W}name") == name)
            return next(start.iterancestors(f"{W}p"))

        code = body_paragraph("ikf_f_kod").getparent().getnext()
        words = next(code.iter(f"{W}t"))
        words.text = "D07"
        next(body_paragraph("ikf_v_ork").iter(f"{W}t")).text = "7"
        question = body_paragraph("ikf_q_lage")
        prompt = next(one for one in question.itersiblings() if "Klicka här" in "".join(one.itertext()))
        next(prompt.iter(f"{W}t")).text = "Bättre nu."
        prompt.addnext(paragraph(run("Men jag sover dåligt.")))

    made = read(changed(empty, tmp_path / "fyllt.docx", type_in))
    assert made.respondent == "D07"
    assert said(made) == {
        "lage": "Bättre nu.\nMen jag sover dåligt.",
        "ork": "7 på en skala från 1 (ingen ork) till 10 (full ork)",
    }


def test_text_outside_the_fields_is_kept_with_the_question_above_it_and_told(answered: Path, tmp_path: Path) -> None:
    def type_outside(root: etree._Element) -> None:
        control(root, "ikf_q_lage").addnext(paragraph(run("Skrivet under rutan.")))
        control(root, mark("question", "andel")).addnext(paragraph(run("Femtio, tror jag.")))

    made = read(changed(answered, tmp_path / "utanför.docx", type_outside))
    assert said(made)["lage"] == f"{TEXT}\nSkrivet under rutan."
    assert said(made)["andel"] == "Femtio, tror jag."
    told = [one for one in made.doubts if one.kind == "utanför fälten"]
    assert ["Femtio" in told[0].message, "Skrivet under rutan" in told[1].message] == [True, True]
    assert [made.turns[(one.turn or 0) - 1].question for one in told] == ["andel", "lage"]


def test_an_answer_typed_after_the_questions_own_words_is_the_respondents(answered: Path, tmp_path: Path) -> None:
    def type_after(root: etree._Element) -> None:
        words = next(one for one in root.iter(f"{W}t") if one.text == "Hur är läget?")
        words.text = "Hur är läget? Sådär."

    made = read(changed(answered, tmp_path / "efter.docx", type_after))
    assert said(made)["lage"] == f"Sådär.\n{TEXT}"
    assert doubt(made, "utanför fälten").turn is not None


def test_tracked_changes_are_read_as_accepted_and_told(answered: Path, tmp_path: Path) -> None:
    def track(root: etree._Element) -> None:
        first = control(root, "ikf_q_lage").find(f"{W}sdtContent/{W}p")
        inserted, deleted = etree.SubElement(first, f"{W}ins"), etree.SubElement(first, f"{W}del")
        inserted.append(run(" Infogat."))
        gone = run(" Struket.")
        gone[0].tag = f"{W}delText"
        deleted.append(gone)

    made = read(changed(answered, tmp_path / "spårad.docx", track))
    assert "Infogat." in said(made)["lage"] and "Struket" not in made.text
    assert kinds(made) == ["spårade ändringar"]


def test_comments_are_kept_at_the_words_they_are_on(answered: Path, tmp_path: Path) -> None:
    places = {"q": "Ställdes inte så.", "ikf_q_lage": "Fråga mer.", "ikf_v_ork": "Sju?", "ikf_n_anteckning": "Bra."}
    raw = read_form(commented(answered, tmp_path / "kommenterad.docx", places))
    assert raw is not None
    there = [(u.role, u.question, r.author, r.text, r.quote) for u in raw.utterances for r in u.remarks]
    assert there == [
        ("interviewer", "lage", "BL", "Ställdes inte så.", "Hur är läget?"),
        ("respondent", "lage", "BL", "Fråga mer.", TEXT),
        ("respondent", "ork", "BL", "Sju?", "7"),
        ("note", None, "BL", "Bra.", "Lugnt samtal."),
    ]
    assert [u.text for u in raw.utterances if u.role == "note"] == ["Lugnt samtal."]


def test_a_comment_on_what_is_no_part_of_the_interview_is_a_note(answered: Path, tmp_path: Path) -> None:
    places = {"ikf_f_datum": "Fel dag?", mark("question", LONG_ID): "Hann inte."}
    made = read(commented(answered, tmp_path / "kommenterad.docx", places))
    notes = [made.turn_text(turn) for turn in made.turns if turn.role == "note"]
    assert notes == ["Kommentar av BL: Fel dag?", "Kommentar av BL: Hann inte.", "Lugnt samtal."]


def test_footnotes_headers_and_comments_without_a_place_are_kept_as_notes(answered: Path, tmp_path: Path) -> None:
    target = changed(answered, tmp_path / "bredvid.docx", lambda root: None)
    beside = {
        "comments": '<w:comment w:id="3" w:author="BL"><w:p><w:r><w:t>Fråga mer.</w:t></w:r></w:p></w:comment>',
        "header7": "<w:p><w:r><w:t>2026, andra försöket</w:t></w:r></w:p>",
        "footnotes": '<w:footnote w:id="1"><w:p><w:r><w:t>Se bilagan.</w:t></w:r></w:p></w:footnote>',
    }
    with zipfile.ZipFile(target, "a") as archive:
        for name, inside in beside.items():
            archive.writestr(f"word/{name}.xml", f'<w:part xmlns:w="{W[1:-1]}">{inside}</w:part>')
    notes = [made.turn_text(turn) for made in [read(target)] for turn in made.turns if turn.role == "note"]
    told = ["Kommentar av BL: Fråga mer.", "Fotnot: Se bilagan.", "Sidhuvud eller sidfot: 2026, andra försöket"]
    assert notes == ["Lugnt samtal.", *told]


def test_rows_added_to_the_table_of_facts_are_facts(answered: Path, tmp_path: Path) -> None:
    def add(root: etree._Element) -> None:
        table = root.find(f".//{W}tbl")
        row = copy.deepcopy(table.findall(f"{W}tr")[-1])
        for one in list(row.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}r", f"{W}sdt")):
            one.getparent().remove(one)
        label, value = row.findall(f"{W}tc")
        label.find(f"{W}p").append(run("Ålder"))
        value.find(f"{W}p").append(run("47"))
        table.append(row)
        fill(root, {mark("attribute", "Yrke"): ("kock",)})

    made = read(changed(answered, tmp_path / "rader.docx", add))
    assert (made.facts["Ålder"], made.facts["Yrke"]) == ("47", "kock")


@pytest.mark.parametrize(
    ("ticks", "fact"), [((1, 2), "Ja (2 av 2)"), ((2,), "Delvis (1 av 2)"), ((), "Ej ifyllt (0 av 2)")]
)
def test_consent_is_a_fact_and_what_is_missing_is_told(
    blank: Path, tmp_path: Path, ticks: tuple[int, ...], fact: str
) -> None:
    made = read(filled(blank, tmp_path / "samtycke.docx", ticks=ticks))
    assert made.facts["Samtycke"] == fact
    assert ("Jag går med på att bli intervjuad." in " ".join(one.message for one in made.doubts)) == (1 not in ticks)


@pytest.mark.parametrize(
    ("tag", "answer", "told", "fact"),
    [
        ("ikf_v_ar_borta", "Sju år", [], ("Ar borta", "Sju år")),
        ("ikf_v_ar_borta", "7,5 år", [], ("Ar borta", "7,5 år")),
        ("ikf_v_andel", "50 %", [], ("Andel", "50 procent")),
        ("ikf_v_andel", "120", ["värde"], ("Andel", "120")),
        ("ikf_v_ork", "11", ["värde"], ("Ork", "11")),
        ("ikf_v_plats", "har slutat", [], ("Plats", "Har slutat")),
        ("ikf_v_plats", "Vet inte", ["värde"], ("Plats", "Vet inte")),
        ("ikf_v_start", "i våras", ["värde"], ("Start", "i våras")),
    ],
)
def test_values_become_facts_as_they_are_written(
    blank: Path, tmp_path: Path, tag: str, answer: str, told: list[str], fact: tuple[str, str]
) -> None:
    answers = {"ikf_f_kod": ("D07",), "ikf_f_datum": ("2026-05-04",), mark("fact", "omgång"): ("1",), tag: (answer,)}
    made = read(filled(blank, tmp_path / "värde.docx", answers))
    assert kinds(made) == told
    assert made.facts[fact[0]] == fact[1]
    assert fact[1] in made.text


def test_a_form_of_an_older_version_or_another_guide_is_told_and_nothing_is_lost(answered: Path) -> None:
    first, second = GUIDE.sections
    without = replace(GUIDE, sections=(first, replace(second, questions=second.questions[1:])))
    older = read(answered, without)
    assert "ändrats" in doubt(older, "formulär").message
    unknown = doubt(older, "fråga")
    assert "”Hur är läget?”" in unknown.message and older.turns[(unknown.turn or 0) - 1].role == "interviewer"
    assert said(older) == {None if key == "lage" else key: words for key, words in SAID.items()}
    other = read(answered, replace(GUIDE, id="annan", sections=asking(Question("mat", "text", "Vad åt du?"))))
    assert "”prov”" in doubt(other, "formulär").message
    assert all(words in other.text for words in ("Kvar", TEXT, "Det går upp och ner.", "Lugnt samtal."))
    assert {turn.question for turn in other.turns} == {None}
    assert other.facts["Ork"] == "7"


def test_a_question_that_the_guide_calls_something_else_now_is_known_by_its_words(answered: Path) -> None:
    first, second = GUIDE.sections
    renamed = [replace(question, id=f"ny_{question.id}") for question in second.questions]
    made = read(answered, replace(GUIDE, sections=(first, replace(second, questions=tuple(renamed)))))
    assert said(made)["ny_lage"] == TEXT and said(made)["ny_ork"] == SAID["ork"]
    assert made.facts["Ny ork"] == FACTS["Ork"]
    assert kinds(made) == ["formulär"]


def asking(*questions: Question) -> tuple[Section, ...]:
    return (Section("en", "En", questions),)


def test_a_question_whose_wording_was_changed_in_the_guide_is_told(answered: Path) -> None:
    first, second = GUIDE.sections
    reworded = replace(second.questions[0], text="Hur står det till?")
    made = read(
        answered, replace(GUIDE, sections=(first, replace(second, questions=(reworded, *second.questions[1:]))))
    )
    assert said(made)["lage"] == TEXT
    assert "Hur är läget?" in doubt(made, "fråga").message


def test_a_question_whose_heading_was_deleted_is_still_asked(answered: Path, tmp_path: Path) -> None:
    def cut(root: etree._Element) -> None:
        start = next(one for one in root.iter(f"{W}bookmarkStart") if one.get(f"{W}name") == "ikf_q_lage")
        heading = next(start.iterancestors(f"{W}p"))
        heading.getparent().remove(heading)

    made = read(changed(answered, tmp_path / "utan rubrik.docx", cut))
    assert said(made) == SAID
    assert "Hur är läget?" in made.text


def test_a_wave_nobody_chose_is_told(blank: Path, tmp_path: Path) -> None:
    made = read(filled(blank, tmp_path / "omgång.docx", {**ANSWERS, mark("fact", "omgång"): ("",)}))
    assert made.wave == 1 and kinds(made) == ["omgång"]
    second = read(filled(blank, tmp_path / "två.docx", {**ANSWERS, mark("fact", "omgång"): ("2",)}))
    assert second.wave == 2 and kinds(second) == []


@pytest.mark.parametrize(
    ("typed", "given", "noted"),
    [("x", 2, []), ("\u2713", 2, []), ("Exakt", 1, ["Exakt"]), ("x men inte ljud", 2, ["men inte ljud"])],
)
def test_a_tick_is_a_tick_and_other_words_are_words(
    blank: Path, tmp_path: Path, typed: str, given: int, noted: list[str]
) -> None:
    def type_before(root: etree._Element) -> None:
        fill(root, ANSWERS, (2,))
        control(root, "ikf_c_1").addprevious(run(f"{typed} "))

    made = read(changed(blank, tmp_path / "kryss.docx", type_before))
    assert f"({given} av 2)" in made.facts["Samtycke"]
    notes = [made.turn_text(turn) for turn in made.turns if turn.role == "note"]
    assert notes == [*noted, "Lugnt samtal."]


def test_what_stands_beside_a_date_or_a_number_is_a_note(blank: Path, tmp_path: Path) -> None:
    more = {"ikf_f_datum": ("2026-05-04, på distans",), mark("fact", "längd"): ("50 minuter, avbrutet",)}
    made = read(filled(blank, tmp_path / "bredvid.docx", {**ANSWERS, **more}))
    assert (made.date, made.minutes) == ("2026-05-04", 50)
    notes = [made.turn_text(turn) for turn in made.turns if turn.role == "note"]
    assert notes[:2] == ["Datum: 2026-05-04, på distans", "Längd i minuter: 50 minuter, avbrutet"]


def test_a_picture_in_the_drawing_frame_is_told_of(answered: Path, tmp_path: Path) -> None:
    def draw(root: etree._Element) -> None:
        frame = list(root.iter(f"{W}tbl"))[-1]
        drawing = etree.SubElement(etree.SubElement(next(frame.iter(f"{W}p")), f"{W}r"), f"{W}drawing")
        etree.SubElement(drawing, "{http://schemas.openxmlformats.org/drawingml/2006/main}blip")

    assert kinds(read(changed(answered, tmp_path / "bild.docx", draw))) == ["bild"]


@pytest.mark.parametrize("name", ["sdt", "ins", "p"])
def test_a_form_nested_without_end_is_refused(answered: Path, tmp_path: Path, name: str) -> None:
    def nest(root: etree._Element) -> None:
        inner = root[0]
        for _ in range(115 if name == "sdt" else 235):
            inner = etree.SubElement(inner, f"{W}{name}")
            inner = etree.SubElement(inner, f"{W}sdtContent") if name == "sdt" else inner
        inner.append(paragraph(run("Innerst.")))

    deep = changed(answered, tmp_path / "djup.docx", nest)
    try:
        assert "Innerst." in read(deep).text
    except FileError as error:
        assert "nästlad" in error.problem


def test_a_question_with_a_long_name_is_found(blank: Path, tmp_path: Path) -> None:
    answers = {"ikf_f_kod": ("D07",), mark("question", LONG_ID): ("Inget mer.",)}
    assert said(read(filled(blank, tmp_path / "lång.docx", answers))) == {LONG_ID: "Inget mer."}
    assert len(mark("question", LONG_ID)) <= 40


def test_a_word_file_that_only_mentions_a_place_is_no_form(tmp_path: Path) -> None:
    assert read_form(word(tmp_path / "a.docx", para("I: Vad är ikf_q_lage?"), para("R: Ett märke."))) is None
    assert read_form(word(tmp_path / "b.docx", TALK)) is None


def test_a_damaged_form_is_refused(answered: Path, tmp_path: Path) -> None:
    broken = tmp_path / "trasig.docx"
    broken.write_bytes(answered.read_bytes()[:3000])
    with pytest.raises(FileError, match="skadad"):
        read_form(broken)


def test_a_form_nobody_has_filled_in_is_refused(blank: Path) -> None:
    with pytest.raises(FileError, match="inte ifyllt"):
        read_form(blank)


def test_a_printed_form_typed_into_is_read_too(tmp_path: Path) -> None:
    printed = write_form(GUIDE, tmp_path / "utskrift.docx", Prefilled(respondent="D07"), printed=True)

    def type_in(root: etree._Element) -> None:
        start = next(one for one in root.iter(f"{W}bookmarkStart") if one.get(f"{W}name") == "ikf_q_lage")
        lines = [
            p for p in next(start.iterancestors(f"{W}p")).itersiblings() if "FormLine" in etree.tostring(p).decode()
        ]
        lines[0][-1].addprevious(run("Bättre nu."))

    made = read(changed(printed, tmp_path / "skrivet.docx", type_in))
    assert said(made) == {"lage": "Bättre nu."}


# --- nothing typed is ever lost ---------------------------------------------------------------------

HOWS = ("in the words", "a run before", "a run after", "a paragraph after", "inserted with tracking")


def type_at(root: etree._Element, place: int, how: str, word: str) -> None:
    """Type a word somewhere in the document: in or beside a run, or as a paragraph of its own."""
    skipped = {next(one.iterancestors(f"{W}tr")) for one in root.iter(f"{W}bookmarkStart") if _refusing(one)}
    texts = [one for one in root.iter(f"{W}t") if not skipped.intersection(one.iterancestors(f"{W}tr"))]
    words = texts[place % len(texts)]
    its_run = words.getparent()
    if how == "in the words":
        cut = place % (len(words.text or "") + 1)
        words.text = f"{(words.text or '')[:cut]}{word}{(words.text or '')[cut:]}"
    elif how == "a run before":
        its_run.addprevious(run(word))
    elif how == "a run after":
        its_run.addnext(run(word))
    elif how == "a paragraph after":
        next(its_run.iterancestors(f"{W}p")).addnext(paragraph(run(word)))
    else:
        tracked = etree.Element(f"{W}ins")
        tracked.append(run(word))
        its_run.addnext(tracked)


def _refusing(start: etree._Element) -> bool:
    """Return whether words at a place can make the file refused: the person's code, the group."""
    return start.get(f"{W}name") in ("ikf_f_kod", "ikf_f_grupp")


WORDS = itertools.count(1000)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(HOWS)), min_size=1, max_size=12),
    st.sampled_from([lambda root: None, without_tags, without_ids]),
)
def test_whatever_is_typed_wherever_stands_in_the_interview(
    answered: Path, tmp_path: Path, typing: list[tuple[int, str]], lose: Callable[[etree._Element], None]
) -> None:
    words = [f"ord{next(WORDS)}q" for _ in typing]

    def type_all(root: etree._Element) -> None:
        for (place, how), typed in zip(typing, words, strict=True):
            type_at(root, place, how, typed)
        lose(root)

    made = read(changed(answered, tmp_path / "skrivet.docx", type_all))
    kept = "\n".join([made.text, made.interviewer, *made.facts.keys(), *made.facts.values()])
    # a word may have been typed into another
    assert [word for word in words if word not in _without(kept, [w for w in words if w != word])] == []
    assert "Men jag sover dåligt." in _without(kept, words)


def _without(text: str, words: list[str]) -> str:
    for _, each in itertools.product(words, words):  # one may stand in another that stands in a third
        text = text.replace(each, "")
    return text


# --- broken in any way --------------------------------------------------------------------------------

VALUES = ("", "ikf_q_x", "ikf_v_ork", "0", "-1", "ikf_s_00000000_1", "åäö", "F0FEZ")


def damage(root: etree._Element, chance: Random) -> None:
    """Take away, copy, move, rename or rewrite one element."""
    one, other = (chance.choice(list(root.iter("{*}*"))[1:]) for _ in range(2))
    how = chance.randrange(5)
    if how == 0:
        one.getparent().remove(one)
    elif how == 1:
        other.append(copy.deepcopy(one))
    elif how == 2:
        one.tag = other.tag
    elif how == 3 and one.attrib:
        one.set(chance.choice(list(one.attrib)), chance.choice(VALUES))
    elif how == 4:
        one.text = chance.choice(["", "X" * 50, "D07", "2026-13-45", *PROMPTS[:2]])


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_a_form_damaged_in_any_way_is_read_or_refused_in_words(
    answered: Path, tmp_path: Path, chance: Random, times: int
) -> None:
    def break_it(root: etree._Element) -> None:
        for _ in range(times):
            if len(list(root.iter("{*}*"))) in range(3, 3000):
                damage(root, chance)

    broken = changed(answered, tmp_path / "trasig.docx", break_it)
    try:
        raw = read_form(broken)
        made = Assembler([GUIDE], LearnedWordings([GUIDE])).assemble(raw, broken.name) if raw else None
    except IntervjukitError as error:
        assert error.problem and error.fix
    else:
        assert made is None or all(made.turn_text(turn).strip() for turn in made.turns)
