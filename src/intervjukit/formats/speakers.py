"""Who says what in a transcript's paragraphs: the labels, the facts at the top, and who asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from intervjukit.core.text import squeeze
from intervjukit.core.transcript import CODE, Doubt, Role, Utterance
from intervjukit.formats.paragraphs import Paragraph
from intervjukit.formats.teaching import FILE, Teaching, known_as

_NAME = r"\**(?P<label>[^\W\d_][\w .&/()-]{0,39}?)\**"
_TIME = r"[\[(]?(?P<{}>\d{{1,3}}:\d\d(?::\d\d)?(?:[.,]\d{{1,3}})?)[\])]?"
_LABELLED = re.compile(
    rf"\s*(?:{_TIME.format('before')}\s+)?{_NAME}(?:\s*{_TIME.format('after')})?\s*(?::\**(?=\s|$)|\t)\s*"
)
_STAMPED = re.compile(rf"\s*\[?{_NAME}\]?,?\s+{_TIME.format('after')}[ \t]*(?:\n|$)\s*")
_TIMED = re.compile(rf"\s*{_TIME.format('before')}\s+{_NAME}[ \t]*(?:\n|$)\s*")
_TIGHT = re.compile(rf"\s*{_NAME}:\**(?=\S)")
_INITIALS = re.compile(r"[A-ZÅÄÖ]{1,4}\d{0,3}")
_INTERVIEWER = frozenset({"i", "int", "intervjuare", "intervjuaren", "fråga", "moderator", "utredare"})
_RESPONDENT = frozenset({"r", "ip", "respondent", "respondenten", "informant", "intervjuperson", "svar"})
_NOTE = frozenset({"anm", "anmärkning", "notering", "kommentar"})
_KNOWN = _INTERVIEWER | _RESPONDENT
_LABELS = _KNOWN | _NOTE
_FACT_NAMES = {
    "kod": "kod",
    "intervju": "kod",
    "respondent": "kod",
    "respondenten": "kod",
    "intervjuperson": "kod",
    "informant": "kod",
    "grupp": "grupp",
    "datum": "datum",
    "längd": "längd",
    "intervjuare": "intervjuare",
    "intervjuaren": "intervjuare",
    "omgång": "omgång",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A paragraph's beginning that may name a speaker: the label, the words after, and the second it was said.

    A label is ``alone`` when nothing but a time stands on its line, as in exports from meetings.
    """

    label: str
    words: str
    begins: float | None = None
    alone: bool = False


def mark_of(text: str) -> Mark | None:
    """Return the label at the start of a paragraph ("I: …", "MK 00:12:03: …", "[00:01] R: …", "IP⇥…")."""
    found = _LABELLED.match(text)
    alone = None if found else _STAMPED.match(text) or _TIMED.match(text)
    if found is None and alone is None:
        found = _TIGHT.match(text)
        if found is None or found["label"].strip().lower() not in _KNOWN:
            return None
    found = found or alone
    assert found is not None
    times = found.groupdict()
    label = squeeze(found["label"])
    if label.lower() in _LABELS:
        label = label.upper() if len(label) <= 2 else label.capitalize()
    return Mark(label, text[found.end() :], seconds(times.get("before") or times.get("after") or ""), alone is not None)


def seconds(written: str) -> float | None:
    """Return a time such as "0:12", "00:12:03" or "00:12:03,500" in seconds, None when it is none."""
    parts = written.replace(",", ".").split(":")
    try:
        return sum(float(part) * 60**power for power, part in enumerate(reversed(parts))) if len(parts) > 1 else None
    except ValueError:
        return None


