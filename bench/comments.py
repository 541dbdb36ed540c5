"""How long it takes to code by comments: 300 turns with 1,000 comments out, back, and taken into a study.

Run: python bench/comments.py
The words are made up at random. CPU seconds of this process and its peak memory; wanted is less than 3 CPU seconds
each for writing and reading.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intervjukit import Study

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
TURNS, COMMENTS, WORDS = 300, 1_000, 60
VOCABULARY = [f"{a}{b}{c}" for a in ("vän", "rehab", "sam", "läk", "be") for b in "aeioå" for c in ("tan", "ling", "r")]


def interview(rng: random.Random) -> str:
    """Return a transcript of 300 turns, every second one the respondent's."""
    lines = ["Intervju: S01", "Grupp: Sjukskrivna", "Datum: 2026-03-05", ""]
    for number in range(TURNS // 2):
        lines.append(f"I: Berätta mer om {number}?")
        lines.append(f"R: Svar {number} {' '.join(rng.choice(VOCABULARY) for _ in range(WORDS))}.")
    return "\n".join(lines)


def code(study: Study, rng: random.Random) -> None:
    """Code a thousand places by hand, as one decision."""
    transcript = study.transcript("S01")
    answers = list(transcript.answers())
    codes = [each.id for each in study.codebook]
    with study.history.alone():
        made = 0
        while made < COMMENTS:
            turn = rng.choice(answers)
            start = rng.randrange(turn.start, turn.end - 40)
            span = (start, start + rng.randrange(5, 40))
            words = transcript.text[slice(*span)]
            study.code("S01", words, codes[made % len(codes)], span=span, valence="flaskhals", party="vard")
            made += 1


def timed(what: str, work: Callable[[], object]) -> None:
    """Do the work and print what it cost."""
    before = time.process_time()
    work()
    print(f"{what:<58}{time.process_time() - before:>7.2f} CPU s")


def main() -> None:
    """Write, read and take in; then align a long text with a corrected one."""
    from intervjukit import Study
    from intervjukit.core.realignment import Realignment
    from intervjukit.core.text import Span

    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as place:
        folder, file = Path(place) / "studie", Path(place) / "S01.docx"
        text = Path(place) / "S01.txt"
        text.write_text(interview(rng), encoding="utf-8")
        for name in ("studie", "annan"):
            with Study.create(Path(place) / name, protocols="halsoflodet", codebook="halsoflodet", coder="MK") as study:
                added = study.add_transcripts(text)
                assert not added.refused, added.refused
        with Study.open(folder, coder="MK") as study:
            code(study, rng)
            timed(f"write {TURNS} turns, {COMMENTS} comments", lambda: study.comments.write(file))
            timed("read it, nothing new", lambda: study.comments.read(file))
        with Study.open(Path(place) / "annan", coder="MK") as study:
            timed(f"read {COMMENTS} comments and save the codings", lambda: study.comments.read(file).apply())
            assert len(study.codings()) > 0.9 * COMMENTS
            text.write_text(text.read_text("utf-8").replace("vänatan", "vänatar"), encoding="utf-8")
            timed(f"replace the text under {COMMENTS} codings", lambda: study.add_transcripts(text, replace=True))
            timed("undo that", study.history.undo)
    old = " ".join(rng.choice(VOCABULARY) for _ in range(20_000))
    words = old.split(" ")
    for _ in range(400):
        at = rng.randrange(len(words))
        words[at : at + rng.choice([0, 1, 2])] = [rng.choice(VOCABULARY)] * rng.choice([0, 1])
    spans = [Span(at, at + 60) for at in (rng.randrange(len(old) - 60) for _ in range(1_000))]
    realigned = Realignment(old, " ".join(words))
    timed("align 20,000 words with 400 edits, 1,000 places", lambda: [realigned.place(span) for span in spans])
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
