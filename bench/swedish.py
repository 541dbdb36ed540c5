"""Measures the Swedish language work on its hand-written tables, and its speed on the example's interviews.

Run: python bench/swedish.py
"dev" tables were there while the rules were written, "held-out" ones were written after the rules were frozen; the
first measurement of a held-out part is in its test module. CPU seconds, one process.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
TABLES = ROOT / "tests" / "nlp"
PARTS = ("dev", "held-out")
WORDS = 200_000


def rows(name: str, part: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one part of a table."""
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        yield from (row for row in reader if row["part"] == part)


def f1(pairs: Iterable[tuple[Collection[object], Collection[object]]]) -> str:
    """Return precision, recall and F1 of (wanted, got) pairs, counted together."""
    right = wrong = missed = 0
    for wanted, got in ((set(wanted), set(got)) for wanted, got in pairs):
        right, wrong, missed = right + len(wanted & got), wrong + len(got - wanted), missed + len(wanted - got)
    precision, recall = right / (right + wrong), right / (right + missed)
    return f"P {precision:.3f}  R {recall:.3f}  F1 {2 * precision * recall / (precision + recall):.3f}"


def compounds(part: str) -> None:
    """Print how compounds are split and simple words are left whole."""
    from intervjukit.nlp.compounds import split

    made = [(split(row["word"]), row) for row in rows("compounds.tsv", part)]
    exact = [(c is not None and "|".join(c.parts) == row["parts"]) for c, row in made if row["parts"]]
    heads = [(c is not None and c.head == row["head"]) for c, row in made if row["parts"]]
    over = [c is not None for c, row in made if not row["parts"]]
    print(
        f"compounds {part}: exact {sum(exact) / len(exact):.3f}, head {sum(heads) / len(heads):.3f} of {len(exact)}; "
        f"over-splits {sum(over)} of {len(over)}"
    )


def boundaries(part: str) -> None:
    """Print the F1 of sentence and clause boundaries."""
    from intervjukit.core.text import Span
    from intervjukit.nlp.sentences import clauses, sentences

    for kind in ("sentence", "clause", "speech"):
        pairs = []
        for row in rows("boundaries.tsv", part):
            if row["kind"] == kind:
                wanted = [piece.strip() for piece in row["text"].split("|")]
                text = " ".join(wanted)
                spans = clauses(text, Span(0, len(text))) if kind == "clause" else sentences(text)
                ends = {sum(map(len, wanted[: n + 1])) + n for n in range(len(wanted) - 1)}
                pairs.append((ends, {span.end for span in spans} - {len(text)}))
        if pairs:
            print(f"{kind} boundaries {part}: {f1(pairs)}")


def signs_found(part: str) -> None:
    """Print the F1 of the negations that govern a word, and of the kinds of sign in a sentence."""
    from intervjukit.nlp.signs import negation_of, signs

    pairs: list[tuple[set[int], set[int]]] = []
    for row in rows("negations.tsv", part):
        start = row["text"].lower().index(row["target"])
        found = negation_of(row["text"], start, start + len(row["target"]))
        pairs.append(({1} if row["negated"] == "1" else set(), {1} if found else set()))
    print(f"negation {part}: {f1(pairs)}")
    given = [(row, {sign.kind for sign in signs(row["text"])}) for row in rows("signs.tsv", part)]
    print(f"signs {part}: {f1((set(filter(None, row['kinds'].split(','))), set(kinds)) for row, kinds in given)}")


def timed(name: str, work: Callable[[], object], words: int) -> None:
    """Print the CPU seconds a piece of work takes and words a second."""
    start = time.process_time()
    work()
    taken = time.process_time() - start
    print(f"{name}: {taken:.2f} CPU s, {words / max(taken, 1e-9):,.0f} words/s")


def speed() -> None:
    """Print what 200,000 words cost, from the first word on."""
    from intervjukit.core.text import Span
    from intervjukit.formats.transcripts import read_interview

    start = time.process_time()
    from intervjukit.nlp.sentences import clauses, sentences
    from intervjukit.nlp.signs import signs
    from intervjukit.nlp.swedish import keys

    keys("vårdköerna")
    print(f"start (imports, dictionary, compound table): {time.process_time() - start:.2f} CPU s")
    files = sorted((ROOT / "examples" / "halsoflodet" / "intervjuer").iterdir())
    said = [utterance.text for path in files for utterance in read_interview(path).utterances]
    turns = said * (1 + WORDS // sum(len(turn.split()) for turn in said))
    print(f"{sum(len(turn.split()) for turn in turns):,} words")
    words = [word.strip('.,!?;:”"()–-…').lower() for turn in turns for word in turn.split()][:WORDS]
    types = sorted(Counter(words))
    timed(f"keys of {len(types)} word types, first time", lambda: [keys(word) for word in types], len(types))
    timed("keys of running words, known types", lambda: [keys(word) for word in words], len(words))
    cut: list[tuple[str, Span]] = []
    timed("sentences", lambda: cut.extend((turn, span) for turn in turns for span in sentences(turn)), len(words))
    timed("clauses", lambda: [list(clauses(turn, span)) for turn, span in cut], len(words))
    timed("signs", lambda: [signs(turn, span) for turn, span in cut], len(words))


def main() -> None:
    """Print everything."""
    speed()
    for part in PARTS:
        compounds(part)
        boundaries(part)
        signs_found(part)


if __name__ == "__main__":
    main()
