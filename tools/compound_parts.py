"""Writes src/intervjukit/nlp/compound_parts.tsv: which words begin and end compounds, and how many.

Run: python tools/compound_parts.py
A word may fall apart in several ways; each way gets a share in proportion to how many other words begin and end
like it, counted anew six times over (expectation-maximisation). simplemma's data: MIT licence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from simplemma.strategies.dictionaries import DEFAULT_DICTIONARY_FACTORY

TABLE = Path(__file__).resolve().parents[1] / "src" / "intervjukit" / "nlp" / "compound_parts.tsv"
ROUNDS = 6
LEAST = 1.5
VOWELS = frozenset("aeiouyåäö")
# not words in compounds but endings and prefixes, or forms that stand at the edge of many words by chance
NO_LAST = frozenset(
    """
    het ning ing else skap dom bar lig sam aktig are ande ende isk ism ist tion sion itet ör eri vis hets
    nings ings elses skaps lös full or tor barhet ring era mässig löshet fullhet artad rik rikhet kremla
    ologisk riska ion ling ent ens ett eta rar tar nar sen lar na ra ta da la ka sa ska kan ans era erad ning
    rad arg inga inne ande ad ur ut till est ola ätt area inge enda inga ära lega rulla kola ova åra åka ita
    ino ina ore sta gaste etta loge log läggare sättning lös aktigt samt löst loge ester nad nare lare kare
    tare
""".split()
)
NO_FIRST = frozenset(
    """
    för opp upp ner ned ut in an av be o om på till fram bort ur med åter genom samman mot före hop hän vid
    hos av ge sk förs van miss sam re de dis kon er ent und bi ko pro per tre an av tillbaka emot ihop iväg
    kvar los vidare åt hit dit fast kring fört utan förut bes avs men det den att och som har var kan ska vad
    när där här min din sin han hon
""".split()
)

Split = tuple[str, str]


def main() -> None:
    """Count and write the table."""
    lemmas = DEFAULT_DICTIONARY_FACTORY.get_dictionary("sv").values()
    firsts, lasts = _count(_ways({lemma for lemma in lemmas if lemma.isalpha() and lemma.islower()}))
    rows = [
        f"{word}\t{firsts[word]:.0f}\t{lasts[word]:.0f}"
        for word in sorted(firsts | lasts)
        if max(firsts[word], lasts[word]) >= LEAST
    ]
    TABLE.write_text("\n".join(["word\tfirst\tlast", *rows, ""]), encoding="utf-8")
    print(f"{len(rows)} words in {TABLE.name}")


def _ways(lemmas: set[str]) -> list[list[Split]]:
    """Return every way that each word can fall apart, for those that can."""
    return list(filter(None, (list(_splits(word, lemmas)) for word in sorted(lemmas) if len(word) >= 6)))


def _splits(word: str, lemmas: set[str]) -> Iterator[Split]:
    for place in range(2, len(word) - 1):
        first, last = word[:place], word[place:]
        known = last in lemmas and last not in NO_LAST and (len(last) > 2 or last in ("kö", "by"))
        known = known and (
            not last.endswith(("ande", "ende", "lös", "samt", "aktig")) or last in ("boende", "studerande")
        )
        if known and first not in NO_FIRST and not lemmas.isdisjoint(_bases(first)):
            yield first, last


def _bases(first: str) -> Iterator[str]:
    """Yield what a first part may be a form of: "arbets" of "arbete", "skol" of "skola", "gatu" of "gata"."""
    yield first
    if len(first) > 3 and first.endswith("s"):
        yield first[:-1]
        yield first[:-1] + "e"
    if len(first) > 4 and first.endswith("es"):
        yield first[:-2] + "a"
    if len(first) > 5 and first.endswith("ie"):
        yield first[:-1] + "um"
    if len(first) > 3 and first[-1] in "oue":
        yield first[:-1] + "a"
        yield first[:-1]
    if len(first) > 2 and first[-1] not in VOWELS:
        yield first + "a"
        yield first + "e"


def _count(ways: Iterable[list[Split]]) -> tuple[Counter[str], Counter[str]]:
    """Return how many words each word begins, and how many it ends."""
    ways = list(ways)
    shares = [[1 / len(splits)] * len(splits) for splits in ways]
    for _ in range(ROUNDS):
        firsts: Counter[str] = Counter()
        lasts: Counter[str] = Counter()
        for splits, share in zip(ways, shares, strict=True):
            for (first, last), part in zip(splits, share, strict=True):
                firsts[first] += part  # type: ignore[assignment]
                lasts[last] += part  # type: ignore[assignment]
        shares = [_shares([firsts[first] * lasts[last] for first, last in splits]) for splits in ways]
    return firsts, lasts


def _shares(weights: list[float]) -> list[float]:
    return [weight / sum(weights) if max(weights) >= 1 else 0.0 for weight in weights]


if __name__ == "__main__":
    main()
