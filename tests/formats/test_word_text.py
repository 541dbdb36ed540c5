"""What a Word file says: every visible word once, in order, with what was left out told."""

from __future__ import annotations

from pathlib import Path

import pytest
from word_files import bold, para, run, table, word

from intervjukit.formats.word_text import Paragraph, read_word_text


def _texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in read_word_text(path)[0]]


def _kinds(path: Path) -> list[str]:
    return [doubt.kind for doubt in read_word_text(path)[1]]


def test_a_plain_file_gives_its_paragraphs_and_no_doubt(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", para("I: Hej?"), para(), para("R:\tJo,", " så\nhär."), para("  "))
    assert read_word_text(path) == ([Paragraph("I: Hej?"), Paragraph("R:\tJo, så\nhär.")], [])


def test_insertions_are_kept_deletions_left_out_and_both_told(tmp_path: Path) -> None:
    gone = "<w:del><w:r><w:delText>fel</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>flyttat</w:t></w:r></w:moveFrom>"
    path = word(
        tmp_path / "a.docx",
        para(run("R: ett"), f"<w:ins>{run(' två')}</w:ins>", gone, f"<w:moveTo>{run(' tre')}</w:moveTo>"),
        f"<w:ins>{para('infogat stycke')}</w:ins>",
        f"<w:del>{para('struket stycke')}</w:del>",
    )
    assert _texts(path) == ["R: ett två tre", "infogat stycke"]
    assert _kinds(path) == ["spårade ändringar"]


def test_a_deleted_row_is_left_out(tmp_path: Path) -> None:
    rows = table(("a", "b"), ("c", "d")).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>", 1)
    assert _texts(word(tmp_path / "a.docx", rows)) == ["c", "d"]


@pytest.mark.parametrize(
    ("props", "shown"),
    [
        ("<w:vanish/>", False),
        ('<w:vanish w:val="true"/>', False),
        ('<w:vanish w:val="0"/>', True),
        ('<w:vanish w:val="false"/>', True),
        ('<w:rStyle w:val="Dold"/>', False),
        ('<w:rStyle w:val="Dold"/><w:vanish w:val="0"/>', True),
    ],
)
def test_hidden_text_is_left_out_and_told_and_only_what_is_hidden(tmp_path: Path, props: str, shown: bool) -> None:
    path = word(tmp_path / "a.docx", para(run("R: öppet"), run(" Anna Svensson", props)))
    assert _texts(path) == ["R: öppet Anna Svensson" if shown else "R: öppet"]
    assert (_kinds(path) == []) == (shown and "rStyle" not in props)


def test_controls_are_read_and_their_unfilled_prompts_are_not(tmp_path: Path) -> None:
    def control(content: str, props: str = "") -> str:
        return f"<w:sdt><w:sdtPr>{props}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    path = word(
        tmp_path / "a.docx",
        control(para("stycke i kontroll")),
        para(run("före "), control(run("ifyllt")), run(" efter")),
        control(para("Klicka här för att ange text."), "<w:showingPlcHdr/>"),
        para(run("svar: "), control(run("Skriv här"), "<w:showingPlcHdr/>")),
        f"<w:tbl>{control('<w:tr>' + control('<w:tc>' + para('cell') + '</w:tc>') + '</w:tr>')}</w:tbl>",
    )
    assert _texts(path) == ["stycke i kontroll", "före ifyllt efter", "svar:", "cell"]
    assert read_word_text(path)[0][-1] == Paragraph("cell", table=1, row=1, cell=1)


def test_a_text_box_is_read_once_after_the_paragraph_it_is_anchored_in(tmp_path: Path) -> None:
    inside = f"<w:txbxContent>{para('ruta ett')}{para('ruta två')}</w:txbxContent>"
    both = (
        '<mc:AlternateContent><mc:Choice Requires="wps">'
        f"<w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    old = f"<w:r><w:pict><v:textbox><w:txbxContent>{para('gammal ruta')}</w:txbxContent></v:textbox></w:pict></w:r>"
    path = word(tmp_path / "a.docx", para(run("R: före "), f"<w:r>{both}</w:r>", run("efter")), para(run("sen"), old))
    assert _texts(path) == ["R: före efter", "ruta ett", "ruta två", "sen", "gammal ruta"]
    assert _kinds(path) == ["textruta"]


def test_the_newer_of_two_alternatives_is_read(tmp_path: Path) -> None:
    choice = f'<mc:Choice Requires="wps">{run("nytt")}</mc:Choice>'
    both = f"<mc:AlternateContent>{choice}<mc:Fallback>{run('gammalt')}</mc:Fallback></mc:AlternateContent>"
    assert _texts(word(tmp_path / "a.docx", para(run("R: "), both))) == ["R: nytt"]


def test_tables_inside_tables_are_read_once_with_places_of_their_own(tmp_path: Path) -> None:
    inner = table(("x", "y"))
    path = word(tmp_path / "a.docx", table(("a", para("b") + inner + para("c")), ("d", "e")))
    assert read_word_text(path)[0] == [
        Paragraph("a", table=1, row=1, cell=1),
        Paragraph("b", table=1, row=1, cell=2),
        Paragraph("x", table=2, row=1, cell=1),
        Paragraph("y", table=2, row=1, cell=2),
        Paragraph("c", table=1, row=1, cell=2),
        Paragraph("d", table=1, row=2, cell=1),
        Paragraph("e", table=1, row=2, cell=2),
    ]


def test_links_and_fields_are_read_and_field_codes_are_not(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx",
        para(run("se "), f"<w:hyperlink>{run('länken')}</w:hyperlink>", f"<w:fldSimple>{run(' 3')}</w:fldSimple>"),
        para("<w:r><w:instrText>PAGE</w:instrText></w:r>", run("sida")),
    )
    assert _texts(path) == ["se länken 3", "sida"]


def test_breaks_hyphens_and_fixed_spaces_are_kept_as_characters(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx",
        para(
            "<w:r><w:t>e</w:t><w:noBreakHyphen/><w:t>post</w:t><w:br/>"
            "<w:t>10\u00a0000</w:t><w:softHyphen/><w:cr/><w:t>x</w:t></w:r>"
        ),
    )
    assert _texts(path) == ["e-post\n10\u00a0000\nx"]


def test_bold_is_every_word_and_may_come_from_a_style(tmp_path: Path) -> None:
    path = word(
        tmp_path / "a.docx",
        para(bold("Hela frågan?"), run("  ")),
        para(bold("Halva"), " frågan?"),
        para("Fet stil?", style="Fet"),
        para("Ärvd fet stil?", style="Fetare"),
        para(run("Släckt", '<w:b w:val="0"/>'), style="Fet"),
        para("Rubrik", style="Rubrik1"),
    )
    assert [(p.bold, p.heading) for p in read_word_text(path)[0]] == [
        (True, False), (False, False), (True, False), (True, False), (False, False), (False, True),
    ]  # fmt: skip


def test_what_is_not_read_in_is_told(tmp_path: Path) -> None:
    marks = '<w:r><w:commentReference w:id="1"/></w:r><w:r><w:footnoteReference w:id="1"/></w:r>'
    path = word(tmp_path / "a.docx", para(run("R: hej"), marks), '<w:altChunk w:id="x"/>')
    assert _kinds(path) == ["fotnoter", "inbäddat dokument"]
