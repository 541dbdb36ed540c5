"""Forms as files: sound Word, fields of the right kind, own words sealed, no question parted from its lines."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from docx.oxml.ns import nsmap
from lxml import etree
from openxml_audit import OpenXmlValidator

from form_filling import GUIDE, W, control, filled
from intervjukit.core.form import BOX, PROMPTS, control_id, mark, place_of, seal, version
from intervjukit.core.protocol import Protocol, Question, Section
from intervjukit.export.accessibility import review
from intervjukit.export.forms import Prefilled, write_form
from intervjukit.formats.library import protocol_files
from intervjukit.formats.protocols import read_protocol

GOLDEN = Path(__file__).parent / "golden_form.xml"
SHIPPED = [read_protocol(file) for name in ("halsoflodet", "rehsursen", "mall") for file in protocol_files(name)]
ONE = replace(GUIDE, id="en", consent=(), closing="", introduction="", waves=(), sections=(
    Section("en", "En fråga", (Question("hur", "text", "Hur var det?"),)),
))  # fmt: skip
HOSTILE = "{% if x %} =1+1 <w:p/> & \"' ]]> \u202eabc\u0007\ufffe\x0b 👍🏽"


def body(path: Path) -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("word/document.xml"))[0]


def text(element: etree._Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def style(p: etree._Element) -> str:
    found = p.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(f"{W}val")


@pytest.mark.parametrize("guide", [*SHIPPED, GUIDE, ONE], ids=lambda guide: guide.id)
def test_every_form_is_sound_word(guide: Protocol, tmp_path: Path) -> None:
    form = write_form(guide, tmp_path / "f.docx", Prefilled("X01", "2026-05-04", "MK", 0, {"Yrke": "kock"}))
    assert list(OpenXmlValidator().validate(str(form)).errors) == []


@pytest.mark.parametrize("guide", [GUIDE, ONE, SHIPPED[-2]], ids=lambda guide: guide.id)
def test_every_printed_form_is_sound_word(guide: Protocol, tmp_path: Path) -> None:
    printed = write_form(guide, tmp_path / "p.docx", printed=True)
    assert list(OpenXmlValidator().validate(str(printed)).errors) == []


def test_a_form_shuts_no_reader_out(tmp_path: Path) -> None:
    assert review(write_form(GUIDE, tmp_path / "f.docx")) == []


def test_a_filled_in_form_is_sound_word(tmp_path: Path) -> None:
    form = filled(write_form(GUIDE, tmp_path / "f.docx"), tmp_path / "ifyllt.docx")
    assert list(OpenXmlValidator().validate(str(form)).errors) == []


def test_hostile_words_are_only_ever_words(tmp_path: Path) -> None:
    question = Question("q", "choice", HOSTILE, choices=(HOSTILE, "Nej"), follow_ups=(HOSTILE,), unit=HOSTILE)
    guide = replace(
        ONE, title=HOSTILE, group_name=HOSTILE, consent=(HOSTILE,), sections=(Section("s", HOSTILE, (question,)),)
    )
    for printed in (False, True):
        known = Prefilled("D01", "", HOSTILE, 0, {HOSTILE: HOSTILE})
        form = write_form(guide, tmp_path / f"{printed}.docx", known, printed=printed)
        assert list(OpenXmlValidator().validate(str(form)).errors) == []
        assert "{% if x %} =1+1 <w:p/> & \"' ]]>" in text(body(form))


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("ikf_f_kod", "text"),
        ("ikf_f_datum", "date"),
        ("ikf_f_omgang", "dropDownList"),
        ("ikf_v_ar_borta", "text"),
        ("ikf_v_plats", "dropDownList"),
        ("ikf_v_start", "date"),
        ("ikf_v_ork", "dropDownList"),
        ("ikf_q_lage", "richText"),
        ("ikf_q_kurva", "richText"),
        ("ikf_c_1", "checkbox"),
        ("ikf_n_anteckning", "richText"),
    ],
)
def test_each_field_is_of_the_right_kind(small: etree._Element, tag: str, kind: str) -> None:
    tag = mark("fact", "omgång") if tag == "ikf_f_omgang" else tag
    properties = control(small, tag).find(f"{W}sdtPr")
    assert etree.QName(properties[-1]).localname == kind
    assert properties.find(f"{W}id").get(f"{W}val") == str(control_id(tag))
    assert properties.find(f"{W}lock").get(f"{W}val") == "sdtLocked"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> etree._Element:
    """The body of the small guide's form."""
    return body(write_form(GUIDE, tmp_path_factory.mktemp("liten") / "f.docx"))


def test_lists_hold_the_choices_and_the_steps_of_the_scale(small: etree._Element) -> None:
    def items(tag: str) -> list[str]:
        return [one.get(f"{W}displayText") for one in control(small, tag).iter(f"{W}listItem")]

    assert items("ikf_v_plats") == ["Kvar", "Har slutat"]
    assert items("ikf_v_ork") == [str(step) for step in range(1, 11)]


