"""Running text to utterances: talk marked with labels, or questions and answers told apart by their layout."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from intervjukit.core.transcript import Doubt, RawInterview, Remark, Role, Utterance
from intervjukit.errors import FileError
from intervjukit.formats.meetings import cues_in_words, meeting_facts
from intervjukit.formats.paragraphs import Paragraph
from intervjukit.formats.speakers import (
    Mark,
    facts_in,
    first_spoken,
    is_speaker,
    mark_of,
    roles_of,
    speaker_labels,
    table_lines,
)
from intervjukit.formats.talk_tables import TABLE_HEADS, fact_rows, talk_in_tables
from intervjukit.formats.teaching import Teaching

_INVISIBLE = re.compile("[\u00ad\u200b\u2060]")
_NUMBER = re.compile(r"(?:nr )?\d{1,3}[.):]?", re.I)
_LONG = 12
_NO_ROLES: Mapping[str, Role] = {}
_CLOCK = 6 * 60 * 60
"""A recording that begins after this many seconds shows the time of day: nobody records for six hours before."""


def visible(text: str) -> str:
    """Return ``text`` without soft hyphens and other invisible marks for where a line may break."""
    return _INVISIBLE.sub("", text) if "\u00ad" in text or "\u200b" in text or "\u2060" in text else text


def interview_of(
    name: str, paragraphs: Sequence[Paragraph], doubts: Sequence[Doubt], teaching: Teaching
) -> RawInterview:
    """Return the interview that a file's paragraphs hold, by how the file marks its speakers.

    Labels, a table of question and answer, or bold questions. Raises FileError when none of them can be seen.
    """
    facts, paragraphs = meeting_facts(cues_in_words([seen for p in paragraphs if (seen := _seen(p)).text.strip()]))
    paragraphs = talk_in_tables(paragraphs)
    marks = [None if p.table else mark_of(p.text) for p in paragraphs]
    labels = speaker_labels(marks, facts | _facts_of(paragraphs), teaching)
    by_layout = any(p.bold or p.heading or p.table for p in paragraphs)
    if sum(labels.values()) >= 2:
        raw = _from_labels(paragraphs, marks, labels, facts, teaching, doubts)
        if len({u.role for u in raw.utterances} - {"note"}) == 2:
            return raw
        if by_layout and any(_question_marks(paragraphs)) and len(labels) == 1:
            # bold questions, and answers marked R: or only beginning alike ("Ja:")
            marked = is_speaker(next(iter(labels)))
            return _from_layout(_without_labels(paragraphs, marks, labels) if marked else paragraphs, facts, doubts)
        raise FileError(
            f"{name}: bara en talare är märkt (”{next(iter(labels))}”).",
            fix="Märk både den som frågar och den som svarar, till exempel ”I:” och ”R:”.",
        )
    if by_layout:
        return _from_layout(paragraphs, facts, doubts)
    raise FileError(
        f"{name}: det går inte att se vem som frågar och vem som svarar.",
        fix="Märk varje replik, till exempel ”I:” och ”R:”, eller gör frågorna feta.",
    )


def _seen(p: Paragraph) -> Paragraph:
    text = visible(p.text)
    return p if text is p.text else replace(p, text=text)


# --- talk with labels -----------------------------------------------------------------------------------


def _from_labels(
    paragraphs: Sequence[Paragraph],
    marks: Sequence[Mark | None],
    labels: Counter[str],
    known: dict[str, str],
    teaching: Teaching,
    doubts: Sequence[Doubt],
) -> RawInterview:
    first = first_spoken(paragraphs, marks, labels)
    top = paragraphs[:first]
    facts = known | _facts_of(top)
    doubts = [*doubts, *_left_out(top)]
    spoken = _said_by(paragraphs[first:], marks[first:], labels)
    said = [(u.label, u.text) for u in spoken if u.label]
    roles = roles_of(dict.fromkeys(label for label, _ in said), said, facts, teaching, doubts)
    return RawInterview(facts, _timed(_join(spoken, roles)), tuple(doubts))


def _said_by(paragraphs: Sequence[Paragraph], marks: Sequence[Mark | None], labels: Counter[str]) -> list[Utterance]:
    """Return what each paragraph says with its speaker's label; headings are notes without one."""
    spoken: list[Utterance] = []
    speaker = ""
    for p, mark in zip(paragraphs, marks, strict=True):
        if mark and mark.label in labels:
            speaker = mark.label
            spoken.append(Utterance(speaker, mark.words, begins=mark.begins, remarks=p.remarks))
        elif p.heading:
            spoken.append(Utterance("", p.text, "note", remarks=p.remarks))
        else:
            spoken.append(Utterance(speaker, p.text, remarks=p.remarks))
    return spoken


def _facts_of(paragraphs: Sequence[Paragraph]) -> dict[str, str]:
    """Return the facts that stand in paragraphs of their own and in tables' rows."""
    return facts_in([*(p.text for p in paragraphs if not p.table), *table_lines(paragraphs)])


def _left_out(top: Sequence[Paragraph]) -> list[Doubt]:
    """Return a doubt when something longer than a title stands before the talk and is no fact."""
    long = [p.text for p in top if not p.table and not facts_in([p.text]) and len(p.text.split()) > _LONG]
    if not long:
        return []
    message = f"Text före intervjun lästes inte in: ”{long[0][:60]}…”"
    return [Doubt("text före", message, "Hör den till samtalet märker du den med talare och läser in filen på nytt.")]


