"""The nouns a study gives out, each over the same store: additions, doubts, SWOT, measures, memos, history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intervjukit.core.codebook import Codebook
from intervjukit.core.findings import Finding
from intervjukit.core.interview import Assembler
from intervjukit.core.placing import requestioned
from intervjukit.core.protocol import Protocol
from intervjukit.core.swot import FIELDS, Field, Key, Measure, SwotItem, choose_lines, draft_measures, draft_swot
from intervjukit.errors import IntervjukitError, NotFoundError, RuleError
from intervjukit.storage.boards import TARGETS
from intervjukit.storage.journal import Decision, Event
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from intervjukit.formats.intake import Inbox

Who = Callable[[], str]


def _worded(text: str, what: str) -> str:
    """Return ``text`` trimmed. Raises RuleError when nothing is left."""
    if not text.strip():
        raise RuleError(f"{what} är tom.", fix="Skriv något.")
    return text.strip()


def quoted(text: str, most: int = 40) -> str:
    """Return the beginning of a quote in quotation marks, at most ``most`` characters and never half a word."""
    words = " ".join(text.split())
    if len(words) <= most:
        return f"”{words}”"
    kept = words[: most - 1]
    return f"”{kept.rpartition(' ')[0] or kept}…”"


class _Board:
    """What one can look at in a notebook: a line that says what it is, and its table."""

    _title, _one, _many, _name = "", "rad", "rader", ""

    def table(self) -> pd.DataFrame:
        """Return what is in it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        number = len(self.table())
        if not number:
            return f"<{self._title}: inga {self._many}>"
        return f"<{self._title}: {number} {self._one if number == 1 else self._many}; se study.{self._name}.table()>"

    def _repr_html_(self) -> str:
        return f"<b>{self._title}</b>{self.table().to_html(index=False, max_rows=60)}"


def _known_field(field: Field) -> Field:
    if field not in FIELDS:
        raise RuleError(f"”{field}” är inget fält i SWOT.", fix=f"Välj något av: {', '.join(FIELDS)}.")
    return field


Progress = Callable[[int, int, str], None]
"""Called with (done, in all, what is being done) during long work."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of files: respondents ``added``, files ``refused`` and why, files ``known`` from before.

    ``doubts`` is their number in what was read; ``skipped`` names the files in folders that are no interview
    format, and ``replaced`` the respondents whose earlier transcript gave way.
    """

    added: tuple[str, ...]
    refused: tuple[tuple[str, IntervjukitError], ...]
    known: tuple[str, ...]
    doubts: int
    skipped: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()


def take_in(
    store: Store,
    who: str,
    guides: Sequence[Protocol],
    inbox: Inbox,
    progress: Progress | None,
    *,
    replace: bool = False,
) -> Added:
    """Read interviews into the store, each whole or not at all, and return what became of each file.

    With ``replace`` a file takes the place of an earlier one of the same respondent and wave; of two such files
    at once the second is refused.
    """
    from intervjukit.formats.intake import file_hash
    from intervjukit.formats.transcripts import read_interview

    assembler = Assembler(guides)
    refused, known, doubts = [], [], 0
    taken: dict[tuple[str, int], bool] = {}
    for done, file in enumerate(inbox.files):
        if progress:
            progress(done, len(inbox.files), file.name)
        try:
            source_hash = file_hash(file)
            if earlier := store.interviews.of_source(source_hash):
                known.append(f"{file.name} ({earlier})")
                continue
            transcript = assembler.assemble(read_interview(file), file.name)
            place = (transcript.respondent, transcript.wave)
            renewed = replace and place not in taken and store.interviews.same(transcript) is not None
            (store.interviews.replace if renewed else store.interviews.add)(who, transcript, source_hash)
        except IntervjukitError as error:
            refused.append((file.name, error))
            continue
        taken[place] = renewed
        doubts += len(transcript.doubts)
    if progress:
        progress(len(inbox.files), len(inbox.files), "")
    added, replaced = (tuple(r for (r, _), renewed in taken.items() if renewed is kind) for kind in (False, True))
    return Added(added, tuple(refused), tuple(known), doubts, inbox.skipped, replaced)


