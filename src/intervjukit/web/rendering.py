"""Jinja2 templates, always escaped, and the Swedish ways to show a number or a time."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

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
    environment.filters.update(clock=clock, day=day, number=number, counted=counted)
    environment.globals.update(files=address(), needed=needed)
    return environment


def rendered(template: str, **values: object) -> str:
    """Return a page made from a template."""
    return templates().get_template(template).render(values)
