"""What a study gives out: SWOT, measures, memos and history."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.boards import quoted
from intervjukit.core.swot import FIELDS, draft_swot
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.study import Study

KEY = ("flaskhals", "samverkan", "samverkan")


@pytest.fixture
def coded(small_study: Study) -> Study:
    """A small study where two respondents name the same bottleneck."""
    for respondent in ("S09", "C01"):
        interview = small_study.transcript(respondent)
        turn = max(interview.answers(), key=lambda turn: turn.end - turn.start)
        small_study.code(respondent, interview.turn_text(turn), KEY[1], valence=KEY[0], party=KEY[2])
    return small_study


def test_a_line_rests_on_findings_and_counts_those_behind_it(coded: Study) -> None:
    number = coded.swot.add("svaghet", "  Ingen håller ihop det ", [list(KEY), KEY])  # type: ignore[list-item]
    (item,) = coded.swot.items()
    assert (item.id, item.field, item.text, item.cites, item.weight) == (
        number,
        "svaghet",
        "Ingen håller ihop det",
        (KEY,),
        2,
    )
    (row,) = coded.swot.table().to_dict("records")
    assert (row["id"], row["field"], row["n"], row["cites"]) == (number, "Svagheter", 2, [" · ".join(KEY)])


@pytest.mark.parametrize(
    ("field", "text", "cites", "told"),
    [
        ("annat", "x", [KEY], "inget fält"),
        ("hot", "x", [], "minst ett fynd"),
        ("hot", "x", [("framgang", "samverkan", "vard")], "minst ett fynd"),
        ("hot", "x", [KEY, ("flaskhals", "ufo", "vard")], "minst ett fynd"),
        ("hot", "   ", [KEY], "är tom"),
    ],
)
def test_a_line_without_ground_is_refused(coded: Study, field: str, text: str, cites: list, told: str) -> None:
    with pytest.raises(RuleError, match=told):
        coded.swot.add(field, text, cites)  # type: ignore[arg-type]
    assert coded.swot.items() == []


def test_a_line_is_reworded_and_moved_and_had_back(coded: Study) -> None:
    number = coded.swot.add("svaghet", "Första", [KEY])
    coded.swot.edit(number, text="Andra")
    coded.swot.edit(np.int64(number), field="hot")  # type: ignore[arg-type]
    (item,) = coded.swot.items()
    assert (item.text, item.field, item.cites) == ("Andra", "hot", (KEY,))
    lines = len(coded.history.events())
    coded.swot.edit(number, text="Andra", field="hot")
    assert len(coded.history.events()) == lines, "what changes nothing is no decision"
    coded.history.undo()
    coded.history.undo()
    assert [(item.text, item.field) for item in coded.swot.items()] == [("Första", "svaghet")]
    for values in ({"text": " "}, {"field": "annat"}):
        with pytest.raises(RuleError):
            coded.swot.edit(number, **values)  # type: ignore[arg-type]
    for change in (lambda: coded.swot.edit(99, text="x"), lambda: coded.swot.remove(99)):
        with pytest.raises(NotFoundError, match="ingen rad 99"):
            change()


def test_a_line_taken_away_leaves_its_measures_and_comes_back_with_them(coded: Study) -> None:
    one, two = coded.swot.add("svaghet", "Ett", [KEY]), coded.swot.add("hot", "Två", [KEY])
    measure = coded.measures.add("Träffas", "vard", [one, two])
    coded.swot.remove(one)
    assert [item.id for item in coded.swot.items()] == [two]
    assert [(m.id, m.cites) for m in coded.measures.items()] == [(measure, (two,))]
    coded.history.undo()
    assert [(m.id, m.cites) for m in coded.measures.items()] == [(measure, (one, two))]
    assert coded.swot.items()[0].cites == (KEY,)


def test_a_draft_follows_the_rule_and_a_second_adds_nothing(full_study: Study) -> None:
    number = full_study.swot.draft()
    items = full_study.swot.items()
    assert number == len(items) > 8
    assert [FIELDS.index(item.field) for item in items] == sorted(FIELDS.index(item.field) for item in items)
    people: dict[tuple[str, ...], set[str]] = {}
    for finding in full_study._findings():
        people.setdefault(finding.key, set()).update(finding.respondents)
    assert all(item.weight == len(people[item.cites[0]]) >= 2 for item in items)
    drafted = draft_swot(full_study._findings(), full_study.codebook)
    for field in FIELDS:
        mine = [item for item in items if item.field == field]
        parties = {item.cites[0][2] for item in drafted if item.field == field}
        assert {item.cites[0][2] for item in mine} == parties
        assert len(mine) <= 8 + len(parties)
    lines = len(full_study.history.events())
    assert full_study.swot.draft() == 0
    assert len(full_study.history.events()) == lines
    measures = full_study.measures.draft()
    assert measures == len(full_study.measures.items()) > 2
    assert full_study.measures.draft() == 0
    full_study.history.undo()
    full_study.history.undo()
    assert full_study.swot.items() == full_study.measures.items() == []


def test_a_draft_skips_what_a_line_cites_already(full_study: Study) -> None:
    full_study.swot.draft()
    heaviest = full_study.swot.items()[0]
    full_study.history.undo()
    mine = full_study.swot.add("hot", "Mina egna ord", heaviest.cites)
    full_study.swot.draft()
    assert [item.id for item in full_study.swot.items() if heaviest.cites[0] in item.cites] == [mine]


def test_a_study_with_nothing_coded_drafts_nothing(small_study: Study) -> None:
    lines = len(small_study.history.events())
    assert small_study.swot.draft() == small_study.measures.draft() == 0
    assert len(small_study.swot.table()) == len(small_study.measures.table()) == 0
    assert len(small_study.history.events()) == lines


def test_a_measure_rests_on_lines_and_has_a_party(coded: Study) -> None:
    line = coded.swot.add("svaghet", "Ett", [KEY])
    last = coded.measures.add("Sist", "samhalle", [line])
    number = coded.measures.add("Träffas", "vard", [np.int64(line), line], due="2027", follow_up="Fråga igen")
    assert [measure.id for measure in coded.measures.items()] == [number, last], "in the parties' order"
    row = coded.measures.table().iloc[0]
    assert (row["text"], row["party"], row["due"], row["follow_up"], row["cites"]) == (
        "Träffas",
        "vard",
        "2027",
        "Fråga igen",
        [line],
    )
    refused: list[tuple[Callable[[], object], type[Exception], str]] = [
        (lambda: coded.measures.add("x", "ufo", [line]), NotFoundError, "inget värde ”ufo”"),
        (lambda: coded.measures.add("x", "vard", []), RuleError, "minst en rad"),
        (lambda: coded.measures.add("x", "vard", [line, 99]), RuleError, "minst en rad"),
        (lambda: coded.measures.add(" ", "vard", [line]), RuleError, "är tom"),
        (lambda: coded.measures.edit(number, pris="9"), RuleError, "inget fält ”pris”"),
        (lambda: coded.measures.edit(number, party="ufo"), NotFoundError, "ufo"),
        (lambda: coded.measures.edit(number, text=""), RuleError, "är tom"),
        (lambda: coded.measures.edit(99, due="x"), NotFoundError, "Åtgärd 99"),
        (lambda: coded.measures.remove(99), NotFoundError, "Åtgärd 99"),
    ]
    before, lines = coded.measures.items(), len(coded.history.events())
    for attempt, kind, told in refused:
        with pytest.raises(kind, match=told):
            attempt()
    coded.measures.edit(number, due="2027")
    assert (coded.measures.items(), len(coded.history.events())) == (before, lines)
    coded.measures.edit(number, due="2028", party="individ")
    coded.measures.remove(last)
    assert [(m.party, m.due) for m in coded.measures.items()] == [("individ", "2028")]
    coded.history.undo()
    coded.history.undo()
    assert coded.measures.items() == before


def test_memos_are_about_things_the_study_has(coded: Study) -> None:
    coding = int(coded.codings()["id"].iloc[0])
    transcript = coded.transcript("S09").id
    targets = [
        *(("study", ""), ("coding", coding), ("code", "samverkan"), ("respondent", "S09")),
        ("transcript", transcript),
    ]
    for target, target_id in targets:
        coded.memos.add(f"om {target}", target=target, target_id=target_id)
    table = coded.memos.table()
    assert list(zip(table["target"], table["target_id"], strict=True)) == [(t, str(i)) for t, i in targets]
    assert set(table["author"]) == {"MK"} and table["text"].iloc[0] == "om study"
    for target, target_id in (
        *(("study", "x"), ("coding", 99), ("code", "ufo"), ("respondent", "S99"), ("transcript", "x")),
    ):
        with pytest.raises(NotFoundError):
            coded.memos.add("x", target=target, target_id=target_id)
    with pytest.raises(NotFoundError, match=r"\(person ”S99”\)"):
        coded.memos.add("x", target="respondent", target_id="S99")
    with pytest.raises(RuleError, match="inte handla om ”ufo”") as error:
        coded.memos.add("x", target="ufo")
    assert "coding (kodning), code (kod), respondent (person)" in error.value.fix
    with pytest.raises(RuleError, match="är tom"):
        coded.memos.add(" \n")
    assert len(coded.memos.table()) == len(targets)
    coded.history.undo()
    assert len(coded.memos.table()) == len(targets) - 1


def test_what_a_study_gives_out_shows_itself_in_a_notebook(coded: Study) -> None:
    coded.swot.add("svaghet", "Ingen <b>håller</b> ihop det", [KEY])
    events = len(coded.history.events())
    doubts = len(coded.doubts.table())
    shown = {
        coded.swot: "<SWOT: 1 rad; se study.swot.table()>",
        coded.measures: "<Åtgärder: inga åtgärder>",
        coded.memos: "<Anteckningar: inga anteckningar>",
        coded.doubts: f"<Tveksamheter: {doubts} tveksamheter kvar; se study.doubts.table()>",
        coded.history: f"<Historik: {events} händelser; se study.history.table()>",
    }
    assert doubts > 1
    for board, told in shown.items():
        assert repr(board) == told
        html = board._repr_html_()
        assert html.count("<table") == 1
        assert all(f"<th>{column}</th>" in html for column in board.table())
    assert "Ingen &lt;b&gt;håller&lt;/b&gt; ihop det" in coded.swot._repr_html_()


@given(st.text(max_size=90), st.integers(2, 40))
def test_a_quote_in_the_history_is_short_and_begins_as_it_does(text: str, most: int) -> None:
    told, whole = quoted(text, most), " ".join(text.split())
    assert told[0] == "”" and told[-1] == "”" and len(told) <= most + 2
    assert told[1:-1] == whole if len(whole) <= most else whole.startswith(told[1:-2]) and told[-2] == "…"


def test_the_history_is_a_table_of_everything_done(coded: Study) -> None:
    coded.history.undo()
    table = coded.history.table()
    assert list(table.columns) == ["id", "at", "who", "action", "summary", "kind", "target", "undoable"]
    assert list(table["action"])[:2] == ["create", "adopt_codebook"]
    assert list(table["id"]) == sorted(table["id"])
    last = table.iloc[-1]
    assert (last["action"], last["kind"], last["target"]) == ("code", "undo", table["id"].iloc[-2])
    assert table["undoable"].sum() == 2
    assert table["target"].isna().sum() == len(table) - 1
