"""Numbers are written in one way everywhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.core.numbers import THIN, decimal, number, percent


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (8.25, 1, "8,3"),
        (8.35, 1, "8,4"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (-0.004, 2, "0,00"),
        (0, 0, "0"),
        (1234, 0, f"1{THIN}234"),
        (1234567.891, 2, f"1{THIN}234{THIN}567,89"),
        (None, 0, "–"),
        (float("nan"), 1, "–"),
    ],
)
def test_numbers_have_decimal_comma_thin_blanks_and_halves_go_up(
    value: float | None, places: int, written: str
) -> None:
    assert number(value, places) == written


def test_shares_are_written_as_percent() -> None:
    assert [percent(0.285), percent(0.2849), percent(1), percent(None)] == ["29\u00a0%", "28\u00a0%", "100\u00a0%", "–"]
    assert decimal(0.745) == "0,75"


@settings(max_examples=60, deadline=None)
@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_what_is_written_is_never_further_off_than_half_of_its_last_place(value: float, places: int) -> None:
    back = Decimal(number(value, places).replace(THIN, "").replace(",", ".").replace("−", "-"))
    assert abs(back - Decimal(str(value))) <= Decimal(1).scaleb(-places) / 2
