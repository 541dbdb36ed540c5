"""Who says what in another program's text, found without changing a character of it: its places must stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from intervjukit.core.transcript import Doubt, Turn
from intervjukit.formats.guard import MOST_TURNS
from intervjukit.formats.speakers import Mark, mark_of, roles_of, speaker_labels
from intervjukit.formats.teaching import Teaching


class _Line(NamedTuple):
    start: int
    end: int
    mark: Mark | None


def turns_in(text: str) -> tuple[tuple[Turn, ...], tuple[Doubt, ...]]:
    """Return the turns of a text and what is doubtful about them; the speakers' labels stay in the text, outside them.

    A text without labels is a turn per paragraph, all of them answers. What stands before the first label is a note.
    """
    lines = list(_lines(text))
    labels = speaker_labels([line.mark for line in lines], {}, Teaching())
    doubts: list[Doubt] = []
    if not labels:
        whole = lines if len(lines) <= MOST_TURNS else [_Line(lines[0].start, lines[-1].end, None)]
        return tuple(Turn(seq, "respondent", "", line.start, line.end) for seq, line in enumerate(whole, 1)), ()
    said = [(line.mark.label, line.mark.words) for line in lines if line.mark and line.mark.label in labels]
    roles = roles_of(dict.fromkeys(label for label, _ in said), said, {}, Teaching(), doubts)
    stretches: list[tuple[str, int, int]] = []
    for line in lines:
        if line.mark and line.mark.label in labels:
            stretches.append((line.mark.label, line.end - len(line.mark.words), line.end))
        elif stretches:
            stretches[-1] = (*stretches[-1][:2], line.end)
        else:
            stretches.append(("", line.start, line.end))
    spoken = [(label, start, end) for label, start, end in stretches if text[start:end].strip()]
    turns = (
        Turn(seq, roles[label] if label else "note", label, start, end)
        for seq, (label, start, end) in enumerate(spoken, 1)
    )
    return tuple(turns), tuple(doubts)


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines that hold something, without the blanks around."""
    place = 0
    for line in text.split("\n"):
        if words := line.strip():
            start = place + line.index(words)
            yield _Line(start, start + len(words), mark_of(words))
        place += len(line) + 1
