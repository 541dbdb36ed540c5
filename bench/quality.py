"""Measures suggestions against coders whose interviews nothing was learned from.

Run: python bench/quality.py [cold] [learning] [second] [calibration] [explanations] [embeddings]
"example" is the example study: looked at while the models were made (it chose their settings), never learned from.
"fresh" is bench/fresh: written and coded after the first bank, by somebody who had seen neither bank nor code.
"fresh2", "fresh3" and "fresh4" were written and coded by three others of the same kind. The first three of the four
have since helped to choose settings; fresh4 has chosen nothing. bench/limits.py tries what else might be done.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
EXAMPLE = ROOT / "examples" / "halsoflodet"
BENCH = ROOT / "bench"
GOLD = {
    "example": (EXAMPLE / "intervjuer", EXAMPLE / "kodningar.csv"),
} | {name: (BENCH / name, BENCH / name / "kodningar.csv") for name in ("fresh", "fresh2", "fresh3", "fresh4")}
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
    from intervjukit.nlp.suggester import Decisions, verdicts

    places = suggester.places(study._store.interviews.all())
    reading = Reading([place.found.segment for place in places], suggester.model)
    return places, reading, verdicts(places, Decisions(study._store.codings()), suggester.codebook)


def learning() -> None:
    """Print what decisions add, interview by interview and with each group left out."""
    for name in ("example", "fresh2", "fresh3", "fresh4"):
        with tempfile.TemporaryDirectory() as work, study_of(Path(work), *GOLD[name]) as study:
            for by in ("group", "order"):
                tables = study.agreement.with_suggester(by=by)
                print(f"{name}, by {by}:", *tables.told, sep="\n  ")
            print(tables.course.to_string(index=False))


def second() -> None:
    """Print how a second coder, who knew only the code book, agrees with the first, where there is one."""
    from intervjukit import Study

    for name in ("fresh2", "fresh3", "fresh4"):
        with tempfile.TemporaryDirectory() as work:
            with study_of(Path(work), *GOLD[name]):
                pass
            with Study.open(Path(work) / "s", coder="second") as study:
                study.add_codings(BENCH / name / "andra_kodaren.csv")
                print(name, *study.agreement.between("bench", "second").told, sep="\n  ")


def calibration() -> None:
    """Print what the four weights behind "there is something to code" would be, fitted on four sets together.

    Each set has its own constant: how much its coder codes. nlp/model.py has these figures and the middle constant.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows, coded = [], []
    for number, name in enumerate(CHOSEN_ON):
        with tempfile.TemporaryDirectory() as work, study_of(Path(work), *GOLD[name]) as study:
            places, reading, known = read(study, study._suggester)
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


def embeddings() -> None:
    """Print what likeness in meaning (the extra "embeddings") adds, each group left out; it takes some ten minutes.

    Decided on are all codings, and what would be proposed in vain before them.
    """
    from sklearn.metrics import roc_auc_score

    from intervjukit.core.agreement import match, passages, turned_down
    from intervjukit.evaluation import _touched
    from intervjukit.nlp.suggester import Decisions
    from intervjukit.nlp.trials import Trial, Trials

    for name in GOLD:
        with tempfile.TemporaryDirectory() as work, study_of(Path(work), *GOLD[name]) as study:
            for asked in ("nej", "ja"):
                (study.folder / "förslag.yaml").write_text(f"betydelse: {asked}\n", encoding="utf-8")
                transcripts, codings = study._store.interviews.all(), study._store.codings()
                trials, trial = Trials(study._suggester, transcripts, Decisions(codings)), Trial()
                first = trials.run((), [t.id for t in transcripts]).proposed
                trials.turn_down(turned_down(match(passages(codings), first)))
                for group in study.protocols:
                    trial += trials.run([t.id for t in transcripts], [t.id for t in transcripts if t.group == group])
                matching, tables, themes, likeliest = compared(study, study._suggester, trial)
                auc = roc_auc_score(_touched(trial.segments, codings), [segment.sure for segment in trial.segments])
                own = tables.facets.dropna(subset="macro").set_index("facet")
                print(
                    f"{name:<8} {study._suggester.name:<26} AUC {auc:.3f}, spans F1 {matching.counts.f1:.3f}, themes "
                    f"{themes:.3f}, R@3 {likeliest:.3f}, valence {own.loc['valence', 'macro']:.3f}, party "
                    f"{own.loc['party', 'f1']:.3f}; nearest coded passage has the theme {nearest(study):.3f}",
                    flush=True,
                )


def nearest(study: Any) -> float:
    """Return how often the likest coded segment, among other respondents', has a theme of the segment's own."""
    import numpy as np

    from intervjukit.nlp.reasons import Coded

    places, reading, decided = read(study, study._suggester)
    reading.learn(decided, study._suggester.meaning)
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


def study_of(work: Path, interviews: Path, codings: Path) -> Any:
    """Return a new study with interviews and a coder's decisions, open."""
    from intervjukit import Study

    study = Study.create(work / "s", protocols="halsoflodet", codebook="halsoflodet", coder="bench")
    study.add_transcripts(interviews)
    study.add_codings(codings)
    return study


PARTS = {
    "cold": cold,
    "learning": learning,
    "second": second,
    "calibration": calibration,
    "explanations": explanations,
    "embeddings": embeddings,
}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        print(f"--- {part}")
        PARTS[part]()
