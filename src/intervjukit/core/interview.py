"""From what a file holds to a transcript: whose interview it is, what was asked, and what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from intervjukit.core.alignment import Aligner, Match
from intervjukit.core.form import FORM, filled
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import squeeze
from intervjukit.core.transcript import CODE, SEPARATOR, Doubt, RawInterview, Transcript, Turn, Utterance, asking
from intervjukit.core.wordings import Wordings
from intervjukit.errors import FileError

_MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()
_ISO = re.compile(r"\b(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\b")
_SLASHED = re.compile(r"\b(\d{1,2})[/.] ?(\d{1,2})[-/. ] ?(\d{4})\b")
_WRITTEN = re.compile(
    rf"\b(\d{{1,2}})(?::?e|\.)? ({'|'.join(_MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|dec)\.? (\d{{4}})\b",
    re.I,
)
_HOURS = re.compile(r"(\d+)(?:[.,](\d))? ?(?:h\b|tim)\w*\.?(?:\D{0,5}(\d+))?", re.I)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::\d{2})?\b")
_ORDINALS = ("första", "andra", "tredje", "fjärde", "femte")
_HANDLED = ("kod", "grupp", "datum", "längd", "intervjuare", "omgång", FORM)


class Assembler:
    """Makes transcripts out of raw interviews for the guides of one study."""

    def __init__(self, protocols: Sequence[Protocol], wordings: Wordings) -> None:
        """Know the groups from their guides, and their questions by their ``wordings``."""
        self.protocols = protocols
        self._wordings = wordings
        self._aligners: dict[str, Aligner] = {}

    def assemble(self, raw: RawInterview, source: str) -> Transcript:
        """Return the transcript of a raw interview read from the file ``source``.

        Every guess that is not beyond doubt is listed in ``doubts``. Raises FileError when the group or the
        respondent's code cannot be told, or a stated group is none of the study's.
        """
        protocol = self._protocol(raw.facts, source)
        respondent = self._respondent(raw.facts, protocol, source)
        raw = filled(raw, protocol)
        doubts = [*raw.doubts, *_code_doubts(respondent, protocol)]
        text = SEPARATOR.join(utterance.text for utterance in raw.utterances)
        turns = self._turns(raw.utterances, protocol, doubts)
        when, wave = read_date(raw.facts.get("datum", "")), read_wave(raw.facts.get("omgång", ""))
        minutes = read_minutes(raw.facts.get("längd", ""))
        doubts += _fact_doubts(raw.facts, protocol, when, wave, minutes)
        return Transcript(
            respondent=respondent,
            group=protocol.group,
            text=text,
            turns=turns,
            wave=wave or 1,
            date=when,
            minutes=minutes,
            interviewer=raw.facts.get("intervjuare", ""),
            source=source,
            facts={name: value for name, value in raw.facts.items() if name not in _HANDLED},
            doubts=tuple(doubts),
        )

    def understood(self, raw: RawInterview, source: str) -> RawInterview:
        """Return a raw interview with the utterances that its turns will be, in order. Raises FileError."""
        return filled(raw, self._protocol(raw.facts, source))

    def _protocol(self, facts: Mapping[str, str], source: str) -> Protocol:
        stated, code = squeeze(facts.get("grupp", "")), facts.get("kod", "")
        listed = ", ".join(protocol.group_name for protocol in self.protocols)
        if stated:
            for protocol in self.protocols:
                if stated.casefold() in (protocol.group.casefold(), protocol.group_name.casefold()):
                    return protocol
            raise FileError(
                f"{source}: gruppen ”{stated}” finns inte i studien.",
                fix=f"Skriv någon av: {listed}. Heter den så i många filer lär du ut namnet i inläsning.yaml.",
            )
        by_letter = [p for p in self.protocols if _code_of(p, code)]
        if len(by_letter) == 1:
            return by_letter[0]
        seen = f"; koden ”{code}” säger det inte" if code else ""
        raise FileError(
            f"{source}: det går inte att se vilken grupp intervjun hör till{seen}.",
            fix=f"Skriv ”Grupp: …” överst i filen ({listed}).",
        )

    def _respondent(self, facts: Mapping[str, str], protocol: Protocol, source: str) -> str:
        """Return the respondent's code: one of the group's, or else one that could be no other group's."""
        written, example = facts.get("kod", ""), f"”Intervju: {protocol.letter}01”"
        if code := _code_of(protocol, written):
            return code
        for other in self.protocols:
            if code := _code_of(other, written):
                raise FileError(
                    f"{source}: koden {code} hör till gruppen {other.group} och passar inte gruppen {protocol.group}, "
                    "som filen säger.",
                    fix=f"Skriv ”Grupp: {other.group_name}” överst i filen, eller en kod som börjar på "
                    f"{protocol.letter}, till exempel {example}.",
                )
        if found := CODE.search(written):
            return found[1]
        seen = f" (läst: ”{written}”)" if written else ""
        raise FileError(
            f"{source}: den intervjuades kod saknas{seen}.",
            fix=f"Skriv till exempel {example} överst i filen eller i filnamnet, eller lär ut den i inläsning.yaml.",
        )

    def _turns(self, utterances: Sequence[Utterance], protocol: Protocol, doubts: list[Doubt]) -> tuple[Turn, ...]:
        if protocol.group not in self._aligners:
            self._aligners[protocol.group] = Aligner(protocol, self._wordings)
        matches = iter(self._aligners[protocol.group].align(*exchanges(utterances)))
        turns: list[Turn] = []
        question: str | None = None
        place = 0
        for seq, utterance in enumerate(utterances, 1):
            role = utterance.role or "respondent"
            if utterance.question is not None:
                question = utterance.question or None
            elif role == "interviewer" and (match := next(matches)):
                question = match.question
                if not match.clear:
                    doubts.append(_question_doubt(protocol, utterance, match, seq))
            elif role == "interviewer" and question is None and asking(utterance.text):
                doubts.append(_unknown_question(utterance, seq))
            end = place + len(utterance.text)
            about = None if role == "note" else question
            turns.append(Turn(seq, role, utterance.label, place, end, about, utterance.begins, utterance.ends))
            place = end + len(SEPARATOR)
        return tuple(turns)


