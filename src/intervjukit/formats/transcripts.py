"""Transcripts as people write them: Word, text and VTT files to utterances with who said what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from intervjukit.core.text import squeeze
from intervjukit.core.transcript import Doubt, RawInterview, Role, Utterance
from intervjukit.errors import FileError
from intervjukit.formats.decoding import decode
from intervjukit.formats.word_text import Paragraph, read_word_text

ENDINGS = (".docx", ".txt", ".vtt")
_LABEL = re.compile(r"^\s*\**([^\W\d_][\w .&/()-]{0,29}?)\**\s*(?::\**(?=\s|$)|\t)\s*", re.U)
_CODE = re.compile(r"\b([A-ZÅÄÖ]{1,3}\d{1,3})\b")
_INTERVIEWER = frozenset({"i", "int", "intervjuare", "intervjuaren", "fråga", "moderator", "utredare"})
_RESPONDENT = frozenset({"r", "ip", "respondent", "respondenten", "informant", "intervjuperson", "svar"})
_NOTE = frozenset({"anm", "anmärkning", "notering", "kommentar"})
_FACT_NAMES = {
    "kod": "kod",
    "intervju": "kod",
    "respondent": "kod",
    "grupp": "grupp",
    "datum": "datum",
    "längd": "längd",
    "intervjuare": "intervjuare",
    "omgång": "omgång",
}


def read_interview(path: Path) -> RawInterview:
    """Return the facts, utterances and doubts of a transcript file (.docx, .txt or .vtt).

    Utterances are in order, one per stretch of one speaker; ``role`` is None where the file does not show
    who asks. Raises FileError when the file cannot be read or holds no conversation.
    """
    if not path.exists():
        raise FileError(f"Filen {path} finns inte.", fix="Kontrollera sökvägen.")
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise FileError(
            f"{path.name} är av en sort som inte kan läsas in ({ending or 'utan ändelse'}).",
            fix=f"Spara intervjun som något av: {', '.join(ENDINGS)}.",
        )
    try:
        if path.stat().st_size == 0:
            raise FileError(f"{path.name} är tom.", fix="Kontrollera att rätt fil sparades.")
        raw = _read_word(path) if ending == ".docx" else _read_text(path, ending)
    except OSError as error:
        raise FileError(
            f"{path.name} går inte att läsa ({error.strerror}).",
            fix="Stäng filen i andra program och kontrollera att du har rätt till den.",
        ) from error
    if not any(utterance.role == "respondent" or utterance.role is None for utterance in raw.utterances):
        raise FileError(
            f"{path.name}: ingen intervju hittades i filen.",
            fix="Märk vem som talar, till exempel ”I:” och ”R:”, eller gör frågorna feta.",
        )
    return RawInterview({**_code_in_name(path), **raw.facts}, raw.utterances, raw.doubts)


def _code_in_name(path: Path) -> dict[str, str]:
    found = _CODE.search(path.stem.replace("_", " "))
    return {"kod": found[1]} if found else {}


def _read_text(path: Path, ending: str) -> RawInterview:
    data = path.read_bytes()
    if data.startswith((b"PK\x03\x04", b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0")):
        raise FileError(
            f"{path.name} är ingen textfil, fast namnet slutar på {ending}.",
            fix="Kontrollera filen; är det ett Word-dokument ska namnet sluta på .docx.",
        )
    text, doubts = decode(data, path.name)
    if ending == ".vtt":
        return _from_vtt(path, text, doubts)
    paragraphs = [Paragraph(line.strip()) for line in text.split("\n") if line.strip()]
    return _from_paragraphs(path, paragraphs, doubts)


def _read_word(path: Path) -> RawInterview:
    paragraphs, doubts = read_word_text(path)
    return _from_paragraphs(path, paragraphs, doubts)


# --- from paragraphs ------------------------------------------------------------------------------------


def _from_paragraphs(path: Path, paragraphs: Sequence[Paragraph], doubts: list[Doubt]) -> RawInterview:
    """Choose how the file marks its speakers: labels, a table of question and answer, or bold questions."""
    labels = _speaker_labels(paragraphs)
    if sum(labels.values()) >= 2:
        return _from_labels(paragraphs, labels, doubts)
    if any(p.bold or p.heading or p.table for p in paragraphs):
        return _from_layout(paragraphs, doubts)
    raise FileError(
        f"{path.name}: det går inte att se vem som frågar och vem som svarar.",
        fix="Märk varje replik, till exempel ”I:” och ”R:”, eller gör frågorna feta.",
    )


def _label_of(text: str) -> str:
    found = _LABEL.match(text)
    return found[1].strip() if found else ""


def _speaker_labels(paragraphs: Sequence[Paragraph]) -> Counter[str]:
    """Count the labels that mark speakers: known words, and any label that recurs."""
    counted = Counter(label for p in paragraphs if not p.table and (label := _label_of(p.text)))
    known = _INTERVIEWER | _RESPONDENT
    return Counter({label: n for label, n in counted.items() if n >= 3 or (n >= 2 and label.lower() in known)})


def _facts(lines: Iterable[str]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name, value = squeeze(name), squeeze(value)
        if colon and value and len(name.split()) <= 4:
            facts[_FACT_NAMES.get(name.lower(), name)] = value
    return facts


def _from_labels(paragraphs: Sequence[Paragraph], labels: Counter[str], doubts: list[Doubt]) -> RawInterview:
    first = _first_spoken(paragraphs, labels)
    facts = _facts(p.text for p in paragraphs[:first])
    facts.update(_facts(_table_lines(paragraphs[:first])))
    roles = _roles(paragraphs, labels, facts, doubts)
    spoken: list[Utterance] = []
    for paragraph in paragraphs[first:]:
        label = _label_of(paragraph.text)
        if label in labels:
            words = paragraph.text[_LABEL.match(paragraph.text).end() :]  # type: ignore[union-attr]
            spoken.append(Utterance(label, words, roles[label]))
        elif paragraph.heading:
            spoken.append(Utterance("", paragraph.text, "note"))
        else:
            spoken.append(Utterance(spoken[-1].label, paragraph.text, spoken[-1].role))
    return RawInterview(facts, _join(spoken), tuple(doubts))


def _first_spoken(paragraphs: Sequence[Paragraph], labels: Counter[str]) -> int:
    """Return where the talk begins: past a fact such as "Intervjuare: MK" that looks like a speaker."""
    marked = [i for i, p in enumerate(paragraphs) if _label_of(p.text) in labels]
    for i in marked:
        words = paragraphs[i].text.partition(":")[2].split()
        after = paragraphs[i + 1].text if i + 1 < len(paragraphs) else ""
        if len(words) > 3 or after.find(":") < 0 or _label_of(after) in labels:
            return i
    return marked[0]


def _roles(
    paragraphs: Sequence[Paragraph], labels: Counter[str], facts: dict[str, str], doubts: list[Doubt]
) -> dict[str, Role]:
    """Decide who asks: the known words first, then the facts, then who puts the question marks."""
    roles: dict[str, Role] = {}
    for label in labels:
        low = label.lower()
        if low in _INTERVIEWER or low == facts.get("intervjuare", "").lower():
            roles[label] = "interviewer"
        elif low in _RESPONDENT or low == facts.get("kod", "").lower():
            roles[label] = "respondent"
        elif low in _NOTE:
            roles[label] = "note"
    unknown = [label for label in labels if label not in roles]
    if unknown and "interviewer" not in roles.values():
        asking = max(labels, key=lambda label: _question_share(paragraphs, label))
        if asking in unknown:
            roles[asking] = "interviewer"
            unknown.remove(asking)
            doubts.append(
                Doubt(
                    "talare",
                    f"”{asking}” antas vara intervjuaren, eftersom de flesta frågorna står där.",
                    "Stämmer det inte, skriv ”Intervjuare: …” överst i filen och läs in den på nytt.",
                )
            )
    told = bool(unknown) and "respondent" in roles.values()
    for label in unknown:
        roles[label] = "respondent"
        if told or len(unknown) > 1:
            doubts.append(
                Doubt(
                    "talare",
                    f"”{label}” är varken intervjuare eller den väntade respondenten; orden räknas som svar.",
                    "Är det en gruppintervju är det rätt; annars, rätta namnet i filen.",
                )
            )
    return roles


def _question_share(paragraphs: Sequence[Paragraph], label: str) -> float:
    said = [p.text for p in paragraphs if _label_of(p.text) == label]
    return sum(text.rstrip().endswith("?") for text in said) / len(said)


def _table_lines(paragraphs: Sequence[Paragraph]) -> list[str]:
    """Return a two-column table's rows as "name: value" lines."""
    return [
        f"{a.text.rstrip(':')}: {b.text}"
        for a, b in pairwise(paragraphs)
        if a.table and a.table == b.table and a.row == b.row and a.cell == 1 and b.cell == 2
    ]


