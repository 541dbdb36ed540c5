"""OpenDocument texts: the same words and speakers as from Word, and what may be hidden in them is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from document_files import odt, odt_content, odt_para, odt_table

from intervjukit.core.transcript import Remark
from intervjukit.errors import FileError
from intervjukit.formats.odt import read_odt
from intervjukit.formats.paragraphs import Paragraph
from intervjukit.formats.transcripts import read_interview

TALK = odt_para("I: Hur började det?") + odt_para("R: Det kom smygande.") + odt_para("I: Och?") + odt_para("R: Nej.")


def _texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in read_odt(path)[0]]


def test_labelled_talk_is_read(tmp_path: Path) -> None:
    raw = read_interview(odt(tmp_path / "S01.odt", odt_para("Grupp: Sjukskrivna"), TALK))
    assert [(u.label, u.text) for u in raw.utterances][:2] == [("I", "Hur började det?"), ("R", "Det kom smygande.")]
    assert raw.facts == {"kod": "S01", "grupp": "Sjukskrivna"} and raw.doubts == ()


def test_spaces_tabs_breaks_and_links_are_read_as_they_show(tmp_path: Path) -> None:
    words = (
        'I:<text:tab/>ett<text:s text:c="2"/>två<text:line-break/>tre   fyra\n  fem '
        "<text:a>länk</text:a><text:bookmark/><text:soft-page-break/>!"
    )
    assert _texts(odt(tmp_path / "a.odt", f"<text:p>{words}</text:p>")) == ["I:\tett  två\ntre fyra fem länk!"]


def test_bold_headings_lists_sections_and_tables_are_told_apart(tmp_path: Path) -> None:
    path = odt(
        tmp_path / "a.odt",
        "<text:h>Bakgrund</text:h>",
        odt_para('<text:span text:style-name="Fet">Hur började det?</text:span>'),
        odt_para("Hela stycket?", "FetP"),
        odt_para('<text:span text:style-name="Fet">halv</text:span>t'),
        f"<text:section><text:list><text:list-item>{odt_para('punkt')}</text:list-item></text:list></text:section>",
        odt_table(("Ålder", "47"), ("Kön", "kvinna")),
    )
    assert read_odt(path)[0] == [
        Paragraph("Bakgrund", heading=True),
        Paragraph("Hur började det?", bold=True),
        Paragraph("Hela stycket?", bold=True),
        Paragraph("halvt"),
        Paragraph("punkt"),
        Paragraph("Ålder", table=1, row=1, cell=1),
        Paragraph("47", table=1, row=1, cell=2),
        Paragraph("Kön", table=1, row=2, cell=1),
        Paragraph("kvinna", table=1, row=2, cell=2),
    ]


def test_struck_out_and_hidden_text_is_left_out_and_changes_and_notes_are_told(tmp_path: Path) -> None:
    path = odt(
        tmp_path / "a.odt",
        f"<text:tracked-changes><text:changed-region>{odt_para('STRUKET')}</text:changed-region></text:tracked-changes>",
        odt_para(
            '<text:change-start/>infogat<text:change-end/> <text:span text:style-name="Dold">DOLT</text:span>'
            f"ord<text:note><text:note-body>{odt_para('FOTNOT')}</text:note-body></text:note>"
        ),
    )
    paragraphs, doubts = read_odt(path)
    assert [p.text for p in paragraphs] == ["infogat ord"]
    assert [doubt.kind for doubt in doubts] == ["spårade ändringar", "fotnoter"]


def test_comments_come_with_the_words_they_stand_at(tmp_path: Path) -> None:
    note = f"<dc:creator>Ada Ek</dc:creator>{odt_para('viktigt')}"
    path = odt(
        tmp_path / "a.odt",
        odt_para(
            f'<office:annotation office:name="1">{note}</office:annotation>Det kom'
            f'<office:annotation-end office:name="1"/> smygande<office:annotation>{note}</office:annotation>.'
        ),
    )
    (paragraph,) = read_odt(path)[0]
    assert paragraph.text == "Det kom smygande."
    assert paragraph.remarks == (Remark("Ada Ek", "viktigt", "Det kom"), Remark("Ada Ek", "viktigt"))


def test_a_text_box_stands_after_its_paragraph(tmp_path: Path) -> None:
    box = f"<draw:frame><draw:text-box>{odt_para('i rutan')}</draw:text-box></draw:frame>"
    assert _texts(odt(tmp_path / "a.odt", odt_para(f"<text:span>före</text:span>{box}"))) == ["före", "i rutan"]


DTD = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}, "lösenord"),
        ({"content.xml": odt_content(TALK)[:400]}, "skadad"),
        ({"content.xml": "<a/>"}, "inget textdokument"),
        ({"content.xml": DTD + "<a>&e;</a>"}, "dokumenttyp"),
        ({"styles.xml": DTD + "<a>&e;</a>"}, "dokumenttyp"),
        ({"content.xml": odt_content("<text:section>" * 260 + "</text:section>" * 260)}, "djupare"),
        ({"content.xml": odt_content("<text:p a='' b=''/>" * 400_000)}, "orimligt"),
        ({"Pictures/x.bin": b"\0" * (30 << 20)}, "orimligt stor"),
        ({"../x": b""}, "utanför sig själv"),
        ({"content.xml": odt_content("")}, "ingen text"),
    ],
    ids=["password", "truncated", "other", "entity", "entity in styles", "deep", "wide", "bomb", "path", "empty"],
)
def test_a_hostile_or_damaged_odt_is_refused_with_the_reason(
    tmp_path: Path, parts: dict[str, str | bytes], told: str
) -> None:
    path = odt(tmp_path / "S01.odt", TALK, **parts)
    with pytest.raises(FileError) as caught:
        read_interview(path)
    assert told in caught.value.problem and "S01.odt" in caught.value.problem and caught.value.fix.endswith(".")


def test_a_million_spaces_written_as_a_number_stay_few(tmp_path: Path) -> None:
    path = odt(tmp_path / "a.odt", odt_para('<text:span>a<text:s text:c="999999999"/>b</text:span>'))
    assert len(_texts(path)[0]) == 1002
