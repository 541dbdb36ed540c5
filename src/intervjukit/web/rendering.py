"""Jinja2 templates, always escaped, and the Swedish ways to show a number or a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Context
from markupsafe import Markup

from intervjukit.web.files import PAGE, address, needed

_MONTHS = "jan feb mars apr maj juni juli aug sep okt nov dec".split()


def clock(at: str) -> str:
    """Return a stored time (ISO, UTC) in the machine's own time: "14.02" today, otherwise "3 nov 14.02"."""
    local = datetime.fromisoformat(at).astimezone()
    today = datetime.now().astimezone().date()
    return f"{local:%H.%M}" if local.date() == today else f"{day(local.date().isoformat(), today)} {local:%H.%M}"


def day(iso: str, today: date | None = None) -> str:
    """Return an ISO date as "3 nov", with the year when it is not this one; "" for ""."""
    if not iso:
        return ""
    when = date.fromisoformat(iso)
    year = "" if when.year == (today or datetime.now().astimezone().date()).year else f" {when.year}"
    return f"{when.day} {_MONTHS[when.month - 1]}{year}"


def number(value: int) -> str:
    """Return a whole number with a no-break space between the thousands."""
    return f"{value:,}".replace(",", "\u00a0")


def counted(value: int, one: str, many: str) -> str:
    """Return a number with its noun: "1 intervju", "33 intervjuer"."""
    return f"{number(value)} {one if value == 1 else many}"


@cache
def templates() -> Environment:
    """Return the environment all pages are made in: everything is escaped, a missing name is an error."""
    environment = Environment(
        loader=FileSystemLoader(PAGE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.context_class = _Context
    environment.filters.update(clock=clock, day=day, number=number, counted=counted)
    environment.globals.update(files=address(), needed=needed)
    return environment


_UNSAID = ("asks", "whole")
"""What a template may leave unsaid: what its script asks for first, and that nothing is drawn before its script."""


class _Context(Context):
    """What a template knows; ``later`` is called when it asks for something else, and gives the rest of it."""

    def resolve_or_missing(self, key: str) -> Any:
        """Return what a name stands for."""
        if "later" in self.parent and key not in self.vars and key not in self.parent and key not in _UNSAID:
            self.parent.update(self.parent.pop("later")())
        return super().resolve_or_missing(key)


def as_text(json: str) -> Markup:
    """Return JSON as the text of an element: there only two signs mean anything, and its many quotation marks stay."""
    return Markup(json.replace("&", "&amp;").replace("<", "&lt;"))


def rendered(template: str, **values: object) -> str:
    """Return a page made from a template."""
    return templates().get_template(template).render(values)


def rendered_ahead(template: str, later: Callable[[], Mapping[str, object]], **values: object) -> Iterator[str]:
    """Yield a page's head as far as its title, and the rest when ``later`` has told what else it needs.

    So the browser fetches scripts and styles while the server is still at work.
    """
    pieces = templates().get_template(template).generate(values, later=later)
    head = [next(pieces)]
    while "<title>" not in head[-1]:
        head.append(next(pieces))
    yield "".join(head)
    yield "".join(pieces)
