"""What is shown in the terminal: safe text, messages, progress and tables that fit the width."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

import click

from intervjukit.errors import IntervjukitError, Notice

_BLANK = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_GAP, _INDENT = "  ", "    "
_NARROWEST_TEXT, _NARROWEST = 12, 4
_WIDTH_UNKNOWN = 100


def plain(text: str) -> str:
    """Return ``text`` as one line that cannot steer a terminal.

    Line breaks become a blank, invisible and direction-changing characters go, control characters show as �.
    """
    return _CONTROL.sub("\ufffd", _HIDDEN.sub("", _BLANK.sub(" ", text)))


def say(text: str = "", *, err: bool = False) -> None:
    """Print ``text``, which may have several lines, safely; on standard error with ``err``."""
    click.echo("\n".join(plain(line) for line in text.split("\n")), err=err)


def complain(error: IntervjukitError) -> None:
    """Tell what is wrong and what to do about it, on standard error."""
    fix = f"\nGör så här: {error.fix}" if error.fix else ""
    say(f"Fel: {error.problem.rstrip()}{fix}", err=True)


def warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: object = None,
    line: object = None,
) -> None:
    """Tell a warning on standard error; what is meant for the user without its place in the program."""
    place = "" if issubclass(category, Notice) else f" ({filename}:{lineno})"
    say(f"Obs: {message}{place}", err=True)


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun: "1 intervju", "33 intervjuer"."""
    return f"{number} {one if number == 1 else many}"


def shown(path: Path | str) -> str:
    """Return a path as it must be typed: in quotation marks when it holds a blank."""
    text = str(path)
    return f'"{text}"' if re.search(r"[\s&();'|<>$*?]", text) else text


def called() -> str:
    """Return how this program is started from here: its name, its script's place, or Python with the module."""
    if shutil.which("intervjukit"):
        return "intervjukit"
    script, here = Path(sys.argv[0]).absolute(), Path.cwd()
    started = script if script.stem == "intervjukit" else Path(sys.executable)
    place = shown(started.relative_to(here) if started.is_relative_to(here) else started)
    return place if started == script else f"{place} -m intervjukit"


class Progress:
    """Shows how far long work has come, on one line of standard error and only to a person at a terminal."""

    def __init__(self) -> None:
        self._seen = sys.stderr.isatty()

    def __call__(self, done: int, total: int, what: str) -> None:
        """Show that ``done`` of ``total`` is done and ``what`` is next."""
        if self._seen:
            line = cut(f"{min(done + 1, total)} av {total} {plain(what)}", screen_width() - 1)
            click.echo(f"\r\x1b[K{line}", nl=False, err=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._seen:
            click.echo("\r\x1b[K", nl=False, err=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """Give a Progress whose line is gone when the work is done or fails."""
    line = Progress()
    try:
        yield line
    finally:
        line.clear()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: ``text`` columns give up width first, ``right`` ones are numbers.

    What does not fit is cut, or continues on the next line in a ``wrapped`` column.
    """

    head: str
    cells: Sequence[str]
    text: bool = False
    wrapped: bool = False
    right: bool = False


def screen_width() -> int:
    """Return the terminal's width in characters; 100 when there is no terminal."""
    return shutil.get_terminal_size((_WIDTH_UNKNOWN, 24)).columns


def display_width(text: str) -> int:
    """Return how many places ``text`` takes on the screen: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def cut(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` places, ended by … when something was left out."""
    if display_width(text) <= width:
        return text
    kept = text[: max(width - 1, 0)]
    while display_width(kept) > width - 1 and kept:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def table(columns: Sequence[Column], *, below: Sequence[Column] = (), width: int | None = None) -> str:
    """Return the columns as aligned lines under their heads, fitted to ``width`` (the terminal's).

    What stands in ``below`` is written whole under its row instead, wrapped and each with its head.
    """
    width = width or screen_width()
    clean, under = _cleaned(columns), _cleaned(below)
    widths = _fitted(clean, width - len(_GAP) * (len(clean) - 1))
    lines = [
        _line([column.head for column in clean], clean, widths),
        _GAP.join("─" * width for width in widths),
    ]
    for row, cells in enumerate(zip(*(column.cells for column in clean), strict=True)):
        folded = [
            textwrap.wrap(cell, place) if column.wrapped else [cell]
            for cell, column, place in zip(cells, clean, widths, strict=True)
        ]
        lines += [_line(parts, clean, widths) for parts in zip_longest(*folded, fillvalue="")]
        for column in under:
            lines += _paragraph(f"{column.head}: {column.cells[row]}", width) if column.cells[row] else []
    return "\n".join(lines)


def _cleaned(columns: Sequence[Column]) -> list[Column]:
    return [
        replace(column, head=plain(column.head), cells=[plain(cell) for cell in column.cells]) for column in columns
    ]


def _paragraph(text: str, width: int) -> list[str]:
    """Return ``text`` as indented lines of at most ``width`` places."""
    room = max(width - len(_INDENT), _NARROWEST_TEXT)
    lines = textwrap.wrap(text, room)
    if any(display_width(line) > room for line in lines):  # wide letters take two places each
        lines = textwrap.wrap(text, room // 2)
    return [_INDENT + line for line in lines]


def _fitted(columns: Sequence[Column], room: int) -> list[int]:
    """Return the width of each column; the widest text columns shrink first, then the others."""
    widths = [max(map(display_width, (column.head, *column.cells))) for column in columns]
    while sum(widths) > room:
        places = [i for i, column in enumerate(columns) if column.text and widths[i] > _NARROWEST_TEXT]
        places = places or [i for i, width in enumerate(widths) if width > _NARROWEST]
        if not places:
            break
        widths[max(places, key=lambda i: widths[i])] -= 1
    return widths


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    parts = []
    for cell, column, width in zip(cells, columns, widths, strict=True):
        short = cut(cell, width)
        blanks = " " * (width - display_width(short))
        parts.append(blanks + short if column.right else short + blanks)
    return _GAP.join(parts).rstrip()
