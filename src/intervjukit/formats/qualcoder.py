"""QualCoder's project folder (.qda) read directly: its database data.qda to a Project.

Tables as QualCoder makes them, versions 1 to 14 of its database. Positions are Qt's, and QualCoder adjusts them for
emoji in its own way: each is tested against the text that is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from intervjukit.core.exchange import (
    Project,
    ProjectCase,
    ProjectCode,
    ProjectNote,
    ProjectSource,
    Selection,
    Target,
    User,
    new_guid,
)
from intervjukit.core.text import normalise
from intervjukit.errors import FileError, RuleError
from intervjukit.formats.foreign import Foreign, note, opened, placed
from intervjukit.formats.refi_offsets import Pointer, RawText

FILE = "data.qda"
ORIGIN = "QualCoder"
_WHOSE = ("owner", "date", "memo")


def read_qualcoder(path: Path) -> Project:
    """Return the project in a .qda folder, or in the data.qda within it; the original is never touched.

    Documents, categories and codes, codings, memos, annotations, journal, cases and attributes. What is coded in
    pictures, sound and film is counted in ``remarks``. Raises FileError.
    """
    file = path / FILE if path.is_dir() else path
    if not file.exists():
        raise FileError(f"{path.name} är inget QualCoder-projekt ({FILE} saknas).", fix="Ange projektets .qda-mapp.")
    with opened(file, ORIGIN) as database:
        if not {"code_text", "code_name", "source"} <= database.tables:
            raise FileError(f"{file.name} är inget QualCoder-projekt.", fix="Ange projektets .qda-mapp.")
        name = (file.parent if file.name == FILE else file).stem
        return _Reading(database, name).project()


class _Reading:
    """One project on its way from rows to places in normalised texts."""

    def __init__(self, database: Foreign, name: str) -> None:
        self._database, self._name = database, name
        about = database.rows("project", "date", "memo")
        self._memo = about[0]["memo"] if about else ""
        self._key = f"{about[0]['date'] if about else ''} {name}"
        self._remarks: list[str] = []
        self._owners: dict[str, None] = {}

    def _guid(self, kind: str, number: object) -> str:
        return new_guid("qualcoder", self._key, kind, number)

    def _user(self, row: dict[str, Any]) -> str:
        owner = str(row["owner"] or "").strip()
        if owner:
            self._owners.setdefault(owner)
        return self._guid("user", owner) if owner else ""

    def project(self) -> Project:
        """Return the whole project."""
        sources, texts = self._sources()
        names = {source.guid: source.name for source in sources}
        codes = tuple(self._codes())
        selections, notes = self._coded(texts, names, {code.guid for code in codes})
        notes += [*self._own_notes(), *self._annotations(texts, names, selections)]
        self._left_out()
        return Project(
            self._name,
            ORIGIN,
            tuple(User(self._guid("user", owner), owner) for owner in self._owners),
            codes,
            sources,
            tuple(self._cases(set(names))),
            tuple(selections),
            tuple(notes),
            remarks=tuple(self._remarks),
        )

    def _sources(self) -> tuple[tuple[ProjectSource, ...], dict[str, RawText]]:
        sources, texts = [], {}
        attributes = self._attributes("file")
        for row in self._database.rows("source", "id", "name", "fulltext", *_WHOSE):
            written, name = row["fulltext"], str(row["name"] or f"Dokument {row['id']}")
            if not isinstance(written, str) or not written.strip():
                self._remarks.append(f"”{name}” har ingen text och följde inte med.")
                continue
            guid = self._guid("source", row["id"])
            try:
                text = normalise(written)
            except RuleError as error:
                raise FileError(f"”{name}” går inte att läsa: {error.problem}", fix=error.fix) from error
            texts[guid] = RawText(written.removeprefix("\ufeff"), written.startswith("\ufeff"))
            memo, at = str(row["memo"] or ""), str(row["date"] or "")
            sources.append(ProjectSource(guid, name, text, memo, attributes.get(row["id"], {}), at))
        return tuple(sources), texts

    def _codes(self) -> Iterator[ProjectCode]:
        """Yield the categories, and then the codes under them or under one another."""
        for row in self._database.rows("code_cat", "catid", "name", "memo", "supercatid"):
            above = self._guid("category", row["supercatid"]) if row["supercatid"] is not None else None
            guid = self._guid("category", row["catid"])
            yield ProjectCode(guid, str(row["name"]), above, str(row["memo"] or ""), codable=False)
        for row in self._database.rows("code_name", "cid", "name", "memo", "catid", "color", "supercid"):
            above = self._guid("category", row["catid"]) if row["catid"] is not None else None
            above = self._guid("code", row["supercid"]) if row["supercid"] is not None else above
            colour = str(row["color"] or "")
            guid = self._guid("code", row["cid"])
            yield ProjectCode(guid, str(row["name"]), above, str(row["memo"] or ""), colour)

    def _coded(
        self, texts: dict[str, RawText], names: dict[str, str], codes: set[str]
    ) -> tuple[list[Selection], list[ProjectNote]]:
        columns = ("ctid", "cid", "fid", "seltext", "pos0", "pos1", *_WHOSE)
        rows, lost = [], 0
        for row in self._database.rows("code_text", *columns):
            here = self._guid("source", row["fid"]) in texts and self._guid("code", row["cid"]) in codes
            lost += not here
            rows += [row] if here else []
        if lost:
            noun = "kodning" if lost == 1 else "kodningar"
            self._remarks.append(f"{lost} {noun} hör till dokument eller koder som inte finns och följde inte med.")
        pointers = [self._pointer(row, str(row["seltext"] or "")) for row in rows]
        spans, told = placed(texts, names, pointers, ORIGIN)
        self._remarks += told
        selections: list[Selection] = []
        notes: list[ProjectNote] = []
        for row, span in zip(rows, spans, strict=True):
            source, guid = self._guid("source", row["fid"]), self._guid("coding", row["ctid"])
            user, at = self._user(row), str(row["date"] or "")
            if span:
                code = self._guid("code", row["cid"])
                selections.append(Selection(guid, source, span.start, span.end, (code,), user, at))
            about: tuple[Target, str] = ("selection", guid) if span else ("source", source)
            notes += note(row["memo"], *about, guid, user=user, at=at)
        return selections, notes

    def _pointer(self, row: dict[str, Any], quoted: str) -> Pointer:
        return Pointer(self._guid("source", row["fid"]), int(row["pos0"] or 0), int(row["pos1"] or 0), quoted)

    def _annotations(
        self, texts: dict[str, RawText], names: dict[str, str], selections: list[Selection]
    ) -> Iterator[ProjectNote]:
        """Yield the notes on places, whose places are added to ``selections`` with no code."""
        found = self._database.rows("annotation", "anid", "fid", "pos0", "pos1", *_WHOSE)
        rows = [row for row in found if self._guid("source", row["fid"]) in texts]
        spans, _ = placed(texts, names, [self._pointer(row, "") for row in rows], ORIGIN)
        for row, span in zip(rows, spans, strict=True):
            source, guid = self._guid("source", row["fid"]), self._guid("annotation", row["anid"])
            user, at = self._user(row), str(row["date"] or "")
            if span:
                selections.append(Selection(guid, source, span.start, span.end, (), user, at))
            about: tuple[Target, str] = ("selection", guid) if span else ("source", source)
            yield from note(row["memo"], *about, guid, user=user, at=at)

    def _own_notes(self) -> Iterator[ProjectNote]:
        yield from note(self._memo, "project", "", self._key, "projekt")
        for row in self._database.rows("journal", "jid", "name", "jentry", "date", "owner"):
            user = self._user(row)
            written = "\n\n".join(str(part) for part in (row["name"], row["jentry"]) if part)
            yield from note(
                written, "project", "", self._key, "journal", row["jid"], user=user, at=str(row["date"] or "")
            )

    def _cases(self, known: set[str]) -> Iterator[ProjectCase]:
        homes: dict[object, dict[str, None]] = {}
        for row in self._database.rows("case_text", "caseid", "fid"):
            guid = self._guid("source", row["fid"])
            if guid in known:
                homes.setdefault(row["caseid"], {}).setdefault(guid)
        attributes = self._attributes("case")
        for row in self._database.rows("cases", "caseid", "name", "memo"):
            number = row["caseid"]
            sources = tuple(homes.get(number, ()))
            memo = str(row["memo"] or "")
            yield ProjectCase(self._guid("case", number), str(row["name"]), sources, attributes.get(number, {}), memo)

    def _attributes(self, kind: str) -> dict[object, dict[str, str]]:
        found: dict[object, dict[str, str]] = {}
        for row in self._database.rows("attribute", "name", "attr_type", "value", "id"):
            if row["attr_type"] == kind and str(row["value"] or "").strip():
                found.setdefault(row["id"], {})[str(row["name"])] = str(row["value"]).strip()
        return found

    def _left_out(self) -> None:
        for table, what in (("code_image", "bilder"), ("code_av", "ljud och film")):
            if number := len(self._database.rows(table, "cid")):
                noun = "kodning" if number == 1 else "kodningar"
                self._remarks.append(f"{number} {noun} i {what} följde inte med, bara de i text.")
