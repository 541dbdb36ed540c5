"""A corrected file takes the place of what was read before, whole or not at all, and what was coded goes with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from intervjukit.cli import cli
from intervjukit.core.coding import Memo
from intervjukit.errors import ConflictError, NotFoundError
from intervjukit.formats.library import library
from intervjukit.study import FILE, Study

S09 = library("examples") / "halsoflodet" / "intervjuer" / "S09.txt"
UNLIKE = """Intervju: L09
Grupp: Läkare
Datum: 2026-03-05

I: Zwtt brkk?
R: Mycket.
I: Qlmm vrtz?
R: Det händer.
"""
GONE = "Vi var två som körde, och så blev det en"
QUOTE = "Jag svarade på mejl klockan fyra på morgonen"
TABLES = (
    *("transcripts", "turns", "turn_times", "doubts", "attributes", "respondents"),
    *("codings", "coding_facets", "suggestions", "suggestion_facets", "blind", "memos", "memo_spans"),
)


def corrected(folder: Path, old: str = "bibliotekarie", new: str = "arkivarie", name: str = "S09 rättad.txt") -> Path:
    """Write S09's interview with a correction."""
    text = S09.read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder / name


def rows(study: Study) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(study.folder / FILE)) as connection:
        return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=str) for name in TABLES}


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words], prog_name="intervjukit", env={"COLUMNS": "120"})
    assert result.exit_code == code, result.output
    return result


# --- the study --------------------------------------------------------------------------------------


