"""SWOT and measures: drafted from findings, owned and worded by people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from intervjukit.core.codebook import Codebook
from intervjukit.core.findings import Finding

Field = Literal["styrka", "svaghet", "mojlighet", "hot"]
FIELDS: tuple[Field, ...] = get_args(Field)
FIELD_NAMES = {"styrka": "Styrkor", "svaghet": "Svagheter", "mojlighet": "Möjligheter", "hot": "Hot"}
Key = tuple[str, str, str]
"""(valence, code, party): the finding a line cites, over all groups."""


@dataclass(frozen=True, slots=True)
class SwotItem:
    """A sentence in one of the four fields, with the findings it rests on.

    ``weight`` is the number of respondents behind it when it was made, ``place`` where in its field it stands.
    """

    field: Field
    text: str
    cites: tuple[Key, ...]
    weight: int = 0
    id: int = 0
    place: float = 0.0


@dataclass(frozen=True, slots=True)
class Measure:
    """An action with a responsible party, resting on SWOT lines."""

    text: str
    party: str
    cites: tuple[int, ...]
    due: str = ""
    follow_up: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class MeasureDraft:
    """A measure before it is saved: it still cites SWOT lines by their place in the draft."""

    text: str
    party: str
    items: tuple[SwotItem, ...] = field(default_factory=tuple)


def field_of(valence: str, influenceable: bool) -> Field | None:
    """Return the field a finding belongs in, by the steering group's rule.

    What the parties can influence is a strength or a weakness, what they cannot an opportunity or a threat
    (Hälsoflödet's reading of SWOT). A wish about something they can influence makes no line of its own, for
    it is an idea for a measure; a wish about something they cannot is an opportunity.
    """
    if valence == "framgang":
        return "styrka" if influenceable else "mojlighet"
    if valence == "flaskhals":
        return "svaghet" if influenceable else "hot"
    return "mojlighet" if valence == "onskan" and not influenceable else None


def draft_swot(findings: Iterable[Finding], codebook: Codebook, *, at_least: int = 2) -> list[SwotItem]:
    """Return SWOT lines for every (valence, code, party) that at least ``at_least`` respondents named.

    Each line cites its finding; ``weight`` is the number of respondents behind it, most first per field.
    """
    people: dict[Key, set[str]] = defaultdict(set)
    for finding in findings:
        if finding.party:
            people[finding.key].update(finding.respondents)
    lines = []
    for key, respondents in people.items():
        valence, code_id, party_id = key
        code, party = codebook.code(code_id), codebook.facet("party").value(party_id)
        placed = field_of(valence, code.influenceable and party.influenceable)
        if placed and len(respondents) >= at_least:
            lines.append(SwotItem(placed, f"{code.heading(valence)} – {party.name}", (key,), len(respondents)))
    return sorted(lines, key=lambda item: (FIELDS.index(item.field), -item.weight, item.text))


def choose_lines(lines: Sequence[SwotItem], *, per_field: int) -> list[SwotItem]:
    """Return the ``per_field`` heaviest lines of each field, and the heaviest of every party even beyond that.

    ``lines`` are drafts in order of weight, each citing one finding.
    """
    chosen = []
    taken: dict[Field, int] = defaultdict(int)
    parties: set[tuple[Field, str]] = set()
    for line in lines:
        party = (line.field, line.cites[0][2])
        if taken[line.field] < per_field or party not in parties:
            chosen.append(line)
        taken[line.field] += 1
        parties.add(party)
    return chosen


def draft_measures(items: Sequence[SwotItem], codebook: Codebook, *, per_party: int = 4) -> list[MeasureDraft]:
    """Return one measure per weakness, the ``per_party`` heaviest for each responsible party.

    Responsible is the party the weakness lies at, or the one that the code book says answers for it. The
    wording is the code book's idea for a measure; a person words it, or strikes it.
    """
    parties = codebook.facet("party")
    drafts: dict[tuple[str, str], list[SwotItem]] = defaultdict(list)
    for item in items:
        if item.field == "svaghet":
            for party, code in dict.fromkeys((party, code) for _, code, party in item.cites):
                drafts[parties.value(party).responsible or party, code].append(item)
    made: dict[str, list[MeasureDraft]] = defaultdict(list)
    for (party, code_id), cited in drafts.items():
        theme = codebook.code(code_id)
        text = theme.measure or f"Ta fram en åtgärd för {theme.name.lower()}"
        made[party].append(MeasureDraft(text, party, tuple(cited)))
    for rows in made.values():
        rows.sort(key=lambda draft: -max(item.weight for item in draft.items))
    order = [value.id for value in parties.values]
    return [draft for party in sorted(made, key=order.index) for draft in made[party][:per_party]]


def place_before(others: Sequence[SwotItem], item: int, before: int | None) -> dict[int, float]:
    """Return the places to give so that ``item`` stands before the line ``before``, or last when that is None.

    ``others`` are the other lines of the field in order. Only the moved line gets a place, halfway between its
    neighbours; when there is no number left between them, all lines get new ones.
    """
    at = next((place for place, other in enumerate(others) if other.id == before), len(others))
    low = others[at - 1].place if at else None
    high = others[at].place if at < len(others) else None
    if low is None or high is None:
        return {item: low + 1 if low is not None else high - 1 if high is not None else 1.0}
    middle = (low + high) / 2
    if low < middle < high:
        return {item: middle}
    ids = [other.id for other in others]
    return {number: float(place) for place, number in enumerate([*ids[:at], item, *ids[at:]], 1)}
