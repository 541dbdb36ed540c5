"""From what a file holds to a transcript: whose interview it is, what was asked, and what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from intervjukit.core.alignment import Aligner, Match
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import squeeze
from intervjukit.core.transcript import SEPARATOR, Doubt, RawInterview, Transcript, Turn, Utterance
from intervjukit.errors import FileError

_MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_SLASHED = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[ -/.](\d{4})\b")
_WRITTEN = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})\w* (\d{{4}})\b", re.I)
_HANDLED = ("kod", "grupp", "datum", "längd", "intervjuare", "omgång")


class Assembler:
    """Makes transcripts out of raw interviews for the guides of one study."""

    def __init__(self, protocols: Sequence[Protocol]) -> None:
        """Know the groups from their guides; question matching is prepared once per guide."""
        self.protocols = protocols
        self._aligners: dict[str, Aligner] = {}

    def assemble(self, raw: RawInterview, source: str) -> Transcript:
        """Return the transcript of a raw interview read from the file ``source``.

        Every guess that is not beyond doubt is listed in ``doubts``. Raises FileError when the group or the
        respondent's code cannot be told, or a stated group is none of the study's.
        """
        protocol = self._protocol(raw.facts, source)
        respondent = self._respondent(raw.facts, protocol, source)
        doubts = list(raw.doubts)
        text = SEPARATOR.join(utterance.text for utterance in raw.utterances)
        turns = self._turns(raw.utterances, protocol, doubts)
        when = read_date(raw.facts.get("datum", ""))
        if not when:
            seen = raw.facts.get("datum", "")
            message = f"Datumet ”{seen}” går inte att tolka." if seen else "Intervjuns datum står inte i filen."
            doubts.append(Doubt("datum", message, "Skriv ”Datum: ÅÅÅÅ-MM-DD” överst i filen."))
        return Transcript(
            respondent=respondent,
            group=protocol.group,
            text=text,
            turns=turns,
            wave=first_number(raw.facts.get("omgång", "")) or 1,
            date=when,
            minutes=first_number(raw.facts.get("längd", "")),
            interviewer=raw.facts.get("intervjuare", ""),
            source=source,
            facts={name: value for name, value in raw.facts.items() if name not in _HANDLED},
            doubts=tuple(doubts),
        )

    def _protocol(self, facts: Mapping[str, str], source: str) -> Protocol:
        stated, code = squeeze(facts.get("grupp", "")), facts.get("kod", "")
        listed = ", ".join(protocol.group for protocol in self.protocols)
        if stated:
            for protocol in self.protocols:
                if stated.casefold() in (protocol.group.casefold(), protocol.group_name.casefold()):
                    return protocol
            raise FileError(
                f"{source}: gruppen ”{stated}” finns inte i studien.", fix=f"Skriv någon av: {listed}."
            )
        by_letter = [p for p in self.protocols if re.fullmatch(rf"{re.escape(p.letter)}\d+", code)]
        if len(by_letter) == 1:
            return by_letter[0]
        raise FileError(
            f"{source}: det går inte att se vilken grupp intervjun hör till.",
            fix=f"Skriv ”Grupp: …” överst i filen ({listed}).",
        )

    @staticmethod
    def _respondent(facts: Mapping[str, str], protocol: Protocol, source: str) -> str:
        found = re.search(rf"\b{re.escape(protocol.letter)}\d+\b", facts.get("kod", ""))
        if found:
            return found[0]
        raise FileError(
            f"{source}: respondentens kod saknas eller passar inte gruppen {protocol.group} "
            f"(läst: ”{facts.get('kod', '')}”).",
            fix=f"Skriv till exempel ”Intervju: {protocol.letter}01” överst i filen, eller i filnamnet.",
        )

    def _turns(self, utterances: Sequence[Utterance], protocol: Protocol, doubts: list[Doubt]) -> tuple[Turn, ...]:
        if protocol.group not in self._aligners:
            self._aligners[protocol.group] = Aligner(protocol)
        asked = [utterance.text for utterance in utterances if utterance.role == "interviewer"]
        matches = iter(self._aligners[protocol.group].align(asked))
        turns: list[Turn] = []
        question: str | None = None
        place = 0
        for seq, utterance in enumerate(utterances, 1):
            role = utterance.role or "respondent"
            if role == "interviewer" and (match := next(matches)):
                question = match.question
                if not match.clear:
                    doubts.append(_question_doubt(protocol, utterance, match, seq))
            end = place + len(utterance.text)
            turns.append(Turn(seq, role, utterance.label, place, end, None if role == "note" else question))
            place = end + len(SEPARATOR)
        return tuple(turns)


def _question_doubt(protocol: Protocol, utterance: Utterance, match: Match, seq: int) -> Doubt:
    said = squeeze(utterance.text)
    said = said if len(said) <= 90 else said[:87] + "…"
    return Doubt(
        "fråga",
        f"”{said}” räknas som frågan ”{protocol.question(match.question).text}”.",
        "Godkänn, välj en annan fråga, eller säg att det är en följdfråga.",
        seq,
    )


def read_date(written: str) -> str:
    """Return a date written in a Swedish way as ISO (2026-02-11), "" when it cannot be told."""
    if found := _ISO.search(written):
        year, month, day = (int(part) for part in found.groups())
    elif found := _SLASHED.search(written):
        day, month, year = (int(part) for part in found.groups())
    elif found := _WRITTEN.search(written):
        day, month, year = int(found[1]), _MONTHS.index(found[2].lower()) + 1, int(found[3])
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def first_number(written: str) -> int | None:
    """Return the first whole number in a text, None when there is none."""
    found = re.search(r"\d+", written)
    return int(found[0]) if found else None
