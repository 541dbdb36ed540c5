"""The transcript page: one interview to read and code, with its codings, suggestions and remarks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intervjukit.core.codebook import Code, Codebook
from intervjukit.core.coding import Coding, Memo, Suggestion
from intervjukit.core.transcript import Transcript
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.material import Overview
from intervjukit.web.calls import Call, ChangedError, decides, page, reads
from intervjukit.web.rendering import clock, day

_LARGEST = 2**63 - 1
_CODING = "den här kodningen"
_DECIDED = {"accepted": "godtagit", "changed": "godtagit", "rejected": "avvisat"}


def show(call: Call) -> dict[str, Any]:
    """Return the page's heading and its neighbours; ``whole`` comes with it."""
    rows = call.study.material.interviews()
    at = next((place for place, row in enumerate(rows) if row.id == _number(call)), None)
    if at is None:
        raise _no_interview()
    row = rows[at]
    return {
        "title": _name(row),
        "interview": row.id,
        "name": _name(row),
        "group_name": call.study.protocols[row.group].group_name,
        "day": day(row.date),
        "words": row.words,
        "doubts": row.doubts,
        "before": _neighbour(rows[at - 1]) if at else None,
        "after": _neighbour(rows[at + 1]) if at + 1 < len(rows) else None,
    }


def _neighbour(row: Overview) -> dict[str, Any]:
    return {"id": row.id, "name": _name(row)}


def _name(row: Overview) -> str:
    return row.respondent if row.wave == 1 else f"{row.respondent}, omgång {row.wave}"


def _number(call: Call, name: str = "interview") -> int:
    number = int(call.path[name])
    if number > _LARGEST:
        raise _no_interview()
    return number


def _no_interview() -> NotFoundError:
    return NotFoundError("Den intervjun finns inte i studien.", fix="Välj en intervju i listan.")


# --- reading ----------------------------------------------------------------------------------------


def whole(call: Call) -> Any:
    """Return the interview's turns with their questions, the code book, and what is coded and proposed."""
    transcript = call.study.material.transcript(_number(call))
    guide = call.study.protocols[transcript.group]
    return {
        "respondent": transcript.respondent,
        "turns": _turns(transcript),
        "questions": {
            question.id: {
                "text": question.text,
                "section": section.title,
                "asks_for": question.asks_for,
                "about": question.about or "",
            }
            for section in guide.sections
            for question in section.questions
        },
        "codebook": codebook(call.study.codebook),
        "recent": call.study.material.recent_codes(call.coder),
        "coder": call.coder,
        **marks(call),
    }


def _turns(transcript: Transcript) -> list[dict[str, Any]]:
    return [
        {
            "seq": turn.seq,
            "role": turn.role,
            "label": turn.label,
            "start": turn.start,
            "text": transcript.turn_text(turn),
            "question": turn.question or "",
        }
        for turn in transcript.turns
    ]


def codebook(book: Codebook) -> dict[str, Any]:
    """Return facets and codes as the palette shows them: names, definitions, limits and examples."""
    names = {code.id: code.name for code in book}
    return {
        "facets": [
            {
                "id": facet.id,
                "name": facet.name,
                "values": [{"id": value.id, "name": value.name, "about": value.definition} for value in facet.values],
            }
            for facet in book.facets
        ],
        "codes": [_code(book, code, names) for code in book],
    }


def _code(book: Codebook, code: Code, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": code.id,
        "name": code.name,
        "parent": names.get(code.parent or "", ""),
        "definition": code.definition,
        "when": code.when,
        "limits": [{"condition": one.condition, "instead": names.get(one.instead, one.instead)} for one in code.limits],
        "examples": [
            {"text": one.text, "facets": [book.value_name(*facet) for facet in one.facets.items()]}
            for one in code.examples
        ],
        "keywords": " ".join(code.indicators),
    }


def marks(call: Call) -> dict[str, Any]:
    """Return what stands on the interview now: codings, open suggestions and remarks."""
    material, interview = call.study.material, _number(call)
    return {
        "codings": [_coding(coding) for coding in material.codings(interview)],
        "suggestions": [_suggestion(one) for one in material.suggestions(interview)],
        "memos": [_memo(memo) for memo in material.memos(interview)],
    }


def _coding(coding: Coding) -> dict[str, Any]:
    return {
        "id": coding.id,
        "start": coding.start,
        "end": coding.end,
        "code": coding.code,
        "facets": dict(coding.facets),
        "coder": coding.coder,
        "at": coding.at,
        "suggestion": coding.suggestion,
    }


def _suggestion(one: Suggestion) -> dict[str, Any]:
    return {
        "id": one.id,
        "start": one.start,
        "end": one.end,
        "code": one.code,
        "facets": dict(one.facets),
        "score": one.score,
        "reason": one.reason,
    }


def _memo(memo: Memo) -> dict[str, Any]:
    return {key: getattr(memo, key) for key in ("id", "target", "target_id", "text", "author", "at", "quote")}


# --- deciding ---------------------------------------------------------------------------------------


def code(call: Call) -> Any:
    """Code a place of the interview; answers with the coding."""
    transcript = call.study.material.transcript(_number(call))
    coding = call.study.code(
        transcript.respondent,
        call.text("quote"),
        call.text("code"),
        span=call.span(),
        wave=transcript.wave,
        **_facets(call),
    )
    return _coding(coding)


