"""The planned number of interviewed people: set, changed, undone, and held against how many they are."""

from __future__ import annotations

import pytest

from intervjukit.errors import NotFoundError, RuleError
from intervjukit.study import Study


def planned(study: Study) -> dict[str, int | None]:
    return {row.group: row.planned for row in study.plan.items() if row.planned is not None}


def test_a_plan_is_shown_beside_how_many_are_interviewed(small_study: Study) -> None:
    small_study.plan.set("Chefer", 3)
    frame = small_study.plan.table().set_index("group")
    assert list(frame.loc["chefer"]) == [3, 1, -2]
    assert frame["planned"].isna().sum() == len(frame) - 1


def test_a_plan_is_changed_and_taken_away_and_each_step_can_be_undone(small_study: Study) -> None:
    small_study.plan.set_all({"chefer": 3, "lakare": 2})
    small_study.plan.set("chefer", 5)
    small_study.plan.set("lakare", None)
    assert planned(small_study) == {"chefer": 5}
    seen = []
    while small_study.history.undo():
        seen.append(planned(small_study))
    assert seen == [{"chefer": 5, "lakare": 2}, {"chefer": 3, "lakare": 2}, {}]
    small_study.history.redo()
    assert planned(small_study) == {"chefer": 3, "lakare": 2}


def test_the_history_tells_what_was_planned_and_the_same_plan_again_leaves_no_line(small_study: Study) -> None:
    small_study.plan.set("chefer", 3)
    revision = small_study.history.revision()
    small_study.plan.set("chefer", 3)
    assert small_study.history.revision() == revision
    assert small_study.history.events()[-1].summary == "Planerade antal intervjuade: chefer 3"


@pytest.mark.parametrize(
    ("numbers", "error", "words"),
    [
        ({"chefer": 2, "grannar": 1}, NotFoundError, "grannar"),
        ({"chefer": 2, "lakare": -1}, RuleError, "-1"),
        ({"chefer": 10**9}, RuleError, "1000000000"),
    ],
)
def test_a_plan_with_a_fault_changes_nothing(
    small_study: Study, numbers: dict[str, int | None], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        small_study.plan.set_all(numbers)
    assert planned(small_study) == {}
