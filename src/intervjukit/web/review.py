"""The review queue: suggestions decided on one by one or turn by turn, while the suggester learns in the background."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args
from weakref import WeakKeyDictionary

from intervjukit.boards import quoted
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Suggestion
from intervjukit.core.reviewing import BATCH, review_order
from intervjukit.core.text import squeeze
from intervjukit.core.transcript import Transcript
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.material import Overview
from intervjukit.web.calls import Call, ChangedError, decides, page, reads
from intervjukit.web.rendering import clock
from intervjukit.web.transcripts import codebook

if TYPE_CHECKING:
    from intervjukit.boards import Progress
    from intervjukit.study import Study
    from intervjukit.web.desk import Desk

Mode = Literal["economical", "complete"]
_LARGEST = 2**63 - 1
_DECISIONS = {"accept", "reject", "code", "change", "uncode"}
_MOST_HELD = 200
_MOST_TABS = 50
_STATUS = {"accepted": "godtaget", "changed": "godtaget med ändring", "rejected": "avvisat"}


@dataclass
class _Sitting:
    """What the server knows of those who review now: which suggestions are on their screens, per tab, and the mode."""

    mode: Mode = "economical"
    held: dict[str, list[int]] = field(default_factory=dict)

    def hold(self, call: Call) -> None:
        """Note what a tab has on its screen and soon will have; it stays though the suggester makes new ones."""
        tab = call.text("tab", "")[:40]
        self.held.pop(tab, None)
        self.held[tab] = [number for number in call.items("held", int, [])[:_MOST_HELD] if 0 < number <= _LARGEST]
        while len(self.held) > _MOST_TABS:
            del self.held[next(iter(self.held))]

    def kept(self) -> set[int]:
        """Return what is on anybody's screen."""
        return {number for numbers in list(self.held.values()) for number in numbers}


_SITTINGS: WeakKeyDictionary[Desk, _Sitting] = WeakKeyDictionary()


def _sitting(call: Call) -> _Sitting:
    return _SITTINGS.setdefault(call.desk, _Sitting())


def show(call: Call) -> dict[str, Any]:
    """Return what the page shows before its script asks for the queue."""
    return {"title": "Granska"}


# --- the queue --------------------------------------------------------------------------------------


def queue(call: Call) -> Any:
    """Return the open suggestions in the order to decide on them, how far the work has come, and what is under way."""
    all_, book = call.study.material.suggestions(status=None), call.study.codebook
    told = Counter(one.status for one in all_)
    job = call.desk.job()
    return {
        "suggestions": [
            _told(one, book) | {"clauses": call.study.material.clauses(one)}
            for one in review_order(one for one in all_ if one.status == "open")
        ],
        "interviews": [_interview(row) for row in call.study.material.interviews()],
        "groups": [{"id": group, "name": guide.group_name} for group, guide in call.study.protocols.items()],
        "accepted": told["accepted"],
        "changed": told["changed"],
        "rejected": told["rejected"],
        "since": _since_learned(call),
        "batch": BATCH,
        "mode": _sitting(call).mode,
        "job": job if job and job.state == "running" and job.kind == "suggest" else None,
        "recent": call.study.material.recent_codes(call.coder),
    }


def _told(one: Suggestion, book: Codebook) -> dict[str, Any]:
    return {
        "id": one.id,
        "transcript": one.transcript,
        "start": one.start,
        "end": one.end,
        "code": one.code,
        "facets": dict(one.facets),
        "score": one.score,
        "sure": dict(one.confidence),
        "others": [(code, sure) for code, sure in one.others if code in book],
        "reason": one.reason,
    }


def _interview(row: Overview) -> dict[str, Any]:
    name = row.respondent if row.wave == 1 else f"{row.respondent}, omgång {row.wave}"
    return {"id": row.id, "name": name, "group": row.group, "open": row.suggestions, "decided": row.decided}


def _since_learned(call: Call) -> int:
    """Return how many decisions the suggester has not learned from yet."""
    decided = 0
    for event in reversed(call.desk.events()):
        if event.action == "suggest":
            break
        decided += event.kind == "do" and event.action in _DECISIONS
    return decided


def interview(call: Call) -> Any:
    """Return an interview's turns with their questions: the context its suggestions are shown in."""
    transcript = call.study.material.transcript(_number(call, "interview"))
    guide = call.study.protocols[transcript.group]
    return {
        "group_name": guide.group_name,
        "turns": [
            {
                "seq": turn.seq,
                "role": turn.role,
                "start": turn.start,
                "end": turn.end,
                "text": transcript.turn_text(turn),
                "question": turn.question or "",
            }
            for turn in transcript.turns
        ],
        "questions": {
            question.id: {"text": question.text, "section": section.title}
            for section in guide.sections
            for question in section.questions
        },
    }


def codes(call: Call) -> Any:
    """Return the code book as the palette shows it."""
    return codebook(call.study.codebook)


# --- deciding ---------------------------------------------------------------------------------------


def accept(call: Call) -> Any:
    """Make a suggestion a coding, as the page shows it; answers with the coding and the events to undo."""
    _sitting(call).hold(call)
    found, facets = _open(call), _facets(call)
    code, span, study = call.text("code"), call.span(), call.study
    if found:
        moved = span if span and span != (found.start, found.end) else None
        coding = study.accept(found.id, code=code, span=moved, **facets)
    else:  # the suggester has withdrawn it; the person's decision holds all the same
        transcript, place = _place(call)
        place = span or place
        quote = transcript.text[place[0] : place[1]]
        coding = study.code(transcript.respondent, quote, code, span=place, wave=transcript.wave, **facets)
    events = [study.history.revision()]
    if memo := call.text("memo", "").strip():
        study.memos.add(memo, target="coding", target_id=coding.id)
        events.append(study.history.revision())
    return {"coding": coding.id, "events": events}


