"""REFI-QDA out: a code book as .qdc and a project as .qdpx, valid by the schemas of the standard (version 1.0).

Texts are UTF-8 without byte order mark, with LF; places are code points and the end is not part. The same project
gives the same bytes. Nothing but texts is put in the archive: never the Word file an interview was read from.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from intervjukit.core.exchange import (
    Project,
    ProjectCase,
    ProjectCode,
    ProjectNote,
    ProjectSet,
    ProjectSource,
    Selection,
    new_guid,
)
from intervjukit.core.text import squeeze

ORIGIN = "Intervjukit"
CODEBOOK, PROJECT = "urn:QDA-XML:codebook:1.0", "urn:QDA-XML:project:1.0"
EXTRA = "intervjukit.json"
"""What the kit has and the standard has no place for, as a file among the sources."""
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile('[&<>"\t\n\r]|' + _NOT_XML.pattern)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_LONGEST_NAME = 200
_DATE = (1980, 1, 1, 0, 0, 0)
Refs = Mapping[str, Sequence[str]]
"""The notes (guids) by the guid of what they are about, "" for the project."""


def write_codebook(codes: Sequence[ProjectCode], sets: Sequence[ProjectSet], path: Path) -> None:
    """Write a code book (.qdc) to ``path``."""
    inside = [_element("Codes", _codes(codes, {})), _some("Sets", (_set(each, "guid") for each in sets))]
    path.write_bytes((_DECLARATION + _element("CodeBook", *inside, xmlns=CODEBOOK, origin=ORIGIN)).encode())


def write_project(project: Project, path: Path) -> None:
    """Write a project (.qdpx) to ``path``, with ``project.extra`` beside its texts."""
    files = {f"sources/{source.guid}.txt": source.text for source in project.sources}
    if project.extra:
        files[f"sources/{EXTRA}"] = json.dumps(project.extra, ensure_ascii=False)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {"project.qde": _DECLARATION + project_xml(project), **files}.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode(), zipfile.ZIP_DEFLATED, compresslevel=1)


def project_xml(project: Project) -> str:
    """Return a project as the XML of project.qde, without its declaration."""
    refs, variables = _note_refs(project), _variables(project)
    selections: dict[str, list[Selection]] = {}
    for selection in project.selections:
        selections.setdefault(selection.source, []).append(selection)
    sources = (_source(each, selections.get(each.guid, ()), variables, refs) for each in project.sources)
    codes = _some("Codes", [_codes(project.codes, refs)] if project.codes else [])
    return _element(
        "Project",
        _some("Users", (_element("User", guid=user.guid, name=user.name) for user in project.users)),
        _some("CodeBook", [codes] if codes else []),
        _some("Variables", (_variable(name, guid) for name, guid in variables.items())),
        _some("Cases", (_case(case, variables) for case in project.cases)),
        _some("Sources", sources),
        _some("Notes", map(_note, project.notes)),
        _some("Links", (_link(note) for note in project.notes if note.target == "case")),
        _some("Sets", (_set(each, "targetGUID") for each in project.sets)),
        _refs(refs.get("", ())),
        xmlns=PROJECT,
        name=project.name,
        origin=project.origin or ORIGIN,
    )


# --- parts ------------------------------------------------------------------------------------------


def _codes(codes: Sequence[ProjectCode], refs: Refs) -> str:
    """Return the codes as a tree: in each come description, notes and then the codes below."""
    known = {code.guid for code in codes}
    below: dict[str | None, list[ProjectCode]] = {}
    for code in codes:
        below.setdefault(code.parent if code.parent in known else None, []).append(code)
    written: dict[str, str] = {}
    order = [*below.get(None, [])]
    for code in order:  # grows while it is read: parents before children
        order += below.get(code.guid, [])
    for code in reversed(order):
        written[code.guid] = _element(
            "Code",
            _description(code.description),
            _refs(refs.get(code.guid, ())),
            *(written.pop(each.guid) for each in below.get(code.guid, [])),
            guid=code.guid,
            name=code.name,
            isCodable="true" if code.codable else "false",
            color=code.colour,
        )
    return "".join(written[code.guid] for code in below.get(None, []))


def _variable(name: str, guid: str) -> str:
    return _element("Variable", guid=guid, name=name, typeOfVariable="Text")


def _case(case: ProjectCase, variables: Mapping[str, str]) -> str:
    sources = "".join(_element("SourceRef", targetGUID=guid) for guid in case.sources)
    values = _values(case.variables, variables)
    return _element("Case", _description(case.description), values, sources, guid=case.guid, name=case.name)


def _source(source: ProjectSource, selections: Sequence[Selection], variables: Mapping[str, str], refs: Refs) -> str:
    return _element(
        "TextSource",
        _description(source.description),
        *(_selection(source.text, each, refs) for each in selections),
        _refs(refs.get(source.guid, ())),
        _values(source.variables, variables),
        guid=source.guid,
        name=source.name,
        plainTextPath=f"internal://{source.guid}.txt",
        creationDateTime=source.at,
    )


def _selection(text: str, selection: Selection, refs: Refs) -> str:
    """Return a selection with a Coding for each of its codes; its name is its words, so that a reader can check."""
    by = f'creatingUser="{selection.user}"' if selection.user else ""
    at = f' creationDateTime="{_attribute(selection.at)}"' if selection.at else ""
    codings = (
        f'<Coding guid="{new_guid(selection.guid, code)}" {by}><CodeRef targetGUID="{code}"/></Coding>'
        for code in selection.codes
    )
    name = _attribute(squeeze(text[selection.start : selection.end])[:_LONGEST_NAME])
    return (
        f'<PlainTextSelection guid="{selection.guid}" name="{name}" startPosition="{selection.start}" '
        f'endPosition="{selection.end}" {by}{at}>{"".join(codings)}{_refs(refs.get(selection.guid, ()))}'
        "</PlainTextSelection>\n"
    )


def _note(note: ProjectNote) -> str:
    name = note.name or squeeze(note.text)[:60]
    content = f"<PlainTextContent>{_content(note.text)}</PlainTextContent>"
    return _element("Note", content, guid=note.guid, name=name, creatingUser=note.user, creationDateTime=note.at)


def _link(note: ProjectNote) -> str:
    own = new_guid("link", note.guid)
    return _element("Link", guid=own, direction="OneWay", originGUID=note.guid, targetGUID=note.target_guid)


def _set(each: ProjectSet, key: str) -> str:
    """Return a set; ``key`` is what the schema calls a member's reference (the two schemas differ)."""
    codes = "".join(_element("MemberCode", **{key: guid}) for guid in each.codes)
    sources = "".join(_element("MemberSource", **{key: guid}) for guid in each.sources)
    return _element("Set", _description(each.description), codes, sources, guid=each.guid, name=each.name)


