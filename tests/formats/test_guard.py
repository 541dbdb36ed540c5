"""Hostile and broken Word files: each is refused with one clear error, in bounded memory and time."""

from __future__ import annotations

import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_files import CANARY, HEAD, TAIL, TALK, W, para, parts, rels, save, types, word

from intervjukit.errors import FileError, IntervjukitError
from intervjukit.formats import guard
from intervjukit.formats.transcripts import read_interview
from intervjukit.formats.word_text import read_word_text

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
DECK = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
DTD = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname"><!ENTITY c "{CANARY}">]>'


EACH = (guard.check_word_file, read_word_text, read_interview)


def _refused(path: Path, *told: str, by: Sequence[Callable[[Path], object]] = EACH) -> None:
    for read in by:
        with pytest.raises(FileError) as caught:
            read(path)
        assert path.name in caught.value.problem
        for part in told:
            assert part in caught.value.problem
        assert caught.value.fix.endswith(".")
        assert CANARY not in str(caught.value)


def test_a_sound_file_is_let_through_and_its_parts_are_named(tmp_path: Path) -> None:
    path = word(tmp_path / "S01.docx", TALK)
    assert guard.check_word_file(path) == guard.WordParts("word/document.xml", "word/styles.xml")
    assert len(read_interview(path).utterances) == 4


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "inget Word-dokument"),
        (b"hej", "inget Word-dokument"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "gammalt Word-dokument (.doc) eller skyddat med lösenord"),
        (b"PK\x03\x04", "är skadad"),
        (b"PK\x03\x04" + b"\0" * 3000, "är skadad"),
        (b"%PDF-1.7", "inget Word-dokument"),
    ],
)
def test_what_is_no_word_file_is_told_by_name(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "S01.docx"
    path.write_bytes(content)
    _refused(path, told, by=EACH[:2])
    with pytest.raises(FileError, match=r"S01\.docx"):
        read_interview(path)


CHANGED: dict[str, tuple[dict[str, str | bytes | None], str]] = {
    "macros": ({"word/vbaProject.bin": b"x"}, "makron"),
    "macros elsewhere in capitals": ({"Word/VBAPROJECT.BIN": b"x"}, "makron"),
    "docm": ({"[Content_Types].xml": types(kind=MACROS)}, "makron"),
    "xlsx": ({"[Content_Types].xml": types("/xl/workbook.xml", SHEET), "word/document.xml": None}, "Excel"),
    "pptx": ({"[Content_Types].xml": types("/ppt/presentation.xml", DECK), "word/document.xml": None}, "PowerPoint"),
    "no document": ({"word/document.xml": None}, "saknar dokumenttext"),
    "dtd in the text": ({"word/document.xml": DTD + HEAD + para("&c;") + TAIL}, "dokumenttyp"),
    "dtd in the styles": ({"word/styles.xml": DTD + f'<w:styles xmlns:w="{W}"/>'}, "dokumenttyp"),
    "dtd in a part nobody reads": ({"customXml/item1.xml": DTD + "<x>&e;</x>"}, "dokumenttyp"),
    "dtd in capitals": ({"customXml/ITEM1.XML": DTD + "<x>&e;</x>"}, "dokumenttyp"),
    "dtd in relations": ({"word/_rels/document.xml.rels": DTD + "<x/>"}, "dokumenttyp"),
    "dtd in content types": ({"[Content_Types].xml": DTD + types().partition("?>")[2]}, "dokumenttyp"),
    "dtd in utf-16": ({"customXml/item1.xml": ("\ufeff" + DTD + "<x/>").encode("utf-16-le")}, "dokumenttyp"),
    "dtd behind another ending": (
        {
            "word/evil.dat": DTD + HEAD + para("&c;") + TAIL,
            "word/document.xml": None,
            "_rels/.rels": rels("word/evil.dat"),
            "[Content_Types].xml": types("/word/evil.dat"),
        },
        "dokumenttyp",
    ),
    "xml that is none": ({"word/document.xml": "Hej på dig"}, "är skadad"),
    "an encoding nobody knows": ({"word/styles.xml": '<?xml version="1.0" encoding="UT8"?><a/>'}, "är skadad"),
    "path above": ({"../../ont.txt": "x"}, "utanför sig själv"),
    "path above the Windows way": ({"word\\..\\..\\ont.txt": "x"}, "utanför sig själv"),
    "absolute path": ({"/etc/ont": "x"}, "utanför sig själv"),
    "drive": ({"C:/ont.txt": "x"}, "utanför sig själv"),
    "names that differ in case": ({"Word/Document.xml": HEAD + TAIL}, "samma namn"),
    "many elements": ({"word/document.xml": HEAD + "<w:r a='' b='' c=''/>" * 501_000 + TAIL}, "orimligt"),
    "zip bomb": ({"word/media/bild.bin": b"\0" * (30 << 20)}, "orimligt stor"),
    "many parts": ({f"custom/{n}.txt": b"" for n in range(5000)}, "5004 delar"),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_hostile_or_damaged_file_is_refused_with_the_reason(tmp_path: Path, case: str) -> None:
    changed, told = CHANGED[case]
    _refused(save(tmp_path / "Intervju S01.docx", parts(TALK, **changed)), told)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (HEAD + "<w:p>" * 255 + "</w:p>" * 255 + TAIL, "djupare än 256"),
        (HEAD + para("R: hej"), "skadad"),
        (HEAD + "<w:p><w:r><w:t>R: &hej;</w:t></w:r></w:p>" + TAIL, "skadad"),
    ],
    ids=["257 levels", "truncated xml", "unknown entity"],
)
def test_what_only_the_parser_can_see_is_refused_by_the_readers(tmp_path: Path, document: str, told: str) -> None:
    _refused(save(tmp_path / "S01.docx", parts(TALK, **{"word/document.xml": document})), told, by=EACH[1:])


