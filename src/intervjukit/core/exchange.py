"""A project of another program, in the field's own terms (REFI-QDA's) and free from any file format.

Places are half-open spans of Unicode code points in ``ProjectSource.text``, which is normalised (``core.text``), so
a text and its selections can be stored as they are. Readers of files give a ``Project``; the study takes it in.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Target = Literal["selection", "code", "case", "source", "project"]
GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_NAMESPACE = uuid.UUID("6f1c0a52-3b7e-5f0d-9a57-1a6b0f1d2e90").bytes
_VARIANTS = {digit: "89ab"[number & 3] for number, digit in enumerate("0123456789abcdef")}


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who codes; ``name`` is as the other program shows it."""

    guid: str
    name: str


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """A code; ``parent`` is the guid of the one above, ``colour`` is #RRGGBB or "", not ``codable`` is a folder."""

    guid: str
    name: str
    parent: str | None = None
    description: str = ""
    colour: str = ""
    codable: bool = True


@dataclass(frozen=True, slots=True)
class ProjectSource:
    """A text that is coded; ``at`` is an ISO time, "" when unknown."""

    guid: str
    name: str
    text: str
    description: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True, slots=True)
class ProjectCase:
    """A person, or whatever the other program counts by, with its sources (guids) and values of variables."""

    guid: str
    name: str
    sources: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """A stretch ``[start, end)`` of a source with the codes (guids) one user has given it; none for a noted place.

    ``user`` is a guid, "" when unknown; ``at`` an ISO time, "" when unknown.
    """

    guid: str
    source: str
    start: int
    end: int
    codes: tuple[str, ...] = ()
    user: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class ProjectNote:
    """A memo; ``target_guid`` is what it is about, "" for the project."""

    guid: str
    text: str
    target: Target = "project"
    target_guid: str = ""
    user: str = ""
    at: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ProjectSet:
    """A named set of codes and sources (guids): a facet, a group of documents."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """A whole project. ``remarks`` says in Swedish what the reading found and what was left out.

    ``extra`` is what the kit itself has put beside (see ``formats.refi``), {} from other programs.
    """

    name: str
    origin: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[ProjectCode, ...] = ()
    sources: tuple[ProjectSource, ...] = ()
    cases: tuple[ProjectCase, ...] = ()
    selections: tuple[Selection, ...] = ()
    notes: tuple[ProjectNote, ...] = ()
    sets: tuple[ProjectSet, ...] = ()
    remarks: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def text_of(self) -> dict[str, str]:
        """The sources' texts by guid."""
        return {source.guid: source.text for source in self.sources}

    def quote(self, selection: Selection) -> str:
        """Return the words of a selection."""
        return self.text_of[selection.source][selection.start : selection.end]


def new_guid(*parts: object) -> str:
    """Return a GUID that is always the same for the same parts (a UUID of version 5)."""
    # as uuid.uuid5, which takes four times as long: a project has a hundred thousand of them
    found = hashlib.sha1(_NAMESPACE + "\x1f".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()
    return f"{found[:8]}-{found[8:12]}-5{found[13:16]}-{_VARIANTS[found[16]]}{found[17:20]}-{found[20:32]}"


def plain_guid(written: str) -> str:
    """Return a GUID in small letters and without braces, "" for what is none."""
    found = GUID.fullmatch(written.strip())
    return found[1].lower() if found else ""


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text as hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()
