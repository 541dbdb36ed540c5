"""Times the suggestions: CPU seconds and peak memory, each step in a process of its own.

Run: python bench/suggest.py [step …]
The words are the example interviews repeated, with every sixtieth word made a new compound of two of theirs, so that
the vocabulary grows as it does in real talk (Heaps' law). "after start" leaves out imports and the first text.
Memory beside the interviews and the suggestions is what the suggester takes: it is to be the same for 200k and 2M.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
NEW = 60
WORKERS = 2
TURNS = 40
CPU = time.process_time
FIRST = "Det blev mars innan nån hörde av sig."


@cache
def example() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return (group, respondent, turns as (asked, answered)) of each example interview."""
    from intervjukit.formats.library import protocol_files
    from intervjukit.formats.protocols import read_protocol
    from intervjukit.formats.transcripts import read_interview

    groups = {guide.letter: guide.group for guide in map(read_protocol, protocol_files("halsoflodet"))}
    interviews = []
    for path in sorted((ROOT / "examples" / "halsoflodet" / "intervjuer").iterdir()):
        raw, asked, turns = read_interview(path), "", []
        for said in raw.utterances:
            if said.role == "interviewer":
                asked = said.text
            elif said.role == "respondent":
                turns.append((asked, said.text))
        interviews.append((groups[raw.facts["kod"][0]], raw.facts["kod"], turns))
    return interviews


def talk(words: int, seed: int = 1) -> Iterator[tuple[str, str, str]]:
    """Yield (group, asked, answer) until so many words have been answered."""
    rng = random.Random(seed)
    every = [(group, asked, said) for group, _, turns in example() for asked, said in turns]
    parts = sorted({w for _, _, said in every for w in said.lower().split() if w.isalpha() and 4 <= len(w) <= 8})
    while words > 0:
        group, asked, said = rng.choice(every)
        written = said.split()
        for place in range(len(written)):
            if rng.random() * NEW < 1:
                first, last = (parts[int(len(parts) * rng.random() ** 2)] for _ in range(2))
                written[place] = first + last
        words -= len(written)
        yield group, asked, " ".join(written)


def interviews(words: int) -> Iterator[Any]:
    """Yield transcripts of forty turns each with so many words answered."""
    from intervjukit.core.transcript import SEPARATOR, Transcript, Turn

    said: list[tuple[str, str, str]] = []
    number = 0
    for turn in (*talk(words), None):
        if turn is not None:
            said.append(turn)
        if said and (turn is None or len(said) == TURNS):
            turns, text = [], ""
            for _, asked, answer in said:
                for role, words_said in (("interviewer", asked), ("respondent", answer)):
                    turns.append(Turn(len(turns) + 1, role, role[0], len(text), len(text) + len(words_said)))  # type: ignore[arg-type]
                    text += words_said + SEPARATOR
            number += 1
            yield Transcript(f"S{number:02}", said[0][0], text, tuple(turns), id=number)
            said = []


def suggester(*, closely: bool = False) -> Any:
    """Return the suggester of the code book that comes with the kit, with a sentence put through it."""
    from intervjukit import bulk
    from intervjukit.core.transcript import Transcript, Turn
    from intervjukit.nlp.reader import Read, shipped
    from intervjukit.nlp.suggester import Suggester

    made = bulk._suggester(bulk.read_task("halsoflodet", "halsoflodet"))
    if closely:
        made = Suggester(made.codebook, made.segmenter, made.model, Read(shipped()))
    made.suggest([Transcript("S01", "sjukskrivna", FIRST, (Turn(1, "respondent", "R", 0, len(FIRST)),), id=1)])
    return made


def start() -> str:
    """Open a study and make one suggestion: all that stands before the first words."""
    from intervjukit import Study

    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "s"
        before = CPU()
        with Study.create(folder, protocols="halsoflodet", codebook="halsoflodet") as study:
            study.add_transcripts(ROOT / "examples" / "halsoflodet" / "intervjuer" / "S09.txt")
        making = CPU() - before
        with Study.open(folder) as study:
            number = study.suggest()
    return f"{CPU() - making:.2f} CPU s from nothing to {number} suggestions, making the study ({making:.2f}) left out"


def pipeline() -> str:
    """Load all that suggests, and put one sentence through it."""
    suggester()
    return f"{CPU():.2f} CPU s"


def fit() -> str:
    """Fit the model of the bank."""
    from intervjukit import bulk
    from intervjukit.nlp.learning import examples
    from intervjukit.nlp.model import CodingModel

    made = suggester()
    task = bulk.read_task("halsoflodet", "halsoflodet")
    answers = bulk.parsed_bank(dict(task.bank), made.codebook)
    before = CPU()
    given = examples(made.codebook, made.segmenter, answers)
    read = CPU() - before
    CodingModel.fit(given)
    return f"{read:.1f} CPU s to read {len(given)} sentences, {CPU() - before - read:.1f} to fit"