def _from_layout(paragraphs: Sequence[Paragraph], doubts: list[Doubt]) -> RawInterview:
    """Read a filled-in guide: questions in bold or in a table's first column, answers after them."""
    asks = [_asks(p) for p in paragraphs]
    if not any(asks):
        doubts.append(Doubt("talare", "Inga frågor syns i filen.", "Gör frågorna feta och läs in den på nytt."))
    first = next((i for i, asked in enumerate(asks) if asked), 0)
    top = paragraphs[:first]
    facts = _facts([*(p.text for p in top if not p.table), *_table_lines(top)])
    spoken = []
    for paragraph, asked in zip(paragraphs[first:], asks[first:], strict=True):
        if asked:
            spoken.append(Utterance("", paragraph.text, "interviewer"))
        elif paragraph.heading or (paragraph.table and paragraph.row == 1 and paragraph.bold):
            spoken.append(Utterance("", paragraph.text, "note"))
        else:
            spoken.append(Utterance("", paragraph.text, "respondent"))
    return RawInterview(facts, _join(spoken), tuple(doubts))


def _asks(paragraph: Paragraph) -> bool:
    if paragraph.heading:
        return False
    if not (paragraph.bold or paragraph.cell == 1):
        return False
    long_enough = len(paragraph.text.split()) >= 3
    return paragraph.text.endswith("?") or (long_enough and paragraph.text.endswith((".", "…", ":")))


