"""Reading interviews in: files, folders and zips to transcripts in the study, or only to what would become of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from intervjukit.asking import wordings_of
from intervjukit.boards import Progress
from intervjukit.core.coding import Memo
from intervjukit.core.interview import Assembler
from intervjukit.core.phrases import number_words
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import Doubt, RawInterview, Remark, Role, Transcript, Turn, asks
from intervjukit.errors import IntervjukitError
from intervjukit.replacing import Replaced, replace_transcript
from intervjukit.storage.store import Store

if TYPE_CHECKING:
    from intervjukit.formats.teaching import Teaching


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file was read as.

    ``speakers`` are the labels with their roles; ``questions`` of the guide's ``of`` were recognised among ``asked``
    things the interviewer asks; ``becomes`` is "ny" or "ersätter".
    """

    file: str
    respondent: str
    group: str
    wave: int
    date: str
    words: int
    speakers: tuple[tuple[str, Role], ...]
    asked: int
    questions: int
    of: int
    doubts: tuple[Doubt, ...]
    remarks: int
    becomes: str = "ny"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of files: respondents ``added``, files ``refused`` and why, files ``known`` from before.

    ``doubts`` is their number in what was read; ``skipped`` names the files in folders that are no interview
    format, and ``replaced`` the respondents whose earlier transcript gave way; ``readings`` is what was read,
    and ``carried`` what became of the codings and memos on what was replaced.
    """

    added: tuple[str, ...]
    refused: tuple[tuple[str, IntervjukitError], ...]
    known: tuple[str, ...]
    doubts: int
    skipped: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = field(default=(), repr=False)
    carried: tuple[Replaced, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A file's interview on its way into the study."""

    file: str
    source_hash: str
    transcript: Transcript
    remarks: tuple[tuple[int, Remark], ...]
    """The comments in the file, each with the number of its turn."""


_Outcome = _Read | IntervjukitError | str
"""What reading one file gave: an interview, an error, or whose interview it is from before."""


def take_in(
    store: Store,
    who: str,
    guides: Sequence[Protocol],
    places: Sequence[Path | str],
    folder: Path,
    progress: Progress | None,
    *,
    replace: bool = False,
    dry_run: bool = False,
) -> Added:
    """Read interviews into the store, each whole or not at all, and return what became of each file.

    With ``replace`` a file takes the place of an earlier one of the same respondent and wave; of two such files
    at once the second is refused. With ``dry_run`` everything is tried and nothing is saved. ``folder`` is the
    study's: what it teaches the reading is read there. Raises FileError, FaultyFileError.
    """
    from intervjukit.formats.intake import opened_inbox
    from intervjukit.formats.teaching import read_teaching

    teaching = read_teaching(folder, {guide.group: guide.group_name for guide in guides})
    with opened_inbox(places) as inbox:
        read = _Reader(store, guides, teaching).read_all(inbox.files, progress)
        saving = _Saving(store, who, {guide.group: guide for guide in guides}, replace)
        if dry_run:
            tried = list(read)  # before the study is locked for others
            with _nothing_saved(store):
                saving.save_all(tried)
        else:
            saving.save_all(read)
    added, replaced = (
        tuple(each.respondent for each in saving.readings if each.becomes == kind) for kind in ("ny", "ersätter")
    )
    doubts = sum(len(each.doubts) for each in saving.readings)
    return Added(
        added,
        (*inbox.refused, *saving.refused),
        tuple(saving.known),
        doubts,
        inbox.skipped,
        replaced,
        tuple(saving.readings),
        tuple(saving.carried),
    )


class _Reader:
    """Reads files one after another, each by itself."""

    def __init__(self, store: Store, guides: Sequence[Protocol], teaching: Teaching) -> None:
        self._store, self._teaching = store, teaching
        self._assembler = Assembler(guides, wordings_of(store))

    def read_all(self, files: Sequence[Path], progress: Progress | None) -> Iterator[tuple[str, _Outcome]]:
        """Yield each file's name with what reading it gave."""
        for done, file in enumerate(files):
            if progress:
                progress(done, len(files), file.name)
            try:
                yield file.name, self._read(file)
            except IntervjukitError as error:
                yield file.name, error
        if progress:
            progress(len(files), len(files), "")

    def _read(self, file: Path) -> _Read | str:
        from intervjukit.formats.intake import file_hash
        from intervjukit.formats.transcripts import read_interview

        source_hash = file_hash(file)
        if earlier := self._store.interviews.of_source(source_hash):
            return earlier
        raw = self._assembler.understood(read_interview(file, self._teaching), file.name)
        transcript = _without_name(self._assembler.assemble(raw, file.name))
        return _Read(file.name, source_hash, transcript, tuple(_remarks(raw)))


def _remarks(raw: RawInterview) -> Iterator[tuple[int, Remark]]:
    return ((seq, remark) for seq, utterance in enumerate(raw.utterances, 1) for remark in utterance.remarks)


