"""The map of a survey file as YAML: what each column is read as, to look through, change and use again.

titel: Uppföljning
grupp: sjukskrivna          # för alla rader, om ingen kolumn säger det
omgång: 2
datum: 2026-05-04
blad: Svar
rubrikrad: 3
grupper: {Medarbetare: sjukskrivna}
kolumner:
  - rubrik: Löpnummer
    läses som: respondent
  - rubrik: Hur nöjd är du med stödet? (1-6)
    läses som: skala
    skala: 1-6
    namn: Stöd
  - rubrik: Vad drog ut på tiden?
    läses som: öppen fråga
    fråga: drar_ut
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from intervjukit.core.interview import read_date
from intervjukit.core.protocol import Protocol
from intervjukit.core.survey import Column, Plan, Role, Table
from intervjukit.core.text import squeeze
from intervjukit.errors import Fault, FaultyFileError, NotFoundError
from intervjukit.formats.yaml_nodes import Form, dump_yaml, load_nodes, read_text_file

ROLE_NAMES: Mapping[Role, str] = {
    "respondent": "respondent",
    "group": "grupp",
    "wave": "omgång",
    "date": "datum",
    "attribute": "bakgrund",
    "scale": "skala",
    "open": "öppen fråga",
    "skip": "hoppas över",
}
_ROLES: Mapping[str, Role] = {name: role for role, name in ROLE_NAMES.items()}
_TOP = ("titel", "grupp", "omgång", "datum", "blad", "rubrikrad", "grupper", "kolumner")
_COLUMN = ("rubrik", "läses som", "namn", "fråga", "skala")
_SCALE = re.compile(r"(-?\d{1,3})\s*[-–—]\s*(\d{1,3})")
_ONCE: tuple[Role, ...] = ("respondent", "group", "wave", "date")


def map_yaml(plan: Plan) -> str:
    """Return a plan as the text of a map."""
    columns = []
    for column in plan.columns:
        told = {"rubrik": column.head, "läses som": ROLE_NAMES[column.role]}
        if column.role == "scale":
            told |= {"skala": f"{column.low}-{column.high}"}
        if column.role == "open" and column.question:
            told |= {"fråga": column.question}
        if column.role in ("scale", "attribute") and column.name != column.head:
            told |= {"namn": column.name}
        columns.append(told)
    top = {
        "titel": plan.title,
        "grupp": plan.group,
        "omgång": str(plan.wave),
        "datum": plan.date,
        "blad": plan.sheet,
        "rubrikrad": str(plan.head_row or ""),
        "grupper": dict(plan.groups),
    }
    return dump_yaml({**{key: value for key, value in top.items() if value}, "kolumner": columns})


def place_of_heads(path: Path) -> tuple[str, int]:
    """Return the sheet and the row of the heads that a map tells, "" and 0 where it does not. Raises FileError."""
    form = Form(load_nodes(path, read_text_file(path)), path.name, [], _TOP, "Kartan")
    row = form.text("rubrikrad")
    return form.text("blad"), int(row) if row.isdecimal() else 0


def read_map(path: Path, table: Table, guides: Mapping[str, Protocol]) -> Plan:
    """Return the plan that a map tells for a table; columns it does not name are skipped.

    Raises FaultyFileError with every fault and its line: heads that the table lacks, unknown questions and groups.
    """
    faults: list[Fault] = []
    form = Form(load_nodes(path, read_text_file(path)), path.name, faults, _TOP, "Kartan")
    told: dict[str, Column] = {}
    for each in form.forms("kolumner", _COLUMN, "Kolumnen"):
        column = _column(each, guides)
        line = each.line("rubrik")
        if column.head not in table.heads:
            each.fault(line, f"Tabellen har ingen kolumn ”{column.head}”.", f"Välj någon av: {_listed(table.heads)}.")
        elif column.head in told:
            each.fault(line, f"Kolumnen ”{column.head}” står två gånger.", "Ta bort den ena.")
        elif column.role in _ONCE and any(other.role == column.role for other in told.values()):
            each.fault(line, f"Mer än en kolumn läses som {ROLE_NAMES[column.role]}.", "Behåll en av dem.")
        told[column.head] = column
    plan = Plan(
        tuple(told.get(head, Column(head, "skip", why="står inte i kartan")) for head in table.heads),
        form.text("titel") or table.file.rpartition(".")[0],
        table.sheet,
        table.head_row,
        _group(form, "grupp", form.text("grupp"), guides),
        _wave(form),
        _date(form),
        _groups(form, guides),
    )
    _no_name_twice(form, plan)
    if faults:
        raise FaultyFileError(path.name, faults)
    return plan


def _column(form: Form, guides: Mapping[str, Protocol]) -> Column:
    head = squeeze(form.text("rubrik", required=True))
    said = form.text("läses som", required=True).casefold()
    role = _ROLES.get(said, "skip")
    if said and said not in _ROLES:
        form.fault(form.line("läses som"), f"”{said}” är inget en kolumn kan läsas som.", f"Välj: {', '.join(_ROLES)}.")
    low, high = _scale(form) if role == "scale" else (0, 0)
    question = form.text("fråga")
    if question and not any(_has(guide, question) for guide in guides.values()):
        fix = "Skriv id för en fråga i någon av studiens guider, eller utelämna ”fråga” för en egen fråga."
        form.fault(form.line("fråga"), f"Ingen guide har frågan ”{question}”.", fix)
    return Column(head, role, squeeze(form.text("namn")) or head, question, low, high, "kartan")


def _scale(form: Form) -> tuple[int, int]:
    found = _SCALE.fullmatch(form.text("skala", required=True).strip())
    if found and int(found[1]) < int(found[2]):
        return int(found[1]), int(found[2])
    if form.text("skala"):
        form.fault(form.line("skala"), f"Skalan ”{form.text('skala')}” går inte att tolka.", "Skriv till exempel 1-6.")
    return 1, 10


def _has(guide: Protocol, question: str) -> bool:
    try:
        guide.question(question)
    except NotFoundError:
        return False
    return True


def _group(form: Form, key: str, said: str, guides: Mapping[str, Protocol]) -> str:
    known = {name.casefold(): guide.group for guide in guides.values() for name in (guide.group, guide.group_name)}
    if said and said.casefold() not in known:
        form.fault(form.line(key), f"Gruppen ”{said}” finns inte i studien.", f"Skriv någon av: {', '.join(guides)}.")
    return known.get(said.casefold(), "")


def _wave(form: Form) -> int:
    said = form.text("omgång")
    if said and not (said.isdecimal() and 0 < int(said[:4]) < 100):
        form.fault(form.line("omgång"), f"Omgången ”{said}” går inte att tolka.", "Skriv ett nummer, till exempel 2.")
        return 1
    return int(said or 1)


def _date(form: Form) -> str:
    said = form.text("datum")
    found = read_date(said)
    if said and not found:
        form.fault(form.line("datum"), f"Datumet ”{said}” går inte att tolka.", "Skriv det som 2026-02-11.")
    return found


def _groups(form: Form, guides: Mapping[str, Protocol]) -> dict[str, str]:
    node = form.fields.get("grupper")
    if node is None or not isinstance(node.value, dict):
        return {}
    return {said: _group(form, "grupper", str(each.value), guides) for said, each in node.value.items()}


def _no_name_twice(form: Form, plan: Plan) -> None:
    names = [column.name for column in plan.columns if column.role in ("attribute", "scale")]
    for name in {name for name in names if names.count(name) > 1}:
        form.fault(form.line("kolumner"), f"Två kolumner får namnet ”{name}”.", "Ge dem olika ”namn”.")


def _listed(heads: tuple[str, ...]) -> str:
    return ", ".join(f"”{head[:30]}”" for head in heads[:12]) + (" …" if len(heads) > 12 else "")
