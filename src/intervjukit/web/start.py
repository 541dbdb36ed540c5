"""The start page: the study at a glance, what to do next, and files dropped to be read in with their doubts settled."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intervjukit.errors import IntervjukitError, RuleError
from intervjukit.web.calls import Call, decides, page, reads, takes_file
from intervjukit.web.rendering import counted
from intervjukit.web.security import UPLOADS

if TYPE_CHECKING:
    from intervjukit.boards import Progress
    from intervjukit.core.transcript import Doubt, Transcript
    from intervjukit.material import Overview
    from intervjukit.reading import Added
    from intervjukit.study import Study

_LONGEST_ANSWER = 240


def show(call: Call) -> dict[str, Any]:
    """Return what the page shows before its script asks for the rest."""
    return {"title": "Start"}


# --- at a glance ------------------------------------------------------------------------------------


def next_steps(call: Call) -> Any:
    """Return what to do next and the interviews with doubts; none of it needs the guides, which take time to read."""
    interviews = call.study.material.interviews()
    return {
        "steps": list(_steps(call, interviews)),
        "doubtful": [
            {"id": row.id, "name": _name(row), "doubts": row.doubts, "source": row.source}
            for row in interviews
            if row.doubts
        ],
    }


def glance(call: Call) -> Any:
    """Return the study at a glance: totals, and one row per group."""
    from intervjukit.core.account import whole_plan

    interviews = call.study.material.interviews()
    plan = call.study.plan.items()
    planned = {row.group: row.planned for row in plan}
    return {
        "totals": {**_totals(interviews), "planned": whole_plan(plan)},
        "groups": [
            {
                "id": group,
                "name": guide.group_name,
                "planned": planned[group],
                **_totals([row for row in interviews if row.group == group]),
            }
            for group, guide in call.study.protocols.items()
        ],
    }


def _totals(interviews: Iterable[Overview]) -> dict[str, int]:
    rows = list(interviews)
    return {
        "respondents": len({row.respondent for row in rows}),
        "interviews": len(rows),
        "coded": sum(row.codings > 0 for row in rows),
        "words": sum(row.words for row in rows),
        "codings": sum(row.codings for row in rows),
        "suggestions": sum(row.suggestions for row in rows),
        "decided": sum(row.decided for row in rows),
        "doubts": sum(row.doubts for row in rows),
    }


def _name(row: Overview) -> str:
    return row.respondent if row.wave == 1 else f"{row.respondent}, omgång {row.wave}"


def _steps(call: Call, interviews: list[Overview]) -> Iterator[dict[str, str]]:
    """Yield what there is to do, the most urgent first: what it is, why, and where (``to``) or by what (``act``)."""
    n = _totals(interviews)
    if not interviews:
        yield {"text": "Lägg till intervjuer", "why": "Släpp filerna i rutan här på sidan.", "to": "#lagg-till"}
        return
    if n["doubts"]:
        left = counted(n["doubts"], "tveksamhet", "tveksamheter")
        yield {"text": f"Avgör {left}", "why": "Inläsningen var inte säker. Du bestämmer.", "to": "#tveksamheter"}
    if n["suggestions"] and "/granska" in call.pages:
        left = counted(n["suggestions"], "förslag", "förslag")
        yield {"text": f"Granska {left}", "why": "Inget räknas förrän du har sagt ja.", "to": "/granska"}
    if not n["suggestions"] + n["decided"]:
        why = "Programmet läser svaren och föreslår koder med skäl. Du avgör varje förslag."
        yield {"text": "Låt programmet föreslå kodningar", "why": why, "act": "suggest"}
    if uncoded := n["interviews"] - n["coded"]:
        left = counted(uncoded, "intervju", "intervjuer")
        yield {"text": f"Läs och koda {left}", "why": "De har inga kodningar än.", "to": "/intervjuer"}
    if n["codings"]:
        for text, why, to in (
            ("Se fynden", "Vad som hindrar, hjälper och önskas, hos vem, och hur många som säger det.", "/fynd"),
            ("Bygg SWOT och åtgärder", "Utkast ur fynden, att ändra fritt.", "/swot"),
            ("Gör rapporten", "Word-fil med tabeller, citat och metod.", "/rapport"),
        ):
            if to in call.pages:
                yield {"text": text, "why": why, "to": to}


# --- reading in files -------------------------------------------------------------------------------


def read_in(call: Call) -> Any:
    """Start reading in files that were sent; the job's result says what became of each."""
    files = [call.desk.received(key) for key in call.items("keys", str)]
    replace, who = call.flag("replace"), call.coder
    if not files:
        raise RuleError("Det finns inga filer att läsa in.", fix="Släpp minst en fil i rutan.")

    def work(study: Study, progress: Progress) -> Any:
        try:
            return _told(study, study.add_transcripts(*files, replace=replace, progress=progress))
        finally:
            for file in files:
                shutil.rmtree(file.parent, ignore_errors=True)

    return call.desk.begin("add_transcripts", "Inläsningen", who, work)


