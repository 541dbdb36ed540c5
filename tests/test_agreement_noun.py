"""study.agreement on a real study: two coders, the suggestions kept honest, and the blind sample."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from intervjukit.analysis.agreement import AgreementTables
from intervjukit.core.blind import fewest_coded
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.evaluation import _folds, _in_order
from intervjukit.nlp.showing import LIMITS
from intervjukit.study import Study

DECISIONS = Path(__file__).parents[1] / "examples" / "halsoflodet" / "kodningar.csv"
FILES = ("S09.txt", "C01.docx", "L05.vtt", "R04.txt")
DROPPED, CHANGED = 5, 7
"""BL leaves out every fifth of MK's codings and gives every seventh another code."""


def write_decisions(path: Path, *, second: bool) -> int:
    """Write the example's decisions on the four interviews, as MK made them or as BL would; return how many."""
    with DECISIONS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] in FILES]
    if second:
        rows = [row for place, row in enumerate(rows) if place % DROPPED]
        for row in rows[::CHANGED]:
            row["code"] = "ekonomi" if row["code"] != "ekonomi" else "avslag"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


@pytest.fixture(scope="session")
def coded_original(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the small study coded by MK and BL; only to be copied or read."""
    folder = Path(shutil.copytree(small_original, tmp_path_factory.mktemp("tva_kodare") / "studie"))
    for coder, second in (("MK", False), ("BL", True)):
        decisions = folder.parent / f"{coder}.csv"
        number = write_decisions(decisions, second=second)
        with Study.open(folder, coder=coder) as study:
            assert study.add_codings(decisions) == number
    return folder


@pytest.fixture
def coded_study(coded_original: Path, tmp_path: Path, opened: Callable[..., Study]) -> Study:
    return opened(shutil.copytree(coded_original, tmp_path / "kodad"))


@pytest.fixture(scope="module")
def tried(coded_original: Path) -> dict[str, AgreementTables]:
    """Return the suggestions tried on MK's codings, by group and in order."""
    with Study.open(coded_original) as study:
        return {
            "group": study.agreement.with_suggester("MK"),
            "order": study.agreement.with_suggester("MK", by="order"),
        }


# --- two coders -----------------------------------------------------------------------------------------


def test_two_coders_are_compared_where_both_have_coded(coded_study: Study) -> None:
    made = coded_study.agreement.between("MK", "BL")
    whole = made.spans.iloc[0]
    mine, its = (frame for _, frame in coded_study.codings().groupby("coder", sort=False))
    if mine["coder"].iloc[0] != "MK":
        mine, its = its, mine
    places = ["respondent", "start", "end"]
    assert (whole["one"], whole["other"]) == (len(mine[places].drop_duplicates()), len(its[places].drop_duplicates()))
    assert whole["both"] == whole["other"] < whole["one"]
    assert whole["precision"] == 1.0 and whole["recall"] == pytest.approx(whole["other"] / whole["one"])
    assert set(made.groups["group"]) == {"sjukskrivna", "chefer", "lakare", "rehabkoordinatorer"}
    assert made.groups["one"].sum() == whole["one"]
    assert "saved" not in made.groups and made.course.empty


def test_every_disagreement_can_be_settled_by_the_ids_of_its_codings(coded_study: Study) -> None:
    made = coded_study.agreement.between("MK", "BL")
    differing = made.disagreements[made.disagreements["about"].map(lambda about: "code" in about)]
    assert len(differing) >= 5
    coded_study.coder = "BL"
    for row in differing.itertuples():
        (other,), (code, *_) = row.other_codings, row.code
        assert coded_study.change(other, code=code).coder == "BL"
    after = coded_study.agreement.between("MK", "BL").disagreements
    assert len(after) == len(made.disagreements) - len(differing)


def test_what_only_one_has_coded_is_shown_beside_nothing(coded_study: Study) -> None:
    made = coded_study.agreement.between("MK", "BL").disagreements
    alone = made[made["other_quote"] == ""]
    assert len(alone) > 5
    assert all(alone["about"].map(lambda about: about == ["place"])) and all(alone["quote"].str.len() > 0)


def test_coders_who_cannot_be_compared_are_told_so(coded_study: Study) -> None:
    with pytest.raises(NotFoundError, match="XX har inte kodat något") as error:
        coded_study.agreement.between("MK", "XX")
    assert "MK, BL" in error.value.fix
    with pytest.raises(RuleError, match="sig själv"):
        coded_study.agreement.between("MK", "MK")
    for coding in coded_study.codings().query("coder == 'BL' and respondent != 'S09'")["id"]:
        coded_study.uncode(int(coding))
    coded_study.coder = "XX"
    quote = str(coded_study.codings().query("respondent == 'C01'")["quote"].iloc[0])
    coded_study.code("C01", quote, "ekonomi")
    with pytest.raises(RuleError, match="gemensamt"):
        coded_study.agreement.between("BL", "XX")
    assert coded_study.agreement.between("MK", "BL").spans["interviews"].iloc[0] == 1


def test_a_notebook_shows_sentences_and_tables(coded_study: Study) -> None:
    made = coded_study.agreement.between("MK", "BL")
    assert "MK och BL har båda kodat 4 intervjuer" in repr(made)
    shown = made._repr_html_()
    assert shown.count("<table") == 2 and "Per tema" in shown
    assert "MK" in repr(coded_study.agreement)


# --- the suggestions ------------------------------------------------------------------------------------


def test_suggestions_are_scored_per_group_with_what_they_save(tried: dict[str, AgreementTables]) -> None:
    made = tried["group"]
    whole = made.spans.iloc[0]
    assert whole["recall"] > 0.6 and whole["both"] <= min(whole["one"], whole["other"])
    assert whole["saved"] == pytest.approx(
        1 - (whole["shown"] + 3 * (whole["true"] - whole["accepted"])) / (3 * whole["true"])
    )
    assert 0 < whole["micro"] <= whole["among_three"] <= 1
    assert list(made.groups["shown"].cumsum())[-1] == whole["shown"]
    enough = made.codes[made.codes["enough"]]
    assert enough["work_saved"].notna().all() and (enough["work_saved"] <= 0.95).all()


def test_nothing_is_measured_on_what_was_learned_from(coded_study: Study) -> None:
    """What is proposed in a group is the same when every decision on that group is another one."""
    agreement = coded_study.agreement
    before = agreement._trials(None)
    ids = {t.respondent: t.id for t in coded_study.material.interviews()}
    others = [number for respondent, number in ids.items() if respondent != "S09"]
    asked = [ids["S09"]]
    proposed = before.run(others, asked)
    with_own = before.run([*others, *asked], asked)
    for coding in coded_study.codings().query("respondent == 'S09'")["id"]:
        coded_study.change(int(coding), code="ekonomi")
    after = agreement._trials(None).run(others, asked)
    assert proposed.proposed == with_own.proposed == after.proposed
    assert len(proposed.proposed) > 5 and {passage.transcript for passage in proposed.proposed} == set(asked)


def test_what_is_learned_changes_what_is_proposed(coded_study: Study) -> None:
    trials = coded_study.agreement._trials(None)
    ids = [overview.id for overview in coded_study.material.interviews()]
    assert trials.run(ids[1:], ids[:1]).segments != trials.run([], ids[:1]).segments
    shown = trials.run([], ids[1:]).proposed
    before = trials.run(ids[1:], ids[:1]).proposed
    trials.turn_down(shown)
    assert trials.run(ids[1:], ids[:1]).proposed != before


def test_the_course_follows_the_order_of_coding_and_adds_up(tried: dict[str, AgreementTables]) -> None:
    course, whole = tried["order"].course, tried["order"].spans.iloc[0]
    assert list(course["place"]) == [1, 2, 3, 4]
    assert list(course["learned"]) == [0, *course["true"].cumsum()[:-1]]
    assert course["saved_so_far"].iloc[-1] == pytest.approx(whole["saved"])
    assert course["shown"].sum() == whole["shown"]
    assert "räknas som avvisade" in repr(tried["order"])


def test_folds_leave_out_the_own_group_person_or_later_interviews(full_study: Study) -> None:
    order = _in_order(full_study.material.codings())
    transcripts = {t.id: t for t in full_study._transcripts()}
    assert len(order) == 33
    for by, folds in (("group", 7), ("respondent", 33), ("order", 33)):
        made = _folds(transcripts, order, by)  # type: ignore[arg-type]
        assert len(made) == folds
        assert sorted(number for _, asked in made for number in asked) == sorted(transcripts)
        assert all(not set(learned) & set(asked) for learned, asked in made)
        if by == "group":
            groups = [({transcripts[n].group for n in a}, {transcripts[n].group for n in b}) for a, b in made]
            assert all(len(asked) == 1 and not asked & learned for learned, asked in groups)


def test_a_study_with_nothing_to_go_by_is_told_so(small_study: Study) -> None:
    with pytest.raises(RuleError, match="färre än två intervjuer"):
        small_study.agreement.with_suggester()
    with pytest.raises(RuleError, match="avgjort än"):
        small_study.agreement.blind()


# --- the blind sample -----------------------------------------------------------------------------------


def test_suggestions_on_blind_places_are_hidden_until_they_are_settled(suggested_study: Study) -> None:
    before = suggested_study.suggestions()
    drawn = suggested_study.agreement.draw_blind(10, seed=2)
    places = suggested_study.agreement.blind_places()
    assert drawn == len(places) == 40 and set(places["status"]) == {"open"}
    after = suggested_study.suggestions()
    hidden = before[~before["id"].isin(after["id"])]
    assert len(hidden) > 5
    touched = {
        (row.respondent, row.start, row.end)
        for row in before.itertuples()
        if any(
            row.respondent == place.respondent and place.start < row.end and row.start < place.end
            for place in places.itertuples()
        )
    }
    assert {(row.respondent, row.start, row.end) for row in hidden.itertuples()} == touched
    assert sum(overview.suggestions for overview in suggested_study.material.interviews()) == len(after)
    with pytest.raises(NotFoundError):
        suggested_study.accept(int(hidden["id"].iloc[0]))
    counted = suggested_study.agreement.settle_blind(*places["id"])
    assert counted == {"coded": 0, "nothing": 40}
    assert len(suggested_study.suggestions()) == len(before)


def test_a_blind_place_is_coded_when_the_coder_has_coded_it_and_can_be_undone(small_study: Study) -> None:
    agreement = small_study.agreement
    assert agreement.draw_blind(3) == 12
    place = agreement.blind_places().iloc[0]
    small_study.code(place["respondent"], place["quote"], "vantetider", span=(int(place["start"]), int(place["end"])))
    numbers = [int(number) for number in agreement.blind_places()["id"]]
    assert agreement.settle_blind(*numbers[:2]) == {"coded": 1, "nothing": 1}
    assert list(agreement.blind_places(status="coded")["id"]) == numbers[:1]
    with pytest.raises(NotFoundError, match="inget öppet ställe"):
        agreement.settle_blind(numbers[2], numbers[0])
    assert len(agreement.blind_places(status="open")) == 10
    small_study.history.undo()
    assert len(agreement.blind_places(status="open")) == 12
    with pytest.raises(RuleError, match="inte avgjorda"):
        agreement.draw_blind(3)


def test_a_sample_is_drawn_only_where_the_coder_has_done_nothing(coded_study: Study) -> None:
    with pytest.raises(RuleError, match="ingen intervju kvar"):
        coded_study.agreement.draw_blind(3)
    coded_study.coder = "NY"
    assert coded_study.agreement.draw_blind(3) == 12


def test_an_interview_with_blind_places_can_be_replaced(small_study: Study, tmp_path: Path) -> None:
    small_study.agreement.draw_blind(3)
    source = Path(__file__).parents[1] / "examples" / "halsoflodet" / "intervjuer" / "R04.txt"
    renewed = tmp_path / "R04.txt"
    renewed.write_text(source.read_text("utf-8") + "\nR: Det var allt.\n", encoding="utf-8")
    before = small_study.agreement.blind_places()[["respondent", "quote"]].values.tolist()
    assert small_study.add_transcripts(renewed, replace=True).replaced == ("R04",)
    assert small_study.agreement.blind_places()[["respondent", "quote"]].values.tolist() == before


@pytest.fixture
def blind_study(small_study: Study, tmp_path: Path) -> Study:
    """Return the small study with a settled blind sample, coded as MK coded those places in the example."""
    small_study.agreement.draw_blind(40)
    write_decisions(tmp_path / "allt.csv", second=False)
    with (tmp_path / "allt.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for place in small_study.agreement.blind_places().itertuples():
        source = next(name for name in FILES if name.startswith(str(place.respondent)))
        for row in rows:
            if row["file"] == source and row["quote"].strip() and str(place.quote).strip() in row["quote"]:
                small_study.code(
                    str(place.respondent),
                    str(place.quote),
                    row["code"],
                    span=(int(place.start), int(place.end)),  # type: ignore[arg-type]
                )
                break
    small_study.agreement.settle_blind(*small_study.agreement.blind_places()["id"])
    return small_study


def test_the_blind_sample_tells_recall_by_group_and_calibrates_the_complete_mode(blind_study: Study) -> None:
    made = blind_study.agreement.blind()
    *groups, whole = made.groups.to_dict("records")
    assert len(groups) == 4 and whole["group"] == "" and whole["drawn"] == whole["settled"] == 160
    assert whole["coded"] == sum(row["coded"] for row in groups) >= fewest_coded()
    assert whole["low"] < whole["recall"] < whole["high"] and -1 <= whole["kappa"] <= 1
    assert made.threshold is not None
    assert whole["recall_complete"] >= 0.95 and whole["found_complete"] >= whole["found"]
    assert made.anchoring.seen == 0 and "för lite underlag" in repr(made)
    assert "<table" in made._repr_html_()
    few = blind_study.suggest(mode="complete")
    assert blind_study.agreement.calibrate() == made.threshold
    assert blind_study.agreement.least("complete") == made.threshold
    assert blind_study.agreement.least("economical") is None
    more = blind_study.suggest(mode="complete")
    assert (more > few) == (made.threshold < LIMITS["complete"].least) and more != few


def test_blind_coding_alone_is_no_coded_interview(blind_study: Study) -> None:
    with pytest.raises(RuleError, match="färre än två intervjuer"):
        blind_study.agreement.with_suggester()
