"""Codings with the words around them, as one flat table that any program reads."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding
from intervjukit.core.transcript import Transcript

CONTEXT = 120
"""Characters before and after a quote."""


def codings_in_context(
    codings: Iterable[Coding], transcripts: Iterable[Transcript], codebook: Codebook, context: int = CONTEXT
) -> pd.DataFrame:
    """One row per coding, by interview and place.

    Columns: id, respondent, group, wave, date, question, code, code_name, one per facet, coder, at, before, quote,
    after, turn, start, end. ``before`` and ``after`` stay within the turn and end at whole words; ``start`` and
    ``end`` count code points in the interview's text.
    """
    texts = {transcript.id: transcript for transcript in transcripts}
    facets = [facet.id for facet in codebook.facets]
    rows = []
    for coding in sorted(codings, key=lambda each: (each.respondent, texts[each.transcript].wave, each.start, each.id)):
        transcript = texts[coding.transcript]
        turn = transcript.turn_at(coding.start)
        first, last = (turn.start, turn.end) if turn else (0, len(transcript.text))
        rows.append(
            {
                "id": coding.id,
                "respondent": coding.respondent,
                "group": coding.group,
                "wave": transcript.wave,
                "date": transcript.date,
                "question": (turn.question if turn else None) or "",
                "code": coding.code,
                "code_name": codebook.code(coding.code).name,
                **{facet: coding.facets.get(facet, "") for facet in facets},
                "coder": coding.coder,
                "at": coding.at,
                "before": _before(transcript.text[first : coding.start], context),
                "quote": coding.quote,
                "after": _after(transcript.text[coding.end : last], context),
                "turn": turn.seq if turn else 0,
                "start": coding.start,
                "end": coding.end,
            }
        )
    plain = ["id", "respondent", "group", "wave", "date", "question", "code", "code_name"]
    rest = ["coder", "at", "before", "quote", "after", "turn", "start", "end"]
    return pd.DataFrame(rows, columns=[*plain, *facets, *rest])


def _before(text: str, most: int) -> str:
    if len(text) <= most:
        return text.strip()
    return text[len(text) - most :].partition(" ")[2].strip()


def _after(text: str, most: int) -> str:
    return text.strip() if len(text) <= most else text[:most].rpartition(" ")[0].strip()
