"""The building blocks: text stays text, fields carry their results, tables fit the paper, sections lie right."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator
from word_templates import normalised, png

from intervjukit.errors import FileError
from intervjukit.export import layout
from intervjukit.export.accessibility import review
from intervjukit.export.word import Cell, Column, WordFile, clean
from intervjukit.export.word_xml import as_cell, fitted

GOLDEN = Path(__file__).parent / "golden_word.xml"
HOSTILE = "{% if x %} & <b>=1+1</b> \u202eשלום abc \u200b {{ name }} ]]> &amp; [[titel]] 👍🏽 x\u0301"
CONTROLS = "\x00\x07\x0b\x1b\ufffe\ud800"
WHEN = datetime(2026, 4, 1, 12, tzinfo=UTC)
COLUMNS = [Column("Part", 3), Column("Antal", 1.5, number=True), Column("Citat", 8)]


def every_block(path: Path) -> Path:
    """Write a file with one of everything."""
    word = WordFile("Prov & titel", "Prov", made=WHEN)
    word.title_page("Prov & titel", "Påhittad", ["Rad ett", "Rad två"])
    word.contents()
    word.heading("Kapitel <ett>", new_page=True)
    word.text(["Se ", word.refer("siffror"), ", ", word.refer("bilden"), " och ", word.refer("guider"), "."])
    word.lead("Fet. ", ["Sedan ", word.refer("saknas", "ingenting"), "."])
    word.bullets(["ett", HOSTILE])
    word.text("Efter listan.")
    word.quote(f"  Rad\n  {HOSTILE}", "S01")
    word.table(
        "Siffror", COLUMNS, [["Vården", "3", HOSTILE], [Cell("Chef", bold=True), "", "två\nrader"]], name="siffror"
    )
    word.text("Efter tabellen.")
    word.quadrants("SWOT", [(name, "E4F0E8", ["en rad"]) for name in ("Styrkor", "Svagheter", "Möjligheter", "Hot")])
    word.figure(png(), "En bild", "En grön ruta", width=40, name="bilden")
    with word.part("fynd", title="Alla fynd", text="Inledande ord."):
        word.section(landscape=True)
        word.heading("Bilaga 1. Fynd")
        word.table("Fynd", COLUMNS, [["a", "1", "b"]])
    with word.part("guider"):
        word.heading("Bilaga 2. Guider", new_page=True)
        word.text("Sist.")
    return word.save(path)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return every_block(tmp_path_factory.mktemp("word") / "prov.docx")


def part(path: Path, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(name))


def texts(path: Path) -> str:
    return "".join(t.text or "" for t in part(path).iter(qn("w:t")))


def fields(path: Path) -> dict[str, list[str]]:
    """Each field's instruction with the results it shows."""
    xml = etree.tostring(part(path), encoding="unicode")
    found: dict[str, list[str]] = {}
    for told, shown in re.findall(r"<w:instrText[^>]*> (.*?) </w:instrText>.*?separate.*?</w:r>(.*?)<w:fldChar", xml):
        found.setdefault(told, []).append("".join(re.findall(r"<w:t[^>]*>([^<]*)<", shown)))
    return found


def test_one_of_everything_is_valid_word_and_accessible(written: Path) -> None:
    assert list(OpenXmlValidator().validate(str(written)).errors) == []
    assert review(written) == []


def test_the_file_is_as_it_was(written: Path) -> None:
    """Golden file; write it anew with INTERVJUKIT_GOLDEN=1 after looking at what has changed."""
    xml = normalised(written)
    if os.environ.get("INTERVJUKIT_GOLDEN"):
        GOLDEN.write_text(xml, encoding="utf-8", newline="\n")
    assert xml == GOLDEN.read_text(encoding="utf-8")


def test_references_show_what_they_refer_to_also_ahead(written: Path) -> None:
    told = fields(written)
    assert told["REF ik_siffror \\h \\* Lower"] == ["tabell 1"]
    assert told["REF ik_bilden \\h \\* Lower"] == ["figur 1"]
    assert told["REF ik_guider \\h \\* Lower"] == ["bilaga 2"]
    assert "Sedan ingenting." in texts(written)
    marks = [mark.get(qn("w:name")) for mark in part(written).iter(qn("w:bookmarkStart"))]
    numbers = [mark.get(qn("w:id")) for mark in part(written).iter(qn("w:bookmarkStart"))]
    assert {"ik_siffror", "ik_bilden", "ik_guider", "ik_fynd"} < {*marks}
    assert len({*numbers}) == len(numbers) and len({*marks}) == len(marks)


def test_a_profile_words_a_heading_and_an_appendix_keeps_its_number(written: Path) -> None:
    shown = [p.text for p in Document(str(written)).paragraphs]
    before = shown[shown.index("Inledande ord.") - 1]
    assert before == "Bilaga 1. Alla fynd" and shown.count(before) == 2  # in the contents as well


def test_an_appendix_lies_down_and_the_next_part_stands_again(written: Path) -> None:
    sizes = [section.page_width > section.page_height for section in Document(str(written)).sections]
    assert sizes == [False, True, False]
    lying = part(written).findall(f".//{qn('w:tbl')}")[2]
    assert int(lying.find(f"{qn('w:tblPr')}/{qn('w:tblW')}").get(qn("w:w"))) > 13_000


