"""Measures suggestions against coders whose interviews nothing was learned from.

Run: python bench/quality.py [cold] [curve] [learning] [second] [calibration] [explanations]
"example" is the example study: looked at while the models were made (it chose their settings), never learned from.
"fresh" is bench/fresh: written and coded after the first bank, by somebody who had seen neither bank nor code; it has
since helped to choose settings. "fresh2" and "fresh3" were written and coded by two others of the same kind: fresh2 has
chosen a constant and the reasons, fresh3 nothing.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
EXAMPLE = ROOT / "examples" / "halsoflodet"
BENCH = ROOT / "bench"
GOLD = {
    "example": (EXAMPLE / "intervjuer", EXAMPLE / "kodningar.csv"),
} | {name: (BENCH / name, BENCH / name / "kodningar.csv") for name in ("fresh", "fresh2", "fresh3")}
CHOSEN_ON = ("example", "fresh")


def cold() -> None:
    """Print how suggestions made without any decision agree with coders whose interviews nobody learned from."""
    for name, places in GOLD.items():
        with tempfile.TemporaryDirectory() as work, study_of(Path(work), *places) as study:
            matching, tables, themes, likeliest = compared(study, study._suggester)
            spans, interviews = matching.counts, len(study._store.interviews.all())
            print(
                f"{name}: {interviews} interviews, {spans.both + spans.only_one} passages coded; spans "
                f"precision {spans.precision:.3f}, recall {spans.recall:.3f}, F1 {spans.f1:.3f}, "
                f"{spans.per_true:.2f} per coded one"
            )
            print(tables.facets.to_string(index=False))
            print(f"themes micro-F1 {themes:.3f}, among the three likeliest (R@3) {likeliest:.3f}")
            codes = tables.codes.sort_values("f1")
            print(
                "weakest codes:", ", ".join(f"{row.name} {row.f1:.2f}" for row in codes.head(6).itertuples(index=False))
            )


def compared(study: Any, suggester: Any) -> tuple[Any, Any, float, float]:
    """Return how what a suggester proposes matches a study's codings: places, tables, themes' micro-F1 and R@3."""
    from intervjukit.core.agreement import among_likeliest, label_counts, match, micro_f1, passages
    from intervjukit.nlp.suggester import Decisions
    from intervjukit.nlp.trials import Trials

    transcripts, truth = study._store.interviews.all(), study._store.codings()
    trial = Trials(suggester, transcripts, Decisions(truth)).run((), [t.id for t in transcripts])
    matching = match(passages(truth), trial.proposed)
    segments = [(s.transcript, s.span) for s in trial.segments]
    tables = study.agreement._tables(study.agreement._compared(("coder", "program"), matching, segments))
    themes = micro_f1(label_counts(matching.pairs, lambda passage: passage.codes))
    return matching, tables, themes, among_likeliest(matching.pairs)


def curve() -> None:
    """Print what more of the bank would give: the same figures with a quarter of its parts, half, and so on.

    The parts are taken in an order by lot, always the same.
    """
    from sklearn.metrics import roc_auc_score

    from intervjukit.formats.intake import parsed_bank, shipped_bank
    from intervjukit.nlp.learning import examples
    from intervjukit.nlp.model import CodingModel, Reading
    from intervjukit.nlp.suggester import Decisions, Suggester, verdicts

    codebook, bank = shipped_bank()
    parts = random.Random(1).sample(sorted(bank), len(bank))
    with ExitStack() as stack:
        studies = {
            name: stack.enter_context(study_of(Path(stack.enter_context(tempfile.TemporaryDirectory())), *GOLD[name]))
            for name in ("example", "fresh2", "fresh3")
        }
        segmenter = studies["example"]._suggester.segmenter
        for some in (len(parts) * step // 4 for step in range(1, 5)):
            answers = parsed_bank({part: bank[part] for part in parts[:some]}, codebook)
            suggester = Suggester(codebook, segmenter, CodingModel.fit(examples(codebook, segmenter, answers)))
            for name, study in studies.items():
                matching, tables, themes, likeliest = compared(study, suggester)
                places = suggester.places(study._store.interviews.all())
                coded = verdicts(places, Decisions(study._store.codings()), codebook)
                reading = Reading([place.found.segment for place in places], suggester.model)
                auc = roc_auc_score([place in coded for place in range(len(places))], reading.likely())
                own = tables.facets.dropna(subset="macro").set_index("facet")
                print(
                    f"{some:>3} parts, {len(answers):>6} answers, {name:<8} AUC {auc:.3f}, spans F1 "
                    f"{matching.counts.f1:.3f}, themes {themes:.3f}, R@3 {likeliest:.3f}, valence "
                    f"{own.loc['valence', 'macro']:.3f}, party {own.loc['party', 'f1']:.3f}",
                    flush=True,
                )


def learning() -> None:
    """Print what decisions add, interview by interview and with each group left out."""
    for name in ("example", "fresh2", "fresh3"):
        with tempfile.TemporaryDirectory() as work, study_of(Path(work), *GOLD[name]) as study:
            for by in ("group", "order"):
                tables = study.agreement.with_suggester(by=by)
                print(f"{name}, by {by}:", *tables.told, sep="\n  ")
            print(tables.course.to_string(index=False))


def second() -> None:
    """Print how a second coder, who knew only the code book, agrees with the first on fresh2 and fresh3."""
    from intervjukit import Study

    for name in ("fresh2", "fresh3"):
        with tempfile.TemporaryDirectory() as work:
            with study_of(Path(work), *GOLD[name]):
                pass
            with Study.open(Path(work) / "s", coder="second") as study:
                study.add_codings(BENCH / name / "andra_kodaren.csv")
                print(name, *study.agreement.between("bench", "second").told, sep="\n  ")


def calibration() -> None:
    """Print what the four weights behind "there is something to code" would be, fitted on both sets together.

    Each set has its own constant: how much its coder codes. These are the figures in nlp/model.py.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    from intervjukit.nlp.model import Reading
    from intervjukit.nlp.suggester import Decisions, verdicts

    rows, coded = [], []
    for number, name in enumerate(CHOSEN_ON):
        with tempfile.TemporaryDirectory() as work, study_of(Path(work), *GOLD[name]) as study:
            suggester, store = study._suggester, study._store
            places = suggester.places(store.interviews.all())
            reading = Reading([place.found.segment for place in places], suggester.model)
            known = verdicts(places, Decisions(store.codings()), suggester.codebook)
            early = [segment.early for segment in reading.segments]
            told = [reading.codable, np.log1p(reading.lengths), np.log(reading.among), early]
            rows.append(np.c_[(*told, *(np.full(len(places), float(number == n)) for n in range(len(CHOSEN_ON))))])
            coded += [place in known for place in range(len(places))]
    fitted = LogisticRegression(C=100, max_iter=1000, fit_intercept=False).fit(np.vstack(rows), coded).coef_[0]
    names = ("score", "length", "among", "early", *(f"constant of {name}" for name in CHOSEN_ON))
    print(", ".join(f"{name} {weight:.2f}" for name, weight in zip(names, fitted, strict=True)))


