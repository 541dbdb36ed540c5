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
    """Return where ?q=… stands, per interview, with what stands around each place.

    ?grupp=… narrows to one group, ?egna=1 to the respondents' own words. ``all`` is False when there are more.
    """
    words = squeeze(call.query.get("q", ""))
    if len(words) > _LONGEST:
        raise RuleError("Det är för mycket att söka efter.", fix=f"Sök efter högst {_LONGEST} tecken.")
    if len(words) < 2:
        raise RuleError("Skriv minst två tecken att söka efter.", fix="Skriv ett ord eller en del av ett.")
    material, group = call.study.material, call.query.get("grupp", "")
    rows = {row.id: row for row in material.interviews() if group in ("", row.group)}
    shown: list[dict[str, Any]] = []
    left, whole = MOST, True
    for number, places in material.find(words):
        if number not in rows:
            continue
        if not left:
            whole = False
            break
        row, transcript = rows[number], material.transcript(number)
        said = _said(transcript, places, own=call.query.get("egna") == "1")
        few = said[: min(left, _PER_INTERVIEW)]
        left, whole = left - len(few), whole and len(few) == len(said)
        if few:
            shown.append(
                {"id": row.id, "respondent": row.respondent, "wave": row.wave, "hits": len(said)}
                | {"group_name": call.study.protocols[row.group].group_name, "places": _told(call, transcript, few)}
            )
    return {"interviews": shown, "all": whole}


def _said(transcript: Transcript, places: list[Span], *, own: bool) -> list[tuple[Turn, Span]]:
    """Return the places that stand within one turn, with it; only respondents' own words with ``own``."""
    found, turns = [], iter(transcript.turns)
    turn = next(turns, None)
    for place in places:  # both are in the order of the text
        while turn is not None and turn.end <= place.start:
            turn = next(turns, None)
        inside = turn is not None and turn.start <= place.start and place.end <= turn.end
        if turn is not None and inside and (turn.role == "respondent" or not own):
            found.append((turn, place))
    return found


def _told(call: Call, transcript: Transcript, places: list[tuple[Turn, Span]]) -> list[dict[str, Any]]:
    guide = call.study.protocols[transcript.group]
    asked = {question.id: question.text for question in guide.questions()}
    told = []
    for turn, place in places:
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
