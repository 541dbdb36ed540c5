"""What Teams, Zoom and their like write around the talk: title, date, length, and who started the transcription."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from intervjukit.formats.paragraphs import Paragraph

_ABOUT = re.compile(r"\S.{0,60} (?:startade|stoppade|avslutade|started|stopped) (?:transkript|transcript)\w*\.?", re.I)
_LENGTH = re.compile(r"(?:(\d{1,2}) ?(?:h|t|tim)\.? )?(\d{1,3}) ?m(?:in)?\.? (\d{1,2}) ?s(?:ek)?\.?", re.I)
_MONTHS = ("jan", "feb", "mar", "apr", "ma", "jun", "jul", "aug", "sep", "o", "nov", "dec")
_SWEDISH = re.compile(r"(?:\w+ )?(?:den )?(\d{1,2}) ([a-zå]{3,9})\.? (\d{4})(?:,? (?:kl\.? ?)?\d{1,2}[:.]\d\d)?", re.I)
_ENGLISH = re.compile(r"(?:\w+, )?([a-z]{3,9})\.? (\d{1,2}), (\d{4})(?:,? \d{1,2}:\d\d ?(?:[ap]m)?)?", re.I)
_ARROW = re.compile(r"\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3} *--> *\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3}")
_TOP = 8
"""How many paragraphs at the top may tell of the meeting."""


def meeting_facts(paragraphs: Sequence[Paragraph]) -> tuple[dict[str, str], list[Paragraph]]:
    """Return the date and length that a meeting's export states by themselves, and the paragraphs without them."""
    facts: dict[str, str] = {}
    kept: list[Paragraph] = []
    for place, p in enumerate(paragraphs):
        told = _told(p.text) if place < _TOP and not p.table else {}
        facts = told | facts
        if not told and not (len(p.text) < 120 and _ABOUT.fullmatch(p.text)):
            kept.append(p)
    return facts, kept


def cues_in_words(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Turn the older Teams document, cues with arrows in running text, into paragraphs of name, time and words."""
    lines = [line.strip() for p in paragraphs if not p.table for line in p.text.split("\n") if line.strip()]
    arrows = [place for place, line in enumerate(lines) if _ARROW.fullmatch(line)]
    names = Counter(lines[place + 1] for place in arrows if place + 1 < len(lines))
    if not arrows or 2 * len(names) > len(arrows):  # what follows the times is no handful of names
        return list(paragraphs)
    said: list[tuple[str, str, list[str]]] = []
    for place, end in pairwise([*arrows, len(lines)]):
        name, words = "".join(lines[place + 1 : place + 2]), lines[place + 2 : end]
        if words and (not said or said[-1][0] != name):
            said.append((name, _clock(lines[place]), []))
        if words:
            said[-1][2].extend(words)
    spoken = (f"{name} {at}\n{' '.join(words)}" for name, at, words in said)
    return [Paragraph(text) for text in (*lines[: arrows[0]], *spoken)]


def _clock(arrow: str) -> str:
    """Return when a cue begins, as a label's time is written."""
    begins = re.split("[.,]", arrow, maxsplit=1)[0]
    return ":".join(part.zfill(2) for part in begins.split(":"))


def _told(text: str) -> dict[str, str]:
    if len(text) > 60:
        return {}
    if found := _LENGTH.fullmatch(text):
        minutes = int(found[1] or 0) * 60 + int(found[2]) + (int(found[3]) >= 30)
        return {"längd": f"{max(1, minutes)} min"}
    if found := _SWEDISH.fullmatch(text):
        return _date(found[3], found[2], found[1])
    if found := _ENGLISH.fullmatch(text):
        return _date(found[3], found[1], found[2])
    return {}


def _date(year: str, month: str, day: str) -> dict[str, str]:
    number = next((n for n, name in enumerate(_MONTHS, 1) if month.lower().startswith(name)), 0)
    try:
        return {"datum": date(int(year), number, int(day)).isoformat()}
    except ValueError:
        return {}