def test_quotes_with_signs_of_other_languages_stay_text(tmp_path: Path) -> None:
    word = WordFile(f"{CONTROLS}{HOSTILE}", HOSTILE)
    word.heading(f"{CONTROLS}{HOSTILE}")
    word.quote(HOSTILE + CONTROLS, HOSTILE)
    word.table(HOSTILE, [Column(HOSTILE, 1)], [[HOSTILE]], describe=f'"{HOSTILE}"\n')
    word.figure(png(), HOSTILE, f'"{HOSTILE}"')
    path = word.save(tmp_path / "r.docx")
    assert texts(path).count(HOSTILE) == 7
    assert Document(str(path)).core_properties.title == HOSTILE
    assert list(OpenXmlValidator().validate(str(path)).errors) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60))
@example("ett\r\ntvå\rtre")
def test_any_text_comes_back_as_it_was_written(tmp_path: Path, text: str) -> None:
    word = WordFile("x")
    word.text(text)
    word.table("t", [Column("a", 1)], [[text]])
    path = word.save(tmp_path / "r.docx")
    told = clean(text).replace("\r\n", "\n").replace("\r", "\n")
    body = part(path)[0]
    paragraph = "".join(
        "\n" if node.tag == qn("w:br") else node.text or "" for node in body[0].iter(qn("w:t"), qn("w:br"))
    )
    cell = list(body.iter(qn("w:tc")))[1]
    assert paragraph == told
    assert "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in cell.iter(qn("w:p"))) == told


def test_the_base_is_ours_swedish_and_has_nothing_stale(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        names = set(archive.namelist())
        settings_xml = archive.read("word/settings.xml").decode()
    assert not [name for name in names if "thumbnail" in name or "stylesWithEffects" in name or "customXml" in name]
    assert "updateFields" not in settings_xml and "attachedTemplate" not in settings_xml
    languages = {one.get(qn("w:val")) for one in part(written, "word/styles.xml").iter(qn("w:lang"))}
    assert languages == {"sv-SE"}
    properties = Document(str(written)).core_properties
    assert properties.language == "sv-SE" and properties.created == WHEN


@pytest.mark.parametrize("width", [3_000, 9_000, 14_000])
def test_columns_share_the_width_and_long_words_get_room_where_there_is_any(width: int) -> None:
    columns = [Column("Ansvarig", 1), Column("Citat", 9)]
    rows = [[as_cell("Försäkringskassan", 0), as_cell("ett och annat ord", 0)]]
    first, second = fitted(columns, rows, width)
    assert abs(first + second - width) <= 2 and first > 0 and second > 0
    assert first > width / 10
    if width > 4_000:
        assert first >= 17 * 100


def test_a_file_that_is_no_docx_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"slutar inte på \.docx"):
        WordFile("x").save(tmp_path / "x.doc")


def test_page_numbers_are_those_of_the_layout(tmp_path: Path) -> None:
    if not layout.available():
        pytest.skip("LibreOffice behövs för att räkna sidor")
    word = WordFile("Prov")
    word.contents()
    for number in range(3):
        word.heading(f"Kapitel {number}", new_page=True)
    path = word.save(tmp_path / "r.docx", page_numbers=True)
    pages = [shown for told, results in fields(path).items() if told.startswith("PAGEREF") for shown in results]
    assert pages == ["2", "3", "4"]
    (told,) = (told for told in fields(path) if told.startswith("TOC"))
    assert "\\n" not in told
    assert list(OpenXmlValidator().validate(str(path)).errors) == []


def test_without_page_numbers_the_contents_say_so_themselves(written: Path) -> None:
    (told,) = (told for told in fields(written) if told.startswith("TOC"))
    assert "\\n" in told and "PAGEREF" not in str(fields(written))


def test_it_prints_to_tagged_pdf_in_swedish_without_an_empty_page(written: Path, tmp_path: Path) -> None:
    if not layout.available():
        pytest.skip("LibreOffice behövs för att skriva ut")
    from pypdf import PdfReader

    export = 'pdf:writer_pdf_Export:{"PDFUACompliance":{"type":"boolean","value":"true"}}'
    profile = f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}"
    program = shutil.which("soffice") or "libreoffice"
    command = [program, profile, "--headless", "--convert-to", export, "--outdir", str(tmp_path), str(written)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    with PdfReader(tmp_path / "prov.pdf") as reader:
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] is True or str(root["/MarkInfo"]["/Marked"]) == "True"
        assert str(root["/Lang"]) == "sv-SE"
        assert reader.metadata is not None and reader.metadata.title == "Prov & titel"
        kinds = kinds_of(root["/StructTreeRoot"])
        assert all(len(page.extract_text().split()) > 4 for page in reader.pages)
    assert {"/H1", "/H2", "/Table", "/TH", "/Figure"} <= kinds


def kinds_of(node: object, depth: int = 0) -> set[str]:
    """The kinds of structure elements in a tagged PDF."""
    node = getattr(node, "get_object", lambda: node)()
    if isinstance(node, list):
        return set().union(*(kinds_of(one, depth + 1) for one in node)) if depth < 40 else set()
    if not isinstance(node, dict):
        return set()
    own = {str(node["/S"])} if "/S" in node else set()
    return own | (kinds_of(node["/K"], depth + 1) if "/K" in node else set())
