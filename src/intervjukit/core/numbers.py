"""How numbers are written, the same in text, tables, charts and their alternative texts: one rounding, one format."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

THIN = "\u202f"
"""Between thousands: a narrow blank that no line is broken at."""
NOTHING = "–"


def number(value: float | None, places: int = 0) -> str:
    """Return "1 234,5": decimal comma, narrow blanks in thousands, a real minus; "–" for nothing.

    Halves are rounded away from nought, as readers do it: 8,25 is 8,3 and never 8,2.
    """
    return NOTHING if value is None or value != value else _written(Decimal(str(value)), places)


def decimal(value: float | None, places: int = 2) -> str:
    """Return a number as "0,74", "–" for nothing."""
    return number(value, places)


def percent(rate: float | None, places: int = 0) -> str:
    """Return a share (1 is all) as "74 %", "–" for nothing."""
    if rate is None or rate != rate:
        return NOTHING
    return f"{_written(100 * Decimal(str(rate)), places)}\u00a0%"


def _written(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded or abs(rounded):,}".replace(",", THIN).replace(".", ",").replace("-", "−")
