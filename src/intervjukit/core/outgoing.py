"""A study as a project for other programs: what each thing of ours is called in REFI-QDA.

A coding becomes a selection with a Coding for its theme and one for each facet value: every program can show that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from intervjukit.core.coding import Coding, Memo
from intervjukit.core.exchange import (
    Project,
    ProjectCase,
    ProjectCode,
    ProjectNote,
    ProjectSet,
    ProjectSource,
    Selection,
    Target,
    User,
    text_hash,
)
from intervjukit.core.labels import Labelled, labelled
from intervjukit.core.text import Span
from intervjukit.core.transcript import Transcript

Guid = Callable[[str, str], str]
"""Gives the GUID of a thing by its kind ("code", "coding", "respondent" …) and its own id."""
GROUP, WAVE, DATE, LENGTH, INTERVIEWER = "Grupp", "Omgång", "Datum", "Längd (min)", "Intervjuare"
"""What the kit's own facts are called as variables."""
_TARGETS: Mapping[str, tuple[Target, str]] = {
    "coding": ("selection", "coding"),
    "code": ("code", "code"),
    "respondent": ("case", "respondent"),
    "transcript": ("source", "transcript"),
    "study": ("project", ""),
}


@dataclass(frozen=True)
class Holdings:
    """What goes out of a study; ``hashes`` are those of the files by transcript id."""

    name: str
    transcripts: Sequence[Transcript]
    codings: Sequence[Coding]
    memos: Sequence[Memo]
    hashes: Mapping[int, str]
    guides: Sequence[str]
    banks: Mapping[str, str]


def project_of(held: Holdings, codes: tuple[ProjectCode, ...], sets: tuple[ProjectSet, ...], guid: Guid) -> Project:
    """Return a study as a project, with what only the kit can read back in ``extra``."""
    texts = {transcript.id: labelled(transcript) for transcript in held.transcripts}
    people = [coding.coder for coding in held.codings] + [memo.author for memo in held.memos]
    return Project(
        name=held.name,
        users=tuple(User(guid("user", name), name) for name in sorted(set(people))),
        codes=codes,
        sources=tuple(_source(each, texts[each.id], guid) for each in held.transcripts),
        cases=tuple(_cases(held.transcripts, guid)),
        selections=tuple(_selections(held, texts, guid)),
        notes=tuple(_note(memo, guid) for memo in held.memos),
        sets=sets,
        extra=_extra(held, texts, guid),
    )


def _source(transcript: Transcript, text: Labelled, guid: Guid) -> ProjectSource:
    wave = f" omgång {transcript.wave}" if transcript.wave > 1 else ""
    facts = {
        WAVE: str(transcript.wave),
        DATE: transcript.date,
        LENGTH: "" if transcript.minutes is None else str(transcript.minutes),
        INTERVIEWER: transcript.interviewer,
    }
    variables = {name: value for name, value in facts.items() if value}
    own = guid("transcript", str(transcript.id))
    return ProjectSource(own, transcript.respondent + wave, text.text, variables=variables)


def _cases(transcripts: Iterable[Transcript], guid: Guid) -> Iterable[ProjectCase]:
    """Yield a case for each respondent; the group comes first among its variables."""
    by_respondent: dict[str, list[Transcript]] = {}
    for transcript in transcripts:
        by_respondent.setdefault(transcript.respondent, []).append(transcript)
    for respondent, own in by_respondent.items():
        sources = tuple(guid("transcript", str(each.id)) for each in own)
        facts = {name: value for name, value in own[0].facts.items() if name != GROUP}
        yield ProjectCase(guid("respondent", respondent), respondent, sources, {GROUP: own[0].group, **facts})


def _selections(held: Holdings, texts: Mapping[int, Labelled], guid: Guid) -> Iterable[Selection]:
    sources = {number: guid("transcript", str(number)) for number in texts}
    value = cache(lambda each: guid("value", "/".join(each)))  # a facet and its value
    for coding in held.codings:
        start, end = texts[coding.transcript].shown(Span(coding.start, coding.end))
        codes = (guid("code", coding.code), *map(value, coding.facets.items()))
        by = guid("user", coding.coder)
        yield Selection(guid("coding", str(coding.id)), sources[coding.transcript], start, end, codes, by, coding.at)
    for memo in held.memos:
        if memo.start is not None and memo.end is not None:
            span = texts[int(memo.target_id)].shown(Span(memo.start, memo.end))
            home, by = guid("transcript", memo.target_id), guid("user", memo.author)
            yield Selection(guid("place", str(memo.id)), home, *span, user=by, at=memo.at)


def _note(memo: Memo, guid: Guid) -> ProjectNote:
    target, kind = _TARGETS[memo.target]
    about = guid(kind, memo.target_id) if kind else ""
    if memo.start is not None:
        target, about = "selection", guid("place", str(memo.id))
    return ProjectNote(guid("memo", str(memo.id)), memo.text, target, about, guid("user", memo.author), memo.at)


def _extra(held: Holdings, texts: Mapping[int, Labelled], guid: Guid) -> dict[str, Any]:
    return {
        "intervjukit": 1,
        "studie": held.name,
        "id": guid("study", ""),
        "guider": list(held.guides),
        "banker": dict(held.banks),
        "intervjuer": [
            {
                "källa": guid("transcript", str(each.id)),
                "respondent": each.respondent,
                "grupp": each.group,
                "omgång": each.wave,
                "datum": each.date,
                "minuter": each.minutes,
                "intervjuare": each.interviewer,
                "fil": each.source,
                "filhash": held.hashes.get(each.id, ""),
                "fakta": dict(each.facts),
                "text": text_hash(each.text),
                "etiketter": texts[each.id].cuts(),
                "turer": [[t.role, t.label, t.start, t.end, t.question, t.begins, t.ends] for t in each.turns],
            }
            for each in held.transcripts
        ],
    }
