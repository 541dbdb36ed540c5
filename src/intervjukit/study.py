"""Study: the one façade. Load, call one worker, save; the same verbs in a notebook, a shell and the page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from intervjukit.boards import Doubts, History, Memos, Progress, quoted
from intervjukit.core.choices import facet_value, group_id
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding
from intervjukit.core.phrases import number_words
from intervjukit.core.placing import coding_of, sign
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import Transcript, nearest_respondent
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.formats.intake import check_groups, is_shipped_codebook, new_folder, parsed_bank, parsed_guide
from intervjukit.nouns import Nouns
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    import pandas as pd

    from intervjukit.core.findings import Finding
    from intervjukit.nlp.showing import Mode
    from intervjukit.nlp.suggester import Suggester
    from intervjukit.planning import Measures, Swot
    from intervjukit.reading import Added
    from intervjukit.storage.store import Keep

FILE = "study.db"


class Study(Nouns):
    """One investigation: a folder with a database that holds all of its state.

    Make one with ``Study.create`` or ``Study.open``. Decisions need a ``coder``: the study never guesses who
    decides. Use it as a context manager, or call ``close``.
    """

    def __init__(self, folder: Path, store: Store, coder: str | None) -> None:
        """Use Study.create or Study.open instead."""
        self.folder, self.coder, self._store = folder, coder, store

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

        The groups stand in the order of their parties in the code book, here and in every table.

        ``protocols`` is a set that comes with the kit ("halsoflodet"), a folder or a file; ``codebook``
        likewise. Raises FileError when the folder already holds a study, FaultyFileError when a guide or the
        code book has faults or they do not fit together; then nothing is made.
        """
        from intervjukit.formats.banks import bank_files, bank_text
        from intervjukit.formats.codebooks import codebook_yaml, read_codebook
        from intervjukit.formats.fitting import check_fit
        from intervjukit.formats.library import codebook_file, protocol_files
        from intervjukit.formats.protocols import protocol_yaml, read_protocol

        folder = Path(folder)
        files = {path: read_protocol(path) for path in protocol_files(protocols)}
        book_file = codebook_file(codebook)
        book = read_codebook(book_file)
        check_groups([*files.values()])
        check_fit(files, book_file, book)
        banks = {file.name: bank_text(file) for file in bank_files(book_file)}
        if not is_shipped_codebook(book_file):
            parsed_bank(banks, book)
        guides = sorted(files.values(), key=book.party_order)
        with new_folder(folder):
            store = Store.create(
                folder / FILE,
                coder or "intervjukit",
                name or folder.resolve().name,
                [(guide.group, guide.title, protocol_yaml(guide)) for guide in guides],
                book,
                codebook_yaml(book),
                banks,
            )
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
        return f"<Study {self.name}: {self._store.interviews.count()} intervjuer>"

    def _repr_html_(self) -> str:
        from html import escape

        rows = self.transcripts().groupby("group").size()
        cells = "".join(f"<tr><td>{escape(str(group))}</td><td>{n}</td></tr>" for group, n in rows.items())
        return f"<b>{escape(self.name)}</b><table><tr><th>grupp</th><th>intervjuer</th></tr>{cells}</table>"

    def _who(self) -> str:
        if not self.coder or not self.coder.strip():
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
        return {guide.group: guide for guide in map(parsed_guide, self._store.guides())}

    @property
    def codebook(self) -> Codebook:
        """The code book in force; ``themes`` changes it."""
        return self.themes.codebook()

    # --- transcripts --------------------------------------------------------------------------------

    def add_transcripts(
        self, *places: Path | str, replace: bool = False, dry_run: bool = False, progress: Progress | None = None
    ) -> Added:
        """Read in interviews from files, folders or zips (documents, text, subtitles); return what became of each.

        Group, respondent, speakers, background facts and the question behind each answer are recognised;
        what is not beyond doubt is listed by ``doubts``. Good files come in though others are refused; ``dry_run``
        saves none. ``replace`` lets a file take the place of the same respondent's and wave's. Raises FileError.
        """
        from intervjukit.reading import take_in

        guides, who = list(self.protocols.values()), self.coder or "intervjukit"
        return take_in(self._store, who, guides, places, self.folder, progress, replace=replace, dry_run=dry_run)

    def _transcripts(self) -> list[Transcript]:
        return self._store.interviews.all()

    def transcripts(self) -> pd.DataFrame:
        """One row per interview: respondent, group, wave, date, minutes, interviewer, words, turns, source."""
        from intervjukit.analysis.tables import transcripts_table

        return transcripts_table(self._transcripts())

    def transcript(self, respondent: str, *, wave: int = 1) -> Transcript:
        """Return one interview. Raises NotFoundError."""
        if found := self._store.interviews.all(respondent=respondent, wave=wave):
            return found[0]
        near = nearest_respondent(respondent, (found.respondent for found in self._transcripts()))
        raise NotFoundError(
            f"Studien har ingen intervju med {respondent} i omgång {wave}.",
            fix=f"Menade du {near}?" if near and near != respondent else "Se intervjuerna med intervjukit transcripts.",
        )

    def respondents(self) -> pd.DataFrame:
        """One row per respondent: code, group and every background fact as a column."""
        from intervjukit.analysis.tables import respondents_table

        return respondents_table(self._transcripts())

    def coverage(self) -> pd.DataFrame:
        """One row per interview and guide question: respondent, group, section, question, words, status, wave."""
        from intervjukit.analysis.coverage import coverage_table
        from intervjukit.asking import also_asked

        return coverage_table(self._transcripts(), self.protocols, also_asked(self._store))

    # --- suggestions --------------------------------------------------------------------------------

    def suggest(self, *, mode: Mode = "economical", keep: Keep | None = None, progress: Progress | None = None) -> int:
        """Let the machine propose codings in respondents' words; return how many are open.

        It has learned from the code book's bank of utterances and from every decision in this study. Earlier open
        suggestions are replaced; what is coded or decided on is not proposed again. ``mode`` is "economical" (few,
        likely ones) or "complete" (nearly all there is, for the one who wants to miss nothing). ``keep`` is asked, at
        the moment of replacing, for the ids of those that stay as they are: somebody is looking at them.
        """
        told = (lambda done, total: progress(done, total, "föreslår")) if progress else None
        least = self.agreement.least(mode)
        suggester = self._learned.suggester(progress)
        proposals = suggester.suggest(
            self._transcripts(), self._learned.decisions(), mode=mode, least=least, progress=told
        )
        return self._store.replace_suggestions(suggester.name, proposals, keep)

    @property
    def _suggester(self) -> Suggester:
        return self._learned.suggester()

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
        span: tuple[int, int] | None = None,
        **facets: str | None,
    ) -> Coding:
        """Make a suggestion a coding, as it is or with another code, place or facet; return the coding.

        ``facets`` are the code book's own: valence, party and phase in the one that comes with the kit. Raises
        NotFoundError when it is not open, RuleError for values the code book does not have.
        """
        with self._store.decide(self._who(), "accept", f"Godtog förslag {suggestion}") as decision:
            found = self._deciding.open_suggestion(suggestion)
            decided = self.codebook.code(code or found.code).id
            checked = self.codebook.check_facets({**found.facets, **_given(**facets)})
            coding = coding_of(found, decided, checked, self._who())
            if span:
                coding = self._deciding.moved(coding, span)
            proposed = (found.code, found.start, found.end, dict(found.facets))
            same = (coding.code, coding.start, coding.end, coding.facets) == proposed
            decision.summary += f": {coding.code}, {quoted(coding.quote)}"
            self._store.decide_suggestion(decision, found, "accepted" if same else "changed")
            number = self._store.insert_coding(decision, coding)
        return self._deciding.coding(number)

    def reject(self, suggestion: int) -> None:
        """Turn a suggestion down; it is not proposed again. Raises NotFoundError when it is not open."""
        with self._store.decide(self._who(), "reject", f"Avvisade förslag {suggestion}") as decision:
            found = self._deciding.open_suggestion(suggestion)
            decision.summary += f": {found.code}, {quoted(found.quote)}"
            self._store.decide_suggestion(decision, found, "rejected")

    # --- codings ------------------------------------------------------------------------------------

    def code(
        self,
        respondent: str,
        quote: str,
        code: str,
        *,
        span: tuple[int, int] | None = None,
        wave: int = 1,
        **facets: str | None,
    ) -> Coding:
        """Code a quote by hand, with a value for any of the code book's facets, and return the coding.

        The quote must stand exactly once in the interview; where it stands more than once, ``span`` says
        which place (code points in the transcript's text). Raises RuleError and NotFoundError.
        """
        coding = self._deciding.new(self.transcript(respondent, wave=wave), quote, code, _given(**facets), span)
        with self._store.decide(self._who(), "code", f"Kodade {respondent}: {coding.code}") as decision:
            decision.summary += f", {quoted(coding.quote)}"
            here = self._store.codings(transcript=coding.transcript, start=coding.start)
            if sign(coding) in {sign(made) for made in here}:
                raise RuleError("Du har redan kodat stället just så.", fix="Ändra den kodning som finns.")
            number = self._store.insert_coding(decision, coding)
        return self._deciding.coding(number)

    def add_codings(self, file: Path | str) -> int:
        """Take in a coder's decisions from a CSV file (file, quote, code, valence, party, phase).

        All of them or, with every faulty line named, none. Returns how many are new: decisions this coder has
        made before are not made twice. One undo takes them back.
        """
        path = Path(file)
        codings = self._deciding.from_file(path, self._transcripts())
        with self._store.decide(self._who(), "add_codings", f"Tog in kodningar från {path.name}") as decision:
            made = {sign(coding) for coding in self._store.codings()}
            new = [coding for coding in codings if sign(coding) not in made]
            for coding in new:
                self._store.insert_coding(decision, coding)
            decision.summary = f"Tog in {number_words(len(new), 'kodning', 'kodningar')} från {path.name}"
        return len(new)

    def change(
        self,
        coding: int,
        *,
        code: str | None = None,
        span: tuple[int, int] | None = None,
        **facets: str | None,
    ) -> Coding:
        """Change a coding's code, facets or place and return it; "" takes a facet away. Raises RuleError."""
        with self._store.decide(self._who(), "change", f"Ändrade kodning {coding}") as decision:
            before = self._deciding.coding(coding)
            decision.summary += f": {before.code}, {quoted(before.quote)}"
            checked = self.codebook.check_facets({**before.facets, **_given(**facets)})
            after = replace(before, code=self.codebook.code(code or before.code).id, facets=checked)
            if span:
                after = self._deciding.moved(after, span)
            if after != before:
                self._store.set_facets(decision, before.id, before.facets, after.facets)
                values = {key: getattr(after, key) for key in ("code", "start", "end", "quote")}
                self._store.update_coding(decision, before, **values)
        return self._deciding.coding(coding)

    def uncode(self, coding: int) -> None:
        """Take a coding away; it stays in the history and can be undone. Raises NotFoundError."""
        with self._store.decide(self._who(), "uncode", f"Tog bort kodning {coding}") as decision:
            found = self._deciding.coding(coding)
            decision.summary += f": {found.code}, {quoted(found.quote)}"
            self._store.delete_coding(decision, found)

    def codings(self) -> pd.DataFrame:
        """One row per coding: id, respondent, group, quote, code, facets, coder, at, start, end, suggestion."""
        from intervjukit.analysis.tables import codings_table

        return codings_table(self._store.codings(), self.codebook)

    # --- what they say ------------------------------------------------------------------------------

    def _totals(self) -> dict[str, int]:
        return self._store.interviews.people()

    def _findings(self) -> list[Finding]:
        from intervjukit.core.findings import count_findings

        return count_findings(self._store.codings(), self._totals())

    def findings(
        self, *, valence: str | None = None, party: str | None = None, group: str | None = None
    ) -> pd.DataFrame:
        """One row per finding: valence, code, party, group, n, N, quantifier, basis, respondents, quotes.

        n of N respondents in the group say it (respondents are counted, never hits); most first. What is wanted
        may be written as id or name; party "" gives those without. Raises NotFoundError listing what there is.
        """
        from intervjukit.analysis.tables import findings_table

        wanted = _given(
            valence=None if valence is None else facet_value(self.codebook, "valence", valence),
            party=facet_value(self.codebook, "party", party) if party else party,
            group=None if group is None else group_id(self.protocols, group),
        )
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
        from intervjukit.core.findings import look_at_parties

        return views_table(look_at_parties(self._store.codings(), self._totals(), self._own_parties()))

    def contrasts(self) -> pd.DataFrame:
        """Where the parties agree and contradict one another: kind, code, parties, sides, weight.

        Kinds: samsyn, motsägelse, blind fläck, pekar på varandra (see core.findings.Contrast).
        """
        from intervjukit.analysis.tables import contrasts_table
        from intervjukit.core.findings import compare_groups

        return contrasts_table(compare_groups(self._store.codings(), self._totals(), self._own_parties()))

    def ranking(self, valence: str = "framgang") -> pd.DataFrame:
        """The recurring factors, most respondents first: place ("3=" when shared), code, name, n, N, groups.

        ``valence`` may be written as id or name. Raises NotFoundError listing the ones there are.
        """
        from intervjukit.analysis.tables import ranking_table
        from intervjukit.core.findings import rank_factors

        valence = facet_value(self.codebook, "valence", valence)
        return ranking_table(rank_factors(self._store.codings(), self._totals(), valence), self.codebook)

    # --- nouns --------------------------------------------------------------------------------------

    @property
    def doubts(self) -> Doubts:
        """What the reading of interviews was not sure of: table, settle."""
        return Doubts(self._store, self._who, self.protocols)

    @property
    def swot(self) -> Swot:
        """The SWOT: draft, add, edit, remove, table."""
        from intervjukit.planning import Swot

        return Swot(self._store, self._who, self.codebook, self._findings)

    @property
    def measures(self) -> Measures:
        """The measures: draft, add, edit, remove, table."""
        from intervjukit.planning import Measures

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

    def report(
        self,
        path: Path | str,
        *,
        title: str = "",
        parts: Collection[str] | None = None,
        profile: str | Path | None = None,
        template: Path | str | None = None,
        page_numbers: bool = False,
        progress: Progress | None = None,
    ) -> Path:
        """Write the study's report as a Word file and return its path.

        ``profile`` is one that comes with the kit ("full", "styrgrupp" …), one of the study's own or a YAML file;
        ``parts`` are those of its parts to write, None for all. ``template`` is a .docx or .dotx to write it in.
        ``page_numbers`` gives the contents page numbers when LibreOffice is on the machine. ``path`` ends in .docx;
        the file is complete or not there, and one that is open in Word is never half overwritten. Raises FileError,
        NotFoundError, and RuleError when nothing is coded yet.
        """
        return self.reports.make(
            Path(path),
            title=title,
            parts=parts,
            profile=profile,
            template=Path(template) if template else None,
            page_numbers=page_numbers,
            progress=progress,
        )


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}
