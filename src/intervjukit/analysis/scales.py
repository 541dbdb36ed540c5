"""Answers on scales as a table: how many, their mean and their median."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, median

import pandas as pd

from intervjukit.core.findings import SMALL_GROUP
from intervjukit.core.survey import scale_value
from intervjukit.core.survey_answers import ScaleQuestion, in_wave
from intervjukit.core.transcript import Transcript

COLUMNS = ("scale", "wave", "group", "n", "mean", "median", "lowest", "highest", "ends", "note")
ALL = "alla"
HIDDEN = f"färre än {SMALL_GROUP} svar: visas inte"


def scales_table(scales: Iterable[ScaleQuestion], transcripts: Sequence[Transcript]) -> pd.DataFrame:
    """One row per scale, wave and group, and one for all groups where there are more.

    Columns: scale, wave, group, n, mean, median, lowest, highest, ends ("1–6"), note. Of fewer answers than
    SMALL_GROUP only their number is told, and ``note`` says so: a mean of few shows what a person answered.
    """
    rows = [
        row
        for scale in scales
        for wave in sorted({transcript.wave for transcript in transcripts})
        for row in _rows(scale, wave, [each for each in transcripts if each.wave == wave])
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype(dict.fromkeys(("mean", "median", "lowest", "highest"), "Float64"))


def _rows(scale: ScaleQuestion, wave: int, transcripts: Sequence[Transcript]) -> list[dict[str, object]]:
    answers: dict[str, list[float]] = {}
    for transcript in transcripts:
        value = scale_value(transcript.facts.get(in_wave(scale.name, wave)))
        if value is not None:
            answers.setdefault(transcript.group, []).append(value)
    found: Mapping[str, list[float]] = answers
    if len(answers) > 1:
        found = {**answers, ALL: [value for values in answers.values() for value in values]}
    head = {"scale": scale.name, "wave": wave, "ends": f"{scale.low}–{scale.high}"}
    return [{**head, "group": group, "n": len(values), **_figures(values)} for group, values in found.items()]


def _figures(values: Sequence[float]) -> dict[str, object]:
    if len(values) < SMALL_GROUP:
        return {"note": HIDDEN}
    shown = {"mean": round(fmean(values), 2), "median": median(values), "lowest": min(values), "highest": max(values)}
    return {**shown, "note": ""}
