"""The code book as REFI-QDA has it, out and back: themes in their tree, and each facet a branch beside them.

A description is the code's own part of the code book's YAML. It reads as plain words in any program ("definition:",
"när:", "exempel:"), and it is read back exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from intervjukit.core.codebook import Codebook, Facet
from intervjukit.core.exchange import ProjectCode, ProjectSet
from intervjukit.core.recoding import new_id
from intervjukit.core.text import normalise, squeeze
from intervjukit.errors import FaultyFileError, IntervjukitError
from intervjukit.formats.codebooks import codebook_yaml, parse_codebook, read_codebook
from intervjukit.formats.library import codebook_file
from intervjukit.formats.yaml_nodes import Node, dump_yaml, flow, load_nodes

Guid = Callable[[str, str], str]
"""Gives the GUID of a thing by its kind ("code", "facet", "value") and its own id."""
_BRANCH, _VALUE = "facett", "värde"
_HEAD = ("kodbok", "om", "sammansättningar")
"""What of a code book stands in the description of the set of its themes."""
_PALETTE = ("#4477AA", "#66CCEE", "#228833", "#CCBB44", "#EE6677", "#AA3377", "#997700", "#44AA99", "#882255")
_VALENCES = {"flaskhals": "#BB5522", "framgang": "#3B7D3F", "onskan": "#3366AA"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code of a project is in the study: the theme ``code``, or the facet ``code`` with its ``value``."""

    kind: Literal["theme", "value", "branch"]
    code: str
    value: str = ""


@dataclass(frozen=True)
class ReadBook:
    """A code book made from a project's codes, what each of them is in it (by GUID), and their colours by code id.

    ``yaml`` is the book as it can be read.
    """

    book: Codebook
    yaml: str
    meanings: Mapping[str, Meaning]
    colours: Mapping[str, str]
    remarks: tuple[str, ...] = ()


# --- out --------------------------------------------------------------------------------------------


def project_codes(
    book: Codebook, yaml: str, guid: Guid, colours: Mapping[str, str]
) -> tuple[tuple[ProjectCode, ...], tuple[ProjectSet, ...]]:
    """Return a code book's themes and facet values as codes, and as sets: the themes, and each facet's values.

    ``yaml`` is the book as it is written, ``colours`` are by code id; a theme without one gets that of its place.
    """
    data = _data(yaml)
    themes = [
        ProjectCode(
            guid("code", code.id),
            code.name,
            guid("code", code.parent) if code.parent else None,
            _description(each, first="definition", last="id", leave=("namn", "förälder")),
            colours.get(code.id) or _PALETTE[number % len(_PALETTE)],
        )
        for number, (code, each) in enumerate(zip(book.codes, data["koder"], strict=True))
    ]
    values = [
        code
        for facet, each in zip(book.facets, data.get("facetter", []), strict=True)
        for code in _facet_codes(facet, each, guid)
    ]
    return (*themes, *values), tuple(_sets(book, data, guid))


def _facet_codes(facet: Facet, data: Mapping[str, Any], guid: Guid) -> Iterable[ProjectCode]:
    branch = guid("facet", facet.id)
    about = dump_yaml({_BRANCH: facet.id, **({"om": facet.about} if facet.about else {})})
    yield ProjectCode(branch, facet.name, None, about.rstrip("\n"), codable=False)
    for value, each in zip(facet.values, data.get("värden", []), strict=True):
        words = {_VALUE: each["id"], **{key: each[key] for key in each if key != "id"}}
        yield ProjectCode(
            guid("value", f"{facet.id}/{value.id}"),
            value.name,
            branch,
            _description(words, first="definition", last=_VALUE, leave=("namn",)),
            _VALENCES.get(value.id, ""),
        )


def _sets(book: Codebook, data: Mapping[str, Any], guid: Guid) -> Iterable[ProjectSet]:
    head = dump_yaml({key: data[key] for key in _HEAD if key in data}).rstrip("\n")
    yield ProjectSet(guid("set", ""), book.title, head, tuple(guid("code", code.id) for code in book))
    for facet in book.facets:
        members = tuple(guid("value", f"{facet.id}/{value.id}") for value in facet.values)
        yield ProjectSet(guid("set", facet.id), facet.name, facet.about, members)


def _description(data: Mapping[str, Any], *, first: str, last: str, leave: Sequence[str]) -> str:
    order = [first, *(key for key in data if key not in (first, last, *leave)), last]
    listed = {key: flow(data[key]) if key == "indikatorer" else data[key] for key in order if key in data}
    return dump_yaml(listed).rstrip("\n")


# --- in ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def standard_book() -> Codebook:
    """Return the code book that comes with the kit, whose facets other programs' code books get."""
    return read_codebook(codebook_file("halsoflodet"))


