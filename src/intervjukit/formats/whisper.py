"""What speech recognisers write as JSON: Whisper, whisper.cpp, and WhisperX with who speaks."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from intervjukit.core.text import normalise, squeeze
from intervjukit.core.transcript import Doubt, RawInterview
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.cues import Cue, interview_of_cues
from intervjukit.formats.speakers import seconds
from intervjukit.formats.teaching import Teaching

_LISTS = ("segments", "transcription", "utterances")


def read_whisper(name: str, text: str, doubts: list[Doubt], teaching: Teaching) -> RawInterview:
    """Return the interview in a recogniser's JSON: a list of segments with text, times and, at best, speakers.

    Raises FileError for other JSON, and when it does not say who speaks.
    """
    segments = _segments(name, text)
    try:
        cues = list(_cues(segments))
    except RuleError as error:
        raise FileError(f"{name}: {error.problem}", fix=error.fix) from error
    if not cues:
        raise FileError(f"{name} innehåller ingen text.", fix="Kontrollera att rätt fil sparades.")
    return interview_of_cues(name, cues, {}, doubts, teaching)


def _segments(name: str, text: str) -> list[Any]:
    try:
        data = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        line = f", rad {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise FileError(
            f"{name} är skadad: JSON går inte att läsa{line}.", fix="Exportera utskriften på nytt."
        ) from error
    found = next((data[key] for key in _LISTS if key in data), None) if isinstance(data, dict) else data
    if isinstance(found, list) and any(isinstance(each, dict) and "text" in each for each in found):
        return found
    raise FileError(
        f"{name} är ingen utskrift från Whisper: den saknar ”segments” med text.",
        fix="Exportera utskriften som .json med talare, eller som .vtt eller .docx.",
    )


def _cues(segments: list[Any]) -> Iterator[Cue]:
    last = 0.0
    for each in segments:
        if not isinstance(each, dict) or not isinstance(each.get("text"), str):
            continue
        begins = _second(each, "start", "from")
        ends = _second(each, "end", "to")
        begins = last if begins is None else begins
        last = begins if ends is None else max(begins, ends)
        words = squeeze(normalise(each["text"]))
        if words:
            yield Cue(_speaker(each), words, begins, last)


def _speaker(segment: Mapping[str, Any]) -> str:
    speaker = segment.get("speaker", "")
    return squeeze(normalise(str(speaker)))[:200] if isinstance(speaker, str | int) and str(speaker).strip() else ""


def _second(segment: Mapping[str, Any], plain: str, stamped: str) -> float | None:
    """Return a time as whisper gives it (seconds) or as whisper.cpp does ("00:00:03,500")."""
    value = segment.get(plain)
    stamps = segment.get("timestamps")
    if value is None and isinstance(stamps, dict):
        value = stamps.get(stamped)
    if isinstance(value, str):
        return seconds(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value < 1e7:
        return float(value)
    return None
