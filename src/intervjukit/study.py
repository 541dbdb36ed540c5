"""Study: the one façade. Load, call one worker, save; the same verbs in a notebook, a shell and the page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from intervjukit.boards import History, Measures, Memos, Swot
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.findings import Finding, compare_groups, count_findings, look_at_parties, rank_factors
from intervjukit.core.interview import Assembler
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import Span, check_span, find_quote, normalise
from intervjukit.core.transcript import Transcript
from intervjukit.errors import Fault, FaultyFileError, FileError, IntervjukitError, NotFoundError, RuleError
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

FILE = "study.db"
Progress = Callable[[int, int, str], None]
"""Called with (done, in all, what is being done) during long work."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of files: respondents ``added``, files ``refused`` and why, files ``known`` from before."""

    added: tuple[str, ...]
    refused: tuple[tuple[str, IntervjukitError], ...]
    known: tuple[str, ...]
    doubts: int


class Study:
    """One investigation: a folder with a database that holds all of its state.

    Make one with ``Study.create`` or ``Study.open``. Decisions need a ``coder``: the study never guesses who
    decides. Use it as a context manager, or call ``close``.
    """

    def __init__(self, folder: Path, store: Store, coder: str | None) -> None:
        """Use Study.create or Study.open instead."""
        self.folder = folder
        self.coder = coder
        self._store = store

    # --- making, opening, closing -------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        folder: Path | str,
        *,
        protocols: Path | str,
        codebook: Path | str,
        name: str = "",
        coder: str | None = None,
    ) -> Study:
        """Make a study in ``folder`` with guides and code book, and return it open.

        ``protocols`` is a set that comes with the kit ("halsoflodet"), a folder or a file; ``codebook``
        likewise. Raises FileError when the folder already holds a study, FaultyFileError when a guide or the
        code book has faults; then nothing is made.
        """
        from intervjukit.formats.codebooks import codebook_yaml, read_codebook
        from intervjukit.formats.library import codebook_file, protocol_files
        from intervjukit.formats.protocols import protocol_yaml, read_protocol

        folder = Path(folder)
        guides = [read_protocol(path) for path in protocol_files(protocols)]
        book = read_codebook(codebook_file(codebook))
        who = coder or "intervjukit"
        new = not folder.exists()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(
                f"Mappen {folder} går inte att skapa ({error.strerror}).", fix="Välj en annan mapp."
            ) from error
        try:
            store = Store.create(
                folder / FILE,
                who,
                name or folder.name,
                [(guide.group, guide.title, protocol_yaml(guide)) for guide in guides],
            )
        except IntervjukitError:
            if new:
                folder.rmdir()
            raise
        store.adopt_codebook(who, book, codebook_yaml(book))
        return cls(folder, store, coder)

    @classmethod
    def open(cls, folder: Path | str, *, coder: str | None = None) -> Study:
        """Open the study in ``folder``; every coding is verified against its text. Raises FileError."""
        folder = Path(folder)
        return cls(folder, Store.open(folder / FILE), coder)

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def __enter__(self) -> Study:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Study {self.name}: {len(self._transcripts())} intervjuer>"

    def _repr_html_(self) -> str:
        from html import escape

        rows = self.transcripts().groupby("group").size()
        cells = "".join(f"<tr><td>{escape(str(group))}</td><td>{n}</td></tr>" for group, n in rows.items())
        return f"<b>{escape(self.name)}</b><table><tr><th>grupp</th><th>intervjuer</th></tr>{cells}</table>"

    def _who(self) -> str:
        if not self.coder:
            raise RuleError(
                "Det är inte sagt vem som kodar.",
                fix='Öppna studien med Study.open(mapp, coder="MK"), eller ange --coder.',
            )
        return self.coder

    # --- what it is made of -------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The study's name."""
        return self._store.name

    @cached_property
    def protocols(self) -> dict[str, Protocol]:
        """The guides by group, in the order they were adopted."""
        from intervjukit.formats.protocols import parse_protocol

        guides = [parse_protocol(yaml, Path("studiens guide"))[0] for yaml in self._store.guides()]
        return {guide.group: guide for guide in guides}

    @cached_property
    def codebook(self) -> Codebook:
        """The code book in force."""
        from intervjukit.formats.codebooks import parse_codebook

        return parse_codebook(self._store.codebook_yaml(), Path("studiens kodbok"))[0]

    # --- transcripts --------------------------------------------------------------------------------

    def add_transcripts(self, *places: Path | str, progress: Progress | None = None) -> Added:
        """Read in interviews from files or folders (.docx, .txt, .vtt) and return what became of each.

        Group, respondent, speakers, background facts and the question behind each answer are recognised;
        what is not beyond doubt is listed by ``doubts``. Good files come in though others are refused.
        Raises FileError when a place does not exist or holds no interviews.
        """
        from intervjukit.formats.transcripts import read_interview

        assembler = Assembler(list(self.protocols.values()))
        files = _files(places)
        added, refused, known, doubts = [], [], [], 0
        for done, file in enumerate(files):
            if progress:
                progress(done, len(files), file.name)
            try:
                source_hash = _hash(file)
                if earlier := self._store.has_source(source_hash):
                    known.append(f"{file.name} ({earlier})")
                    continue
                transcript = assembler.assemble(read_interview(file), file.name)
                self._store.add_transcript(self.coder or "intervjukit", transcript, source_hash)
            except IntervjukitError as error:
                refused.append((file.name, error))
                continue
            added.append(transcript.respondent)
            doubts += len(transcript.doubts)
        if progress:
            progress(len(files), len(files), "")
        return Added(tuple(added), tuple(refused), tuple(known), doubts)

    def _transcripts(self) -> list[Transcript]:
        return self._store.transcripts()

    def transcripts(self) -> pd.DataFrame:
        """One row per interview: respondent, group, wave, date, minutes, interviewer, words, turns, source."""
        from intervjukit.analysis.tables import transcripts_table

        return transcripts_table(self._transcripts())

    def transcript(self, respondent: str, *, wave: int = 1) -> Transcript:
        """Return one interview. Raises NotFoundError."""
        for transcript in self._transcripts():
            if transcript.respondent == respondent and transcript.wave == wave:
                return transcript
        raise NotFoundError(
            f"Studien har ingen intervju med {respondent} i omgång {wave}.",
            fix="Se intervjuerna med intervjukit transcripts.",
        )

    def respondents(self) -> pd.DataFrame:
        """One row per respondent: code, group and every background fact as a column."""
        from intervjukit.analysis.tables import respondents_table

        return respondents_table(self._transcripts())

    def coverage(self) -> pd.DataFrame:
        """One row per interview and guide question: respondent, group, section, question, words answered."""
        from intervjukit.analysis.tables import coverage_table

        return coverage_table(self._transcripts(), self.protocols)

    def doubts(self) -> pd.DataFrame:
        """One row per unsettled doubt from reading in: id, respondent, turn, kind, message, fix."""
        from intervjukit.analysis.tables import doubts_table

        return doubts_table(self._store.doubts())

    def settle(self, doubt: int, *, question: str | None = None) -> None:
        """Settle a doubt: approve it as it stands or, for a question, say which guide question it was.

        ``question`` is the id of a question in the group's guide, or "följdfråga" for none of its own.
        """
        place = next((row for row in self._store.doubts() if row[0] == doubt), None)
        if place is None:
            raise NotFoundError(f"Tveksamhet {doubt} finns inte.", fix="Se dem med intervjukit doubts.")
        _, respondent, doubted = place
        if question is not None and doubted.turn is not None:
            transcript = next(t for t in self._transcripts() if t.respondent == respondent)
            self._move_question(transcript, doubted.turn, question)
        self._store.settle_doubt(self._who(), doubt)

    def _move_question(self, transcript: Transcript, seq: int, question: str) -> None:
        """Tie a turn, and the turns after it that followed the same question, to another question."""
        turns = [turn for turn in transcript.turns if turn.seq >= seq]
        before = next((t.question for t in reversed(transcript.turns) if t.seq < seq and t.role != "note"), None)
        if question == "följdfråga":
            target = before
        else:
            target = self.protocols[transcript.group].question(question).id
        for turn in turns:
            if turn.question != turns[0].question:
                break
            self._store.set_question(self._who(), transcript.id, turn.seq, target)

    # --- suggestions --------------------------------------------------------------------------------

    def suggest(self, *, progress: Progress | None = None) -> int:
        """Let the machine propose codings in respondents' words; return how many are open.

        Earlier open suggestions are replaced; those already decided on stay and are not proposed again.
        """
        from intervjukit.nlp.suggester import NAME, VERSION, IndicatorSuggester

        suggester = IndicatorSuggester(self.codebook, self.protocols.values())
        told = (lambda done, total: progress(done, total, "föreslår")) if progress else None
        proposals = suggester.suggest(self._transcripts(), told)
        return self._store.replace_suggestions(f"{NAME} {VERSION}", proposals)

    def suggestions(self, *, status: str | None = "open") -> pd.DataFrame:
        """One row per suggestion: id, respondent, quote, code, facets, score (0–1), reason, status.

        ``status`` is open, accepted, changed or rejected; None gives all.
        """
        from intervjukit.analysis.tables import suggestions_table

        wanted = {"status": status} if status else {}
        return suggestions_table(self._store.suggestions(**wanted), self.codebook)

    def accept(
        self,
        suggestion: int,
        *,
        code: str | None = None,
        valence: str | None = None,
        party: str | None = None,
        phase: str | None = None,
    ) -> Coding:
        """Make a suggestion a coding, as it is or with another code or facet; return the coding.

        Raises NotFoundError when it is not open, RuleError for values the code book does not have.
        """
        found = self._open_suggestion(suggestion)
        facets = {**found.facets, **_given(valence=valence, party=party, phase=phase)}
        coding = self._checked(found, code or found.code, facets)
        same = coding.code == found.code and coding.facets == dict(found.facets)
        status = "accepted" if same else "changed"
        with self._store.decide(self._who(), "accept", f"Godtog förslag {suggestion}: {coding.code}") as decision:
            self._store.decide_suggestion(decision, found, status)
            number = self._store.insert_coding(decision, coding)
        return self._store.codings(id=number)[0]

    def reject(self, suggestion: int) -> None:
        """Turn a suggestion down; it is not proposed again."""
        found = self._open_suggestion(suggestion)
        with self._store.decide(self._who(), "reject", f"Avvisade förslag {suggestion}: {found.code}") as decision:
            self._store.decide_suggestion(decision, found, "rejected")

    def _open_suggestion(self, number: int) -> Suggestion:
        found = self._store.suggestions(id=number)
        if not found:
            raise NotFoundError(f"Förslag {number} finns inte.", fix="Se förslagen med intervjukit suggestions.")
        if found[0].status != "open":
            raise NotFoundError(
                f"Förslag {number} är redan avgjort ({found[0].status}).",
                fix="Ångra beslutet först, om det var fel.",
            )
        return found[0]

    def _checked(self, suggestion: Suggestion, code: str, facets: dict[str, str]) -> Coding:
        self.codebook.code(code)
        return Coding(
            id=0,
            transcript=suggestion.transcript,
            respondent=suggestion.respondent,
            group="",
            start=suggestion.start,
            end=suggestion.end,
            quote=suggestion.quote,
            code=code,
            facets=self.codebook.check_facets(facets),
            coder=self._who(),
            suggestion=suggestion.id,
        )

    # --- codings ------------------------------------------------------------------------------------

    def code(
        self,
        respondent: str,
        quote: str,
        code: str,
        *,
        valence: str | None = None,
        party: str | None = None,
        phase: str | None = None,
        span: tuple[int, int] | None = None,
        wave: int = 1,
    ) -> Coding:
        """Code a quote by hand and return the coding.

        The quote must stand exactly once in the interview; where it stands more than once, ``span`` says
        which place (code points in the transcript's text). Raises RuleError and NotFoundError.
        """
        transcript = self.transcript(respondent, wave=wave)
        coding = self._coding(transcript, quote, code, _given(valence=valence, party=party, phase=phase), span)
        with self._store.decide(self._who(), "code", f"Kodade {respondent}: {code}") as decision:
            number = self._store.insert_coding(decision, coding)
        return self._store.codings(id=number)[0]

    def _coding(
        self,
        transcript: Transcript,
        quote: str,
        code: str,
        facets: dict[str, str],
        span: tuple[int, int] | None = None,
    ) -> Coding:
        quote = normalise(quote)
        where = Span(*span) if span else _only_place(transcript, quote)
        check_span(transcript.text, where, quote)
        turn = transcript.turn_at(where.start)
        if turn is None or turn.role != "respondent" or where.end > turn.end:
            raise RuleError(
                f"”{quote[:60]}” är inte respondentens egna ord i en och samma replik.",
                fix="Koda bara det respondenten säger, en replik i taget.",
            )
        self.codebook.code(code)
        return Coding(
            id=0,
            transcript=transcript.id,
            respondent=transcript.respondent,
            group=transcript.group,
            start=where.start,
            end=where.end,
            quote=quote,
            code=code,
            facets=self.codebook.check_facets(facets),
            coder=self._who(),
        )

    def add_codings(self, file: Path | str) -> int:
        """Take in a coder's decisions from a CSV file (file, quote, code, valence, party, phase).

        All of them or, with every faulty line named, none. Returns how many; one undo takes them back.
        """
        from intervjukit.formats.decisions import read_decisions

        path = Path(file)
        transcripts = {key: t for t in self._transcripts() for key in (t.source, t.respondent)}
        codings, faults = [], []
        for row in read_decisions(path):
            try:
                if row.source not in transcripts:
                    raise NotFoundError(
                        f"Intervjun ”{row.source}” finns inte i studien.",
                        fix="Läs in den, eller rätta namnet.",
                    )
                codings.append(self._coding(transcripts[row.source], row.quote, row.code, dict(row.facets)))
            except IntervjukitError as error:
                faults.append(Fault(path.name, row.line, error.problem, error.fix))
        if faults:
            raise FaultyFileError(path.name, faults)
        what = f"Tog in {len(codings)} kodningar från {path.name}"
        with self._store.decide(self._who(), "add_codings", what) as decision:
            for coding in codings:
                self._store.insert_coding(decision, coding)
        return len(codings)

    def change(
        self,
        coding: int,
        *,
        code: str | None = None,
        valence: str | None = None,
        party: str | None = None,
        phase: str | None = None,
        span: tuple[int, int] | None = None,
    ) -> Coding:
        """Change a coding's code, facets or place and return it; "" takes a facet away. Raises RuleError."""
        before = self._find_coding(coding)
        facets = self.codebook.check_facets({**before.facets, **_given(valence=valence, party=party, phase=phase)})
        after = replace(before, code=self.codebook.code(code or before.code).id, facets=facets)
        if span:
            transcript = next(t for t in self._transcripts() if t.id == before.transcript)
            quote = transcript.text[slice(*span)]
            after = replace(after, start=span[0], end=span[1], quote=quote)
            self._coding(transcript, quote, after.code, facets, span)
        with self._store.decide(self._who(), "change", f"Ändrade kodning {coding}") as decision:
            self._store.set_facets(decision, coding, before.facets, after.facets)
            values = {key: getattr(after, key) for key in ("code", "start", "end", "quote")}
            self._store.update_coding(decision, before, **values)
        return self._store.codings(id=coding)[0]

    def uncode(self, coding: int) -> None:
        """Take a coding away; it stays in the history and can be undone."""
        found = self._find_coding(coding)
        with self._store.decide(self._who(), "uncode", f"Tog bort kodning {coding}: {found.code}") as decision:
            self._store.delete_coding(decision, found)

    def _find_coding(self, number: int) -> Coding:
        found = self._store.codings(id=number)
        if not found:
            raise NotFoundError(f"Kodning {number} finns inte.", fix="Se kodningarna med intervjukit codings.")
        return found[0]

    def codings(self) -> pd.DataFrame:
        """One row per coding: id, respondent, group, quote, code, facets, coder, at, start, end, suggestion."""
        from intervjukit.analysis.tables import codings_table

        return codings_table(self._store.codings(), self.codebook)

    # --- what they say ------------------------------------------------------------------------------

    def _totals(self) -> dict[str, int]:
        """Interviewed respondents per group, in the order of the guides."""
        people: dict[str, set[str]] = {group: set() for group in self.protocols}
        for transcript in self._transcripts():
            people[transcript.group].add(transcript.respondent)
        return {group: len(codes) for group, codes in people.items() if codes}

    def _findings(self) -> list[Finding]:
        return count_findings(self._store.codings(), self._totals())

    def findings(
        self, *, valence: str | None = None, party: str | None = None, group: str | None = None
    ) -> pd.DataFrame:
        """One row per finding: valence, code, party, group, n, N, quantifier, basis, respondents, quotes.

        n of N respondents in the group say it (respondents are counted, never hits); most first.
        """
        from intervjukit.analysis.tables import findings_table

        wanted = _given(valence=valence, party=party, group=group)
        return findings_table(
            finding
            for finding in self._findings()
            if all(getattr(finding, name) == value for name, value in wanted.items())
        )

    def _own_parties(self) -> dict[str, str]:
        return {group: protocol.party for group, protocol in self.protocols.items()}

    def perspectives(self) -> pd.DataFrame:
        """Who says what about whom: one row per group, party and valence with n of N and the themes named.

        ``own`` is True where a group speaks of its own party.
        """
        from intervjukit.analysis.tables import views_table

        return views_table(look_at_parties(self._store.codings(), self._totals(), self._own_parties()))

    def contrasts(self) -> pd.DataFrame:
        """Where the parties agree and contradict one another: kind, code, parties, sides, weight.

        Kinds: samsyn, motsägelse, blind fläck, pekar på varandra (see core.findings.Contrast).
        """
        from intervjukit.analysis.tables import contrasts_table

        return contrasts_table(compare_groups(self._store.codings(), self._totals(), self._own_parties()))

    def ranking(self, valence: str = "framgang") -> pd.DataFrame:
        """The recurring factors, most respondents first: place ("3=" when shared), code, name, n, N, groups."""
        from intervjukit.analysis.tables import ranking_table

        return ranking_table(rank_factors(self._store.codings(), self._totals(), valence), self.codebook)

    # --- nouns --------------------------------------------------------------------------------------

    @property
    def swot(self) -> Swot:
        """The SWOT: draft, add, edit, remove, table."""
        return Swot(self._store, self._who, self.codebook, self._findings)

    @property
    def measures(self) -> Measures:
        """The measures: draft, add, edit, remove, table."""
        return Measures(self._store, self._who, self.codebook, self.swot)

    @property
    def memos(self) -> Memos:
        """The memos: add, table."""
        return Memos(self._store, self._who)

    @property
    def history(self) -> History:
        """The history: table, undo, redo."""
        return History(self._store, self._who)

    # --- the report ---------------------------------------------------------------------------------

    def report(self, path: Path | str, *, title: str = "") -> Path:
        """Write the study's report as a Word file and return its path.

        The file is complete or not there; one that is open in Word is never half overwritten. Raises
        FileError, and RuleError when nothing is coded yet.
        """
        from intervjukit.analysis.charts import report_charts
        from intervjukit.export.report import ReportData, write_report

        codings, totals = self._store.codings(), self._totals()
        if not codings:
            raise RuleError(
                "Det finns inget att rapportera än: ingenting är kodat.",
                fix="Koda först, eller ta in kodningar med add_codings.",
            )
        data = ReportData(
            name=title or self.name,
            protocols=self.protocols,
            codebook=self.codebook,
            transcripts=tuple(self._transcripts()),
            codings=tuple(codings),
            suggestions=tuple(self._store.suggestions()),
            swot=tuple(self.swot.items()),
            measures=tuple(self.measures.items()),
            totals=totals,
        )
        charts = report_charts(codings, totals, self.codebook, self.protocols)
        return write_report(data, charts, Path(path))


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _only_place(transcript: Transcript, quote: str) -> Span:
    places = find_quote(transcript.text, quote)
    if len(places) == 1:
        return places[0]
    shown = f"”{quote[:80]}”"
    if not places:
        raise RuleError(
            f"Citatet {shown} finns inte i intervjun med {transcript.respondent}.",
            fix="Kopiera det ordagrant ur intervjun.",
        )
    raise RuleError(
        f"Citatet {shown} finns på {len(places)} ställen i intervjun med {transcript.respondent}.",
        fix="Ta med några ord till, eller ange platsen med span.",
    )


def _files(places: Iterable[Path | str]) -> list[Path]:
    from intervjukit.formats.transcripts import ENDINGS

    found: list[Path] = []
    for place in map(Path, places):
        if place.is_dir():
            inside = sorted(file for file in place.iterdir() if file.suffix.lower() in ENDINGS)
            inside = [file for file in inside if not file.name.startswith(("~$", "."))]
            if not inside:
                raise FileError(
                    f"Mappen {place} innehåller inga intervjuer.",
                    fix=f"De ska vara av sorten {', '.join(ENDINGS)}.",
                )
            found += inside
        elif place.exists():
            found.append(place)
        else:
            raise FileError(f"{place} finns inte.", fix="Kontrollera sökvägen.")
    return found


def _hash(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise FileError(
            f"{file.name} går inte att läsa ({error.strerror}).",
            fix="Stäng filen i andra program och kontrollera att du har rätt till den.",
        ) from error


__all__: Sequence[str] = ["Added", "Study"]
