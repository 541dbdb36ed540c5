"""Measures suggestions against coders whose interviews nothing was learned from.

Run: python bench/quality.py [cold] [learning] [second] [calibration] [joined] [explanations] [closely]
"example" is the example study: looked at while the models were made (it chose their settings), never learned from.
"fresh" is bench/fresh: written and coded after the first bank, by somebody who had seen neither bank nor code.
"fresh2" to "fresh5" were written and coded by four others of the same kind. The first two of them have since helped
to choose settings; fresh4 and fresh5 have chosen nothing. bench/limits.py tries what else might be done.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
EXAMPLE = ROOT / "examples" / "halsoflodet"
BENCH = ROOT / "bench"
GOLD = {
    "example": (EXAMPLE / "intervjuer", EXAMPLE / "kodningar.csv"),
} | {name: (BENCH / name, BENCH / name / "kodningar.csv") for name in ("fresh", "fresh2", "fresh3", "fresh4", "fresh5")}
CHOSEN_ON = ("example", "fresh", "fresh2", "fresh3")


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


def compared(study: Any, suggester: Any, trial: Any = None) -> tuple[Any, Any, float, float]:
    """Return how what a suggester proposes matches a study's codings: places, tables, themes' micro-F1 and R@3.

    Without a ``trial`` nothing has been learned from the study.
    """
    from intervjukit.core.agreement import among_likeliest, label_counts, match, micro_f1, passages
    from intervjukit.nlp.suggester import Decisions
    from intervjukit.nlp.trials import Trials

    transcripts, truth = study._store.interviews.all(), study._store.codings()
    trial = trial or Trials(suggester, transcripts, Decisions(truth)).run((), [t.id for t in transcripts])
    matching = match(passages(truth), trial.proposed)
    segments = [(s.transcript, s.span) for s in trial.segments]
    tables = study.agreement._tables(study.agreement._compared(("coder", "program"), matching, segments))
    themes = micro_f1(label_counts(matching.pairs, lambda passage: passage.codes))
    return matching, tables, themes, among_likeliest(matching.pairs)


def read(study: Any, suggester: Any) -> tuple[Any, Any, Any]:
    """Return a study's sentences: their places, as the model reads them, and what is decided on the coded ones."""
    from intervjukit.nlp.model import Reading
    from intervjukit.nlp.showing import LIMITS
    from intervjukit.nlp.suggester import Decisions, verdicts

    places = suggester.places(study._store.interviews.all())
    reading = Reading([place.found.segment for place in places], suggester.model)
    reading.read_closely(LIMITS["economical"].least)
    return places, reading, verdicts(places, Decisions(study._store.codings()), suggester.codebook)


def learning() -> None:
    """Print what decisions add, interview by interview and with each group left out."""
    for name in ("example", "fresh2", "fresh3", "fresh4", "fresh5"):
        with tempfile.TemporaryDirectory() as work, study_of(Path(work), *GOLD[name]) as study:
            for by in ("group", "order"):
                tables = study.agreement.with_suggester(by=by)
                print(f"{name}, by {by}:", *tables.told, sep="\n  ")
            print(tables.course.to_string(index=False))


def second() -> None:
    """Print how a second coder, who knew only the code book, agrees with the first, where there is one."""
    from intervjukit import Study

    for name in ("fresh2", "fresh3", "fresh4", "fresh5"):
        with tempfile.TemporaryDirectory() as work:
            with study_of(Path(work), *GOLD[name]):
                pass
            with Study.open(Path(work) / "s", coder="second") as study:
                study.add_codings(BENCH / name / "andra_kodaren.csv")
                print(name, *study.agreement.between("bench", "second").told, sep="\n  ")


