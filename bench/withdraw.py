"""Times a respondent's withdrawal from a large study: CPU seconds and peak memory, start-up included.

Run: python bench/withdraw.py [folder]
A hundred interviews of 6,000 words, 15,000 codings in ten decisions, and the suggestions for them all. The study is
made in the folder if it is not there, which takes some minutes; the withdrawal is made in a copy, in its own process.
"""

from __future__ import annotations

import csv
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intervjukit import Study

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
INTERVIEWS, WORDS, CODINGS, DECISIONS = 100, 6_000, 15_000, 10
LENGTH = 20


def write_interviews(target: Path) -> None:
    """Write the interviews, each of answers from one group."""
    from suggest import talk

    from intervjukit.formats.library import protocol_files
    from intervjukit.formats.protocols import read_protocol

    letters = {guide.group: guide.letter for guide in map(read_protocol, protocol_files("halsoflodet"))}
    kept: dict[str, list[str]] = {group: [] for group in letters}
    lengths, written = dict.fromkeys(letters, 0), dict.fromkeys(letters, 0)
    target.mkdir(parents=True)
    for group, asked, answer in talk(2 * INTERVIEWS * WORDS):
        kept[group] += [f"I: {asked}", f"R: {answer}"]
        lengths[group] += len(answer.split())
        if lengths[group] >= WORDS:
            written[group] += 1
            code = f"{letters[group]}{written[group]:02}"
            head = [f"Intervju: {code}", f"Grupp: {group}", "Datum: 2026-03-02", ""]
            (target / f"{code}.txt").write_text("\n".join([*head, *kept[group]]), encoding="utf-8")
            kept[group], lengths[group] = [], 0
        if sum(written.values()) == INTERVIEWS:
            return


def make(folder: Path) -> None:
    """Make the study: read the interviews, suggest, and code at random."""
    from intervjukit import Study

    write_interviews(folder / "intervjuer")
    with Study.create(folder / "studie", protocols="halsoflodet", codebook="halsoflodet", coder="bench") as study:
        added = study.add_transcripts(folder / "intervjuer")
        assert not added.refused, added.refused
        study.suggest()
        rows = list(codings(study))
        for part in range(DECISIONS):
            file = folder / f"kodningar{part}.csv"
            with file.open("w", encoding="utf-8", newline="") as out:
                writer = csv.writer(out)
                writer.writerow(("respondent", "quote", "code", "valence", "party"))
                writer.writerows(rows[part::DECISIONS])
            study.add_codings(file)


def codings(study: Study) -> Iterator[tuple[str, ...]]:
    """Yield as many codings from each interview, of twenty words in a row that stand there once."""
    rng = random.Random(1)
    codes = [code.id for code in study.codebook]
    values = [[value.id for value in study.codebook.facet(facet).values] for facet in ("valence", "party")]
    for respondent in study.transcripts()["respondent"]:
        said = study.transcript(respondent)
        turns = [words for turn in said.answers() if len(words := said.turn_text(turn).split(" ")) > LENGTH]
        quotes: set[str] = set()
        while len(quotes) < CODINGS // INTERVIEWS:
            words = rng.choice(turns)
            start = rng.randrange(len(words) - LENGTH)
            quote = " ".join(words[start : start + LENGTH])
            if quote not in quotes and said.text.count(quote) == 1:
                quotes.add(quote)
                yield respondent, quote, rng.choice(codes), *map(rng.choice, values)


def withdraw(folder: Path) -> None:
    """Let one respondent withdraw, and print what it took."""
    from intervjukit import Study

    with Study.open(folder, coder="bench") as study:
        gone = study.privacy.withdraw(str(study.transcripts()["respondent"].iloc[0]))
    used, size = resource.getrusage(resource.RUSAGE_SELF), (folder / "study.db").stat().st_size >> 20
    print(
        f"{used.ru_utime + used.ru_stime:.1f} CPU s, peak {used.ru_maxrss / 1024:.0f} MB; "
        f"{gone.interviews} interview and {gone.codings} codings gone, {size} MB left in the file"
    )


def main() -> None:
    """Make the study if need be, and measure in a copy of it."""
    if sys.argv[1:2] == ["--withdraw"]:
        withdraw(Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(place) / "large"
        if not (folder / "studie").exists():
            make(folder)
        copy = Path(place) / "copy"
        shutil.copytree(folder / "studie", copy)
        subprocess.run([sys.executable, __file__, "--withdraw", str(copy)], check=True)


if __name__ == "__main__":
    main()
