"""The audit of Word files: each fault it knows is found where it is, and a sound file has none."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import RGBColor
from word_templates import png

from intervjukit.cli import cli
from intervjukit.export.accessibility import Remark, review
from intervjukit.export.base import base_document
from intervjukit.export.word import Column, WordFile

W = nsdecls("w")


def table(document: Any, *, header: bool = True, described: bool = True) -> Any:
    made = document.add_table(rows=2, cols=2)
    for number, cell in enumerate(made._cells):
        cell.text = f"cell {number}"
    if header:
        made.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {W}/>"))
    if described:
        made._tbl.tblPr.append(parse_xml(f'<w:tblDescription {W} w:val="Vad den visar"/>'))
    return made


def link(document: Any, text: str) -> None:
    paragraph = document.add_paragraph("Se ")
    run = f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    paragraph._p.append(parse_xml(f'<w:hyperlink {W} w:anchor="x">{run}</w:hyperlink>'))


def picture(document: Any, told: str) -> None:
    document.add_paragraph().add_run().add_picture(io.BytesIO(png()))._inline.docPr.set("descr", told)


def nested(document: Any) -> None:
    cell = table(document).cell(1, 1)
    inner = cell.add_table(1, 1)
    inner._tbl.tblPr.append(parse_xml(f'<w:tblDescription {W} w:val="x"/>'))


def pale(document: Any) -> None:
    document.add_paragraph("").add_run("blekt").font.color.rgb = RGBColor(0xAA, 0xAA, 0xAA)


def english(document: Any) -> None:
    for one in document.styles.element.iter(qn("w:lang")):
        one.set(qn("w:val"), "en-US")


def speechless(document: Any) -> None:
    for one in [*document.styles.element.iter(qn("w:lang"))]:
        one.getparent().remove(one)


def lines(*texts: str, style: str = "Normal") -> Callable[[Any], None]:
    def add(document: Any) -> None:
        for text in texts:
            document.add_paragraph(text, style=style)

    return add


PLANTED: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "no title": (lambda d: setattr(d.core_properties, "title", " "), "fel", "saknar titel"),
    "no language": (speechless, "fel", "vilket språk"),
    "english": (english, "råd", "en-US"),
    "levels": (lines("Djupt", style="Heading 3"), "fel", "hoppar från 1 till 3"),
    "empty heading": (lines("", style="Heading 2"), "fel", "rubrik på nivå 2 är tom"),
    "empty lines": (lines("", "", ""), "råd", "tomma stycken"),
    "typed bullet": (lines("- en sak"), "råd", "skriven för hand"),
    "vague link": (lambda d: link(d, "här"), "fel", "inte vart den leder"),
    "bare link": (lambda d: link(d, "https://example.org/a"), "råd", "sin adress"),
    "empty link": (lambda d: link(d, ""), "fel", "saknar text"),
    "picture": (lambda d: picture(d, ""), "fel", "saknar alternativtext"),
    "file name": (lambda d: picture(d, "bild1.PNG"), "fel", "filnamn"),
    "no header": (lambda d: table(d, header=False), "fel", "ingen rubrikrad"),
    "not described": (lambda d: table(d, described=False), "råd", "saknar beskrivning"),
    "merged": (lambda d: table(d).cell(1, 0).merge(d.tables[-1].cell(1, 1)), "fel", "sammanslagna"),
    "nested": (nested, "fel", "inne i en annan"),
    "pale": (pale, "fel", "kontrasten 2,3:1"),
}


def sound() -> Any:
    document = base_document()
    document.core_properties.title = "Prov"
    document.add_paragraph("Kapitel ett", style="Heading 1")
    document.add_paragraph("Text.")
    return document


def saved(document: Any, path: Path) -> Path:
    document.save(str(path))
    return path


def test_a_sound_file_has_nothing_to_remark_on(tmp_path: Path) -> None:
    document = sound()
    table(document)
    picture(document, "En grön ruta")
    link(document, "socialtjänstens riktlinjer")
    assert review(saved(document, tmp_path / "a.docx")) == []


@pytest.mark.parametrize("plant", PLANTED)
def test_each_fault_is_found_and_nothing_else(plant: str, tmp_path: Path) -> None:
    add, level, words = PLANTED[plant]
    document = sound()
    add(document)
    (remark,) = review(saved(document, tmp_path / "a.docx"))
    assert isinstance(remark, Remark)
    assert (remark.level, words in remark.problem) == (level, True), remark
    assert remark.fix and (
        "hela dokumentet" in remark.place or "”Kapitel ett”" in remark.place or "Djupt" in remark.place
    )


def test_a_decorative_picture_needs_no_words(tmp_path: Path) -> None:
    document = sound()
    picture(document, "")
    name = "http://schemas.microsoft.com/office/drawing/2017/decorative"
    mark = f'<adec:decorative xmlns:adec="{name}" val="1"/>'
    for one in document.element.body.iter(qn("wp:docPr")):
        one.append(parse_xml(mark))
    assert review(saved(document, tmp_path / "a.docx")) == []


def test_lines_to_write_on_are_no_empty_space(tmp_path: Path) -> None:
    document = sound()
    for _ in range(4):
        rule = f'<w:pBdr {W}><w:bottom w:val="single" w:sz="4" w:space="1" w:color="auto"/></w:pBdr>'
        document.add_paragraph()._p.get_or_add_pPr().append(parse_xml(rule))
    assert review(saved(document, tmp_path / "a.docx")) == []


def test_headings_are_known_in_swedish_and_by_outline_level(tmp_path: Path) -> None:
    document = sound()
    for style in document.styles.element:
        if style.get(qn("w:styleId")) == "Heading2":
            style.find(qn("w:name")).set(qn("w:val"), "Egen rubrik")  # known by its outline level alone
    paragraph = document.add_paragraph("Del")
    paragraph._p.style = "Heading2"
    document.add_paragraph("Under", style="Heading 3")
    assert review(saved(document, tmp_path / "a.docx")) == []


def test_a_swot_is_no_table_without_header(tmp_path: Path) -> None:
    word = WordFile("Prov")
    word.heading("SWOT")
    word.quadrants("SWOT", [(name, "E4F0E8", ["rad"]) for name in ("Styrkor", "Svagheter", "Möjligheter", "Hot")])
    with word.part(deeper=2):
        word.heading("Djupare")
        word.quadrants("SWOT", [(name, "E4F0E8", []) for name in ("Styrkor", "Svagheter", "Möjligheter", "Hot")])
    assert review(word.save(tmp_path / "a.docx")) == []


def test_a_long_text_without_headings_is_told(tmp_path: Path) -> None:
    document = base_document()
    document.core_properties.title = "Prov"
    lines(*(f"Stycke {number}." for number in range(20)))(document)
    (remark,) = review(saved(document, tmp_path / "a.docx"))
    assert "inga rubriker" in remark.problem


def test_the_command_tells_place_and_remedy_and_fails_only_on_faults(tmp_path: Path) -> None:
    document = sound()
    table(document, described=False)
    advice = saved(document, tmp_path / "råd.docx")
    table(document, header=False)
    fault = saved(document, tmp_path / "fel.docx")
    result = CliRunner().invoke(cli, ["review-docx", str(advice)])
    assert result.exit_code == 0 and "1 fil granskad: inga fel, 1 råd." in result.output
    result = CliRunner().invoke(cli, ["review-docx", str(advice), str(fault)])
    assert result.exit_code == 1 and "2 filer granskade: 1 fel, 2 råd." in result.output
    assert "fel.docx, tabell 2, under rubriken ”Kapitel ett”: Fel: Tabellen har ingen rubrikrad." in result.output
    assert "Gör så här: Markera första raden" in result.output


@pytest.mark.parametrize(
    ("name", "content"), [("a.docx", b"x"), ("b.doc", b"\xd0\xcf\x11\xe0" + bytes(600)), ("c.docx", None)]
)
def test_what_is_no_word_file_is_told_and_the_others_are_reviewed(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content:
        (tmp_path / name).write_bytes(content)
    good = WordFile("Prov")
    good.heading("Ett")
    good.table("Tal", [Column("a", 1)], [["1"]])
    path = good.save(tmp_path / "bra.docx")
    result = CliRunner().invoke(cli, ["review-docx", str(tmp_path / name), str(path)])
    assert result.exit_code == 1 and "2 filer granskade: 1 fel, inga råd." in result.output
    assert "Traceback" not in result.output
