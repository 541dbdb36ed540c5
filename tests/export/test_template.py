"""The customer's template: styles, header and logo stay, the report stands where it says, and nothing else leaks."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator
from word_templates import INK, W, control, make_template

from intervjukit.errors import FileError, RuleError
from intervjukit.export.template import TAGS
from intervjukit.export.word import Column, WordFile
from intervjukit.formats.guard import check_word_file
from intervjukit.reporting import check_template

HOSTILE = "[[titel]] {{ titel }} {% if x %} & <b> \u202eabc"
VALUES = {"titel": f"Vår rapport {HOSTILE}", "antal": "33", "grupp": "chefer och läkare", "datum": "1 april 2026"}


def write(template: Path, path: Path, *, landscape: bool = True) -> Path:
    """Write a small report in a template."""
    word = WordFile("Vår rapport", template_file=template, values=VALUES)
    word.contents()
    word.heading("Kapitel ett", new_page=True)
    word.bullets([HOSTILE])
    word.quote(HOSTILE, "S01")
    word.table("Tal", [Column("Part", 1), Column("Citat", 3)], [["Försäkringskassan", HOSTILE]])
    if landscape:
        with word.part("fynd"):
            word.section(landscape=True)
            word.heading("Bilaga 1. Fynd")
            word.table("Fynd", [Column("a", 1)], [["b"]])
    word.heading("Sist")
    return word.save(path)


def texts(path: Path) -> list[str]:
    body = Document(str(path)).element.body
    found = ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))
    return [text for text in found if text]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mallar")


@pytest.fixture(scope="module")
def written(folder: Path) -> Path:
    return write(make_template(folder / "kommun.dotx", own_contents=True), folder / "r.docx")


@pytest.mark.parametrize(("place", "ending"), [("control", ".dotx"), ("text", ".docx"), ("", ".dotx")])
def test_the_report_stands_where_the_template_says_and_the_file_is_valid(
    tmp_path: Path, ending: str, place: str
) -> None:
    template = make_template(tmp_path / f"mall{ending}", place=place)
    check_word_file(template)
    assert list(OpenXmlValidator().validate(str(template)).errors) == []
    path = write(template, tmp_path / "r.docx")
    assert list(OpenXmlValidator().validate(str(path)).errors) == []
    shown = texts(path)
    before, after = "Förord som mallen redan har.", "Slutord som mallen redan har."
    order = [before, "Kapitel ett", "Sist", after] if place else [before, after, "Kapitel ett", "Sist"]
    headings = [p.text for p in Document(str(path)).paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings == ["Kapitel ett", "Bilaga 1. Fynd", "Sist"]
    assert [text for text in dict.fromkeys(reversed(shown)) if text in order][::-1] == order
    assert not [text for text in shown if "rapport]]" in text or "Här kommer" in text]


def test_styles_are_theirs_by_name_and_what_is_missing_follows_them(written: Path) -> None:
    document = Document(str(written))
    styles = {style.name: style for style in document.styles}
    used = {p.text: p.style for p in document.paragraphs if p.style is not None}
    assert used["Kapitel ett"].style_id == "Rubrik1"
    assert str(used["Kapitel ett"].font.color.rgb) == INK
    quote, bullet = styles["Quote"], styles["List Bullet"]
    assert quote.font.name is None and quote.base_style.name == "Normal"  # so it has the template's font
    assert quote.font.size.pt == pytest.approx(10 * 12 / 10.5, abs=0.5)
    assert bullet.element.find(f".//{qn('w:numId')}") is not None
    heads = [cell.get(qn("w:fill")) for cell in document.element.body.iter(qn("w:shd"))]
    assert heads.count(INK) == 3  # the header cells of both tables
    assert {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))} == {"sv-SE"}


def test_header_footer_and_paper_stay_theirs_also_on_pages_that_lie_down(written: Path) -> None:
    document = Document(str(written))
    first, lying, last = document.sections
    assert [s.page_width > s.page_height for s in (first, lying, last)] == [False, True, False]
    assert (first.left_margin.cm, first.right_margin.cm) == (pytest.approx(4, abs=0.1), pytest.approx(3, abs=0.1))
    for section in (first, lying, last):
        assert "Exempelkommunen" in section.header.paragraphs[0].text
        assert section.footer.paragraphs[0].text == "1 april 2026"
    assert first.different_first_page_header_footer and not lying.different_first_page_header_footer
    assert first.header._element.find(f".//{qn('wp:docPr')}").get("descr") == "Exempelkommunens märke"
    widths = [int(table.find(f".//{qn('w:tblW')}").get(qn("w:w"))) for table in document.element.body.iter(qn("w:tbl"))]
    assert widths[0] <= 14 * 567 + 3 and widths[1] > 20 * 567


def test_small_values_stand_in_controls_and_marks_and_text_is_never_a_template(written: Path) -> None:
    shown = texts(written)
    assert VALUES["titel"] in shown
    assert "Antal intervjuade: 33 i grupperna chefer och läkare." in shown
    assert HOSTILE in shown and f"”{HOSTILE}”  S01" in shown
    title = next(Document(str(written)).element.body.iter(qn("w:sdt")))
    assert title.find(f".//{qn('w:dataBinding')}") is None and title.find(f".//{qn('w:showingPlcHdr')}") is None
    assert title.find(f".//{qn('w:b')}") is not None


def test_the_templates_own_contents_are_written_anew_in_their_place(written: Path) -> None:
    shown = texts(written)
    assert "Gammal rad ett" not in shown and "Gammal rad två" not in shown
    links = [
        "".join(t.text for t in link.iter(qn("w:t")))
        for link in Document(str(written)).element.body.iter(qn("w:hyperlink"))
    ]
    assert links == ["Kapitel ett", "Bilaga 1. Fynd", "Sist"]
    assert shown.index("Kapitel ett") > shown.index("Förord som mallen redan har.")
    assert "Innehåll" not in shown


def test_contents_without_an_end_are_left_alone(tmp_path: Path) -> None:
    document = Document()
    broken = document.add_paragraph()
    for xml in ('<w:fldChar w:fldCharType="begin"/>', '<w:instrText xml:space="preserve"> TOC </w:instrText>'):
        broken._p.append(parse_xml(f"<w:r {W}>{xml}</w:r>"))
    document.add_paragraph("Efter.")
    document.save(str(tmp_path / "m.docx"))
    shown = texts(write(tmp_path / "m.docx", tmp_path / "r.docx"))
    assert "Efter." in shown and "Innehåll" in shown


def test_nothing_is_fetched_from_elsewhere_when_it_is_opened(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        relations = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels"))
        kinds = archive.read("[Content_Types].xml").decode()
    assert 'TargetMode="External"' not in relations and "annan.dotm" not in relations
    assert "template.main" not in kinds


def test_a_template_that_lies_down_at_the_end_keeps_doing_so(tmp_path: Path) -> None:
    path = write(make_template(tmp_path / "m.dotx", place="text", landscape_end=True), tmp_path / "r.docx")
    lying = [section.page_width > section.page_height for section in Document(str(path)).sections]
    assert lying == [False, True, False, True]
    assert list(OpenXmlValidator().validate(str(path)).errors) == []


def test_a_template_with_next_to_nothing_in_it_works(tmp_path: Path) -> None:
    """No numbering, no default language, no style but Normal: the rest is supplied."""
    document = Document()
    styles = document.styles.element
    for style in [*styles.iterchildren(qn("w:style"))]:
        if style.get(qn("w:styleId")) not in ("Normal", "DefaultParagraphFont", "TableNormal", "NoList"):
            styles.remove(style)
    for defaults in styles.findall(qn("w:docDefaults")):
        styles.remove(defaults)
    for key, relation in [*document.part.rels.items()]:
        if relation.reltype.endswith(("/numbering", "/stylesWithEffects")):
            del document.part.rels[key]
    document.save(str(tmp_path / "tom.docx"))
    path = write(tmp_path / "tom.docx", tmp_path / "r.docx")
    assert list(OpenXmlValidator().validate(str(path)).errors) == []
    made = Document(str(path))
    assert {p.style.name for p in made.paragraphs if p.style} >= {"Heading 1", "List Bullet", "Quote", "Caption"}


def test_marks_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("[[rapport]]")
    document.element.body.sectPr.addprevious(parse_xml(control("ik.rapport", "här", block=True)))
    document.save(str(tmp_path / "två.docx"))
    with pytest.raises(RuleError, match="mer än en plats"):
        WordFile("x", template_file=tmp_path / "två.docx")
    document = Document()
    document.add_paragraph("Här är den: [[Rapport]].")
    document.save(str(tmp_path / "inne.docx"))
    with pytest.raises(RuleError, match="inne i ett stycke"):
        WordFile("x", template_file=tmp_path / "inne.docx")
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "[[rapport]]"
    document.save(str(tmp_path / "tabell.docx"))
    with pytest.raises(RuleError, match="ligger i en tabell"):
        WordFile("x", template_file=tmp_path / "tabell.docx")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("mall.doc", b"\xd0\xcf\x11\xe0", "gammalt Word-dokument"),
        ("mall.docm", b"PK\x03\x04", "makron"),
        ("mall.dotm", b"PK\x03\x04", "makron"),
        ("mall.ott", b"PK\x03\x04", "LibreOffice-mall"),
        ("mall.pdf", b"%PDF", "ingen Word-mall"),
        ("mall.dotx", b"\xd0\xcf\x11\xe0" + bytes(600), "lösenord"),
        ("mall.docx", b"PK\x03\x04 trasig", "skadad"),
    ],
)
def test_what_is_no_template_is_refused_in_swedish(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(FileError) as error:
        check_template(file, tmp_path / "r.docx")
    assert told in str(error.value) and error.value.fix


def test_macros_under_another_name_are_refused(tmp_path: Path) -> None:
    make_template(tmp_path / "m.docx")
    with zipfile.ZipFile(tmp_path / "m.docx", "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    with pytest.raises(FileError, match="makron"):
        check_template(tmp_path / "m.docx", tmp_path / "r.docx")


def test_a_report_never_overwrites_its_template(tmp_path: Path) -> None:
    template = make_template(tmp_path / "m.docx")
    with pytest.raises(FileError, match="sin egen mall"):
        check_template(template, tmp_path / "." / "m.docx")
    with pytest.raises(FileError, match="finns inte"):
        check_template(tmp_path / "borta.dotx", tmp_path / "r.docx")


def test_every_value_a_template_may_ask_for_is_described() -> None:
    text = (Path(__file__).parents[2] / "docs" / "filformat.md").read_text(encoding="utf-8")
    assert [name for name in TAGS if f"`[[{name}]]`" not in text] == []
