"""Searching in all interviews: every place where the words stand, in its context, leading to the place."""

from __future__ import annotations

from typing import Any

from intervjukit.core.text import Span, squeeze
from intervjukit.core.transcript import Transcript, Turn
from intervjukit.errors import RuleError
from intervjukit.web.calls import Call, page, reads

MOST = 500
"""Hits shown at once; the number of all is told."""
_PER_INTERVIEW = 40
_AROUND = 90
_LONGEST = 200


def show(call: Call) -> dict[str, Any]:
    """Return what the page shows before its script asks for hits."""
    groups = [{"id": group, "name": guide.group_name} for group, guide in call.study.protocols.items()]
    return {"title": "Sök i intervjuerna", "groups": groups}


def hits(call: Call) -> Any:
    """Return where ?q=… stands, per interview, in ?grupp=… only when given, with what stands around each place."""
    words = squeeze(call.query.get("q", ""))
    if len(words) > _LONGEST:
        raise RuleError("Det är för mycket att söka efter.", fix=f"Sök efter högst {_LONGEST} tecken.")
    if len(words) < 2:
        raise RuleError("Skriv minst två tecken att söka efter.", fix="Skriv ett ord eller en del av ett.")
    material, group = call.study.material, call.query.get("grupp", "")
    rows = {row.id: row for row in material.interviews() if group in ("", row.group)}
    found = [(rows[number], places) for number, places in material.find(words) if number in rows]
    shown: list[dict[str, Any]] = []
    left, total = MOST, sum(len(places) for _, places in found)
    for row, places in found:
        few = places[: min(left, _PER_INTERVIEW)]
        left -= len(few)
        if few:
            places_shown = _in_context(call, material.transcript(row.id), few)
            shown.append(
                {"id": row.id, "respondent": row.respondent, "wave": row.wave, "hits": len(places)}
                | {"group_name": call.study.protocols[row.group].group_name, "places": places_shown}
            )
    return {
        "total": total,
        "respondents": len({row.respondent for row, _ in found}),
        "interviews": shown,
        "all": left == MOST - total,
    }


def _in_context(call: Call, transcript: Transcript, places: list[Span]) -> list[dict[str, Any]]:
    """Return each place with the words around it; one that stands between two turns is left out."""
    guide = call.study.protocols[transcript.group]
    asked = {question.id: question.text for question in guide.questions()}
    told = []
    for place in places:
        turn = transcript.turn_at(place.start)
        if turn is not None and place.end <= turn.end:
            before, after = _around(transcript.text, turn, place)
            told.append(
                {"start": place.start, "end": place.end, "role": turn.role, "question": asked.get(turn.question or "")}
                | {"before": before, "hit": transcript.text[place.start : place.end], "after": after}
            )
    return told


def _around(text: str, turn: Turn, place: Span) -> tuple[str, str]:
    """Return whole words before and after a place, within its turn; "…" where something was left out."""
    first, last = max(turn.start, place.start - _AROUND), min(turn.end, place.end + _AROUND)
    before, after = text[first : place.start], text[place.end : last]
    if first > turn.start:
        before = f"… {before.partition(' ')[2] or before}"
    if last < turn.end:
        after = f"{after.rpartition(' ')[0] or after} …"
    return before, after


routes = [page("/sok", "search.html", show), reads("/api/sok", hits)]