def speaker_labels(marks: Sequence[Mark | None], facts: Mapping[str, str], teaching: Teaching) -> Counter[str]:
    """Count the labels that mark speakers.

    A label does when it is a known word ("I", "Svar"), initials or a code that recur, whom the study or the facts at
    the top name, a name that stands alone with a time, or any label given three times. "Intervjuare: MK" alone at
    the top is a fact and no speaker.
    """
    counted = Counter(mark.label for mark in marks if mark)
    alone = Counter(mark.label for mark in marks if mark and mark.alone and _is_name(mark.label))
    sure = {
        label
        for label, n in counted.items()
        if known_as(label) in teaching.speakers
        or (label.lower() in _KNOWN and (n > 1 or label.lower() not in _FACT_NAMES))
        or (alone[label] and alone.total() > 1)
        or _named(label, facts)
    }
    found = {
        label: n for label, n in counted.items() if label in sure or n >= 3 or (n >= 2 and _INITIALS.fullmatch(label))
    }
    if not sure and not any(n >= 2 for n in found.values()):
        return Counter()
    notes = {label: n for label, n in counted.items() if label.lower() in _NOTE}
    return Counter(found | notes) if found else Counter()


def _is_name(label: str) -> bool:
    return all(word[0].isupper() or word[0] == "(" for word in label.split())


def _named(label: str, facts: Mapping[str, str]) -> bool:
    return label == facts.get("kod", "") or _is_interviewer(label, facts)


def _is_interviewer(label: str, facts: Mapping[str, str]) -> bool:
    """Return whether a label is whom the facts call the interviewer: the same, the first name or the initials."""
    stated = facts.get("intervjuare", "")
    names = re.findall(r"[^\W\d_]+", stated)
    initials = "".join(name[0] for name in names)
    return bool(stated) and known_as(label) in {
        known_as(each) for each in (stated, *names[:1], *([initials] if len(names) > 1 else []))
    }


def facts_in(lines: Iterable[str]) -> dict[str, str]:
    """Return the facts of lines such as "Datum: 2026-02-10", under the names the kit uses, in any order."""
    facts: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not 0 < len(name.split()) <= 4 or not (value := squeeze(value)):
            continue
        name = squeeze(name)
        known = _FACT_NAMES.get(name.lower(), name)
        if known == "kod" and CODE.fullmatch(value.upper()):
            value = value.upper()
        elif known == "kod" and not CODE.search(value):
            known = name  # "Intervju: nummer tre" is a fact, but no code
        elif name.lower().startswith("intervju") and CODE.fullmatch(value):
            known = "kod"  # "Intervjuguide, ifylld: C07"
        facts[known] = value
    return facts


def table_lines(paragraphs: Sequence[Paragraph]) -> list[str]:
    """Return a two-column table's rows as "name: value" lines."""
    return [
        f"{a.text.rstrip(':')}: {b.text}"
        for a, b in pairwise(paragraphs)
        if a.table and a.table == b.table and a.row == b.row and a.cell == 1 and b.cell == 2
    ]


def first_spoken(paragraphs: Sequence[Paragraph], marks: Sequence[Mark | None], labels: Counter[str]) -> int:
    """Return where the talk begins: past a fact such as "Intervjuare: MK" that looks like a speaker."""
    marked = [i for i, mark in enumerate(marks) if mark and mark.label in labels]
    for i in marked:
        mark = marks[i]
        if mark and not _is_fact(mark, paragraphs[i + 1].text if i + 1 < len(paragraphs) else "", labels):
            return i
    return marked[0]


def _is_fact(mark: Mark, after: str, labels: Counter[str]) -> bool:
    if mark.label.lower() not in _FACT_NAMES:
        return False
    value = squeeze(mark.words)
    if _INITIALS.fullmatch(value):
        return True
    like_a_name = len(value.split()) <= 3 and not value.endswith((".", "?", "!", "…"))
    following = mark_of(after)
    if following is None or not like_a_name:
        return False
    return following.label not in labels or bool(_INITIALS.fullmatch(squeeze(following.words)))