def _without_labels(
    paragraphs: Sequence[Paragraph], marks: Sequence[Mark | None], labels: Counter[str]
) -> list[Paragraph]:
    return [
        replace(p, text=mark.words) if mark and mark.label in labels and mark.words else p
        for p, mark in zip(paragraphs, marks, strict=True)
    ]


def _timed(spoken: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Let what has a beginning end where the next begins, and count times of day from the first of them."""
    starts = [u.begins for u in spoken if u.begins is not None]
    if not starts:
        return tuple(spoken)
    zero = starts[0] if starts[0] >= _CLOCK else 0.0
    found: list[Utterance] = []
    following: float | None = None
    for u in reversed(spoken):
        if u.begins is None:
            found.append(u)
            continue
        begins = max(0.0, u.begins - zero)
        found.append(replace(u, begins=begins, ends=begins if following is None else max(begins, following)))
        following = begins
    return tuple(reversed(found))


# --- talk told by layout --------------------------------------------------------------------------------


def _from_layout(paragraphs: Sequence[Paragraph], known: dict[str, str], doubts: Sequence[Doubt]) -> RawInterview:
    """Read a filled-in guide: questions in bold or in a column of a table, answers after them."""
    doubts = list(doubts)
    paragraphs = _without_numbers(paragraphs)
    asks = _question_marks(paragraphs)
    if not any(asks):
        doubts.append(Doubt("talare", "Inga frågor syns i filen.", "Gör frågorna feta och läs in den på nytt."))
    first = next((i for i, asked in enumerate(asks) if asked), 0)
    top = [p for p in paragraphs[:first] if not _is_table_head(p)]
    facts = known | _facts_of(top)
    doubts += _left_out(top)
    spoken: list[Utterance] = []
    for p, asked in zip(paragraphs[first:], asks[first:], strict=True):
        note = p.heading or _is_table_head(p)
        spoken.append(
            Utterance("", p.text, "interviewer" if asked else "note" if note else "respondent", remarks=p.remarks)
        )
    return RawInterview(facts, tuple(_join(spoken)), tuple(doubts))


def _without_numbers(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Leave out what only numbers a table's questions: "3" or "3." in a column before them."""
    columns = _question_columns(paragraphs)
    return [p for p in paragraphs if p.cell >= columns.get(p.table, 0) or not _NUMBER.fullmatch(p.text)]


def _is_table_head(paragraph: Paragraph) -> bool:
    head = paragraph.bold or paragraph.text.strip().lower() in TABLE_HEADS
    return bool(paragraph.table and paragraph.row == 1 and head)


def _question_marks(paragraphs: Sequence[Paragraph]) -> list[bool]:
    """Return for each paragraph whether it asks; headings do only where nothing else does."""
    columns = _question_columns(paragraphs)
    facts = fact_rows(paragraphs)
    beside = {(p.table, p.row) for p in paragraphs if p.table and p.cell > columns.get(p.table, 1)}
    places = [(p.table, p.row) for p in paragraphs]
    asks = [
        place not in facts and _asks(p, columns, place in beside) for p, place in zip(paragraphs, places, strict=True)
    ]
    return asks if any(asks) else [p.heading and p.text.endswith("?") for p in paragraphs]


def _question_columns(paragraphs: Sequence[Paragraph]) -> dict[int, int]:
    """Return the column of each table that holds its questions: the first where most end in a question mark."""
    asked: dict[int, Counter[int]] = defaultdict(Counter)
    for p in paragraphs:
        if p.table and p.text.endswith("?"):
            asked[p.table][p.cell] += 1
    return {table: min(cells, key=lambda cell: (-cells[cell], cell)) for table, cells in asked.items()}


def _asks(paragraph: Paragraph, columns: dict[int, int], answered: bool) -> bool:
    if paragraph.heading:
        return False
    in_column = bool(paragraph.table) and paragraph.cell == columns.get(paragraph.table, 1)
    if not paragraph.bold and not in_column:
        return False
    if in_column and answered and paragraph.table in columns and not _is_table_head(paragraph):
        return True
    long_enough = len(paragraph.text.split()) >= 3
    return paragraph.text.endswith("?") or (long_enough and paragraph.text.endswith((".", "…", ":")))


def _join(spoken: Sequence[Utterance], roles: Mapping[str, Role] = _NO_ROLES) -> list[Utterance]:
    """Join paragraphs that the same speaker says in a row; a note stays by itself. ``roles`` are those of labels."""
    turns: list[tuple[Utterance, Role | None, list[str], list[Remark]]] = []
    for each in spoken:
        text, role = each.text.strip(), roles.get(each.label, each.role)
        if not turns or not (turns[-1][1] == role != "note" and turns[-1][0].label == each.label):
            if not (text or each.begins is not None or each.remarks):
                continue
            turns.append((each, role, [], []))
        _, _, lines, remarks = turns[-1]
        lines += [text] if text else []
        remarks += each.remarks
    return [
        Utterance(first.label, "\n".join(lines), role, first.begins, remarks=tuple(remarks))
        for first, role, lines, remarks in turns
        if lines  # a turn without any words goes
    ]
