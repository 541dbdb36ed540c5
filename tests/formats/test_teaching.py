"""A study's own inläsning.yaml: what it teaches is used, and every fault in it is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from intervjukit.errors import FaultyFileError
from intervjukit.formats.teaching import Teaching, read_teaching
from intervjukit.formats.transcripts import read_interview

GROUPS = {"sjukskrivna": "Sjukskrivna", "lakare": "Läkare"}
WHOLE = """\
intervjuare: [MK, Maria Ek]
talare:
  Kim: respondent
  Tolken: anteckning
grupper:
  Patienter: Sjukskrivna
  Doktorer: lakare
respondenter:
  Samtal med Kim: S03
  Samtal med Kim.docx: S03
  samtal två: L02
omgångar:
  Samtal med Kim: 2
"""


def _teach(tmp_path: Path, text: str, name: str = "inläsning.yaml") -> Teaching:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return read_teaching(tmp_path, GROUPS)


def test_a_study_without_the_file_teaches_nothing(tmp_path: Path) -> None:
    assert read_teaching(tmp_path, GROUPS) == Teaching() == read_teaching(tmp_path / "saknas", GROUPS)


@pytest.mark.parametrize("name", ["inläsning.yaml", "inla\u0308sning.yaml", "inlasning.yml", "Inläsning.YAML"])
def test_everything_the_file_says_is_known(tmp_path: Path, name: str) -> None:
    taught = _teach(tmp_path, WHOLE, name)
    assert taught.speakers == {
        "mk": "interviewer", "maria ek": "interviewer", "kim": "respondent", "tolken": "note",
    }  # fmt: skip
    assert (taught.group("PATIENTER"), taught.group("doktorer"), taught.group("annan")) == ("sjukskrivna", "lakare", "")
    assert taught.facts_of(tmp_path / "samtal med kim.docx") == {"kod": "S03", "omgång": "2"}
    assert taught.facts_of(tmp_path / "Samtal två.odt") == {"kod": "L02"}
    assert taught.facts_of(tmp_path / "annan.odt") == {}


def test_one_interviewer_needs_no_list(tmp_path: Path) -> None:
    assert _teach(tmp_path, "intervjuare: MK\n").speakers == {"mk": "interviewer"}


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError) as caught:
        _teach(
            tmp_path,
            "intervjuar: [MK]\ntalare:\n  Kim: svarar\n  Bo: [a]\ngrupper:\n  Patienter: chefer\n"
            "respondenter: S01\nomgångar:\n  a: två\n  b: 0\n",
        )
    assert [fault.line for fault in caught.value.faults] == [1, 3, 4, 6, 7, 9, 10]
    assert "intervjuare" in caught.value.faults[0].fix and "sjukskrivna, lakare" in caught.value.faults[3].fix
    assert all(fault.file == "inläsning.yaml" and fault.fix for fault in caught.value.faults)


def test_two_files_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "inlasning.yaml").write_text(WHOLE, encoding="utf-8")
    with pytest.raises(FaultyFileError, match="Behåll en av dem"):
        _teach(tmp_path, WHOLE)


def test_what_is_taught_settles_who_speaks_and_whose_interview_it_is(tmp_path: Path) -> None:
    path = tmp_path / "Samtal med Kim.txt"
    path.write_text(
        "Grupp: Patienter\nKim: Var börjar vi?\nMK: Berätta.\n"
        "Tolken: Telefonen ringer.\nKim: Jag?\nMK: Ja.\nKim: Mm?\n",
        "utf-8",
    )
    raw = read_interview(path, _teach(tmp_path, WHOLE))
    assert raw.facts == {"kod": "S03", "grupp": "sjukskrivna", "omgång": "2", "intervjuare": "MK"}
    assert {u.label: u.role for u in raw.utterances} == {"Kim": "respondent", "MK": "interviewer", "Tolken": "note"}
    assert raw.doubts == ()
    plain = read_interview(path)
    assert {u.label: u.role for u in plain.utterances}["Kim"] == "interviewer"  # who asks most, for want of better
    assert [doubt.kind for doubt in plain.doubts] == ["talare"]


@pytest.mark.parametrize("name", ["Maria Ek", "Maria", "ME", "maria ek"])
def test_the_interviewer_stated_at_the_top_is_known_by_name_first_name_or_initials(tmp_path: Path, name: str) -> None:
    path = tmp_path / "S01.txt"
    path.write_text(f"Intervjuare: Maria Ek\n\nBo: Jag?\n{name}: Ja.\nBo: Så?\n{name}: Så.\nBo: Jaha?\n", "utf-8")
    raw = read_interview(path)
    assert {u.role for u in raw.utterances if u.label.lower() == name.lower()} == {"interviewer"}
    assert raw.doubts == ()


def test_the_files_name_may_tell_code_date_and_wave(tmp_path: Path) -> None:
    path = tmp_path / "Intervju_S03 2026-03-05, omgång 2.txt"
    path.write_text("I: Hur?\nR: Så.\n", "utf-8")
    assert read_interview(path).facts == {"kod": "S03", "datum": "2026-03-05", "omgång": "2"}
