"""REFI-QDA in: a code book (.qdc) or a project (.qdpx) of any program, with every place where it truly stands.

What would come in wrong is refused, with every fault named; what cannot come along (what is coded in a picture, a
place outside its text) is told in the project's remarks, one by one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

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
from intervjukit.core.text import Span, normalise, squeeze
from intervjukit.errors import Fault, FaultyFileError, FileError, RuleError
from intervjukit.formats.decoding import read_bytes
from intervjukit.formats.guard import MOST_PART
from intervjukit.formats.refi import EXTRA, ORIGIN
from intervjukit.formats.refi_archive import Archive, opened_archive, raw_text, word_text
from intervjukit.formats.refi_elements import RawProject, RawSelection, RawSource, read_elements
from intervjukit.formats.refi_offsets import (
    Convention,
    Places,
    Pointer,
    RawText,
    Ruler,
    Rulers,
    Verdict,
    by_quote,
    find_convention,
    says,
)

_HABITS = (
    ("nvivo", Convention(utf16=True)),
    ("atlas", Convention(crlf_one=True)),
)
"""What to hold for true of a program when its texts do not tell."""
_About = tuple[Target, str]
_UNPLACED = "gick inte att placera i texten och följde inte med"


def read_codebook_file(path: Path | str) -> Project:
    """Return the codes and sets of a .qdc, or of a .qdpx, as a project without texts. Raises FileError."""
    path = Path(path)
    if path.suffix.lower() == ".qdpx":
        with opened_archive(path) as archive:
            raw = read_elements(archive.project(), path.name)
    else:
        raw = read_elements(read_bytes(path, MOST_PART), path.name)
    codes, remarks = _codes(raw)
    return Project(raw.name or path.stem, raw.origin, codes=codes, sets=tuple(raw.sets), remarks=tuple(remarks))


def read_project(path: Path | str) -> Project:
    """Return the project in a .qdpx; ``remarks`` says how places were counted, how sure that is, and what is left.

    Raises FileError, and FaultyFileError with every fault that would lose or misplace what is coded.
    """
    path = Path(path)
    if path.suffix.lower() == ".qdc":
        raise FileError(
            f"{path.name} är en kodbok, inget projekt.",
            fix="Gör om den med convert-codebook, och använd den med create.",
        )
    with opened_archive(path) as archive:
        raw = read_elements(archive.project(), path.name)
        reading = _Reading(path.name, raw, archive)
        return reading.project(_extra(archive), path.stem)


def _extra(archive: Archive) -> dict[str, object]:
    """Return what the kit has put beside the sources, {} when there is nothing sound."""
    try:
        found = json.loads(archive.file(f"sources/{EXTRA}") or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@dataclass
class _Reading:
    """One project on its way from rows to places in normalised texts."""

    file: str
    raw: RawProject
    archive: Archive
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def project(self, extra: dict[str, object], name: str) -> Project:
        """Return the whole project. Raises FaultyFileError."""
        raw = self.raw
        texts = self._texts()
        if self.faults:
            raise FaultyFileError(self.file, self.faults)
        codes, remarks = _codes(raw)
        self.remarks += remarks
        kept = [source for source in raw.sources if source.guid in texts]
        placed = self._placed(kept, texts)
        sources = tuple(_source(source, texts[source.guid].text) for source in kept)
        selections = tuple(_selections(kept, placed))
        return Project(
            name=raw.name or name,
            origin=raw.origin,
            users=self._users(),
            codes=codes,
            sources=sources,
            cases=self._cases({source.guid for source in kept}),
            selections=selections,
            notes=tuple(self._notes(kept, placed)),
            sets=tuple(raw.sets),
            remarks=tuple(self.remarks),
            extra=extra,
        )

    # --- texts --------------------------------------------------------------------------------------

    def _texts(self) -> dict[str, RawText]:
        """Return the text of each source that has one; what is coded in a text that is missing is a fault."""
        texts: dict[str, RawText] = {}
        for source in self.raw.sources:
            if source.left:
                what = f"{source.left} kodade ställen i bild, ljud eller på sidor"
                self.remarks.append(f"”{source.name}”: {what} följde inte med, bara texten.")
            if source.guid in texts:
                self._fault(source, "har samma GUID som en annan källa", "Exportera projektet på nytt.")
                continue
            try:
                text = self._text(source)
                normalise(text.text if text else "")
            except (FileError, RuleError, ValueError) as error:
                why = getattr(error, "problem", "den är inte ren text")
                self._fault(source, f"går inte att läsa: {why}", "Exportera på nytt med källorna som ren text.")
                continue
            if text and text.text.strip():
                texts[source.guid] = text
            elif source.selections:
                fix = "Exportera projektet på nytt, med källorna i filen och som ren text."
                self._fault(source, f"saknar sin text, men har {len(source.selections)} markeringar", fix)
            elif not source.left:
                self.remarks.append(f"”{source.name}” har ingen text och följde inte med.")
        return texts

    def _text(self, source: RawSource) -> RawText | None:
        """Return a source's text from wherever it is: within the XML, as plain text, else as a Word file."""
        if source.content is not None:
            return RawText(source.content)
        for path in (source.plain_path, source.rich_path):
            data = self.archive.file(path) if path else None
            if data is not None and not data.startswith(b"PK\x03\x04"):
                return raw_text(data)
        data = self.archive.file(source.rich_path) if source.rich_path else None
        if data is None:
            return None
        self.remarks.append(f"”{source.name}” finns bara som Word-fil; markeringarna placeras efter sina citat.")
        return word_text(data)

    def _fault(self, source: RawSource, message: str, fix: str) -> None:
        self.faults.append(Fault(self.file, source.line, f"Källan ”{source.name}” {message}.", fix))

    # --- places -------------------------------------------------------------------------------------

    def _placed(self, sources: Sequence[RawSource], texts: dict[str, RawText]) -> dict[int, Span]:
        """Return where each selection (by its identity in memory) is in its source's text, normalised."""
        rulers = Rulers(texts)
        pointers = {
            id(each): Pointer(source.guid, each.start, each.end, each.name)
            for source in sources
            for each in source.selections
        }
        counted = [pointer for pointer in pointers.values() if not texts[pointer.source].rebuilt]
        own = self.raw.origin == ORIGIN  # the kit counts as the standard says
        verdict = Verdict(Convention()) if own else find_convention(rulers, counted, _habit(self.raw.origin))
        self.remarks += [verdict.sentence] if verdict.sentence else []
        quoting = _names_are_quotes(rulers, counted, verdict.convention)
        placed: dict[int, Span] = {}
        mended = 0
        for source in sources:
            found: dict[int, tuple[Ruler, Span]] = {}
            for each in source.selections:
                place, how = _place(rulers, pointers[id(each)], verdict.convention, quoting)
                mended += how == "mended"
                if place:
                    found[id(each)] = place
                    if how == "doubtful":
                        self.remarks.append(f"{_named(source, each)} står inte ordagrant där den pekar; se efter.")
                else:
                    coded = f" med {len(each.codings)} kodningar" if each.codings else ""
                    self.remarks.append(f"{_named(source, each)}{coded} {_UNPLACED}.")
            placed |= _normalised(found)
        if mended:
            self.remarks.append(f"{mended} markeringar placerades efter sina citat, eftersom deras tal pekade fel.")
        return placed

    # --- the rest -----------------------------------------------------------------------------------

    def _users(self) -> tuple[User, ...]:
        """Return the users, also those that are only referred to."""
        known = {user.guid: user for user in self.raw.users}
        for source in self.raw.sources:
            for each in source.selections:
                for _, user, _ in each.codings:
                    if user and user not in known:
                        known[user] = User(user, "")
        return tuple(known.values())

    def _cases(self, sources: set[str]) -> tuple[ProjectCase, ...]:
        """Return the cases with the sources they name, or name a place in."""
        home = {each.guid: source.guid for source in self.raw.sources for each in source.selections}
        found = []
        for case in self.raw.cases:
            named = [*case.sources, *(home[guid] for guid in case.selections if guid in home)]
            own = tuple(guid for guid in dict.fromkeys(named) if guid in sources)
            found.append(ProjectCase(case.guid, case.name, own, case.variables, case.description))
        return tuple(found)

    def _notes(self, sources: Sequence[RawSource], placed: dict[int, Span]) -> Iterator[ProjectNote]:
        """Yield the notes in the file's order, each once for everything it is about, and then the descriptions."""
        about = self._about(sources, placed)
        for note in self.raw.memos:
            text = self._note_text(note)
            # one that nothing refers to is about the project
            for number, (target, guid) in enumerate(about.get(note.guid, [("project", "")]) if text.strip() else ()):
                own = new_guid(note.guid, guid) if number else note.guid
                yield ProjectNote(own, text, target, guid, note.user, note.at, note.name)
        if self.raw.description.strip():
            yield ProjectNote(new_guid("beskrivning", self.raw.name), self.raw.description)
        for source in sources:
            for each in source.selections:
                if each.description.strip():
                    own, about_it = new_guid("beskrivning", each.guid), _about_selection(source, each, placed)
                    yield ProjectNote(own, each.description, *about_it, each.user, each.at)

    def _about(self, sources: Sequence[RawSource], placed: dict[int, Span]) -> dict[str, list[_About]]:
        """Return what each note is about; one that is linked to a case is not about the case's sources as well."""
        found: dict[str, list[_About]] = {}
        cases = {case.guid for case in self.raw.cases}
        for one, other in (pair for link in self.raw.links for pair in (link, link[::-1])):
            if other in cases:
                found.setdefault(one, []).append(("case", other))
        linked = set(found)
        for guid in self.raw.notes:
            found.setdefault(guid, []).append(("project", ""))
        for code, guid in self.raw.code_notes:
            found.setdefault(guid, []).append(("code", code))
        for source in sources:
            for guid in source.notes:
                if guid not in linked:
                    found.setdefault(guid, []).append(("source", source.guid))
            for each in source.selections:
                for guid in each.notes:
                    found.setdefault(guid, []).append(_about_selection(source, each, placed))
        return found

    def _note_text(self, note: RawSource) -> str:
        if note.content is not None:
            return note.content
        try:
            raw = self._text(note)
            return normalise(raw.text) if raw else note.description
        except (FileError, RuleError, ValueError):
            self.remarks.append(f"Anteckningen ”{note.name}” går inte att läsa och följde inte med.")
            return ""