class Doubts(_Board):
    """What the reading of interviews was not sure of, for a person to settle."""

    _title, _one, _many, _name = "Tveksamheter", "tveksamhet kvar", "tveksamheter kvar", "doubts"

    def __init__(self, store: Store, who: Who, protocols: Mapping[str, Protocol]) -> None:
        """Work on ``store`` for the coder ``who()``; the guides tell which questions there are."""
        self._store, self._who, self._protocols = store, who, protocols

    def table(self) -> pd.DataFrame:
        """One row per unsettled doubt: id, respondent, turn, kind, message, fix."""
        from intervjukit.analysis.tables import doubts_table

        return doubts_table(self._store.interviews.doubts())

    def settle(self, *doubts: int, question: str | None = None) -> None:
        """Settle doubts: approve them as they stand or, for a question, say which guide question it was.

        ``question`` is the id of a question in the group's guide, or "följdfråga" for none of its own. Several
        are settled as one decision, all or none. Raises NotFoundError, and RuleError when a question is given
        and a doubt is not about one.
        """
        numbers = [int(number) for number in dict.fromkeys(doubts)]
        what = f"Avgjorde tveksamhet {numbers[0]}" if len(numbers) == 1 else f"Avgjorde {len(numbers)} tveksamheter"
        with self._store.decide(self._who(), "settle", what) as decision:
            about = [self._settle(decision, number, question) for number in numbers]
            decision.summary += f" om {', '.join(dict.fromkeys(about))}"

    def _settle(self, decision: Decision, number: int, question: str | None) -> str:
        """Settle one doubt within a decision and return the respondent it is about."""
        interviews = self._store.interviews
        found = interviews.doubt(number)
        if found is None:
            raise NotFoundError(f"Tveksamhet {number} finns inte.", fix="Se dem med intervjukit doubts.")
        transcript = interviews.all(id=found[0])[0]
        if question is not None:
            protocol = self._protocols[transcript.group]
            for turn, target in requestioned(transcript, found[1], question, protocol):
                interviews.set_question(decision, transcript.id, turn.seq, target)
        interviews.settle(decision, number)
        return transcript.respondent


class Swot(_Board):
    """The SWOT of a study: lines in four fields, each citing findings."""

    _title, _one, _many, _name = "SWOT", "rad", "rader", "swot"

    def __init__(self, store: Store, who: Who, codebook: Codebook, findings: Callable[[], list[Finding]]) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who, self._codebook, self._findings = store, who, codebook, findings

    def items(self) -> list[SwotItem]:
        """Return the lines, by field and then in the order they were made."""
        return sorted(self._store.boards.swot_items(), key=lambda item: (FIELDS.index(item.field), item.id))

    def table(self) -> pd.DataFrame:
        """One row per line: id, field, text, n (respondents behind it), cites."""
        from intervjukit.analysis.tables import swot_table

        return swot_table(self.items())

    def draft(self, *, at_least: int = 2, per_field: int = 8) -> int:
        """Add drafted lines for findings that no line cites yet; return how many were added.

        A finding of at least ``at_least`` respondents becomes a strength or weakness when the parties can
        influence it, otherwise an opportunity or a threat; the ``per_field`` heaviest of each are taken, and
        the heaviest of every party besides.
        """
        with self._store.decide(self._who(), "draft_swot", "Utkast till SWOT") as decision:
            cited = {key for item in self.items() for key in item.cites}
            lines = draft_swot(self._findings(), self._codebook, at_least=at_least)
            new = [line for line in choose_lines(lines, per_field=per_field) if line.cites[0] not in cited]
            for item in new:
                self._store.boards.insert_swot_item(decision, item)
            decision.summary = f"Utkast till {len(new)} rader i SWOT"
        return len(new)

    def add(self, field: Field, text: str, cites: Sequence[Key]) -> int:
        """Add a line that cites findings as (valence, code, party); return its id.

        Raises RuleError when it cites nothing, or a finding no respondent stands behind.
        """
        keys = tuple(dict.fromkeys((valence, code, party) for valence, code, party in cites))
        text = _worded(text, "Raden")
        with self._store.decide(self._who(), "add_swot", f"Lade till ”{text}” i SWOT") as decision:
            item = SwotItem(_known_field(field), text, keys, self._people_behind(keys))
            return self._store.boards.insert_swot_item(decision, item)

    def _people_behind(self, keys: Sequence[Key]) -> int:
        """Return how many respondents stand behind these findings. Raises RuleError when one has none."""
        people: dict[Key, set[str]] = {}
        for finding in self._findings():
            people.setdefault(finding.key, set()).update(finding.respondents)
        if not keys or any(key not in people for key in keys):
            raise RuleError(
                "En rad i SWOT måste bygga på minst ett fynd som någon intervjuad står bakom.",
                fix="Ange fynd som finns i study.findings(), som (slag, kod, part).",
            )
        return len(set().union(*(people[key] for key in keys)))

    def edit(self, item_id: int, *, text: str | None = None, field: Field | None = None) -> None:
        """Change a line's wording or field. Raises NotFoundError and RuleError."""
        with self._store.decide(self._who(), "edit_swot", f"Ändrade rad {item_id} i SWOT") as decision:
            item = self._find(item_id)
            values = {
                "text": item.text if text is None else _worded(text, "Raden"),
                "field": item.field if field is None else _known_field(field),
            }
            if values != {"text": item.text, "field": item.field}:
                self._store.boards.update_row(decision, "swot_items", item.id, **values)

    def remove(self, item_id: int) -> None:
        """Take a line away; measures that cite it keep their other citations."""
        with self._store.decide(self._who(), "remove_swot", f"Tog bort rad {item_id} ur SWOT") as decision:
            item = self._find(item_id)
            decision.summary = f"Tog bort ”{item.text}” ur SWOT"
            self._store.boards.delete_swot_item(decision, item)

    def _find(self, item_id: int) -> SwotItem:
        for item in self.items():
            if item.id == item_id:
                return item
        raise NotFoundError(f"SWOT har ingen rad {item_id}.", fix="Se raderna med intervjukit swot.")


