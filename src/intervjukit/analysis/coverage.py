"""The coverage of the guides as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields

import pandas as pd

from intervjukit.core.coverage import AlsoAsked, Covered, coverage, nothing_else
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import Transcript


def coverage_table(
    transcripts: Iterable[Transcript], protocols: Mapping[str, Protocol], also: AlsoAsked = nothing_else
) -> pd.DataFrame:
    """One row per interview and guide question: respondent, group, section, question, words, status, wave.

    ``words`` are those of the answer, ``status`` as in core.coverage; ``also`` finds questions put in the same breath.
    """
    rows = [asdict(row) for each in transcripts for row in coverage(each, protocols[each.group], also)]
    return pd.DataFrame(rows, columns=[field.name for field in fields(Covered)])
