"""What is suggested lies in the respondent's words, is explained in Swedish, is learned, and is the same every time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intervjukit.core.codebook import Code, Codebook, Facet, FacetValue
from intervjukit.core.coding import Coding, Suggestion
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import Span, check_span
from intervjukit.core.transcript import Role, Transcript
from intervjukit.formats.banks import read_bank
from intervjukit.nlp.learning import examples
from intervjukit.nlp.model import CODE, CodingModel, Reading, told
from intervjukit.nlp.segments import Segmenter
from intervjukit.nlp.sentences import sentences
from intervjukit.nlp.showing import MOST_SENTENCES
from intervjukit.nlp.suggester import MOST_CODES, Decisions, Suggester

Interview = Callable[[Sequence[tuple[Role, str, str | None]]], Transcript]
WAIT = "Jag fick stå i kö i tre månader."
TALK = "Jo, så var det nog."
"""Words in the small model's bank: one to code, one not."""
NEW = "Cykeln gick sönder på vägen till jobbet."


def coding(transcript: Transcript, quote: str, code: str, **facets: str) -> Coding:
    start = transcript.text.index(quote)
    return Coding(
        1, transcript.id, transcript.respondent, transcript.group, start, start + len(quote), quote, code, facets, "MK"
    )


def test_what_the_bank_teaches_is_suggested_and_the_rest_left_alone(suggester: Suggester, interview: Interview) -> None:
    (found,) = suggester.suggest([interview([("respondent", f"{TALK} {WAIT}", "drar_ut")])])
    assert (found.quote, found.code) == (WAIT, "vantetider")
    assert found.facets == {"valence": "flaskhals", "party": "vard", "phase": "behandling"}
    assert 0 < found.score <= found.confidence["code"] <= 1
    assert set(found.confidence) == {"code", "valence", "party", "phase"}


def test_the_reason_names_the_words_the_code_and_the_cues_as_they_were_said(
    suggester: Suggester, interview: Interview
) -> None:
    (found,) = suggester.suggest([interview([("respondent", "Dom sa att Kön till läkaren var lång.", "drar_ut")])])
    assert "”Kön”" in found.reason.partition("talar för Väntetider")[0]
    assert "parten Vården" in found.reason
    assert found.reason.endswith(".")


def test_the_interviewers_words_and_notes_are_never_suggested(suggester: Suggester, interview: Interview) -> None:
    said: list[tuple[Role, str, str | None]] = [("interviewer", WAIT, "drar_ut"), ("note", WAIT, None)]
    assert suggester.suggest([interview([*said, ("respondent", TALK, "drar_ut")])]) == []