class Measures(_Board):
    """The measures of a study: actions with a responsible party, each citing SWOT lines."""

    _title, _one, _many, _name = "Åtgärder", "åtgärd", "åtgärder", "measures"

    def __init__(self, store: Store, who: Who, codebook: Codebook, swot: Swot) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who, self._codebook, self._swot = store, who, codebook, swot

    def items(self) -> list[Measure]:
        """Return the measures, by party in the code book's order and then in the order they were made."""
        parties = [value.id for facet in self._codebook.facets if facet.id == "party" for value in facet.values]
        order = {party: place for place, party in enumerate(parties)}
        return sorted(
            self._store.boards.measures(), key=lambda measure: (order.get(measure.party, len(order)), measure.id)
        )

    def table(self) -> pd.DataFrame:
        """One row per measure: id, text, party, due, follow_up, cites (ids of SWOT lines)."""
        from intervjukit.analysis.tables import measures_table

        return measures_table(self.items())

    def draft(self, *, per_party: int = 4) -> int:
        """Add a drafted measure per weakness that no measure cites yet, the heaviest; return how many."""
        with self._store.decide(self._who(), "draft_measures", "Utkast till åtgärder") as decision:
            cited = {item for measure in self.items() for item in measure.cites}
            items = [item for item in self._swot.items() if item.id not in cited]
            drafts = draft_measures(items, self._codebook, per_party=per_party)
            for draft in drafts:
                measure = Measure(draft.text, draft.party, tuple(item.id for item in draft.items))
                self._store.boards.insert_measure(decision, measure)
            decision.summary = f"Utkast till {len(drafts)} åtgärder"
        return len(drafts)

    def add(self, text: str, party: str, cites: Sequence[int], *, due: str = "", follow_up: str = "") -> int:
        """Add a measure for ``party`` citing SWOT lines by id; return its id. Raises RuleError, NotFoundError."""
        self._codebook.facet("party").value(party)
        text = _worded(text, "Åtgärden")
        with self._store.decide(self._who(), "add_measure", f"Lade till åtgärden ”{text}”") as decision:
            known, lines = {item.id for item in self._swot.items()}, dict.fromkeys(int(item) for item in cites)
            if not lines or set(lines) - known:
                raise RuleError(
                    "En åtgärd måste bygga på minst en rad i SWOT som finns.",
                    fix="Se radernas nummer i study.swot.",
                )
            measure = Measure(text, party, tuple(lines), due, follow_up)
            return self._store.boards.insert_measure(decision, measure)

    def edit(self, measure_id: int, **values: str) -> None:
        """Change a measure's text, party, due or follow_up. Raises NotFoundError and RuleError."""
        if unknown := set(values) - {"text", "party", "due", "follow_up"}:
            raise RuleError(
                f"En åtgärd har inget fält ”{min(unknown)}”.", fix="Välj något av: text, party, due, follow_up."
            )
        if "party" in values:
            self._codebook.facet("party").value(values["party"])
        if "text" in values:
            values["text"] = _worded(values["text"], "Åtgärden")
        with self._store.decide(self._who(), "edit_measure", f"Ändrade åtgärd {measure_id}") as decision:
            measure = self._find(measure_id)
            decision.summary = f"Ändrade ”{measure.text}”"
            if any(getattr(measure, name) != value for name, value in values.items()):
                self._store.boards.update_row(decision, "measures", measure.id, **values)

    def remove(self, measure_id: int) -> None:
        """Take a measure away."""
        with self._store.decide(self._who(), "remove_measure", f"Tog bort åtgärd {measure_id}") as decision:
            measure = self._find(measure_id)
            decision.summary = f"Tog bort ”{measure.text}”"
            self._store.boards.delete_measure(decision, measure)

    def _find(self, measure_id: int) -> Measure:
        for measure in self.items():
            if measure.id == measure_id:
                return measure
        raise NotFoundError(f"Åtgärd {measure_id} finns inte.", fix="Se åtgärderna med intervjukit measures.")


