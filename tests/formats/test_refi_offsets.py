"""Places in texts, by every way to count, found and turned into places in normalised text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.core.text import Span, normalise
from intervjukit.formats.refi_offsets import (
    Convention,
    Places,
    Pointer,
    RawText,
    Ruler,
    Rulers,
    by_quote,
    find_convention,
    says,
)

SIGNS = st.text(st.sampled_from("aå é\u0301\n\r😀👩x.\ufeff"), max_size=30)
WAYS = st.builds(Convention, st.booleans(), st.booleans(), st.booleans(), st.booleans())


def units(text: str, way: Convention) -> int:
    """How far a text reaches by a convention, counted the plain way."""
    text = text.replace("\r\n", "\n") if way.crlf_one else text
    return len(text.encode("utf-16-le")) // 2 if way.utf16 else len(text)


@settings(max_examples=150, deadline=None)
@given(before=SIGNS, inside=SIGNS.filter(bool), after=SIGNS, way=WAYS, mark=st.booleans())
def test_a_place_counted_in_any_way_is_found_again(
    before: str, inside: str, after: str, way: Convention, mark: bool
) -> None:
    joined = before + inside + after
    if "\r\n" in before[-1:] + inside[:1] or "\r\n" in inside[-1:] + after[:1]:
        return  # no program marks half a line end
    shift = 1 if way.mark and mark else 0
    start = units(before, way) + shift
    end = units(before + inside, way) + shift - way.inclusive
    if way.inclusive and way.utf16 and inside[-1] > "\uffff":
        end = units(before + inside, way) + shift - 1
    ruler = Ruler(RawText(joined, mark), way)
    span = ruler.place(Pointer("s", start, end))
    assert span is not None
    plain = inside.replace("\r\n", "\n") if way.crlf_one else inside
    assert ruler.text[span.start : span.end] == plain


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(SIGNS, min_size=2, max_size=5))
def test_places_hold_when_the_text_is_normalised(parts: list[str]) -> None:
    text, ends, at = "".join(parts), [0], 0
    for part in parts:
        at += len(part)
        ends.append(at)
    places = Places(text, ends)
    assert [places[end] for end in ends] == [len(normalise(text[:end])) for end in ends]
    assert places[len(text)] == len(normalise(text))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (2, 2), (3, 1), (0, 99), (1, 2)])
def test_a_place_outside_the_text_or_within_a_sign_is_none(start: int, end: int) -> None:
    assert Ruler(RawText("😀 ja"), Convention(utf16=True)).place(Pointer("s", start, end)) is None


def test_a_name_that_was_cut_says_less_than_a_whole_one() -> None:
    text = "jag väntade länge"
    assert says(text, Span(0, 11), "jag väntade") == 3
    assert says(text, Span(0, 17), "jag vänta…") == 1
    assert says(text, Span(0, 11), "jag ringde") == 0
    assert says(text, Span(0, 11), "  ") == 0


def test_the_words_decide_where_the_boundaries_do_not() -> None:
    rulers = Rulers({"s": RawText("aaaa bbbb")})
    assert not find_convention(rulers, [Pointer("s", 0, 3, "aaa")], Convention()).convention.inclusive
    assert find_convention(rulers, [Pointer("s", 0, 3, "aaaa")], Convention()).convention.inclusive


def test_what_cannot_be_told_is_said_to_be_unsure() -> None:
    rulers = Rulers({"s": RawText("aaaaaaaaaaaaaa")})
    verdict = find_convention(rulers, [Pointer("s", 3, 6), Pointer("s", 5, 8)], Convention())
    assert verdict.sure == "osäkert" and "Jämför några citat" in verdict.sentence
    assert not verdict.convention.inclusive


def test_words_that_stand_twice_are_not_guessed_at() -> None:
    rulers = Rulers({"s": RawText("vänta nu, vänta lite")})
    assert by_quote(rulers, Pointer("s", 1, 3, "vänta"), Convention()) is None
    found = by_quote(rulers, Pointer("s", 1, 3, "vänta lite"), Convention())
    assert found is not None and found[1] == Span(10, 20)