def _about_selection(source: RawSource, each: RawSelection, placed: dict[int, Span]) -> _About:
    """Return the selection, or its source when the selection could not be placed."""
    return ("selection", each.guid) if id(each) in placed else ("source", source.guid)


def _named(source: RawSource, each: RawSelection) -> str:
    quote = f" (”{squeeze(each.name)[:60]}”)" if each.name.strip() else ""
    return f"Markeringen {each.start}–{each.end} i ”{source.name}”{quote}"


def _habit(origin: str) -> Convention:
    return next((way for name, way in _HABITS if name in origin.lower()), Convention())


def _names_are_quotes(rulers: Rulers, pointers: Iterable[Pointer], way: Convention) -> bool:
    """Return whether this program names its selections by their words: at least half of the names stand in the text."""
    named = said = 0
    for pointer in pointers:
        if pointer.name.strip():
            ruler = rulers.of(pointer.source, way)
            span = ruler.place(pointer)
            named += 1
            said += bool(span and says(ruler.text, span, pointer.name)) or pointer.name.rstrip(".… ") in ruler.text
    return 2 * said >= named > 0


def _place(
    rulers: Rulers, pointer: Pointer, way: Convention, quoting: bool
) -> tuple[tuple[Ruler, Span] | None, Literal["counted", "mended", "doubtful"]]:
    """Return where a selection is, and whether its numbers, its words or neither of them wholly tell so."""
    ruler = rulers.of(pointer.source, way)
    rebuilt = rulers.texts[pointer.source].rebuilt
    span = None if rebuilt else ruler.place(pointer)
    as_named = not quoting or not pointer.name.strip() or (span and says(ruler.text, span, pointer.name))
    if as_named and not rebuilt:
        return ((ruler, span) if span else None), "counted"
    if found := by_quote(rulers, pointer, way):
        return found, "mended"
    return ((ruler, span) if span else None), "doubtful"


