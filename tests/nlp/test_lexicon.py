"""The dictionary in a file: every form with its base form, and a file that is not whole is never believed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intervjukit.nlp.cache import CACHE
from intervjukit.nlp.lexicon import Dictionary, Unpacked, base_form

FORMS = {"köerna": "kö", "kön": "kö", "möte": "möte", "mötet": "möte"}
WORDS = st.text(st.characters(categories=("L", "Nd", "Pd")), min_size=1, max_size=6)
MODEST = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MODEST
@given(st.dictionaries(WORDS, WORDS, min_size=1, max_size=30), st.lists(WORDS))
def test_a_file_gives_the_base_form_of_every_form_in_it_and_of_no_other(
    tmp_path: Path, forms: dict[str, str], others: list[str]
) -> None:
    Unpacked.write(forms, tmp_path / "ordbok.bin")
    unpacked = Unpacked(tmp_path / "ordbok.bin")
    assert dict(unpacked) == forms
    assert len(unpacked) == len(forms)
    assert [unpacked.get(word) for word in others] == [forms.get(word) for word in others]


def test_part_of_a_form_is_no_form(tmp_path: Path) -> None:
    Unpacked.write(FORMS, tmp_path / "ordbok.bin")
    unpacked = Unpacked(tmp_path / "ordbok.bin")
    assert [word for word in ("kö", "ön", "mötets", "", "kön\tkö") if word in unpacked] == []


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:10], lambda data: b"x" + data[1:]])
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "ordbok.bin"
    Unpacked.write(FORMS, file)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ValueError):
        Unpacked(file)


def test_a_cache_folder_that_cannot_be_written_to_costs_time_and_no_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv(CACHE, str(tmp_path / "file"))
    assert Dictionary("sv")["köerna"] == base_form("köerna") == "kö"
