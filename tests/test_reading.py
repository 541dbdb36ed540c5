"""Reading interviews into a study: what comes in, what is refused, what would happen, and what comes along."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from intervjukit.cli import cli
from intervjukit.errors import FaultyFileError
from intervjukit.formats.library import library
from intervjukit.study import FILE, Study

INTERVIEWS = library("examples") / "halsoflodet" / "intervjuer"
TALK = "I: Hur länge har du varit sjukskriven?\nR: I två år.\nI: Hur började det?\nR: Det kom smygande.\n"


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study without interviews; only to be copied."""
    folder = tmp_path_factory.mktemp("tom") / "studie"
    Study.create(folder, protocols="halsoflodet", codebook="halsoflodet").close()
    return folder


@pytest.fixture
def study(empty_folder: Path, tmp_path: Path, opened: Callable[..., Study]) -> Study:
    return opened(Path(shutil.copytree(empty_folder, tmp_path / "studie")))


def _files(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def _rows(study: Study) -> list[int]:
    with closing(sqlite3.connect(study.folder / FILE)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names]


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words], prog_name="intervjukit", env={"COLUMNS": "140"})
    assert result.exit_code == code, result.output
    return result


def test_good_files_come_in_though_one_among_them_is_bad(study: Study, tmp_path: Path) -> None:
    folder = _files(tmp_path / "in", S01=TALK, S02="Bara text.", S03=TALK.replace("smygande", "plötsligt"))
    (folder / "S04.docx").write_bytes(b"PK\x03\x04 trasig")
    told = study.add_transcripts(folder)
    assert told.added == ("S01", "S03")
    assert [name for name, _ in told.refused] == ["S02.txt", "S04.docx"]
    assert [reading.file for reading in told.readings] == ["S01.txt", "S03.txt"]


def test_a_zip_is_read_as_the_folder_it_was(study: Study, tmp_path: Path) -> None:
    folder = _files(tmp_path / "in", S01=TALK, S02="Bara text.")
    archive = shutil.make_archive(str(tmp_path / "alla"), "zip", folder)
    told = study.add_transcripts(archive)
    assert (told.added, [name for name, _ in told.refused]) == (("S01",), ["S02.txt"])
    assert study.transcript("S01").source == "S01.txt"
    assert study.add_transcripts(folder / "S01.txt").known == ("S01.txt (S01)",)


@pytest.mark.parametrize("replace", [False, True])
def test_a_dry_run_tells_all_that_would_happen_and_saves_nothing(study: Study, tmp_path: Path, replace: bool) -> None:
    study.add_transcripts(_files(tmp_path / "en", S01=TALK))
    before, events = _rows(study), study.history.revision()
    folder = _files(
        tmp_path / "in", S01=TALK + "R: Mer.\n", S02=TALK.replace("två", "tre"), X=TALK.replace("två", "fem")
    )
    (folder / "S02 kopia.txt").write_bytes((folder / "S02.txt").read_bytes())
    places = [folder] if replace else [folder, tmp_path / "en"]
    dry = study.add_transcripts(*places, replace=replace, dry_run=True)
    assert (_rows(study), study.history.revision()) == (before, events)
    assert dry.added == ("S02",) and dry.replaced == (("S01",) if replace else ())
    assert dry.known == (("S02.txt (S02)",) if replace else ("S02.txt (S02)", "S01.txt (S01)"))
    assert [name for name, _ in dry.refused] == (["X.txt"] if replace else ["S01.txt", "X.txt"])
    first = next(reading for reading in dry.readings if reading.respondent == "S02")
    assert (first.group, first.wave, first.words, first.asked, first.remarks) == ("sjukskrivna", 1, 15, 2, 0)
    assert first.speakers == (("I", "interviewer"), ("R", "respondent"))
    assert 1 <= first.questions <= 2 < first.of
    done = study.add_transcripts(*places, replace=replace)
    assert (done.added, done.replaced, done.known) == (dry.added, dry.replaced, dry.known)
    assert [str(error) for _, error in done.refused] == [str(error) for _, error in dry.refused]


