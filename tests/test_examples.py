"""The example study is what it says: 33 invented interviews, each its own, coded by reading."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from intervjukit.core.transcript import Transcript
from intervjukit.formats.codebooks import read_codebook
from intervjukit.formats.transcripts import read_interview
from intervjukit.study import Study

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "halsoflodet"
GROUPS = {
    "sjukskrivna": 9,
    "chefer": 8,
    "handlaggare": 2,
    "lakare": 6,
    "rehabkoordinatorer": 4,
    "kuratorer": 3,
    "sjukgymnast": 1,
}


@pytest.fixture(scope="module")
def interviews(full_original: Path) -> list[Transcript]:
    with Study.open(full_original) as study:
        return [study.transcript(code) for code in study.transcripts()["respondent"]]


def rows(name: str) -> list[dict[str, str]]:
    with (EXAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_has_the_groups_and_numbers_of_the_model_study(interviews: list[Transcript]) -> None:
    assert Counter(transcript.group for transcript in interviews) == GROUPS


def test_every_interview_is_of_six_hundred_to_a_thousand_words(interviews: list[Transcript]) -> None:
    assert {t.respondent: t.words for t in interviews if not 600 <= t.words <= 1000} == {}


def test_no_two_interviews_share_a_sentence(interviews: list[Transcript]) -> None:
    seen: dict[str, str] = {}
    shared = []
    for transcript in interviews:
        said = re.split(r"(?<=[.!?…])\s+", transcript.text)
        for sentence in {" ".join(s.lower().split()) for s in said if len(s.split()) >= 5}:
            if "påhittad intervju" in sentence or "personer, platser och arbetsplatser" in sentence:
                continue
            if sentence in seen:
                shared.append((seen[sentence], transcript.respondent, sentence))
            seen[sentence] = transcript.respondent
    assert shared == []


def test_the_files_have_the_forms_people_have(interviews: list[Transcript]) -> None:
    files = sorted((EXAMPLE / "intervjuer").iterdir())
    assert Counter(file.suffix for file in files) == {".docx": 24, ".txt": 5, ".vtt": 4}
    texts = {file.name: file.read_bytes() for file in files if file.suffix == ".txt"}
    assert any(data.startswith(b"\xff\xfe") for data in texts.values())
    assert any(data.startswith(b"\xef\xbb\xbf") for data in texts.values())
    assert any(b"\r\n" in data and b"\xe5" in data for data in texts.values())


def test_every_file_says_that_it_is_invented() -> None:
    from docx import Document

    for file in (EXAMPLE / "intervjuer").iterdir():
        if file.suffix == ".docx":
            document = Document(str(file))
            assert document.core_properties.title == "Påhittad intervju"
            assert any("Påhittad intervju" in paragraph.text for paragraph in document.paragraphs), file.name
        else:
            data = file.read_bytes()
            encodings = ("utf-16", "utf-8-sig", "cp1252")
            assert any("Påhittad intervju" in data.decode(e, errors="ignore") for e in encodings), file.name
    assert "påhittat" in (EXAMPLE / "LASMIG.md").read_text(encoding="utf-8")


def test_the_decisions_use_the_whole_code_book_and_every_interview() -> None:
    codebook = read_codebook(ROOT / "codebooks" / "halsoflodet.yaml")
    decisions = rows("kodningar.csv")
    assert {row["file"] for row in decisions} == {file.name for file in (EXAMPLE / "intervjuer").iterdir()}
    assert {row["code"] for row in decisions} == {code.id for code in codebook}
    for facet in ("valence", "party", "phase"):
        values = {value.id for value in codebook.facet(facet).values}
        used = {row[facet] for row in decisions} - {""}
        assert used <= values
        # nobody in the example has to do with Arbetsförmedlingen
        assert values - used <= {"arbetsformedling"}
    per_file = Counter(row["file"] for row in decisions)
    assert min(per_file.values()) >= 11


def test_the_key_of_questions_holds_what_the_interviewers_say() -> None:
    key: dict[str, list[str]] = {}
    for row in rows("fragor.csv"):
        key.setdefault(row["file"], []).append(row["text"])
    for file, asked in key.items():
        raw = read_interview(EXAMPLE / "intervjuer" / file)
        assert [u.text for u in raw.utterances if u.role == "interviewer"] == asked
