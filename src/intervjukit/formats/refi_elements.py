"""A REFI-QDA file's XML turned into plain rows, element by element, so that memory stays bounded.

Tolerant of what is met: any namespace, a byte order mark or blanks before the declaration, empty lists, GUIDs in
braces or capitals, users and codes that are referred to but nowhere told.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from intervjukit.core.exchange import ProjectCode, ProjectSet, User, new_guid, plain_guid
from intervjukit.errors import FileError

_WHOLE = (
    *("User", "CodeBook", "Variable", "Case", "TextSource", "PDFSource", "PictureSource", "AudioSource"),
    *("VideoSource", "Note", "Link", "Set", "Project"),
)


@dataclass(slots=True)
class RawSelection:
    """A selection as it stands: where it is by its program, and what hangs on it as (code, user, time)."""

    guid: str
    start: int
    end: int
    name: str
    description: str
    user: str
    at: str
    codings: list[tuple[str, str, str]]
    notes: list[str]
    line: int


@dataclass(slots=True)
class RawSource:
    """A source as it stands: its text or the paths to it, and its selections; a note is one as well.

    ``left`` counts what is coded in picture or sound and cannot come along.
    """

    guid: str
    name: str
    description: str
    content: str | None
    plain_path: str
    rich_path: str
    user: str
    at: str
    selections: list[RawSelection]
    notes: list[str]
    variables: dict[str, str]
    line: int
    left: int = 0


@dataclass(slots=True)
class RawCase:
    """A case as it stands."""

    guid: str
    name: str
    description: str
    variables: dict[str, str]
    sources: list[str]
    selections: list[str]


@dataclass(slots=True)
class RawProject:
    """Everything a file holds, before the texts are read. ``variables`` are names by GUID."""

    name: str = ""
    origin: str = ""
    description: str = ""
    notes: list[str] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    codes: list[ProjectCode] = field(default_factory=list)
    code_notes: list[tuple[str, str]] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    cases: list[RawCase] = field(default_factory=list)
    sources: list[RawSource] = field(default_factory=list)
    memos: list[RawSource] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    sets: list[ProjectSet] = field(default_factory=list)


def read_elements(data: bytes, name: str) -> RawProject:
    """Return what a .qde or .qdc holds. Raises FileError when it is no sound XML or no REFI-QDA."""
    from lxml import etree

    data = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    _refuse_doctype(data, name)
    raw = RawProject()
    tags = [f"{{*}}{tag}" for tag in _WHOLE]
    try:
        walk = etree.iterparse(io.BytesIO(data), events=("end",), tag=tags, resolve_entities=False, no_network=True)
        for _, element in walk:
            _take(raw, element)
            element.clear()
        root = _tag(walk.root)
    except etree.XMLSyntaxError as error:
        raise FileError(
            f"{name} är skadad: rad {error.lineno or 1} går inte att läsa som XML.",
            fix="Exportera på nytt från programmet den kommer ifrån.",
        ) from error
    if root not in ("Project", "CodeBook"):
        raise FileError(
            f"{name} är inget REFI-QDA-projekt och ingen kodbok (den börjar med <{root}>).",
            fix="Exportera som REFI-QDA (.qdpx eller .qdc) från programmet den kommer ifrån.",
        )
    return raw


def _refuse_doctype(data: bytes, name: str) -> None:
    """Raise FileError when a document type comes before the root: no entity is ever expanded."""

    class _Begun(Exception):  # noqa: N818
        pass

    def begun(*_: object) -> None:
        raise _Begun

    def refuse(*_: object) -> None:
        raise FileError(
            f"{name} har en dokumenttyp (DTD), som kan dölja skadlig kod.",
            fix="Exportera på nytt från programmet den kommer ifrån.",
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, begun
    try:
        parser.Parse(data, True)
    except (_Begun, expat.ExpatError):
        return  # what is broken is told by the one that reads it


# --- one element ------------------------------------------------------------------------------------


def _take(raw: RawProject, element: Any) -> None:
    tag = _tag(element)
    if taker := _TAKERS.get(tag):
        taker(raw, element)


def _take_project(raw: RawProject, element: Any) -> None:
    raw.name, raw.origin = element.get("name", ""), element.get("origin", "")
    raw.description, raw.notes = _description(element), _refs(element, "NoteRef")


def _take_user(raw: RawProject, element: Any) -> None:
    raw.users.append(User(_guid(element), element.get("name") or element.get("id") or ""))


def _take_variable(raw: RawProject, element: Any) -> None:
    raw.variables[_guid(element)] = element.get("name", "")


def _take_codes(raw: RawProject, element: Any) -> None:
    """Take in a code book's tree, each code before those below it."""
    waiting = [(code, None) for holder in _each(element, "Codes") for code in _each(holder, "Code")][::-1]
    stack: list[tuple[Any, str | None]] = [*waiting]
    while stack:
        code, parent = stack.pop()
        guid = _guid(code)
        codable = code.get("isCodable", "true") not in ("false", "0")
        raw.codes.append(
            ProjectCode(guid, code.get("name", ""), parent, _description(code), _colour(code.get("color", "")), codable)
        )
        raw.code_notes += [(guid, note) for note in _refs(code, "NoteRef")]
        stack += [(each, guid) for each in _each(code, "Code")][::-1]


