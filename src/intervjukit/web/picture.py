"""What the codings say together: the picture that the findings, the SWOT and the report pages show parts of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from intervjukit.core.codebook import Code, Codebook, FacetValue
from intervjukit.core.coding import Coding
from intervjukit.core.findings import quantifier
from intervjukit.core.protocol import Protocol
from intervjukit.core.spoken import Spoken, spoken
from intervjukit.core.swot import Key
from intervjukit.errors import NotFoundError
from intervjukit.study import Study

NO_PARTY = "Ingen part angiven"
RECOGNISABLE = 3
"""In a group of fewer interviewed than this, single persons can be recognised by what they say."""


@dataclass(frozen=True)
class Picture:
    """The codings of some groups or all, with ``totals``, the interviewed respondents of those groups."""

    codebook: Codebook
    protocols: Mapping[str, Protocol]
    codings: tuple[Coding, ...]
    totals: Mapping[str, int]

    @classmethod
    def of(cls, study: Study, groups: Collection[str] = ()) -> Picture:
        """Return the picture of these groups, of all when none is named. Raises NotFoundError."""
        totals = study.material.people()
        if unknown := set(groups) - set(study.protocols):
            raise NotFoundError(f"Studien har ingen grupp ”{min(unknown)}”.", fix="Läs in sidan på nytt.")
        chosen = {group: n for group, n in totals.items() if not groups or group in groups}
        codings = tuple(coding for coding in study.material.codings() if coding.group in chosen)
        return cls(study.codebook, study.protocols, codings, chosen)

    @property
    def people(self) -> int:
        """Number of interviewed respondents in the chosen groups."""
        return sum(self.totals.values())

    @property
    def own_parties(self) -> dict[str, str]:
        """Each group's own party."""
        return {group: guide.party for group, guide in self.protocols.items()}

    # --- names --------------------------------------------------------------------------------------

    @cached_property
    def spoken(self) -> Mapping[str, Spoken]:
        """How each valence is spoken of, by its name in the code book."""
        return spoken(self.codebook)

    def values(self, facet: str) -> tuple[FacetValue, ...]:
        """Return the values of a facet, () when the code book has no such facet."""
        return next((found.values for found in self.codebook.facets if found.id == facet), ())

    def code_name(self, code: str) -> str:
        """Return a code's name, or its id when the code book no longer has it."""
        return self.codebook.code(code).name if code in self.codebook else code

    def party_name(self, party: str) -> str:
        """Return a party's name."""
        return self.codebook.value_name("party", party) if party else NO_PARTY

    def valence_name(self, valence: str, *, many: bool = False) -> str:
        """Return what a valence is called, in the plural when ``many``."""
        if many and valence in self.spoken:
            return self.spoken[valence].ranked
        return self.codebook.value_name("valence", valence)

    def group_name(self, group: str) -> str:
        """Return a group's shown name."""
        return self.protocols[group].group_name

    def wording(self, key: Key) -> str:
        """Return a finding in words, as a SWOT line is drafted: "Lång väntan på läkare – Vården"."""
        valence, code, party = key
        heading = self.codebook.code(code).heading(valence) if code in self.codebook else code
        return f"{heading} – {self.party_name(party)}"

    def tree(self) -> list[tuple[Code, int]]:
        """Return the codes with their depth, each followed by its children, in the code book's order."""
        below: dict[str | None, list[Code]] = defaultdict(list)
        for code in self.codebook:
            below[code.parent if code.parent in self.codebook else None].append(code)

        def walk(parent: str | None, depth: int) -> list[tuple[Code, int]]:
            return [row for code in below[parent] for row in [(code, depth), *walk(code.id, depth + 1)]]

        return walk(None, 0)

    # --- counts -------------------------------------------------------------------------------------

    @cached_property
    def behind(self) -> dict[Key, set[str]]:
        """Who stands behind each finding, over the chosen groups."""
        return self.count(lambda coding: (coding.valence, coding.code, coding.party))

    def count(self, key: Callable[[Coding], Any]) -> dict[Any, set[str]]:
        """Return the respondents per key, of codings with a valence."""
        people: dict[Any, set[str]] = defaultdict(set)
        for coding in self.codings:
            if coding.valence:
                people[key(coding)].add(coding.respondent)
        return dict(people)

    def behind_all(self, keys: Iterable[Key]) -> int:
        """Return how many respondents stand behind at least one of these findings."""
        return len(set().union(*(self.behind.get(key, set()) for key in keys)))

    def small_groups(self) -> list[str]:
        """Return the names of the chosen groups so small that single persons can be recognised."""
        return [self.group_name(group) for group, n in self.totals.items() if n < RECOGNISABLE]


def counted(n: int, total: int) -> dict[str, Any]:
    """Return n of N with its quantifier: n, total, word ("majoriteten") and said ("majoriteten, 6 av 9")."""
    word = quantifier(n, total)
    spelled = " av " in word or total == 1
    said = f"en av {total}" if word == "en" else word if spelled else f"{word}, {n} av {total}"
    return {"n": n, "total": total, "word": word, "said": said}


# --- the quotes behind a number -----------------------------------------------------------------------

ANY = "*"
Pattern = tuple[str, str, str]
"""A finding, where "*" stands for any value."""


def patterns(written: str) -> list[Pattern]:
    """Return the findings written as "valence|code|party,…". Raises NotFoundError for what is none."""
    found = [tuple(part.split("|")) for part in written.split(",")]
    if any(len(part) != 3 for part in found):
        raise NotFoundError("Det fyndet finns inte.", fix="Läs in sidan på nytt.")
    return [(part[0], part[1], part[2]) for part in found]


def matching(codings: Iterable[Coding], wanted: Sequence[Pattern]) -> list[Coding]:
    """Return the codings that any of the patterns fits."""

    def fits(coding: Coding, pattern: Pattern) -> bool:
        own = (coding.valence, coding.code, coding.party)
        return all(want in (ANY, has) for want, has in zip(pattern, own, strict=True))

    return [coding for coding in codings if coding.valence and any(fits(coding, pattern) for pattern in wanted)]


def quotes(study: Study, picture: Picture, wanted: Sequence[Pattern]) -> dict[str, Any]:
    """Return n of N, the same per group, and every quote with who, where and in answer to what."""
    found = matching(picture.codings, wanted)
    order = list(picture.totals)
    found.sort(key=lambda coding: (order.index(coding.group), coding.respondent, coding.transcript, coding.start))
    transcripts = {number: study.material.transcript(number) for number in {coding.transcript for coding in found}}

    def question(coding: Coding) -> str:
        turn = transcripts[coding.transcript].turn_at(coding.start)
        if not turn or not turn.question:
            return ""
        try:
            return picture.protocols[coding.group].question(turn.question).text
        except NotFoundError:
            return ""

    def row(coding: Coding) -> dict[str, Any]:
        plain = {key: getattr(coding, key) for key in ("id", "quote", "respondent", "start", "end", "valence")}
        return {
            **plain,
            "interview": coding.transcript,
            "wave": transcripts[coding.transcript].wave,
            "group": picture.group_name(coding.group),
            "question": question(coding),
            "code": picture.code_name(coding.code),
            "party": picture.party_name(coding.party),
        }

    per_group = [(group, len({c.respondent for c in found if c.group == group})) for group in order]
    return {
        **counted(len({coding.respondent for coding in found}), max(picture.people, 1)),
        "groups": [
            {"id": group, "name": picture.group_name(group), **counted(n, picture.totals[group])}
            for group, n in per_group
            if n
        ],
        "small": picture.small_groups(),
        "quotes": [row(coding) for coding in found],
    }
