"""Subtitles (.vtt from Teams, Zoom and the like, .srt) as cues with who says what and when."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from intervjukit.core.text import squeeze
from intervjukit.core.transcript import Doubt, RawInterview
from intervjukit.errors import FileError
from intervjukit.formats.cues import Cue, interview_of_cues
from intervjukit.formats.speakers import facts_in, seconds
from intervjukit.formats.teaching import Teaching

if TYPE_CHECKING:
    from webvtt.models import Caption

_VOICE = re.compile(r"<v(?:\.[^ \t<>]{0,200})?[ \t]+([^<>]{1,200})>")
_TAG = re.compile(r"</?[a-z][^<>]{0,200}>|<[\d:.]{1,20}>|\{\\an?\d+\}")
_NOTE = re.compile(r"^NOTE[ \t\n]+(.+?)(?:\n[ \t]*\n|\Z)", re.S | re.M)


def read_subtitles(name: str, text: str, kind: str, doubts: list[Doubt], teaching: Teaching) -> RawInterview:
    """Return the interview of a VTT or SRT file (``kind`` "vtt" or "srt"); facts may stand in VTT's NOTE blocks.

    Raises FileError.
    """
    facts = facts_in(line for block in _NOTE.findall(text) for line in block.split("\n")) if kind == "vtt" else {}
    captions = _captions(name, text, kind)
    if lost := text.count("-->") - len(captions):
        doubts = [*doubts, _lost(lost, text.count("-->"))]
    return interview_of_cues(name, [cue for caption in captions for cue in _cues(caption)], facts, doubts, teaching)


def _captions(name: str, text: str, kind: str) -> list[Caption]:
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    try:
        return list(webvtt.from_buffer(io.StringIO(text.lstrip()), format=kind).captions)
    except (MalformedFileError, MalformedCaptionError, ValueError, IndexError) as error:
        raise FileError(
            f"{name} går inte att läsa som {kind.upper()}; en tid eller ett stycke är felskrivet.",
            fix="Exportera undertexterna på nytt.",
        ) from error


def _cues(caption: Caption) -> Iterator[Cue]:
    """Yield what each voice says in a caption, tags taken away; empty cues are left out."""
    begins, ends = seconds(str(caption.start)) or 0.0, seconds(str(caption.end)) or 0.0
    parts = _VOICE.split(caption.raw_text)
    for voice, said in zip(["", *parts[1::2]], parts[::2], strict=True):
        words = squeeze(html.unescape(_TAG.sub("", said)))
        if words:
            yield Cue(squeeze(html.unescape(voice)), words, begins, max(begins, ends))


def _lost(lost: int, number: int) -> Doubt:
    return Doubt(
        "textning",
        f"{lost} av {number} tidsatta stycken är tomma eller felskrivna och lästes inte in.",
        "Jämför med filen; saknas något rättar du tiden där och läser in filen på nytt.",
    )
