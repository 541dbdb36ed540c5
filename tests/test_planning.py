"""Lines put in order, what they rest on changed, drafts looked at first, and what no measure meets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.core.swot import SwotItem, place_before
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.study import Study

HELP = ("framgang", "chefsstod", "arbetsgivare")
HINDER = ("flaskhals", "samverkan", "samverkan")


@pytest.fixture
def coded(small_study: Study) -> Study:
    """A small study where two respondents name the same two things."""
    for respondent in ("S09", "C01"):
        turns = sorted(small_study.transcript(respondent).answers(), key=lambda turn: turn.start - turn.end)
        for turn, (valence, code, party) in zip(turns, (HELP, HINDER), strict=False):
            words = small_study.transcript(respondent).turn_text(turn)
            small_study.code(respondent, words, code, span=turn.span, valence=valence, party=party)
    return small_study


def order(study: Study, field: str = "styrka") -> list[str]:
    return [item.text for item in study.swot.items() if item.field == field]


def test_lines_stand_where_they_are_put_also_new_ones_after_them(coded: Study) -> None:
    one, two, three = (coded.swot.add("styrka", text, [HELP]) for text in ("Ett", "Två", "Tre"))
    coded.swot.move(three, "styrka", before=one)
    coded.swot.move(one, "styrka")
    assert order(coded) == ["Tre", "Två", "Ett"]
    coded.swot.add("styrka", "Fyra", [HELP])
    assert order(coded) == ["Tre", "Två", "Ett", "Fyra"]
    coded.swot.move(two, "hot")
    assert (order(coded), order(coded, "hot")) == (["Tre", "Ett", "Fyra"], ["Två"])
    for _ in range(4):
        coded.history.undo()
    assert order(coded) == ["Ett", "Två", "Tre"]


def test_a_moved_line_is_taken_away_and_had_back_in_its_place(coded: Study) -> None:
    one, two = (coded.swot.add("styrka", text, [HELP]) for text in ("Ett", "Två"))
    coded.swot.move(two, "styrka", before=one)
    coded.swot.remove(two)
    coded.history.undo()
    assert order(coded) == ["Två", "Ett"]


def test_a_move_to_where_nothing_is_is_refused(coded: Study) -> None:
    one, other = coded.swot.add("styrka", "Ett", [HELP]), coded.swot.add("hot", "Två", [HELP])
    with pytest.raises(RuleError, match="finns inte i det fältet"):
        coded.swot.move(one, "styrka", before=other)
    with pytest.raises(RuleError, match="inget fält"):
        coded.swot.move(one, "annat")  # type: ignore[arg-type]
    with pytest.raises(NotFoundError):
        coded.swot.move(99, "hot")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=150))
def test_any_moves_give_the_order_a_list_would(moves: list[tuple[int, int]]) -> None:
    wanted = list(range(1, 7))
    places = {number: float(number) for number in wanted}
    for which, to in moves:
        item = wanted.pop(which)
        before = wanted[to] if to < len(wanted) else None
        others = [SwotItem("hot", "", (), id=number, place=places[number]) for number in wanted]
        places |= place_before(others, item, before)
        wanted.insert(to, item)
        assert sorted(places, key=places.__getitem__) == wanted
        assert len(set(places.values())) == len(places)


def test_what_a_line_rests_on_is_changed_and_counted_anew(coded: Study) -> None:
    number = coded.swot.add("styrka", "Ett", [HELP])
    coded.swot.cite(number, [HELP, HINDER])
    assert set(coded.swot.items()[0].cites) == {HELP, HINDER}
    coded.swot.cite(number, [HINDER])
    assert coded.swot.items()[0].cites == (HINDER,) and coded.swot.items()[0].weight == 2
    for wrong in ([], [("framgang", "ansvar", "vard")]):
        with pytest.raises(RuleError, match="minst ett fynd"):
            coded.swot.cite(number, wrong)
    coded.history.undo()
    coded.history.undo()
    assert coded.swot.items()[0].cites == (HELP,)


def test_a_draft_is_looked_at_and_only_the_chosen_saved(coded: Study) -> None:
    proposed = coded.swot.proposed()
    assert [line.cites for line in proposed] == [(HELP,), (HINDER,)]
    assert coded.swot.items() == []
    assert coded.swot.draft(only=[1]) == 1
    assert [item.cites for item in coded.swot.items()] == [(HINDER,)]
    assert [draft.party for draft in coded.measures.proposed()] == ["samverkan"]
    assert coded.measures.draft(only=[]) == 0


def test_a_bottleneck_is_unmet_until_a_measure_answers_a_line_on_it(coded: Study) -> None:
    assert [line.cites for line in coded.measures.unmet()] == [(HINDER,)]
    line, other = coded.swot.add("svaghet", "Ingen ser helheten", [HINDER]), coded.swot.add("styrka", "x", [HELP])
    number = coded.measures.add("Träffas", "samverkan", [other])
    assert len(coded.measures.unmet()) == 1
    coded.measures.cite(number, [line])
    assert coded.measures.items()[0].cites == (line,) and coded.measures.unmet() == []
    with pytest.raises(RuleError, match="minst en rad"):
        coded.measures.cite(number, [])
    coded.history.undo()
    assert coded.measures.items()[0].cites == (other,)