def change(call: Call) -> Any:
    """Give a coding another code, other facets or another place; answers with it. What is left out stays."""
    number = _expected_coding(call)
    facets = _facets(call)
    if "facets" in call.data:  # what is not among them is taken away
        facets = {facet.id: facets.get(facet.id, "") for facet in call.study.codebook.facets}
    return _coding(
        call.study.change(number, code=call.text("code") if "code" in call.data else None, span=call.span(), **facets)
    )


def uncode(call: Call) -> Any:
    """Take a coding away."""
    call.study.uncode(_expected_coding(call))
    return {}


def accept(call: Call) -> Any:
    """Make an open suggestion a coding, as it is or with another code or facets; answers with the coding."""
    number = _open_suggestion(call)
    code = call.text("code") if "code" in call.data else None
    return _coding(call.study.accept(number, code=code, span=call.span(), **_facets(call)))


def reject(call: Call) -> Any:
    """Turn a suggestion down."""
    call.study.reject(_open_suggestion(call))
    return {}


def _facets(call: Call) -> dict[str, str | None]:
    """Return the facets that were sent. Raises RuleError for one the code book does not have."""
    given, book = call.texts("facets"), call.study.codebook
    if unknown := given.keys() - {facet.id for facet in book.facets}:
        raise RuleError(f"Kodboken har ingen facett ”{min(unknown)}”.", fix="Läs in sidan på nytt.")
    return dict(given)


def _expected_coding(call: Call) -> int:
    """Return the coding's number when it is as the page shows it. Raises ChangedError."""
    number = _number(call, "coding")
    event = None
    try:
        now = {key: value for key, value in _coding(call.study.material.coding(number)).items() if key in _BELIEVED}
    except NotFoundError:
        event = call.study.history.latest_about("codings", number)
        raise _gone(call, _CODING, "tagit bort", event.who if event else "", event.at if event else "") from None
    if call.data.get("expected") != now:
        event = call.study.history.latest_about("codings", number)
    call.expect(now, _CODING, who=event.who if event else "", at=event.at if event else "")
    return number


_BELIEVED = ("start", "end", "code", "facets")
"""What of a coding a change depends on."""


def _open_suggestion(call: Call) -> int:
    """Return the suggestion's number when nobody has decided on it. Raises ChangedError."""
    number = _number(call, "suggestion")
    try:
        status = call.study.material.suggestion(number).status
    except NotFoundError as error:
        raise ChangedError("Förslagen har gjorts om. Ditt val är inte sparat.", None) from error
    if status != "open":
        event = call.study.history.latest_about("suggestions", number)
        what, did = "det här förslaget", _DECIDED.get(status, "ändrat")
        raise _gone(call, what, did, event.who if event else "", event.at if event else "")
    return number


def _gone(call: Call, what: str, did: str, who: str, at: str) -> ChangedError:
    by = "Du" if who == call.coder else who or "Någon"
    when = f" {clock(at)}" if at else ""
    where = " i ett annat fönster" if by == "Du" else ""
    return ChangedError(f"{by} har {did} {what}{where}{when}. Ditt val är inte sparat.", None)


# --- remarks ----------------------------------------------------------------------------------------


def write_memo(call: Call) -> Any:
    """Save a remark on the interview or on one of its codings; answers with all remarks on them."""
    coding = call.number("coding", 0)
    target, about = ("coding", coding) if coding else ("transcript", _number(call))
    call.study.memos.add(call.text("text"), target=target, target_id=about)
    return {"memos": marks(call)["memos"]}


def reword_memo(call: Call) -> Any:
    """Word a remark in another way, or take it away when nothing is left of it; answers with all remarks."""
    number = _number(call, "memo")
    now = next((memo.text for memo in call.study.material.memos(_number(call)) if memo.id == number), None)
    event = call.study.history.latest_about("memos", number) if call.data.get("expected") != now else None
    call.expect(now, "den här anteckningen", who=event.who if event else "", at=event.at if event else "")
    if call.text("text").strip():
        call.study.memos.edit(number, call.text("text"))
    else:
        call.study.memos.remove(number)
    return {"memos": marks(call)["memos"]}


_HERE = "/api/intervju/{interview:int}"
_ON_CODING: dict[str, Callable[[Call], Any]] = {"andra": change, "ta-bort": uncode}
_ON_SUGGESTION: dict[str, Callable[[Call], Any]] = {"godta": accept, "avvisa": reject}

routes = [
    page("/intervju/{interview:int}", "transcript.html", show, given=whole),
    reads(_HERE, whole),
    reads(f"{_HERE}/kodningar", marks),
    decides(f"{_HERE}/koda", code),
    *(decides(f"/api/kodning/{{coding:int}}/{verb}", act) for verb, act in _ON_CODING.items()),
    *(decides(f"/api/forslag/{{suggestion:int}}/{verb}", act) for verb, act in _ON_SUGGESTION.items()),
    decides(f"{_HERE}/anteckning", write_memo),
    decides(f"{_HERE}/anteckning/{{memo:int}}", reword_memo),
]
