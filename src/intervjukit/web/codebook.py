"""The code book page: the codes in a tree with what they mean and what is coded, and every way to change them.

A new code is also made from the coding page: POST /api/kodbok/kod {name, definition, parent?, …} answers with the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intervjukit.core.codebook import Code, Example, Limit
from intervjukit.core.recoding import LONGEST_NAME
from intervjukit.errors import RuleError
from intervjukit.themes import Theme
from intervjukit.web.calls import Call, decides, page, reads

_TEXTS = ("name", "definition", "when", "measure")


def show(call: Call) -> dict[str, Any]:
    """Return what the page shows before its script asks for the codes."""
    book = call.study.codebook
    return {"title": "Kodbok", "book": book, "longest": LONGEST_NAME}


# --- as it is ---------------------------------------------------------------------------------------


def codes(call: Call) -> Any:
    """Return every code with its texts and use, in the order of the code book, and the facets of an example."""
    return {
        "codes": [_theme(theme) for theme in call.study.themes.all()],
        "facets": [
            {"id": facet.id, "name": facet.name, "values": [{"id": one.id, "name": one.name} for one in facet.values]}
            for facet in call.study.codebook.facets
        ],
        "words": _words(call),
    }


def _words(call: Call) -> list[str]:
    """Return the words that are read as the code book says, as a person writes them: "vård + kö"."""
    return [" + ".join(parts) for parts in call.study.codebook.compounds]


def _theme(theme: Theme) -> dict[str, Any]:
    return {
        "id": theme.code.id,
        "parent": theme.code.parent,
        "codings": theme.codings,
        "respondents": theme.respondents,
        "below": theme.below,
        "codings_below": theme.codings_below,
        "respondents_below": theme.respondents_below,
        **content(theme.code),
    }


def content(code: Code) -> dict[str, Any]:
    """Return the texts of a code, as the page shows and sends them."""
    return {
        **{name: getattr(code, name) for name in _TEXTS},
        "limits": [{"condition": limit.condition, "instead": limit.instead} for limit in code.limits],
        "examples": [{"text": example.text, "facets": dict(example.facets)} for example in code.examples],
        "indicators": list(code.indicators),
        "influenceable": code.influenceable,
        "headings": dict(code.headings),
    }


def codings(call: Call) -> Any:
    """Return the codings of one code with where they stand, by respondent and place."""
    waves = {row.id: row.wave for row in call.study.material.interviews()}
    return [
        {
            "id": one.id,
            "interview": one.transcript,
            "respondent": one.respondent,
            "wave": waves.get(one.transcript, 1),
            "start": one.start,
            "end": one.end,
            "quote": one.quote,
            "facets": dict(one.facets),
            "coder": one.coder,
        }
        for one in call.study.themes.codings(call.path["code"])
    ]


# --- changes ----------------------------------------------------------------------------------------


def add(call: Call) -> Any:
    """Make a new code; it is answered with, to be coded with at once."""
    parent = call.text("parent", "") or None
    code = call.study.themes.add(call.text("name"), call.text("definition"), parent=parent, **_values(call))
    return {"id": code.id, "parent": code.parent, **content(code)}


def change(call: Call) -> Any:
    """Change a code's texts."""
    _as_shown(call)
    values = _values(call)
    for name in ("name", "definition"):
        if name in call.data:
            values[name] = call.text(name)
    return content(call.study.themes.change(call.path["code"], **values))


def move(call: Call) -> Any:
    """Put a code under another one, or topmost."""
    code = call.study.codebook.code(call.path["code"])
    call.expect(code.parent, "var den här koden ligger")
    return {"parent": call.study.themes.move(code.id, call.text("parent", "") or None).parent}


def merge(call: Call) -> Any:
    """Make a code part of another."""
    _as_shown(call)
    into = call.study.codebook.code(call.text("into"))
    return {"into": into.id, "codings": call.study.themes.merge(call.path["code"], into.id)}


def split(call: Call) -> Any:
    """Make a new code of chosen codings."""
    chosen = call.items("codings", int)
    new = call.study.themes.split(call.path["code"], chosen, call.text("name"), call.text("definition"))
    return {"id": new.id, "codings": len(set(chosen))}


def remove(call: Call) -> Any:
    """Take away a code that is not used."""
    _as_shown(call)
    call.study.themes.remove(call.path["code"])
    return {}


def read_words(call: Call) -> Any:
    """Say how some words are made, and nothing of any other."""
    call.expect(_words(call), "hur ord läses")
    call.study.themes.read_as(*call.items("words", str), only=True)
    return {"words": _words(call)}


def _as_shown(call: Call) -> None:
    """Refuse the call when the code is not as the page showed it."""
    code = call.study.codebook.code(call.path["code"])
    call.expect(content(code), f"koden ”{code.name}”")


def _values(call: Call) -> dict[str, Any]:
    """Return what was sent of a code's texts but its name and definition. Raises RuleError for any other form."""
    values: dict[str, Any] = {name: call.text(name) for name in ("when", "measure") if name in call.data}
    if "limits" in call.data:
        values["limits"] = tuple(
            Limit(_text(row, "condition"), _text(row, "instead")) for row in call.items("limits", dict)
        )
    if "examples" in call.data:
        values["examples"] = tuple(
            Example(_text(row, "text"), _facets(row.get("facets", {}))) for row in call.items("examples", dict)
        )
    if "indicators" in call.data:
        values["indicators"] = tuple(call.items("indicators", str))
    if "influenceable" in call.data:
        values["influenceable"] = call.flag("influenceable")
    if "headings" in call.data:
        values["headings"] = call.texts("headings")
    return values


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise RuleError(f"”{name}” ska vara en text.", fix="Läs in sidan på nytt och försök igen.")
    return value


def _facets(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or any(not isinstance(one, str) for one in value.values()):
        raise RuleError("”facets” ska bara innehålla texter.", fix="Läs in sidan på nytt och försök igen.")
    return value


routes = [
    page("/kodbok", "codebook.html", show),
    reads("/api/kodbok", codes),
    decides("/api/kodbok/kod", add),
    decides("/api/kodbok/ord", read_words),
    reads("/api/kod/{code}/kodningar", codings),
    decides("/api/kod/{code}", change),
    decides("/api/kod/{code}/flytta", move),
    decides("/api/kod/{code}/slaihop", merge),
    decides("/api/kod/{code}/dela", split),
    decides("/api/kod/{code}/tabort", remove),
]