def test_what_the_study_teaches_is_used_and_a_fault_in_it_stops_the_reading(study: Study, tmp_path: Path) -> None:
    folder = _files(tmp_path / "in", Samtal=TALK.replace("I:", "Kim Ek:").replace("R:", "Bo Ek:"))
    assert [name for name, _ in study.add_transcripts(folder).refused] == ["Samtal.txt"]
    teaching = study.folder / "inläsning.yaml"
    teaching.write_text("intervjuare: Kim Ek\ntalare:\n  Bo Ek: svarande\nrespondenter:\n  Samtal: S07\n", "utf-8")
    assert study.add_transcripts(folder).added == ("S07",)
    teaching.write_text("intervjuare:\n  - [x]\n", "utf-8")
    with pytest.raises(FaultyFileError, match="rad 2"):
        study.add_transcripts(folder)


def test_the_respondents_name_as_a_speaker_is_not_kept(study: Study, tmp_path: Path) -> None:
    lines = ["Ada Ek  0:01", "Hur började det?", "Bo Berg  0:05", "Smygande.", "Ada Ek  0:09", "Jaha?"]
    study.add_transcripts(_files(tmp_path / "in", S01="\n".join(lines)))
    found = study.transcript("S01")
    assert [turn.label for turn in found.turns] == ["Ada Ek", "S01", "Ada Ek"]
    assert found.interviewer == "Ada Ek" and "Berg" not in str(study.doubts.table())
    assert list(study.doubts.table()["kind"]).count("namn") == 1


def test_the_times_of_a_recording_are_kept_and_shown(study: Study) -> None:
    study.add_transcripts(INTERVIEWS / "S04.vtt")
    turns = study.transcript("S04").turns
    assert [(turn.begins, turn.ends) for turn in turns[:2]] == [(0.0, 7.32), (7.92, 26.76)]
    assert all(a.ends is not None and b.begins is not None and a.ends <= b.begins for a, b in pairwise(turns))
    assert " 2 R (0:07): Jag är fyrtioett" in run("transcript", study.folder, "S04").output
    study.add_transcripts(INTERVIEWS / "S09.txt")
    assert {turn.begins for turn in study.transcript("S09").turns} == {None}


def test_comments_in_a_file_become_memos_at_their_words_and_are_not_taken_twice(study: Study, tmp_path: Path) -> None:
    from docx import Document

    def write(name: str, extra: str) -> Path:
        document = Document()
        for line in (TALK + extra).splitlines():
            label, _, words = line.partition(" ")
            paragraph = document.add_paragraph(f"{label} ")
            run = paragraph.add_run(words)
            if "smygande" in words:
                document.add_comment([run], text="Återkommer senare", author="Ada", initials="A")
        document.save(str(tmp_path / name))
        return tmp_path / name

    told = study.add_transcripts(write("S01.docx", ""))
    assert told.readings[0].remarks == 1
    (memo,) = study._store.boards.memos()
    assert (memo.text, memo.quote) == ("Ada: Återkommer senare", "Det kom smygande.")
    found = study.transcript("S01")
    assert memo.start is not None and found.text[memo.start : memo.end] == memo.quote
    study.add_transcripts(write("S01 rättad.docx", "I: Mer?\nR: Nej.\n"), replace=True)
    (memo,) = study._store.boards.memos()
    assert study.transcript("S01").text[memo.start : memo.end] == "Det kom smygande."


# --- the command ------------------------------------------------------------------------------------


def test_the_command_shows_what_would_happen_per_file(study: Study, tmp_path: Path) -> None:
    folder = _files(tmp_path / "in", S01=TALK, S02=TALK.replace("I:", "Ada:").replace("R:", "S02:") * 2, X="Nej.")
    (folder / "länk.txt").symlink_to(tmp_path)
    shown = run("add-transcripts", study.folder, folder, "--dry-run", code=1)
    row = next(line for line in shown.stdout.splitlines() if line.startswith("S02.txt"))
    assert "Sjukskrivna" in row and "Ada frågar" in row and "saknas" in row and row.endswith("ny")
    assert "”Ada” antas vara intervjuaren" in shown.stdout and "inläsning.yaml" in shown.stdout
    assert "Inget sparades." in shown.stdout and "Läste in" not in shown.stdout
    assert "X.txt" in shown.stderr
    assert _rows(study)[0] >= 0 and not len(study.transcripts())