def _take_case(raw: RawProject, element: Any) -> None:
    values = _values(raw, element)
    sources, selections = _refs(element, "SourceRef"), _refs(element, "SelectionRef")
    raw.cases.append(
        RawCase(_guid(element), element.get("name", ""), _description(element), values, sources, selections)
    )


def _take_text(raw: RawProject, element: Any) -> None:
    raw.sources.append(_text_source(raw, element))


def _take_pdf(raw: RawProject, element: Any) -> None:
    """Take in the text of a PDF, when the program has put it beside; marked areas of pages have no text."""
    texts = _each(element, "Representation")
    _take_beside(raw, element, texts, "PDFSelection")


def _take_picture(raw: RawProject, element: Any) -> None:
    _take_beside(raw, element, _each(element, "TextDescription"), "PictureSelection")


def _take_sound(raw: RawProject, element: Any) -> None:
    kind = _tag(element).removesuffix("Source")
    _take_beside(raw, element, _each(element, "Transcript"), f"{kind}Selection")


def _take_beside(raw: RawProject, element: Any, texts: Iterable[Any], areas: str) -> None:
    """Take in the texts that belong to a picture, sound or PDF, and count what is coded in the thing itself."""
    found = [_text_source(raw, text) for text in texts]
    if not found:
        found = [_text_source(raw, element)]
    for source in found:
        source.name = source.name or element.get("name", "")
    found[0].guid = _guid(element)
    found[0].left = sum(len(list(_each(area, "Coding"))) for area in _each(element, areas))
    found[0].variables |= _values(raw, element)
    raw.sources += found


def _take_note(raw: RawProject, element: Any) -> None:
    raw.memos.append(_text_source(raw, element))


def _take_link(raw: RawProject, element: Any) -> None:
    raw.links.append((_as_guid(element.get("originGUID", "")), _as_guid(element.get("targetGUID", ""))))


def _take_set(raw: RawProject, element: Any) -> None:
    guid = _guid(element)
    codes, sources = tuple(_refs(element, "MemberCode")), tuple(_refs(element, "MemberSource"))
    raw.sets.append(ProjectSet(guid, element.get("name", ""), _description(element), codes, sources))


_TAKERS: Mapping[str, Callable[[RawProject, Any], None]] = {
    "User": _take_user,
    "CodeBook": _take_codes,
    "Variable": _take_variable,
    "Case": _take_case,
    "TextSource": _take_text,
    "PDFSource": _take_pdf,
    "PictureSource": _take_picture,
    "AudioSource": _take_sound,
    "VideoSource": _take_sound,
    "Note": _take_note,
    "Link": _take_link,
    "Set": _take_set,
    "Project": _take_project,
}