def reject(call: Call) -> Any:
    """Turn a suggestion down; answers with the events to undo. A remark is then kept on the interview."""
    _sitting(call).hold(call)
    found, study = _open(call), call.study
    events = []
    if found:
        study.reject(found.id)
        events.append(study.history.revision())
    if memo := call.text("memo", "").strip():
        transcript, (start, end) = _place(call)
        study.memos.add(f"{quoted(transcript.text[start:end])}: {memo}", target="transcript", target_id=transcript.id)
        events.append(study.history.revision())
    return {"coding": None, "events": events}


def undo(call: Call) -> Any:
    """Take back one's latest decision, given by its events; nothing else is ever taken back by mistake."""
    events = call.items("events", int)
    for number in reversed(events):
        latest, _ = call.study.history.next_steps(call.study.history.events(), call.coder)
        if latest is None or latest.id != number:
            what = f" (”{latest.summary}”)" if latest else ""
            raise ChangedError(f"Du har gjort något annat efter det{what}. Inget är ångrat.", None)
        call.study.history.undo()
    return {"undone": len(events)}


def _open(call: Call) -> Suggestion | None:
    """Return the suggestion, None when it has been withdrawn. Raises ChangedError when somebody has decided on it."""
    number = _number(call, "suggestion")
    try:
        found = call.study.material.suggestion(number)
    except NotFoundError:
        return None
    place = {key: getattr(found, key) for key in ("transcript", "start", "end", "code")}
    if found.status != "open":
        event = call.study.history.latest_about("suggestions", number)
        raise ChangedError(_decided(call, found, event.who if event else "", event.at if event else ""), place)
    call.expect(place, "det här förslaget")
    return found


def _decided(call: Call, found: Suggestion, who: str, at: str) -> str:
    """Return what has become of a suggestion, by whom and as what, in a sentence."""
    by = "Du" if who == call.coder else who or "Någon"
    when = f" {clock(at)}" if at else ""
    elsewhere = " i ett annat fönster" if by == "Du" else ""
    what = f"Det här förslaget är redan {_STATUS[found.status]}: {by}{elsewhere}{when}"
    made = [coding for coding in call.study.material.codings(found.transcript) if coding.suggestion == found.id]
    if made and made[0].code in call.study.codebook:
        what += f", som {call.study.codebook.code(made[0].code).name}"
    return f"{what}. Ditt val är inte sparat."


def _place(call: Call) -> tuple[Transcript, tuple[int, int]]:
    """Return the interview and the place that the page showed. Raises RuleError and NotFoundError."""
    expected = call.data.get("expected")
    given = expected if isinstance(expected, dict) else {}
    values = [value for key in ("transcript", "start", "end") if type(value := given.get(key)) is int]
    if len(values) != 3 or not all(0 <= value <= _LARGEST for value in values):
        raise RuleError("Det framgår inte vilket ställe det gäller.", fix="Läs in sidan på nytt.")
    number, start, end = values
    return call.study.material.transcript(number), (start, end)


def _facets(call: Call) -> dict[str, str | None]:
    """Return a value for each facet the page sent, "" for none. Raises RuleError for one that there is not."""
    given = call.texts("facets")
    if unknown := given.keys() - {facet.id for facet in call.study.codebook.facets}:
        raise RuleError(f"Kodboken har ingen facett ”{min(unknown)}”.", fix="Läs in sidan på nytt.")
    return dict(given)


def _number(call: Call, name: str) -> int:
    number = int(call.path[name])
    if number > _LARGEST:
        raise NotFoundError("Det finns inte i studien.", fix="Läs in sidan på nytt.")
    return number


# --- learning ---------------------------------------------------------------------------------------


def learn(call: Call) -> Any:
    """Start making suggestions anew, from all decisions so far; the result is how many are open, and what to tell.

    The old ones stay until the new ones are ready, and what somebody has on the screen stays after that too.
    ``mode`` "complete" proposes nearly all there is, "economical" the likely ones; without it the latest holds.
    """
    sitting = _sitting(call)
    sitting.hold(call)
    mode = call.text("mode", sitting.mode)
    if mode not in get_args(Mode):
        raise RuleError(f"”{squeeze(mode)[:40]}” är inget sätt att föreslå.", fix="Läs in sidan på nytt.")

    def work(study: Study, progress: Progress) -> Any:
        made = study.suggest(mode=chosen, keep=sitting.kept, progress=progress)
        return {"open": made, "notice": study.close_reading.notice()}

    chosen: Mode = "complete" if mode == "complete" else "economical"
    job = call.desk.begin("suggest", "Förslag tas fram", call.coder, work)
    sitting.mode = chosen
    return job


_ONE = "/api/granska/{suggestion:int}"

routes = [
    page("/granska", "review.html", show),
    reads("/api/granska", queue),
    reads("/api/granska/intervju/{interview:int}", interview),
    reads("/api/granska/kodbok", codes),
    decides(f"{_ONE}/godta", accept),
    decides(f"{_ONE}/avvisa", reject),
    decides("/api/granska/angra", undo),
    decides("/api/granska/lar", learn, alone=False),
]
