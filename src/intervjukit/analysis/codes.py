"""The code book and the drafts of filled-in guides as tables."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from intervjukit.core.codebook import Code
from intervjukit.core.sheet import Sheet

_OWN = ("id", "group", "respondent", "wave", "date", "interviewer")


def themes_table(rows: Iterable[tuple[Code, int, int]]) -> pd.DataFrame:
    """One row per code: id, name, parent, respondents, codings, definition."""
    return pd.DataFrame(
        [(code.id, code.name, code.parent or "", people, codings, code.definition) for code, people, codings in rows],
        columns=["id", "name", "parent", "respondents", "codings", "definition"],
    )


def drafts_table(sheets: Iterable[Sheet]) -> pd.DataFrame:
    """One row per filled-in guide: id, group, respondent, wave, date, interviewer, minutes, answers, done."""
    return pd.DataFrame(
        [
            (
                *(getattr(sheet, key) for key in _OWN),
                round(sheet.seconds / 60),
                len(sheet.answers),
                bool(sheet.transcript),
            )
            for sheet in sheets
        ],
        columns=[*_OWN, "minutes", "answers", "done"],
    )