def _text_source(raw: RawProject, element: Any) -> RawSource:
    content = next((each.text or "" for each in _each(element, "PlainTextContent")), None)
    points = {_guid(point): _whole(point.get("position")) for point in _each(element, "SyncPoint")}
    selections = [_selection(each, points) for each in element if _tag(each) in _SELECTIONS]
    return RawSource(
        guid=_guid(element),
        name=element.get("name", ""),
        description=_description(element),
        content=content,
        plain_path=element.get("plainTextPath", ""),
        rich_path=element.get("richTextPath", ""),
        user=_as_guid(element.get("creatingUser", "")),
        at=element.get("creationDateTime", ""),
        selections=selections,
        notes=_refs(element, "NoteRef"),
        variables=_values(raw, element),
        line=element.sourceline or 1,
    )


_SELECTIONS = ("PlainTextSelection", "TranscriptSelection")


def _selection(element: Any, points: Mapping[str, int]) -> RawSelection:
    user, at = element.get("creatingUser", ""), element.get("creationDateTime", "")
    codings, notes = [], _refs(element, "NoteRef")
    for coding in _each(element, "Coding"):
        by, when = coding.get("creatingUser", user), coding.get("creationDateTime", at)
        for each in coding:
            if _tag(each) == "CodeRef":
                codings.append((_as_guid(each.get("targetGUID", "")), _as_guid(by), when))
            elif _tag(each) == "NoteRef":
                notes.append(_as_guid(each.get("targetGUID", "")))
    if _tag(element) == "TranscriptSelection":
        start, end = (points.get(_as_guid(element.get(key, "")), -1) for key in ("fromSyncPoint", "toSyncPoint"))
    else:
        start, end = (_whole(element.get(key)) for key in ("startPosition", "endPosition"))
    return RawSelection(
        guid=_guid(element),
        start=start,
        end=end,
        name=element.get("name", ""),
        description=_description(element),
        user=_as_guid(user),
        at=at,
        codings=codings,
        notes=notes,
        line=element.sourceline or 1,
    )


# --- parts of an element ----------------------------------------------------------------------------


def _tag(element: Any) -> str:
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _each(element: Any, tag: str) -> Iterator[Any]:
    return element.iterchildren(f"{{*}}{tag}")  # type: ignore[no-any-return]


def _description(element: Any) -> str:
    return next((each.text or "" for each in _each(element, "Description")), "")


def _refs(element: Any, tag: str) -> list[str]:
    """Return the GUIDs that children point at; the code book's own schema calls the attribute guid."""
    return [_as_guid(each.get("targetGUID") or each.get("guid") or "") for each in _each(element, tag)]


def _values(raw: RawProject, element: Any) -> dict[str, str]:
    """Return the values of a case's or source's variables by name; a variable without a name is called by its GUID."""
    found = {}
    for each in _each(element, "VariableValue"):
        refs = _refs(each, "VariableRef")
        values = [child.text or "" for child in each if _tag(child).endswith("Value")]
        if refs and values:
            found[raw.variables.get(refs[0]) or refs[0]] = values[0]
    return found


def _guid(element: Any) -> str:
    return _as_guid(element.get("guid", ""))


@lru_cache(maxsize=4096)
def _as_guid(written: str) -> str:
    """Return a GUID; of anything else that is written in its place one is made, always the same."""
    return (plain_guid(written) or new_guid("skriven", written)) if written else ""


def _whole(written: str | None) -> int:
    try:
        return int(written or "")
    except ValueError:
        return -1


def _colour(written: str) -> str:
    """Return a colour as #RRGGBB, "" for what is none."""
    digits = written.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    try:
        return f"#{int(digits, 16):06X}" if len(digits) == 6 else ""
    except ValueError:
        return ""
