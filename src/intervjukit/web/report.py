"""The report page: choose profile, parts and template, look at the tables, make the Word file, download it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intervjukit.core.findings import count_findings, leading, rank_factors
from intervjukit.core.profile import Profile
from intervjukit.core.report import KNOWN
from intervjukit.core.swot import FIELD_NAMES, FIELDS
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.reporting import check_template
from intervjukit.study import Study
from intervjukit.web.calls import Call, decides, gives_file, page, reads
from intervjukit.web.picture import Picture, counted

if TYPE_CHECKING:
    from intervjukit.boards import Progress

MOST_RANKED = 12
_LONGEST_TITLE = 120
LAST = "senaste"
"""Says that the template used last is to be used again; any other word is the key of a file that was sent."""
Table = dict[str, Any]


def show(call: Call) -> dict[str, Any]:
    """Return the profiles with their parts, the template used last, and whether there is anything to report."""
    last = call.study.reports.last_template
    return {
        "title": "Rapport",
        "profiles": [_profile(profile) for profile in call.study.reports.profiles()],
        "last_template": last.name if last else "",
        "longest": _LONGEST_TITLE,
        "coded": bool(call.study.material.codings()),
    }


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "id": profile.id,
        "name": profile.name,
        "about": profile.about,
        "parts": [{"id": part, "name": KNOWN[part]} for part in profile.parts],
    }


# --- the tables beforehand ----------------------------------------------------------------------------


def preview(call: Call) -> Any:
    """Return the report's own tables part by part, as they would be now: title, heads and rows of texts."""
    picture = Picture.of(call.study)
    return {
        "tables": [
            {"part": part, **table}
            for part, tables in _TABLES.items()
            for table in tables(call.study, picture)
            if table["rows"]
        ]
    }


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()) -> Table:
    """Return a table; ``numbers`` are the columns of numbers, from 0."""
    return {
        "title": title,
        "heads": list(heads),
        "rows": [[str(value) for value in row] for row in rows],
        "numbers": list(numbers),
    }


def _interviewed(study: Study, picture: Picture) -> list[Table]:
    held = study.material.interviews()
    rows: list[list[object]] = []
    for group, n in picture.totals.items():
        words = [row.words for row in held if row.group == group]
        rows.append([picture.group_name(group), n, round(sum(words) / len(words))])
    return [_table("Intervjuade per grupp", ["Grupp", "Antal", "Ord i medeltal"], rows, [1, 2])]


def _per_group(study: Study, picture: Picture) -> list[Table]:
    """Return each group's bottlenecks that at least two people name, sorted by the party they are placed at."""
    order = [*(value.id for value in picture.values("party")), ""]
    found = [one for one in count_findings(picture.codings, picture.totals) if one.valence == "flaskhals"]
    tables = []
    for group in picture.totals:
        mine = [one for one in found if one.group == group]
        shown = sorted([one for one in mine if one.n > 1] or mine[:MOST_RANKED], key=lambda f: order.index(f.party))
        rows = [
            (picture.party_name(one.party), picture.code_name(one.code), counted(one.n, one.total)["said"])
            for one in shown
        ]
        title = f"{picture.spoken['flaskhals'].head} enligt gruppen {picture.group_name(group).lower()}"
        tables.append(_table(title, ["Part", "Tema", "Så många"], rows))
    return tables


def _ranked(study: Study, picture: Picture) -> list[Table]:
    tables = []
    for valence in ("framgang", "flaskhals", "onskan"):
        rows = leading(rank_factors(picture.codings, picture.totals, valence), MOST_RANKED)
        tables.append(
            _table(
                f"{picture.spoken[valence].ranked} i rangordning, antal av {picture.people} intervjuade",
                ["Plats", "Tema", "Antal", "Grupper som tar upp det"],
                [
                    (row.place, picture.code_name(row.code), row.n, ", ".join(map(picture.group_name, row.groups)))
                    for row in rows
                ],
                [2],
            )
        )
    return tables


def _swot(study: Study, picture: Picture) -> list[Table]:
    items = study.swot.items()
    return [
        _table(FIELD_NAMES[field], ["Rad", "Antal"], [(i.text, i.weight) for i in items if i.field == field], [1])
        for field in FIELDS
    ]


def _measures(study: Study, picture: Picture) -> list[Table]:
    lines = {item.id: item.text for item in study.swot.items()}
    rows = [
        (
            picture.party_name(one.party),
            one.text,
            "; ".join(lines[item] for item in one.cites if item in lines),
            one.due,
            one.follow_up,
        )
        for one in study.measures.items()
    ]
    return [_table("Åtgärder per ansvarig part", ["Ansvarig", "Åtgärd", "Svarar mot", "När", "Uppföljning"], rows)]


_TABLES: Mapping[str, Callable[[Study, Picture], list[Table]]] = {
    "metod": _interviewed,
    "grupper": _per_group,
    "rangordning": _ranked,
    "swot": _swot,
    "atgarder": _measures,
}


# --- the file -----------------------------------------------------------------------------------------


def make(call: Call) -> Any:
    """Start writing the report; the job's result is the file's key and name."""
    profile = call.text("profile", "full")
    parts = call.study.reports.profile(_plain(profile)).only(call.items("parts", str)).parts
    title = " ".join(call.text("title", "").split())
    if len(title) > _LONGEST_TITLE or not title.isprintable():
        raise RuleError("Så kan rapporten inte heta.", fix=f"Skriv en titel på högst {_LONGEST_TITLE} tecken.")
    place = call.desk.new_place(f"{title or call.study.name}.docx")
    template = _template(call, place)

    def work(study: Study, progress: Progress) -> Any:
        study.report(place, title=title, parts=parts, profile=profile, template=template, progress=progress)
        return {"key": place.parent.name, "name": place.name, "bytes": place.stat().st_size}

    return call.desk.begin("report", "Rapporten", call.coder, work)


def _plain(name: str) -> str:
    """Return a profile's name. Raises NotFoundError for a path: a page asks for no files by name."""
    if not name or Path(name).name != name or Path(name).suffix:
        raise NotFoundError(f"Rapportprofilen ”{name}” finns inte.", fix="Välj en i listan.")
    return name


def _template(call: Call, place: Path) -> Path | None:
    """Return the template asked for, None for none. Raises FileError when it cannot be used."""
    wanted = call.text("template", "")
    if not wanted:
        return None
    found = call.study.reports.last_template if wanted == LAST else call.desk.received(wanted)
    if found is None:
        raise NotFoundError("Det finns ingen tidigare mall.", fix="Välj en fil.")
    check_template(found, place)
    return found


def file(call: Call) -> tuple[Path, str]:
    """Return the made file ?nyckel=… and its name."""
    path = call.desk.received(call.query.get("nyckel", ""))
    return path, path.name


routes = [
    page("/rapport", "report.html", show),
    reads("/api/rapport", preview),
    decides("/api/rapport", make, alone=False),
    gives_file("/api/rapport/fil", file),
]
