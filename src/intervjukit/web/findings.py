"""The findings board: what is said about whom, counted by respondent, and down to the quotes behind any number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from intervjukit.core.findings import Contrast, compare_groups, look_at_parties, rank_factors
from intervjukit.core.spoken import Spoken
from intervjukit.errors import NotFoundError
from intervjukit.web.calls import Call, page, reads
from intervjukit.web.picture import Picture, counted, patterns, quotes


def show(call: Call) -> dict[str, Any]:
    """Return what the page shows before its script asks for the rest."""
    picture = Picture.of(call.study)
    return {
        "title": "Fynd",
        "valences": [
            (value.id, picture.valence_name(value.id, many=True), picture.valence_name(value.id))
            for value in picture.values("valence")
        ],
        "groups": [(group, picture.group_name(group), n) for group, n in picture.totals.items()],
    }


def board(call: Call) -> Any:
    """Return every table of the page for ?slag=… and ?grupper=a,b (all groups when there are none)."""
    picture = _picture(call)
    valence = call.query.get("slag", "")
    if valence not in {value.id for value in picture.values("valence")}:
        raise NotFoundError(f"Kodboken har inget slag ”{valence}”.", fix="Läs in sidan på nytt.")
    return {
        "valence": {"id": valence, "name": picture.valence_name(valence)},
        "people": picture.people,
        "small": picture.small_groups(),
        "incomplete": {
            "valence": sum(not coding.valence for coding in picture.codings),
            "party": sum(coding.valence == valence and not coding.party for coding in picture.codings),
        },
        "codes": [
            {"id": code.id, "name": code.name, "depth": depth, "about": code.definition}
            for code, depth in picture.tree()
        ],
        **_counts(picture, valence),
        "views": _views(picture, valence),
        "contrasts": _contrasts(picture),
        "ranking": _ranking(picture, valence),
    }


def _picture(call: Call) -> Picture:
    return Picture.of(call.study, [group for group in call.query.get("grupper", "").split(",") if group])


def _counts(picture: Picture, valence: str) -> dict[str, Any]:
    """Return the grid's columns and cells: per party, per group, and over all."""
    total = picture.people
    parties = picture.count(lambda coding: (coding.valence, coding.code, coding.party))
    groups = picture.count(lambda coding: (coding.valence, coding.code, coding.group))
    whole = picture.count(lambda coding: (coding.valence, coding.code))
    party_columns = [value.id for value in picture.values("party")]
    if any(kind == valence and not party for kind, _, party in parties):
        party_columns.append("")
    return {
        "parties": [{"id": party, "name": picture.party_name(party), "total": total} for party in party_columns],
        "groups": [
            {"id": group, "name": picture.group_name(group), "total": n, "own": picture.own_parties[group]}
            for group, n in picture.totals.items()
        ],
        "by_party": [
            {"code": code, "column": party, **counted(len(who), total)}
            for (kind, code, party), who in parties.items()
            if kind == valence
        ],
        "by_group": [
            {"code": code, "column": group, **counted(len(who), picture.totals[group])}
            for (kind, code, group), who in groups.items()
            if kind == valence
        ],
        "by_code": [
            {"code": code, **counted(len(who), total)} for (kind, code), who in whole.items() if kind == valence
        ],
    }


def _views(picture: Picture, valence: str) -> list[dict[str, Any]]:
    """Return who says what about whom: one cell per group and party."""
    seen = look_at_parties(picture.codings, picture.totals, picture.own_parties)
    return [
        {
            "group": view.group,
            "party": view.party,
            **counted(view.n, view.total),
            "codes": [picture.code_name(code) for code in view.codes],
        }
        for view in seen
        if view.valence == valence
    ]


def _contrasts(picture: Picture) -> list[dict[str, Any]]:
    """Return the agreements and contradictions, kind by kind, the heaviest first."""
    found = compare_groups(picture.codings, picture.totals, picture.own_parties)
    return [
        {
            "id": kind,
            "name": name,
            "about": about,
            "rows": [_contrast(picture, one) for one in found if one.kind == kind],
        }
        for kind, name, about in _kinds(picture.spoken["flaskhals"])
    ]


def _kinds(bottleneck: Spoken) -> Iterator[tuple[str, str, str]]:
    """Yield each kind of contrast, what it is called, and what it means."""
    one, some = bottleneck.one, bottleneck.some
    yield "samsyn", "Här är parterna eniga", f"Grupper från minst två parter lägger samma {one} på samma ställe."
    yield (
        "motsägelse",
        "Här säger de emot varandra",
        f"Några grupper ser främst {some} där andra främst ser något som hjälper. Varje grupp räknas efter det som "
        "flest i den säger.",
    )
    yield (
        "blind fläck",
        "Det syns utifrån men inte inifrån",
        f"Andra ser {some} hos parten, men ingen av partens egna grupper nämner det.",
    )
    yield "pekar på varandra", "De pekar på varandra", f"Två parter lägger samma {one} hos varandra."


def _contrast(picture: Picture, contrast: Contrast) -> dict[str, Any]:
    """Return one contrast with its sides, each with the finding its number opens."""
    mutual = contrast.kind == "pekar på varandra"

    def party(group: str) -> str:
        first, *rest = contrast.parties
        return rest[0] if mutual and picture.own_parties[group] == first else first

    return {
        "code": picture.code_name(contrast.code),
        "parties": [picture.party_name(party) for party in contrast.parties],
        "sides": [
            {
                "group": group,
                "name": picture.group_name(group),
                "valence": valence,
                "valence_name": picture.valence_name(valence),
                "finding": "|".join((valence, contrast.code, party(group))),
                "about": picture.party_name(party(group)),
                **counted(n, total),
            }
            for group, valence, n, total in contrast.sides
        ],
    }


def _ranking(picture: Picture, valence: str) -> list[dict[str, Any]]:
    ranked = rank_factors(picture.codings, picture.totals, valence)
    return [
        {
            "place": row.place,
            "code": row.code,
            "name": picture.code_name(row.code),
            "groups": [picture.group_name(group) for group in row.groups],
            **counted(row.n, row.total),
        }
        for row in ranked
    ]


def behind(call: Call) -> Any:
    """Return the quotes behind ?fynd=valence|code|party,… ("*" for any), within ?grupper=…."""
    return quotes(call.study, _picture(call), patterns(call.query.get("fynd", "")))


routes = [page("/fynd", "findings.html", show), reads("/api/fynd", board), reads("/api/fynd/citat", behind)]
