"""What a file is, is told by what it holds; a name that says otherwise is told, and read when that is safe."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from document_files import odt, odt_para, pdf, pdf_lines, rtf
from word_files import TALK, para, word

from intervjukit.errors import FileError
from intervjukit.formats import guard
from intervjukit.formats.kinds import kind_of
from intervjukit.formats.transcripts import read_interview

LINES = ("I: Hur började det?", "R: Det kom smygande.", "I: Och sedan?", "R: Det blev värre.")


def _text(path: Path) -> Path:
    path.write_text("\n".join(LINES), encoding="utf-8")
    return path


MAKERS = {
    ".docx": lambda path: word(path, TALK),
    ".odt": lambda path: odt(path, *map(odt_para, LINES)),
    ".rtf": lambda path: rtf(path, r"\par ".join(line.replace("ö", r"\'f6").replace("ä", r"\'e4") for line in LINES)),
    ".pdf": lambda path: pdf(path, pdf_lines(*LINES)),
    ".txt": _text,
}


@pytest.mark.parametrize("ending", ["", ".docx", ".txt", ".pdf", ".vtt", ".xyz"])
@pytest.mark.parametrize("right", MAKERS)
def test_a_file_under_a_wrong_name_is_read_and_told(tmp_path: Path, right: str, ending: str) -> None:
    path = MAKERS[right](tmp_path / f"S01{ending}")
    raw = read_interview(path)
    assert [u.text for u in raw.utterances] == [line[3:] for line in LINES]
    told = [doubt for doubt in raw.doubts if doubt.kind == "filändelse"]
    fits = ending == right or (right == ".txt" and ending in ("", ".xyz"))
    assert len(told) == (0 if fits else 1)
    assert all(right in doubt.fix for doubt in told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "gammalt Word-dokument (.doc) eller skyddat med lösenord"),
        (b"\x89PNG\r\n\x1a\n", "en bild"),
        (b"ID3\x04", "en ljudfil"),
        (b"\0\0\0\x20ftypM4A ", "ljud- eller filmfil"),
        (b"7z\xbc\xaf\x27\x1c", "7z-fil"),
        (b"<!DOCTYPE html><html>I: Hej?</html>", "webbsida"),
        (b"SQLite format 3\0", "databas"),
        (bytes(range(256)) * 9, "ingen textfil"),
        (b"I: Hej?\nR: H\0ej.\n", "ingen textfil"),
        ("I: Hej?\nR: \ud800.\n".encode("utf-8", "surrogatepass"), "rad 2 hör inte till någon känd teckenkodning"),
        (b" \n\t", "tom"),
        (b"", "tom"),
    ],
)
@pytest.mark.parametrize("ending", [".docx", ".txt"])
def test_what_cannot_be_read_is_told_with_what_to_do(tmp_path: Path, content: bytes, told: str, ending: str) -> None:
    path = tmp_path / f"S01{ending}"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read_interview(path)
    assert "S01" in caught.value.problem and caught.value.fix.endswith(".")
    assert told in caught.value.problem


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_no_file_to_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "S01.txt")
    with pytest.raises(FileError, match="ingen vanlig fil"):
        read_interview(tmp_path / "S01.txt")


def test_a_file_over_the_limit_is_refused_whatever_it_is(tmp_path: Path) -> None:
    for ending, size in ((".txt", guard.MOST_TEXT), (".rtf", guard.MOST_TEXT), (".pdf", guard.MOST_FILE)):
        path = tmp_path / f"S01{ending}"
        with path.open("wb") as file:
            file.write(b"%PDF-1.4" if ending == ".pdf" else b"{\\rtf1 " if ending == ".rtf" else b"I: Hej?\n")
            file.truncate(size + 1)
        with pytest.raises(FileError, match=r"stor|större"):
            read_interview(path)


def test_a_zip_of_documents_is_a_zip_and_a_document_in_it_is_not(tmp_path: Path) -> None:
    document = word(tmp_path / "a.docx", TALK)
    shutil.make_archive(str(tmp_path / "alla"), "zip", tmp_path, "a.docx")
    assert (kind_of(document), kind_of(tmp_path / "alla.zip")) == ("word", "zip")
    with pytest.raises(FileError, match="Packa upp"):
        read_interview(tmp_path / "alla.zip")


# --- size -----------------------------------------------------------------------------------------------

ANSWER = "Det var som det var och jag tänkte inte så mycket på det förrän sedan då. "


@pytest.mark.parametrize("ending", [".txt", ".docx"])
def test_an_interview_of_200_000_words_is_read(tmp_path: Path, ending: str) -> None:
    lines = [f"{who}: {n} {ANSWER * 8}" for n in range(800) for who in "IR"]
    path = tmp_path / f"S01{ending}"
    if ending == ".txt":
        path.write_text("\n".join(lines), encoding="utf-8")
    else:
        word(path, *map(para, lines))
    raw = read_interview(path)
    assert sum(len(u.text.split()) for u in raw.utterances) > 200_000 and len(raw.utterances) == 1600


@pytest.mark.parametrize("ending", [".txt", ".docx", ".odt", ".rtf"])
def test_a_gigantic_paragraph_is_read_or_refused_as_too_long(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = ANSWER * 20_000
    path = tmp_path / f"S01{ending}"
    make = {
        ".txt": lambda: path.write_text(f"I: Hej?\nR: {long}", encoding="utf-8"),
        ".docx": lambda: word(path, para("I: Hej?"), para(f"R: {long}")),
        ".odt": lambda: odt(path, odt_para("I: Hej?"), odt_para(f"R: {long}")),
        ".rtf": lambda: rtf(path, rf"I: Hej?\par R: {long}".replace("å", "a").replace("ä", "a").replace("ö", "o")),
    }[ending]
    make()
    if ending in (".docx", ".odt"):  # so much alike packs too densely to be let in; a real one does not
        monkeypatch.setattr(guard, "MOST_RATIO", 10_000)
    assert len(read_interview(path).utterances[1].text) == len(long.strip())
    monkeypatch.setattr("intervjukit.formats.transcripts.MOST_CHARACTERS", 1_000_000)
    with pytest.raises(FileError, match="orimligt lång"):
        read_interview(path)
