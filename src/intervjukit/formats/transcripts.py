"""Transcripts as people have them, documents, text, subtitles and recognised speech, to who said what."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from intervjukit.core.transcript import CODE, Doubt, RawInterview
from intervjukit.errors import FileError
from intervjukit.formats.decoding import decode, read_bytes
from intervjukit.formats.guard import MOST_CHARACTERS, MOST_TEXT, MOST_TURNS
from intervjukit.formats.kinds import Kind, kind_of, text_kind, wrong_ending
from intervjukit.formats.paragraphs import Paragraph
from intervjukit.formats.plain import read_plain
from intervjukit.formats.speakers import bare_labels, lone_interviewer
from intervjukit.formats.talk import interview_of, visible
from intervjukit.formats.teaching import Teaching

_DATE = re.compile(r"(?<!\d)(\d{4})[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)")
_WAVE = re.compile(r"\b(?:omgång|omg|våg) ?(\d)\b", re.I)
NOTHING = Teaching()


def read_interview(path: Path, teaching: Teaching = NOTHING) -> RawInterview:
    """Return the facts, utterances and doubts of a transcript, whatever its kind (see kinds.NAMES).

    The kind is told by what the file holds. Utterances are in order, one per stretch of one speaker; ``role`` is
    None where the file does not show who asks. Soft hyphens and other invisible break marks are left out, the words
    stand as written. ``teaching`` is what the study knows beforehand. Raises FileError when the file cannot be
    read or holds no conversation.
    """
    kind = kind_of(path)
    if kind == "zip":
        raise FileError(f"{path.name} är en zip-fil i en zip-fil.", fix="Packa upp den och läs in filerna.")
    raw = _read_text(path, teaching) if kind == "text" else _read_document(path, kind, teaching)
    _check_size(path, sum(len(u.text) for u in raw.utterances), len(raw.utterances))
    if not any(utterance.role == "respondent" or utterance.role is None for utterance in raw.utterances):
        raise FileError(
            f"{path.name}: ingen intervju hittades i filen.",
            fix="Märk vem som talar, till exempel ”I:” och ”R:”, eller gör frågorna feta.",
        )
    doubts = (*raw.doubts, *bare_labels(raw.utterances))
    facts = {**_facts_in_name(path), **lone_interviewer(raw.utterances), **raw.facts, **teaching.facts_of(path)}
    return replace(raw, facts=_grouped(facts, teaching), doubts=doubts)


def _read_document(path: Path, kind: Kind, teaching: Teaching) -> RawInterview:
    """Read a file of running text with its layout."""
    doubts = wrong_ending(path, kind)
    if kind == "word":
        from intervjukit.formats.forms import read_form

        if form := read_form(path):
            return replace(form, doubts=(*doubts, *form.doubts))
    paragraphs, more = _paragraphs(path, kind)
    raw = interview_of(path.name, paragraphs, [*doubts, *more], teaching)
    if kind == "pdf" and not any(utterance.role == "interviewer" for utterance in raw.utterances):
        raise FileError(
            f"{path.name}: det går inte att se vem som frågar och vem som svarar.",
            fix="I en PDF går tabeller och utformning förlorade; läs in originalet som Word-dokument (.docx).",
        )
    return raw


def _paragraphs(path: Path, kind: Kind) -> tuple[list[Paragraph], list[Doubt]]:
    if kind == "odt":
        from intervjukit.formats.odt import read_odt

        return read_odt(path)
    if kind == "rtf":
        from intervjukit.formats.rtf import read_rtf

        return read_rtf(path)
    if kind == "pdf":
        from intervjukit.formats.pdf import read_pdf

        return read_pdf(path)
    from intervjukit.formats.word_text import read_word_text

    return read_word_text(path)


def _read_text(path: Path, teaching: Teaching) -> RawInterview:
    text, doubts = decode(read_bytes(path, MOST_TEXT), path.name)
    _check_size(path, len(text))
    text = visible(text)
    kind = text_kind(path.name, text)
    doubts = [*doubts, *wrong_ending(path, kind)]
    if kind in ("vtt", "srt"):
        from intervjukit.formats.subtitles import read_subtitles

        return read_subtitles(path.name, text, kind, doubts, teaching)
    if kind == "json":
        from intervjukit.formats.whisper import read_whisper

        return read_whisper(path.name, text, doubts, teaching)
    return interview_of(path.name, read_plain(text), doubts, teaching)


def _check_size(path: Path, characters: int, turns: int = 0) -> None:
    if characters > MOST_CHARACTERS or turns > MOST_TURNS:
        raise FileError(
            f"{path.name} är orimligt lång: högst {MOST_CHARACTERS // 1_000_000} miljoner tecken och "
            f"{MOST_TURNS} repliker läses.",
            fix="Dela upp filen i en per intervju.",
        )


def _facts_in_name(path: Path) -> dict[str, str]:
    """Return the code, date and wave that a file's name states ("Intervju S03 2026-03-05 omgång 2")."""
    name = path.stem.replace("_", " ")
    facts: dict[str, str] = {}
    if code := CODE.search(name):
        facts["kod"] = code[1]
    if day := _DATE.search(name):
        facts["datum"] = "-".join(day.groups())
    if wave := _WAVE.search(name):
        facts["omgång"] = wave[1]
    return facts


def _grouped(facts: dict[str, str], teaching: Teaching) -> dict[str, str]:
    """Let the file's group be called what the study calls it."""
    known = teaching.group(facts.get("grupp", ""))
    return {**facts, "grupp": known} if known else facts
