"""Another program's project turned into what a study holds, by rules that guess nothing in silence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import product
from typing import Any, get_args

from intervjukit.core.alignment import Aligner
from intervjukit.core.codebook import Code, Codebook
from intervjukit.core.coding import Coding, Memo
from intervjukit.core.exchange import Project, ProjectCase, ProjectNote, ProjectSource, Selection, new_guid, text_hash
from intervjukit.core.interview import first_number, read_date
from intervjukit.core.labels import Labelled, labelled
from intervjukit.core.outgoing import DATE, GROUP, INTERVIEWER, LENGTH, WAVE
from intervjukit.core.protocol import Protocol, Question, Section
from intervjukit.core.recoding import new_id
from intervjukit.core.text import Span, squeeze
from intervjukit.core.transcript import Role, Transcript, Turn
from intervjukit.core.wordings import Wordings
from intervjukit.errors import RuleError

_GROUP_NAMES = ("grupp", "group", "respondentgrupp", "deltagargrupp")
_EVERYBODY = ("deltagare", "Deltagare")
_MOST_GROUPS = 12
_OWN_FACTS = {name.casefold() for name in (GROUP, WAVE, DATE, LENGTH, INTERVIEWER)} | set(_GROUP_NAMES)
_UNKNOWN = "okänd"


@dataclass(frozen=True)
class Home:
    """Where a source has come to be: the transcript, and how its places are turned into the transcript's."""

    transcript: Transcript
    places: Labelled

    def span(self, start: int, end: int) -> Span:
        """Return a place of the source in the transcript's text; one that begins in a label begins with the words."""
        span = self.places.own(Span(start, end))
        text, turns = self.transcript.text, self.transcript.turns
        number = bisect_right(turns, span.start, key=lambda turn: turn.end)  # the first that ends after the start
        if number < len(turns) and span.start < turns[number].start < span.end:
            between = text[span.start : turns[number].start]
            return span if "\n" in between else Span(turns[number].start, span.end)
        return span


# --- groups and guides ------------------------------------------------------------------------------


def group_of(project: Project, source: str) -> str:
    """Return the group a source's case or the source itself names, "" when none is named."""
    found = next(each for each in project.sources if each.guid == source)
    values = [found.variables, *(case.variables for case in project.cases if source in case.sources)]
    named = (value for each in values for name, value in each.items() if name.casefold() in _GROUP_NAMES)
    return next((squeeze(value) for value in named if squeeze(value)), "")


def guides_for(project: Project, codebook: Codebook) -> list[Protocol]:
    """Return a guide with a single open question for each group the project names, one for all when it names none."""
    named = [group_of(project, source.guid) for source in project.sources]
    names = list(dict.fromkeys(name for name in named if name))
    if len(names) > _MOST_GROUPS:
        names, named = [], [""]
    guides: list[Protocol] = []
    for name in [*names, *([_EVERYBODY[1]] if not names or "" in named else [])]:
        group = new_id(name, [guide.group for guide in guides])
        letter = _free_letter(name, [guide.letter for guide in guides])
        section = Section("samtal", "Samtal", (Question("samtal", "text", "Berätta."),))
        party = codebook.facet("party").values[0].id
        guides.append(Protocol(group, f"Intervju: {name}", group, name, letter, party, sections=(section,)))
    return guides


def _free_letter(name: str, taken: Collection[str]) -> str:
    letters = [letter for letter in name.upper() if "A" <= letter <= "Z"] + [chr(65 + n) for n in range(26)]
    return next(letter for letter in letters if letter not in taken)


# --- transcripts ------------------------------------------------------------------------------------


def own_homes(project: Project, transcripts: Iterable[Transcript]) -> dict[str, Home]:
    """Return where the sources stand that the study has already, word for word, with or without labels."""
    known: dict[str, Home] = {}
    for transcript in transcripts:
        known.setdefault(transcript.text, Home(transcript, Labelled(transcript.text, ())))
        shown = labelled(transcript)
        known[shown.text] = Home(transcript, shown)
    return {source.guid: known[source.text] for source in project.sources if source.text in known}


