"""REFI-QDA files: valid by the schemas, read back whole, and refused when they would do harm."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from intervjukit.core.codebook import Codebook, Facet, FacetValue
from intervjukit.core.exchange import (
    Project,
    ProjectCase,
    ProjectCode,
    ProjectNote,
    ProjectSet,
    ProjectSource,
    Selection,
    User,
    new_guid,
)
from intervjukit.errors import FaultyFileError, FileError, IntervjukitError
from intervjukit.formats.codebooks import codebook_yaml
from intervjukit.formats.refi import project_xml, write_codebook, write_project
from intervjukit.formats.refi_codebook import project_codes, read_book, standard_book
from intervjukit.formats.refi_read import read_codebook_file, read_project

SCHEMAS = Path(__file__).parents[1] / "refi"
TEXT = "Jag väntade länge 😀\npå besked.\n\nSen ringde de."


@pytest.fixture(scope="module")
def project_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "project.xsd"))


def guid(*parts: object) -> str:
    return new_guid("prov", *parts)


def small() -> Project:
    """A project with something of everything."""
    codes = (
        ProjectCode(guid("a"), 'A & <b> "c"', description="Rad\n<rad> & två", colour="#FF8800"),
        ProjectCode(guid("b"), "B", guid("a"), codable=False),
    )
    sources = (
        ProjectSource(guid("s"), "S01", TEXT, "Om källan", {"Datum": "2026-03-02"}, "2026-11-22T05:00:00+00:00"),
        ProjectSource(guid("t"), "S02", "Kort."),
    )
    return Project(
        "Prov & <test>",
        "Prov",
        users=(User(guid("u"), "Åsa <B>"),),
        codes=codes,
        sources=sources,
        cases=(ProjectCase(guid("c"), "S01", (guid("s"),), {"Ålder": "34", "tomt": ""}, "Om fallet"),),
        selections=(
            Selection(guid(1), guid("s"), 0, 11, (guid("a"), guid("b")), guid("u"), "2026-11-22T05:00:00+00:00"),
            Selection(guid(2), guid("s"), 4, 30, (guid("a"),), guid("u")),
            Selection(guid(3), guid("s"), 4, 11),
        ),
        notes=(
            ProjectNote(guid("n1"), "Om projektet\r\n& <så>", user=guid("u"), name="Ett"),
            ProjectNote(guid("n2"), "Om koden", "code", guid("a"), name="Två"),
            ProjectNote(guid("n3"), "Om fallet", "case", guid("c"), name="Tre"),
            ProjectNote(guid("n4"), "Om källan", "source", guid("t"), name="Fyra"),
            ProjectNote(guid("n5"), "Om stället", "selection", guid(3), name="Fem"),
        ),
        sets=(ProjectSet(guid("set"), "Mängd", "Om den", (guid("a"),), (guid("s"), guid("t"))),),
    )


def packed(target: Path, xml: str | bytes, **files: bytes) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("project.qde", xml)
        for name, data in files.items():
            archive.writestr(f"sources/{name}.txt", data)
    return target


# --- out and in -------------------------------------------------------------------------------------


def test_a_project_is_valid_and_comes_back_whole(project_schema: etree.XMLSchema, tmp_path: Path) -> None:
    write_project(small(), tmp_path / "p.qdpx")
    project_schema.assertValid(etree.fromstring(project_xml(small()).encode()))
    found = read_project(tmp_path / "p.qdpx")
    assert replace(found, remarks=(), extra={}) == small()


def test_a_project_with_nothing_in_it_is_valid(project_schema: etree.XMLSchema, tmp_path: Path) -> None:
    project_schema.assertValid(etree.fromstring(project_xml(Project("")).encode()))
    write_project(Project("tomt"), tmp_path / "p.qdpx")
    assert read_project(tmp_path / "p.qdpx") == Project("tomt", "Intervjukit")


def test_the_same_project_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        write_project(small(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_code_book_is_valid_and_comes_back_as_it_was(tmp_path: Path) -> None:
    book = replace(standard_book(), compounds=(("vård", "kö"), ("förväntan",)))
    codes, sets = project_codes(book, codebook_yaml(book), lambda kind, own: guid(kind, own), {"ansvar": "#123456"})
    write_codebook(codes, sets, tmp_path / "bok.qdc")
    etree.XMLSchema(etree.parse(SCHEMAS / "codebook.xsd")).assertValid(etree.parse(tmp_path / "bok.qdc"))
    project = read_codebook_file(tmp_path / "bok.qdc")
    assert (project.codes, project.sets) == (codes, sets)
    read = read_book(project.codes, project.sets, replace(book, facets=()), "annat")
    assert read.book == book
    assert read.colours["ansvar"] == "#123456"


def test_a_description_reads_as_plain_words(tmp_path: Path) -> None:
    book = standard_book()
    codes, _ = project_codes(book, codebook_yaml(book), lambda kind, own: guid(kind, own), {})
    assert codes[0].description.startswith("definition: ")
    assert "\nnär: " in codes[0].description and codes[0].description.endswith(f"\nid: {book.codes[0].id}")


def test_a_name_changed_in_another_program_is_the_code_s_name(tmp_path: Path) -> None:
    book = standard_book()
    codes, sets = project_codes(book, codebook_yaml(book), lambda kind, own: guid(kind, own), {})
    renamed = (replace(codes[0], name="Nytt namn", parent=codes[1].guid), *codes[1:])
    first = next(code for code in read_book(renamed, sets, book, "x").book if code.id == book.codes[0].id)
    assert (first.name, first.parent) == ("Nytt namn", book.codes[1].id)
    assert first.definition == book.codes[0].definition


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t&<>\"'😀"), max_size=30
)


@settings(max_examples=25, deadline=None)
@given(name=WORDS, about=WORDS, note=WORDS.filter(str.strip), value=WORDS)
def test_any_words_come_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, about: str, note: str, value: str
) -> None:
    target = tmp_path_factory.getbasetemp() / "ord.qdpx"
    code = ProjectCode(guid("a"), name, description=about)
    case = ProjectCase(guid("c"), name, variables={"v": value})
    write_project(
        Project("p", "x", codes=(code,), cases=(case,), notes=(ProjectNote(guid("n"), note, name="n"),)), target
    )
    found = read_project(target)
    assert (found.codes, found.cases, found.notes[0].text) == ((code,), (case,), note)


SMALL = Codebook("x", "X", facets=(Facet("valence", "Slag", values=(FacetValue("hinder", "Hinder"),)),))
ANY = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufffe"), max_size=20)


@settings(max_examples=40, deadline=None)
@given(codes=st.lists(st.tuples(ANY, ANY, st.integers(0, 9)), min_size=1, max_size=6), title=ANY)
def test_any_codes_of_another_program_make_a_code_book(codes: list[tuple[str, str, int]], title: str) -> None:
    foreign = [
        ProjectCode(guid(n), name, guid(above) if above < n else None, about)
        for n, (name, about, above) in enumerate(codes)
    ]
    read = read_book(foreign, [], SMALL, title)
    ids = [read.meanings[code.guid].code for code in foreign]
    assert [code.id for code in read.book] == ids
    assert len(set(ids)) == len(codes)
    assert [code.parent for code in read.book] == [
        ids[above] if above < n else None for n, (_, _, above) in enumerate(codes)
    ]
    assert read.book.facets == SMALL.facets


# --- quirks -----------------------------------------------------------------------------------------


def test_a_selection_by_two_users_becomes_one_for_each(tmp_path: Path) -> None:
    xml = f"""<Project name="p"><CodeBook><Codes><Code guid="{guid("a")}" name="A" isCodable="true"/></Codes></CodeBook>
    <Sources><TextSource guid="{guid("s")}" name="S" plainTextPath="internal://s.txt">
    <PlainTextSelection guid="{guid(1)}" startPosition="0" endPosition="3">
    <Coding guid="{guid(2)}" creatingUser="{guid("u")}"><CodeRef targetGUID="{guid("a")}"/></Coding>
    <Coding guid="{guid(3)}" creatingUser="{guid("v")}"><CodeRef targetGUID="{guid("a")}"/></Coding>
    </PlainTextSelection></TextSource></Sources></Project>"""
    found = read_project(packed(tmp_path / "p.qdpx", xml, s=b"Jag kom."))
    assert [(each.user, each.codes) for each in found.selections] == [
        (guid("u"), (guid("a"),)),
        (guid("v"), (guid("a"),)),
    ]
    assert len({each.guid for each in found.selections}) == 2
    assert [user.guid for user in found.users] == [guid("u"), guid("v")]


def test_what_is_coded_in_a_picture_or_on_a_page_is_told_and_its_text_is_read(tmp_path: Path) -> None:
    coded = f'<Coding guid="{guid(9)}"><CodeRef targetGUID="{guid("a")}"/></Coding>'
    xml = f"""<Project name="p"><Sources>
    <PDFSource guid="{guid("pdf")}" name="Sida"><PDFSelection guid="{guid(1)}" page="0">{coded}</PDFSelection>
    <Representation guid="{guid("r")}" plainTextPath="internal://s.txt">
    <PlainTextSelection guid="{guid(2)}" startPosition="0" endPosition="3">{coded}</PlainTextSelection></Representation>
    </PDFSource>
    <PictureSource guid="{guid("bild")}" name="Bild"><PictureSelection guid="{guid(3)}">{coded}</PictureSelection>
    </PictureSource>
    <AudioSource guid="{guid("ljud")}" name="Ljud"><Transcript guid="{guid("tr")}" plainTextPath="internal://s.txt">
    <SyncPoint guid="{guid("p1")}" position="4"/><SyncPoint guid="{guid("p2")}" position="7"/>
    <TranscriptSelection guid="{guid(4)}" fromSyncPoint="{guid("p1")}" toSyncPoint="{guid("p2")}">{coded}
    </TranscriptSelection></Transcript></AudioSource></Sources></Project>"""
    found = read_project(packed(tmp_path / "p.qdpx", xml, s=b"Jag kom."))
    assert [(found.quote(each), each.source) for each in found.selections] == [
        ("Jag", guid("pdf")),
        ("kom", guid("ljud")),
    ]
    assert sum("1 kodade ställen i bild, ljud eller på sidor" in remark for remark in found.remarks) == 2


def test_a_source_that_is_only_a_word_file_is_placed_by_its_words(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("Det tog lång tid.")
    document.add_paragraph("Sedan ringde de.")
    document.save(tmp_path / "k.docx")
    selections = "".join(
        f'<PlainTextSelection guid="{guid(n)}" name="{words}" startPosition="{n}" endPosition="{n + 9}"/>'
        for n, words in ((300, "lång tid"), (500, "ringde de"), (700, "finns inte"))
    )
    xml = f"""<Project name="p"><Sources><TextSource guid="{guid("s")}" name="S" richTextPath="internal://k.docx">
    {selections}</TextSource></Sources></Project>"""
    packed(tmp_path / "p.qdpx", xml)
    with zipfile.ZipFile(tmp_path / "p.qdpx", "a") as archive:
        archive.write(tmp_path / "k.docx", "sources/k.docx")
    found = read_project(tmp_path / "p.qdpx")
    assert [found.quote(each) for each in found.selections] == ["lång tid", "ringde de"]
    assert any("finns inte" in remark and "gick inte att placera" in remark for remark in found.remarks)


def test_a_place_outside_its_text_is_told_and_the_others_come(tmp_path: Path) -> None:
    xml = f"""<Project name="p"><Sources><TextSource guid="{guid("s")}" name="S" plainTextPath="s.txt">
    <PlainTextSelection guid="{guid(1)}" startPosition="0" endPosition="3"/>
    <PlainTextSelection guid="{guid(2)}" startPosition="4" endPosition="900"/></TextSource></Sources></Project>"""
    found = read_project(packed(tmp_path / "p.qdpx", xml, s=b"Jag kom."))
    assert [found.quote(each) for each in found.selections] == ["Jag"]
    assert any("Markeringen 4–900 i ”S” gick inte att placera" in remark for remark in found.remarks)


def test_nothing_outside_the_archive_is_ever_opened(tmp_path: Path) -> None:
    (tmp_path / "hemligt.txt").write_text("Hemligt.", encoding="utf-8")
    for path in ("../hemligt.txt", f"absolute://{tmp_path}/hemligt.txt", f"file://{tmp_path}/hemligt.txt"):
        xml = f"""<Project name="p"><Sources><TextSource guid="{guid("s")}" name="S" plainTextPath="{path}"/>
        </Sources></Project>"""
        found = read_project(packed(tmp_path / "p.qdpx", xml))
        assert found.sources == () and "har ingen text" in found.remarks[0]


# --- broken and hostile -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "told"),
    [
        ("<Project", "går inte att läsa som XML"),
        ("<Annat/>", "inget REFI-QDA-projekt"),
        ('<!DOCTYPE p [<!ENTITY a "b">]><Project name="&a;"/>', "DTD"),
        ('<!DOCTYPE p SYSTEM "file:///etc/passwd"><Project name="x"/>', "DTD"),
        ("", "går inte att läsa som XML"),
        ("<a>" * 400, "går inte att läsa som XML"),
    ],
)
def test_broken_or_hostile_xml_is_refused(xml: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=told):
        read_project(packed(tmp_path / "p.qdpx", xml))
    (tmp_path / "p.qdc").write_text(xml or " ", encoding="utf-8")
    with pytest.raises(FileError):
        read_codebook_file(tmp_path / "p.qdc")


def test_an_archive_with_two_projects_or_none_is_refused(tmp_path: Path) -> None:
    for names, told in ((("a.qde", "b.qde"), "flera projekt"), (("x.txt",), "inget REFI-QDA-projekt")):
        with zipfile.ZipFile(tmp_path / "p.qdpx", "w") as archive:
            for name in names:
                archive.writestr(name, "<Project/>")
        with pytest.raises(FileError, match=told):
            read_project(tmp_path / "p.qdpx")


def test_a_text_that_is_no_text_is_named(tmp_path: Path) -> None:
    xml = f"""<Project name="p"><Sources><TextSource guid="{guid("s")}" name="Ett" plainTextPath="internal://s.txt"/>
    <TextSource guid="{guid("s")}" name="Två" plainTextPath="internal://s.txt"/></Sources></Project>"""
    with pytest.raises(FaultyFileError) as caught:
        read_project(packed(tmp_path / "p.qdpx", xml, s=b"a\x00b"))
    assert "Källan ”Ett” går inte att läsa: Texten innehåller NUL-tecken" in caught.value.faults[0].message


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.qdpx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b" " * (30 << 20))
    with pytest.raises(FileError, match="orimligt stor"):
        read_project(tmp_path / "p.qdpx")


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_file_gives_an_error_of_ours_or_is_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    xml = bytearray(("<?xml version='1.0'?>" + project_xml(small())).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(xml) - 1))
        xml[at : at + data.draw(st.integers(0, 40))] = data.draw(
            st.binary(max_size=8) | st.sampled_from([b"<", b'"', b"-1"])
        )
    texts = {source.guid: source.text.encode() for source in small().sources}
    target = packed(folder / "skadad.qdpx", bytes(xml), **texts)
    if data.draw(st.booleans()):
        whole = bytearray(target.read_bytes())
        whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
        target.write_bytes(whole)
    try:
        found = read_project(target)
    except IntervjukitError as error:
        assert error.problem and error.fix
    else:
        assert all(0 <= s.start < s.end <= len(found.text_of[s.source]) for s in found.selections)