def roles_of(
    labels: Iterable[str],
    said: Sequence[tuple[str, str]],
    facts: Mapping[str, str],
    teaching: Teaching,
    doubts: list[Doubt],
) -> dict[str, Role]:
    """Decide who asks: what the study teaches, the known words and the facts, then who puts the question marks.

    ``said`` is (label, words) in order; what had to be judged is added to ``doubts``.
    """
    labels = list(labels)
    roles: dict[str, Role] = {label: role for label in labels if (role := _known_role(label, facts, teaching))}
    unknown = [label for label in labels if label not in roles]
    if unknown and "interviewer" not in roles.values():
        times, asked = (
            Counter(label for label, _ in said),
            Counter(label for label, words in said if words.rstrip().endswith("?")),
        )
        asking = max(unknown, key=lambda label: asked[label] / max(1, times[label]))
        roles[asking] = "interviewer"
        unknown.remove(asking)
        doubts.append(
            Doubt(
                "talare",
                f"”{asking}” antas vara intervjuaren, eftersom de flesta frågorna står där.",
                f"Stämmer det inte, skriv ”Intervjuare: …” överst i filen, eller vem som frågar i {FILE}, "
                "och läs in filen på nytt.",
            )
        )
    told = bool(unknown) and "respondent" in roles.values()
    for label in unknown:
        roles[label] = "respondent"
        if told or len(unknown) > 1:
            doubts.append(
                Doubt(
                    "talare",
                    f"”{label}” är varken intervjuaren eller den person som intervjun gäller; orden räknas som svar.",
                    "Vid en gruppintervju är det rätt; annars rättar du namnet i filen, "
                    f"eller säger i {FILE} vem det är.",
                )
            )
    return roles


def _known_role(label: str, facts: Mapping[str, str], teaching: Teaching) -> Role | None:
    low = label.lower()
    if known_as(label) in teaching.speakers:
        return teaching.speakers[known_as(label)]
    if low in _INTERVIEWER or _is_interviewer(label, facts):
        return "interviewer"
    if low in _RESPONDENT or low == facts.get("kod", "").lower():
        return "respondent"
    return "note" if low in _NOTE else None


def lone_interviewer(said: Sequence[Utterance]) -> dict[str, str]:
    """Return the interviewer as a fact when only one asks and is called by name or initials, and not just "I"."""
    asking = {u.label for u in said if u.role == "interviewer" and u.label}
    return {"intervjuare": label} if len(asking) == 1 and (label := asking.pop()).lower() not in _KNOWN else {}


def states_fact(name: str, value: str, *, recurs: bool) -> bool:
    """Return whether a table's row states a fact ("Grupp | Sjukskrivna") and no speaker's words.

    "Intervjuare" and the like are both; with a short value such as a name it is a fact, unless the label
    ``recurs`` and so is a speaker's.
    """
    low, words = name.strip().rstrip(": ").lower(), value.split()
    if low not in _FACT_NAMES or not words:
        return False
    if low not in _KNOWN or _INITIALS.fullmatch(value):
        return True
    short = len(words) <= 3 and not value.endswith((".", "?", "!", "…"))
    return short and (not recurs or (len(words) > 1 and value.istitle()))


def bare_labels(said: Sequence[Utterance]) -> list[Doubt]:
    """Return a doubt at the first answer with a line that only names a speaker: the file was hardly read right."""
    for seq, utterance in enumerate(said, 1):
        lines = utterance.text.split("\n") if utterance.role != "interviewer" else []
        if bare := [line for line in lines if _is_bare_label(line)]:
            message = f"Svaret ”{squeeze(utterance.text)[:60]}” rymmer en talares beteckning (”{squeeze(bare[0])}”)."
            fix = "Se efter hur intervjun lästes; märk talarna på ett sätt i filen och läs in den på nytt."
            return [Doubt("talare", message, fix, seq)]
    return []


def _is_bare_label(line: str) -> bool:
    name = line.strip().rstrip(":").strip()
    return name.lower() in _KNOWN or bool(CODE.fullmatch(name))


def is_speaker(text: str) -> bool:
    """Return whether a short text, such as a table cell, names a speaker: a known word, initials or a code."""
    name = text.strip().rstrip(":").strip()
    return name.lower() in _KNOWN or bool(_INITIALS.fullmatch(name))