@pytest.mark.parametrize(("repeated", "spans"), [(1, 1), (2, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
def test_sentences_in_a_row_that_say_the_same_are_joined_three_at_most(
    suggester: Suggester, interview: Interview, repeated: int, spans: int
) -> None:
    found = suggester.suggest([interview([("respondent", " ".join([WAIT] * repeated), None)])])
    assert [s.quote.count("kö") for s in found] == [min(MOST_SENTENCES, repeated - 3 * i) for i in range(spans)]


def test_suggestions_are_not_joined_across_turns_or_interviews(suggester: Suggester, interview: Interview) -> None:
    twice = interview([("respondent", WAIT, None), ("respondent", WAIT, None)])
    assert [s.quote for s in suggester.suggest([twice, replace(twice, id=8)])] == [WAIT] * 4


def test_what_is_coded_is_not_proposed_again(suggester: Suggester, interview: Interview) -> None:
    said = interview([("respondent", f"{TALK} {WAIT}", None)])
    assert suggester.suggest([said], Decisions([coding(said, WAIT, "ansvar")])) == []


def test_a_coding_teaches_what_is_like_it(suggester: Suggester, interview: Interview) -> None:
    first, second = interview([("respondent", NEW, None)]), interview([("respondent", NEW, None)])
    second = replace(second, id=8)
    before = {(s.transcript, s.code) for s in suggester.suggest([first, second])}
    more = [replace(first, id=n) for n in range(20, 24)]
    taught = [coding(transcript, NEW, "ekonomi", valence="onskan") for transcript in (first, *more)]
    (after,) = suggester.suggest([first, second, *more], Decisions(taught))
    assert (8, "ekonomi") not in before
    assert (after.transcript, after.code, after.facets["valence"]) == (8, "ekonomi", "onskan")
    assert "liknar det kodade ”Cykeln" in after.reason


def test_turning_down_teaches_too_and_what_is_not_seen_teaches_nothing(
    suggester: Suggester, interview: Interview
) -> None:
    first, second = (replace(interview([("respondent", WAIT, None)]), id=n) for n in (7, 8))
    both = suggester.suggest([first, second])
    assert [s.transcript for s in both] == [7, 8]
    left = suggester.suggest([first, second], Decisions((), both[:1]), mode="complete")
    assert [s.transcript for s in left] == [8]
    assert left[0].score < both[1].score
    assert [replace(s, id=0) for s in suggester.suggest([first, second], Decisions())] == both


def test_the_order_of_decisions_does_not_matter(suggester: Suggester, interview: Interview) -> None:
    texts = [WAIT, "Chefen ringde aldrig.", NEW, "Kollegorna ställde upp.", "Läkaren hade en kö."]
    said = interview([("respondent", text, None) for text in texts])
    other = replace(said, id=9)
    decided = [coding(said, text, code) for text, code in zip(texts, ("ansvar", "ekonomi", "avslag"), strict=False)]
    one = suggester.suggest([said, other], Decisions(decided))
    assert one == suggester.suggest([said, other], Decisions(decided[::-1]))


def test_an_unrelated_code_changes_nothing_else(
    book: Codebook, guides: list[Protocol], suggester: Suggester, model: CodingModel, interview: Interview
) -> None:
    said = interview([("respondent", f"{WAIT} Chefen ringde aldrig. {TALK}", None)])
    wider = replace(book, codes=(*book.codes, Code("rymd", "Rymden", "Om rymden", indicators=("raket",))))
    assert Suggester(wider, Segmenter(wider, guides), model).suggest([said]) == suggester.suggest([said])


def test_a_new_code_is_learned_from_codings_alone(
    book: Codebook, guides: list[Protocol], model: CodingModel, interview: Interview
) -> None:
    wider = replace(book, codes=(*book.codes, Code("cykel", "Cykling", "Om att cykla")))
    texts = [
        *(NEW, "Cykeln räddade mig.", "Utan cykeln hade jag inte kommit till jobbet.", "Jag tog cykeln varje dag."),
        *("Med cykeln gick det fort.", "Cykeln stod i källaren."),
    ]
    said = interview([("respondent", text, None) for text in texts])
    decided = Decisions([coding(said, text, "cykel", valence="framgang") for text in texts])
    fresh = replace(interview([("respondent", "Det var cykeln som tog mig till jobbet.", None)]), id=8)
    found = Suggester(wider, Segmenter(wider, guides), model).suggest([said, fresh], decided, mode="complete")
    assert [(s.transcript, s.code) for s in found] == [(8, "cykel")]


def test_the_complete_mode_shows_all_that_the_economical_one_does_and_more(
    suggester: Suggester, interview: Interview
) -> None:
    said = interview([("respondent", text, None) for text in (WAIT, NEW, TALK, "Chefen ringde.", "Det var nog så.")])
    few, many = ({s.start for s in suggester.suggest([said], mode=mode)} for mode in ("economical", "complete"))
    assert few < many


def test_a_code_book_with_other_facets_gets_those_and_only_values_it_has(
    guides: list[Protocol], book: Codebook, interview: Interview
) -> None:
    place = Facet("party", "Part", values=(FacetValue("vard", "Vården"),))
    small = Codebook("b", "B", facets=(place,), codes=(Code("vantetider", "Köer", "Om köer"),))
    segmenter = Segmenter(small, guides)
    bank = read_bank("prov", f"chefer | - | | {{vantetider/flaskhals/vard/- {WAIT}}} {TALK} Jaha." + "\n" * 2, book)
    model = CodingModel.fit(examples(small, segmenter, bank * 4))
    found = Suggester(small, segmenter, model).suggest([interview([("respondent", WAIT, None)])], mode="complete")
    assert [dict(s.facets) for s in found] == [{"party": "vard"}]


def test_the_progress_is_told_per_transcript(suggester: Suggester, interview: Interview) -> None:
    told: list[tuple[int, int]] = []
    suggester.suggest([interview([("respondent", WAIT, None)])] * 3, progress=lambda *done: told.append(done))
    assert told == [(1, 3), (2, 3), (3, 3)]


PARTS = (
    "Jag fick stå i kö i tre månader", "Chefen ringde aldrig", "Stöd av chefen fick jag inte", "Tyvärr", "😀",
    "hyrläkarna byttes", "avslag", "t.ex. läkarintyget", "Kollegorna ställde upp", "\n", "ja\u0301",
    "arbetsbelastningen borde minska", "rehabplanen", "men", "så", "”Va?” sa kuratorn", "Försäkringskassans",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from([part + end for part in PARTS for end in ("", ".", "?", " …", "!")]), min_size=1).map(
    " ".join
)
INTERVIEWS = st.lists(
    st.tuples(
        st.sampled_from(["interviewer", "respondent", "respondent", "note"]),
        TEXTS,
        st.sampled_from([None, "hjalpt", "drar_ut", "vard_nar", "chefens_stod"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(INTERVIEWS)
def test_every_suggestion_on_any_interview_holds_what_it_promises(
    suggester: Suggester, interview: Interview, book: Codebook, said: Sequence[tuple[Role, str, str | None]]
) -> None:
    transcript = interview(said)
    found: list[Suggestion] = suggester.suggest([transcript], mode="complete")
    assert found == suggester.suggest([transcript], mode="complete")
    for suggestion in found:
        check_span(transcript.text, Span(suggestion.start, suggestion.end), suggestion.quote)
        turn = transcript.turn_at(suggestion.start)
        assert turn is not None
        assert turn.role == "respondent"
        assert suggestion.end <= turn.end
        assert 1 <= len(list(sentences(suggestion.quote))) <= MOST_SENTENCES
        assert 0 < suggestion.score <= 1
        assert book.check_facets(suggestion.facets) == dict(suggestion.facets)
        assert book.code(suggestion.code).name in suggestion.reason
    assert [s.start for s in found] == sorted(s.start for s in found)
    for place in {(s.start, s.end) for s in found}:
        assert len([s for s in found if (s.start, s.end) == place]) <= MOST_CODES


def test_the_first_words_of_a_whole_interview_are_less_likely_to_be_coded(
    suggester: Suggester, interview: Interview
) -> None:
    said: list[tuple[Role, str, str | None]] = [("respondent", TALK, None)] * 202
    said[0] = said[-1] = ("respondent", WAIT, None)
    whole, short = interview(said), interview([said[0], *said[190:]])
    early = [[place.found.segment.early for place in suggester.places([one])] for one in (whole, short)]
    assert early[0][0] == 1.0
    assert early[0] == sorted(early[0], reverse=True)
    assert set(early[0][50:]) == set(early[1]) == {0.0}
    first, last = suggester.suggest([whole], mode="complete")
    assert (first.quote, last.quote) == (WAIT, WAIT)
    assert first.score < last.score


def test_a_place_with_the_scores_it_has_is_as_likely_as_it_is(suggester: Suggester, interview: Interview) -> None:
    said = interview([("respondent", f"{TALK} {WAIT} {NEW}", None)])
    reading = Reading([place.found.segment for place in suggester.places([said])], suggester.model)
    _, codes = reading.facet(CODE)
    for place, likely in enumerate(reading.likely()):
        its = slice(place, place + 1)
        at, codable, among = np.array([place]), reading.codable[its], told(codes[its])
        same = reading.likely_with(at, codable, among, reading.lengths[its])
        shorter = reading.likely_with(at, codable, among, reading.lengths[its] - 1)
        assert shorter[0] < same[0] == pytest.approx(likely)


def test_the_words_that_tell_most_are_named_before_the_code_and_the_others_after_it(
    suggester: Suggester, interview: Interview
) -> None:
    long = (
        "Och sen var det så att jag fick stå i kö i tre månader till läkaren, och det dröjde, och chefen ringde aldrig."
    )
    (found,) = suggester.suggest([interview([("respondent", long, "drar_ut")])], mode="complete", least=1e-6)[:1]
    first, _, rest = found.reason.partition("; ")[0].partition(" talar för ")
    after = rest.partition(", och med mindre tyngd ")[2]
    named, others = (re.findall("”([^”]+)”", part) for part in (first, after))
    assert len(named) == 6 and others and not set(named) & set(others)
    assert "kö" in named and not {"och", "att", "det", "i"} & {word.lower() for word in named}


def test_no_word_is_named_both_for_and_against(suggester: Suggester, interview: Interview) -> None:
    texts = [
        WAIT,
        NEW,
        f"{WAIT} {NEW}",
        "Chefen ringde inte, men läkaren ringde.",
        "Kön var lång och chefen ringde aldrig.",
    ]
    said = interview([("respondent", text, None) for text in texts])
    against = 0
    for found in suggester.suggest([said], mode="complete"):
        parted, _, rest = found.reason.partition("; ")
        if "emot talar ”" in rest:
            against += 1
            assert f"”{rest.split('emot talar ”')[1].split('”')[0]}”" not in parted
    assert against