def read_book(codes: Sequence[ProjectCode], sets: Sequence[ProjectSet], standard: Codebook, title: str) -> ReadBook:
    """Return the code book that a project's codes make.

    Of the kit's own codes it is the same again. Other programs' codes become themes, their descriptions definitions,
    and the facets are those of ``standard``. Names that are alike in two branches stay two codes.
    """
    told = {code.guid: _own_description(code.description) for code in codes}
    facets, meanings = _read_facets(codes, told)
    themes, remarks = _themes([code for code in codes if code.guid not in meanings], told, meanings)
    heads = [(each.name, head) for each in sets if "kodbok" in (head := _own_description(each.description))]
    named, head = heads[0] if heads else (title, {})
    data: dict[str, Any] = {
        "kodbok": head.get("kodbok") or new_id(title, ()),
        "titel": squeeze(normalise(named)) or "Kodbok",
        "om": head.get("om", ""),
        "sammansättningar": head.get("sammansättningar", []),
        "facetter": facets or _data(codebook_yaml(standard)).get("facetter", []),
        "koder": themes,
    }
    yaml = dump_yaml({key: value for key, value in data.items() if value})
    colours = {meanings[code.guid].code: code.colour for code in codes if code.colour and _is_theme(meanings, code)}
    return ReadBook(_parsed(yaml), yaml, meanings, colours, tuple(remarks))


def _is_theme(meanings: Mapping[str, Meaning], code: ProjectCode) -> bool:
    return meanings[code.guid].kind == "theme"


def _read_facets(
    codes: Sequence[ProjectCode], told: Mapping[str, Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, Meaning]]:
    """Return the facets that the kit's own branches hold, as a code book's data, and what those codes mean."""
    branches = {code.guid: told[code.guid][_BRANCH] for code in codes if _BRANCH in told[code.guid]}
    meanings = {guid: Meaning("branch", str(facet)) for guid, facet in branches.items()}
    facets = []
    for branch in (code for code in codes if code.guid in branches):
        values = []
        for code in codes:
            if code.parent == branch.guid and _VALUE in told[code.guid]:
                words = dict(told[code.guid])
                meanings[code.guid] = Meaning("value", str(branches[branch.guid]), str(words.pop(_VALUE)))
                values.append({"id": meanings[code.guid].value, "namn": squeeze(code.name), **words})
        about = {"om": told[branch.guid]["om"]} if "om" in told[branch.guid] else {}
        facets.append({"id": branches[branch.guid], "namn": squeeze(branch.name), **about, "värden": values})
    return facets, meanings


def _themes(
    codes: Sequence[ProjectCode], told: Mapping[str, Mapping[str, Any]], meanings: dict[str, Meaning]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the other codes as a code book's data, noting in ``meanings`` which id each has got."""
    ids: dict[str, str] = {}
    for code in codes:
        wanted = str(told[code.guid].get("id", ""))
        known = wanted and wanted not in ids.values() and new_id(wanted, ()) == wanted
        ids[code.guid] = wanted if known else new_id(code.name, {*ids.values()})
        meanings[code.guid] = Meaning("theme", ids[code.guid])
    return [_theme(code, told[code.guid], ids) for code in codes], _twice(codes)


def _twice(codes: Sequence[ProjectCode]) -> list[str]:
    names = [squeeze(code.name).casefold() for code in codes]
    alike = sorted({squeeze(code.name) for code in codes if names.count(squeeze(code.name).casefold()) > 1})
    if not alike:
        return []
    return [f"Samma kodnamn finns i flera grenar och är kvar som olika koder: {', '.join(alike)}."]


def _theme(code: ProjectCode, told: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    name = squeeze(normalise(code.name)) or "namnlös"
    data: dict[str, Any] = {"id": ids[code.guid], "namn": name}
    if code.parent and code.parent in ids:
        data["förälder"] = ids[code.parent]
    if "id" not in told:
        return {**data, "definition": normalise(code.description).strip() or name}
    data |= {key: value for key, value in told.items() if key != "id"}
    if limits := [limit for limit in told.get("när_inte", []) if limit.get("i_stället") in ids.values()]:
        return {**data, "när_inte": limits}
    data.pop("när_inte", None)
    return data


def _own_description(text: str) -> dict[str, Any]:
    """Return what a description of the kit's own says, {} for any other."""
    if not any(f"{key}:" in text for key in ("id", _VALUE, _BRANCH, "kodbok")):
        return {}
    try:
        data = _plain(load_nodes(Path("beskrivning"), text))
    except IntervjukitError:
        return {}
    if not isinstance(data, dict):
        return {}
    if "id" in data and "definition" not in data:
        return {}
    return data if {"id", _VALUE, _BRANCH, "kodbok"} & set(data) else {}


def _plain(node: Node) -> Any:
    if isinstance(node.value, list):
        return [_plain(each) for each in node.value]
    if isinstance(node.value, dict):
        return {key: _plain(each) for key, each in node.value.items()}
    return node.value


def _data(yaml: str) -> dict[str, Any]:
    found: dict[str, Any] = _plain(load_nodes(Path("kodbok"), yaml))
    return found


def _parsed(yaml: str) -> Codebook:
    """Return the code book as it reads. Raises FaultyFileError."""
    book, faults = parse_codebook(yaml, Path("kodboken i projektet"))
    if errors := [fault for fault in faults if fault.level == "fel"]:
        raise FaultyFileError("Kodboken i projektet", errors)
    return book
