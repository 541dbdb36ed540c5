"""Which files of a folder are interviews, and what is told of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from intervjukit.errors import FileError
from intervjukit.formats.intake import interview_files


def _make(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x", encoding="utf-8")


def test_interviews_in_folders_below_are_found_and_other_formats_named(tmp_path: Path) -> None:
    _make(tmp_path, "a.txt", "vår/B.DOCX", "vår/äldre/c.vtt", "gammal.doc", "vår/tal.mp3", "d.wav")
    _make(tmp_path, ".dold.txt", ".git/x.doc", "~$a.docx", "koder.csv", "LÄS.md", "guide.yaml", "study.db")
    found = interview_files([tmp_path])
    assert [file.name for file in found.files] == ["a.txt", "B.DOCX", "c.vtt"]
    assert found.skipped == ("d.wav", "gammal.doc", "tal.mp3")


def test_a_file_given_twice_is_read_once_and_one_given_by_name_is_never_skipped(tmp_path: Path) -> None:
    _make(tmp_path, "a.txt", "b.pdf")
    found = interview_files([tmp_path / "a.txt", tmp_path, tmp_path / "b.pdf"])
    assert [file.name for file in found.files] == ["a.txt", "b.pdf"]


def test_a_folder_inside_one_that_is_hidden_may_be_given(tmp_path: Path) -> None:
    _make(tmp_path, ".min/a.txt")
    assert len(interview_files([tmp_path / ".min"]).files) == 1


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ((), "inga intervjuer; den är tom."),
        (("a.doc", "b/c.mp3"), "inga intervjuer; där finns a.doc, c.mp3."),
        (("~$a.docx", ".x"), "inga intervjuer; den är tom."),
        (tuple(f"{n}.csv" for n in range(7)), "där finns 0.csv, 1.csv, 2.csv, 3.csv, 4.csv och 2 till."),
    ],
)
def test_a_folder_with_nothing_to_read_says_what_it_holds(tmp_path: Path, names: tuple[str, ...], told: str) -> None:
    _make(tmp_path, *names)
    with pytest.raises(FileError) as caught:
        interview_files([tmp_path])
    assert told in caught.value.problem and ".docx" in caught.value.fix
