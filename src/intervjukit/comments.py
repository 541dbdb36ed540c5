"""Coding by comments in Word, the noun ``study.comments``: interviews go out and come back with what was made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from intervjukit.boards import Who
from intervjukit.core.codebook import Codebook
from intervjukit.core.coding import Coding, Memo
from intervjukit.core.comment_plan import FilePlan, Kind, Known, Step, plan_comments
from intervjukit.core.comments import Mark, Wordings, fingerprint, label_text
from intervjukit.core.placing import sign
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import Span
from intervjukit.core.transcript import Transcript
from intervjukit.errors import ConflictError, FileError, NotFoundError, RuleError
from intervjukit.storage.identities import Identities
from intervjukit.storage.journal import Decision
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    from intervjukit.core.comments import Commented

REMOVALS = ("uncode", "unnote")
_TOLD: Mapping[Kind, tuple[str, str]] = {
    "code": ("ny kodning", "nya kodningar"),
    "recode": ("ändrad kodning", "ändrade kodningar"),
    "uncode": ("borttagen kodning", "borttagna kodningar"),
    "note": ("ny anteckning", "nya anteckningar"),
    "renote": ("ändrad anteckning", "ändrade anteckningar"),
    "unnote": ("borttagen anteckning", "borttagna anteckningar"),
}
"""What each kind of step is called, one and several."""


@dataclass(frozen=True)
class CommentPlan:
    """What commented files mean for the study. Nothing is done until ``apply`` is called.

    ``files`` holds one plan per file, with its steps and what stands in their way.
    """

    files: tuple[FilePlan, ...]
    _make: Callable[[CommentPlan, bool], int] = field(repr=False)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Everything to be made, changed and removed."""
        return tuple(step for file in self.files for step in file.steps)

    @property
    def doubtful(self) -> tuple[Step, ...]:
        """The steps somebody should look at: the words are edited in the file, not marked or not the person's own."""
        return tuple(step for step in self.steps if step.unsure)

    @property
    def removals(self) -> tuple[Step, ...]:
        """What would be removed: done only if ``apply`` is told so."""
        return tuple(step for step in self.steps if step.kind in REMOVALS)

    @property
    def faults(self) -> tuple[str, ...]:
        """Comments that are meant as codings and cannot be read; with any of them nothing can be done."""
        return tuple(fault for file in self.files for fault in file.faults)

    @property
    def strangers(self) -> tuple[tuple[str, str], ...]:
        """Authors nobody knows, with their initials; with any of them nothing can be done."""
        return tuple(dict.fromkeys(stranger for file in self.files for stranger in file.strangers))

    def check(self) -> None:
        """Raise RuleError when something stands in the way, with all of it."""
        if self.faults:
            listed = "\n".join(f"  {fault}" for fault in self.faults)
            many = "En kommentar" if len(self.faults) == 1 else f"{len(self.faults)} kommentarer"
            raise RuleError(
                f"{many} går inte att läsa som kodning:\n{listed}\n",
                fix="Rätta kommentarerna i filen, eller ta bort ”kod:” om de är anteckningar. Inget har sparats.",
            )
        if self.strangers:
            listed = ", ".join(f"”{author}” ({initials or 'utan initialer'})" for author, initials in self.strangers)
            example = self.strangers[0]
            raise RuleError(
                f"Det är inte sagt vilken kodare som är {listed}.",
                fix=f'Säg det med --as "{example[0]}={example[1] or "BL"}", eller med --from om en enda har arbetat i '
                "filen. Inget har sparats.",
            )

    def apply(self, *, remove: bool = False) -> int:
        """Do what is planned, as one decision, and return how many steps were made.

        What is removed in the files is removed in the study only with ``remove``. Raises RuleError when something
        stands in the way, ConflictError when the study has changed since; then nothing is done.
        """
        self.check()
        return self._make(self, remove)

    def __repr__(self) -> str:
        told = told_steps(self.steps) or "inget nytt"
        return f"<Kommentarer ur {', '.join(file.source for file in self.files)}: {told}; gör det med apply()>"


def told_steps(steps: Iterable[Step]) -> str:
    """Return how much of each kind there is, in words; "" for nothing."""
    counted = Counter(step.kind for step in steps)
    return ", ".join(
        f"{counted[kind]} {one if counted[kind] == 1 else many}" for kind, (one, many) in _TOLD.items() if counted[kind]
    )


