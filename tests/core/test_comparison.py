"""A comparison put together of hand-made passages, and the words it is told in."""

from __future__ import annotations

import pytest

from intervjukit.core.agreement import Passage, match
from intervjukit.core.comparison import Comparison, compare
from intervjukit.core.comparison_words import decimal, percent, told, verdict
from intervjukit.core.text import Span

GROUPS = ("chefer", "lakare")


def place(start: int, codes: str, valence: str = "", *, transcript: int = 1) -> Passage:
    facets = {"valence": frozenset({valence})} if valence else {}
    group, respondent = GROUPS[transcript - 1], ("C01", "L01")[transcript - 1]
    return Passage(
        transcript, Span(start, start + 10), frozenset(codes), facets, respondent, group, "orden", (*codes, "z")
    )


ONES = [*(place(20 * n, "a", "plus") for n in range(6)), place(0, "b", "minus", transcript=2)]
OTHERS = [
    *(place(20 * n, "a", "plus") for n in range(4)),
    place(80, "b", "plus"),
    place(200, "a"),
    place(0, "b", "plus", transcript=2),
]
UNITS = [(1, Span(20 * n, 20 * n + 10)) for n in range(12)] + [(2, Span(0, 10)), (2, Span(20, 30))]


def compared(by: str = "", order: tuple[int, ...] = ()) -> Comparison:
    return compare(
        ("MK", "BL"),
        match(ONES, OTHERS),
        UNITS,
        codes=("a", "b", "c"),
        facets=("valence",),
        groups=GROUPS,
        by=by,
        order=order,
        work_saved={"a": 0.5},
    )


def test_the_whole_and_each_group_are_counted_as_by_hand() -> None:
    made = compared()
    whole, (chefer, lakare) = made.whole, made.groups
    assert (whole.one, whole.other, whole.both, whole.interviews) == (7, 7, 6, 2)
    assert whole.f1 == pytest.approx(6 / 7)
    assert (chefer.group, chefer.one, chefer.other, chefer.both) == ("chefer", 6, 6, 5)
    assert (lakare.group, lakare.one, lakare.other, lakare.both) == ("lakare", 1, 1, 1)
    assert (whole.true, whole.shown, whole.accepted) == (7, 7, 5)
    assert whole.micro == pytest.approx(10 / 12)
    assert whole.facets["valence"] == pytest.approx((10 / 11 + 0) / 2)
    assert whole.saved == pytest.approx(1 - (7 + 3 * 2) / 21)


def test_codes_with_too_little_to_go_by_are_marked_and_unused_ones_left_out() -> None:
    a, b = compared("group").codes
    assert (a.code, a.one, a.other, a.both, a.enough, a.work_saved) == ("a", 6, 5, 4, True, 0.5)
    assert (b.code, b.one, b.other, b.both, b.enough, b.work_saved) == ("b", 1, 2, 1, False, None)
    assert a.f1 == pytest.approx(8 / 9)
    assert a.among_three == pytest.approx(4 / 5)


def test_alpha_minds_sentences_that_only_one_has_coded() -> None:
    """14 sentences: 6 both, 1 + 1 only one, 6 neither; as Krippendorff counts: 1 - 27 · 4 / (28² - 14² - 14²)."""
    assert compared().alpha == pytest.approx(1 - 27 * 4 / (28**2 - 2 * 14**2))


def test_every_place_not_agreed_on_is_listed_in_order_with_what_differs() -> None:
    found = compared().disagreements
    assert [(each.about, each.one is None, each.other is None) for each in found] == [
        (("code",), False, False),
        (("place",), False, True),
        (("place",), True, False),
        (("valence",), False, False),
    ]


def test_the_course_tells_what_had_been_learned_before_each_interview() -> None:
    made = compared("order", (2, 1))
    first, second = made.course
    assert (first.respondent, first.learned, first.true, first.accepted) == ("L01", 0, 1, 1)
    assert (second.respondent, second.learned, second.true, second.shown, second.accepted) == ("C01", 1, 6, 6, 4)
    assert second.saved_so_far == made.whole.saved
    assert made.second_half == second.saved


def test_a_comparison_is_told_in_swedish_with_its_constants() -> None:
    lines = " ".join(told(compared(), lambda kind, key: f"<{key}>"))
    assert "MK och BL har båda kodat 2 intervjuer: MK 7 ställen, BL 7. 6 är samma ställe" in lines
    assert "86\u00a0% överens" in lines and "räcker för försiktiga slutsatser" in lines
    lines = " ".join(told(compared("group"), lambda kind, key: f"<{key}>"))
    assert "1 tryck för varje visat förslag" in lines
    assert "de andra gruppernas" in lines and "För lite underlag (färre än 5 ställen hos MK): 1 tema." in lines


def test_figures_are_written_as_in_swedish() -> None:
    assert [percent(0.345), percent(-0.2), percent(-0.001), percent(None)] == [
        "35\u00a0%",
        "−20\u00a0%",
        "0\u00a0%",
        "–",
    ]
    assert [decimal(0.125), decimal(-0.5, 1), decimal(None)] == ["0,13", "−0,5", "–"]


@pytest.mark.parametrize(
    ("figure", "words"),
    [(0.8, "lita på"), (0.799, "försiktiga"), (0.667, "försiktiga"), (0.666, "för olika"), (None, "går inte")],
)
def test_the_verdict_follows_krippendorffs_limits(figure: float | None, words: str) -> None:
    assert words in verdict(figure)


def test_nothing_to_compare_gives_no_figures_and_no_failure() -> None:
    made = compare(("MK", "BL"), match([], []), [], codes=("a",), facets=("valence",), groups=GROUPS)
    assert (made.whole.f1, made.alpha, made.groups, made.codes) == (None, None, (), ())
    assert len(told(made, lambda kind, key: key)) == 3
