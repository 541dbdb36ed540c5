"""Runs the main job on real published text, and compares suggestions with the report's own headings.

Run: python bench/real_text.py [folder with sentences.jsonl]
The text is the results part of a Swedish report for three groups, with its headings as labels; it is not in
this repository (default: ../shared/data/halsoflodet beside it). Written prose in the third person, so another
kind of text than the interviews the program is made for. Nothing is tuned on it here; in the last two lines of
figures each group is judged by what was learned from the others.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

CODES = {"sjukskrivna": "S01", "chefer": "C01", "fk_handlaggare": "H01", "handlaggare": "H01"}
GROUPS = {"S01": "sjukskrivna", "C01": "chefer", "H01": "handlaggare"}


def write_interviews(rows: list[dict[str, Any]], target: Path) -> None:
    """Write one text per group: a paragraph of the report is an answer, after a question that says nothing."""
    paragraphs: dict[str, dict[tuple[str, int], list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        paragraphs[CODES[row["group"]]][row["section"], row["paragraph"]].append(row["text"])
    target.mkdir()
    for code, told in paragraphs.items():
        lines = [f"Intervju: {code}", f"Grupp: {GROUPS[code]}", "Datum: 2018-05-02", ""]
        for number, sentences in enumerate(told.values(), 1):
            lines += [f"I: Fortsätt, {number}.", f"R: {' '.join(sentences)}"]
        (target / f"{code}.txt").write_text("\n".join(lines), encoding="utf-8")


def share(part: int, whole: int) -> str:
    """Return "12 of 40 (30 %)"."""
    return f"{part} of {whole} ({part / whole:.0%})" if whole else "0 of 0"


def main() -> None:
    """Import, suggest, accept, report; then compare with the headings."""
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data" / "halsoflodet"
    source = place / "sentences.jsonl"
    if not source.is_file():
        sys.exit(f"The text is not here: {source}. Give the folder as an argument.")
    from intervjukit import Study

    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = [row for row in rows if row["group"] in CODES]
    with tempfile.TemporaryDirectory() as work:
        write_interviews(rows, Path(work) / "texter")
        with Study.create(
            Path(work) / "studie", protocols="halsoflodet", codebook="halsoflodet", coder="bench"
        ) as study:
            added = study.add_transcripts(Path(work) / "texter")
            assert not added.refused, added.refused
            print(f"{len(added.added)} texts, {len(rows)} sentences, {study.suggest()} suggestions")
            found = list(study.suggestions().itertuples())
            texts = {code: study.transcript(code).text for code in GROUPS}
            left_out(study, rows)
            for suggestion in found:
                study.accept(suggestion.id)
            report = study.report(Path(work) / "rapport.docx")
            print(f"report written: {report.stat().st_size // 1024} kB, {len(study.findings())} findings")
    compare(rows, found, texts)


def compare(rows: list[dict[str, Any]], found: list[Any], texts: dict[str, str]) -> None:
    """Print how many sentences under each heading got its valence, and how often the party agrees."""
    valences = {"flaskhalsar": "flaskhals", "positiva": "framgang", "onskningar": "onskan"}
    per_kind: dict[str, list[int]] = {kind: [0, 0, 0] for kind in valences}
    party = [0, 0, 0]
    for row in rows:
        kind = row["section_kind"]
        if row["meta"] or kind not in valences:
            continue
        code = CODES[row["group"]]
        start = texts[code].find(row["text"])
        if start < 0:
            continue
        end = start + len(row["text"])
        here = [s for s in found if s.respondent == code and s.start < end and start < s.end]
        tally = per_kind[kind]
        tally[0] += 1
        tally[1] += bool(here)
        tally[2] += any(s.valence == valences[kind] for s in here)
        if row.get("actor") and row["actor"] != "ovrigt":
            party[0] += 1
            party[1] += bool(here)
            party[2] += any(s.party == row["actor"] for s in here)
    for kind, (total, suggested, right) in per_kind.items():
        print(
            f"under {kind}: suggested as {valences[kind]} {share(right, total)}; "
            f"with any suggestion {share(suggested, total)}; right of those {share(right, suggested)}"
        )
    total, suggested, right = party
    print(f"party as the report places it: {share(right, suggested)} of suggested, {share(right, total)} of all")


def left_out(study: Any, rows: list[dict[str, Any]]) -> None:
    """Print how often bottleneck is told from success, and the party named, without and with the other groups' labels.

    Every sentence under the two headings counts, suggested or not; a group's own labels are never learned from.
    """
    from copy import copy

    from intervjukit.nlp.linear import Decided
    from intervjukit.nlp.model import Reading

    places = study._suggester.places(study._transcripts())
    reading = Reading([place.found.segment for place in places], study._suggester.model)
    truth = truths(rows, places)
    told: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for group in sorted({place.transcript.group for place in places}):
        learned = copy(reading)
        others = {at: its for at, its in truth.items() if places[at].transcript.group != group}
        closed = {facet: [f"{facet}:{value}" for value in reading.facet(facet)[0]] for facet in ("valence", "party")}
        learned.learn(
            {
                at: Decided(
                    frozenset(f"{facet}:{value}" for facet, value in its.items()),
                    frozenset(target for facet in its for target in closed[facet] if target != f"{facet}:{its[facet]}"),
                )
                for at, its in others.items()
            }
        )
        for name, read in (("without any label", reading), ("with the other groups' labels", learned)):
            for facet, among in (("valence", ("flaskhals", "framgang")), ("party", None)):
                values, scores = read.facet(facet)
                for at, its in truth.items():
                    if places[at].transcript.group == group and facet in its:
                        likely = {v: float(scores[at, n]) for n, v in enumerate(values) if not among or v in among}
                        told[name][facet].append(max(likely, key=lambda v: likely[v]) == its[facet])
    for name, facets in told.items():
        print(f"{name}:", ", ".join(f"{facet} right in {share(sum(r), len(r))}" for facet, r in facets.items()))


def truths(rows: list[dict[str, Any]], places: list[Any]) -> dict[int, dict[str, str]]:
    """Return the heading's valence and the report's party for the segments that are one of its sentences."""
    kinds = {"flaskhalsar": "flaskhals", "positiva": "framgang"}
    sentences = {(GROUPS[CODES[r["group"]]], " ".join(r["text"].split())): r for r in rows if not r["meta"]}
    found = {}
    for at, place in enumerate(places):
        said = place.transcript.text[place.found.segment.start : place.found.segment.end]
        row = sentences.get((place.transcript.group, " ".join(said.split())))
        if row and row["section_kind"] in kinds:
            found[at] = {"valence": kinds[row["section_kind"]]}
            if row.get("actor") and row["actor"] != "ovrigt":
                found[at]["party"] = row["actor"]
    return found


if __name__ == "__main__":
    main()