def _normalised(found: dict[int, tuple[Ruler, Span]]) -> dict[int, Span]:
    """Return places in one source's text as it stands as places in the normalised text."""
    texts = {id(ruler): ruler.text for ruler, _ in found.values()}
    wanted: dict[int, list[int]] = {}
    for ruler, span in found.values():
        wanted.setdefault(id(ruler), []).extend(span)
    places = {key: Places(texts[key], ends) for key, ends in wanted.items()}
    return {
        key: Span(places[id(ruler)][span.start], places[id(ruler)][span.end]) for key, (ruler, span) in found.items()
    }


def _source(source: RawSource, text: str) -> ProjectSource:
    return ProjectSource(source.guid, source.name, normalise(text), source.description, source.variables, source.at)


def _selections(sources: Sequence[RawSource], placed: dict[int, Span]) -> Iterator[Selection]:
    """Yield the selections that are placed, each once for every user who has coded it."""
    taken: set[str] = set()
    for source in sources:
        for each in source.selections:
            span = placed.get(id(each))
            if span is None or span.start == span.end:
                continue
            for own, codes, user, at in _by_user(each):
                guid = own if own and own not in taken else new_guid(own, source.guid, *span, user, len(taken))
                taken.add(guid)
                yield Selection(guid, source.guid, *span, codes, user, at)


def _by_user(each: RawSelection) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    """Yield (guid, codes, user, time) for each user of a selection; once without codes for a noted place."""
    by_user: dict[str, list[tuple[str, str]]] = {}
    for code, user, at in each.codings:
        by_user.setdefault(user, []).append((code, at))
    for number, (user, coded) in enumerate(by_user.items()):
        codes = tuple(dict.fromkeys(code for code, _ in coded))
        yield (new_guid(each.guid, user) if number else each.guid, codes, user, coded[0][1])
    if not by_user:
        yield (each.guid, (), each.user, each.at)


def _codes(raw: RawProject) -> tuple[tuple[ProjectCode, ...], list[str]]:
    """Return the codes, each guid once, and one for each that is used though the file does not tell of it."""
    known: dict[str, ProjectCode] = {}
    remarks = []
    for code in raw.codes:
        if code.guid in known:
            code = replace(code, guid=new_guid(code.guid, code.name, len(known)))
            remarks.append(f"Koden ”{code.name}” har samma GUID som en annan och är kvar som en egen kod.")
        known[code.guid] = code
    used = (code for source in raw.sources for each in source.selections for code, _, _ in each.codings)
    missing = [guid for guid in dict.fromkeys(used) if guid not in known]
    for number, guid in enumerate(missing, 1):
        known[guid] = ProjectCode(guid, f"Okänd kod {number}")
    if missing:
        remarks.append(f"{len(missing)} koder används men står inte i filens kodbok; de heter Okänd kod 1, 2 …")
    return tuple(known.values()), remarks