def _told(study: Study, added: Added) -> dict[str, Any]:
    """Return what became of the files, with the interviews they became."""
    new = {*added.added, *added.replaced}
    return {
        "added": [
            {"id": row.id, "name": _name(row), "group": row.group, "words": row.words, "doubts": row.doubts}
            for row in study.material.interviews()
            if row.respondent in new
        ],
        "replaced": list(added.replaced),
        "carried": [line.strip() for done in added.carried for line in done.told()],
        "known": list(added.known),
        "refused": [_refused(Path(name).name, error) for name, error in added.refused],
        "doubts": added.doubts,
    }


def _refused(name: str, error: IntervjukitError) -> dict[str, Any]:
    replaceable = "--replace" in error.fix
    fix = (
        "Välj Ersätt om den här filen ska gälla i stället, annars rättar du koden i filen."
        if replaceable
        else error.fix
    )
    return {"name": name, "problem": error.problem, "fix": fix, "replaceable": replaceable}


# --- doubts -----------------------------------------------------------------------------------------


def doubts(call: Call) -> Any:
    """Return one interview's open doubts with what was said there, and the questions that may have been asked."""
    transcript = call.study.material.transcript(int(call.path["interview"]))
    guide = call.study.protocols[transcript.group]
    return {
        "doubts": [
            {"id": number, **_doubt(transcript, doubt)} for number, doubt in call.study.material.doubts(transcript.id)
        ],
        "sections": [
            {"title": section.title, "questions": [{"id": q.id, "text": q.text} for q in section.questions]}
            for section in guide.sections
        ],
    }


def _doubt(transcript: Transcript, doubt: Doubt) -> dict[str, Any]:
    asked = next((turn for turn in transcript.turns if turn.seq == doubt.turn), None)
    answer = next((turn for turn in transcript.answers() if asked and turn.seq > asked.seq), None)
    said = transcript.turn_text(answer) if answer else ""
    return {
        "kind": doubt.kind,
        "message": doubt.message,
        "fix": doubt.fix,
        "turn": doubt.turn,
        "question": (asked.question or "") if asked and doubt.kind == "fråga" else None,
        "answer": said if len(said) <= _LONGEST_ANSWER else said[: _LONGEST_ANSWER - 1] + "…",
    }


def settle(call: Call) -> Any:
    """Settle doubts of one interview: as they stand or, with ``question``, as another question of the guide."""
    chosen = call.items("doubts", int)
    interview = int(call.path["interview"])
    still = {number for number, _ in call.study.material.doubts(interview)}
    call.expect([number for number in chosen if number in still], "de här tveksamheterna")
    question = call.text("question", "") or None
    if chosen:
        call.study.doubts.settle(*chosen, question=question)
    return {"left": len(still - set(chosen))}


# --- suggestions ------------------------------------------------------------------------------------


def suggest(call: Call) -> Any:
    """Start proposing codings in all interviews; the job's result is how many are open, and what there is to tell."""

    def work(study: Study, progress: Progress) -> Any:
        return {"open": study.suggest(progress=progress), "notice": study.close_reading.notice()}

    return call.desk.begin("suggest", "Förslag tas fram", call.coder, work)


routes = [
    page("/", "start.html", show, ahead=True),
    reads("/api/start", next_steps),
    reads("/api/start/laget", glance),
    takes_file(UPLOADS),
    decides("/api/inlasning", read_in, alone=False),
    reads("/api/intervju/{interview:int}/tveksamheter", doubts),
    decides("/api/intervju/{interview:int}/tveksamheter", settle),
    decides("/api/forslag", suggest, alone=False),
]
