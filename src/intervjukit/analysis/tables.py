"""Core objects as pandas tables, one kind of row each; shown names in Swedish beside the ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

import pandas as pd

from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Memo, Suggestion
from intervjukit.core.findings import Contrast, Finding, Ranked, View
from intervjukit.core.swot import FIELD_NAMES, Measure, SwotItem
from intervjukit.core.transcript import Doubt, Transcript


def _frame(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def transcripts_table(transcripts: Iterable[Transcript]) -> pd.DataFrame:
    """One row per interview: respondent, group, wave, date, minutes, interviewer, words, turns, source."""
    columns = ("respondent", "group", "wave", "date", "minutes", "interviewer", "words", "turns", "source")
    frame = _frame(
        (
            {
                **{key: getattr(t, key) for key in columns if key not in ("turns",)},
                "turns": len(t.turns),
            }
            for t in transcripts
        ),
        columns,
    )
    return frame.astype({"minutes": "Int64"})


def respondents_table(transcripts: Iterable[Transcript]) -> pd.DataFrame:
    """One row per respondent: code, group and every background fact as a column of its own."""
    rows = {t.respondent: {"respondent": t.respondent, "group": t.group, **t.facts} for t in transcripts}
    columns = dict.fromkeys(key for row in rows.values() for key in row)
    return _frame(rows.values(), list(columns) or ("respondent", "group"))


def doubts_table(doubts: Iterable[tuple[int, str, Doubt]]) -> pd.DataFrame:
    """One row per unsettled doubt: id, respondent, turn, kind, message, fix."""
    frame = _frame(
        (
            {
                "id": number,
                "respondent": respondent,
                "turn": doubt.turn,
                "kind": doubt.kind,
                "message": doubt.message,
                "fix": doubt.fix,
            }
            for number, respondent, doubt in doubts
        ),
        ("id", "respondent", "turn", "kind", "message", "fix"),
    )
    return frame.astype({"turn": "Int64"})


def codings_table(codings: Iterable[Coding], codebook: Codebook) -> pd.DataFrame:
    """One row per coding: id, respondent, group, quote, code, every facet, coder, at, start, end, suggestion."""
    facets = [facet.id for facet in codebook.facets]
    columns = (
        "id",
        "respondent",
        "group",
        "quote",
        "code",
        *facets,
        "coder",
        "at",
        "start",
        "end",
        "suggestion",
    )
    frame = _frame(
        (
            {
                **{key: getattr(c, key) for key in columns if key not in facets},
                **{facet: c.facets.get(facet, "") for facet in facets},
            }
            for c in codings
        ),
        columns,
    )
    return frame.astype({"suggestion": "Int64"})


def suggestions_table(suggestions: Iterable[Suggestion], codebook: Codebook) -> pd.DataFrame:
    """One row per span and code: the place, the code, every facet, how sure, why, and what became of it.

    ``transcript`` is the stem of the interview's file name; ``start`` and ``end`` count code points in its text.
    ``score`` (0–1) tells how likely it is to be accepted, ``sure_code`` and ``sure_<facet>`` how sure each part is
    by itself (None from an older version).
    """
    facets = [facet.id for facet in codebook.facets]
    plain = ("id", "respondent", "group", "start", "end", "quote", "code", "score", "reason", "status", "suggester")
    sure = ["code", *facets]
    rows = (
        {key: getattr(s, key) for key in plain}
        | {facet: s.facets.get(facet, "") for facet in facets}
        | {f"sure_{part}": s.confidence.get(part) for part in sure}
        | {"transcript": PurePath(s.source).stem}
        for s in suggestions
    )
    about = [*facets, "score", *(f"sure_{part}" for part in sure), "reason", "status", "suggester"]
    return _frame(rows, ["id", "transcript", "respondent", "group", "start", "end", "quote", "code", *about])


def findings_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row per finding: valence, code, party, group, n, N, quantifier, basis, respondents, quotes.

    n of N respondents in the group say it; ``quotes`` lists "quote (respondent)".
    """
    return _frame(
        (
            {
                "valence": f.valence,
                "code": f.code,
                "party": f.party,
                "group": f.group,
                "n": f.n,
                "N": f.total,
                "quantifier": f.quantifier,
                "basis": f.basis,
                "respondents": list(f.respondents),
                "quotes": [f"{c.quote} ({c.respondent})" for c in f.codings],
            }
            for f in findings
        ),
        ("valence", "code", "party", "group", "n", "N", "quantifier", "basis", "respondents", "quotes"),
    )


def ranking_table(ranked: Iterable[Ranked], codebook: Codebook) -> pd.DataFrame:
    """One row per factor: place ("3=" when shared), code, name, n, N, groups."""
    return _frame(
        (
            {
                "place": r.place,
                "code": r.code,
                "name": codebook.code(r.code).name,
                "n": r.n,
                "N": r.total,
                "groups": list(r.groups),
            }
            for r in ranked
        ),
        ("place", "code", "name", "n", "N", "groups"),
    )


def views_table(views: Iterable[View]) -> pd.DataFrame:
    """One row per group, party and valence: group, party, own, valence, n, N, codes (most respondents first)."""
    return _frame(
        (
            {
                "group": v.group,
                "party": v.party,
                "own": v.own,
                "valence": v.valence,
                "n": v.n,
                "N": v.total,
                "codes": list(v.codes),
            }
            for v in views
        ),
        ("group", "party", "own", "valence", "n", "N", "codes"),
    )


def contrasts_table(contrasts: Iterable[Contrast]) -> pd.DataFrame:
    """One row per agreement or contradiction: kind, code, parties, sides ("group: valence n/N"), weight."""
    return _frame(
        (
            {
                "kind": c.kind,
                "code": c.code,
                "parties": list(c.parties),
                "sides": [f"{group}: {valence} {n}/{total}" for group, valence, n, total in c.sides],
                "weight": c.weight,
            }
            for c in contrasts
        ),
        ("kind", "code", "parties", "sides", "weight"),
    )


def swot_table(items: Iterable[SwotItem]) -> pd.DataFrame:
    """One row per SWOT line: id, field, text, n (respondents behind it), cites."""
    return _frame(
        (
            {
                "id": item.id,
                "field": FIELD_NAMES[item.field],
                "text": item.text,
                "n": item.weight,
                "cites": [" · ".join(key) for key in item.cites],
            }
            for item in items
        ),
        ("id", "field", "text", "n", "cites"),
    )


def measures_table(measures: Iterable[Measure]) -> pd.DataFrame:
    """One row per measure: id, text, party, due, follow_up, cites (ids of SWOT lines)."""
    columns = ("id", "text", "party", "due", "follow_up", "cites")
    return _frame(({**{key: getattr(m, key) for key in columns}, "cites": list(m.cites)} for m in measures), columns)


def memos_table(memos: Iterable[Memo]) -> pd.DataFrame:
    """One row per memo: id, target, target_id, text, author, at, quote (of a memo on a place)."""
    columns = ("id", "target", "target_id", "text", "author", "at", "quote")
    return _frame(({key: getattr(memo, key) for key in columns} for memo in memos), columns)


def history_table(events: Iterable[object]) -> pd.DataFrame:
    """One row per event: id, at, who, action, summary, kind (do, undo, redo), target, undoable."""
    columns = ("id", "at", "who", "action", "summary", "kind", "target", "undoable")
    frame = _frame(({key: getattr(event, key) for key in columns} for event in events), columns)
    return frame.astype({"target": "Int64"})
