"""What may be done to a code book, and what it makes of it: every change gives a new, whole code book."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from intervjukit.core.codebook import VALENCES, Code, Codebook, Example, Limit, compound
from intervjukit.core.text import normalise, squeeze
from intervjukit.errors import NotFoundError, RuleError

T = TypeVar("T")

LONGEST_NAME = 100
LONGEST_TEXT = 4000
MOST_LINES = 200
_LONGEST_ID = 40
FIELDS: Mapping[str, str] = {
    "name": "namn",
    "definition": "definition",
    "when": "när",
    "limits": "när inte",
    "examples": "exempel",
    "indicators": "indikatorer",
    "influenceable": "påverkbar",
    "headings": "rubriker",
    "measure": "åtgärd",
}
"""What can be changed in a code, and what it is called in Swedish."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A code book in which ``gone`` is part of ``into``."""

    book: Codebook
    gone: Code
    into: Code


def new_id(name: str, taken: Collection[str]) -> str:
    """Return an id for a code called ``name``: its letters without marks, and a number when that id is taken."""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST_ID].rstrip("_") or "kod"
    base = base if base[0].isalpha() else f"k_{base}"[:_LONGEST_ID]
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base[: _LONGEST_ID - 4]}_{number}"
    return found


# --- one code ---------------------------------------------------------------------------------------


def added(book: Codebook, code: Code) -> Codebook:
    """Return the book with a new code last among its parent's. Raises RuleError, NotFoundError."""
    if code.id in book:
        raise RuleError(f"Det finns redan en kod med id ”{code.id}”.", fix="Välj ett annat id.")
    if code.parent is not None:
        book.code(code.parent)
    whole = replace(book, codes=(*book.codes, code))
    return replace(book, codes=(*book.codes, checked(whole, code)))


def changed(book: Codebook, code_id: str, **values: object) -> Codebook:
    """Return the book with other texts in a code; see FIELDS. Raises RuleError, NotFoundError."""
    if unknown := set(values) - set(FIELDS):
        raise RuleError(f"En kod har inget fält ”{min(unknown)}”.", fix=f"Välj något av: {', '.join(FIELDS)}.")
    code = checked(book, replace(book.code(code_id), **values))  # type: ignore[arg-type]
    return _with(book, {code_id: code})


def moved(book: Codebook, code_id: str, parent: str | None) -> Codebook:
    """Return the book with a code under another one, or topmost. Raises RuleError when it would go in a circle."""
    code = book.code(code_id)
    if parent is not None and book.code(parent).id in {code_id, *below(book, code_id)}:
        where = "sig själv" if parent == code_id else f"”{book.code(parent).name}”, som ligger under den"
        raise RuleError(f"”{code.name}” kan inte läggas under {where}.", fix="Välj en annan överordnad kod.")
    return _with(book, {code_id: replace(code, parent=parent)})


def removed(book: Codebook, code_id: str) -> Codebook:
    """Return the book without a code. Raises RuleError while other codes lie under it or point to it."""
    code = book.code(code_id)
    if under := [other.name for other in book if other.parent == code_id]:
        raise RuleError(
            f"”{code.name}” har koder under sig: {_listed(under)}.", fix="Flytta dem först, eller slå ihop koden."
        )
    if pointing := [other.name for other in book if any(limit.instead == code_id for limit in other.limits)]:
        raise RuleError(
            f"{_listed(pointing)} hänvisar till ”{code.name}” under ”när inte”.",
            fix="Ändra hänvisningen först, eller slå ihop koden med en annan.",
        )
    if len(book) == 1:
        raise RuleError("Kodboken måste ha minst en kod.", fix="Lägg till en ny kod först.")
    return replace(book, codes=tuple(other for other in book if other.id != code_id))


def merged(book: Codebook, code_id: str, into: str) -> Merged:
    """Return the book with a code made part of another, which keeps its own name, definition and limits.

    Examples and indicators come along, codes under it come under the other, and what pointed to it points to
    the other. Raises RuleError when they are the same.
    """
    gone, kept = book.code(code_id), book.code(into)
    if code_id == into:
        raise RuleError("En kod kan inte slås ihop med sig själv.", fix="Välj en annan kod.")
    inside = into in below(book, code_id)
    kept = replace(
        kept,
        parent=gone.parent if inside else kept.parent,
        examples=_united(kept.examples, gone.examples),
        indicators=_united(kept.indicators, gone.indicators),
    )
    codes = []
    for code in book:
        if code.id == code_id:
            continue
        now = kept if code.id == into else code
        under = into if now.parent == code_id else now.parent
        codes.append(replace(now, parent=under, limits=tuple(_pointed(now, code_id, into))))
    whole = replace(book, codes=tuple(codes))
    return Merged(whole, gone, whole.code(into))


def read_as(book: Codebook, written: Iterable[str], *, only: bool = False) -> Codebook:
    """Return the book with words that are read as ``written``: "vård + kö", or "förväntan" for one that stays whole.

    Each takes the place of what the book said of the same word; with ``only`` they take that of all words. Raises
    RuleError.
    """
    words = {"".join(parts).lower(): parts for parts in (() if only else book.compounds)}
    for each in written:
        parts = compound(each)
        words["".join(parts).lower()] = parts
    return replace(book, compounds=tuple(words.values()))


