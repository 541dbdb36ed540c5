"""The SWOT and measures board, and the same for a projector: lines that cite findings, measures that answer lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from intervjukit.core.swot import FIELD_NAMES, FIELDS, Field, Key, Measure, MeasureDraft, SwotItem
from intervjukit.errors import RuleError
from intervjukit.web.calls import Call, ChangedError, decides, page, reads
from intervjukit.web.picture import Picture, counted, patterns
from intervjukit.web.rendering import clock

ABOUT: Mapping[Field, str] = {
    "styrka": "Hjälper, och parterna råder över det.",
    "svaghet": "Hindrar, och parterna råder över det.",
    "mojlighet": "Kan hjälpa, men andra råder över det.",
    "hot": "Hindrar, och andra råder över det.",
}
"""What belongs in each field."""
_LARGEST = 2**63 - 1
_LINE, _MEASURE = "den här raden", "den här åtgärden"


def show(call: Call) -> dict[str, Any]:
    """Return what the board shows before its script asks for the rest."""
    return {"title": "SWOT och åtgärder"}


def project(call: Call) -> dict[str, Any]:
    """Return what the projector page shows before its script asks for the rest."""
    return {"title": "SWOT"}


# --- the board as it is -----------------------------------------------------------------------------


def state(call: Call) -> Any:
    """Return lines, measures, what they may rest on, and what is missing."""
    study, picture = call.study, Picture.of(call.study)
    items, measures = study.swot.items(), study.measures.items()
    return {
        "people": picture.people,
        "fields": [{"id": field, "name": FIELD_NAMES[field], "about": ABOUT[field]} for field in FIELDS],
        "parties": [{"id": value.id, "name": value.name} for value in picture.values("party")],
        "items": [{"id": item.id, **_line(item), **_ground(picture, item)} for item in items],
        "measures": [{"id": one.id, **_measure(one), "party_name": picture.party_name(one.party)} for one in measures],
        "findings": _findings(picture),
        "gaps": _gaps(call, picture, items, measures),
        "bottlenecks": picture.spoken["flaskhals"].head,
    }


def _line(item: SwotItem) -> dict[str, Any]:
    """Return what of a line a change depends on."""
    return {"field": item.field, "text": item.text, "cites": [_written(key) for key in item.cites]}


def _measure(measure: Measure) -> dict[str, Any]:
    """Return what of a measure a change depends on."""
    plain = {name: getattr(measure, name) for name in ("text", "party", "due", "follow_up")}
    return {**plain, "cites": list(measure.cites)}


def _written(key: Key) -> str:
    return "|".join(key)


def _ground(picture: Picture, item: SwotItem) -> dict[str, Any]:
    """Return how many respondents stand behind a line now, and its findings by name."""
    return {
        **counted(picture.behind_all(item.cites), max(picture.people, 1)),
        "rests": [
            {"id": _written(key), "name": picture.wording(key), "n": len(picture.behind.get(key, ()))}
            for key in item.cites
        ],
    }


def _findings(picture: Picture) -> list[dict[str, Any]]:
    """Return every finding with a party that a line may cite, most respondents first."""
    found = [(key, len(who)) for key, who in picture.behind.items() if key[2]]
    return [
        {
            "id": _written(key),
            "name": picture.wording(key),
            "valence": key[0],
            "valence_name": picture.valence_name(key[0], many=True),
            "code": picture.code_name(key[1]),
            "n": n,
        }
        for key, n in sorted(found, key=lambda one: (-one[1], one[0]))
    ]


def _gaps(call: Call, picture: Picture, items: Sequence[SwotItem], measures: Sequence[Measure]) -> dict[str, list[Any]]:
    """Return what is missing: weaknesses and bottlenecks no measure meets, lines and measures without ground."""
    grounded = {item.id for item in items if picture.behind_all(item.cites)}
    answered = {item for measure in measures for item in measure.cites}
    return {
        "lines": [item.id for item in items if item.id not in grounded],
        "measures": [one.id for one in measures if not grounded & set(one.cites)],
        "weaknesses": [item.id for item in items if item.field == "svaghet" and item.id not in answered],
        "bottlenecks": [
            {"id": _written(line.cites[0]), "name": line.text, "n": line.weight} for line in call.study.measures.unmet()
        ],
    }


# --- what the page believed -------------------------------------------------------------------------


def _expected(call: Call, table: str, rows: Mapping[int, dict[str, Any]], what: str) -> int:
    """Return the number of the line or measure when it is as the page shows it. Raises ChangedError."""
    number = min(int(call.path["number"]), _LARGEST)
    now = rows.get(number)
    if now is not None and call.data.get("expected") == now:
        return number
    event = call.study.history.latest_about(table, number)
    who, at = (event.who, event.at) if event else ("", "")
    if now is None:
        by = who if who and who != call.coder else "Någon"
        raise ChangedError(f"{by} har tagit bort {what}{f' {clock(at)}' if at else ''}. Ditt val är inte sparat.", None)
    call.expect(now, what, who=who, at=at)
    return number


def _line_number(call: Call) -> int:
    return _expected(call, "swot_items", {item.id: _line(item) for item in call.study.swot.items()}, _LINE)


def _measure_number(call: Call) -> int:
    return _expected(call, "measures", {one.id: _measure(one) for one in call.study.measures.items()}, _MEASURE)


def _field(call: Call) -> Field:
    for field in FIELDS:
        if field == call.text("field"):
            return field
    raise RuleError("Det fältet finns inte i SWOT.", fix="Läs in sidan på nytt.")


def _keys(call: Call) -> list[Key]:
    return patterns(",".join(call.items("cites", str)))


# --- lines ------------------------------------------------------------------------------------------


def add(call: Call) -> Any:
    """Add a line that rests on findings, worded by the first of them when no text is sent."""
    keys = _keys(call)
    text = call.text("text", "").strip() or Picture.of(call.study).wording(keys[0])
    number = call.study.swot.add(_field(call), text, keys)
    return {"id": number, "board": state(call)}


def reword(call: Call) -> Any:
    """Word a line in another way."""
    call.study.swot.edit(_line_number(call), text=call.text("text"))
    return {"board": state(call)}


def move(call: Call) -> Any:
    """Put a line in a field, before another line there or last; the field must hold what the page shows."""
    number, field = _line_number(call), _field(call)
    order = [item.id for item in call.study.swot.items() if item.field == field]
    if call.items("order", int) != order:
        raise ChangedError(f"Någon har ändrat ordningen i {FIELD_NAMES[field]}. Ditt val är inte sparat.", order)
    before = call.number("before", 0) or None
    call.study.swot.move(number, field, before=before)
    return {"board": state(call)}


def cite(call: Call) -> Any:
    """Let a line rest on other findings."""
    call.study.swot.cite(_line_number(call), _keys(call))
    return {"board": state(call)}


def remove(call: Call) -> Any:
    """Take a line away."""
    call.study.swot.remove(_line_number(call))
    return {"board": state(call)}


def proposed(call: Call) -> Any:
    """Return the lines that findings give and no line cites yet, to choose among; nothing is saved."""
    picture = Picture.of(call.study)
    return {
        "lines": [
            {**_line(line), **counted(line.weight, max(picture.people, 1))} for line in call.study.swot.proposed()
        ]
    }


def draft(call: Call) -> Any:
    """Add the chosen ones of the proposed lines."""
    now = [_written(line.cites[0]) for line in call.study.swot.proposed()]
    call.expect(now, "fynden som utkastet bygger på")
    return {"added": call.study.swot.draft(only=call.items("only", int)), "board": state(call)}


# --- measures ---------------------------------------------------------------------------------------


def add_measure(call: Call) -> Any:
    """Add a measure that answers lines of the SWOT."""
    details = {name: call.text(name, "").strip() for name in ("due", "follow_up")}
    number = call.study.measures.add(call.text("text"), call.text("party"), call.items("cites", int), **details)
    return {"id": number, "board": state(call)}


def edit_measure(call: Call) -> Any:
    """Change a measure's text, responsible party, date or follow-up."""
    values = {name: value.strip() for name, value in call.texts("values").items()}
    call.study.measures.edit(_measure_number(call), **values)
    return {"board": state(call)}