def test_a_corrected_file_takes_the_place_of_the_first_with_facts_doubts_and_turns(
    suggested_study: Study, tmp_path: Path
) -> None:
    study, before = suggested_study, suggested_study.transcript("S09")
    others = {t.respondent: t for t in study._transcripts() if t.respondent != "S09"}
    kept = [s for s in study._store.suggestions() if s.respondent != "S09"]
    assert len(kept) < len(study._store.suggestions())
    study.memos.add("Läs om", target="transcript", target_id=before.id)
    events = len(study.history.events())
    told = study.add_transcripts(corrected(tmp_path), replace=True)
    assert (told.added, told.replaced, told.refused, told.known) == ((), ("S09",), (), ())
    after = study.transcript("S09")
    assert after.source == "S09 rättad.txt" and "arkivarie" in after.facts.values()
    assert "bibliotekarie" not in after.facts.values() and list(after.facts) == list(before.facts)
    assert len(after.turns) == len(before.turns)
    assert told.doubts == (study.doubts.table()["respondent"] == "S09").sum()
    assert study._store.suggestions() == kept
    assert {t.respondent: t for t in study._transcripts() if t.respondent != "S09"} == others
    assert list(study.memos.table()["target_id"]) == [str(after.id)]
    line = study.history.events()[-1]
    assert len(study.history.events()) == events + 1
    assert (line.action, line.summary, line.undoable) == (
        "replace_transcript",
        "Läste in S09 på nytt från S09 rättad.txt",
        True,
    )
    with closing(sqlite3.connect(study.folder / FILE)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in ("turns", "doubts", "suggestions"):
            lost = f"SELECT count(*) FROM {table} WHERE transcript NOT IN (SELECT id FROM transcripts)"
            assert connection.execute(lost).fetchone() == (0,)
    study.code("S09", QUOTE, "arbetsbelastning")
    assert study.suggest() > len(kept)


@pytest.fixture
def rich_study(suggested_study: Study) -> Study:
    """A study where everything that can hang on S09 does: codings, decided suggestions, blind places, memos, doubts."""
    study = suggested_study
    coding = study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals", party="arbetsgivare")
    study.memos.add("Se sida två", target="coding", target_id=coding.id)
    study.code("S09", GONE, "egenansvar")
    open_ones = [s for s in study._store.suggestions(status="open") if s.respondent == "S09"]
    study.accept(open_ones[0].id)
    study.reject(open_ones[1].id)
    study.memos.add("Läs om", target="transcript", target_id=study.transcript("S09").id)
    study.agreement.draw_blind(3)
    with study._store.decide("MK", "add_memo", "Skrev en anteckning") as decision:
        interview = study.transcript("S09")
        for words in (QUOTE, GONE):
            start = interview.text.index(words)
            memo = Memo(0, "transcript", str(interview.id), words[:4], "MK", "", start, start + len(words), words)
            study._store.boards.insert_memo(decision, memo)
    return study


def hanging(study: Study) -> dict[str, list[tuple[object, ...]]]:
    """What hangs on S09 by its words, whatever its id and place."""
    codings = [c for c in study._store.codings() if c.respondent == "S09"]
    decided = [s for s in study._store.suggestions() if s.respondent == "S09" and s.status != "open"]
    return {
        "codings": sorted((c.id, c.quote, c.code, c.coder, c.at, c.suggestion, *c.facets.values()) for c in codings),
        "suggestions": sorted((s.id, s.quote, s.code, s.status) for s in decided),
        "blind": sorted((b.id, b.quote, b.coder) for b in study._store.blind.places() if b.respondent == "S09"),
        "memos": sorted((m.id, m.text, m.quote) for m in study._store.boards.memos()),
    }


def test_what_hangs_on_a_corrected_interview_goes_with_it_and_back_again(rich_study: Study, tmp_path: Path) -> None:
    before, stored, events = hanging(rich_study), rows(rich_study), len(rich_study.history.events())
    told = rich_study.add_transcripts(corrected(tmp_path, "Fyrtiofem. ", "Fyrtiofem år. "), replace=True)
    assert (told.replaced, told.refused) == (("S09",), ())
    (done,) = told.carried
    assert (done.respondent, done.changed, done.lost) == ("S09", [], [])
    assert done.kept == sum(map(len, before.values())) - 2  # two memos are about no place
    assert hanging(rich_study) == before
    text = rich_study.transcript("S09").text
    assert "Fyrtiofem år." in text
    assert all(text[c.start : c.end] == c.quote for c in rich_study._store.codings() if c.respondent == "S09")
    assert len(rich_study.history.events()) == events + 1
    rich_study.history.undo()
    assert rows(rich_study) == stored, "also the machine's open suggestions are back"
    assert hanging(rich_study) == before
    rich_study.history.redo()
    assert hanging(rich_study) == before and "Fyrtiofem år." in rich_study.transcript("S09").text


def test_decisions_on_either_text_are_taken_back_and_made_again_past_the_replacement(
    rich_study: Study, tmp_path: Path
) -> None:
    study = rich_study

    def accept_one() -> None:
        frame = study.suggestions()
        study.accept(int(frame[frame["respondent"] == "S09"]["id"].iloc[0]))

    accept_one()
    study.add_transcripts(corrected(tmp_path), replace=True)
    study.suggest()
    replaced = rows(study)
    accept_one()
    accepted, undone = rows(study), []
    for _ in range(2):
        assert study.history.undo() is not None
        assert rows(study) == replaced
        assert study.history.undo() is not None
        undone.append(rows(study))
        assert study.history.undo() is not None
        assert study.history.redo() is not None
        assert rows(study) == undone[0]
        assert study.history.redo() is not None
        assert rows(study) == replaced
        assert study.history.redo() is not None
        assert rows(study) == accepted
    assert undone[0] == undone[1]


def test_open_suggestions_whose_code_is_gone_since_do_not_come_back_with_the_interview(
    rich_study: Study, opened: Callable[..., Study], tmp_path: Path
) -> None:
    def proposed() -> dict[int, str]:
        frame = rich_study.suggestions()
        frame = frame[frame["respondent"] == "S09"]
        return dict(zip(map(int, frame["id"]), frame["code"], strict=True))

    before = proposed()
    other = opened(rich_study.folder, "AB")
    every = rich_study.material.suggestions(status=None)
    carried = {one.code for one in (*rich_study._store.codings(), *every) if getattr(one, "status", "") != "open"}
    code = next(code for code in before.values() if code not in carried)  # else the merger changes what is carried
    into = "ekonomi" if code != "ekonomi" else "samverkan"
    rich_study.add_transcripts(corrected(tmp_path), replace=True)
    other.themes.merge(code, into)
    assert rich_study.history.undo() is not None
    assert proposed() == {number: each for number, each in before.items() if each != code}


def test_what_has_no_place_any_more_is_kept_as_memos(rich_study: Study, tmp_path: Path) -> None:
    before = hanging(rich_study)
    told = rich_study.add_transcripts(corrected(tmp_path, GONE, "Nej."), replace=True)
    (done,) = told.carried
    assert [place.what for place in done.lost if place.quote == GONE] == ["kodning", "anteckning"]
    assert all(place.now == "" for place in done.lost)
    texts = [memo.text for memo in rich_study._store.boards.memos()]
    (kept,) = [text for text in texts if text.startswith("kod: Egenansvar")]
    assert f"Kodad av MK: ”{GONE}”" in kept
    assert any(GONE in text and text.startswith(GONE[:4]) for text in texts)
    gone = [row for row in before["codings"] if row[1] == GONE]
    assert hanging(rich_study)["codings"] == [row for row in before["codings"] if row not in gone]
    assert rich_study.history.events()[-1].summary.endswith(f"(0 ställen att se över, {len(done.lost)} utan plats)")
    rich_study.history.undo()
    assert hanging(rich_study) == before


def test_words_that_have_changed_under_a_coding_are_to_be_looked_at(rich_study: Study, tmp_path: Path) -> None:
    told = rich_study.add_transcripts(corrected(tmp_path, "klockan fyra på", "klockan fem på"), replace=True)
    (done,) = told.carried
    assert {(place.quote, place.now) for place in done.changed} >= {(QUOTE, QUOTE.replace("fyra", "fem"))}
    (coding,) = [c for c in rich_study._store.codings() if c.code == "arbetsbelastning" and c.coder == "MK"][:1]
    assert coding.quote == QUOTE.replace("fyra", "fem")


def test_a_coding_that_somebody_else_turns_out_to_have_said_is_to_be_looked_at(
    rich_study: Study, tmp_path: Path
) -> None:
    file = corrected(tmp_path, "IP: Alltså, jag anade", "INT: Alltså, jag anade")
    (done,) = rich_study.add_transcripts(file, replace=True).carried
    assert (QUOTE, QUOTE) in {(place.quote, place.now) for place in done.changed}


def test_settled_doubts_stay_settled(small_study: Study, tmp_path: Path) -> None:
    doubts = small_study.doubts.table().query("respondent == 'S09'")
    small_study.doubts.settle(*(int(number) for number in doubts["id"]))
    told = small_study.add_transcripts(corrected(tmp_path), replace=True)
    assert told.doubts == len(doubts) > 0
    assert small_study.doubts.table().query("respondent == 'S09'").empty


def test_a_question_that_was_set_by_hand_stays(small_study: Study, tmp_path: Path) -> None:
    doubts = small_study.doubts.table().query("respondent == 'S09' and kind == 'fråga'")
    number, seq = int(doubts["id"].iloc[0]), int(doubts["turn"].iloc[0])
    asked = [question.id for question in small_study.protocols["sjukskrivna"].questions()]
    was = next(turn.question for turn in small_study.transcript("S09").turns if turn.seq == seq)
    wanted = next(question for question in asked if question != was)
    small_study.doubts.settle(number, question=wanted)
    before = [turn.question for turn in small_study.transcript("S09").turns]
    small_study.add_transcripts(corrected(tmp_path), replace=True)
    assert [turn.question for turn in small_study.transcript("S09").turns] == before
    assert wanted in before


def test_suggestions_made_since_do_not_stand_in_the_way_of_taking_a_replacement_back(
    rich_study: Study, tmp_path: Path
) -> None:
    before = hanging(rich_study)
    rich_study.add_transcripts(corrected(tmp_path, "Fyrtiofem. ", "Fyrtiofem år. "), replace=True)
    assert rich_study.suggest() > 0
    rich_study.history.undo()
    assert hanging(rich_study) == before
    with closing(sqlite3.connect(rich_study.folder / FILE)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_replacement_somebody_has_coded_on_is_not_taken_back(
    rich_study: Study, opened: Callable[..., Study], tmp_path: Path
) -> None:
    rich_study.add_transcripts(corrected(tmp_path, "Fyrtiofem. ", "Fyrtiofem år. "), replace=True)
    opened(rich_study.folder, "AB").code("S09", QUOTE, "kunskap")
    with pytest.raises(ConflictError):
        rich_study.history.undo()
    assert "Fyrtiofem år." in rich_study.transcript("S09").text


def test_what_was_undone_before_a_replacement_is_not_made_again_on_the_new_text(
    small_study: Study, tmp_path: Path
) -> None:
    small_study.code("S09", QUOTE, "arbetsbelastning")
    small_study.history.undo()
    small_study.add_transcripts(corrected(tmp_path, "Intervju", "Kära läsare\nIntervju"), replace=True)
    assert small_study.history.redo() is None
    assert len(small_study.codings()) == 0


def test_a_replacement_does_not_stand_in_the_way_of_what_others_decided_before_it(
    small_study: Study, opened: Callable[..., Study], tmp_path: Path
) -> None:
    coding = small_study.code("C01", small_study.transcript("C01").text.split("\n\n")[-1], "samverkan")
    doubts = small_study.doubts.table().query("respondent == 'S09'")
    small_study.doubts.settle(int(doubts["id"].iloc[0]))
    opened(small_study.folder, "AB").add_transcripts(corrected(tmp_path), replace=True)
    undone = small_study.history.undo()
    assert undone is not None
    assert undone.action == "code"
    assert coding.id not in set(small_study.codings()["id"])
    assert small_study.history.undo() is None
    redone = small_study.history.redo()
    assert redone is not None
    assert list(small_study.codings()["id"]) == [coding.id]


def test_replacing_adds_what_is_new_and_leaves_what_is_unchanged(small_study: Study, tmp_path: Path) -> None:
    small_study.code("S09", QUOTE, "arbetsbelastning")
    fresh = corrected(tmp_path, "S09", "S19", "ny.txt")
    told = small_study.add_transcripts(S09, fresh, replace=True)
    assert (told.added, told.replaced, told.known, told.refused) == (("S19",), (), ("S09.txt (S09)",), ())


def test_of_two_files_for_one_interview_the_second_is_refused_though_one_may_replace(
    small_study: Study, tmp_path: Path
) -> None:
    one = corrected(tmp_path)
    two = corrected(tmp_path, "bibliotekarie", "snickare", "två.txt")
    told = small_study.add_transcripts(one, two, replace=True)
    assert told.replaced == ("S09",) and [name for name, _ in told.refused] == ["två.txt"]
    assert small_study.transcript("S09").source == one.name


def test_facts_of_other_waves_stay_when_one_is_replaced(small_study: Study, tmp_path: Path) -> None:
    second = corrected(tmp_path, "Grupp:", "Omgång: 2\nBarn: två\nGrupp:", "två.txt")
    assert small_study.add_transcripts(second).added == ("S09",)
    again = corrected(tmp_path, "Grupp:", "Omgång: 2\nBarn: tre\nHund: ja\nGrupp:", "igen.txt")
    assert small_study.add_transcripts(again, replace=True).replaced == ("S09",)
    facts = small_study.transcript("S09").facts
    assert (facts["Barn"], facts["Hund"]) == ("tre", "ja") and "bibliotekarie" in facts.values()
    assert small_study.transcript("S09").source == "S09.txt"
    with closing(sqlite3.connect(small_study.folder / FILE)) as connection:
        places = [p for (p,) in connection.execute("SELECT place FROM attributes WHERE respondent = 'S09'")]
    assert len(set(places)) == len(places)


def test_two_who_replace_at_once_leave_one_whole_interview(
    small_study: Study, opened: Callable[..., Study], tmp_path: Path
) -> None:
    other = opened(small_study.folder, "AB")
    small_study.add_transcripts(corrected(tmp_path), replace=True)
    other.add_transcripts(corrected(tmp_path, "bibliotekarie", "snickare", "två.txt"), replace=True)
    assert small_study.transcript("S09").source == "två.txt"
    assert len(small_study.transcripts()) == 4


def test_files_of_other_formats_in_folders_are_named(small_study: Study, tmp_path: Path) -> None:
    (tmp_path / "vår").mkdir()
    corrected(tmp_path / "vår", "S09", "S19")
    (tmp_path / "gammal.doc").write_bytes(b"x")
    told = small_study.add_transcripts(tmp_path)
    assert (told.added, told.skipped) == (("S19",), ("gammal.doc",))


def test_a_respondent_nearly_named_is_asked_about(small_study: Study) -> None:
    for written, meant in (("s09", "S09"), ("S9", "S09"), ("c1", "C01")):
        with pytest.raises(NotFoundError) as caught:
            small_study.transcript(written)
        assert caught.value.fix == f"Menade du {meant}?"
    with pytest.raises(NotFoundError, match="intervjukit transcripts"):
        small_study.transcript("S09", wave=2)


def test_an_interviews_first_unknown_questions_are_settled_with_a_question_of_the_guide(
    small_study: Study, tmp_path: Path
) -> None:
    (tmp_path / "L09.txt").write_text(UNLIKE, encoding="utf-8")
    small_study.add_transcripts(tmp_path / "L09.txt")
    doubts = small_study.doubts.table().query("respondent == 'L09' and message.str.contains('liknar ingen')")
    one, two = (int(number) for number in doubts["id"])
    first, second = (int(turn) for turn in doubts["turn"])
    asked = [question.id for question in small_study.protocols["lakare"].questions()]
    small_study.doubts.settle(one, question=asked[0])
    small_study.doubts.settle(two, question=asked[1])
    found = {turn.seq: turn.question for turn in small_study.transcript("L09").turns}
    assert {found[seq] for seq in range(first, second)} == {asked[0]}
    assert found[second] == found[second + 1] == asked[1]
    small_study.history.undo()
    assert {turn.question for turn in small_study.transcript("L09").turns if turn.seq == second} == {None}


def test_several_doubts_are_settled_as_one_decision_or_none(small_study: Study) -> None:
    numbers = list(small_study.doubts.table()["id"])
    with pytest.raises(NotFoundError, match="9999"):
        small_study.doubts.settle(*numbers[:2], 9999)
    assert list(small_study.doubts.table()["id"]) == numbers
    events = len(small_study.history.events())
    small_study.doubts.settle(*numbers[:3], numbers[0])
    assert list(small_study.doubts.table()["id"]) == numbers[3:]
    assert len(small_study.history.events()) == events + 1
    assert "Avgjorde 3 tveksamheter om " in small_study.history.events()[-1].summary
    small_study.history.undo()
    assert list(small_study.doubts.table()["id"]) == numbers


# --- the commands -----------------------------------------------------------------------------------


def test_the_command_says_how_to_replace_and_then_does(small_folder: Path, tmp_path: Path) -> None:
    file = corrected(tmp_path)
    told = run("add-transcripts", small_folder, file, code=1).stderr
    assert "Läs in den med --replace om den här filen ska gälla i stället." in told
    told = run("add-transcripts", small_folder, file, "--replace").stdout
    assert told.startswith("Ersatte 1 intervju: S09.\n")
    assert "arkivarie" in run("respondents", small_folder).stdout


def test_the_command_names_what_it_skipped_with_what_to_do(small_folder: Path, tmp_path: Path) -> None:
    corrected(tmp_path, "S09", "S19")
    for name in ("gammal.doc", "bild.jpg", "ljud.mp3"):
        (tmp_path / name).write_bytes(b"x")
    told = run("add-transcripts", small_folder, tmp_path).stdout
    assert "Hoppade över: bild.jpg, gammal.doc (spara som .docx), ljud.mp3 (skriv ut den först)\n" in told


def test_the_turn_a_doubt_names_is_found_in_the_transcript(small_folder: Path) -> None:
    with Study.open(small_folder) as study:
        row = study.doubts.table().query("respondent == 'L05' and kind == 'fråga'").iloc[0]
        interview = study.transcript("L05")
        words = interview.turn_text(interview.turns[int(row["turn"]) - 1])
    shown = run("transcript", small_folder, "L05").stdout
    (line,) = (line for line in shown.splitlines() if line.split()[:1] == [str(row["turn"])])
    assert line.split()[1].startswith("I") and line.endswith(words.split("\n")[0])


def test_a_persons_doubts_are_settled_together(small_folder: Path) -> None:
    with Study.open(small_folder) as study:
        frame = study.doubts.table()
    mine, rest = frame[frame["respondent"] == "L05"], frame[frame["respondent"] != "L05"]
    assert len(mine) > 1 and len(rest) > 1
    told = run("settle", small_folder, "--respondent", "L05", "--coder", "MK").stdout
    assert told == f"Avgjorde {len(mine)} tveksamheter. {len(rest)} tveksamheter kvar.\n"
    told = run("settle", small_folder, *rest["id"][:2], "--coder", "MK").stdout
    assert told.startswith("Avgjorde 2 tveksamheter.")
    with Study.open(small_folder) as study:
        assert list(study.doubts.table()["id"]) == list(rest["id"][2:])
    again = run("settle", small_folder, "--respondent", "L05", "--coder", "MK").stdout
    assert again.startswith("L05 har inga tveksamheter kvar.")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((), 2, "Ange tveksamheternas nummer"),
        (("1", "--respondent", "S09"), 2, "Ange tveksamheternas nummer"),
        (("--respondent", "S09", "--question", "x"), 2, "--respondent godtar dem som de står"),
        (("--respondent", "s9"), 1, "Menade du S09?"),
        (("1", "9999"), 1, "Tveksamhet 9999 finns inte"),
    ],
)
def test_settling_what_is_not_there_settles_nothing(
    small_folder: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    assert told in run("settle", small_folder, *words, "--coder", "MK", code=code).stderr
    with Study.open(small_folder) as study:
        assert 1 in set(study.doubts.table()["id"])
