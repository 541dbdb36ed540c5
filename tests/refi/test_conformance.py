"""What every program writes is read exactly: places, codes in their tree, users, cases and variables."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import dialects
from dialects import CODES, CODINGS, DIALECTS, TAGUETTE, TEXTS, USERS, VARIABLES, Dialect

from intervjukit.core.exchange import Project
from intervjukit.formats.refi_codebook import read_book, standard_book
from intervjukit.formats.refi_read import read_codebook_file, read_project

each_dialect = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


def read(dialect: Dialect, folder: Path) -> Project:
    return read_project(dialects.write(dialect, folder / f"{dialect.name}.qdpx"))


@each_dialect
def test_every_coding_is_where_it_was_made(dialect: Dialect, tmp_path: Path) -> None:
    project = read(dialect, tmp_path)
    names = {source.guid: source.name for source in project.sources}
    codes = {code.guid: code.name for code in project.codes}
    users = {user.guid: user.name for user in project.users}
    found = [
        (names[each.source], project.quote(each), codes[code], users.get(each.user, ""))
        for each in project.selections
        for code in each.codes
    ]
    told = [
        (source, words, code if dialect.codebook else "", user if dialect.users else "")
        for source, words, code, user in CODINGS
    ]
    if not dialect.codebook:
        found = [(source, words, "", user) for source, words, _, user in found]
    assert found == told


@each_dialect
def test_texts_are_normalised_and_whole(dialect: Dialect, tmp_path: Path) -> None:
    assert {source.name: source.text for source in read(dialect, tmp_path).sources} == TEXTS


@each_dialect
def test_the_way_to_count_is_told_and_sure(dialect: Dialect, tmp_path: Path) -> None:
    remark = next(remark for remark in read(dialect, tmp_path).remarks if remark.startswith("Ställena räknas"))
    assert "(säkert:" in remark or dialect.drift
    told = "UTF-16-enheter" if dialect.utf16 else "hela tecken (kodpunkter)"
    assert told in remark or dialect.drift
    assert ("sista tecknet ingår" in remark) == dialect.inclusive
    assert ("CRLF som två" in remark) == (dialect.crlf == 2)


@each_dialect
def test_cases_and_variables_come_along(dialect: Dialect, tmp_path: Path) -> None:
    project = read(dialect, tmp_path)
    names = {source.guid: source.name for source in project.sources}
    ages = {names[case.sources[0]]: case.variables.get("Ålder") for case in project.cases}
    if dialect.variables_on == "source":
        ages = {source.name: source.variables.get("Ålder") for source in project.sources}
    assert ages == VARIABLES


@each_dialect
def test_codes_keep_tree_description_and_colour(dialect: Dialect, tmp_path: Path) -> None:
    codes = read(dialect, tmp_path).codes
    names = {code.guid: code.name for code in codes}
    if not dialect.codebook:
        assert sorted(names.values()) == [f"Okänd kod {number}" for number in range(1, len(CODES) + 1)]
        return
    assert {code.name: names.get(code.parent or "") for code in codes} == CODES
    assert [code.description for code in codes] == [f"Om {code.name}" for code in codes]
    assert {code.colour for code in codes} == {"#FF8800"}


@each_dialect
def test_nothing_is_doubted_that_is_right(dialect: Dialect, tmp_path: Path) -> None:
    assert not [remark for remark in read(dialect, tmp_path).remarks if remark.startswith("Markeringen")]


def test_places_that_drift_for_each_emoji_are_mended_by_their_words_and_told(tmp_path: Path) -> None:
    drifting = next(dialect for dialect in DIALECTS if dialect.drift)
    assert any("efter sina citat" in remark for remark in read(drifting, tmp_path).remarks)


def test_users_that_are_only_referred_to_are_told_apart(tmp_path: Path) -> None:
    dialect = next(dialect for dialect in DIALECTS if dialect.name == "nvivo-windows")
    assert [user.name for user in read(dialect, tmp_path).users] == list(USERS)


def test_taguettes_invalid_code_book_is_read(tmp_path: Path) -> None:
    file = tmp_path / "taguette.qdc"
    file.write_text(TAGUETTE, encoding="utf-8")
    project = read_codebook_file(file)
    assert [code.name for code in project.codes] == ["vård", "vård.väntan", "arbete"]
    read = read_book(project.codes, project.sets, standard_book(), "Taguettes")
    assert [(code.id, code.definition) for code in read.book] == [
        ("vard", "vård"),
        ("vard_vantan", "vård.väntan"),
        ("arbete", "arbete"),
    ]


def test_the_suite_is_written_as_files_for_other_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["dialects.py", str(tmp_path / "ut")])
    dialects.main()
    assert len(list((tmp_path / "ut").glob("*.qdpx"))) == len(DIALECTS)
    assert (tmp_path / "ut" / "expected.json").stat().st_size > 1000