def cite_lines(call: Call) -> Any:
    """Let a measure answer other lines."""
    call.study.measures.cite(_measure_number(call), call.items("cites", int))
    return {"board": state(call)}


def remove_measure(call: Call) -> Any:
    """Take a measure away."""
    call.study.measures.remove(_measure_number(call))
    return {"board": state(call)}


def _draft_row(draft: MeasureDraft) -> dict[str, Any]:
    return {"text": draft.text, "party": draft.party, "cites": [item.id for item in draft.items]}


def proposed_measures(call: Call) -> Any:
    """Return the measures that weaknesses without one give, to choose among; nothing is saved."""
    picture = Picture.of(call.study)
    return {
        "measures": [
            {
                **_draft_row(draft),
                "party_name": picture.party_name(draft.party),
                "lines": [item.text for item in draft.items],
            }
            for draft in call.study.measures.proposed()
        ]
    }


def draft_measures(call: Call) -> Any:
    """Add the chosen ones of the proposed measures."""
    call.expect([_draft_row(one) for one in call.study.measures.proposed()], "raderna som utkastet bygger på")
    return {"added": call.study.measures.draft(only=call.items("only", int)), "board": state(call)}


_LINES: Mapping[str, Callable[[Call], Any]] = {"text": reword, "flytta": move, "fynd": cite, "ta-bort": remove}
_MEASURES: Mapping[str, Callable[[Call], Any]] = {
    "andra": edit_measure,
    "rader": cite_lines,
    "ta-bort": remove_measure,
}

routes = [
    page("/swot", "swot.html", show),
    page("/swot/projektor", "swot-projector.html", project),
    reads("/api/swot", state),
    reads("/api/swot/utkast", proposed),
    decides("/api/swot/utkast", draft),
    decides("/api/swot/rader", add),
    *(decides(f"/api/swot/rader/{{number:int}}/{verb}", act) for verb, act in _LINES.items()),
    reads("/api/atgarder/utkast", proposed_measures),
    decides("/api/atgarder/utkast", draft_measures),
    decides("/api/atgarder", add_measure),
    *(decides(f"/api/atgarder/{{number:int}}/{verb}", act) for verb, act in _MEASURES.items()),
]
