"""Times the main job, step by step: CPU seconds and peak memory, start-up included.

Run: python bench/main_job.py [folder]
Each step is a process of its own, measured with resource. Two sizes: the 33 example interviews, and 33 of
6,000 words each put together from the example's turns (so the sentences repeat, which real ones do not).
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

WORDS = 6_000
STEPS = ("create", "import", "suggest", "code", "findings", "report")


def run_step(step: str, folder: Path, source: Path) -> str:
    """Do one step in this process and return a line on what it gave."""
    from intervjukit import Study

    if step == "create":
        with Study.create(folder, protocols="halsoflodet", codebook="halsoflodet", coder="bench") as study:
            return f"{len(study.protocols)} guides, {len(study.codebook)} codes"
    with Study.open(folder, coder="bench") as study:
        if step == "import":
            added = study.add_transcripts(source)
            assert not added.refused, added.refused
            return f"{len(added.added)} interviews, {added.doubts} doubts"
        if step == "suggest":
            return f"{study.suggest()} suggestions"
        if step == "code":
            return f"{study.add_codings(source.parent / 'codings.csv')} codings"
        if step == "findings":
            return f"{len(study.findings())} findings, {len(study.contrasts())} contrasts"
        study.swot.draft()
        study.measures.draft()
        return f"{study.report(folder / 'rapport.docx').stat().st_size // 1024} kB"


def generate(target: Path) -> Path:
    """Write 33 interviews of 6,000 words, each of turns from interviews of its own group."""
    from intervjukit.formats.library import library
    from intervjukit.formats.transcripts import read_interview

    rng = random.Random(20260101)
    raws = [read_interview(file) for file in sorted((library("examples") / "halsoflodet/intervjuer").iterdir())]
    pairs: dict[str, list[tuple[str, str]]] = {}
    for raw in raws:
        said = raw.utterances
        for asked, answer in pairwise(said):
            if asked.role == "interviewer" and answer.role == "respondent":
                pairs.setdefault(raw.facts["grupp"], []).append((asked.text, answer.text))
    target.mkdir(parents=True)
    for raw in raws:
        lines = [f"Intervju: {raw.facts['kod']}", f"Grupp: {raw.facts['grupp']}", "Datum: 2026-03-02", ""]
        words = 0
        while words < WORDS:
            asked, answer = rng.choice(pairs[raw.facts["grupp"]])
            lines += [f"I: {asked}", f"R: {answer}"]
            words += len(asked.split()) + len(answer.split())
        (target / f"{raw.facts['kod']}.txt").write_text("\n".join(lines), encoding="utf-8")
    return target


def codings_from_suggestions(folder: Path, target: Path) -> None:
    """Write the open suggestions whose quote is unique as a coder's decisions, so that there is much to report."""
    import csv

    from intervjukit import Study

    with Study.open(folder) as study, target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("respondent", "quote", "code", "valence", "party"))
        texts = {code: study.transcript(code).text for code in study.transcripts()["respondent"]}
        for row in study.suggestions().itertuples():
            if texts[row.respondent].count(row.quote) == 1:
                writer.writerow((row.respondent, row.quote, row.code, row.valence, row.party))


def measure(step: str, folder: Path, source: Path) -> tuple[float, float, str]:
    """Run a step in a process of its own; return CPU seconds, peak memory in MB, and its line."""
    command = [sys.executable, __file__, "--step", step, str(folder), str(source)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    told = json.loads(done.stdout.splitlines()[-1])
    return told["cpu"], told["peak"], told["line"]


def main() -> None:
    """Measure both sizes and print a table."""
    with tempfile.TemporaryDirectory() as place:
        work = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(place)
        example = ROOT / "examples" / "halsoflodet"
        large = generate(work / "large" / "intervjuer")
        print(f"{'size':<12}{'step':<10}{'CPU s':>8}{'peak MB':>9}  result")
        for size, source in (("example", example / "intervjuer"), ("6000 words", large)):
            folder = work / f"studie {size}"
            for step in STEPS:
                if step == "code":
                    listed = source.parent / "codings.csv"
                    if size == "example":
                        source = work / "intervjuer"
                        listed = work / "codings.csv"
                        listed.write_bytes((example / "kodningar.csv").read_bytes())
                    else:
                        codings_from_suggestions(folder, listed)
                cpu, peak, line = measure(step, folder, source)
                print(f"{size:<12}{step:<10}{cpu:>8.2f}{peak:>9.0f}  {line}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        told = run_step(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu = used.ru_utime + used.ru_stime
        print(json.dumps({"cpu": cpu, "peak": used.ru_maxrss / 1024, "line": told}))
    else:
        main()
