"""RTF files: words in every encoding RTF knows, tables, bold questions, comments, and nothing that was struck out."""

from __future__ import annotations

from pathlib import Path

import pytest
from document_files import rtf, rtf_text
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.core.text import normalise
from intervjukit.core.transcript import Remark
from intervjukit.errors import FileError
from intervjukit.formats.paragraphs import Paragraph
from intervjukit.formats.rtf import read_rtf
from intervjukit.formats.transcripts import read_interview


def _read(tmp_path: Path, body: str, **parts: str) -> list[Paragraph]:
    return read_rtf(rtf(tmp_path / "a.rtf", body, **parts))[0]


def _kinds(tmp_path: Path, body: str, **parts: str) -> list[str]:
    return [doubt.kind for doubt in read_rtf(rtf(tmp_path / "a.rtf", body, **parts))[1]]


def test_labelled_talk_is_read(tmp_path: Path) -> None:
    path = rtf(tmp_path / "S01.rtf", r"Grupp: Sjukskrivna\par I: Hur b\'f6rjade det?\par R:\tab Det kom.\par")
    raw = read_interview(path)
    assert [(u.label, u.text) for u in raw.utterances] == [("I", "Hur började det?"), ("R", "Det kom.")]
    assert raw.facts == {"kod": "S01", "grupp": "Sjukskrivna"} and raw.doubts == ()


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (r"\'e5\'e4\'f6 \'94x\'94 \'96", r"{\rtf1\ansi\ansicpg1252"),
        (r"\'8c\'8a\'9a \'d3x\'d3 \'d0", r"{\rtf1\mac"),
        (r"\f1\'8c\'8a\'9a \'d3x\'d3 \'d0", r"{\rtf1\ansi{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset77 B;}}"),
        (r"\u229?\u228?\u246? \u8221?x\u8221? \u8211?", r"{\rtf1\ansi"),
        (r"\uc0\u229\u228\u246  \rdblquote x\rdblquote  \endash ", r"{\rtf1\ansi"),
        (r"\uc2\u229\'61\'61\u228ab\u246x\'79 \u8221--x\u8221-- \u8211--", r"{\rtf1\ansi"),
    ],
)
def test_swedish_letters_and_signs_are_read_in_every_way_they_are_written(tmp_path: Path, body: str, head: str) -> None:
    assert [p.text for p in _read(tmp_path, body, head=head)] == ["åäö ”x” –"]


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("abåäö \\{}😀e\u0301–”\u00a0:?0"), max_size=40))
def test_any_words_come_back_the_same(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    path = rtf(tmp_path_factory.getbasetemp() / "x.rtf", r"\pard " + rtf_text(f"Jo {words} då") + r"\par")
    assert [p.text for p in read_rtf(path)[0]] == [normalise(f"Jo {words} då")]


def test_bold_headings_and_tables_are_told_apart(tmp_path: Path) -> None:
    head = r"{\rtf1\ansi{\stylesheet{\s0 Normal;}{\s1\b heading 1;}}"
    body = (
        r"\pard\s1 Bakgrund\par\pard\plain{\b Hur\b0\b  b\'f6rjade det?}\par {\b halv}t\par"
        r"\pard\outlinelevel0 Rubrik\par\pard"
        r"\trowd\pard\intbl \'c5lder\cell 47\par \'e5r\cell\row\trowd\pard\intbl K\'f6n\cell kvinna\cell\row"
        r"\pard efter\par\trowd\pard\intbl annan\cell\row"
    )
    assert _read(tmp_path, body, head=head) == [
        Paragraph("Bakgrund", heading=True),
        Paragraph("Hur började det?", bold=True),
        Paragraph("halvt"),
        Paragraph("Rubrik", heading=True),
        Paragraph("Ålder", table=1, row=1, cell=1),
        Paragraph("47", table=1, row=1, cell=2),
        Paragraph("år", table=1, row=1, cell=2),
        Paragraph("Kön", table=1, row=2, cell=1),
        Paragraph("kvinna", table=1, row=2, cell=2),
        Paragraph("efter"),
        Paragraph("annan", table=2, row=1, cell=1),
    ]


def test_what_is_no_text_is_left_out_and_what_is_hidden_is_told(tmp_path: Path) -> None:
    body = (
        r"{\info{\title NEJ}}{\*\generator NEJ;}{\header NEJ\par}{\pict\bin4 }{\\x}ord{\deleted STRUKET}{\v DOLT} kvar"
        r"{\footnote NEJ}{\field{\*\fldinst HYPERLINK NEJ}{\fldrslt l\'e4nk}}\par"
    )
    assert [p.text for p in _read(tmp_path, body)] == ["ord kvarlänk"]
    assert _kinds(tmp_path, body) == ["spårade ändringar", "dold text", "fotnoter"]


def test_comments_come_with_their_paragraph(tmp_path: Path) -> None:
    note = r"{\*\atnid AE}{\*\atnauthor Ada Ek}\chatn{\*\annotation{\*\atndate 1}viktigt\par andra raden}"
    (first, second) = _read(tmp_path, rf"Det kom{note} smygande.\par Sedan\par")
    assert first.text == "Det kom smygande." and second.remarks == ()
    assert first.remarks == (Remark("Ada Ek", "viktigt\nandra raden"),)


def test_a_file_that_ends_in_the_middle_is_read_and_told(tmp_path: Path) -> None:
    assert [p.text for p in _read(tmp_path, r"I: Hej?\par R: He", tail="")] == ["I: Hej?", "R: He"]
    assert _kinds(tmp_path, r"I: Hej?\par R: He", tail="") == ["avhuggen fil"]


@pytest.mark.parametrize(
    ("body", "told"), [("{" * 300 + "x", "djupare"), ("", "ingen text"), (r"{\info x}", "ingen text")]
)
def test_a_hostile_or_empty_file_is_refused_by_name(tmp_path: Path, body: str, told: str) -> None:
    with pytest.raises(FileError, match=told) as caught:
        _read(tmp_path, body)
    assert "a.rtf" in caught.value.problem and caught.value.fix.endswith(".")


def test_binary_data_longer_than_the_file_ends_it(tmp_path: Path) -> None:
    assert [p.text for p in _read(tmp_path, r"ord\par\bin999999999 mer\par")] == ["ord"]