def read_as_usual(book: Codebook, words: Iterable[str]) -> Codebook:
    """Return the book without what it said of how some words are made. Raises NotFoundError, RuleError."""
    known = {"".join(parts).lower(): parts for parts in book.compounds}
    for word in map(compound, words):
        if known.pop("".join(word).lower(), None) is None:
            there = _listed([" + ".join(parts) for parts in known.values()])
            raise NotFoundError(
                f"Kodboken säger inget om hur ”{''.join(word)}” är sammansatt.",
                fix=f"Den säger något om {there}." if there else "Det finns inget att ta bort.",
            )
    return replace(book, compounds=tuple(known.values()))


def below(book: Codebook, code_id: str) -> list[str]:
    """Return the ids of all codes under a code, at any depth."""
    found, left = [], [code_id]
    while left:
        at = left.pop()
        under = [code.id for code in book if code.parent == at and code.id not in found]
        found += under
        left += under
    return found


# --- what a code must be ----------------------------------------------------------------------------


def checked(book: Codebook, code: Code) -> Code:
    """Return a code with its texts on one line and nothing empty. Raises RuleError for what breaks a rule.

    ``book`` is the one it is to stand in, with or without it.
    """
    name = one_line(code.name, "Namnet", LONGEST_NAME)
    if not name:
        raise RuleError("Koden saknar namn.", fix="Skriv ett kort namn.")
    for other in book:
        if other.id != code.id and name.casefold() in (other.name.casefold(), other.id.casefold()):
            raise RuleError(f"Det finns redan en kod som heter ”{other.name}”.", fix="Välj ett annat namn.")
    definition = one_line(code.definition, "Definitionen")
    if not definition:
        raise RuleError("Koden saknar definition.", fix="Skriv med en mening vad som hör till koden.")
    return replace(
        code,
        name=name,
        definition=definition,
        when=one_line(code.when, "När koden används"),
        limits=tuple(_limits(book, code)),
        examples=_few(_united(tuple(_examples(book, code)), ()), "exempel"),
        indicators=_few(_united(_lines(code.indicators, "En indikator"), ()), "indikatorer"),
        headings=_headings(code),
        measure=one_line(code.measure, "Åtgärden"),
    )


def one_line(text: str, what: str, most: int = LONGEST_TEXT) -> str:
    """Return a text normalised, on one line. Raises RuleError when it is too long."""
    line = squeeze(normalise(text))
    if len(line) > most:
        raise RuleError(f"{what} är för lång ({len(line)} tecken).", fix=f"Skriv högst {most} tecken.")
    return "" if line == "~" else line


def _lines(texts: Iterable[str], what: str) -> tuple[str, ...]:
    return tuple(line for text in texts if (line := one_line(text, what)))


def _limits(book: Codebook, code: Code) -> Iterator[Limit]:
    for limit in _few(tuple(dict.fromkeys(code.limits)), "rader under ”när inte”"):
        condition = one_line(limit.condition, "Ett villkor")
        if not condition and not limit.instead:
            continue
        if not condition:
            raise RuleError("En rad under ”när inte” saknar villkor.", fix="Skriv när koden inte används.")
        if not limit.instead:
            raise RuleError(f"”{condition}” saknar kod att använda i stället.", fix="Välj en kod.")
        if limit.instead == code.id:
            raise RuleError(f"”{condition}” hänvisar till koden själv.", fix="Välj en annan kod.")
        yield Limit(condition, book.code(limit.instead).id)


def _examples(book: Codebook, code: Code) -> Iterator[Example]:
    for example in code.examples:
        if text := one_line(example.text, "Ett exempel"):
            yield Example(text, book.check_facets(example.facets))


def _headings(code: Code) -> dict[str, str]:
    if unknown := set(code.headings) - set(VALENCES):
        raise RuleError(f"Det finns inget slag ”{min(unknown)}”.", fix=f"Slagen är: {', '.join(VALENCES)}.")
    lines = {valence: one_line(code.headings.get(valence, ""), "En rubrik") for valence in VALENCES}
    return {valence: line for valence, line in lines.items() if line}


def _united(first: Sequence[T], second: Sequence[T]) -> tuple[T, ...]:
    """Return both in order, each once; examples are the same when they say the same."""
    found: dict[object, T] = {}
    for one in (*first, *second):
        key = one.text.casefold() if isinstance(one, Example) else str(one).casefold()
        found.setdefault(key, one)
    return tuple(found.values())


def _few(rows: tuple[T, ...], what: str) -> tuple[T, ...]:
    if len(rows) > MOST_LINES:
        raise RuleError(f"Koden har {len(rows)} {what}.", fix=f"Högst {MOST_LINES} får plats.")
    return rows


def _pointed(code: Code, gone: str, into: str) -> Iterator[Limit]:
    """Yield a code's limits with ``into`` for ``gone``, without those that would then point to the code itself."""
    limits = (replace(limit, instead=into) if limit.instead == gone else limit for limit in code.limits)
    yield from dict.fromkeys(limit for limit in limits if limit.instead != code.id)


def _with(book: Codebook, codes: Mapping[str, Code]) -> Codebook:
    return replace(book, codes=tuple(codes.get(code.id, code) for code in book))


def _listed(names: Sequence[str]) -> str:
    shown = [f"”{name}”" for name in names[:3]]
    return ", ".join(shown) + (f" och {len(names) - 3} till" if len(names) > 3 else "")
