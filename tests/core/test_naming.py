"""Tables are headed in Swedish, ids shown by their names, and numbers and dates kept as what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from intervjukit.core.codebook import Code, Codebook, Facet, FacetValue
from intervjukit.core.naming import Namer, Value
from intervjukit.core.protocol import Protocol

BOOK = Codebook(
    "k",
    "Kodbok",
    codes=(Code("ett", "Första temat", "d"),),
    facets=(Facet("party", "Part", values=(FacetValue("vard", "Vården"),)),),
)
GUIDES = {"chefer": Protocol("c", "Guide", "chefer", "Chefer", "C", "vard")}


@dataclass(frozen=True)
class Study:
    codebook: Codebook
    protocols: dict[str, Protocol]


NAMER = Namer(Study(BOOK, GUIDES))


@pytest.mark.parametrize(
    ("column", "head"),
    [("planned", "Planerade"), ("party", "Part"), ("sure_code", "Tema, säkerhet"), ("År i rollen", "År i rollen")],
)
def test_columns_have_swedish_heads_and_a_background_fact_its_own(column: str, head: str) -> None:
    assert NAMER.head(column) == head


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("code", "ett", "Första temat"),
        ("codes", ["ett", "okänd"], "Första temat | okänd"),
        ("group", "chefer", "Chefer"),
        ("responsible", "vard", "Vården"),
        ("own", True, "ja"),
        ("n", 3, 3),
        ("score", 0.25, 0.25),
        ("score", float("nan"), None),
        ("minutes", None, None),
        ("text", "", None),
        ("date", "2026-02-05", date(2026, 2, 5)),
        ("date", "våren 2026", "våren 2026"),
        ("date", "", None),
        ("cites", ["flaskhals · ett · vard"], "flaskhals · Första temat · Vården"),
        ("sides", ["chefer: flaskhals 3/8"], "Chefer: flaskhals 3/8"),
    ],
)
def test_a_cell_is_a_number_or_date_when_it_is_one_and_else_the_shown_text(
    column: str, cell: object, value: Value
) -> None:
    shown = NAMER.value(column, cell)
    assert (shown, type(shown)) == (value, type(value))


def test_a_stored_time_is_shown_as_local_time() -> None:
    stored = "2026-02-05T12:30:05.250+00:00"
    local = datetime.fromisoformat(stored).astimezone().replace(tzinfo=None, microsecond=0)
    assert NAMER.value("at", stored) == local
