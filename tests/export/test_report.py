"""The report as a reader meets it: right numbers, valid Word, accessible, and nothing lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from openxml_audit import OpenXmlValidator

from intervjukit.errors import FileError, RuleError
from intervjukit.export.accessibility import review
from intervjukit.study import Study

CHAPTERS = [
    "Sammanfattning",
    "Så gjordes studien",
    "Vad grupperna berättar",
    "Parternas bilder mot varandra",
    "Det som återkommer",
    "SWOT",
    "Åtgärder",
    "Den röda tråden",
    "Bilaga 1. Intervjuguider",
    "Bilaga 2. Kodbok",
    "Bilaga 3. Alla fynd med citat",
    "Bilaga 4. Så räknas mängdorden",
    "Bilaga 5. Metod i detalj",
    "Bilaga 6. Checklista för redovisning (COREQ)",
]


@pytest.fixture(scope="module")
def written(full_original: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Study]:
    """The report on the whole example study, and the study."""
    folder = Path(shutil.copytree(full_original, tmp_path_factory.mktemp("rapport") / "studie"))
    study = Study.open(folder, coder="MK")
    study.swot.draft()
    study.measures.draft()
    return study.report(folder / "rapport.docx", title="Hälsoflödet, påhittad"), study


def plain(text: str) -> str:
    return " ".join(text.split())


def cells(path: Path) -> list[list[list[str]]]:
    """Every table's rows of cell texts, read fast."""
    tables = []
    for table in Document(str(path)).element.body.iter(qn("w:tbl")):
        tables.append(
            [
                [
                    "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in tc.iter(qn("w:p")))
                    for tc in tr.iter(qn("w:tc"))
                ]
                for tr in table.iter(qn("w:tr"))
            ]
        )
    return tables


def test_the_file_is_valid_word_and_shuts_nobody_out(written: tuple[Path, Study]) -> None:
    assert review(written[0]) == []
    result = OpenXmlValidator().validate(str(written[0]))
    assert list(result.errors) == []


def test_every_chapter_is_there_in_order_and_levels_never_jump(written: tuple[Path, Study]) -> None:
    headings = [
        (int(p.style.name[-1]), p.text)
        for p in Document(str(written[0])).paragraphs
        if p.style is not None and p.style.name.startswith("Heading")
    ]
    assert [text for level, text in headings if level == 1] == CHAPTERS
    levels = [level for level, _ in headings]
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))
    assert all(text.strip() for _, text in headings)


def test_the_contents_list_the_headings_in_order_and_link_to_them(written: tuple[Path, Study]) -> None:
    document = Document(str(written[0]))
    body = document.element.body
    marks = {mark.get(qn("w:name")): mark.getparent() for mark in body.iter(qn("w:bookmarkStart"))}
    links = list(body.iter(qn("w:hyperlink")))
    listed = ["".join(t.text for t in link.iter(qn("w:t"))) for link in links]
    paragraphs = (Paragraph(p, document._body) for p in body.iter(qn("w:p")))
    headings = [p.text for p in paragraphs if p.style is not None and p.style.name in ("Heading 1", "Heading 2")]
    left = iter(headings)
    assert all(text in left for text in listed)  # a part of the headings, in their order
    assert {*CHAPTERS, "Sjukskrivna", "Kodning", "Styrkor"} <= {*listed}
    for link, text in zip(links, listed, strict=True):
        target = marks[link.get(qn("w:anchor"))]
        assert "".join(t.text for t in target.iter(qn("w:t"))) == text


def test_appendices_are_referred_to_by_fields_that_show_their_number(written: tuple[Path, Study]) -> None:
    with zipfile.ZipFile(written[0]) as archive:
        xml = archive.read("word/document.xml").decode()
    shown = dict(re.findall(r" REF ik_(\w+) \\h \\\* Lower </w:instrText>.*?<w:t [^>]*>([^<]*)<", xml))
    order = [heading.split(".")[0].lower() for heading in CHAPTERS if heading.startswith("Bilaga")]
    named = dict(zip(("guider", "kodbok", "fynd", "mangdord", "metodbilaga"), order, strict=False))
    assert shown == named


def test_fields_carry_their_results_and_ask_for_no_update(written: tuple[Path, Study]) -> None:
    with zipfile.ZipFile(written[0]) as archive:
        assert "updateFields" not in archive.read("word/settings.xml").decode()
        xml = archive.read("word/document.xml").decode()
    assert "w:dirty" not in xml
    assert xml.count('fldCharType="begin"') == xml.count('fldCharType="separate"') == xml.count('fldCharType="end"')
    for label in ("Tabell", "Figur"):
        pattern = rf"SEQ {label} .*?separate\"/></w:r><w:r[^>]*>(?:<w:rPr>.*?</w:rPr>)?<w:t[^>]*>(\d+)<"
        shown = [int(found) for found in re.findall(pattern, xml)]
        assert shown == list(range(1, len(shown) + 1))
        assert shown


