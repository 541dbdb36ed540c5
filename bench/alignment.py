"""Measures question alignment: which guide question an interviewer's words ask.

Run: python bench/alignment.py [example] [held-back]
"example" is the example study's own key, used to tune; "held-back" is bench/heldback/fragor, never tuned on.
"without bank" knows only the guide's own wordings, as for a guide that nobody has used before.
"""

from __future__ import annotations

import csv
import re
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
EXAMPLE = ROOT / "examples" / "halsoflodet"
HELD_BACK = ROOT / "bench" / "heldback" / "fragor"
_LINE = re.compile(r"(I|R)(?: \[(.+?)\])?: (.+)")


class Asked(NamedTuple):
    """What an interviewer said, the answer to it, and the ids of the questions it asks (none: a follow-up)."""

    said: str
    answer: str
    questions: frozenset[str]


Case = tuple[str, list[Asked]]
"""A group and one interview with it."""


def example() -> Iterator[Case]:
    """Yield the example study's interviews with their key."""
    from intervjukit.formats.library import protocol_files
    from intervjukit.formats.protocols import read_protocol
    from intervjukit.formats.transcripts import read_interview

    groups = {guide.letter: guide.group for guide in map(read_protocol, protocol_files("halsoflodet"))}
    key: dict[str, dict[str, str]] = defaultdict(dict)
    with (EXAMPLE / "fragor.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key[row["file"]][row["text"]] = row["question"]
    for name, wanted in key.items():
        raw = read_interview(EXAMPLE / "intervjuer" / name)
        said = [(u.role == "interviewer", u.text) for u in raw.utterances if u.role != "note"]
        yield groups[raw.facts["kod"][0]], _asked(said, [wanted[text] for asks, text in said if asks])


def held_back() -> Iterator[Case]:
    """Yield the interviews that nothing was tuned on."""
    for file in sorted(HELD_BACK.glob("*.txt")):
        for interview in file.read_text("utf-8").split("# ")[1:]:
            lines = [found.groups() for found in map(_LINE.fullmatch, interview.splitlines()) if found]
            said = [(who == "I", words) for who, _, words in lines]
            yield file.stem, _asked(said, [key or "" for who, key, _ in lines if who == "I"])


def _asked(said: list[tuple[bool, str]], keys: list[str]) -> list[Asked]:
    places = [place for place, (asks, _) in enumerate(said) if asks]
    ends = [*places[1:], len(said)]
    return [
        Asked(said[place][1], " ".join(text for _, text in said[place + 1 : end]), frozenset(key.split("+")) - {""})
        for place, end, key in zip(places, ends, keys, strict=True)
    ]


SETS = {"example": example, "held-back": held_back}


class Figures(NamedTuple):
    """Shares of the ties: right of those made, found of those there are; the same of the second question in a turn."""

    precision: float
    recall: float
    clear: int
    clear_right: float
    merged_precision: float
    merged_recall: float


def measured(cases: list[Case], *, bank: bool) -> Figures:
    """Return how well the questions of these interviews are found, with the bank's wordings or only the guide's."""
    from intervjukit.core.alignment import Aligner
    from intervjukit.formats.banks import heard_in
    from intervjukit.formats.intake import shipped_bank
    from intervjukit.formats.library import protocol_files
    from intervjukit.formats.protocols import read_protocol
    from intervjukit.nlp.wordings import LearnedWordings

    guides = {guide.group: guide for guide in map(read_protocol, protocol_files("halsoflodet"))}
    wordings = LearnedWordings(list(guides.values()), heard_in(shipped_bank()[1].values()) if bank else ())
    aligners = {group: Aligner(guide, wordings) for group, guide in guides.items()}
    ties = right = asked = clear = clear_right = seconds = seconds_right = merged = 0
    for group, turns in cases:
        matches = aligners[group].align([turn.said for turn in turns], [turn.answer for turn in turns])
        left = set(aligners[group].questions) - {match.question for match in matches if match}
        for turn, match in zip(turns, matches, strict=True):
            asked += bool(turn.questions)
            merged += len(turn.questions) > 1
            if match is None:
                continue
            hit = match.question in turn.questions
            ties, right = ties + 1, right + hit
            clear, clear_right = clear + match.clear, clear_right + (hit and match.clear)
            also = aligners[group].asked_too(turn.said, match.question, left)
            seconds += bool(also)
            seconds_right += {match.question, also} == turn.questions
    return Figures(
        right / ties, right / asked, clear, clear_right / clear, seconds_right / max(1, seconds), seconds_right / merged
    )


def main() -> None:
    """Print the figures of both sets, with and without the bank, and what it costs."""
    sets = {name: list(SETS[name]()) for name in sys.argv[1:] or SETS}
    print(f"{'':36}{'precision':>10}{'recall':>8}{'clear':>7}{'right':>7}{'merged P':>10}{'R':>7}")
    for name, cases in sets.items():
        for bank in (True, False):
            found = measured(cases, bank=bank)
            what = f"{name}, {sum(len(turns) for _, turns in cases)} turns, {'with' if bank else 'without'} bank"
            print(
                f"{what:36}{found.precision:>10.3f}{found.recall:>8.3f}{found.clear:>7}{found.clear_right:>7.3f}"
                f"{found.merged_precision:>10.3f}{found.merged_recall:>7.3f}"
            )
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{used.ru_utime + used.ru_stime:.1f} CPU s in all, {used.ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