def exchanges(utterances: Sequence[Utterance]) -> tuple[list[str], list[str]]:
    """Return what the interviewer says where it is not stated which question it is, and the answer to each."""
    exchanges: list[tuple[Utterance, list[str]]] = []
    for utterance in utterances:
        if utterance.role == "interviewer":
            exchanges.append((utterance, []))
        elif exchanges and utterance.role != "note":
            exchanges[-1][1].append(utterance.text)
    untold = [(asked.text, " ".join(said)) for asked, said in exchanges if asked.question is None]
    return [asked for asked, _ in untold], [answer for _, answer in untold]


def _code_of(protocol: Protocol, written: str) -> str:
    """Return the respondent code of the guide's group in ``written`` ("Intervju S01"), "" when there is none."""
    found = re.search(rf"\b{re.escape(protocol.letter)}\d+\b", written)
    return found[0] if found else ""


def _code_doubts(respondent: str, protocol: Protocol) -> Iterator[Doubt]:
    """Yield a doubt about a code that is not formed as the group's are: the code, or the group, may be wrong."""
    if not _code_of(protocol, respondent):
        yield Doubt(
            "kod",
            f"Koden {respondent} börjar inte på {protocol.letter}, som koderna i gruppen {protocol.group_name}.",
            "Stämmer kod och grupp godtar du det. Annars tar du bort intervjun (withdraw), rättar filen "
            "och läser in den igen.",
        )


def _fact_doubts(
    facts: Mapping[str, str], protocol: Protocol, when: str, wave: int | None, minutes: int | None
) -> Iterator[Doubt]:
    """Yield what the top of the file leaves unclear; a length or wave that is not stated is no doubt."""
    if not when:
        seen = facts.get("datum", "")
        message = f"Datumet ”{seen}” går inte att tolka." if seen else "Intervjuns datum står inte i filen."
        yield Doubt("datum", message, "Skriv ”Datum: ÅÅÅÅ-MM-DD” överst i filen.")
    if minutes is None and (seen := facts.get("längd", "")):
        yield Doubt("längd", f"Längden ”{seen}” går inte att tolka.", "Skriv till exempel ”Längd: 45 minuter”.")
    known = [each.number for each in protocol.waves]
    seen = facts.get("omgång", "")
    if seen and (wave is None or (known and wave not in known)):
        listed = ", ".join(map(str, known)) or "1, 2, 3 …"
        taken = wave or 1
        yield Doubt("omgång", f"Omgången ”{seen}” finns inte i guiden; {taken} antas.", f"Skriv någon av: {listed}.")


def _question_doubt(protocol: Protocol, utterance: Utterance, match: Match, seq: int) -> Doubt:
    return Doubt(
        "fråga",
        f"”{_shortened(utterance.text)}” räknas som frågan ”{protocol.question(match.question).text}”.",
        "Godta frågan, välj en annan, eller säg att det är en följdfråga.",
        seq,
    )


def _unknown_question(utterance: Utterance, seq: int) -> Doubt:
    """Return the doubt about a question before the first of the guide's: its answer belongs to none."""
    return Doubt(
        "fråga",
        f"”{_shortened(utterance.text)}” liknar ingen av guidens frågor; svaret står utan fråga.",
        "Säg vilken av guidens frågor det var, eller godta att det inte är någon av dem.",
        seq,
    )


def _shortened(text: str) -> str:
    said = squeeze(text)
    return said if len(said) <= 90 else said[:87] + "…"


def read_date(written: str) -> str:
    """Return a date written in a Swedish way as ISO (2026-02-11), "" when it cannot be told."""
    if found := _ISO.search(written):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif found := _SLASHED.search(written):
        day, month, year = (int(part) for part in found.groups())
    elif found := _WRITTEN.search(written):
        short = found[2].lower()[:3]
        month = next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(short))
        day, year = int(found[1]), int(found[3])
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def read_minutes(written: str) -> int | None:
    """Return a length in minutes ("52 min", "1 h 5 min", "1,5 timmar", "00:47:12"), None when it cannot be told.

    "1:05" is an hour and five minutes, "47:12" forty-seven minutes: no interview takes ten hours.
    """
    if clock := _CLOCK.search(written):
        first, second = int(clock[1]), int(clock[2])
        return first if first >= 10 else first * 60 + second
    if hours := _HOURS.search(re.sub(r"\ben (?=tim)", "1 ", written, flags=re.I)):
        return int(hours[1]) * 60 + int(hours[2] or 0) * 6 + int(hours[3] or 0)
    return first_number(written)


def read_wave(written: str) -> int | None:
    """Return the number of a wave ("2", "omgång 2 av 3", "andra"), None when it cannot be told."""
    words = written.lower().split()
    return next((n for n, name in enumerate(_ORDINALS, 1) if name in words), first_number(written) or None)


def first_number(written: str) -> int | None:
    """Return the first whole number in a text, None when there is none."""
    found = re.search(r"\d+", written)
    return int(found[0]) if found else None
