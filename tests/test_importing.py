"""A study made of another program's project, and such a project taken into a study that exists."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from intervjukit.core.codebook import Codebook
from intervjukit.core.exchange import Project, ProjectSet, Selection
from intervjukit.core.transcript import Transcript
from intervjukit.errors import FaultyFileError, FileError, RuleError
from intervjukit.formats.refi_read import read_project
from intervjukit.importing import import_project
from intervjukit.study import Study

sys.path.insert(0, str(Path(__file__).parent / "refi"))
import dialects


def transcripts_of(study: Study) -> list[Transcript]:
    return [replace(each, id=0) for each in study._store.interviews.all()]


@pytest.fixture(scope="module")
def nvivo(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("nvivo")
    return read_project(dialects.write(dialects.DIALECTS[0], folder / "nvivo.qdpx"))


def test_another_programs_project_becomes_a_study(nvivo: Project, tmp_path: Path, opened: Callable[..., Study]) -> None:
    taken = import_project(nvivo, tmp_path / "ny", coder="XX")
    study = opened(tmp_path / "ny")
    assert (len(taken.interviews), taken.codings, taken.codes) == (3, len(dialects.CODINGS), 4)
    assert {(c.quote, study.codebook.code(c.code).name, c.coder) for c in study._store.codings()} == {
        (words, code, user) for _, words, code, user in dialects.CODINGS
    }
    assert {code.name: code.parent for code in study.codebook} == {
        "Vård": None,
        "Väntan": "vard",
        "Arbete": None,
        "Stöd": "arbete",
    }
    assert [each.respondent for each in transcripts_of(study)] == ["D01", "D02", "D03"]
    assert [each.facts for each in transcripts_of(study)] == [{"Ålder": age} for age in dialects.VARIABLES.values()]
    assert list(study.protocols) == ["deltagare"]
    assert any("varken slag eller part" in remark for remark in taken.remarks)


def test_speakers_are_found_and_the_text_is_left_as_it_is(
    nvivo: Project, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    import_project(nvivo, tmp_path / "ny", coder="XX")
    first = transcripts_of(opened(tmp_path / "ny"))[0]
    assert first.text == dialects.TEXTS["Intervju A"]
    assert [(turn.role, first.turn_text(turn)[:12]) for turn in first.turns] == [
        ("interviewer", "Hur började "),
        ("respondent", "Det var i vå"),
        ("interviewer", "Och sedan?"),
        ("respondent", "Sedan fick j"),
    ]


def test_a_coding_that_begins_in_a_speakers_label_begins_with_the_words(
    nvivo: Project, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    first = nvivo.sources[0]
    at = first.text.index("R: Sedan")
    labelled = Selection("11111111-1111-4111-8111-111111111111", first.guid, at, at + 17, (nvivo.codes[0].guid,))
    import_project(replace(nvivo, selections=(labelled,)), tmp_path / "ny", coder="XX")
    assert [coding.quote for coding in opened(tmp_path / "ny")._store.codings()] == ["Sedan fick jag"]


def test_what_came_from_another_program_goes_back_with_its_own_names(
    nvivo: Project, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    import_project(nvivo, tmp_path / "ny", coder="XX")
    sent = opened(tmp_path / "ny").exchange.project()
    for kind in ("users", "sources", "selections"):
        assert {each.guid for each in getattr(sent, kind)} == {each.guid for each in getattr(nvivo, kind)}
    themes = {code.guid: code for code in sent.codes if code.guid in {old.guid for old in nvivo.codes}}
    assert {code.name for code in themes.values()} == set(dialects.CODES)
    assert {code.colour for code in themes.values()} == {"#FF8800"}
    assert [source.text for source in sent.sources] == [source.text for source in nvivo.sources], "labels not doubled"


def test_groups_named_by_a_variable_get_a_guide_each(
    nvivo: Project, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    groups = ("Chefer", "Läkare", "Chefer")
    cases = tuple(replace(c, variables={"Grupp": g}) for c, g in zip(nvivo.cases, groups, strict=True))
    import_project(replace(nvivo, cases=cases), tmp_path / "ny", coder="XX")
    study = opened(tmp_path / "ny")
    assert list(study.protocols) == ["chefer", "lakare"]
    assert [(t.respondent, t.group) for t in transcripts_of(study)] == [
        ("C01", "chefer"),
        ("C02", "chefer"),
        ("L01", "lakare"),
    ]


def test_every_text_whose_group_cannot_be_told_is_named_and_nothing_is_made(nvivo: Project, tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        import_project(nvivo, tmp_path / "ny", protocols="halsoflodet", coder="XX")
    assert all(f"”{name}”" in caught.value.problem for name in dialects.TEXTS)
    assert "sjukskrivna" in caught.value.fix
    assert not (tmp_path / "ny").exists()


def test_names_of_people_never_become_codes_of_respondents(
    nvivo: Project, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    cases = tuple(replace(case, name="Anna Lindqvist") for case in nvivo.cases)
    import_project(replace(nvivo, cases=cases), tmp_path / "ny", coder="XX")
    study = opened(tmp_path / "ny")
    assert "Lindqvist" not in repr(transcripts_of(study))


def test_codes_with_the_same_name_are_the_same_and_new_ones_come_last(
    nvivo: Project, small_folder: Path, opened: Callable[..., Study]
) -> None:
    study = opened(small_folder)
    before = study.codebook
    waiting = replace(nvivo.codes[1], name=before.code("vantetider").name.upper(), parent=None)
    codes = (nvivo.codes[0], waiting, *nvivo.codes[2:])
    cases = tuple(replace(case, variables={"grupp": "sjukskrivna"}) for case in nvivo.cases)
    taken = study.exchange.take_in(replace(nvivo, codes=codes, cases=cases))
    assert taken.codes == 3
    assert [code.name for code in study.codebook][len(before) :] == ["Vård", "Arbete", "Stöd"]
    assert study.codebook.codes[: len(before)] == before.codes
    assert sum(c.code == "vantetider" for c in study._store.codings()) == sum(
        code == "Väntan" for _, _, code, _ in dialects.CODINGS
    )
    study.history.undo()
    assert study.codebook == before


def test_a_code_that_was_merged_is_the_one_it_is_part_of(
    nvivo: Project, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    import_project(nvivo, tmp_path / "ny", coder="XX")
    study = opened(tmp_path / "ny")
    study.themes.merge("vantan", "vard")
    taken = study.exchange.take_in(nvivo)
    assert (taken.codes, taken.codings) == (0, 0)
    assert "vantan" not in study.codebook


def test_the_same_name_in_two_branches_stays_two_codes(
    nvivo: Project, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    codes = tuple(replace(code, name="Övrigt") if code.parent else code for code in nvivo.codes)
    taken = import_project(replace(nvivo, codes=codes), tmp_path / "ny", coder="XX")
    book: Codebook = opened(tmp_path / "ny").codebook
    assert [(code.name, code.parent) for code in book] == [
        ("Vård", None),
        ("Övrigt", "vard"),
        ("Arbete", None),
        ("Övrigt", "arbete"),
    ]
    assert any("Samma kodnamn" in remark for remark in taken.remarks)


def test_what_is_said_of_sources_and_cases_becomes_memos_and_sets_are_told_of(
    nvivo: Project, tmp_path: Path, opened: Callable[..., Study]
) -> None:
    first, *sources = nvivo.sources
    case, *cases = nvivo.cases
    described = replace(
        nvivo,
        sources=(replace(first, description="Inspelad hemma"), *sources),
        cases=(replace(case, description="Kom sent"), *cases),
        sets=(ProjectSet("x", "Omgång ett", sources=(first.guid,)),),
    )
    taken = import_project(described, tmp_path / "ny", coder="XX")
    memos = [(memo.target, memo.text) for memo in opened(tmp_path / "ny")._store.boards.memos()]
    assert memos == [("transcript", "Inspelad hemma"), ("respondent", "Kom sent")]
    assert any("”Omgång ett”" in remark for remark in taken.remarks)


def test_a_study_is_not_written_over(nvivo: Project, small_folder: Path) -> None:
    with pytest.raises(FileError, match="redan en studie"):
        import_project(nvivo, small_folder, coder="XX")


def test_a_code_book_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "bok.qdc").write_text(dialects.TAGUETTE, encoding="utf-8")
    with pytest.raises(FileError, match="är en kodbok") as caught:
        import_project(tmp_path / "bok.qdc", tmp_path / "ny", coder="XX")
    assert "convert-codebook" in caught.value.fix


def test_a_file_that_is_no_project_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "x.qdpx").write_bytes(b"PK nej")
    with pytest.raises(FileError, match=r"ingen \.qdpx-fil"):
        import_project(tmp_path / "x.qdpx", tmp_path / "ny", coder="XX")
    assert not (tmp_path / "ny").exists()


def test_a_project_that_would_lose_codings_is_refused_with_every_fault(tmp_path: Path) -> None:
    whole = dialects.write(dialects.DIALECTS[7], tmp_path / "hel.qdpx")
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "utan.qdpx", "w") as new:
        new.writestr("project.qde", old.read("project.qde"))
    with pytest.raises(FaultyFileError) as caught:
        read_project(tmp_path / "utan.qdpx")
    assert len(caught.value.faults) == 3
    assert all("saknar sin text" in fault.message for fault in caught.value.faults)


@pytest.mark.parametrize(
    "extra",
    [
        {"intervjuer": "nej", "guider": 3, "banker": []},
        {"intervjuer": [None, 7, {"källa": "x"}], "banker": {"../../ut.txt": "x", "": "y"}},
        {"intervjuer": [{"källa": "?", "etiketter": [[5, -3]], "text": "", "turer": [[1, 2]]}], "id": "inget"},
    ],
)
def test_what_the_kit_did_not_write_beside_the_sources_is_passed_over(
    nvivo: Project, extra: dict[str, object], tmp_path: Path, opened: Callable[..., Study]
) -> None:
    for row in extra["intervjuer"] if isinstance(extra["intervjuer"], list) else ():
        if isinstance(row, dict) and row["källa"] == "?":
            row["källa"] = nvivo.sources[0].guid
    taken = import_project(replace(nvivo, extra=extra), tmp_path / "ny", coder="XX")
    assert taken.codings == len(dialects.CODINGS)
    assert [path.name for path in tmp_path.iterdir()] == ["ny"]
    assert [each.text for each in transcripts_of(opened(tmp_path / "ny"))] == list(dialects.TEXTS.values())


@pytest.mark.parametrize("guide", ["bank: /etc/hosts\n", "{guide: x, bank: /etc/hosts}", "'bank' : ../x"])
def test_a_guide_that_would_read_another_file_is_refused(guide: str, nvivo: Project, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="hänvisar till andra filer"):
        import_project(replace(nvivo, extra={"guider": [guide]}), tmp_path / "ny", coder="XX")