def test_two_parts_with_one_name_are_refused(tmp_path: Path) -> None:
    path = word(tmp_path / "S01.docx", TALK)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", HEAD + para("R: något annat") + TAIL)
    _refused(path, "samma namn")


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    path = word(tmp_path / "S01.docx", TALK)
    link = zipfile.ZipInfo("word/lank.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    _refused(path, "länk")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_packing_that_word_never_uses_is_refused(tmp_path: Path, method: int) -> None:
    path = word(tmp_path / "S01.docx", TALK)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/a.xml", "<a/>" * 50, compress_type=method)
    _refused(path, "packad på ett sätt")


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    path = word(tmp_path / "S01.docx", TALK)
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.rindex(mark) + offset] |= 1
    path.write_bytes(raw)
    _refused(path, "krypterad")


def test_a_size_that_lies_is_refused(tmp_path: Path) -> None:
    path = word(tmp_path / "S01.docx", TALK)
    raw = bytearray(path.read_bytes())
    place = raw.index(b"PK\x01\x02")
    raw[place + 24 : place + 28] = struct.pack("<I", 3)
    path.write_bytes(raw)
    _refused(path)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused_as_damaged(tmp_path: Path, kept: float) -> None:
    path = word(tmp_path / "S01.docx", TALK * 50)
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * kept)])
    _refused(path, "är skadad")


@pytest.mark.parametrize(("levels", "sound"), [(guard.DEEPEST - 5, True), (guard.DEEPEST - 4, False)])
def test_the_deepest_nesting_is_read_and_one_level_more_refused(tmp_path: Path, levels: int, sound: bool) -> None:
    deep = "<w:smartTag>" * levels + "<w:r><w:t>I: Hur djupt?</w:t></w:r>" + "</w:smartTag>" * levels
    path = word(tmp_path / "S01.docx", f"<w:p>{deep}</w:p>", TALK)
    if sound:
        assert read_word_text(path)[0][0].text == "I: Hur djupt?"
    else:
        with pytest.raises(FileError, match="djupare"):
            read_word_text(path)