def test_names_are_unique_and_short_enough_for_word(small: etree._Element) -> None:
    names = [one.get(f"{W}name") for one in small.iter(f"{W}bookmarkStart")]
    numbers = [one.get(f"{W}id") for one in small.iter(f"{W}bookmarkStart")]
    ids = [one.get(f"{W}val") for one in small.iter(f"{W}id")]
    for found in (names, numbers, ids):
        assert len(set(found)) == len(found)
    assert max(map(len, names)) <= 40 and all(map(place_of, names))


def test_every_word_of_the_form_is_sealed_or_a_prompt_or_prefilled(small: etree._Element) -> None:
    for p in small.iter(f"{W}p"):
        words = text(p).removeprefix(BOX)
        seals = [one.get(f"{W}name") for one in p.iter(f"{W}bookmarkStart") if "_s_" in one.get(f"{W}name")]
        sealed = any(name.split("_")[2] == seal(words) for name in seals)
        assert sealed or not words or words in PROMPTS, words


def test_waves_and_conditions_are_told_and_a_wave_of_its_own_leaves_the_others_out(tmp_path: Path) -> None:
    every = text(body(write_form(GUIDE, tmp_path / "alla.docx")))
    second = text(body(write_form(GUIDE, tmp_path / "två.docx", Prefilled(wave=2))))
    assert "Ställs i omgång 1." in every and "Ställs om svaret på ”Hur är det med din plats?” är ”Har slutat”." in every
    assert "Rita en kurva." in every and "Rita en kurva." not in second
    assert "Ställs i omgång" not in second


def test_what_is_known_is_filled_in(tmp_path: Path) -> None:
    known = Prefilled("D07", "2026-05-04", "MK", 1, {"Yrke": "kock"})
    found = body(write_form(GUIDE, tmp_path / "f.docx", known))
    values = {"ikf_f_kod": "D07", "ikf_f_datum": "2026-05-04", "ikf_f_intervjuare": "MK", "ikf_a_Yrke": "kock"}
    for tag, value in values.items():
        field = control(found, tag)
        assert text(field.find(f"{W}sdtContent")) == value
        assert field.find(f"{W}sdtPr/{W}showingPlcHdr") is None
    assert text(control(found, mark("fact", "omgång")).find(f"{W}sdtContent")) == "1"


def kept(p: etree._Element) -> bool:
    """Whether a paragraph stays on one page with the next, by itself or by its style."""
    return p.find(f"{W}pPr/{W}keepNext") is not None or style(p) in ("FormHint", "FormFollowUp")


@pytest.mark.parametrize("printed", [False, True])
def test_a_question_is_kept_with_its_answer_on_one_page(printed: bool, tmp_path: Path) -> None:
    blocks = list(body(write_form(GUIDE, tmp_path / "f.docx", printed=printed)))
    headings = [n for n, block in enumerate(blocks) if style(block) == "Heading3"]
    assert len(headings) == len(list(GUIDE.questions()))
    for start in headings:
        end = next(
            n
            for n in range(start, len(blocks))
            if style(blocks[n]) in ("FormLine", "FormAnswer") or blocks[n].tag == f"{W}sdt"
        )
        for block in blocks[start:end]:
            assert all(kept(p) for p in block.iter(f"{W}p")), text(block)
    lines = [block for block in blocks if style(block) == "FormLine"]
    assert bool(lines) == printed
    for line, after in pairwise(blocks):
        if style(line) == style(after) == "FormLine":
            assert line.find(f"{W}pPr/{W}keepNext") is not None


def test_a_printed_form_has_no_fields_but_boxes_steps_and_room_to_draw(tmp_path: Path) -> None:
    found = body(write_form(GUIDE, tmp_path / "p.docx", printed=True))
    assert next(found.iter(f"{W}sdt"), None) is None
    words = text(found)
    assert f"{BOX} Kvar" in words and f"{BOX} Har slutat" in words and "12345678910" in words
    heights = [int(one.get(f"{W}val")) for one in found.iter(f"{W}trHeight")]
    assert max(heights) > 8 * 567


def test_the_version_of_a_guide_changes_with_what_it_asks_and_with_nothing_else() -> None:
    first, second = GUIDE.sections
    reworded = replace(second.questions[0], text="Hur står det till?")
    others = [
        replace(GUIDE, sections=(first,)),
        replace(GUIDE, sections=(first, replace(second, questions=(reworded, *second.questions[1:])))),
        replace(GUIDE, consent=GUIDE.consent[:1]),
    ]
    assert len({version(GUIDE), *map(version, others)}) == 4
    assert version(replace(GUIDE, closing="Hej då.", about="Annat.")) == version(GUIDE)


def test_the_form_of_a_small_guide_is_written_as_agreed(tmp_path: Path) -> None:
    """Golden file: after a wanted change, write it anew from what the message shows."""
    guide = replace(
        ONE, consent=("Jag är med.",), sections=(*ONE.sections, Section("t", "Tal", (GUIDE.question("ork"),)))
    )
    root = body(write_form(guide, tmp_path / "f.docx"))
    etree.cleanup_namespaces(root, top_nsmap=nsmap)  # prefixes depend on what else is loaded
    etree.indent(root)
    made = re.sub(r' xmlns:\w+="[^"]+"', "", etree.tostring(root, encoding="unicode")) + "\n"
    assert made == GOLDEN.read_text("utf-8")
