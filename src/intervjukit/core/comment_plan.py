"""What a commented interview that has come back means for the study: what is made, changed and removed, before it is.

What went out is known by its fingerprint, so a comment nobody has touched says nothing, whatever the study has become
since. What was added or changed is read; a place that stands in words somebody has edited is found again by
realignment and said to be unsure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from intervjukit.core.coding import Coding, Memo
from intervjukit.core.comments import Commented, Label, Mark, Note, Wording, Wordings, fingerprint
from intervjukit.core.placing import sign
from intervjukit.core.realignment import Placed, Realignment
from intervjukit.core.text import Span, mostly_same, squeeze
from intervjukit.core.transcript import Transcript

Kind = Literal["code", "recode", "uncode", "note", "renote", "unnote"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done: with what there is (``before``) and what is to be (``after``), codings or memos.

    ``unsure`` says why somebody should look at it, "" when nothing is in doubt.
    """

    kind: Kind
    respondent: str
    before: Coding | Memo | None = None
    after: Coding | Memo | None = None
    unsure: str = ""

    @property
    def about(self) -> Coding | Memo:
        """What it is about: as it will be or, when it goes, as it is."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What one file means: ``steps``, and what stands in the way of them.

    ``faults`` are comments meant as codings that cannot be read, ``strangers`` the authors nobody knows with their
    initials; with any of them nothing may be done. ``untouched`` counts the comments that say nothing new, ``kept``
    the other people's codings and memos whose comments are gone, ``resolved`` the comments marked as resolved.
    ``edited`` is whether the text itself was changed in the file.
    """

    source: str
    respondent: str
    steps: tuple[Step, ...]
    faults: tuple[str, ...] = ()
    strangers: tuple[tuple[str, str], ...] = ()
    untouched: int = 0
    kept: int = 0
    resolved: int = 0
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the study holds about the interview: its codings, the memos on places in it, and both as they go out."""

    transcript: Transcript
    codings: Sequence[Coding]
    memos: Sequence[Memo]
    marks: Mapping[str, Mark]


Names = Callable[[str], str | None]
"""Tells which coder the author of a comment is, None when nobody knows."""


def plan_comments(
    file: Commented, known: Known, wordings: Wordings, names: Names, by: str | None, own: str
) -> FilePlan:
    """Return what a file means for the study.

    ``by`` is the coder who has worked in it: what is changed there is theirs, also in other people's comments. None
    lets every comment be its author's. ``own`` is the one whose codings go when their comments are gone.
    """
    return _Planner(file, known, wordings, names, by, own).plan()


@dataclass(frozen=True, slots=True)
class _Said:
    """A comment that is understood: of which words, by whom, and the person's own words among them."""

    note: Note
    span: Span | None
    unsure: str
    coder: str
    answers: tuple[Span, ...]
    wording: Wording


