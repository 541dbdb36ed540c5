"""What a bank has heard is taken apart once and kept as plain arrays; likeness is by words, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from intervjukit import asking
from intervjukit.asking import wordings_of
from intervjukit.core.protocol import Protocol, Question, Section
from intervjukit.core.wordings import NO_QUESTION, Heard
from intervjukit.formats.library import codebook_file
from intervjukit.nlp.cache import CACHE
from intervjukit.nlp.wordings import LearnedWordings, Listened
from intervjukit.study import Study

HEARD = (
    Heard("g", "stod", "Backade chefen upp dig?", "Hon ringde varje vecka."),
    Heard("h", "stod", "Fick du hjälp av chefen?", "Nej."),
    Heard("g", "vantan", "Dröjde det länge?", "Ett halvår\nminst."),
    Heard("g", NO_QUESTION, "Jaså?", "Ja."),
    Heard("g", "stod", "", "Ingen frågade."),
)
QUESTIONS = (Question("stod", "text", "Vilket stöd fick du?"), Question("vantan", "text", "Hur länge väntade du?"))
GUIDE = Protocol("g", "G", "g", "G", "G", "vard", sections=(Section("s", "S", QUESTIONS),))


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep what is learned in a folder of the test's own."""
    monkeypatch.setenv(CACHE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def heard(texts: Sequence[str]) -> Iterator[Heard]:
    assert texts
    yield from HEARD


def never(texts: Sequence[str]) -> Iterator[Heard]:
    raise AssertionError("the bank was asked for")


def same(one: Listened, other: Listened) -> bool:
    ours, theirs = one.arrays(), other.arrays()
    return ours.keys() == theirs.keys() and all(np.array_equal(ours[key], theirs[key]) for key in ours)


def test_what_was_heard_is_taken_apart_once_and_the_same_when_it_is_fetched(own_cache: Path) -> None:
    first = Listened.kept(["en bank"], heard, None)
    assert same(first, Listened.kept(["en bank"], never, None))
    assert same(first, Listened.to(HEARD))
    with pytest.raises(AssertionError, match="asked for"):
        Listened.kept(["en annan bank"], never, None)
    assert [file.suffix for file in own_cache.iterdir()] == [".npz"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 damaged", b"not an archive"])
def test_a_damaged_file_is_made_anew(own_cache: Path, damage: bytes) -> None:
    Listened.kept(["en bank"], heard, None)
    (file,) = own_cache.iterdir()
    file.write_bytes(damage)
    assert same(Listened.to(HEARD), Listened.kept(["en bank"], heard, None))
    assert same(Listened.to(HEARD), Listened.kept(["en bank"], never, None))


def test_what_is_kept_is_plain_numbers(own_cache: Path) -> None:
    Listened.kept(["en bank"], heard, None)
    (file,) = own_cache.iterdir()
    with np.load(file, allow_pickle=False) as arrays:
        assert {arrays[name].dtype.kind for name in arrays} == {"i", "u"}


def test_an_empty_bank_is_kept_too() -> None:
    nothing = Listened.to(())
    assert same(nothing, Listened.of_arrays(nothing.arrays()))
    assert LearnedWordings([GUIDE], nothing).asked("g", "Vilket stöd fick du?")["stod"] > 0.7


def test_the_groups_own_wordings_count_more_than_those_of_others() -> None:
    wordings = LearnedWordings([GUIDE], HEARD)
    assert wordings.well_known("g")
    own, others = (
        wordings.asked("g", said)["stod"] for said in ("Backade chefen upp dig?", "Fick du hjälp av chefen?")
    )
    assert own > others > 0
    answered, follow_up = wordings.answered("g", "Hon ringde."), wordings.asked("g", "Jaså?")
    assert answered["stod"] > answered["vantan"]
    assert max(follow_up, key=follow_up.__getitem__) == NO_QUESTION


def test_the_kits_bank_is_kept_with_the_user_and_a_studys_own_beside_the_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking._learned.cache_clear()  # what another test has learned would not be kept here
    monkeypatch.delenv(CACHE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "user"))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    book = tmp_path / "bok.yaml"
    book.write_bytes(codebook_file("halsoflodet").read_bytes())
    bank = book.with_suffix(".yttranden")
    bank.mkdir()
    (bank / "a.txt").write_text("chefer | - | | Jag vet inte.\n", encoding="utf-8")
    kept = []
    for name, codebook in (("kitets", "halsoflodet"), ("egen", str(book))):
        folder = tmp_path / name
        with Study.create(folder, protocols="halsoflodet", codebook=codebook) as study:
            assert wordings_of(study._store).well_known("chefer") == (name == "kitets")
        kept.append((len([*folder.glob("fragor-*.npz")]), len([*(tmp_path / "user").rglob("fragor-*.npz")])))
    assert kept == [(0, 1), (1, 1)]