_ABOUT = {
    "coding": "kodning",
    "code": "kod",
    "respondent": "person",
    "transcript": "intervju",
    "study": "studien",
}


class Memos(_Board):
    """Remarks on codings, codes, respondents, transcripts or the study."""

    _title, _one, _many, _name = "Anteckningar", "anteckning", "anteckningar", "memos"

    def __init__(self, store: Store, who: Who) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who = store, who

    def add(self, text: str, *, target: str = "study", target_id: str | int = "") -> int:
        """Save a remark; return its id. ``target`` is coding, code, respondent, transcript or study.

        Raises NotFoundError when the study has no such thing.
        """
        if target not in TARGETS:
            raise RuleError(
                f"En anteckning kan inte handla om ”{target}”.",
                fix=f"Välj något av: {', '.join(f'{key} ({_ABOUT[key]})' for key in TARGETS)}.",
            )
        text, about = _worded(text, "Anteckningen"), str(target_id)
        if not self._store.boards.has(target, about):
            raise NotFoundError(
                f"Det anteckningen ska gälla finns inte i studien ({_ABOUT[target]} ”{about}”).",
                fix="Kontrollera numret eller koden.",
            )
        what = f"{_ABOUT[target]} {about}".strip()
        return self._store.boards.add_memo(self._who(), target, about, text, what)

    def table(self) -> pd.DataFrame:
        """One row per memo: id, target, target_id, text, author, at."""
        from intervjukit.analysis.tables import memos_table

        return memos_table(self._store.boards.memos())


class History(_Board):
    """Every decision ever made in the study, and the way back and forth through one's own."""

    _title, _one, _many, _name = "Historik", "händelse", "händelser", "history"

    def __init__(self, store: Store, who: Who) -> None:
        """Work on ``store`` for the coder ``who()``."""
        self._store, self._who = store, who

    def events(self) -> list[Event]:
        """Return the whole history, oldest first."""
        return self._store.journal.events()

    def table(self) -> pd.DataFrame:
        """One row per event: id, at, who, action, summary, kind (do, undo, redo), target, undoable."""
        from intervjukit.analysis.tables import history_table

        return history_table(self.events())

    def undo(self) -> Event | None:
        """Take back one's own latest decision; return it, None when there is none left.

        Raises ConflictError, changing nothing, when somebody has changed the same thing since.
        """
        return self._store.journal.undo(self._who())

    def redo(self) -> Event | None:
        """Make one's own last undone decision again; return it, None when there is none."""
        return self._store.journal.redo(self._who())
