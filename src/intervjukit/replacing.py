"""Replacing: a corrected file takes the place of an interview, and keeps what was made of the first one.

Codings, decided suggestions, blind places and memos are found again in the new text. What is not there any more is kept
as a memo on the interview, with its words and what was said of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intervjukit.boards import quoted
from intervjukit.core.blind import BlindPlace
from intervjukit.core.coding import Coding, Memo, Suggestion
from intervjukit.core.comments import label_text
from intervjukit.core.placing import requestioned
from intervjukit.core.protocol import Protocol
from intervjukit.core.realignment import Placed, Realignment
from intervjukit.core.text import Span
from intervjukit.core.transcript import Doubt, Transcript
from intervjukit.errors import RuleError
from intervjukit.formats.intake import parsed_codebook
from intervjukit.storage.journal import Decision
from intervjukit.storage.replacing import ReplacementRows
from intervjukit.storage.store import Store

_SHOWN = 60
"""Characters of a quote that are shown."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A place that was not found as it was: what it is ("kodning", "anteckning" …), its words then and now.

    ``now`` is "" for one that was not found at all; ``told`` is what was said of it.
    """

    what: str
    quote: str
    now: str
    told: str

    def told_shortly(self) -> str:
        """Return it on one line."""
        now = f" → {quoted(self.now, _SHOWN)}" if self.now and self.now != self.quote else ""
        return f"{self.what} {quoted(self.quote, _SHOWN)}{now}: {' '.join(self.told.split())}"


@dataclass
class Replaced:
    """What became of what hung on an interview that was replaced.

    ``transcript`` is the id of the new one, and ``kept`` how many places are as they were. ``changed`` stand on words
    that are not the same, or that somebody else now says, and should be looked at; ``lost`` are kept as memos on the
    interview.
    """

    respondent: str
    wave: int
    transcript: int = 0
    kept: int = 0
    changed: list[Moved] = field(default_factory=list)
    lost: list[Moved] = field(default_factory=list)

    def told(self) -> list[str]:
        """Return what became of it in plain words, a heading and one line per place; [] when nothing hung on it."""
        if not (self.kept or self.changed or self.lost):
            return []
        followed = "ställe följde" if self.kept == 1 else "ställen följde"
        lines = [f"{self.respondent}: {self.kept} {followed} med till den rättade texten."]
        for places, head in (
            (self.changed, "att se över, där något är ändrat:"),
            (self.lost, "finns inte kvar och sparades som anteckningar:"),
        ):
            if places:
                lines.append(f"  {len(places)} {'ställe' if len(places) == 1 else 'ställen'} {head}")
                lines += [f"    {place.told_shortly()}" for place in places]
        return lines


def replace_transcript(
    store: Store, who: str, guides: Mapping[str, Protocol], new: Transcript, source_hash: str
) -> Replaced:
    """Put an interview in the place of the one of the same respondent and wave, as one decision that can be undone.

    The machine's open suggestions go; they are made anew. Raises RuleError when there is none to replace.
    """
    what = f"Läste in {new.respondent} på nytt från {new.source}"
    with store.decide(who, "replace_transcript", what) as decision:
        number = store.interviews.same(new)
        if number is None:
            raise RuleError(
                f"{new.respondent} har ingen intervju i omgång {new.wave} att ersätta.",
                fix="Läs in filen utan --replace.",
            )
        old = store.interviews.all(id=number)[0]
        moving = _Moving(store, decision, old, new, guides)
        moving.move(source_hash)
        done = moving.done
        if done.changed or done.lost:
            decision.summary += f" ({len(done.changed)} ställen att se över, {len(done.lost)} utan plats)"
    return done


class _Moving:
    """Moves what hangs on one interview to another, within a decision."""

    def __init__(
        self, store: Store, decision: Decision, old: Transcript, new: Transcript, guides: Mapping[str, Protocol]
    ) -> None:
        self.store, self.decision, self.old, self.new, self.guides = store, decision, old, new, guides
        self.rows = ReplacementRows(store.database, store.interviews)
        self.realigned = Realignment(old.text, new.text)
        self.done = Replaced(new.respondent, new.wave)
        self.book = parsed_codebook(store.codebook_yaml())
        self.number = 0

    def move(self, source_hash: str) -> None:
        """Do all of it."""
        about = {"transcript": self.old.id}
        codings = self.store.codings(**about)
        decided = [s for s in self.store.suggestions(**about) if s.status != "open"]
        blind = [place for place in self.store.blind.places() if place.transcript == self.old.id]
        memos = self.store.boards.memos()
        settled = self.rows.settled(self.old.id)
        self.done.transcript = self.number = self.rows.begin(self.decision, self.old, self.new, source_hash)
        for coding in codings:
            self._coding(coding, [m for m in memos if (m.target, m.target_id) == ("coding", str(coding.id))])
        for suggestion in decided:
            self._suggestion(suggestion)
        for place in blind:
            self._blind(place)
        for memo in memos:
            if (memo.target, memo.target_id) == ("transcript", str(self.old.id)):
                self._memo(memo)
        for doubt in settled:
            self._doubt(*doubt)
        self.rows.finish(self.decision, self.old.id, self.number)

    # --- each kind ----------------------------------------------------------------------------------

    def _coding(self, coding: Coding, memos: list[Memo]) -> None:
        told = f"kod: {label_text(coding, self.book)}"
        if self._placed("kodning", "codings", coding.id, Span(coding.start, coding.end), f"{told} ({coding.coder})"):
            return
        self.store.delete_coding(self.decision, coding)
        text = f"{told}\nKodad av {coding.coder}: ”{coding.quote}”. Orden finns inte kvar i den rättade intervjun."
        self._remember(text, coding.coder)
        for memo in memos:
            self.rows.retarget(self.decision, memo.id, self.number, f"{memo.text}\n(Om kodningen av ”{coding.quote}”.)")

    def _suggestion(self, suggestion: Suggestion) -> None:
        span = Span(suggestion.start, suggestion.end)
        told = f"{suggestion.code}, {'avvisat' if suggestion.status == 'rejected' else 'godtaget'}"
        if not self._placed("förslag", "suggestions", suggestion.id, span, told):
            self.rows.remove(self.decision, "suggestions", suggestion.id)
            self._remember(f"Förslag ({told}): ”{suggestion.quote}”. Orden finns inte kvar i den rättade intervjun.")

    def _blind(self, place: BlindPlace) -> None:
        if not self._placed("blint ställe", "blind", place.id, place.span, place.coder):
            self.rows.remove(self.decision, "blind", place.id)
            text = f"Blint ställe ({place.coder}, {place.status}): ”{place.quote}”. Orden finns inte kvar."
            self._remember(text)

    def _memo(self, memo: Memo) -> None:
        text = memo.text
        if memo.start is not None and memo.end is not None:
            span = Span(memo.start, memo.end)
            if not self._placed("anteckning", "memo_spans", memo.id, span, memo.text):
                self.rows.remove(self.decision, "memo_spans", memo.id)
                text = f"{memo.text}\n(Vid ”{memo.quote}”, som inte finns kvar i den rättade intervjun.)"
        self.rows.retarget(self.decision, memo.id, self.number, text)

    def _remember(self, text: str, author: str = "") -> None:
        """Keep what has no place any longer as a memo on the interview."""
        memo = Memo(0, "transcript", str(self.number), text, author or self.decision.who, "")
        self.store.boards.insert_memo(self.decision, memo)

    def _doubt(self, turn: int | None, kind: str, message: str) -> None:
        """Let a doubt that was settled be so in the new text too, with the question the turn was given."""
        before = next((each for each in self.old.turns if each.seq == turn), None)
        found = self.realigned.place(before.span) if before else None
        now = self.new.turn_at(found.span.start) if found and found.span else None
        if turn is not None and now is None:
            return
        seq = now.seq if now else None
        if not any((d.turn, d.kind, d.message) == (seq, kind, message) for d in self.new.doubts):
            return
        self.rows.settle(self.decision, self.number, (seq, kind, message))
        guide = self.guides.get(self.new.group)
        if kind == "fråga" and before and before.question and guide and before.question in _questions(guide):
            doubt = Doubt(kind, message, "", seq)
            for each, question in requestioned(self.new, doubt, before.question, guide):
                self.store.interviews.set_question(self.decision, self.number, each.seq, question)

    # --- places -------------------------------------------------------------------------------------

    def _placed(self, what: str, table: str, number: int, span: Span, told: str) -> bool:
        """Move a place to where its words are now, and note what became of it; False when they are nowhere."""
        found = self.realigned.place(span)
        quote = self.old.text[span.start : span.end]
        if found.span is None:
            self.done.lost.append(Moved(what, quote, "", told))
            return False
        now = self.new.text[found.span.start : found.span.end]
        self.rows.move(self.decision, table, number, self.number, found.span, now)
        if found.fate == "placed" and self._same_speaker(span, found):
            self.done.kept += 1
        else:
            self.done.changed.append(Moved(what, quote, now, told))
        return True

    def _same_speaker(self, span: Span, found: Placed) -> bool:
        """Return whether the words are still said in one turn, by the same kind of speaker."""
        assert found.span is not None
        before, now = self.old.turn_at(span.start), self.new.turn_at(found.span.start)
        if before is None or now is None:
            return before is now
        return before.role == now.role and (found.span.end <= now.end or span.end > before.end)


def _questions(guide: Protocol) -> set[str]:
    return {question.id for question in guide.questions()}
