"""The façade: every verb of a study, and every way it says no."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intervjukit.core.findings import quantifier
from intervjukit.errors import FaultyFileError, FileError, IntervjukitError, NotFoundError, RuleError
from intervjukit.formats.library import protocol_files
from intervjukit.study import FILE, Study

REPO = Path(__file__).parents[1]
INTERVIEWS = REPO / "examples" / "halsoflodet" / "intervjuer"
QUOTE = "Jag svarade på mejl klockan fyra på morgonen"


def create(folder: Path, **changed: object) -> Study:
    guide = REPO / "protocols" / "halsoflodet" / "sjukskrivna.yaml"
    return Study.create(folder, **{"protocols": guide, "codebook": "halsoflodet", **changed})  # type: ignore[arg-type]


def interview(folder: Path, name: str, *, code: str, group: str = "Sjukskrivna", extra: str = "") -> Path:
    """Write a short interview as a text file."""
    file = folder / name
    file.write_text(
        f"Intervju: {code}\nGrupp: {group}\nDatum: 2026-03-02\n{extra}\n"
        "I: Hur länge har du varit sjukskriven?\n\nR: Sedan i höstas, först på halvtid.\n\n"
        "I: Vad har hjälpt dig?\n\nR: Att chefen ringde varje vecka, det betydde mycket.\n",
        encoding="utf-8",
    )
    return file


# --- making and opening -----------------------------------------------------------------------------


def test_a_new_study_holds_its_guides_and_code_book(tmp_path: Path) -> None:
    with create(tmp_path / "en" / "studie", protocols="halsoflodet") as study:
        assert study.name == "studie"
        assert len(study.protocols) == len(protocol_files("halsoflodet")) == 7
        assert len(study.codebook) == 31
        assert [event.action for event in study.history.events()] == ["create", "adopt_codebook", "adopt_bank"]
        assert repr(study) == "<Study studie: 0 intervjuer>"
        for table in (study.transcripts, study.respondents, study.doubts.table, study.suggestions, study.codings):
            assert len(table()) == 0
        for table in (study.findings, study.perspectives, study.contrasts, study.ranking, study.coverage):
            assert len(table()) == 0
    with Study.open(tmp_path / "en" / "studie") as again:
        assert again.name == "studie"
        assert [code.id for code in again.codebook] == [code.id for code in study.codebook]
        assert list(again.protocols.values()) == list(study.protocols.values())


def test_a_study_in_the_folder_one_stands_in_is_named_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with create(Path()) as study:
        assert study.name == tmp_path.name


def test_a_study_is_never_made_over_another(small_folder: Path) -> None:
    before = (small_folder / FILE).read_bytes()
    with pytest.raises(FileError, match="finns redan en studie"):
        create(small_folder)
    assert (small_folder / FILE).read_bytes() == before


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x")
    with pytest.raises(FileError, match="finns en fil med det namnet"):
        create(tmp_path / "fil")


@pytest.mark.parametrize("broken", ["codebook", "protocols"])
def test_a_faulty_guide_or_code_book_makes_nothing(tmp_path: Path, broken: str) -> None:
    key = {"codebook": "kodbok", "protocols": "guide"}[broken]
    faulty = tmp_path / "fel.yaml"
    faulty.write_text(f"{key}: fel\ntitel: Fel\nokänt: ja\n", encoding="utf-8")
    with pytest.raises(FaultyFileError) as error:
        create(tmp_path / "en" / "studie", **{broken: faulty})
    assert len(error.value.faults) > 1
    assert not (tmp_path / "en").exists()


@pytest.mark.parametrize("missing", ["codebook", "protocols"])
def test_a_missing_guide_or_code_book_makes_nothing(tmp_path: Path, missing: str) -> None:
    with pytest.raises(NotFoundError, match="finns_inte"):
        create(tmp_path / "studie", **{missing: "finns_inte"})
    assert not (tmp_path / "studie").exists()


def test_a_guide_whose_party_the_code_book_lacks_is_refused(tmp_path: Path) -> None:
    guide = tmp_path / "chefer.yaml"
    shutil.copy(REPO / "protocols" / "halsoflodet" / "chefer.yaml", guide)
    shutil.copy(REPO / "protocols" / "halsoflodet" / "fragebank.yaml", tmp_path)
    guide.write_text(guide.read_text("utf-8").replace("part: arbetsgivare", "part: företaget", 1), encoding="utf-8")
    with pytest.raises(FaultyFileError) as error:
        create(tmp_path / "en" / "studie", protocols=guide)
    (fault,) = error.value.faults
    assert (fault.file, fault.line) == ("chefer.yaml", 6)
    assert "Parten ”företaget” finns inte i kodboken halsoflodet.yaml" in fault.message
    assert "individ, arbetsgivare" in fault.fix
    assert not (tmp_path / "en").exists()
    with pytest.raises(FaultyFileError, match="har 7 fel"):
        create(tmp_path / "studie", protocols="halsoflodet", codebook="mall")


WITHOUT = {
    "no valence": ("  - id: valence", "  - id: slag", "saknar facetten ”valence”", "facetter:"),
    "no party": ("  - id: party", "  - id: parter", "saknar facetten ”party”", "facetter:"),
    "one value short": ("      - id: onskan", "      - id: annat", "saknar värdet ”onskan”", "  - id: valence"),
}


@pytest.mark.parametrize(("old", "new", "told", "where"), WITHOUT.values(), ids=WITHOUT.keys())
def test_a_code_book_the_findings_cannot_be_counted_with_is_refused(
    tmp_path: Path, old: str, new: str, told: str, where: str
) -> None:
    text = (REPO / "codebooks" / "mall.yaml").read_text("utf-8")
    head, _, _ = text.partition("\nkoder:")
    assert f"\n{old}\n" in head
    code = "\nkoder:\n  - id: kod_ett\n    namn: Kod\n    definition: Något.\n"
    book = tmp_path / "bok.yaml"
    book.write_text(head.replace(old, new) + code, encoding="utf-8")
    with pytest.raises(FaultyFileError) as error:
        create(tmp_path / "en" / "studie", protocols="mall", codebook=book)
    (fault,) = error.value.faults
    assert (fault.file, fault.line) == ("bok.yaml", book.read_text("utf-8").splitlines().index(where) + 1)
    assert told in fault.message and "mall.yaml" in fault.fix
    assert not (tmp_path / "en").exists()


def test_the_starters_make_a_study_together_that_counts(tmp_path: Path) -> None:
    with create(tmp_path / "studie", protocols="mall", codebook="mall", coder="MK") as study:
        assert study.protocols["grupp"].party in [value.id for value in study.codebook.facet("party").values]
        study.add_transcripts(interview(tmp_path, "X01.txt", code="X01", group="grupp"))
        study.code("X01", "chefen ringde varje vecka", "kod_ett", valence="framgang", party="part_ett")
        (row,) = study.findings().to_dict("records")
        assert (row["n"], row["N"], row["party"]) == (1, 1, "part_ett")
        assert list(study.perspectives()["own"]) == [True]
        assert study.swot.draft(at_least=1) == 1


def test_two_guides_for_one_group_are_refused_and_nothing_is_made(tmp_path: Path) -> None:
    guides = tmp_path / "guider"
    guides.mkdir()
    bank = next(file for file in protocol_files("halsoflodet") if file.stem == "chefer")
    for name in ("chefer.yaml", "kopia.yaml"):
        shutil.copy(bank, guides / name)
    shutil.copy(bank.parent / "fragebank.yaml", guides)
    with pytest.raises(RuleError, match="Mer än en guide har gruppen ”chefer”"):
        create(tmp_path / "studie", protocols=guides)
    assert not (tmp_path / "studie").exists()


def test_a_code_book_that_cannot_be_adopted_leaves_no_half_made_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the last thing written is made to fail: the place where a half made study would come from
    from intervjukit.core.codebook import Codebook
    from intervjukit.storage.store import Store

    whole = Store.adopt_codebook

    def fail(store: Store, who: str, codebook: Codebook, yaml: str) -> None:
        whole(store, who, codebook, yaml)
        raise FileError("Disken är full.")

    monkeypatch.setattr(Store, "adopt_codebook", fail)
    with pytest.raises(FileError, match="Disken"):
        create(tmp_path / "en" / "studie")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "annat").mkdir()
    (tmp_path / "annat" / "min.txt").write_text("x")
    with pytest.raises(FileError, match="Disken"):
        create(tmp_path / "annat")
    assert [place.name for place in (tmp_path / "annat").iterdir()] == ["min.txt"]
    monkeypatch.undo()
    create(tmp_path / "annat").close()


def test_a_study_shows_its_groups_in_a_notebook(small_study: Study) -> None:
    shown = small_study._repr_html_()
    assert "<b>Provstudie</b>" in shown
    assert "<td>sjukskrivna</td><td>1</td>" in shown


DECISIONS: dict[str, Callable[[Study], object]] = {
    "code": lambda study: study.code("S09", QUOTE, "arbetsbelastning"),
    "accept": lambda study: study.accept(1),
    "reject": lambda study: study.reject(1),
    "change": lambda study: study.change(1, code="samverkan"),
    "uncode": lambda study: study.uncode(1),
    "settle": lambda study: study.doubts.settle(1),
    "add_codings": lambda study: study.add_codings(INTERVIEWS.parent / "kodningar.csv"),
    "swot.draft": lambda study: study.swot.draft(),
    "measures.draft": lambda study: study.measures.draft(),
    "memos.add": lambda study: study.memos.add("x"),
    "undo": lambda study: study.history.undo(),
    "redo": lambda study: study.history.redo(),
}


@pytest.mark.parametrize("coder", [None, "", "  "])
@pytest.mark.parametrize("decision", DECISIONS.values(), ids=DECISIONS.keys())
def test_no_decision_is_made_without_a_coder(
    small_folder: Path, opened: Callable[..., Study], decision: Callable[[Study], object], coder: str | None
) -> None:
    study = opened(small_folder, coder)
    lines = len(study.history.events())
    with pytest.raises(RuleError, match="inte sagt vem som kodar"):
        decision(study)
    assert len(study.history.events()) == lines


# --- transcripts ------------------------------------------------------------------------------------


def test_interviews_come_in_once_however_often_they_are_given(small_study: Study, tmp_path: Path) -> None:
    again = small_study.add_transcripts(INTERVIEWS / "S09.txt", INTERVIEWS / "C01.docx")
    assert again.added == () and again.refused == ()
    assert again.known == ("S09.txt (S09)", "C01.docx (C01)")
    renamed = tmp_path / "annat namn.txt"
    shutil.copy(INTERVIEWS / "S09.txt", renamed)
    assert small_study.add_transcripts(renamed).known == ("annat namn.txt (S09)",)
    assert len(small_study.transcripts()) == 4


def test_a_second_interview_with_a_respondent_needs_its_own_wave(small_study: Study, tmp_path: Path) -> None:
    same = small_study.add_transcripts(interview(tmp_path, "a.txt", code="S09"))
    assert [(name, str(error)) for name, error in same.refused] == [
        (
            "a.txt",
            "S09 har redan en intervju i omgång 1. "
            "Läs in den med --replace om den här filen ska gälla i stället. "
            "Gäller den någon annan, eller en annan omgång, rättar du det i filen.",
        )
    ]
    wave = small_study.add_transcripts(interview(tmp_path, "b.txt", code="S09", extra="Omgång: 2\n"))
    assert wave.added == ("S09",)
    assert small_study.transcript("S09", wave=2).source == "b.txt"
    assert small_study.transcript("S09").source == "S09.txt"
    assert "bibliotekarie" in small_study.transcript("S09", wave=2).facts.values()
    assert len(small_study.respondents()) == 4


def test_a_respondent_of_another_group_is_refused(small_study: Study, tmp_path: Path) -> None:
    wrong = interview(tmp_path, "fel.txt", code="S09", group="Chefer", extra="Omgång: 2\n")
    unknown = interview(tmp_path, "okand.txt", code="X01", group="Piloter")
    told = small_study.add_transcripts(wrong, unknown)
    assert [name for name, _ in told.refused] == ["fel.txt", "okand.txt"]
    assert "Piloter" in told.refused[1][1].problem
    assert len(small_study.transcripts()) == 4


def test_one_bad_file_does_not_keep_the_good_ones_out(small_study: Study, tmp_path: Path) -> None:
    interview(tmp_path, "1 bra.txt", code="S21")
    (tmp_path / "2 tom.txt").write_bytes(b"")
    (tmp_path / "3 ej word.docx").write_text("ingen Wordfil")
    (tmp_path / "~$4 las.docx").write_text("Words låsfil")
    (tmp_path / "5 annat.jpg").write_bytes(b"x")
    interview(tmp_path, "6 bra.txt", code="S22")
    seen: list[tuple[int, int, str]] = []
    told = small_study.add_transcripts(tmp_path, progress=lambda *step: seen.append(step))
    assert told.added == ("S21", "S22")
    assert [name for name, _ in told.refused] == ["2 tom.txt", "3 ej word.docx"]
    assert all(error.problem and error.fix for _, error in told.refused)
    assert [step[:2] for step in seen] == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert told.doubts == sum(small_study.doubts.table()["respondent"].isin(["S21", "S22"]))


def test_places_without_interviews_are_told(small_study: Study, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="finns inte"):
        small_study.add_transcripts(tmp_path / "borta")
    with pytest.raises(FileError, match="innehåller inga intervjuer"):
        small_study.add_transcripts(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="needs a named pipe")
def test_a_file_that_cannot_be_read_is_refused(small_study: Study, tmp_path: Path) -> None:
    (tmp_path / "lank.txt").symlink_to(tmp_path / "lank.txt")
    with pytest.raises(IntervjukitError):
        small_study.add_transcripts(tmp_path / "lank.txt")


def test_tables_of_what_was_read_have_a_row_for_each(small_study: Study) -> None:
    assert sorted(small_study.transcripts()["respondent"]) == ["C01", "L05", "R04", "S09"]
    respondents = small_study.respondents().set_index("respondent")
    assert respondents.loc["S09", "Yrke"] == "bibliotekarie"
    assert respondents.loc["S09", "group"] == "sjukskrivna"
    coverage = small_study.coverage()
    asked = {p.group: len(list(p.questions())) for p in small_study.protocols.values()}
    assert coverage.groupby("group").size().to_dict() == {
        group: asked[group] for group in small_study.transcripts()["group"]
    }
    assert coverage["words"].sum() > 1000


def test_a_transcript_is_found_by_respondent_and_wave(small_study: Study) -> None:
    found = small_study.transcript("L05")
    assert found.group == "lakare" and found.wave == 1 and len(found.turns) > 10
    for respondent, wave in (("L99", 1), ("L05", 2)):
        with pytest.raises(NotFoundError, match=f"{respondent} i omgång {wave}"):
            small_study.transcript(respondent, wave=wave)


# --- doubts -----------------------------------------------------------------------------------------


def doubt_of(study: Study, kind: str) -> tuple[int, str, int]:
    row = study.doubts.table().query("kind == @kind").iloc[0]
    return int(row["id"]), str(row["respondent"]), int(row["turn"]) if kind == "fråga" else 0


def questions(study: Study, respondent: str, wave: int = 1) -> dict[int, str | None]:
    return {turn.seq: turn.question for turn in study.transcript(respondent, wave=wave).turns if turn.role != "note"}


def test_a_doubt_is_settled_as_it_stands_once(small_study: Study) -> None:
    number, respondent, _ = doubt_of(small_study, "fråga")
    before = questions(small_study, respondent)
    small_study.doubts.settle(number)
    assert number not in set(small_study.doubts.table()["id"])
    assert questions(small_study, respondent) == before
    for gone in (number, 9999):
        with pytest.raises(NotFoundError, match=f"Tveksamhet {gone} finns inte"):
            small_study.doubts.settle(gone)
    small_study.history.undo()
    assert number in set(small_study.doubts.table()["id"])


def test_a_doubtful_question_is_moved_with_its_answers_as_one_decision(small_study: Study) -> None:
    number, respondent, turn = doubt_of(small_study, "fråga")
    before = questions(small_study, respondent)
    protocol = small_study.protocols[small_study.transcript(respondent).group]
    other = next(q.id for q in protocol.questions() if q.id not in before.values())
    lines = len(small_study.history.events())
    small_study.doubts.settle(number, question=other)
    after = questions(small_study, respondent)
    moved = [seq for seq in after if after[seq] != before[seq]]
    assert moved[0] == turn and len(moved) > 1
    assert {before[seq] for seq in moved} == {before[turn]} and {after[seq] for seq in moved} == {other}
    assert moved == list(range(moved[0], moved[-1] + 1))
    assert len(small_study.history.events()) == lines + 1
    small_study.history.undo()
    assert questions(small_study, respondent) == before
    assert number in set(small_study.doubts.table()["id"])


def test_a_follow_up_belongs_to_the_question_before_it(small_study: Study) -> None:
    number, respondent, turn, earlier = next(
        (number, respondent, doubt.turn, before[-1])
        for number, respondent, doubt in small_study._store.interviews.doubts()
        if doubt.turn
        and (asked := questions(small_study, respondent))
        and (before := [question for seq, question in asked.items() if seq < doubt.turn])
        and before[-1] not in (None, asked[doubt.turn])
    )
    small_study.doubts.settle(number, question="följdfråga")
    assert questions(small_study, respondent)[turn] == earlier


def test_a_question_the_guide_does_not_have_settles_nothing(small_study: Study) -> None:
    number, respondent, _ = doubt_of(small_study, "fråga")
    before = questions(small_study, respondent)
    with pytest.raises(NotFoundError, match="ingen fråga ”ufo”"):
        small_study.doubts.settle(number, question="ufo")
    assert number in set(small_study.doubts.table()["id"])
    assert questions(small_study, respondent) == before


def test_a_doubt_about_something_else_takes_no_question(small_study: Study, tmp_path: Path) -> None:
    file = interview(tmp_path, "utan datum.txt", code="S31")
    file.write_text(file.read_text("utf-8").replace("Datum: 2026-03-02\n", ""), encoding="utf-8")
    small_study.add_transcripts(file)
    number, _, _ = doubt_of(small_study, "datum")
    with pytest.raises(RuleError, match="gäller inte vilken fråga"):
        small_study.doubts.settle(number, question="följdfråga")
    small_study.doubts.settle(number)
    assert "datum" not in set(small_study.doubts.table()["kind"])


def test_settling_a_doubt_of_a_later_wave_leaves_the_first_alone(small_study: Study, tmp_path: Path) -> None:
    text = (INTERVIEWS / "S09.txt").read_text("utf-8").replace("Grupp:", "Omgång: 2\nGrupp:")
    (tmp_path / "S09 igen.txt").write_text(text, encoding="utf-8")
    assert small_study.add_transcripts(tmp_path / "S09 igen.txt").added == ("S09",)
    before = questions(small_study, "S09")
    second = small_study.transcript("S09", wave=2).id
    number = next(
        number
        for number, respondent, doubt in small_study._store.interviews.doubts()
        if small_study._store.interviews.doubt(number) == (second, doubt) and doubt.kind == "fråga"
    )
    other = next(q.id for q in small_study.protocols["sjukskrivna"].questions() if q.id not in before.values())
    small_study.doubts.settle(number, question=other)
    assert questions(small_study, "S09") == before
    assert other in questions(small_study, "S09", wave=2).values()


# --- suggestions ------------------------------------------------------------------------------------


def test_a_suggestion_accepted_as_it_is_becomes_a_coding(suggested_study: Study) -> None:
    row = suggested_study.suggestions().iloc[0]
    coding = suggested_study.accept(row["id"])  # a number as pandas gives it
    assert (coding.quote, coding.code, coding.respondent) == (row["quote"], row["code"], row["respondent"])
    assert (coding.valence, coding.party, coding.coder) == (row["valence"], row["party"], "MK")
    assert coding.suggestion == row["id"]
    assert coding.group == suggested_study.transcript(coding.respondent).group
    assert list(suggested_study.suggestions(status="accepted")["id"]) == [row["id"]]
    assert row["id"] not in set(suggested_study.suggestions()["id"])


@pytest.mark.parametrize("changed", [{"code": "ekonomi"}, {"party": "samhalle"}, {"phase": ""}, {"valence": ""}])
def test_a_suggestion_accepted_with_a_change_is_marked_changed(suggested_study: Study, changed: dict[str, str]) -> None:
    wanted = next(
        suggestion
        for suggestion in suggested_study._store.suggestions()
        if suggestion.code != "ekonomi"
        and suggestion.facets.get("party") != "samhalle"
        and "phase" in suggestion.facets
    )
    coding = suggested_study.accept(wanted.id, **changed)
    ((name, value),) = changed.items()
    assert (coding.code if name == "code" else coding.facets.get(name, "")) == value
    assert list(suggested_study.suggestions(status="changed")["id"]) == [wanted.id]
    assert suggested_study._store.suggestions(id=wanted.id)[0].code == wanted.code, "the proposal stays as it was"


def test_values_the_code_book_lacks_are_refused_and_the_suggestion_stays_open(suggested_study: Study) -> None:
    number = int(suggested_study.suggestions()["id"].iloc[0])
    with pytest.raises(NotFoundError, match="ingen kod ”samvekan”") as error:
        suggested_study.accept(number, code="samvekan")
    assert "samverkan" in error.value.fix
    with pytest.raises(RuleError, match="inget värde ”ufo”"):
        suggested_study.accept(number, party="ufo")
    assert number in set(suggested_study.suggestions()["id"])
    assert len(suggested_study.codings()) == 0


def test_a_suggestion_is_decided_once(suggested_study: Study, opened: Callable[..., Study]) -> None:
    one, two = (int(number) for number in suggested_study.suggestions()["id"].iloc[:2])
    other = opened(suggested_study.folder, "AB")
    suggested_study.accept(one)
    other.reject(two)
    for number, told in ((one, "redan godtaget"), (two, "redan avvisat"), (9999, "finns inte")):
        for decide in (suggested_study.accept, other.reject):
            with pytest.raises(NotFoundError, match=told):
                decide(number)
    assert len(suggested_study.codings()) == 1


def test_what_was_decided_is_not_proposed_again(suggested_study: Study) -> None:
    before = suggested_study.suggestions()
    accepted, rejected = (int(number) for number in before["id"].iloc[:2])
    suggested_study.accept(accepted)
    suggested_study.reject(rejected)
    number = suggested_study.suggest()
    after = suggested_study.suggestions()
    assert number == len(after)
    for decided in before.iloc[:2].itertuples():
        same = after[after["respondent"] == decided.respondent]
        assert not ((same["start"] < decided.end) & (same["end"] > decided.start)).any()
    place = ["respondent", "start", "end", "code"]
    left, now = (
        {tuple(row[1:]): row[0] for row in table[["id", *place]].values.tolist()} for table in (before[2:], after)
    )
    kept = left.keys() & now.keys()
    assert len(kept) > 0.9 * len(left), "two decisions teach something, and leave nearly all the rest as it was"
    assert {which: left[which] for which in kept} == {which: now[which] for which in kept}
    assert list(suggested_study.suggestions(status="rejected")["id"]) == [rejected]
    assert list(suggested_study.suggestions(status="accepted")["id"]) == [accepted]
    event = suggested_study.history.events()[-1]
    assert event.summary == f"Föreslog {number} kodningar" and not event.undoable


def test_suggestions_are_no_codings_and_count_nowhere(suggested_study: Study) -> None:
    assert len(suggested_study.suggestions()) > 10
    assert len(suggested_study.codings()) == len(suggested_study.findings()) == 0


def test_progress_of_suggesting_is_told(small_study: Study) -> None:
    seen: list[tuple[int, int, str]] = []
    small_study.suggest(progress=lambda *step: seen.append(step))
    assert seen == [(done, 4, "föreslår") for done in (1, 2, 3, 4)]


# --- coding by hand ---------------------------------------------------------------------------------


def test_a_quote_is_coded_where_it_stands(small_study: Study) -> None:
    coding = small_study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals", party="arbetsgivare", phase="fore")
    text = small_study.transcript("S09").text
    assert text[coding.start : coding.end] == coding.quote == QUOTE
    assert coding.facets == {"valence": "flaskhals", "party": "arbetsgivare", "phase": "fore"}
    assert (coding.coder, coding.group, coding.suggestion) == ("MK", "sjukskrivna", None)
    (row,) = small_study.codings().to_dict("records")
    assert (row["id"], row["quote"], row["valence"]) == (coding.id, QUOTE, "flaskhals")


def test_a_quote_typed_with_other_marks_for_its_letters_is_the_same(small_study: Study) -> None:
    decomposed = QUOTE.replace("å", "a\u030a")
    assert decomposed != QUOTE
    assert small_study.code("S09", decomposed, "arbetsbelastning").quote == QUOTE


def test_a_quote_that_stands_twice_needs_its_place(small_study: Study) -> None:
    interview = small_study.transcript("S09")
    with pytest.raises(RuleError, match=r"finns på \d+ ställen") as error:
        small_study.code("S09", "och", "ekonomi")
    assert "span" in error.value.fix
    turn = next(turn for turn in interview.answers() if " och " in interview.turn_text(turn))
    start = interview.text.index(" och ", turn.start) + 1
    coding = small_study.code("S09", "och", "ekonomi", span=(np.int64(start), np.int64(start + 3)))
    assert (coding.start, coding.end) == (start, start + 3)


def test_what_cannot_be_coded_is_refused(small_study: Study) -> None:
    interview = small_study.transcript("S09")
    asked = next(turn for turn in interview.turns if turn.role == "interviewer")
    answer = next(turn for turn in interview.answers() if turn.seq > asked.seq)
    across = interview.text[asked.end - 10 : answer.start + 10]
    beyond = interview.text[answer.end - 10 : answer.end + 10]
    said = interview.turn_text(answer)
    tries: list[tuple[tuple[str, str, str], dict[str, object], type[IntervjukitError], str]] = [
        (("S09", "Det här sa ingen", "ekonomi"), {}, RuleError, "finns inte i intervjun med S09"),
        (("S09", "", "ekonomi"), {}, RuleError, "finns inte i intervjun"),
        (("S09", interview.turn_text(asked), "ekonomi"), {}, RuleError, "inte den intervjuades egna ord"),
        (("S09", across, "ekonomi"), {}, RuleError, "inte den intervjuades egna ord"),
        (("S09", beyond, "ekonomi"), {}, RuleError, "inte den intervjuades egna ord"),
        (("S09", said, "ekonomi"), {"span": (answer.start + 1, answer.end + 1)}, RuleError, "stämmer inte"),
        (("S09", said, "ekonomi"), {"span": (-5, 2)}, RuleError, "utanför texten"),
        (("S09", said, "ekonomi"), {"span": (0, 10**7)}, RuleError, "utanför texten"),
        (("S09", "\x00", "ekonomi"), {}, RuleError, "NUL"),
        (("S77", said, "ekonomi"), {}, NotFoundError, "ingen intervju med S77"),
        (("S09", said, "ekonmi"), {}, NotFoundError, "ingen kod ”ekonmi”"),
        (("S09", said, "ekonomi"), {"valence": "hinder"}, RuleError, "inget värde ”hinder”"),
        (("S09", said, "ekonomi"), {"wave": 2}, NotFoundError, "omgång 2"),
    ]
    for words, options, kind, told in tries:
        with pytest.raises(kind, match=told):
            small_study.code(*words, **options)  # type: ignore[arg-type]
    assert len(small_study.codings()) == 0


def test_the_same_decision_is_not_made_twice_but_another_on_the_same_words_is(
    small_study: Study, opened: Callable[..., Study]
) -> None:
    small_study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals")
    with pytest.raises(RuleError, match="redan kodat"):
        small_study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals")
    small_study.code("S09", QUOTE, "arbetsbelastning", valence="onskan")
    small_study.code("S09", QUOTE, "tidiga_signaler", valence="flaskhals")
    opened(small_study.folder, "AB").code("S09", QUOTE, "arbetsbelastning", valence="flaskhals")
    assert len(small_study.codings()) == 4


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.data())
def test_any_of_the_respondents_words_can_be_coded_and_read_back(small_study: Study, data: st.DataObject) -> None:
    interview = small_study.transcript("L05")
    turn = data.draw(st.sampled_from(list(interview.answers())))
    start = data.draw(st.integers(turn.start, turn.end - 1))
    end = data.draw(st.integers(start + 1, turn.end))
    quote = interview.text[start:end]
    if any(character.isalnum() for character in quote):
        coding = small_study.code("L05", quote, "ekonomi", span=(start, end))
        assert (coding.start, coding.end, coding.quote) == (start, end, quote)
        small_study.history.undo()
    else:
        with pytest.raises(RuleError, match="innehåller inget ord"):
            small_study.code("L05", quote, "ekonomi", span=(start, end))
    assert len(small_study._store.codings()) == 0


def test_a_coding_is_changed_in_code_facets_and_place(small_study: Study) -> None:
    coding = small_study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals", party="individ")
    changed = small_study.change(coding.id, code="tidiga_signaler", valence="", party="arbetsgivare")
    assert (changed.code, changed.facets) == ("tidiga_signaler", {"party": "arbetsgivare"})
    shorter = small_study.change(coding.id, span=(coding.start, coding.start + len("Jag svarade")))
    assert (shorter.quote, shorter.code) == ("Jag svarade", "tidiga_signaler")
    lines = len(small_study.history.events())
    assert small_study.change(coding.id, code="tidiga_signaler") == shorter
    assert len(small_study.history.events()) == lines, "what changes nothing is no decision"
    while small_study.history.undo():
        pass
    assert len(small_study.codings()) == 0


def test_a_change_against_the_rules_changes_nothing(small_study: Study) -> None:
    coding = small_study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals")
    interview = small_study.transcript("S09")
    asked = next(turn for turn in interview.turns if turn.role == "interviewer")
    tries: list[tuple[dict[str, object], type[IntervjukitError]]] = [
        ({"code": "ufo"}, NotFoundError),
        ({"party": "ufo"}, RuleError),
        ({"span": (asked.start, asked.end)}, RuleError),
        ({"span": (coding.end, coding.start)}, RuleError),
        ({"span": (-9, 4)}, RuleError),
        ({"span": (coding.start, len(interview.text) + 1)}, RuleError),
    ]
    for values, kind in tries:
        with pytest.raises(kind):
            small_study.change(coding.id, **values)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError, match="Kodning 99 finns inte"):
        small_study.change(99, code="samverkan")
    assert small_study._store.codings() == [coding]


def test_a_coding_taken_away_can_be_had_back(small_study: Study) -> None:
    coding = small_study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals")
    small_study.uncode(coding.id)
    assert len(small_study.codings()) == 0
    with pytest.raises(NotFoundError, match=f"Kodning {coding.id} finns inte"):
        small_study.uncode(coding.id)
    small_study.history.undo()
    assert small_study._store.codings() == [coding]


def test_the_history_tells_the_quote_of_every_decision_on_one(suggested_study: Study) -> None:
    coding = suggested_study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals")
    suggested_study.change(coding.id, valence="onskan")
    suggested_study.uncode(coding.id)
    row, other = suggested_study.suggestions().iloc[0], suggested_study.suggestions().iloc[1]
    accepted = suggested_study.accept(row["id"])
    suggested_study.reject(other["id"])
    short = "”Jag svarade på mejl klockan fyra på…”"
    *_, code, change, uncode, accept, reject = (event.summary for event in suggested_study.history.events())
    assert code == f"Kodade S09: arbetsbelastning, {short}"
    assert change == f"Ändrade kodning {coding.id}: arbetsbelastning, {short}"
    assert uncode == f"Tog bort kodning {coding.id}: arbetsbelastning, {short}"
    assert accept.startswith(f"Godtog förslag {row['id']}: {accepted.code}, ”{row['quote'][:20]}")
    assert reject.startswith(f"Avvisade förslag {other['id']}: {other['code']}, ”{other['quote'][:20]}")
    undone = suggested_study.history.undo()
    assert undone is not None and undone.summary == reject


# --- a coder's file ---------------------------------------------------------------------------------


def decisions(folder: Path, *rows: str) -> Path:
    file = folder / "beslut.csv"
    file.write_text("\n".join(("file,quote,code,valence,party", *rows)) + "\n", encoding="utf-8")
    return file


def test_a_file_of_decisions_comes_in_as_one_and_goes_as_one(small_study: Study, tmp_path: Path) -> None:
    file = decisions(
        tmp_path,
        f"S09.txt,{QUOTE},arbetsbelastning,flaskhals,arbetsgivare",
        "S09,Det var en hel hylla med astronomi,tidiga_signaler,flaskhals,",
    )
    lines = len(small_study.history.events())
    assert small_study.add_codings(file) == 2
    assert list(small_study.codings()["coder"]) == ["MK", "MK"]
    assert small_study.add_codings(file) == 0, "the same decisions are not made twice"
    assert len(small_study.history.events()) == lines + 1
    small_study.history.undo()
    assert len(small_study.codings()) == 0
    assert small_study.history.undo() is None


def test_every_faulty_line_is_named_and_none_is_saved(small_study: Study, tmp_path: Path) -> None:
    file = decisions(
        tmp_path,
        f"S09.txt,{QUOTE},arbetsbelastning,flaskhals,arbetsgivare",
        "S88.txt,Hej,ekonomi,,",
        "S09.txt,Det här sa ingen,ekonomi,,",
        f"S09.txt,{QUOTE},ufo,,",
        f"S09.txt,{QUOTE},ekonomi,hinder,",
        "S09.txt,och,ekonomi,,",
    )
    with pytest.raises(FaultyFileError) as error:
        small_study.add_codings(file)
    assert [fault.line for fault in error.value.faults] == [3, 4, 5, 6, 7]
    assert all(fault.fix for fault in error.value.faults)
    assert len(small_study.codings()) == 0
    with pytest.raises(FileError, match="finns inte"):
        small_study.add_codings(tmp_path / "borta.csv")


def test_a_missing_interview_is_told_once_with_its_number_of_rows(small_study: Study, tmp_path: Path) -> None:
    other = "S88,Hej,ekonomi,,"
    file = decisions(tmp_path, "U01,Ett,ekonomi,,", other, "U01,Två,ekonomi,,", "U01,Tre,ufo,,")
    with pytest.raises(FaultyFileError, match="har 2 fel") as error:
        small_study.add_codings(file)
    assert [(fault.line, fault.message) for fault in error.value.faults] == [
        (2, "Intervjun ”U01” finns inte i studien (3 rader)."),
        (3, "Intervjun ”S88” finns inte i studien."),
    ]


def test_a_name_that_two_interviews_share_must_be_told_apart(small_study: Study, tmp_path: Path) -> None:
    small_study.add_transcripts(interview(tmp_path, "S09 omgang 2.txt", code="S09", extra="Omgång: 2\n"))
    quote = "Att chefen ringde varje vecka"
    with pytest.raises(FaultyFileError, match="2 intervjuer som heter ”S09”"):
        small_study.add_codings(decisions(tmp_path, f"S09,{quote},chefsstod,,"))
    assert small_study.add_codings(decisions(tmp_path, f"S09 omgang 2.txt,{quote},chefsstod,,")) == 1


# --- what they say ----------------------------------------------------------------------------------


def test_findings_count_respondents_and_are_narrowed_as_asked(full_study: Study) -> None:
    whole = full_study.findings()
    assert list(whole.columns) == [
        *("valence", "code", "party", "group", "n", "N", "quantifier", "basis", "respondents", "quotes")
    ]
    people = full_study.transcripts().groupby("group")["respondent"].nunique()
    assert (whole["N"] == whole["group"].map(people)).all()
    assert (whole["n"] == whole["respondents"].map(len)).all()
    assert (whole["quotes"].map(len) >= whole["n"]).all()
    assert list(whole["quantifier"]) == [quantifier(n, total) for n, total in zip(whole["n"], whole["N"], strict=True)]
    for wanted in ({"valence": "flaskhals"}, {"party": "vard"}, {"group": "chefer", "valence": "framgang"}):
        part = full_study.findings(**wanted)
        same = whole
        for name, value in wanted.items():
            same = same[same[name] == value]
        assert 0 < len(part) < len(whole)
        assert part.to_dict("records") == same.to_dict("records")
    for wanted, same in (
        ({"valence": "framgång"}, {"valence": "framgang"}),
        ({"party": "Vården"}, {"party": "vard"}),
        ({"group": "Chefer"}, {"group": "chefer"}),
    ):
        assert full_study.findings(**wanted).to_dict("records") == full_study.findings(**same).to_dict("records")
    assert set(full_study.findings(party="")["party"]) <= {""}


def test_findings_of_what_the_study_does_not_have_are_refused_with_what_it_has(small_study: Study) -> None:
    tries: list[tuple[Callable[[], object], str, str]] = [
        (lambda: small_study.findings(valence="framgångar"), "inget värde ”framgångar”", "framgang, onskan"),
        (lambda: small_study.findings(valence=""), "inget värde ””", "flaskhals"),
        (lambda: small_study.findings(party="vård"), "Part har inget värde ”vård”", "vard"),
        (lambda: small_study.findings(group="ufo"), "Gruppen ”ufo” finns inte", "chefer"),
        (lambda: small_study.findings(group=""), "Gruppen ”” finns inte", "chefer"),
        (lambda: small_study.ranking("ufo"), "Slag har inget värde ”ufo”", "flaskhals, framgang, onskan"),
    ]
    for attempt, problem, fix in tries:
        with pytest.raises(NotFoundError) as error:
            attempt()
        assert problem in error.value.problem and fix in error.value.fix


def test_perspectives_say_who_speaks_of_whom(full_study: Study) -> None:
    views = full_study.perspectives()
    own = {group: protocol.party for group, protocol in full_study.protocols.items()}
    assert (views["own"] == (views["group"].map(own) == views["party"])).all()
    assert views["own"].any() and not views["own"].all()
    assert (views["n"] <= views["N"]).all() and (views["n"] > 0).all()


def test_contrasts_and_ranking_come_from_the_same_codings(full_study: Study) -> None:
    contrasts = full_study.contrasts()
    assert {"samsyn", "motsägelse"} <= set(contrasts["kind"])
    helped, hindered = full_study.ranking(), full_study.ranking("flaskhals")
    assert list(helped["n"]) == sorted(helped["n"], reverse=True)
    assert helped["N"].unique() == [33] and list(helped["code"]) != list(hindered["code"])
    top = helped.iloc[0]
    coded = full_study.codings().query("valence == 'framgang' and code == @top.code")
    assert top["n"] == coded["respondent"].nunique()
    assert full_study.ranking("Flaskhals").equals(hindered)


def test_a_study_with_nothing_coded_has_nothing_to_report(small_study: Study, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="inget att rapportera"):
        small_study.report(tmp_path / "rapport.docx")
    assert not (tmp_path / "rapport.docx").exists()


def test_two_people_in_one_study_see_each_others_decisions_at_once(
    small_study: Study, opened: Callable[..., Study]
) -> None:
    other = opened(small_study.folder, "AB")
    coding = small_study.code("S09", QUOTE, "arbetsbelastning")
    assert other.change(coding.id, valence="flaskhals").facets == {"valence": "flaskhals"}
    assert list(small_study.codings()["valence"]) == ["flaskhals"]
    assert [event.who for event in small_study.history.events()][-2:] == ["MK", "AB"]
