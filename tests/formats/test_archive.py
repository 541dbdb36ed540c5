"""Zips of interviews: good files come in, bad ones are named, and nothing is written outside the place given."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
from word_files import TALK, word

from intervjukit.errors import FileError
from intervjukit.formats import guard
from intervjukit.formats.archive import unpack
from intervjukit.formats.intake import interview_files, opened_inbox

TEXT = "I: Hur började det?\nR: Det kom smygande.\n"


def _zip(path: Path, **files: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_the_interviews_of_a_zip_are_unpacked_and_the_rest_is_named(tmp_path: Path) -> None:
    document = word(tmp_path / "C01.docx", TALK).read_bytes()
    path = _zip(tmp_path / "alla.zip", **{
        "Chefer/C01.docx": document, "S01.txt": TEXT, "__MACOSX/._S01.txt": "x", ".dold.txt": "x", "bild.png": b"x",
        "inre.zip": b"PK", "~$C01.docx": b"x", "tom/": "",
    })  # fmt: skip
    found = unpack(path, tmp_path / "ut")
    assert [(file.parent.name, file.name) for file in found.files] == [("Chefer", "C01.docx"), ("alla", "S01.txt")]
    assert found.files[0].read_bytes() == document
    assert found.skipped == ("bild.png", "inre.zip") and found.refused == ()


def test_two_files_of_one_name_in_different_folders_both_come(tmp_path: Path) -> None:
    found = unpack(_zip(tmp_path / "a.zip", **{"x/S01.txt": "ett", "y/S01.txt": "två"}), tmp_path / "ut")
    assert [file.read_text("utf-8") for file in found.files] == ["ett", "två"]


@pytest.mark.parametrize(
    ("stored", "flags", "shown"),
    [("Gåva S01.txt".encode(), 0, "Gåva S01.txt"), ("Gåva S01.txt".encode("cp437"), 0, "Gåva S01.txt")],
)
def test_names_are_read_whatever_program_packed_them(tmp_path: Path, stored: bytes, flags: int, shown: str) -> None:
    path = _zip(tmp_path / "a.zip", **{"x" * len(stored): TEXT})
    path.write_bytes(path.read_bytes().replace(b"x" * len(stored), stored))
    assert [file.name for file in unpack(path, tmp_path / "ut").files] == [shown]


def test_names_that_no_system_can_write_are_made_safe(tmp_path: Path) -> None:
    names = {'a/S01 "sista" <kanske>?.txt': TEXT, f"b/{'å' * 200}.txt": TEXT, "c/S02. .txt": TEXT}
    found = unpack(_zip(tmp_path / "a.zip", **names), tmp_path / "ut")
    assert [len(file.name.encode()) <= 130 and file.suffix == ".txt" for file in found.files] == [True] * 3
    assert found.files[0].name == "S01 _sista_ _kanske__.txt"


@pytest.mark.parametrize("name", ["../ut.txt", "/ut.txt", "a/../../ut.txt", "C:/ut.txt", "..\\ut.txt"])
def test_a_path_out_of_the_zip_is_refused_and_nothing_written(tmp_path: Path, name: str) -> None:
    path = _zip(tmp_path / "in" if (tmp_path / "in").mkdir() else tmp_path / "in" / "a.zip", **{name: TEXT})
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(FileError, match="utanför sig själv"):
        unpack(path, tmp_path / "in" / "ut")
    assert sorted(tmp_path.rglob("*")) == before


def test_bombs_and_swarms_are_refused(tmp_path: Path) -> None:
    for files, told in (
        ({"S01.txt": b"a" * (30 << 20)}, "orimligt stor"),
        ({f"{n}.txt": "" for n in range(5001)}, "5001"),
    ):
        with pytest.raises(FileError, match=told):
            unpack(_zip(tmp_path / "a.zip", **files), tmp_path / "ut")


def test_an_entry_without_a_name_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", x=TEXT)
    raw = path.read_bytes()
    raw = raw.replace(b"\0x", b"\0\0").replace(b"\1\0\0\0", b"\1\0\0\0")  # a NUL ends a name
    path.write_bytes(raw)
    with pytest.raises(FileError, match="saknar namn"):
        unpack(path, tmp_path / "ut")


def test_a_damaged_file_in_a_zip_is_named_and_the_others_come_in(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", **{"S01.txt": TEXT, "S02.txt": TEXT * 9, "S03.txt": TEXT})
    raw = bytearray(path.read_bytes())
    place = raw.index(b"S02.txt") + 10
    raw[place : place + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(raw)
    found = unpack(path, tmp_path / "ut")
    assert [file.name for file in found.files] == ["S01.txt", "S03.txt"]
    ((name, error),) = found.refused
    assert name == "S02.txt" and "S02.txt" in error.problem and not list(tmp_path.rglob("S02.txt"))


def test_a_size_that_lies_writes_no_more_than_the_limit(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", **{"S01.txt": TEXT, "S02.txt": b"a" * 100_000})
    raw = bytearray(path.read_bytes())
    place = raw.rindex(b"PK\x01\x02")
    raw[place + 24 : place + 28] = struct.pack("<I", 10)
    path.write_bytes(raw)
    found = unpack(path, tmp_path / "ut")
    assert [file.name for file in found.files] == ["S01.txt"] and [name for name, _ in found.refused] == ["S02.txt"]


def test_what_was_unpacked_is_gone_afterwards_and_a_bad_zip_is_named(tmp_path: Path) -> None:
    good = _zip(tmp_path / "a.zip", **{"S01.txt": TEXT})
    bad = tmp_path / "b.zip"
    bad.write_bytes(good.read_bytes()[:60])
    empty = _zip(tmp_path / "c.zip", **{"bild.png": b"x"})
    with opened_inbox([tmp_path]) as inbox:
        (file,) = inbox.files
        assert file.read_text("utf-8") == TEXT
        assert [name for name, _ in inbox.refused] == ["b.zip", "c.zip"] and empty.exists()
    assert not file.exists()


def test_links_in_a_folder_are_not_followed_and_told(tmp_path: Path) -> None:
    outside = tmp_path / "annan"
    outside.mkdir()
    (outside / "hemlig S09.txt").write_text(TEXT, encoding="utf-8")
    folder = tmp_path / "intervjuer"
    folder.mkdir()
    (folder / "S01.txt").write_text(TEXT, encoding="utf-8")
    (folder / "S02.txt").symlink_to(outside / "hemlig S09.txt")
    (folder / "mapp").symlink_to(outside)
    (folder / "runt").symlink_to(folder)
    found = interview_files([folder])
    assert [file.name for file in found.files] == ["S01.txt"]
    assert sorted(found.skipped) == [f"{name} (en länk till ett annat ställe)" for name in ("S02.txt", "mapp", "runt")]


def test_a_folder_with_more_files_than_anybody_has_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intervjukit.formats.intake.MOST_FILES", 2)
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text("x", encoding="utf-8")
    with pytest.raises(FileError, match="fler än 2 filer"):
        interview_files([tmp_path])
    assert guard.MOST_FILES == 10_000


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("LÄS.md", "# Om intervjuerna\nDe är gjorda i mars.\n", False),
        ("S01.md", "**I:** Hur?\n\n**R:** Så.\n", True),
        ("S01.md", "**Hur började det?**\n\nSmygande.\n\n**Och sedan?**\n\nVärre.\n", True),
        ("paket.json", '{"name": "x"}', False),
        ("S01.json", '{"text": "hej", "segments": [{"text": "hej"}]}', True),
    ],
)
def test_files_of_a_loose_kind_in_a_folder_are_taken_for_what_they_hold(
    tmp_path: Path, name: str, content: str, taken: bool
) -> None:
    (tmp_path / "S09.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert (name in [file.name for file in interview_files([tmp_path]).files]) is taken
