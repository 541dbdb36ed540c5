"""Where in an interview a quote stands, and which question its turns belong to."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import Span, check_span, find_quote, find_typed, normalise
from intervjukit.core.transcript import Doubt, Transcript, Turn, asks
from intervjukit.errors import RuleError

FOLLOW_UP = "följdfråga"
"""What is said instead of a question's id when the interviewer only followed up."""


def place_quote(transcript: Transcript, quote: str, span: tuple[int, int] | None = None) -> Coding:
    """Return a coding of a place, with no code yet: the respondent's own words in one turn.

    Without ``span`` it must stand exactly once; then quotation marks, dashes and spaces may be typed in another
    way, and the coding holds the transcript's own. Raises RuleError.
    """
    where = Span(int(span[0]), int(span[1])) if span else only_place(transcript, quote)
    quote = normalise(quote) if span else transcript.text[where.start : where.end]
    check_span(transcript.text, where, quote)
    turn = transcript.turn_at(where.start)
    if turn is None or turn.role != "respondent" or where.end > turn.end:
        raise RuleError(
            f"”{quote[:60]}” är inte den intervjuades egna ord i en och samma replik.",
            fix="Koda bara det den intervjuade säger, en replik i taget.",
        )
    return Coding(0, transcript.id, transcript.respondent, transcript.group, *where, quote, code="")


def coding_of(suggestion: Suggestion, code: str, facets: Mapping[str, str], coder: str) -> Coding:
    """Return the coding that ``coder`` makes of a suggestion."""
    s = suggestion
    return Coding(0, s.transcript, s.respondent, "", s.start, s.end, s.quote, code, facets, coder, suggestion=s.id)


def only_place(transcript: Transcript, quote: str) -> Span:
    """Return the one place where the quote stands, to the letter if it does, otherwise as somebody may type it.

    Raises RuleError when it is nowhere or in several places.
    """
    places = find_quote(transcript.text, quote) or find_typed(transcript.text, quote)
    if len(places) == 1:
        return places[0]
    shown = f"”{quote[:80]}”"
    if not places:
        raise RuleError(
            f"Citatet {shown} finns inte i intervjun med {transcript.respondent}.",
            fix="Kopiera det ordagrant ur intervjun.",
        )
    raise RuleError(
        f"Citatet {shown} finns på {len(places)} ställen i intervjun med {transcript.respondent}.",
        fix="Ta med några ord till så att bara ett ställe stämmer; i Python går det också att ange span.",
    )


def sign(coding: Coding) -> tuple[object, ...]:
    """Return what makes two codings the same decision."""
    facets = tuple(sorted(coding.facets.items()))
    return (coding.transcript, coding.start, coding.end, coding.code, facets, coding.coder)


def requestioned(
    transcript: Transcript, doubt: Doubt, question: str, protocol: Protocol
) -> list[tuple[Turn, str | None]]:
    """Return the turns that change question, with the new one: the doubtful turn and those that followed it.

    ``question`` is the id of one of the guide's questions, or FOLLOW_UP. What followed a turn without a question
    ends where something else is asked. Raises RuleError, NotFoundError.
    """
    if doubt.turn is None or doubt.kind != "fråga":
        raise RuleError(
            "Tveksamheten gäller inte vilken fråga som ställdes.", fix="Avgör den utan att ange någon fråga."
        )
    said = [turn for turn in transcript.turns if turn.role != "note"]
    asked_before = [turn.question for turn in said if turn.seq < doubt.turn]
    later = [turn for turn in said if turn.seq >= doubt.turn]
    before = asked_before[-1] if asked_before else None
    target = before if question == FOLLOW_UP else protocol.question(question).id
    first = later[0]

    def follows(turn: Turn) -> bool:
        return turn.question == first.question and (turn is first or bool(first.question) or not asks(transcript, turn))

    return [(turn, target) for turn in takewhile(follows, later) if turn.question != target]
