"""Report profiles: those that come with the kit are sound, and every fault in one's own is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from intervjukit.core.profile import Profile, plain_profile, walk
from intervjukit.core.report import APPENDICES, EXTRACTS, KNOWN, LIMITED, PARTS
from intervjukit.errors import FaultyFileError, FileError, NotFoundError, RuleError
from intervjukit.formats.library import library
from intervjukit.formats.profiles import every_profile, parse_profile, profile_file, profile_files, read_profile

SHIPPED = sorted(library("profiler").glob("*.yaml"))
FAULTY = """profil: Min Profil
underrubrik: x
delar:
  - del: swott
  - del: swot
    högst: 0
  - del: kodbok
  - del: metod
    högst: 3
  - rubrik: Kapitel
  - delar:
      - del: metod
  - del: fynd
    delar:
      - del: metod
  - del: grupper
    parter: [vard]
  - del: swot
    hogst: 2
titelsida: kanske
"""


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.message) for fault in parse_profile(text, Path("min.yaml"))[1]]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_what_comes_with_the_kit_has_no_faults(file: Path) -> None:
    profile = read_profile(file)
    assert profile.name and profile.about and profile.entries
    assert profile.id == file.stem or file.stem == "mall"


def test_the_full_report_is_the_default_and_has_every_part_in_order() -> None:
    assert profile_files()[0].stem == "full"
    profile = read_profile(profile_file("full"))
    assert set(profile.parts) == set(PARTS)
    chapters = [part for part in PARTS if part not in APPENDICES]
    assert [part for part in profile.parts if part not in APPENDICES] == chapters


def test_every_part_there_is_stands_in_some_profile() -> None:
    used = {part for file in SHIPPED for part in read_profile(file).parts}
    assert used == set(KNOWN) == {*PARTS, *EXTRACTS} and set(LIMITED) < set(KNOWN)


def test_every_fault_is_told_at_once_with_its_line() -> None:
    told = faults(FAULTY)
    assert [line for line, _ in told] == [1, 1, 3, 4, 6, 9, 10, 11, 14, 17, 19, 20]
    whole = " ".join(message for _, message in told)
    for words in (
        "swott",
        "”högst: 0”",
        "”metod” kan inte göras kortare",
        "saknar ”titel”",
        "saknar ”rubrik”",
        "kanske",
    ):
        assert words in whole
    with pytest.raises(FaultyFileError) as error:
        raise FaultyFileError("min.yaml", parse_profile(FAULTY, Path("min.yaml"))[1])
    assert "Menade du ”swot”?" in str(error.value) and "Menade du ”högst”?" in str(error.value)


@pytest.mark.parametrize(
    "text", ["delar: x", "delar:\n  - x", "- x", "delar: []", "profil: a\ntitel: b", "{}", "a: &x b"]
)
def test_what_is_no_profile_is_told_and_never_a_crash(text: str) -> None:
    try:
        assert faults(text)
    except FileError as error:
        assert error.problem


def test_chapters_may_hold_chapters_but_not_for_ever() -> None:
    text = "profil: a\ntitel: b\ndelar:\n"
    for depth in range(4):
        text += f"{'    ' * depth}  - rubrik: k{depth}\n{'    ' * depth}    delar:\n"
    (told,) = faults(text + "                  - del: swot\n")
    assert "djupare än 3" in told[1]


def test_a_chapter_after_an_appendix_is_a_fault() -> None:
    assert any(
        "bilaga står före" in message
        for _, message in faults("profil: a\ntitel: b\ndelar:\n  - del: kodbok\n  - del: swot\n")
    )


def test_a_study_may_have_profiles_of_its_own_also_in_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "min.yaml").write_text("profil: x\ntitel: Min\ndelar:\n  - del: swot\n", "utf-8")
    (tmp_path / "full.yaml").write_text("profil: full\ntitel: Vår\ndelar:\n  - del: swot\n", "utf-8")
    (tmp_path / "trasig.yaml").write_text("profil: x\n", "utf-8")
    read, wrong = every_profile(tmp_path)
    assert [profile.id for profile in read] == ["full", "bar", "bilagor", "min", "styrgrupp", "swot"]
    assert read[0].name == "Vår" and len(wrong) == 1
    assert profile_file("min", tmp_path).parent == tmp_path
    assert profile_file(tmp_path / "min.yaml").name == "min.yaml"


@pytest.mark.parametrize("name", ["finns-inte", "../full", "", "finns-inte.yaml", "mall"])
def test_a_profile_that_does_not_exist_is_told_with_those_that_do(name: str) -> None:
    with pytest.raises(NotFoundError) as error:
        profile_file(name)
    assert "styrgrupp" in error.value.fix


def test_parts_are_chosen_out_of_a_profile_in_its_order() -> None:
    profile = read_profile(profile_file("bar"))
    chosen = profile.only(["mangdord", "ram"])
    assert chosen.parts == ("ram", "mangdord")
    assert [entry.title for entry in chosen.entries][:3] == ["Deltagare", "Personal", "Organisation"]
    assert sum(1 for entry in walk(chosen.entries) if entry.part == "ram") == 9
    assert profile.only(["mangdord"]).entries[0].part == "mangdord"
    with pytest.raises(NotFoundError, match="ingen del ”swot”"):
        profile.only(["swot"])
    with pytest.raises(RuleError, match="Ingen del"):
        profile.only([])
    assert isinstance(plain_profile(PARTS), Profile) and plain_profile(PARTS).parts == tuple(PARTS)