def _without_name(transcript: Transcript) -> Transcript:
    """Call the respondent by code where the file has a name for a speaker: a study never keeps names."""
    from intervjukit.formats.speakers import is_speaker

    labels = {turn.label for turn in transcript.answers() if turn.label}
    if len(labels) != 1 or is_speaker(label := labels.pop()):
        return transcript
    turns = tuple(_called(turn, transcript.respondent) if turn.label == label else turn for turn in transcript.turns)
    doubt = Doubt(
        "namn",
        f"Den intervjuade stod med namn som talare; {transcript.respondent} sparades i stället.",
        "Står namnet också i texten tar du bort det i filen och läser in den på nytt.",
    )
    return replace(transcript, turns=turns, doubts=(*transcript.doubts, doubt))


def _called(turn: Turn, label: str) -> Turn:
    return replace(turn, label=label)


class _Saving:
    """Saves interviews and keeps count of what became of them."""

    def __init__(self, store: Store, who: str, guides: Mapping[str, Protocol], renew: bool) -> None:
        self._store, self._who, self._guides, self._renew = store, who, guides, renew
        self._taken: set[tuple[str, int]] = set()
        self.readings: list[Reading] = []
        self.refused: list[tuple[str, IntervjukitError]] = []
        self.known: list[str] = []
        self.carried: list[Replaced] = []

    def save_all(self, read: Iterable[tuple[str, _Outcome]]) -> None:
        """Save what was read; a file that breaks a rule is refused and the others are saved."""
        for name, outcome in read:
            if isinstance(outcome, IntervjukitError):
                self.refused.append((name, outcome))
            elif isinstance(outcome, str):
                self.known.append(f"{name} ({outcome})")
            elif twin := self._store.interviews.of_source(outcome.source_hash):  # earlier among these files
                self.known.append(f"{name} ({twin})")
            else:
                try:
                    self.readings.append(self._save(outcome))
                except IntervjukitError as error:
                    self.refused.append((name, error))

    def _save(self, read: _Read) -> Reading:
        interviews, transcript = self._store.interviews, read.transcript
        place = (transcript.respondent, transcript.wave)
        renewed = self._renew and place not in self._taken and interviews.same(transcript) is not None
        with self._store.database.writing():
            if renewed:
                done = replace_transcript(self._store, self._who, self._guides, transcript, read.source_hash)
                self.carried.append(done)
                number = done.transcript
            else:
                number = interviews.add(self._who, transcript, read.source_hash)
            self._save_remarks(number, read)
        self._taken.add(place)
        return _reading(read, self._guides[transcript.group], "ersätter" if renewed else "ny")

    def _save_remarks(self, number: int, read: _Read) -> None:
        """Keep a file's comments as memos, at their places; those an earlier file brought are there already."""
        if not read.remarks:
            return
        known = {memo.text for memo in self._store.boards.memos() if (memo.target, memo.target_id) == _about(number)}
        what = f"Tog med {number_words(len(read.remarks), 'kommentar', 'kommentarer')} ur {read.file}"
        turns = {turn.seq: turn for turn in read.transcript.turns}
        with self._store.decide(self._who, "add_memo", what) as decision:
            for seq, remark in read.remarks:
                start, end, quote = _place(read.transcript, turns[seq], remark)
                text = f"{remark.author}: {remark.text}" if remark.author else remark.text
                if text not in known:
                    memo = Memo(0, *_about(number), text, self._who, "", start, end, quote)
                    self._store.boards.insert_memo(decision, memo)


def _about(number: int) -> tuple[str, str]:
    return "transcript", str(number)


def _place(transcript: Transcript, turn: Turn, remark: Remark) -> tuple[int, int, str]:
    """Return where a comment's words stand in its turn, the whole turn when they cannot be found."""
    said = transcript.turn_text(turn)
    at = said.find(remark.quote) if remark.quote else -1
    start, end = (turn.start + at, turn.start + at + len(remark.quote)) if at >= 0 else (turn.start, turn.end)
    return start, end, transcript.text[start:end]


def _reading(read: _Read, guide: Protocol, becomes: str) -> Reading:
    transcript = read.transcript
    recognised = {turn.question for turn in transcript.turns if turn.role == "interviewer" and turn.question}
    return Reading(
        read.file,
        transcript.respondent,
        transcript.group,
        transcript.wave,
        transcript.date,
        transcript.words,
        tuple(dict.fromkeys((turn.label, turn.role) for turn in transcript.turns if turn.label)),
        sum(asks(transcript, turn) for turn in transcript.turns),
        len(recognised),
        sum(len(section.questions) for section in guide.sections),
        transcript.doubts,
        len(read.remarks),
        becomes,
    )


class _DoneError(Exception):
    """A rehearsal is over: everything is to be taken back."""


@contextmanager
def _nothing_saved(store: Store) -> Iterator[None]:
    """Take back all that is saved within the block."""
    try:
        with store.database.writing():
            yield
            raise _DoneError
    except _DoneError:
        pass