def explanations() -> None:
    """Print how often a suggestion goes when the words its reason names are taken out, or as many others."""
    for name in GOLD:
        random.seed(1)
        with tempfile.TemporaryDirectory() as work, study_of(Path(work), *GOLD[name]) as study:
            _explanations(name, study._suggester, study._transcripts())


def _explanations(name: str, suggester: Any, transcripts: Any) -> None:
    gone, tried, told = [0, 0], 0, 0
    for transcript in transcripts:
        made = suggester.suggest([transcript])
        for suggestion in random.sample(made, min(4, len(made))):
            named = re.findall("”([^”]+)”", suggestion.reason.split(" talar för")[0])
            others = re.findall(r"\w+", suggestion.quote)
            tried, told = tried + 1, told + len(named)
            for kind, words in enumerate((named, random.sample(others, min(len(named), len(others))))):
                again = suggester.suggest([without(transcript, suggestion, words)])
                gone[kind] += not any(
                    s.code == suggestion.code and s.start < suggestion.end and suggestion.start < s.end for s in again
                )
    print(
        f"{name}: {tried} suggestions, {told / tried:.1f} words named; gone without them {gone[0] / tried:.3f}, ",
        end="",
    )
    print(f"without as many other words {gone[1] / tried:.3f}")


def without(transcript: Any, suggestion: Any, words: list[str]) -> Any:
    """Return the transcript with words in a suggestion's place blanked out.

    What is left of a sentence still begins with a capital, or it would be taken for more of the sentence before it.
    """
    quote = suggestion.quote
    for word in words:
        quote = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " " * len(word), quote, flags=re.I)
    quote = re.sub(r"(^|[.!?…])([^\w.!?…]*)(\w)", lambda found: found[1] + found[2] + found[3].upper(), quote)
    text = transcript.text[: suggestion.start] + quote + transcript.text[suggestion.end :]
    return replace(transcript, text=text)


def study_of(work: Path, interviews: Path, codings: Path) -> Any:
    """Return a new study with interviews and a coder's decisions, open."""
    from intervjukit import Study

    study = Study.create(work / "s", protocols="halsoflodet", codebook="halsoflodet", coder="bench")
    study.add_transcripts(interviews)
    study.add_codings(codings)
    return study


PARTS = {
    "cold": cold,
    "curve": curve,
    "learning": learning,
    "second": second,
    "calibration": calibration,
    "explanations": explanations,
}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        print(f"--- {part}")
        PARTS[part]()