def _note_refs(project: Project) -> dict[str, list[str]]:
    """Return the notes by the guid of what they are about.

    A case can refer to no note: one about a case is referred to by its sources, and linked to the case.
    """
    sources = {case.guid: case.sources for case in project.cases}
    refs: dict[str, list[str]] = {}
    for note in project.notes:
        about = sources.get(note.target_guid, ()) if note.target == "case" else (note.target_guid,)
        for guid in about if note.target != "project" else ("",):
            refs.setdefault(guid, []).append(note.guid)
    return refs


def _variables(project: Project) -> dict[str, str]:
    """Return a GUID for each variable by its name, in the order they are met."""
    values = [*(case.variables for case in project.cases), *(source.variables for source in project.sources)]
    return {name: new_guid("variable", project.name, name) for each in values for name in each}


# --- XML --------------------------------------------------------------------------------------------


def _element(tag: str, *inside: str, **attributes: str) -> str:
    """Return an element with what is inside it; attributes that are "" are left out, but for names."""
    given = "".join(f' {key}="{_attribute(value)}"' for key, value in attributes.items() if value or key == "name")
    content = "".join(inside)
    return f"<{tag}{given}>{content}</{tag}>\n" if content else f"<{tag}{given}/>\n"


def _some(tag: str, inside: Iterable[str]) -> str:
    """Return an element unless it would be empty, which the schemas do not allow of lists."""
    content = "".join(inside)
    return _element(tag, content) if content else ""


def _description(text: str) -> str:
    return f"<Description>{_content(text)}</Description>" if text else ""


def _refs(guids: Iterable[str]) -> str:
    return "".join(f'<NoteRef targetGUID="{guid}"/>' for guid in guids)


def _values(values: Mapping[str, str], variables: Mapping[str, str]) -> str:
    return "".join(
        f'<VariableValue><VariableRef targetGUID="{variables[name]}"/>'
        f"<TextValue>{_content(value)}</TextValue></VariableValue>"
        for name, value in values.items()
    )


def _attribute(text: str) -> str:
    """Return ``text`` as it stands in an attribute, without the few characters XML cannot hold."""
    return _SPECIAL.sub(_entity, text) if _SPECIAL.search(text) else text


def _content(text: str) -> str:
    """Return ``text`` as it stands in an element, without the few characters XML cannot hold."""
    return _NOT_XML.sub("", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;"))


def _entity(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0], "")