@dataclass
class _Planner:
    """Goes through one file's comments."""

    file: Commented
    known: Known
    wordings: Wordings
    names: Names
    by: str | None
    own: str
    steps: list[Step] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    strangers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know what there is by key, and the keys by what is said."""
        self._codings = {f"k{coding.id}": coding for coding in self.known.codings}
        self._memos = {f"m{memo.id}": memo for memo in self.known.memos}
        self._signs: dict[tuple[object, ...], list[str]] = defaultdict(list)
        self._remarks: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for key, coding in self._codings.items():
            self._signs[sign(coding)].append(key)
        for key, memo in self._memos.items():
            self._remarks[self._told(memo)].append(key)

    def plan(self) -> FilePlan:
        """Return the whole plan."""
        text = self.known.transcript.text
        realigned = Realignment(self.file.text, text)
        placed = [(note, realigned.place(note.span) if note.span else None) for note in self.file.notes]
        touched, left = self._without_untouched(placed)
        said = [found for note, place in touched if (found := self._understood(note, place))]
        rest = [self._without_done(each, left) for each in said]
        for each in rest:
            self._decide(each, left)
        for each in (one for one in rest if not one.wording.labels and not one.wording.memo):
            self._forget_partner(each, left)
        removed, kept = self._removed(left)
        self.steps += removed
        return FilePlan(
            source=self.file.source,
            respondent=self.known.transcript.respondent,
            steps=tuple(self.steps),
            faults=tuple(self.faults),
            strangers=tuple(self.strangers.items()),
            untouched=len(placed) - len(touched),
            kept=kept,
            resolved=sum(note.resolved for note in self.file.notes),
            edited=self.file.text != text,
        )

    # --- what is as it went out ---------------------------------------------------------------------

    def _without_untouched(
        self, placed: Sequence[tuple[Note, Placed | None]]
    ) -> tuple[list[tuple[Note, Placed | None]], dict[str, None]]:
        """Return the comments that are new or changed, and the keys of what went out and is not left as it was."""
        waiting: dict[str, list[str]] = defaultdict(list)
        for key, told in self.file.sent.items():
            waiting[told].append(key)
        touched = []
        for note, place in placed:
            quote = self._words(place.span) if place and place.span else ""
            keys = waiting.get(fingerprint(note.author, quote, note.text), [])
            if not keys:
                touched.append((note, place))
                continue
            here = [key for key in keys if place and self._span_of(key) == place.span]
            keys.remove((here or keys)[0])
        return touched, {key: None for keys in waiting.values() for key in keys if key in self.known.marks}

    def _words(self, span: Span) -> str:
        return self.known.transcript.text[span.start : span.end]

    def _span_of(self, key: str) -> Span | None:
        return self.known.marks[key].span if key in self.known.marks else None

    # --- what is new or changed ---------------------------------------------------------------------

    def _understood(self, note: Note, place: Placed | None) -> _Said | None:
        """Return what a comment says of which words and who says it; None when something stands in the way."""
        wording = self.wordings.read(note.text)
        where = f"{self.file.source}, {note.author or 'okänd'}, vid ”{self._shown(note)}”"
        self.faults += [f"{where}: {fault}" for fault in wording.faults]
        coder = self.names(note.author)
        if coder is None:
            self.strangers.setdefault(note.author, note.initials)
        if coder is None or wording.faults or not note.text.strip():
            return None
        span = place.span if place else None
        unsure = self._unsure(note, place)
        answers = tuple(_answers(self.known.transcript, span)) if span else ()
        if wording.labels and not answers:
            wording = Wording(memo=note.text)
            unsure = unsure or "orden är inte personens egna; det blir en anteckning"
        return _Said(note, span, unsure, coder, answers, wording)

    def _without_done(self, said: _Said, left: dict[str, None]) -> _Said:
        """Return what of it the study does not hold yet; what holds it has its comment, whatever that said before."""
        labels, memo = said.wording.labels, said.wording.memo
        for coder in {said.coder, self.by or said.coder}:
            wanted = [sign(self._coding(label, answer, coder)) for label in labels for answer in said.answers]
            if wanted and all(self._signs.get(each) for each in wanted):
                labels = ()
                for each in wanted:
                    self._take(self._signs[each], left)
            told = self._told(self._memo(memo, said, coder))
            if memo and self._remarks.get(told):
                memo = ""
                self._take(self._remarks[told], left)
        return replace(said, wording=Wording(labels, memo))

    @staticmethod
    def _take(keys: list[str], left: dict[str, None]) -> None:
        """Take one of the keys from what is left, if any of them is."""
        if found := next((key for key in keys if key in left), None):
            del left[found]

    def _decide(self, said: _Said, left: dict[str, None]) -> None:
        """Plan what is new or changed."""
        for number, label in enumerate(said.wording.labels):
            key = self._partner("k", said, left) if number == 0 and len(said.answers) == 1 else None
            for answer in said.answers:
                self._code(label, answer, said, key)
        if said.wording.memo:
            self._note(said, self._partner("m", said, left))

    def _forget_partner(self, said: _Said, left: dict[str, None]) -> None:
        """Let what is said already not be told as somebody else's comment that is gone."""
        others = {key: None for key in left if self.known.marks[key].author != (self.by or said.coder)}
        for kind in "km":
            if key := self._partner(kind, said, others):
                del left[key]

    def _shown(self, note: Note) -> str:
        words = squeeze(self.file.text[note.span.start : note.span.end]) if note.span else ""
        return words if len(words) <= 50 else f"{words[:49]}…"

    def _unsure(self, note: Note, place: Placed | None) -> str:
        if place is None:
            return "inga ord är markerade; det blir en anteckning om hela intervjun"
        if place.fate == "lost":
            return f"orden ”{self._shown(note)}” finns inte i intervjun; det blir en anteckning om hela intervjun"
        return f"i filen står ”{self._shown(note)}”" if place.fate == "changed" else ""

    def _partner(self, kind: str, said: _Said, left: dict[str, None]) -> str | None:
        """Return the key of what the comment was when it went out, and take it from ``left``; None when it is new."""
        span = said.span
        near = [
            (mark, _shared(mark.span, span))
            for mark in (self.known.marks[key] for key in left)
            if span and mark.key.startswith(kind) and mark.author == said.note.author and _shared(mark.span, span)
        ]
        if not near:
            return None
        found = max(near, key=lambda pair: (pair[0].span == span, pair[1], pair[0].key))[0].key
        del left[found]
        return found

    def _coding(self, label: Label, span: Span, coder: str) -> Coding:
        about = self.known.transcript
        where = (about.id, about.respondent, about.group)
        return Coding(0, *where, *span, self._words(span), label.code, label.facets, coder)

    def _code(self, label: Label, span: Span, said: _Said, key: str | None) -> None:
        before, unsure = self._codings.get(key or ""), said.unsure
        if before:
            stood = Span(before.start, before.end)
            if span == _trimmed(self.known.transcript.text, stood) or (unsure and mostly_same(span, stood)):
                span, unsure = stood, ""
        after = self._coding(label, span, self.by or said.coder if before else said.coder)
        if before and before.coder == after.coder:
            changed = replace(after, id=before.id, coder=before.coder, at=before.at, suggestion=before.suggestion)
            if sign(changed) != sign(before):
                self.steps.append(Step("recode", after.respondent, before, changed, unsure))
        elif sign(after) not in self._signs and not (
            before and sign(replace(after, coder=before.coder)) == sign(before)
        ):
            self._signs[sign(after)] = []
            self.steps.append(Step("code", after.respondent, None, after, unsure))

    def _memo(self, text: str, said: _Said, author: str) -> Memo:
        transcript, note = self.known.transcript, said.note
        span = _trimmed(transcript.text, said.span) if said.span else None
        if span is None and note.span:
            text = f"{text}\n(Vid ”{self._shown(note)}”)"
        memo = Memo(0, "transcript", str(transcript.id), text, author, "")
        return replace(memo, start=span.start, end=span.end, quote=self._words(span)) if span else memo

    @staticmethod
    def _told(memo: Memo) -> tuple[object, ...]:
        """Return what makes two memos the same."""
        return (memo.start, memo.end, memo.text, memo.author)

    def _note(self, said: _Said, key: str | None) -> None:
        respondent, before = self.known.transcript.respondent, self._memos.get(key or "")
        after = self._memo(said.wording.memo, said, self.by or said.coder if before else said.coder)
        if before and before.author == after.author:
            if before.text != after.text:
                self.steps.append(Step("renote", respondent, before, replace(before, text=after.text)))
        elif self._told(after) not in self._remarks:
            self._remarks[self._told(after)] = []
            self.steps.append(Step("note", respondent, None, after, said.unsure))

    # --- what is gone -------------------------------------------------------------------------------

    def _removed(self, left: Collection[str]) -> tuple[list[Step], int]:
        """Return the removal of what is mine and has no comment any longer, and how much is somebody else's."""
        respondent = self.known.transcript.respondent
        steps = [
            Step("uncode", respondent, coding)
            for key, coding in self._codings.items()
            if key in left and coding.coder == self.own
        ]
        steps += [
            Step("unnote", respondent, memo)
            for key, memo in self._memos.items()
            if key in left and memo.author == self.own
        ]
        return steps, len(left) - len(steps)


def _answers(transcript: Transcript, span: Span) -> Iterator[Span]:
    """Yield the respondent's own words within a place, one stretch per turn."""
    for turn in transcript.answers():
        shared = Span(max(turn.start, span.start), min(turn.end, span.end))
        if shared.start < shared.end and any(sign.isalnum() for sign in transcript.text[shared.start : shared.end]):
            yield _trimmed(transcript.text, shared)


def _trimmed(text: str, span: Span) -> Span:
    """Return a place without the blanks at its ends."""
    words = text[span.start : span.end]
    return Span(span.end - len(words.lstrip()), span.start + len(words.rstrip()))


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))