class Comments:
    """Interviews out as Word with codings as comments, and back again."""

    def __init__(
        self,
        store: Store,
        who: Who,
        codebook: Callable[[], Codebook],
        protocols: Callable[[], Mapping[str, Protocol]],
    ) -> None:
        """Work on ``store`` for the coder ``who()``; the rest is asked for when it is needed."""
        self._store, self._who = store, who
        self._codebook, self._protocols = codebook, protocols

    def __repr__(self) -> str:
        return "<Kommentarer i Word: study.comments.write(…) och study.comments.read(…)>"

    # --- out ----------------------------------------------------------------------------------------

    def write(
        self,
        target: Path | str,
        *,
        respondent: str | None = None,
        coder: str | None = None,
        blank: bool = False,
        codebook: bool = False,
        force: bool = False,
    ) -> list[Path]:
        """Write interviews as Word with codings and memos on places as comments; return the files.

        ``target`` is a .docx for one interview or a folder for one file each. ``coder`` lets only that coder's go out,
        ``blank`` none at all, so that a second coder is not led; ``codebook`` puts the code book last in the file.
        Files that are there are kept unless ``force``. Raises FileError, NotFoundError, RuleError.
        """
        from intervjukit.export.commented import Outgoing, write_commented

        wanted = {"respondent": respondent} if respondent else {}
        transcripts = self._store.interviews.all(**wanted)
        if not transcripts:
            raise NotFoundError(
                f"Studien har ingen intervju med {respondent}." if respondent else "Studien har inga intervjuer.",
                fix="Se intervjuerna med intervjukit transcripts.",
            )
        files = _files(Path(target), transcripts, force)
        book = self._codebook()
        for transcript, path in files:
            marks = () if blank else tuple(self._marks(transcript, book, coder).values())
            group = self._protocols()[transcript.group].group_name
            write_commented(Outgoing(self._study(), transcript, group, book, marks, codebook), path)
        return [path for _, path in files]

    def _marks(self, transcript: Transcript, book: Codebook, coder: str | None = None) -> dict[str, Mark]:
        """Return an interview's codings and memos on places as they go out, by key."""
        marks = [
            Mark(f"k{c.id}", Span(c.start, c.end), c.quote, label_text(c, book), c.coder, c.at)
            for c in self._store.codings(transcript=transcript.id)
        ]
        marks += [
            Mark(f"m{memo.id}", Span(memo.start, memo.end), memo.quote, memo.text, memo.author, memo.at)
            for memo in self._memos(transcript)
            if memo.start is not None and memo.end is not None
        ]
        chosen = [mark for mark in marks if coder is None or mark.author == coder]
        return {mark.key: mark for mark in sorted(chosen, key=lambda mark: mark.span)}

    def _study(self) -> str:
        """Return what tells this study from every other."""
        return fingerprint(*Identities(self._store.database).born())

    def _memos(self, transcript: Transcript) -> list[Memo]:
        about = ("transcript", str(transcript.id))
        return [memo for memo in self._store.boards.memos() if (memo.target, memo.target_id) == about]

    # --- back ---------------------------------------------------------------------------------------

    def read(
        self,
        *files: Path | str,
        by: str | None = None,
        names: Mapping[str, str] | None = None,
        respondent: str | None = None,
    ) -> CommentPlan:
        """Read commented files and return what they mean for the study; nothing is saved.

        ``by`` is the coder who has worked in them: what is changed is theirs, and so are comments of an author nobody
        knows. ``names`` tells which coder an author is; ``respondent`` whose interview it is, where the file has lost
        it. Raises FileError and NotFoundError.
        """
        from intervjukit.formats.comments import read_commented

        wordings, own = Wordings(self._codebook()), by or self._who()
        plans = []
        for file in map(Path, files):
            commented = read_commented(file)
            if commented.study != self._study():  # its numbers are another study's
                commented = replace(commented, sent={})
            transcript = self._transcript(commented, respondent)
            known = Known(
                transcript,
                self._store.codings(transcript=transcript.id),
                self._memos(transcript),
                self._marks(transcript, self._codebook()),
            )
            coders = self._coders(commented, by, names or {})
            plans.append(plan_comments(commented, known, wordings, coders.get, by, own))
        return CommentPlan(tuple(plans), self._make)

    def _transcript(self, commented: Commented, respondent: str | None) -> Transcript:
        code = commented.respondent or respondent
        if not code:
            raise FileError(
                f"{commented.source} säger inte längre vems intervju det är.", fix="Ange det med --respondent."
            )
        if found := self._store.interviews.all(respondent=code, wave=commented.wave or 1):
            return found[0]
        raise NotFoundError(
            f"{commented.source}: studien har ingen intervju med {code} i omgång {commented.wave or 1}.",
            fix="Kontrollera att det är rätt studie.",
        )

    def _coders(self, commented: Commented, by: str | None, names: Mapping[str, str]) -> dict[str, str]:
        """Return which coder each author of a comment is: as told, one who codes here, or the only one left."""
        told = {author.casefold(): coder for author, coder in names.items()}
        known = {coder.casefold(): coder for coder in (*self._known_coders(), *([by] if by else []))}
        found, strangers = {}, set()
        for author in {note.author for note in commented.notes}:
            if coder := told.get(author.casefold()) or known.get(author.casefold()):
                found[author] = coder
            else:
                strangers.add(author)
        if by and len(strangers) == 1:
            found[strangers.pop()] = by
        return found

    def _known_coders(self) -> Iterator[str]:
        yield self._who()
        yield from dict.fromkeys(coding.coder for coding in self._store.codings())
        yield from dict.fromkeys(memo.author for memo in self._store.boards.memos())

    def _make(self, plan: CommentPlan, remove: bool) -> int:
        steps = [step for step in plan.steps if remove or step.kind not in REMOVALS]
        sources = ", ".join(file.source for file in plan.files)
        with self._store.decide(self._who(), "take_in_comments", f"Tog in kommentarer ur {sources}") as decision:
            decision.summary += f": {told_steps(steps) or 'inget nytt'}"
            codings = {coding.id: coding for coding in self._store.codings()}
            memos = {memo.id: memo for memo in self._store.boards.memos()}
            signs = {sign(coding) for coding in codings.values()}
            for step in steps:
                there = codings if isinstance(step.before, Coding) else memos
                if step.before and there.get(step.before.id) != step.before:
                    raise ConflictError(
                        f"{step.respondent}: något som kommentarerna ändrar har ändrats av någon annan under tiden.",
                        fix="Läs filerna en gång till; inget har sparats.",
                    )
                if not (isinstance(step.after, Coding) and step.before is None and sign(step.after) in signs):
                    self._do(decision, step)
        return len(steps)

    def _do(self, decision: Decision, step: Step) -> None:
        before, after, boards = step.before, step.after, self._store.boards
        if isinstance(after, Coding) and isinstance(before, Coding):
            self._store.set_facets(decision, before.id, before.facets, after.facets)
            values = {key: getattr(after, key) for key in ("code", "start", "end", "quote")}
            self._store.update_coding(decision, before, **values)
        elif isinstance(after, Coding):
            self._store.insert_coding(decision, after)
        elif isinstance(after, Memo) and isinstance(before, Memo):
            boards.update_row(decision, "memos", before.id, text=after.text)
        elif isinstance(after, Memo):
            boards.insert_memo(decision, after)
        elif isinstance(before, Coding):
            self._store.delete_coding(decision, before)
        elif isinstance(before, Memo):
            boards.delete_memo(decision, before)