@pytest.mark.parametrize(
    "changed",
    [
        {"word/document.xml": None, "word/document2.xml": HEAD + TALK + TAIL, "_rels/.rels": rels("word/document2.xml"),
         "[Content_Types].xml": types("/word/document2.xml")},
        {"word/document.xml": None, "text/min.xml": HEAD + TALK + TAIL, "_rels/.rels": rels("/text/min.xml"),
         "[Content_Types].xml": types("/text/min.xml")},
        {"word/document.xml": None, "Word/Document.XML": HEAD + TALK + TAIL,
         "[Content_Types].xml": types("/word/document.xml")},
        {"[Content_Types].xml": types(kind=TEMPLATE)},
        {"word/styles.xml": None},
        {"_rels/.rels": None},
        {"word/media/bild.svg": DTD + "<svg/>"},
        {"word/embeddings/ark.xlsx": b"PK\x01\x02" * 40},
    ],
    ids=["document2", "elsewhere", "capitals", "dotx", "no styles", "no relations", "svg", "embedded sheet"],
)  # fmt: skip
def test_unusual_but_harmless_files_are_read(tmp_path: Path, changed: dict[str, str | bytes | None]) -> None:
    path = save(tmp_path / "S01.docx", parts(TALK, **changed))
    assert [u.role for u in read_interview(path).utterances] == ["interviewer", "respondent"] * 2


def test_strict_open_xml_is_told_with_what_to_do(tmp_path: Path) -> None:
    strict = (HEAD + TALK + TAIL).replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    path = save(tmp_path / "S01.docx", parts(**{"word/document.xml": strict}))
    with pytest.raises(FileError, match="Strict Open XML"):
        read_interview(path)


def test_a_file_over_the_limit_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "S01.docx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(guard.MOST_FILE + 1)
    _refused(path, "större än 100 MB")


def test_a_directory_of_a_million_entries_is_refused_before_it_is_read(tmp_path: Path) -> None:
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    path = tmp_path / "S01.docx"
    path.write_bytes(b"PK\x03\x04" + entry * 1_000_000)
    _refused(path, "fler än 5000 delar")


def test_the_worst_files_take_little_memory(tmp_path: Path) -> None:
    bomb = save(tmp_path / "bomb.docx", parts(TALK, **{"word/media/bild.bin": b"\0" * (90 << 20)}))
    wide = save(tmp_path / "bred.docx", parts("<w:r/>" * 4_000_000))
    code = (
        "import sys, resource; from pathlib import Path\n"
        "from intervjukit.errors import FileError\n"
        "from intervjukit.formats.word_text import read_word_text\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for name in sys.argv[1:]:\n"
        "    try: read_word_text(Path(name)); sys.exit('read')\n"
        "    except FileError: pass\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(bomb), str(wide)], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(Path(guard.__file__).parents[2])},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (20, 20)),
    )  # fmt: skip
    assert int(done.stdout) < 40  # MB


SOUND = parts(TALK + "<w:tbl><w:tr><w:tc>" + para("Ålder") + "</w:tc><w:tc>" + para("47") + "</w:tc></w:tr></w:tbl>")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_mutated_word_file_raises_nothing_but_our_own_errors(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "mutant S01.docx"
    content = dict(SOUND)
    if data.draw(st.booleans()):  # inside the XML, where a changed byte of the zip would only break a checksum
        name = data.draw(
            st.sampled_from(["word/document.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels"])
        )
        content[name] = _mutated(data, str(content[name]).encode())
        save(path, content)
    else:
        save(path, content)
        path.write_bytes(_mutated(data, path.read_bytes()))
    try:
        assert read_interview(path).utterances
    except IntervjukitError as error:
        assert error.problem and error.fix


def _mutated(data: st.DataObject, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed) - 1))
        cut = data.draw(st.integers(0, 8))
        changed[place : place + cut] = data.draw(
            st.binary(max_size=8) | st.sampled_from([b"<w:p>", b"</w:r>", b"&#0;", b"w:tbl"])
        )
    return bytes(changed)