def _join(spoken: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """Join paragraphs that the same speaker says in a row; a note stays by itself."""
    joined: list[Utterance] = []
    for utterance in spoken:
        last = joined[-1] if joined else None
        if not utterance.text.strip():
            continue
        if last and last.role == utterance.role != "note" and last.label == utterance.label:
            joined[-1] = Utterance(last.label, f"{last.text}\n{utterance.text.strip()}", last.role, last.at)
        else:
            joined.append(Utterance(utterance.label, utterance.text.strip(), utterance.role, utterance.at))
    return tuple(joined)


# --- from VTT -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cue:
    voice: str
    text: str
    start: str


def _from_vtt(path: Path, text: str, doubts: list[Doubt]) -> RawInterview:
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    if not text.lstrip().startswith("WEBVTT"):
        raise FileError(
            f"{path.name} är ingen VTT-fil: den börjar inte med WEBVTT.",
            fix="Exportera undertexterna på nytt, eller döp om filen till .txt om det är vanlig text.",
        )
    try:
        captions = webvtt.from_string(text)
    except (MalformedFileError, MalformedCaptionError) as error:
        raise FileError(
            f"{path.name} går inte att läsa som VTT ({error}).", fix="Exportera undertexterna på nytt."
        ) from error
    notes = [
        line for block in re.findall(r"^NOTE\s+(.+?)(?:\n\n|\Z)", text, re.S | re.M) for line in block.split("\n")
    ]
    facts = _facts(notes)
    cues = [_Cue(caption.voice or "", squeeze(caption.text), caption.start) for caption in captions.captions]
    voices = Counter(cue.voice for cue in cues if cue.voice)
    if not voices:
        raise FileError(
            f"{path.name}: VTT-filen säger inte vem som talar.",
            fix="Exportera med talarnamn (<v Namn>), eller märk replikerna i en textfil med I: och R:.",
        )
    as_paragraphs = [Paragraph(f"{cue.voice}: {cue.text}") for cue in cues]
    roles = _roles(as_paragraphs, voices, facts, doubts)
    spoken: list[Utterance] = []
    for cue in cues:
        last = spoken[-1] if spoken else None
        if last and last.label == (cue.voice or last.label):
            spoken[-1] = Utterance(last.label, f"{last.text} {cue.text}", last.role, last.at)
        elif cue.voice:
            spoken.append(Utterance(cue.voice, cue.text, roles[cue.voice], cue.start[:8]))
    return RawInterview(facts, tuple(spoken), tuple(doubts))
