"""Transcripts as people write them: Word, text and VTT files to utterances with who said what."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from intervjukit.core.transcript import Doubt, RawInterview, Utterance
from intervjukit.errors import FileError
from intervjukit.formats.decoding import decode, read_bytes
from intervjukit.formats.speakers import (
    CODE,
    Mark,
    bare_labels,
    facts_in,
    first_spoken,
    is_speaker,
    mark_of,
    roles_of,
    speaker_labels,
    table_lines,
)
from intervjukit.formats.talk_tables import TABLE_HEADS, fact_rows, talk_in_tables
from intervjukit.formats.vtt import read_vtt
from intervjukit.formats.word_text import Paragraph, read_word_text

ENDINGS = (".docx", ".txt", ".vtt")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060]")
_NUMBER = re.compile(r"(?:nr )?\d{1,3}[.):]?", re.I)
_LONG = 12


def read_interview(path: Path) -> RawInterview:
    """Return the facts, utterances and doubts of a transcript file (.docx, .txt or .vtt).

    Utterances are in order, one per stretch of one speaker; ``role`` is None where the file does not show
    who asks. Soft hyphens and other invisible break marks are left out, the words stand as written. Raises
    FileError when the file cannot be read or holds no conversation.
    """
    if not path.exists():
        raise FileError(f"Filen {path} finns inte.", fix="Kontrollera sökvägen.")
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise FileError(
            f"{path.name} är av en sort som inte kan läsas in ({ending or 'utan ändelse'}).",
            fix=f"Spara intervjun som något av: {', '.join(ENDINGS)}.",
        )
    if path.is_dir():
        raise FileError(f"{path.name} är en mapp, inte en fil.", fix="Ange en fil.")
    if path.is_file() and path.stat().st_size == 0:
        raise FileError(f"{path.name} är tom.", fix="Kontrollera att rätt fil sparades.")
    raw = _from_paragraphs(path, *read_word_text(path)) if ending == ".docx" else _read_text(path, ending)
    if not any(utterance.role == "respondent" or utterance.role is None for utterance in raw.utterances):
        raise FileError(
            f"{path.name}: ingen intervju hittades i filen.",
            fix="Märk vem som talar, till exempel ”I:” och ”R:”, eller gör frågorna feta.",
        )
    doubts = (*raw.doubts, *bare_labels(raw.utterances))
    return RawInterview({**_code_in_name(path), **raw.facts}, raw.utterances, doubts)


def _code_in_name(path: Path) -> dict[str, str]:
    found = CODE.search(path.stem.replace("_", " "))
    return {"kod": found[1]} if found else {}


def _read_text(path: Path, ending: str) -> RawInterview:
    data = read_bytes(path)
    if data.startswith((b"PK\x03\x04", b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0")):
        raise FileError(
            f"{path.name} är ingen textfil, fast namnet slutar på {ending}.",
            fix="Kontrollera filen; är det ett Word-dokument ska namnet sluta på .docx.",
        )
    text, doubts = decode(data, path.name)
    text = _INVISIBLE.sub("", text)
    if ending == ".vtt":
        return read_vtt(path, text, doubts)
    paragraphs = [Paragraph(line.strip()) for line in text.split("\n") if line.strip()]
    return _from_paragraphs(path, paragraphs, doubts)


def _from_paragraphs(path: Path, paragraphs: Sequence[Paragraph], doubts: list[Doubt]) -> RawInterview:
    """Choose how the file marks its speakers: labels, a table of question and answer, or bold questions."""
    visible = ((p, _INVISIBLE.sub("", p.text)) for p in paragraphs)
    paragraphs = talk_in_tables([replace(p, text=text) for p, text in visible if text.strip()])
    marks = [None if p.table else mark_of(p.text) for p in paragraphs]
    labels = speaker_labels(marks, _facts_of(paragraphs))
    by_layout = any(p.bold or p.heading or p.table for p in paragraphs)
    if sum(labels.values()) >= 2:
        raw = _from_labels(paragraphs, marks, labels, doubts)
        if len({u.role for u in raw.utterances} - {"note"}) == 2:
            return raw
        if by_layout and any(_question_marks(paragraphs)) and len(labels) == 1:
            # bold questions, and answers marked R: or only beginning alike ("Ja:")
            marked = is_speaker(next(iter(labels)))
            return _from_layout(_without_labels(paragraphs, marks, labels) if marked else paragraphs, doubts)
        raise FileError(
            f"{path.name}: bara en talare är märkt (”{next(iter(labels))}”).",
            fix="Märk både den som frågar och den som svarar, till exempel ”I:” och ”R:”.",
        )
    if by_layout:
        return _from_layout(paragraphs, doubts)
    raise FileError(
        f"{path.name}: det går inte att se vem som frågar och vem som svarar.",
        fix="Märk varje replik, till exempel ”I:” och ”R:”, eller gör frågorna feta.",
    )


# --- talk with labels -----------------------------------------------------------------------------------


def _from_labels(
    paragraphs: Sequence[Paragraph], marks: Sequence[Mark | None], labels: Counter[str], doubts: list[Doubt]
) -> RawInterview:
    first = first_spoken(paragraphs, marks, labels)
    top = paragraphs[:first]
    facts = _facts_of(top)
    said = [(mark.label, mark.words) for mark in marks[first:] if mark and mark.label in labels]
    doubts = [*doubts, *_left_out(top)]
    spoken_labels = dict.fromkeys(label for label, _ in said)
    roles = roles_of(spoken_labels, said, facts, doubts)
    spoken: list[Utterance] = []
    for paragraph, mark in zip(paragraphs[first:], marks[first:], strict=True):
        if mark and mark.label in labels:
            spoken.append(Utterance(mark.label, mark.words, roles[mark.label], mark.at))
        elif paragraph.heading:
            spoken.append(Utterance("", paragraph.text, "note"))
        else:
            before = next(u for u in reversed(spoken) if u.label)
            spoken.append(Utterance(before.label, paragraph.text, before.role))
    return RawInterview(facts, _join(spoken), tuple(doubts))


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


# --- talk told by layout --------------------------------------------------------------------------------


def _from_layout(paragraphs: Sequence[Paragraph], doubts: list[Doubt]) -> RawInterview:
    """Read a filled-in guide: questions in bold or in a column of a table, answers after them."""
    doubts = list(doubts)
    paragraphs = _without_numbers(paragraphs)
    asks = _question_marks(paragraphs)
    if not any(asks):
        doubts.append(Doubt("talare", "Inga frågor syns i filen.", "Gör frågorna feta och läs in den på nytt."))
    first = next((i for i, asked in enumerate(asks) if asked), 0)
    top = [p for p in paragraphs[:first] if not _is_table_head(p)]
    facts = _facts_of(top)
    doubts += _left_out(top)
    spoken = []
    for paragraph, asked in zip(paragraphs[first:], asks[first:], strict=True):
        if asked:
            spoken.append(Utterance("", paragraph.text, "interviewer"))
        elif paragraph.heading or _is_table_head(paragraph):
            spoken.append(Utterance("", paragraph.text, "note"))
        else:
            spoken.append(Utterance("", paragraph.text, "respondent"))
    return RawInterview(facts, _join(spoken), tuple(doubts))


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


def _join(spoken: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Join paragraphs that the same speaker says in a row; a note stays by itself."""
    joined: list[Utterance] = []
    parts: list[list[str]] = []
    for utterance in spoken:
        text = utterance.text.strip()
        if not text:
            continue
        last = joined[-1] if joined else None
        if last and last.role == utterance.role != "note" and last.label == utterance.label:
            parts[-1].append(text)
        else:
            joined.append(utterance)
            parts.append([text])
    return tuple(replace(u, text="\n".join(texts)) for u, texts in zip(joined, parts, strict=True))