def kit_homes(project: Project) -> dict[str, tuple[Home, str]]:
    """Return the transcripts the kit itself wrote, exactly as they were, with the hashes of their files.

    Only those whose text is untouched: a text that another program has changed is read like any other.
    """
    told = project.extra.get("intervjuer")
    rows = {str(row.get("källa")): row for row in told if isinstance(row, dict)} if isinstance(told, list) else {}
    found = {}
    for source in project.sources:
        with suppress(AttributeError, KeyError, TypeError, ValueError):  # not as the kit wrote it
            row = rows[source.guid]
            places, text = Labelled.read(source.text, row["etiketter"])
            if text_hash(text) == row["text"] and places.text == source.text:
                found[source.guid] = (Home(_kit_transcript(row, text), places), str(row["filhash"]))
    return found


def _kit_transcript(row: Mapping[str, Any], text: str) -> Transcript:
    """Return the transcript a row tells of. Raises KeyError, TypeError or ValueError when it does not make sense."""
    turns = []
    for seq, (role, label, start, end, question, begins, ends) in enumerate(row["turer"], 1):
        if role not in get_args(Role) or not 0 <= start < end <= len(text):
            raise ValueError(f"turn {seq} is none")
        times = (None if each is None else float(each) for each in (begins, ends))
        turns.append(Turn(seq, role, str(label), int(start), int(end), str(question) if question else None, *times))
    return Transcript(
        respondent=str(row["respondent"]),
        group=str(row["grupp"]),
        text=text,
        turns=tuple(turns),
        wave=int(row["omgång"]),
        date=str(row["datum"]),
        minutes=None if row["minuter"] is None else int(row["minuter"]),
        interviewer=str(row["intervjuare"]),
        source=str(row["fil"]),
        facts={str(name): str(value) for name, value in row["fakta"].items()},
    )


class Placer:
    """Gives other programs' sources a group, a respondent code and a wave in a study."""

    def __init__(
        self,
        project: Project,
        guides: Sequence[Protocol],
        taken: Iterable[tuple[str, int]],
        wordings: Callable[[], Wordings],
    ) -> None:
        """Place sources among ``guides``; ``taken`` are the (respondent, wave) there are.

        ``wordings`` is asked, if need be, for what the guides' questions sound like.
        """
        self._project, self._guides = project, guides
        self._taken, self._wordings = set(taken), wordings
        self._aligners: dict[str, Aligner] = {}
        self._codes: dict[str, str] = {}

    def transcript(self, source: ProjectSource, turns: Sequence[Turn]) -> Transcript:
        """Return a source as a transcript of its own. Raises RuleError when its group cannot be told."""
        cases = [case for case in self._project.cases if source.guid in case.sources]
        guide = self._guide(source, cases)
        respondent = self._respondent(source, cases, guide)
        named: list[ProjectCase | ProjectSource] = [*cases[:1], source]
        facts = {name: value for each in named for name, value in each.variables.items() if value}
        stated = {name.casefold(): value for name, value in facts.items()}
        wave = first_number(stated.get(WAVE.casefold(), "")) or 0
        if not wave or (respondent, wave) in self._taken:
            wave = next(n for n in range(1, len(self._taken) + 2) if (respondent, n) not in self._taken)
        self._taken.add((respondent, wave))
        return Transcript(
            respondent=respondent,
            group=guide.group,
            text=source.text,
            turns=self._asked(guide, source.text, turns),
            wave=wave,
            date=read_date(stated.get(DATE.casefold(), "")),
            minutes=first_number(stated.get(LENGTH.casefold(), "")),
            interviewer=stated.get(INTERVIEWER.casefold(), ""),
            source=source.name or respondent,
            facts={name: value for name, value in facts.items() if name.casefold() not in _OWN_FACTS},
        )

    def _guide(self, source: ProjectSource, cases: Sequence[ProjectCase]) -> Protocol:
        named = group_of(self._project, source.guid).casefold()
        for guide in self._guides:
            if named and named in (guide.group.casefold(), guide.group_name.casefold()):
                return guide
        names = [*(case.name for case in cases), source.name]
        coded = [guide for guide in self._guides if any(_code_in(name, guide) for name in names)]
        if len(coded) == 1:
            return coded[0]
        everybody = [guide for guide in self._guides if guide.group == _EVERYBODY[0]]
        for only in (self._guides, everybody):
            if len(only) == 1 and not named:
                return only[0]
        listed = ", ".join(guide.group for guide in self._guides)
        said = f" (där står ”{named}”)" if named else ""
        raise RuleError(
            f"Det går inte att se vilken grupp ”{source.name}” hör till{said}.",
            fix=f"Ge dess fall variabeln Grupp med något av: {listed}.",
        )

    def _respondent(self, source: ProjectSource, cases: Sequence[ProjectCase], guide: Protocol) -> str:
        """Return the code that stands in a name, else a new one: names of people never come in as codes."""
        key = cases[0].guid if cases else source.guid
        if key not in self._codes:
            used = {code for code, _ in self._taken} | set(self._codes.values())
            names = [*(case.name for case in cases[:1]), source.name]
            written = next((code for name in names if (code := _code_in(name, guide))), "")
            free = (f"{guide.letter}{n:02}" for n in range(1, len(used) + 2))
            self._codes[key] = written if written and written not in used else next(c for c in free if c not in used)
        return self._codes[key]

    def _asked(self, guide: Protocol, text: str, turns: Sequence[Turn]) -> tuple[Turn, ...]:
        """Return the turns with the guide question each belongs to, as far as that can be told."""
        if guide.group not in self._aligners:
            self._aligners[guide.group] = Aligner(guide, self._wordings())
        asked = [text[turn.start : turn.end] for turn in turns if turn.role == "interviewer"]
        matches = iter(self._aligners[guide.group].align(asked))
        asking = [question.id for question in guide.questions()]
        question: str | None = asking[0] if len(asking) == 1 else None  # a guide of one question: all is about it
        found = []
        for turn in turns:
            if turn.role == "interviewer" and (match := next(matches)):
                question = match.question
            found.append(replace(turn, question=None if turn.role == "note" else question))
        return tuple(found)


