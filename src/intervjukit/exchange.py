"""Exchange: the study to and from other programs' projects, codes, codings and memos with what they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from intervjukit.asking import wordings_of
from intervjukit.boards import Who
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Memo
from intervjukit.core.exchange import Project, new_guid, plain_guid, text_hash
from intervjukit.core.incoming import (
    Home,
    Meanings,
    Placer,
    all_notes,
    codings_of,
    kit_homes,
    match_codes,
    memo_of,
    own_homes,
    user_names,
)
from intervjukit.core.labels import Labelled
from intervjukit.core.outgoing import Holdings, project_of
from intervjukit.core.placing import sign
from intervjukit.core.protocol import Protocol
from intervjukit.core.whole import whole_file
from intervjukit.errors import IntervjukitError, RuleError
from intervjukit.formats.intake import parsed_codebook
from intervjukit.storage.identities import Identities, Name
from intervjukit.storage.journal import Decision
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    from intervjukit.formats.refi_codebook import ReadBook


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a project: numbers of what is new, of what was there already, and what is worth knowing.

    ``interviews`` are the respondents whose texts are new, ``known`` codings the study had; ``remarks`` are Swedish
    sentences on how the file was read and on everything that did not come along.
    """

    interviews: tuple[str, ...]
    codings: int
    known: int
    codes: int
    memos: int
    remarks: tuple[str, ...]


class Exchange:
    """REFI-QDA and whatever else gives a ``core.exchange.Project``: out of the study, and into it."""

    def __init__(
        self,
        store: Store,
        who: Who,
        codebook: Callable[[], Codebook],
        protocols: Callable[[], Mapping[str, Protocol]],
    ) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who, self._codebook, self._protocols = store, who, codebook, protocols
        self._identities = Identities(store.database)

    # --- out ----------------------------------------------------------------------------------------

    def project(self) -> Project:
        """Return the study as a project: texts with the speakers' labels, codes, codings, memos and variables."""
        from intervjukit.formats.refi_codebook import project_codes

        with self._store.database.reading():
            guid = self._guid()
            colours = self._identities.colours()
            codes, sets = project_codes(self._codebook(), self._store.codebook_yaml(), guid, colours)
            held = Holdings(
                self._store.name,
                self._store.interviews.all(),
                self._store.codings(),
                self._store.boards.memos(),
                self._identities.hashes(),
                self._store.guides(),
                self._store.banks(),
            )
        return project_of(held, codes, sets, guid)

    def write(self, path: Path | str) -> Project:
        """Write the study as a .qdpx, or its code book as a .qdc, and return what was written. Raises FileError.

        Only texts are put in it, never a file an interview was read from. What is there already stays if the
        writing fails.
        """
        from intervjukit.formats.refi import write_codebook, write_project

        path, project = Path(path), self.project()
        if path.suffix.lower() == ".qdc":
            with whole_file(path) as part:
                write_codebook(project.codes, project.sets, part)
        else:
            with whole_file(path) as part:
                write_project(project, part)
        return project

    def _guid(self) -> Callable[[str, str], str]:
        """Return what gives each thing the GUID it was read in with, or else one that is always the same."""
        kept = self._identities.guids()
        study = kept.get(("study", "")) or new_guid("study", *self._identities.born())
        names = dict(kept) | {("study", ""): study}

        def guid(kind: str, own: str) -> str:
            name = kind, own
            found = names.get(name)
            if found is None:
                found = names[name] = new_guid(study, kind, own)
            return found

        return guid

    # --- in -----------------------------------------------------------------------------------------

    def read(self, path: Path | str) -> TakenIn:
        """Take a .qdpx into the study. Raises FileError, FaultyFileError and RuleError; then nothing is changed."""
        from intervjukit.formats.projects import read_project

        return self.take_in(read_project(path))

    def take_in(self, project: Project, *, meanings: ReadBook | None = None) -> TakenIn:
        """Take a project into the study, all of it or nothing, and return what became of it.

        Texts the study has, word for word, are the same interviews; others become new ones. Codes are the same by
        GUID, else by name, and new ones are put last in the code book. What the study has already is not made
        twice. New codes, codings and memos are one decision that can be undone; new interviews are kept, as all that
        are read in. ``meanings`` is the code book the study was made with, when it was made for this project.
        """
        who = self._who()
        with self._store.database.writing():
            homes, added = self._homes(project, who)
            with self._store.decide(who, "take_in_project", "") as decision:
                taken = _Taking(self._store, self._identities, decision, project, homes)
                codes = taken.codes(self._read_book(project, meanings), self._codebook(), given=meanings is not None)
                codings, known = taken.codings()
                memos = taken.memos()
                taken.keep_names(fresh=meanings is not None)
                decision.summary = f"Tog in projektet {project.name}: {codings} kodningar, {memos} anteckningar"
        return TakenIn(tuple(added), codings, known, codes, memos, (*project.remarks, *taken.remarks))

    def _read_book(self, project: Project, meanings: ReadBook | None) -> ReadBook | None:
        from intervjukit.formats.refi_codebook import read_book

        if meanings or not project.codes:
            return meanings
        return read_book(project.codes, project.sets, self._codebook(), project.name)

    def _homes(self, project: Project, who: str) -> tuple[dict[str, Home], list[str]]:
        """Return where each source is in the study, those not there read in now, and the new respondents."""
        transcripts = self._store.interviews.all()
        homes = own_homes(project, transcripts)
        taken = [(each.respondent, each.wave) for each in transcripts]
        placer = Placer(project, list(self._protocols().values()), taken, lambda: wordings_of(self._store))
        kits, faults = kit_homes(project), []
        new: list[tuple[str, Home, str]] = []
        for source in project.sources:
            if source.guid in homes:
                continue
            try:
                home, file_hash = kits.get(source.guid) or self._foreign(project, source.guid, placer)
                new.append((source.guid, home, file_hash))
            except IntervjukitError as error:
                faults.append(error)
        _refuse(faults)
        for guid, home, file_hash in new:
            number = self._store.interviews.add(who, home.transcript, file_hash)
            homes[guid] = replace(home, transcript=replace(home.transcript, id=number))
        return homes, list(dict.fromkeys(home.transcript.respondent for _, home, _ in new))

    @staticmethod
    def _foreign(project: Project, guid: str, placer: Placer) -> tuple[Home, str]:
        from intervjukit.formats.refi_turns import turns_in

        source = next(each for each in project.sources if each.guid == guid)
        turns, doubts = turns_in(source.text)
        transcript = replace(placer.transcript(source, turns), doubts=doubts)
        return Home(transcript, Labelled(source.text, ())), text_hash(source.text)


