"""Times REFI-QDA: a project of 15,000 codings written, read, and taken into a new study. CPU seconds, peak memory.

Run: python bench/refi.py [codings]
Each step is a process of its own, measured with resource, start-up included. The interviews are the 33 examples made
ten times as long by repetition; the codings are sentences of theirs with themes and facets by lot.
"""

from __future__ import annotations

import json
import random
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

STEPS = ("start", "write", "read", "import", "again")
LONGER = 10
_AT = "2026-11-22T06:00:00.000+00:00"


def run_step(step: str, work: Path) -> str:
    """Do one step in this process and return a line on what it gave."""
    from intervjukit import Study
    from intervjukit.formats.refi_read import read_project
    from intervjukit.importing import import_project

    target = work / "projekt.qdpx"
    if step == "generate":
        generate(work, int(sys.argv[4]))
        return ""
    if step == "read":
        project = read_project(target)
        return f"{len(project.selections)} selections, {len(project.sources)} texts"
    if step == "import":
        taken = import_project(target, work / "ny", coder="bench")
        return f"{taken.codings} codings, {len(taken.interviews)} interviews"
    with Study.open(work / "studie", coder="bench") as study:
        if step == "write":
            project = study.exchange.write(target)
            return f"{len(project.selections)} selections, {target.stat().st_size // 1024} kB"
        if step == "again":
            taken = study.exchange.read(target)
            return f"{taken.codings} new, {taken.known} known"
        return "a study opened"


def generate(work: Path, number: int) -> None:
    """Make the study: long interviews, and codings on their sentences."""
    from intervjukit import Study
    from intervjukit.core.coding import Coding
    from intervjukit.storage.identities import Identities

    rng = random.Random(20260101)
    texts = work / "intervjuer"
    texts.mkdir()
    with Study.create(work / "kort", protocols="halsoflodet", codebook="halsoflodet", coder="bench") as short:
        short.add_transcripts(ROOT / "examples" / "halsoflodet" / "intervjuer")
        for each in short._transcripts():
            spoken = [turn for turn in each.turns if turn.role != "note"]
            said = [f"{'I' if turn.role == 'interviewer' else 'R'}: {each.turn_text(turn)}" for turn in spoken]
            head = [f"Intervju: {each.respondent}", f"Grupp: {each.group}", f"Datum: {each.date or '2026-03-02'}", ""]
            (texts / f"{each.respondent}.txt").write_text("\n".join(head + said * LONGER), encoding="utf-8")
    with Study.create(work / "studie", protocols="halsoflodet", codebook="halsoflodet", coder="bench") as study:
        added = study.add_transcripts(texts)
        assert not added.refused, added.refused
        book, codings = study.codebook, []
        places = [
            (each, turn.start + found.start(), turn.start + found.end())
            for each in study._transcripts()
            for turn in each.answers()
            for found in re.finditer(r"\w[^.!?\n]*[.!?]", each.turn_text(turn))
        ]
        for each, start, end in sorted(rng.choices(places, k=number), key=lambda place: (place[0].id, place[1])):
            facets = {facet.id: rng.choice(facet.values).id for facet in book.facets}
            code, quote = rng.choice(book.codes).id, each.text[start:end]
            coder = f"K{rng.randint(1, 3)}"
            codings.append(Coding(0, each.id, "", "", start, end, quote, code, facets, coder, _AT))
        with study._store.journal.log("bench", "bench", "Kodade på låtsas") as entry:
            Identities(study._store.database).add_codings(entry, codings)


def measure(step: str, work: Path, *more: str) -> tuple[float, float, str]:
    """Run a step in a process of its own; return CPU seconds, peak memory in MB, and its line."""
    command = [sys.executable, __file__, "--step", step, str(work), *more]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    told = json.loads(done.stdout.splitlines()[-1])
    return told["cpu"], told["peak"], told["line"]


def main() -> None:
    """Make the study, measure every step and print a table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 15_000
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        measure("generate", work, str(number))
        print(f"{'step':<10}{'CPU s':>8}{'peak MB':>9}  result")
        for step in STEPS:
            cpu, peak, line = measure(step, work)
            print(f"{step:<10}{cpu:>8.2f}{peak:>9.0f}  {line}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        told = run_step(sys.argv[2], Path(sys.argv[3]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu = used.ru_utime + used.ru_stime
        print(json.dumps({"cpu": cpu, "peak": used.ru_maxrss / 1024, "line": told}))
    else:
        main()