def _code_in(name: str, guide: Protocol) -> str:
    found = re.search(rf"\b{re.escape(guide.letter)}\d+\b", name)
    return found[0] if found else ""


# --- codes ------------------------------------------------------------------------------------------


def match_codes(
    wanted: Mapping[str, str], read: Codebook, book: Codebook, kept: Mapping[str, str], former: Collection[str]
) -> tuple[dict[str, str], list[Code]]:
    """Return the study's code for each of a project's (by GUID), and the codes that are new to the study.

    ``wanted`` gives each GUID its id in ``read``, the code book of the project; ``kept`` the ids that GUIDs have in
    the study already. A code is the same by GUID, else by a name that is one code's alone in both books.
    """
    names = {name: code for name, code in _by_name(book).items() if name in _by_name(read)}
    found = {guid: kept[guid] for guid in wanted if kept.get(guid) in book}
    for guid, code_id in wanted.items():
        same = names.get(read.code(code_id).name.casefold())
        if guid not in found and same and same not in found.values():
            found[guid] = same
    ids = {code_id: found[guid] for guid, code_id in wanted.items() if guid in found}
    new: list[Code] = []
    for guid, code_id in wanted.items():
        if guid not in found:
            taken = {*(code.id for code in (*book, *new)), *former}
            ids[code_id] = found[guid] = code_id if code_id not in taken else new_id(read.code(code_id).name, taken)
            new.append(replace(read.code(code_id), id=found[guid]))
    known = {*(code.id for code in book), *ids.values()}
    return found, [_adopted(code, ids, known, book) for code in new]


def _by_name(book: Codebook) -> dict[str, str]:
    counted = Counter(code.name.casefold() for code in book)
    return {code.name.casefold(): code.id for code in book if counted[code.name.casefold()] == 1}


