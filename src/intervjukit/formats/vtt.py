"""VTT files from Teams, Zoom and the like: cues to utterances with who said what."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from intervjukit.core.text import squeeze
from intervjukit.core.transcript import Doubt, RawInterview, Utterance
from intervjukit.errors import FileError
from intervjukit.formats.speakers import facts_in, mark_of, roles_of, speaker_labels

_VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?[a-z][^>]*>|<[\d:.]+>")
_NOTE = re.compile(r"^NOTE[ \t\n]+(.+?)(?:\n[ \t]*\n|\Z)", re.S | re.M)


@dataclass(frozen=True, slots=True)
class _Cue:
    voice: str
    text: str
    start: str


def read_vtt(path: Path, text: str, doubts: list[Doubt]) -> RawInterview:
    """Return the interview of a VTT file; facts may stand in NOTE blocks.

    Cues of one speaker in a row are joined. The speaker is told by voices (<v Anna>) or, without them, by
    labels in the text as Zoom writes them ("Anna: …"). Raises FileError.
    """
    cues = list(_cues(path, text))
    facts = facts_in(line for block in _NOTE.findall(text) for line in block.split("\n"))
    if not any(cue.voice for cue in cues):
        cues = _by_labels(cues, facts)
    voices = Counter(cue.voice for cue in cues if cue.voice)
    if not voices:
        raise FileError(
            f"{path.name}: VTT-filen säger inte vem som talar.",
            fix="Exportera med talarnamn (<v Namn>), eller märk replikerna i en textfil med I: och R:.",
        )
    if len(voices) == 1:
        raise FileError(
            f"{path.name}: bara en talare är märkt (”{next(iter(voices))}”).",
            fix="Exportera med båda talarnas namn, eller märk replikerna i en textfil med I: och R:.",
        )
    roles = roles_of(voices, [(cue.voice, cue.text) for cue in cues if cue.voice], facts, doubts)
    spoken: list[Utterance] = []
    for cue in cues:
        last = spoken[-1] if spoken else None
        if last and last.label == (cue.voice or last.label):
            spoken[-1] = Utterance(last.label, f"{last.text} {cue.text}", last.role, last.at)
        elif cue.voice:
            spoken.append(Utterance(cue.voice, cue.text, roles[cue.voice], cue.start))
        else:
            doubts.append(_nameless(cue))
            spoken.append(Utterance("", cue.text, "note", cue.start))
    return RawInterview(facts, tuple(spoken), tuple(doubts))


def _nameless(cue: _Cue) -> Doubt:
    return Doubt(
        "talare",
        f"Filen börjar utan talare; orden räknas som en anteckning: ”{cue.text[:60]}”",
        "Lägg till talarens namn i filen och läs in den på nytt.",
    )


def _cues(path: Path, text: str) -> Iterator[_Cue]:
    """Yield what each voice says in each cue, tags taken away; empty cues are left out."""
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    if not text.lstrip().startswith("WEBVTT"):
        raise FileError(
            f"{path.name} är ingen VTT-fil: den börjar inte med WEBVTT.",
            fix="Exportera undertexterna på nytt, eller döp om filen till .txt om det är vanlig text.",
        )
    try:
        captions = webvtt.from_string(text.lstrip()).captions
    except (MalformedFileError, MalformedCaptionError, ValueError, IndexError) as error:
        raise FileError(
            f"{path.name} går inte att läsa som VTT; en tid eller ett stycke är felskrivet.",
            fix="Exportera undertexterna på nytt.",
        ) from error
    for caption in captions:
        parts = _VOICE.split(caption.raw_text)
        for voice, said in zip(["", *parts[1::2]], parts[::2], strict=True):
            words = squeeze(html.unescape(_TAG.sub("", said)))
            if words:
                yield _Cue(squeeze(html.unescape(voice)), words, str(caption.start)[:8])


def _by_labels(cues: list[_Cue], facts: dict[str, str]) -> list[_Cue]:
    marks = [mark_of(cue.text) for cue in cues]
    labels = speaker_labels(marks, facts)
    return [
        _Cue(mark.label, mark.words, cue.start) if mark and mark.label in labels else cue
        for cue, mark in zip(cues, marks, strict=True)
    ]
