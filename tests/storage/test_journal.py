"""Undo and redo: whatever was decided can be taken back exactly, and nobody's work is overwritten."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intervjukit.errors import ConflictError, IntervjukitError, RuleError
from intervjukit.storage import schema
from intervjukit.study import FILE, Study

LIVE = [table.name for table in schema.metadata.sorted_tables if table.name != "history"]
QUOTE = "Jag svarade på mejl klockan fyra på morgonen"
Rows = dict[str, list[tuple[Any, ...]]]


def live_rows(study: Study) -> Rows:
    """Every row of every table but the history, in a fixed order."""
    with closing(sqlite3.connect(study.folder / FILE)) as connection:
        return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in LIVE}


def undo_all(study: Study) -> int:
    number = 0
    while study.history.undo():
        number += 1
    return number


def redo_all(study: Study) -> int:
    number = 0
    while study.history.redo():
        number += 1
    return number


# --- any sequence of decisions ----------------------------------------------------------------------

CODES = ("samverkan", "ekonomi", "anpassning")
VALENCES = ("flaskhals", "framgang", "onskan")
PARTIES = ("vard", "arbetsgivare", "individ")


def some_coding(study: Study, chance: random.Random) -> int:
    return chance.choice([coding.id for coding in study._store.codings()])


def code(study: Study, chance: random.Random) -> None:
    interview = study.transcript(chance.choice(("S09", "C01")))
    turn = chance.choice(list(interview.answers()))
    words = interview.turn_text(turn)
    end = chance.randint(1, len(words))
    start = chance.randrange(end)
    span = (turn.start + start, turn.start + end)
    facets = {"valence": chance.choice((None, *VALENCES)), "party": chance.choice((None, *PARTIES))}
    study.code(interview.respondent, words[start:end], chance.choice(CODES), span=span, **facets)


def change(study: Study, chance: random.Random) -> None:
    values = {"code": chance.choice((None, *CODES)), "valence": chance.choice((None, "", *VALENCES))}
    study.change(some_coding(study, chance), party=chance.choice((None, "", *PARTIES)), **values)


def move(study: Study, chance: random.Random) -> None:
    coding = study._store.codings(id=some_coding(study, chance))[0]
    study.change(coding.id, span=(coding.start, max(coding.start + 1, coding.end - 1)))


def uncode(study: Study, chance: random.Random) -> None:
    study.uncode(some_coding(study, chance))


def accept(study: Study, chance: random.Random) -> None:
    number = chance.choice([suggestion.id for suggestion in study._store.suggestions(status="open")])
    study.accept(number, valence=chance.choice((None, *VALENCES)), party=chance.choice(PARTIES))


def reject(study: Study, chance: random.Random) -> None:
    study.reject(chance.choice([suggestion.id for suggestion in study._store.suggestions(status="open")]))


def settle(study: Study, chance: random.Random) -> None:
    number, _, doubt = chance.choice(study._store.interviews.doubts())
    study.doubts.settle(number, question="följdfråga" if doubt.kind == "fråga" else None)


def memo(study: Study, chance: random.Random) -> None:
    study.memos.add(f"tanke {chance.random()}", target="code", target_id=chance.choice(CODES))


def add_line(study: Study, chance: random.Random) -> None:
    keys = sorted({finding.key for finding in study._findings()})
    study.swot.add(chance.choice(("styrka", "hot")), "En rad", chance.sample(keys, min(2, len(keys))))


def draft(study: Study, chance: random.Random) -> None:
    study.swot.draft(at_least=1)
    study.measures.draft()


def edit_line(study: Study, chance: random.Random) -> None:
    study.swot.edit(chance.choice(study.swot.items()).id, text=f"Ny {chance.random()}", field="hot")


def remove_line(study: Study, chance: random.Random) -> None:
    study.swot.remove(chance.choice(study.swot.items()).id)


def add_measure(study: Study, chance: random.Random) -> None:
    lines = [item.id for item in study.swot.items()]
    study.measures.add("Träffas", chance.choice(PARTIES), chance.sample(lines, min(2, len(lines))))


def edit_measure(study: Study, chance: random.Random) -> None:
    study.measures.edit(chance.choice(study.measures.items()).id, due=f"{chance.random()}", party="vard")


def remove_measure(study: Study, chance: random.Random) -> None:
    study.measures.remove(chance.choice(study.measures.items()).id)


def step_back(study: Study, chance: random.Random) -> None:
    study.history.undo()


def step_forth(study: Study, chance: random.Random) -> None:
    study.history.redo()


ACTIONS: dict[str, Callable[[Study, random.Random], None]] = {
    action.__name__: action
    for action in (
        *(code, change, move, uncode, accept, reject, settle, memo, add_line, draft, edit_line, remove_line),
        *(add_measure, edit_measure, remove_measure, step_back, step_forth),
    )
}


def perform(study: Study, names: list[str], seed: int) -> None:
    """Do what the names say; what cannot be done just then (nothing to change yet) is passed over."""
    chance = random.Random(seed)
    for name in names:
        with suppress(IndexError, RuleError):
            ACTIONS[name](study, chance)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(st.sampled_from(sorted(ACTIONS)), min_size=1, max_size=20), st.integers(0, 2**32))
def test_undoing_everything_gives_back_the_start_and_redoing_the_end(
    suggested_study: Study, names: list[str], seed: int
) -> None:
    start = live_rows(suggested_study)
    perform(suggested_study, ["code", "accept", "code", *names], seed)
    redo_all(suggested_study)
    end = live_rows(suggested_study)
    number = undo_all(suggested_study)
    assert number >= 2
    assert live_rows(suggested_study) == start
    assert redo_all(suggested_study) == number
    assert live_rows(suggested_study) == end
    assert undo_all(suggested_study) == number
    assert live_rows(suggested_study) == start


def test_every_kind_of_decision_is_among_those_tried(suggested_study: Study) -> None:
    perform(suggested_study, ["code", "accept", "draft", "add_line", "add_measure", *sorted(ACTIONS)] * 3, seed=7)
    done = {event.action for event in suggested_study.history.events() if event.undoable}
    assert done == {
        *("code", "change", "uncode", "accept", "reject", "settle", "add_memo", "add_swot", "draft_swot"),
        *("edit_swot", "remove_swot", "add_measure", "draft_measures", "edit_measure", "remove_measure"),
    }


# --- one's own steps --------------------------------------------------------------------------------


def test_nothing_to_undo_or_redo_gives_none_and_leaves_no_line(small_study: Study) -> None:
    lines = len(small_study.history.events())
    assert small_study.history.undo() is None
    assert small_study.history.redo() is None
    assert len(small_study.history.events()) == lines


def test_undo_and_redo_are_lines_of_the_history_that_name_what_they_undid(small_study: Study) -> None:
    small_study.code("S09", QUOTE, "arbetsbelastning")
    undone, redone = small_study.history.undo(), small_study.history.redo()
    assert undone is not None and undone == redone
    *_, done, back, forth = small_study.history.events()
    assert [(event.kind, event.target, event.who) for event in (done, back, forth)] == [
        ("do", None, "MK"),
        ("undo", done.id, "MK"),
        ("redo", done.id, "MK"),
    ]
    assert done.summary == "Kodade S09: arbetsbelastning, ”Jag svarade på mejl klockan fyra på…”"
    assert len(small_study.codings()) == 1


def test_a_new_decision_clears_what_could_be_redone(small_study: Study) -> None:
    small_study.memos.add("ett")
    small_study.memos.add("två")
    small_study.history.undo()
    small_study.memos.add("tre")
    assert small_study.history.redo() is None
    assert list(small_study.memos.table()["text"]) == ["ett", "tre"]
    assert undo_all(small_study) == 2


def test_undo_survives_closing_and_opening(small_folder: Path) -> None:
    with Study.open(small_folder, coder="MK") as study:
        study.memos.add("ett")
        coding = study.code("S09", QUOTE, "arbetsbelastning", party="individ")
        study.change(coding.id, party="arbetsgivare")
    with Study.open(small_folder, coder="MK") as study:
        assert study.history.undo() is not None
        assert study.history.undo() is not None
    with Study.open(small_folder, coder="MK") as study:
        assert len(study.codings()) == 0
        assert study.history.redo() is not None
        assert list(study.codings()["party"]) == ["individ"]
        assert list(study.memos.table()["text"]) == ["ett"]


def test_each_coder_undoes_only_what_is_their_own(small_study: Study, opened: Callable[..., Study]) -> None:
    other = opened(small_study.folder, "AB")
    small_study.memos.add("mitt")
    other.memos.add("ditt")
    small_study.history.undo()
    assert list(small_study.memos.table()["text"]) == ["ditt"]
    assert small_study.history.undo() is None
    other.memos.add("ditt igen")
    assert small_study.history.redo() is not None, "another's decision does not clear what one can redo"
    other.history.undo()
    other.history.undo()
    assert list(small_study.memos.table()["text"]) == ["mitt"]


def test_what_another_has_changed_since_is_not_undone(small_study: Study, opened: Callable[..., Study]) -> None:
    other = opened(small_study.folder, "AB")
    coding = small_study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals")
    other.change(coding.id, code="tidiga_signaler")
    before, lines = live_rows(small_study), len(small_study.history.events())
    with pytest.raises(ConflictError, match=r"kan inte ångras.*ändrats sedan dess"):
        small_study.history.undo()
    assert live_rows(small_study) == before
    assert len(small_study.history.events()) == lines
    other.history.undo()
    assert small_study.history.undo() is not None
    assert len(small_study.codings()) == 0


def test_a_facet_another_has_added_is_not_lost_by_an_undo(small_study: Study, opened: Callable[..., Study]) -> None:
    coding = small_study.code("S09", QUOTE, "arbetsbelastning")
    opened(small_study.folder, "AB").change(coding.id, party="individ")
    with pytest.raises(ConflictError):
        small_study.history.undo()
    assert list(small_study.codings()["party"]) == ["individ"]


def test_what_another_has_built_upon_is_not_undone(full_study: Study, opened: Callable[..., Study]) -> None:
    key = full_study._findings()[0].key
    line = full_study.swot.add("svaghet", "Min rad", [key])
    other = opened(full_study.folder, "AB")
    other.measures.add("Din åtgärd", "vard", [line])
    before = live_rows(full_study)
    with pytest.raises(ConflictError, match="bygger på"):
        full_study.history.undo()
    assert live_rows(full_study) == before
    other.history.undo()
    assert full_study.history.undo() is not None
    assert full_study.swot.items() == []


def test_what_another_has_taken_away_is_not_made_again(suggested_study: Study, opened: Callable[..., Study]) -> None:
    number = int(suggested_study.suggestions()["id"].iloc[0])
    suggested_study.accept(number)
    suggested_study.history.undo()
    opened(suggested_study.folder, "AB").reject(number)
    before = live_rows(suggested_study)
    with pytest.raises(ConflictError, match="kan inte göras om"):
        suggested_study.history.redo()
    assert live_rows(suggested_study) == before


def test_a_decision_that_fails_leaves_no_line(small_study: Study) -> None:
    lines = len(small_study.history.events())
    with pytest.raises(IntervjukitError):
        small_study.uncode(99)
    assert len(small_study.history.events()) == lines


def test_every_line_says_who_when_and_what_changed(small_study: Study) -> None:
    coding = small_study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals")
    with closing(sqlite3.connect(small_study.folder / FILE)) as connection:
        at, who, stored = connection.execute("SELECT at, who, changes FROM history ORDER BY id DESC LIMIT 1").fetchone()
        saved = connection.execute("SELECT at, who FROM codings").fetchone()
    assert (at, who) == saved == (coding.at, "MK")
    assert at.endswith("+00:00")
    changes = json.loads(stored)
    assert [(change["table"], change["before"]) for change in changes] == [("codings", None), ("coding_facets", None)]
    assert changes[0]["after"]["quote"] == QUOTE
