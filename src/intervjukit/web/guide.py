"""The guide page: an interview is begun by its guide, filled in live with every change saved, and made a transcript."""

from __future__ import annotations

from typing import Any

from intervjukit.core.protocol import Protocol, Question
from intervjukit.core.sheet import CONSENT, FACT, FOLLOW_UP, HIGHEST, NOTE, SAID, Sheet, asked, in_wave
from intervjukit.errors import NotFoundError
from intervjukit.web.calls import Call, decides, page, reads
from intervjukit.web.rendering import day

_MOST_FACTS = 8


def show(call: Call) -> dict[str, Any]:
    """Return what the page where an interview is begun shows before its script asks for the rest."""
    group = str(call.path.get("group", ""))
    return {"title": "Guide", "guide": _guide(call, group) if group else None}


def show_sheet(call: Call) -> dict[str, Any]:
    """Return what the page where a guide is filled in shows before its script asks for the questions."""
    sheet = call.study.drafts.sheet(int(call.path["draft"]))
    guide = _guide(call, str(call.path["group"]))
    if sheet.group != guide.group:
        raise NotFoundError(f"Utkast {sheet.id} hör till en annan grupp.", fix="Se listan under Guide.")
    return {"title": f"{sheet.respondent}, {guide.group_name.lower()}", "guide": guide, "sheet": sheet}


def _guide(call: Call, group: str) -> Protocol:
    if group not in call.study.protocols:
        raise NotFoundError(f"Gruppen ”{group}” finns inte i studien.", fix="Välj en grupp under Guide.")
    return call.study.protocols[group]


# --- beginning --------------------------------------------------------------------------------------


def guides(call: Call) -> Any:
    """Return the groups with the first free respondent code of each, and the sheets there are."""
    groups = [
        {
            "id": group,
            "name": guide.group_name,
            "letter": guide.letter,
            "free": call.study.drafts.free(group),
            "waves": [{"number": wave.number, "name": wave.name} for wave in guide.waves],
        }
        for group, guide in call.study.protocols.items()
    ]
    return {"groups": groups, "drafts": [_listed(call, sheet) for sheet in call.study.drafts.all()]}


def _listed(call: Call, sheet: Sheet) -> dict[str, Any]:
    guide = call.study.protocols[sheet.group]
    shown = list(asked(guide, sheet.wave, sheet.answers))
    return {
        "id": sheet.id,
        "group": sheet.group,
        "group_name": guide.group_name,
        "respondent": sheet.respondent,
        "wave": sheet.wave,
        "day": day(sheet.date),
        "minutes": round(sheet.seconds / 60),
        "answered": sum(_answered(sheet, question) for question in shown),
        "questions": len(shown),
        "transcript": sheet.transcript,
    }


def _answered(sheet: Sheet, question: Question) -> bool:
    return any(
        name in (question.id, SAID + question.id) or name.startswith(f"{FOLLOW_UP}{question.id}#")
        for name in sheet.answers
    )


def begin(call: Call) -> Any:
    """Begin an interview; answers with the sheet's place."""
    sheet = call.study.drafts.begin(
        call.text("group"),
        call.text("respondent", ""),
        wave=call.number("wave", 1),
        interviewer=call.text("interviewer", ""),
        day=call.text("date", ""),
    )
    return {"id": sheet.id, "to": f"/guide/{sheet.group}/{sheet.id}"}


# --- filling in -------------------------------------------------------------------------------------


def sheet(call: Call) -> Any:
    """Return a sheet with its guide's questions in the sheet's wave, and what is written."""
    found = call.study.drafts.sheet(int(call.path["draft"]))
    guide = call.study.protocols[found.group]
    return {
        **_state(found),
        "id": found.id,
        "respondent": found.respondent,
        "wave": found.wave,
        "introduction": guide.introduction,
        "consent": list(guide.consent),
        "closing": guide.closing,
        "facts": call.study.drafts.fact_names(found.group)[:_MOST_FACTS],
        "highest": HIGHEST,
        "fields": {"note": NOTE, "consent": CONSENT, "fact": FACT, "follow_up": FOLLOW_UP, "said": SAID},
        "sections": [
            {"id": section.id, "title": section.title, "questions": questions}
            for section in guide.sections
            if (
                questions := [
                    _question(one, found.wave, guide) for one in section.questions if in_wave(one, found.wave)
                ]
            )
        ],
    }


def _question(question: Question, wave: int, guide: Protocol) -> dict[str, Any]:
    condition = question.condition
    here = condition is not None and in_wave(guide.question(condition.question), wave)
    scale = question.scale
    return {
        "id": question.id,
        "kind": question.kind,
        "text": question.text,
        "aim": question.aim,
        "unit": question.unit,
        "choices": list(question.choices),
        "scale": scale,
        "follow_ups": list(question.follow_ups),
        "variants": list(question.variants),
        "condition": condition if here else None,
    }


def _state(found: Sheet) -> dict[str, Any]:
    return {
        "answers": dict(found.answers),
        "seconds": found.seconds,
        "date": found.date,
        "interviewer": found.interviewer,
        "transcript": found.transcript,
    }


def state(call: Call) -> Any:
    """Return what is written in a sheet, for a page that has its questions."""
    return _state(call.study.drafts.sheet(int(call.path["draft"])))


def write(call: Call) -> Any:
    """Save one field, unless something else than ``expected`` stands there; answers with it as it was saved."""
    draft, name = int(call.path["draft"]), call.text("field")
    value = call.study.drafts.sheet(draft).answers.get(name, "")
    who, at = call.study.drafts.latest(draft, name)
    call.expect(value, "det här svaret", who=who, at=at)
    return {"value": call.study.drafts.write(draft, name, call.text("value"))}


def spend(call: Call) -> Any:
    """Save how many seconds the interview has gone on."""
    return {"seconds": call.study.drafts.spend(int(call.path["draft"]), call.number("seconds"))}


def correct(call: Call) -> Any:
    """Correct the date or the length."""
    draft = int(call.path["draft"])
    minutes = call.number("minutes") if "minutes" in call.data else None
    return _state(call.study.drafts.set(draft, day=call.text("date") if "date" in call.data else None, minutes=minutes))


def finish(call: Call) -> Any:
    """Make the sheet a transcript; answers with its id."""
    return {"interview": call.study.drafts.finish(int(call.path["draft"]))}


def remove(call: Call) -> Any:
    """Take a sheet away; it can be undone."""
    call.study.drafts.remove(int(call.path["draft"]))
    return {}


routes = [
    page("/guide", "guide.html", show),
    page("/guide/{group}", "guide.html", show),
    page("/guide/{group}/{draft:int}", "guide_sheet.html", show_sheet),
    reads("/api/guide", guides),
    decides("/api/guide", begin),
    reads("/api/utkast/{draft:int}", sheet),
    reads("/api/utkast/{draft:int}/svar", state),
    decides("/api/utkast/{draft:int}/svar", write),
    decides("/api/utkast/{draft:int}/tid", spend),
    decides("/api/utkast/{draft:int}/uppgifter", correct),
    decides("/api/utkast/{draft:int}/klar", finish),
    decides("/api/utkast/{draft:int}/tabort", remove),
]