def test_every_finding_stands_in_the_appendix_with_its_numbers_and_all_its_quotes(
    written: tuple[Path, Study],
) -> None:
    path, study = written
    tables = [rows for rows in cells(path) if rows[0][:3] == ["Part", "Tema", "Grupp"]]
    findings = study.findings()
    # one table per valence, in this order; a row is told by its party, theme and group
    told = {
        (valence, *row[:3]): (plain(row[3]), plain(row[5]))
        for valence, table in zip(("flaskhals", "framgang", "onskan"), tables, strict=True)
        for row in table[1:]
    }
    assert len(told) == sum(len(table) - 1 for table in tables) == len(findings)
    for finding in findings.itertuples():
        number, quoted = told[
            finding.valence,
            study.codebook.value_name("party", finding.party),
            study.codebook.code(finding.code).name,
            study.protocols[finding.group].group_name,
        ]
        assert number == f"{finding.n} av {finding.N}"
        for quote in finding.quotes:
            words, _, who = quote.rpartition(" (")
            assert f"”{plain(words)}” {who.rstrip(')')}" in quoted


def test_the_swot_and_measures_are_the_studys_own(written: tuple[Path, Study]) -> None:
    path, study = written
    text = plain(" ".join(cell for table in cells(path) for row in table for cell in row))
    for item in study.swot.items():
        assert f"{item.text} ({item.weight})" in text
    for measure in study.measures.items():
        assert measure.text in text


def test_pictures_say_what_they_show_and_tables_repeat_their_header(written: tuple[Path, Study]) -> None:
    path, study = written
    body = Document(str(path)).element.body
    described = [picture.get("descr") for picture in body.iter(qn("wp:docPr"))]
    first = study.ranking("flaskhals").iloc[0]
    assert len(described) > 3 and all(described)
    assert any(f"{first['name']} {first['n']}" in alt for alt in described)
    for table in body.iter(qn("w:tbl")):
        properties = table.find(qn("w:tblPr"))
        assert properties.find(qn("w:tblDescription")).get(qn("w:val"))
        rows = table.findall(qn("w:tr"))
        if properties.find(qn("w:tblLook")).get(qn("w:firstRow")) == "1":
            assert rows[0].find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
        assert all(row.find(qn("w:trPr")).find(qn("w:cantSplit")) is not None for row in rows)


def test_title_and_language_are_set_everywhere(written: tuple[Path, Study]) -> None:
    document = Document(str(written[0]))
    assert document.core_properties.title == "Hälsoflödet, påhittad"
    languages = {element.get(qn("w:val")) for element in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"sv-SE"}


def test_it_prints_through_libreoffice_without_an_empty_page(written: tuple[Path, Study], tmp_path: Path) -> None:
    if not (shutil.which("soffice") and shutil.which("pdftotext")):
        pytest.skip("LibreOffice och poppler-utils behövs för att skriva ut rapporten")
    profile = f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(written[0])]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "rapport.pdf"), "-"], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    pages = text.rstrip("\f").split("\f")
    assert len(pages) > 30
    assert all(len(page.split()) > 12 for page in pages)
    assert f"av {len(pages)}" in pages[-1]


def test_hostile_text_stays_text(small_study: Study, tmp_path: Path) -> None:
    hostile = "{% if x %} & <b>=1+1</b> \u202eabc \u200b {{ name }} ]]> &amp;"
    coded = small_study.transcript("S09")
    answer = next(coded.answers())
    quote = coded.turn_text(answer)[:40].strip()
    small_study.code("S09", quote, "samverkan", valence="flaskhals", party="vard")
    small_study.swot.draft(at_least=1)
    line = small_study.swot.items()[0]
    small_study.swot.edit(line.id, text=hostile)
    path = small_study.report(tmp_path / "r.docx", title=f"\x01{hostile}\x0b")
    assert hostile in "".join(t.text or "" for t in Document(str(path)).element.body.iter(qn("w:t")))
    assert list(OpenXmlValidator().validate(str(path)).errors) == []


def test_a_report_is_never_written_over_something_else(full_study: Study) -> None:
    database = full_study.folder / "study.db"
    before = database.read_bytes()
    with pytest.raises(FileError, match=r"slutar inte på \.docx"):
        full_study.report(database)
    assert database.read_bytes() == before


def test_nothing_coded_is_told_and_nothing_written(small_study: Study, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="ingenting är kodat"):
        small_study.report(tmp_path / "r.docx")
    assert list(tmp_path.glob("*.docx*")) == []


def test_a_report_that_cannot_be_written_leaves_what_was_there(
    small_study: Study, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    transcript = small_study.transcript("S09")
    quote = transcript.turn_text(next(transcript.answers())).split(".")[0]
    small_study.code("S09", quote, "samverkan", valence="flaskhals")
    target = tmp_path / "upptagen.docx"
    target.mkdir()
    with pytest.raises(FileError, match="går inte att skriva"):
        small_study.report(target)
    assert target.is_dir()
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []
