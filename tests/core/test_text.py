"""Text is normalised once and for all, and a quote is exactly what stands at its place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from intervjukit.core.text import Span, check_span, find_quote, find_typed, normalise, squeeze
from intervjukit.errors import RuleError

DIRTY = (
    "ab å\u0301e\u0308\u030a\r\n\x0b\x0c\x85\u2028\u2029\x01\x1b\x7f\x92\ufeff\uffff😀👩\u200d👧\u00a0\tﬁ\u1100\u1161"
)
ANY = st.text(max_size=80).filter(lambda text: not set(text) & {"\x00", "\ufffe"}) | st.text(DIRTY, max_size=60)


@given(ANY)
@example("a\x01\u030a")
@example("\r\x01\n\ufeff")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(ANY)
def test_no_control_character_but_tab_and_line_feed_is_left(text: str) -> None:
    left = {character for character in normalise(text) if unicodedata.category(character) == "Cc"}
    assert left <= {"\n", "\t"}


@given(ANY)
@example("\u1100\uffff\u1161")
@example("a\x01\u030a")
def test_no_letter_or_digit_is_lost(text: str) -> None:
    # taken apart: what a control character stood between may be put together as one letter
    kept = [c for c in unicodedata.normalize("NFD", text) if c.isalnum()]
    assert [c for c in unicodedata.normalize("NFD", normalise(text)) if c.isalnum()] == kept


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("\ufeffHej", "Hej"),
        ("mo\u0308te a\u030a", "möte å"),
        ("rad ett\x0brad två\x0csida två", "rad ett\nrad två\nsida två"),
        ("a\u2028b\u2029c\x85d", "a\nb\nc\nd"),
        ("a\x07b\x1bc\x7fd\x92e\uffff", "abcde"),
        ("tab\toch\u00a0hårt", "tab\toch\u00a0hårt"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("", ""),
    ],
)
def test_text_is_stored_in_one_form(raw: str, clean: str) -> None:
    assert normalise(raw) == clean


@pytest.mark.parametrize(
    ("text", "says"), [("a\x00b", "NUL-tecken på plats 1"), ("\ufffea", "felvänd"), ("a\ud83d", "surrogat")]
)
def test_what_no_text_holds_is_refused_with_a_remedy(text: str, says: str) -> None:
    with pytest.raises(RuleError, match=says) as caught:
        normalise(text)
    assert "UTF-8" in caught.value.fix


def test_squeezing_puts_text_on_one_line() -> None:
    assert squeeze("  a \n\t b\u00a0 c ") == "a b c"


TEXT = st.text("aå b.😀👧\u200de\u0301x\u0301\n", max_size=40).map(normalise)


@given(TEXT, st.data())
def test_any_stretch_of_a_text_is_found_at_its_own_place(text: str, data: st.DataObject) -> None:
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    assume(quote.strip())
    assert Span(start, end) in find_quote(text, quote)


TYPED = st.text("aå. 😀\n\t\u00a0”“„»«\"’'–—-", max_size=40).map(normalise)
KINDS = ('”“„»«"', "’'", "–—-")


def _retyped(quote: str, data: st.DataObject) -> str:
    """Return a quote as somebody may type it: other marks of the same kinds, other blanks."""
    signs = [data.draw(st.sampled_from(next((kind for kind in KINDS if c in kind), c))) for c in squeeze(quote)]
    blanks = st.sampled_from((" ", "\u00a0", "\n", "  ", "\t \n"))
    return "".join(data.draw(blanks) if c == " " else c for c in signs)


@given(TYPED, st.data())
def test_a_quote_is_found_at_its_own_place_however_it_is_typed(text: str, data: st.DataObject) -> None:
    assume(text.strip())
    words = [i for i, c in enumerate(text) if not c.isspace()]
    start = data.draw(st.sampled_from(words))
    end = data.draw(st.sampled_from([i for i in words if i >= start])) + 1
    typed = _retyped(text[start:end], data)
    places = find_typed(text, f" {typed}\n")
    assert Span(start, end) in places
    kinds = str.maketrans({sign: kind[0] for kind in KINDS for sign in kind})
    alike = squeeze(typed).translate(kinds)
    assert [squeeze(text[a:b]).translate(kinds) for a, b in places] == [alike] * len(places)
    assert all(text[a:b] == text[a:b].strip() for a, b in places)


@given(TEXT, st.text("aå .😀", min_size=1, max_size=3))
def test_exactly_the_places_where_a_quote_stands_are_found_also_overlapping(text: str, quote: str) -> None:
    wanted = [Span(i, i + len(quote)) for i in range(len(text)) if text[i : i + len(quote)] == quote and quote.strip()]
    assert find_quote(text, quote) == wanted


@given(TEXT, st.integers(-3, 45), st.integers(-3, 45), TEXT)
def test_a_span_is_accepted_only_if_it_reads_exactly_as_the_quote(text: str, start: int, end: int, other: str) -> None:
    inside = 0 <= start < end <= len(text)
    quote = text[start:end] if inside else other
    if inside and any(character.isalnum() for character in quote):
        check_span(text, Span(start, end), quote)
    else:
        with pytest.raises(RuleError):
            check_span(text, Span(start, end), quote)
    if other != quote:
        with pytest.raises(RuleError):
            check_span(text, Span(start, end), other)


def test_repeated_and_overlapping_quotes_are_all_found() -> None:
    assert find_quote("ja ja ja", "ja ja") == [Span(0, 5), Span(3, 8)]
    assert find_quote("😀 mö\u0308te", "möte") == []
    assert find_quote(normalise("😀 mo\u0308te 😀"), "mo\u0308te") == [Span(2, 6)]


@pytest.mark.parametrize("quote", ["", "  ", "\n", "finns inte"])
def test_a_quote_without_words_or_place_is_found_nowhere(quote: str) -> None:
    assert find_quote("jag  väntade\n", quote) == []


def test_a_quote_is_not_a_pattern() -> None:
    assert find_quote("abc a.c", "a.c") == find_typed("abc a.c", "a.c") == [Span(4, 7)]
    assert find_typed("-]^ \\ [a-z]", "[a–z]") == [Span(6, 11)]
    assert find_typed("ja", " ") == []


def test_a_quote_with_a_space_too_many_is_refused() -> None:
    check_span("då jag sjöng", Span(3, 12), "jag sjöng")
    with pytest.raises(RuleError):
        check_span("då jag sjöng", Span(2, 12), "jag sjöng")


def test_the_mismatch_shows_the_quote_and_what_stands_there() -> None:
    with pytest.raises(RuleError, match=r"”jag ringde”.*”jag sjöng”"):
        check_span("då jag sjöng", Span(3, 12), "jag ringde")