def words(number: int, *, closely: bool = False) -> Callable[[], str]:
    """Return a step that makes suggestions on so many words of interviews, read closely or by their words alone."""

    def step() -> str:
        made, said = suggester(closely=closely), list(interviews(number))
        types = len({word for one in said for word in one.text.lower().split()})
        loaded, times = peak(), [CPU()]
        found = made.suggest(said, progress=lambda done, of: times.append(CPU()) if 2 * done in (of, of + 1) else None)
        times.append(CPU())
        first, last = (later - earlier for earlier, later in pairwise(times))
        most, read, result = peak(), size(said) / 1e6, size(found) / 1e6
        return (
            f"{first + last:.1f} CPU s after start (halves {first:.1f} and {last:.1f}), "
            f"{number / (first + last):,.0f} words/s, {types} word forms; peak {most:.0f} MB "
            f"({loaded:.0f} before), of it {read:.0f} interviews and {result:.0f} their {len(found)} suggestions: "
            f"{most - read - result:.0f} beside them"
        )

    return step


def one_turn() -> str:
    """Make suggestions on one turn of 200,000 words."""
    from intervjukit.core.transcript import Transcript, Turn

    made = suggester()
    text = " ".join(said for _, _, said in talk(200_000))
    turn = Transcript("S01", "sjukskrivna", text, (Turn(1, "respondent", "R", 0, len(text)),), id=1)
    before = CPU()
    found = made.suggest([turn])
    return f"{CPU() - before:.1f} CPU s after start, {len(found)} suggestions; peak {peak():.0f} MB"


def refit() -> str:
    """Learn 500 decisions and score 5,000 sentences anew."""
    from intervjukit.nlp.linear import Decided
    from intervjukit.nlp.model import CODABLE, Reading

    made = suggester()
    places = made.places(list(interviews(75_000)))[:5_000]
    reading = Reading([place.found.segment for place in places], made.model)
    codes = [target for target in reading.content.targets if target.startswith("code:")]
    rng = random.Random(3)
    decided = {}
    for place in rng.sample(range(len(places)), 500):
        code = rng.choice(codes)
        decided[place] = Decided(frozenset({CODABLE, code}), frozenset(set(codes) - {code}))
    before = CPU()
    reading.learn(decided)
    return f"{CPU() - before:.2f} CPU s for {len(places)} sentences x {len(codes)} codes"


def table() -> str:
    """Make suggestions on 3,000,000 words of answers in a CSV file with two workers."""
    import csv

    from intervjukit import bulk

    suggester()  # so that the model has been made
    number = 3_000_000
    with tempfile.TemporaryDirectory() as work:
        file = Path(work) / "svar.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("group", "asked", "text"))
            writer.writerows(talk(number))
        before, clock = CPU(), time.monotonic()
        found = sum(map(len, bulk.suggest_stream(file, workers=WORKERS)))
        wall, own = time.monotonic() - clock, CPU() - before
    assert not multiprocessing.active_children()
    of_workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = of_workers.ru_utime + of_workers.ru_stime
    return (
        f"{took:.0f} CPU s in {WORKERS} workers and {own:.0f} here, {number / (took + own):,.0f} words per CPU s, "
        f"{number / wall:,.0f} words/s; {found} suggestions; peak {of_workers.ru_maxrss / 1024:.0f} MB in a worker, "
        f"{peak():.0f} MB here"
    )


def size(thing: Any, counted: set[int] | None = None) -> int:
    """Return the bytes a thing takes with all it holds, what is held twice counted once."""
    counted = set() if counted is None else counted
    if id(thing) in counted:
        return 0
    counted.add(id(thing))
    held: list[Any] = []
    if is_dataclass(thing):
        held = [getattr(thing, its.name) for its in fields(thing)]
    elif isinstance(thing, Mapping):
        held = [*thing.keys(), *thing.values()]
    elif isinstance(thing, list | tuple):
        held = list(thing)
    return sys.getsizeof(thing) + sum(size(each, counted) for each in held)


def peak() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


STEPS: dict[str, Callable[[], str]] = {
    "start": start,
    "pipeline": pipeline,
    "refit": refit,
    "closely": words(45_000, closely=True),
    "200k": words(200_000),
    "1M": words(1_000_000),
    "2M": words(2_000_000),
    "turn": one_turn,
    "fit": fit,
    "table": table,
}


def main() -> None:
    """Run the steps that are named, or all, each in a process of its own."""
    if sys.argv[1:2] == ["--step"]:
        print(json.dumps(STEPS[sys.argv[2]]()))
        return
    for name in sys.argv[1:] or ["pipeline", *STEPS]:  # the first time may make the model
        done = subprocess.run([sys.executable, __file__, "--step", name], check=True, stdout=subprocess.PIPE, text=True)
        print(f"{name:<10}{json.loads(done.stdout.splitlines()[-1])}", flush=True)


if __name__ == "__main__":
    main()
