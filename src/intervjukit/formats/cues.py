"""Timed pieces of speech, as subtitles and speech recognisers give them, to utterances with who said what and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from intervjukit.core.transcript import Doubt, RawInterview, Utterance
from intervjukit.errors import FileError
from intervjukit.formats.speakers import mark_of, roles_of, speaker_labels
from intervjukit.formats.teaching import Teaching


@dataclass(frozen=True, slots=True)
class Cue:
    """What ``voice`` ("" when the file does not say) says between two seconds of the recording."""

    voice: str
    text: str
    begins: float
    ends: float


def interview_of_cues(
    name: str, cues: Sequence[Cue], facts: Mapping[str, str], doubts: Sequence[Doubt], teaching: Teaching
) -> RawInterview:
    """Return the interview that cues make up; those of one speaker in a row are joined, though cut in mid-sentence.

    The speaker is told by voices or, without them, by labels in the text as Zoom writes them ("Anna: …"). A cue
    without any goes on with the speaker before. Raises FileError when fewer than two speak.
    """
    doubts = list(doubts)
    if not any(cue.voice for cue in cues):
        cues = _by_labels(cues, facts, teaching)
    voices = Counter(cue.voice for cue in cues if cue.voice)
    if not voices:
        raise FileError(
            f"{name}: filen säger inte vem som talar.",
            fix="Exportera med talarnamn, eller märk replikerna i en textfil med I: och R:.",
        )
    if len(voices) == 1:
        raise FileError(
            f"{name}: bara en talare är märkt (”{next(iter(voices))}”).",
            fix="Exportera med båda talarnas namn, eller märk replikerna i en textfil med I: och R:.",
        )
    roles = roles_of(voices, [(cue.voice, cue.text) for cue in cues if cue.voice], facts, teaching, doubts)
    spoken = []
    for cue in _joined(cues):
        if not cue.voice:
            doubts.append(_nameless(cue))
        role = roles[cue.voice] if cue.voice else "note"
        spoken.append(Utterance(cue.voice, cue.text, role, cue.begins, cue.ends))
    return RawInterview(dict(facts), tuple(spoken), tuple(doubts))


def _joined(cues: Sequence[Cue]) -> list[Cue]:
    joined: list[Cue] = []
    texts: list[list[str]] = []
    for cue in cues:
        if joined and joined[-1].voice == (cue.voice or joined[-1].voice):
            joined[-1] = replace(joined[-1], ends=max(joined[-1].ends, cue.ends))
            texts[-1].append(cue.text)
        else:
            joined.append(cue)
            texts.append([cue.text])
    return [replace(cue, text=" ".join(said)) for cue, said in zip(joined, texts, strict=True)]


def _nameless(cue: Cue) -> Doubt:
    return Doubt(
        "talare",
        f"Filen börjar utan talare; orden räknas som en anteckning: ”{cue.text[:60]}”",
        "Lägg till talarens namn i filen och läs in den på nytt.",
    )


def _by_labels(cues: Sequence[Cue], facts: Mapping[str, str], teaching: Teaching) -> list[Cue]:
    marks = [mark_of(cue.text) for cue in cues]
    labels = speaker_labels(marks, facts, teaching)
    return [
        replace(cue, voice=mark.label, text=mark.words) if mark and mark.label in labels and mark.words else cue
        for cue, mark in zip(cues, marks, strict=True)
    ]
