"""Close reading: answers are read whole and once, what is kept holds no words, and it has its part in what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from intervjukit.core.codebook import Code, Codebook
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.protocol import Protocol
from intervjukit.core.transcript import Role, Transcript
from intervjukit.nlp.encoder import END, START, Pieces, Vectors
from intervjukit.nlp.features import Segment
from intervjukit.nlp.model import CodingModel, Reading
from intervjukit.nlp.reader import FILE, Answer, LanguageModel, Read, Reader, answers, shipped, texts_of
from intervjukit.nlp.reasons import Claim, Coded, Reasons
from intervjukit.nlp.segments import Segmenter
from intervjukit.nlp.showing import LIMITS
from intervjukit.nlp.suggester import NAME, VERSION, Decisions, Suggester, verdicts
from intervjukit.nlp.trials import Trials

Interview = Callable[[Sequence[tuple[Role, str, str | None]]], Transcript]


class Themes:
    """A small reader that knows what some words tell: one dimension for each row."""

    alike = (("cykeln", "tvåhjulingen", "pedalerna"), ("kö", "dröjde"), ("chefen",), ("kaffet",))

    def __init__(self, name: str = "teman 1") -> None:
        self.name = name
        size = np.eye(len(self.alike), dtype=np.float32)
        self.heads: Mapping[str, Vectors] = {"codable": 6 * size[0], "code:ekonomi": 8 * size[0]}
        self.read: list[Answer] = []

    def rows(self, read: Sequence[Answer], progress: Callable[[int], None] = lambda done: None) -> list[Vectors]:
        self.read += read
        progress(len(read))
        return [
            np.array([[any(word in text.lower() for word in its) for its in self.alike] for text in one.sentences], "f")
            for one in read
        ]


class Interrupted(Themes):
    """A reader at which somebody presses Ctrl-C when it meets a word."""

    def rows(self, read: Sequence[Answer], progress: Callable[[int], None] = lambda done: None) -> list[Vectors]:
        if any("stopp" in answer.sentences for answer in read):
            raise KeyboardInterrupt
        return super().rows(read, progress)


def said(*sentences: str, turn: int = 0, asked: str = "Hur var kön?") -> list[Segment]:
    """Return the segments of an answer."""
    return [Segment(turn, 0, len(text), text, asked, ("group:chefer", "first")) for text in sentences]


# --- what is read -----------------------------------------------------------------------------------


def test_answers_are_read_whole_with_who_was_asked_what() -> None:
    assert answers([*said("Kön.", "Jo."), *said("Ja.", turn=1, asked="")]) == [
        Answer("chefer", "Hur var kön?", ("Kön.", "Jo.")),
        Answer("chefer", "", ("Ja.",)),
    ]


def test_each_sentence_has_its_own_place_and_a_long_answer_is_read_in_parts() -> None:
    pieces = Pieces(["", "", "", "▁a", "▁b", "▁:"], [0, 0, 0, -1.0, -1.0, -1.0])
    sentences = tuple(" ".join("ab"[number % 2] * length) for number, length in enumerate([3, 100, 120, 0, 400, 1]))
    texts = list(texts_of(Answer("a", "b a", sentences), pieces))
    begin = [START, *pieces("a:"), *pieces("b a"), END]
    read = [text.pieces[start:end] for text in texts for start, end in text.places]
    assert [its or [END] for its in (pieces(one)[:180] for one in sentences)] == read
    assert len(texts) > 1
    for text in texts:
        assert text.pieces[: len(begin)] == begin and text.pieces[-1] == END
        assert text.places[0][0] == len(begin) and text.places[-1][1] == len(text.pieces) - 1
        assert [end for _, end in text.places[:-1]] == [start for start, _ in text.places[1:]]
        assert len(text.pieces) <= 256


# --- what is kept -----------------------------------------------------------------------------------


def test_each_answer_is_read_once_also_in_the_next_session(tmp_path: Path) -> None:
    first, second = Themes(), Themes()
    segments = [*said("Kön var lång.", "Chefen ringde."), *said("Jo.", turn=1), *said("Jo.", turn=2)]
    before = Read(first, tmp_path).rows(segments)
    after = Read(second, tmp_path).rows([*segments, *said("Nytt.", turn=3)])
    assert [one.sentences for one in first.read] == [("Kön var lång.", "Chefen ringde."), ("Jo.",)]
    assert [one.sentences for one in second.read] == [("Nytt.",)]
    np.testing.assert_array_equal(before, after[:4])
    np.testing.assert_array_equal(before, [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]])


def test_what_is_kept_holds_no_words(tmp_path: Path) -> None:
    Read(Themes(), tmp_path).rows(said("Hemligheten är stor."))
    assert b"Hemlig" not in (tmp_path / FILE).read_bytes()
    with np.load(tmp_path / FILE, allow_pickle=False) as kept:
        assert sorted(kept) == ["ends", "name", "rows", "signs"]


def test_another_reader_or_a_damaged_file_begins_anew(tmp_path: Path) -> None:
    Read(Themes(), tmp_path).rows(said("Kön."))
    newer, third = Themes("teman 2"), Themes("teman 2")
    Read(newer, tmp_path).rows(said("Kön."))
    (tmp_path / FILE).write_bytes(b"PK\x03\x04 not whole")
    Read(third, tmp_path).rows(said("Kön."))
    assert len(newer.read) == len(third.read) == 1


def test_nothing_to_read_gives_no_rows(tmp_path: Path) -> None:
    assert Read(Themes(), tmp_path).rows([]).shape == (0, 4)


def test_what_was_read_before_an_interruption_is_kept_and_its_progress_told(tmp_path: Path) -> None:
    segments = [one for turn in range(600) for one in said(f"mening {turn}", turn=turn)] + said("stopp", turn=600)
    told: list[tuple[int, int]] = []
    with pytest.raises(KeyboardInterrupt):
        Read(Interrupted(), tmp_path, lambda done, total: told.append((done, total))).rows(segments)
    after = Themes()
    Read(after, tmp_path).rows(segments)
    assert told == [(done, 601) for done in range(64, 577, 64)]
    assert [one.sentences for one in after.read] == [*((f"mening {turn}",) for turn in range(576, 600)), ("stopp",)]
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_two_programs_add_to_the_same_file_and_what_is_removed_does_not_come_back(tmp_path: Path) -> None:
    one, other, third = Read(Themes(), tmp_path), Read(Themes(), tmp_path), Themes()
    one.rows(said("Kön."))
    other.rows(said("Chefen."))
    (tmp_path / FILE).unlink()
    one.rows(said("Nytt."))
    Read(third, tmp_path).rows([*said("Kön."), *said("Chefen.", turn=1), *said("Nytt.", turn=2)])
    assert [one.sentences for one in third.read] == [("Kön.",), ("Chefen.",)]


def test_what_was_merged_is_told_together_and_what_is_gone_not_at_all() -> None:
    reader = Themes()
    one, two = np.eye(4, dtype=np.float32)[:2]
    reader.heads = {"codable": one, "code:a": one, "code:b": two, "code:c": two, "party:c": two}
    read = Read(reader, former={"b": "a", "c": None})
    assert sorted(read.heads) == ["codable", "code:a", "party:c"]
    np.testing.assert_array_equal(read.heads["code:a"], one + two)


# --- what it does to suggestions --------------------------------------------------------------------

BIKE, ALIKE, TALK = "Cykeln gick sönder på vägen dit.", "Tvåhjulingen klarade inte backen.", "Jo, så var det nog."
WAIT, BOSS = "Jag fick stå i kö i tre månader.", "Chefen ringde aldrig."


def coding(transcript: Transcript, quote: str, code: str, **facets: str) -> Coding:
    start = transcript.text.index(quote)
    return Coding(
        1, transcript.id, transcript.respondent, transcript.group, start, start + len(quote), quote, code, facets, "MK"
    )


def closely(suggester: Suggester, reader: Reader) -> Suggester:
    return Suggester(suggester.codebook, suggester.segmenter, suggester.model, Read(reader))


@pytest.fixture
def three(interview: Interview) -> list[Transcript]:
    """Three interviews."""
    return [
        replace(interview([("respondent", text, None) for text in texts]), id=number, respondent=f"S0{number}")
        for number, texts in enumerate([(BIKE, TALK), (BOSS, WAIT), (ALIKE, TALK)], 1)
    ]


def found(made: Sequence[Suggestion], quote: str) -> Suggestion:
    return next(one for one in made if one.quote == quote)


def test_what_is_read_tells_what_the_words_do_not(suggester: Suggester, three: list[Transcript]) -> None:
    by_words, read = (each.suggest(three, least=1e-6) for each in (suggester, closely(suggester, Themes())))
    assert found(read, ALIKE).code == "ekonomi" != found(by_words, ALIKE).code
    assert found(read, ALIKE).score > found(by_words, ALIKE).score
    assert found(read, WAIT).code == found(by_words, WAIT).code == "vantetider"


def test_only_answers_near_being_shown_are_read(suggester: Suggester, three: list[Transcript]) -> None:
    reader = Themes()
    closely(suggester, reader).suggest(three)
    assert [one.sentences for one in reader.read] == [(BOSS,), (WAIT,)]


def test_decisions_teach_beside_what_is_read_in_whatever_order_they_came(
    suggester: Suggester,
    three: list[Transcript],
    book: Codebook,
    guides: list[Protocol],
    model: CodingModel,
) -> None:
    codings = [coding(three[0], BIKE, "egenansvar", valence="onskan"), coding(three[1], BOSS, "chefsstod")]
    reading = closely(suggester, Themes())
    made = reading.suggest(three, Decisions(codings), least=1e-6)
    assert made == reading.suggest(three, Decisions(codings[::-1]), least=1e-6)
    wider = replace(book, codes=(*book.codes, Code("rymd", "Rymden", "Om rymden", indicators=("raket",))))
    more = Suggester(wider, Segmenter(wider, guides), model, Read(Themes())).suggest(three, Decisions(codings))
    narrow = reading.suggest(three, Decisions(codings))
    assert [(one.start, one.code, one.reason) for one in more] == [(one.start, one.code, one.reason) for one in narrow]


def test_the_reason_names_the_coded_passage_that_reads_alike(suggester: Suggester, interview: Interview) -> None:
    said = interview([("respondent", text, None) for text in ("Hyran steg.", BIKE, ALIKE)])
    decisions = Decisions([coding(said, text, "ekonomi") for text in ("Hyran steg.", BIKE)])
    told = []
    for each in (suggester, closely(suggester, Themes())):
        places = each.places([said])
        reading = Reading([place.found.segment for place in places], each.model)
        decided = verdicts(places, decisions, each.codebook)
        reading.read_closely(0.0)
        reading.learn(decided)
        coded = Coded.of(reading, decided)
        reasons = Reasons(each.codebook, [place.found for place in places], reading, coded, LIMITS["economical"])
        told += reasons.explain([Claim((2,), "ekonomi", {})])
    assert "liknar det kodade" not in told[0]
    assert "liknar det kodade ”Cykeln gick sönder" in told[1]


def test_name_and_version_tell_that_answers_were_read(suggester: Suggester, three: list[Transcript]) -> None:
    reading = closely(suggester, Themes())
    assert (suggester.name, reading.name) == (f"{NAME} {VERSION}", f"{NAME} {VERSION} teman 1")
    assert {one.version for one in reading.suggest(three)} == {f"{VERSION} teman 1"}
    assert {one.version for one in suggester.suggest(three)} == {VERSION}


def test_trials_read_too_and_leave_nothing_behind(suggester: Suggester, three: list[Transcript]) -> None:
    reader = Themes()
    reader.heads = {"codable": 2 * np.eye(4, dtype=np.float32)[1], "code:ekonomi": 20 * np.eye(4, dtype=np.float32)[1]}
    trials = [Trials(each, three, Decisions()) for each in (suggester, closely(suggester, reader))]
    one, other = (each.run([1, 3], [2]) for each in trials)
    place = [code.id for code in suggester.codebook].index("ekonomi")
    boss, wait = (
        after.codes[place] - before.codes[place] for before, after in zip(one.segments, other.segments, strict=True)
    )
    assert wait > 0.1 > abs(boss)
    assert trials[1].run([1, 3], [2]) == other


# --- the one that comes with the kit ----------------------------------------------------------------


@pytest.fixture(scope="module")
def language_model() -> LanguageModel:
    return shipped()


def test_it_knows_the_code_book_it_is_for(language_model: LanguageModel, book: Codebook) -> None:
    facets = {f"{facet.id}:{value.id}" for facet in book.facets for value in facet.values}
    assert {"codable", *(f"code:{code.id}" for code in book)} <= set(language_model.heads)
    assert {target for target in language_model.heads if ":" in target} <= facets | {f"code:{code.id}" for code in book}
    for facet in ("code", "valence", "party"):
        its = [head for target, head in language_model.heads.items() if target.startswith(f"{facet}:")]
        np.testing.assert_allclose(np.sum(its, 0), 0, atol=1e-3)


def test_it_knows_what_is_worth_coding_and_what_it_is_about(language_model: LanguageModel) -> None:
    answer = Answer(
        "sjukskrivna",
        "Hur gick det sedan?",
        (
            "Det blev mars innan nån hörde av sig.",
            "Vi har en hund som heter Morris.",
            "Chefen ringde inte en enda gång.",
        ),
    )
    [rows] = language_model.rows([answer])
    assert rows.dtype == np.float32
    late, dog, boss = rows
    codable = language_model.heads["codable"]
    assert min(late @ codable, boss @ codable) > dog @ codable
    employer, care = (language_model.heads[f"party:{party}"] for party in ("arbetsgivare", "vard"))
    assert boss @ employer > boss @ care
    assert late @ language_model.heads["code:vantetider"] > dog @ language_model.heads["code:vantetider"]


def test_it_knows_which_sentence_goes_on_with_the_one_before(language_model: LanguageModel) -> None:
    said = ("Läkaren ringde efter fyra månader.", "Hon hade glömt remissen.", "Men på jobbet hälsade ingen på mig.")
    [rows] = language_model.rows([Answer("sjukskrivna", "Vad drog ut på tiden?", said)])
    goes_on, begins_anew = rows[1:] @ language_model.heads["joined"]
    assert goes_on > 0 > begins_anew


def test_it_reads_an_answer_alike_whatever_it_reads_beside_it(language_model: LanguageModel) -> None:
    read = [Answer("chefer", "Hur?", (f"Det tog {number} veckor.",) * number) for number in range(1, 20)]
    together = language_model.rows(read)
    assert [len(rows) for rows in together] == [len(one.sentences) for one in read]
    for one, rows in zip(read[::6], together[::6], strict=True):
        np.testing.assert_allclose(language_model.rows([one])[0], rows, atol=1e-3)
