"""Measures question alignment and suggestions on the example study's own key and its coder's decisions.

Run: python bench/quality.py
Neither the aligner nor the suggester was tuned on these interviews. The second reading of the decisions used
the code book's examples as evidence, so they are not wholly independent of its indicators.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
EXAMPLE = ROOT / "examples" / "halsoflodet"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the example's tables."""
    with (EXAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def alignment() -> None:
    """Print how often the guide's question behind an interviewer's words is found."""
    from intervjukit.core.alignment import Aligner
    from intervjukit.formats.library import protocol_files
    from intervjukit.formats.protocols import read_protocol
    from intervjukit.formats.transcripts import read_interview

    letters = {protocol.letter: protocol for protocol in map(read_protocol, protocol_files("halsoflodet"))}
    key: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows("fragor.csv"):
        key[row["file"]].append(row)
    right = wrong = missed = clear = clear_right = 0
    for file, asked in key.items():
        code = read_interview(EXAMPLE / "intervjuer" / file).facts["kod"]
        matches = Aligner(letters[code[0]]).align([row["text"] for row in asked])
        for row, match in zip(asked, matches, strict=True):
            wanted = set(row["question"].split("+")) - {""}
            hit = match is not None and match.question in wanted
            right += hit
            wrong += match is not None and not hit
            missed += bool(wanted) and not hit
            if match is not None and match.clear:
                clear += 1
                clear_right += hit
    print(f"questions: precision {right / (right + wrong):.3f}, recall {right / (right + missed):.3f}")
    print(f"questions called beyond doubt: {clear}, of them right {clear_right / clear:.3f}")


def suggestions() -> None:
    """Print how suggestions agree with the coder's decisions where they overlap."""
    from intervjukit import Study

    with (
        tempfile.TemporaryDirectory() as work,
        Study.create(Path(work) / "s", protocols="halsoflodet", codebook="halsoflodet", coder="bench") as study,
    ):
        study.add_transcripts(EXAMPLE / "intervjuer")
        study.add_codings(EXAMPLE / "kodningar.csv")
        study.suggest()
        gold: dict[str, list[Any]] = defaultdict(list)
        for coding in study.codings().itertuples():
            gold[coding.respondent].append(coding)
        proposed = list(study.suggestions().itertuples())
    over = [(s, g) for s in proposed for g in gold[s.respondent] if s.start < g.end and g.start < s.end]
    same = {s.id: g for s, g in over if s.code == g.code}
    total = sum(map(len, gold.values()))
    found = len({g.id for g in same.values()})
    pairs = [(s, same[s.id]) for s in proposed if s.id in same]
    print(f"suggestions: {len(proposed)}, overlapping a coding {len({s.id for s, _ in over}) / len(proposed):.3f}")
    print(f"suggestions with the coder's code: {len(pairs) / len(proposed):.3f}; codings found {found / total:.3f}")
    print(f"of those: valence right {sum(s.valence == g.valence for s, g in pairs) / len(pairs):.3f}, ", end="")
    print(f"party right {sum(s.party == g.party for s, g in pairs) / len(pairs):.3f}")


if __name__ == "__main__":
    alignment()
    suggestions()