class _Taking:
    """One project on its way in, within one decision."""

    def __init__(
        self,
        store: Store,
        identities: Identities,
        decision: Decision,
        project: Project,
        homes: Mapping[str, Home],
    ) -> None:
        self._store, self._identities, self._decision = store, identities, decision
        self._project, self._homes = project, homes
        self._users = user_names(project)
        self._meanings = Meanings({}, {})
        self._made: dict[str, int] = {}
        self._names: dict[Name, str] = {}
        self.remarks: list[str] = []

    def codes(self, read: ReadBook | None, book: Codebook, *, given: bool) -> int:
        """Match the project's codes with the study's, add those that are new, and return how many they are."""
        if read is None:
            return 0
        wanted = {guid: meaning.code for guid, meaning in read.meanings.items() if meaning.kind == "theme"}
        former = self._store.codes.former()  # a code that was merged is the one it is part of now
        named = self._identities.guids().items()
        kept = {guid: former.get(own) or own for (kind, own), guid in named if kind == "code"}
        themes, new = (wanted, []) if given else match_codes(wanted, read.book, book, kept, former)
        self._meanings = Meanings(themes, self._values(read, book))
        for code in new:
            self._store.codes.insert(self._decision, code)
        if new:
            self._save_book(replace(book, codes=(*book.codes, *new)))
        colours = {themes[guid]: read.colours[code] for guid, code in wanted.items() if code in read.colours}
        self._identities.colour(self._decision, colours)
        self._names |= {("code", code): guid for guid, code in reversed(themes.items())}
        self.remarks += read.remarks
        if self._project.sets and not self._project.extra:
            names = ", ".join(f"”{each.name}”" for each in self._project.sets)
            self.remarks.append(f"Mängder (sets) har ingen plats i en studie och följde inte med: {names}.")
        return len(wanted) if given else len(new)

    def _values(self, read: ReadBook, book: Codebook) -> dict[str, tuple[str, str]]:
        """Return the facet values the study has; what the others are called is told."""
        known = {(facet.id, value.id) for facet in book.facets for value in facet.values}
        pairs = {guid: (m.code, m.value) for guid, m in read.meanings.items() if m.kind == "value"}
        if missing := sorted({f"{facet}: {value}" for facet, value in pairs.values() if (facet, value) not in known}):
            self.remarks.append(f"Studiens kodbok saknar och fick inte med: {', '.join(missing)}.")
        self._names |= {("value", "/".join(pair)): guid for guid, pair in pairs.items() if pair in known}
        self._names |= {("facet", m.code): guid for guid, m in read.meanings.items() if m.kind == "branch"}
        return {guid: pair for guid, pair in pairs.items() if pair in known}

    def _save_book(self, book: Codebook) -> None:
        """Save the code book with its new codes. Raises RuleError when it would not be read as it is."""
        from intervjukit.formats.codebooks import codebook_yaml

        yaml = codebook_yaml(book)
        read = None
        with suppress(IntervjukitError):
            read = parsed_codebook(yaml)
        if read != book:
            raise RuleError(
                "Projektets koder går inte att föra in i studiens kodbok.",
                fix="Läs in projektet som en ny studie med import-project.",
            )
        self._store.codes.save_book(self._decision, yaml)

    def codings(self) -> tuple[int, int]:
        """Add the codings the study does not have; return how many are new, and how many it had."""
        made = {sign(coding): coding.id for coding in self._store.codings()}
        new: dict[tuple[object, ...], Coding] = {}
        selected: list[tuple[str, tuple[object, ...]]] = []
        for selection in self._project.selections:
            home, number = self._homes[selection.source], 0
            for coding in codings_of(selection, home, self._meanings, self._users, self._decision.at):
                signed = sign(coding)
                selected.append((selection.guid, signed))
                number += 1
                if signed not in made:
                    new.setdefault(signed, coding)
            if selection.codes and not number:
                self.remarks.append(f"”{self._project.quote(selection)[:60]}” har inget tema och blev ingen kodning.")
        if new and not any(coding.facets for coding in new.values()):
            self.remarks.append(
                "Kodningarna har varken slag eller part, som fynden räknas efter: sätt dem på sidan eller med change."
            )
        made.update(zip(new, self._identities.add_codings(self._decision, [*new.values()]), strict=True))
        for guid, signed in selected:
            self._made.setdefault(guid, made[signed])
            self._names.setdefault(("coding", str(made[signed])), guid)
        return len(new), sum(signed not in new for _, signed in selected)

    def memos(self) -> int:
        """Add the memos the study does not have; return how many are new."""
        known = {_memo_sign(memo) for memo in self._store.boards.memos()}
        people = {
            case.guid: self._homes[case.sources[0]].transcript.respondent
            for case in self._project.cases
            if case.sources
        }
        places = {selection.guid: selection for selection in self._project.selections}
        new: dict[tuple[object, ...], tuple[Memo, str]] = {}
        for note in all_notes(self._project):
            memo = memo_of(
                note, self._homes, places, self._made, self._meanings.themes, people, self._users, self._decision.at
            )
            if _memo_sign(memo) not in known and memo.text.strip():
                new.setdefault(_memo_sign(memo), (memo, note.guid))
        numbers = self._identities.add_memos(self._decision, [memo for memo, _ in new.values()])
        self._names |= {("memo", str(n)): guid for n, (_, guid) in zip(numbers, new.values(), strict=True)}
        self._names |= {("respondent", code): guid for guid, code in people.items()}
        return len(new)

    def keep_names(self, *, fresh: bool) -> None:
        """Keep what everything is called; ``fresh`` when the study was made for this project and has its name too."""
        self._names |= {("user", name): guid for guid, name in reversed(self._users.items())}
        self._names |= {("transcript", str(home.transcript.id)): guid for guid, home in self._homes.items()}
        own = self._project.extra.get("id")
        if fresh and isinstance(own, str) and plain_guid(own):
            self._names[("study", "")] = plain_guid(own)
        self._identities.keep(self._decision, self._names)


def _memo_sign(memo: Memo) -> tuple[object, ...]:
    return (memo.target, memo.target_id, memo.text, memo.start, memo.end)


def _refuse(errors: Sequence[IntervjukitError]) -> None:
    """Raise RuleError with every problem at once, when there is one."""
    if errors:
        told = "\n".join(f"  {error.problem}" for error in errors)
        raise RuleError(f"Projektet kan inte läsas in:\n{told}\n", fix=errors[0].fix)