_UNSAFE = re.compile(r"[^\w.-]+")


def _files(target: Path, transcripts: Sequence[Transcript], force: bool) -> list[tuple[Transcript, Path]]:
    """Return the file of each interview. Raises FileError when one of them is there already, or cannot be."""
    if target.suffix.lower() == ".docx":
        if len(transcripts) > 1:
            raise RuleError(
                f"{target.name} är en fil, men {len(transcripts)} intervjuer ska skrivas ut.",
                fix="Ange en mapp, eller en enda person med --respondent.",
            )
        if not target.parent.is_dir():
            raise FileError(f"Mappen {target.parent} finns inte.", fix="Skapa den först, eller välj en annan.")
        files = [(transcripts[0], target)]
    else:
        if target.exists() and not target.is_dir():
            raise FileError(f"{target} är en fil, inte en mapp.", fix="Ange en mapp, eller en fil som slutar på .docx.")
        files = [(each, target / f"{_UNSAFE.sub('_', each.respondent)}{_wave(each)}.docx") for each in transcripts]
    there = [path.name for _, path in files if path.exists()]
    if there and not force:
        raise FileError(
            f"{', '.join(there)} finns redan i {target if target.is_dir() else target.parent}.",
            fix="Välj en annan plats, eller skriv över med --force.",
        )
    files[0][1].parent.mkdir(parents=True, exist_ok=True)
    return files


def _wave(transcript: Transcript) -> str:
    return f" omgång {transcript.wave}" if transcript.wave > 1 else ""