def _adopted(code: Code, ids: Mapping[str, str], known: Collection[str], book: Codebook) -> Code:
    """Return a new code that refers to nothing but what the study has."""
    values = {(facet.id, value.id) for facet in book.facets for value in facet.values}
    limits = (replace(limit, instead=ids.get(limit.instead, limit.instead)) for limit in code.limits)
    parent = ids.get(code.parent, code.parent) if code.parent else None
    return replace(
        code,
        parent=parent if parent in known else None,
        limits=tuple(limit for limit in limits if limit.instead in known),
        examples=tuple(
            replace(each, facets=dict(pair for pair in each.facets.items() if pair in values)) for each in code.examples
        ),
    )


# --- codings and memos ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Meanings:
    """What a project's codes are in the study: themes by GUID, and facet values by GUID as (facet, value)."""

    themes: Mapping[str, str]
    values: Mapping[str, tuple[str, str]]


def codings_of(
    selection: Selection, home: Home, meanings: Meanings, users: Mapping[str, str], now: str
) -> Iterator[Coding]:
    """Yield a coding for each theme of a selection, with its facet values; for two of one facet, one coding each."""
    span = home.span(selection.start, selection.end)
    if span.start == span.end:
        return
    facets: dict[str, list[str]] = {}
    for code in selection.codes:
        if code in meanings.values:
            facet, value = meanings.values[code]
            facets.setdefault(facet, []).append(value)
    where, quote = home.transcript, home.transcript.text[span.start : span.end]
    coder, at = users.get(selection.user, _UNKNOWN), read_time(selection.at) or now
    for code in selection.codes:
        if code in meanings.themes:
            for values in product(*facets.values()):
                theme, given = meanings.themes[code], dict(zip(facets, values, strict=True))
                yield Coding(0, where.id, where.respondent, where.group, *span, quote, theme, given, coder, at)


def all_notes(project: Project) -> Iterator[ProjectNote]:
    """Yield the notes of a project, and what it says of its sources and cases as notes on them."""
    yield from project.notes
    for source in project.sources:
        if source.description.strip():
            yield ProjectNote(new_guid("om", source.guid), source.description, "source", source.guid)
    for case in project.cases:
        if case.description.strip():
            yield ProjectNote(new_guid("om", case.guid), case.description, "case", case.guid)


def memo_of(
    note: ProjectNote,
    homes: Mapping[str, Home],
    selections: Mapping[str, Selection],
    codings: Mapping[str, int],
    themes: Mapping[str, str],
    people: Mapping[str, str],
    users: Mapping[str, str],
    now: str,
) -> Memo:
    """Return a note as a memo on the same thing; on the study when that thing is not in it."""
    author, at = users.get(note.user, _UNKNOWN), read_time(note.at) or now
    memo = Memo(0, "study", "", note.text, author, at)
    if note.target == "code" and note.target_guid in themes:
        return replace(memo, target="code", target_id=themes[note.target_guid])
    if note.target == "case" and note.target_guid in people:
        return replace(memo, target="respondent", target_id=people[note.target_guid])
    if note.target == "source" and note.target_guid in homes:
        return replace(memo, target="transcript", target_id=str(homes[note.target_guid].transcript.id))
    if note.target == "selection" and note.target_guid in codings:
        return replace(memo, target="coding", target_id=str(codings[note.target_guid]))
    if note.target == "selection" and note.target_guid in selections:
        return _on_place(memo, selections[note.target_guid], homes)
    return memo


def _on_place(memo: Memo, selection: Selection, homes: Mapping[str, Home]) -> Memo:
    home = homes[selection.source]
    span = home.span(selection.start, selection.end)
    memo = replace(memo, target="transcript", target_id=str(home.transcript.id))
    if span.start == span.end:
        return memo
    return replace(memo, start=span.start, end=span.end, quote=home.transcript.text[span.start : span.end])


def user_names(project: Project) -> dict[str, str]:
    """Return the coders by GUID; one without a name is called by the program."""
    nameless = f"{_UNKNOWN} ({project.origin})" if project.origin else _UNKNOWN
    return {user.guid: (user.name if user.name.strip() else nameless)[:80] for user in project.users}


@lru_cache(maxsize=1024)
def read_time(written: str) -> str:
    """Return an ISO time as it is stored: in UTC with milliseconds, "" for what is none."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return ""
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.astimezone(UTC).isoformat(timespec="milliseconds")