def calibration() -> None:
    """Print what the weights behind "there is something to code" would be, fitted on four sets together.

    Each set has its own constant: how much its coder codes. nlp/model.py has these figures and the middle constant,
    and of what is read closely the weight it had, times the one found, by that of the score.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    for closely in (False, True):
        rows, coded = [], []
        for number, name in enumerate(CHOSEN_ON):
            with tempfile.TemporaryDirectory() as work, study_of(Path(work), *GOLD[name], closely=closely) as study:
                places, reading, known = read(study, study._suggester)
                reading.read_closely(0)
                score = reading.spots.scores(reading.own)[:, 0]
                told = [score, np.log1p(reading.lengths), np.log(reading.among), reading.early, reading.codable - score]
                own = [np.full(len(places), float(number == n)) for n in range(len(CHOSEN_ON))]
                rows.append(np.column_stack([*told[: 4 + closely], *own]))
                coded.append(np.isin(np.arange(len(places)), list(known)))
        weights = np.concatenate([np.full(len(its), 1000 / len(its)) for its in coded])
        fitted = LogisticRegression(C=100, max_iter=3000, fit_intercept=False)
        found = fitted.fit(np.vstack(rows), np.concatenate(coded), weights).coef_[0]
        names = ("score", "length", "among", "early", "read closely")[: 4 + closely]
        told = [*names, *(f"constant of {name}" for name in CHOSEN_ON)]
        print(", ".join(f"{name} {weight:.2f}" for name, weight in zip(told, found, strict=True)), flush=True)


def joined() -> None:
    """Print what the weights behind "the next sentence makes the same point" would be, fitted on four sets together.

    Learned from are sentences in a row that are both coded. What the model has is near enough these.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    for closely in (False, True):
        rows, same = [], []
        for name in CHOSEN_ON:
            with tempfile.TemporaryDirectory() as work, study_of(Path(work), *GOLD[name], closely=closely) as study:
                places, reading, _ = read(study, study._suggester)
                reading.read_closely(0)
                pairs = pairs_of(study, places)
                rows.append(np.column_stack(reading.pairs())[list(pairs)])
                same.append(np.array(list(pairs.values())))
                print(f"{name}: {len(pairs)} pairs, AUC {roc_auc_score(same[-1], reading.goes_on()[list(pairs)]):.3f}")
        weights = np.concatenate([np.full(len(its), 1000 / len(its)) for its in same])
        fitted = LogisticRegression(C=10, max_iter=3000, fit_intercept=False)
        found = fitted.fit(np.vstack(rows), np.concatenate(same), weights).coef_[0]
        names = ("how it begins and lengths", "read closely", "same code", "same slag", "constant")
        print(", ".join(f"{name} {weight:.2f}" for name, weight in zip(names, found, strict=True)), flush=True)


def pairs_of(study: Any, places: Any) -> dict[int, bool]:
    """Return for each coded sentence followed by another in its turn whether a coder took them as one passage."""
    from intervjukit.nlp.joining import known_pairs

    of = [next(iter(own), None) for own in coded_as(study, places)[1]]
    return known_pairs(of, [place.found.segment.turn for place in places])


def coded_as(study: Any, places: Any) -> tuple[list[Any], list[list[int]]]:
    """Return a study's coded passages, and for each sentence the numbers of those it is in."""
    from intervjukit.core.agreement import passages
    from intervjukit.core.text import Span, mostly_same

    coded = passages(study._store.codings())
    of = []
    for place in places:
        segment = place.found.segment
        span = Span(segment.start, segment.end)
        own = [passage.transcript == place.transcript.id and mostly_same(passage.span, span) for passage in coded]
        of.append([number for number, its in enumerate(own) if its])
    return coded, of


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
            named = re.findall("”([^”]+)”", suggestion.reason.partition("; ")[0])
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


def closely() -> None:
    """Print what close reading adds without any decision, and how often the nearest coded passage has the theme."""
    from limits import figures

    for name in GOLD:
        for on in (False, True):
            with tempfile.TemporaryDirectory() as work, study_of(Path(work), *GOLD[name], closely=on) as study:
                begun = process_time()
                told = figures(study, study._suggester)
                took = process_time() - begun
                print(
                    f"{name} {'closely' if on else 'by words'}: {told}; nearest of the theme {nearest(study):.3f}; "
                    f"{took:.0f} CPU s, {study._store.interviews.size()} characters",
                    flush=True,
                )


def nearest(study: Any) -> float:
    """Return how often the likest coded segment, among other respondents', has a theme of the segment's own."""
    import numpy as np

    from intervjukit.nlp.reasons import Coded

    places, reading, decided = read(study, study._suggester)
    reading.learn(decided)
    coded, who = Coded.of(reading, decided), np.array([places[at].transcript.respondent for at in decided])
    likeness = coded.likeness(reading, list(decided)).toarray()
    best = np.where(who[:, None] == who, -1, likeness).argmax(1)
    return float(np.mean([bool(coded.codes[at] & coded.codes[near]) for at, near in enumerate(best)]))


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


def study_of(work: Path, interviews: Path, codings: Path, *, closely: bool = True) -> Any:
    """Return a new study with interviews and a coder's decisions, open, that is read closely or not."""
    from intervjukit import Study

    study = Study.create(work / "s", protocols="halsoflodet", codebook="halsoflodet", coder="bench")
    (study.folder / "förslag.yaml").write_text(f"närläsning: {'ja' if closely else 'nej'}\n", encoding="utf-8")
    study.add_transcripts(interviews)
    study.add_codings(codings)
    return study


PARTS = {
    "cold": cold,
    "learning": learning,
    "second": second,
    "calibration": calibration,
    "joined": joined,
    "explanations": explanations,
    "closely": closely,
}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        print(f"--- {part}")
        PARTS[part]()
