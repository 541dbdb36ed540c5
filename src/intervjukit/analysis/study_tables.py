"""How a study was planned and done, and its red thread, as pandas tables."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from intervjukit.core.account import Sample
from intervjukit.core.coreq import TO_FILL_IN, Answer
from intervjukit.core.report import PARTS
from intervjukit.core.swot import FIELD_NAMES
from intervjukit.core.thread import GAPS, Strand, Thread


def plan_table(rows: Iterable[Sample]) -> pd.DataFrame:
    """One row per group: group, planned (empty without a plan), interviewed, difference."""
    frame = pd.DataFrame(
        [(row.group, row.planned, row.interviewed, row.difference) for row in rows],
        columns=["group", "planned", "interviewed", "difference"],
    )
    return frame.astype({"planned": "Int64", "difference": "Int64"})


def thread_table(thread: Thread) -> pd.DataFrame:
    """One row per strand: code, party, n, N, field, line, measure, responsible, due, follow_up, gaps.

    Empty where the thread breaks; ``gaps`` lists in words what is missing.
    """
    columns = "code party n N field line measure responsible due follow_up gaps".split()
    frame = pd.DataFrame([_strand(strand, thread.total) for strand in thread.strands], columns=columns)
    return frame.astype({"n": "Int64", "N": "Int64"})


def _strand(strand: Strand, total: int) -> tuple[object, ...]:
    item, measure = strand.item, strand.measure
    return (
        strand.code,
        strand.party,
        *((strand.n, total) if strand.code else (None, None)),
        *((FIELD_NAMES[item.field], item.text) if item else ("", "")),
        *((measure.text, measure.party, measure.due, measure.follow_up) if measure else ("",) * 4),
        [GAPS[gap] for gap in strand.gaps],
    )


def coreq_table(answers: Iterable[Answer]) -> pd.DataFrame:
    """One row per COREQ item: number, domain, topic, question, answer, in_report (the part of the report, or "")."""
    rows = [
        (
            answer.item.number,
            answer.item.domain,
            answer.item.topic,
            answer.item.question,
            answer.told or TO_FILL_IN,
            PARTS.get(answer.part, ""),
        )
        for answer in answers
    ]
    return pd.DataFrame(rows, columns=["number", "domain", "topic", "question", "answer", "in_report"])
