"""Words every text about a study is put together from: dates, counted things, lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intervjukit.core.numbers import number

_MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()


def date_words(iso: str) -> str:
    """Return an ISO date as "5 februari 2026"."""
    year, month, day = iso.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


def number_words(n: int, one: str, many: str) -> str:
    """Return "1 intervju", "33 intervjuer", "12 345 ord"."""
    return f"{number(n)} {one if n == 1 else many}"


def of(n: int, total: int) -> str:
    """Return "6 av 9", which a line break never splits."""
    return f"{n}\u00a0av\u00a0{total}"


def period(dates: Iterable[str]) -> str:
    """Return ISO dates as "5 februari – 21 april 2026", "" when none is known."""
    known = sorted(filter(None, dates))
    if not known:
        return ""
    first, last = known[0], known[-1]
    if first == last:
        return date_words(first)
    start = date_words(first) if first[:4] != last[:4] else date_words(first).rsplit(" ", 1)[0]
    return f"{start} – {date_words(last)}"


def listed(words: Sequence[str], *, last: str = "och") -> str:
    """Return "a, b och c"."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def lower_first(text: str) -> str:
    """Return ``text`` beginning with a small letter, unless its first word is a name or an abbreviation."""
    head = text.split(" ", 1)[0]
    name = head in ("Försäkringskassan", "Arbetsförmedlingen") or head.isupper()
    return text if name else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return ``text`` beginning with a capital letter."""
    return text[:1].upper() + text[1:]
