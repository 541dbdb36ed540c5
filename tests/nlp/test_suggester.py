"""What is suggested lies in the respondent's words, is explained in Swedish, and is the same every time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intervjukit.core.codebook import Code, Codebook, Facet, FacetValue
from intervjukit.core.coding import Suggestion
from intervjukit.core.protocol import Protocol
from intervjukit.core.text import Span, check_span
from intervjukit.core.transcript import Role, Transcript
from intervjukit.nlp.sentences import sentences
from intervjukit.nlp.suggester import MOST_CODES, MOST_SENTENCES, IndicatorSuggester

Interview = Callable[[Sequence[tuple[Role, str, str | None]]], Transcript]
WAIT = "Jag fick stå i kö i tre månader."


@pytest.fixture
def answered(suggester: IndicatorSuggester, interview: Interview) -> Callable[..., list[Suggestion]]:
    """Return a suggester on the answers given, all to one question."""

    def suggest(*answers: str, question: str | None = None) -> list[Suggestion]:
        return suggester.suggest([interview([("respondent", answer, question) for answer in answers])])

    return suggest


Answered = Callable[..., list[Suggestion]]


@pytest.mark.parametrize(
    ("said", "code", "names"),
    [
        ("Jag fick stå i kö i tre månader.", "vantetider", "”stå i kö”"),
        ("Jag stod i kö i tre månader.", "vantetider", "”stod i kö” (stå i kö)"),
        ("Telefonväntetiderna och väntelistorna bara växte.", "vantetider", "”väntelistorna” (väntelista)"),
        ("Hyrläkarna byttes hela tiden.", "kontinuitet", "hyrläkare"),
        ("Hon var spindeln i nätet.", "rehabkoordinator", "”spindeln i nätet”"),
    ],
)
def test_a_theme_is_found_by_its_indicators_and_the_reason_names_them(
    answered: Answered, said: str, code: str, names: str
) -> None:
    reasons = {suggestion.code: suggestion.reason for suggestion in answered(said)}
    assert names in reasons[code]


def test_the_reason_says_in_swedish_which_theme_and_why_this_valence_and_party(answered: Answered) -> None:
    (suggestion,) = answered("Jag fick stå i kö hos läkaren, tyvärr.")
    assert suggestion.reason == (
        "”stå i kö” pekar på Väntetider; ”tyvärr” tyder på flaskhals; ”läkare” pekar på parten Vården."
    )
    assert suggestion.facets == {"valence": "flaskhals", "party": "vard"}


def test_the_interviewers_words_and_notes_are_never_suggested(
    suggester: IndicatorSuggester, interview: Interview
) -> None:
    said: list[tuple[Role, str, str | None]] = [
        ("interviewer", WAIT, "vard_nar"),
        ("note", WAIT, None),
        ("respondent", "Jo.", "vard_nar"),
    ]
    assert suggester.suggest([interview(said)]) == []


def test_what_says_nothing_about_a_theme_is_left_alone(answered: Answered) -> None:
    assert answered("Jo, så var det nog.", "Hm.", "Kaffet var gott.") == []


def test_the_question_that_was_asked_tells_party_and_valence(answered: Answered, guides: list[Protocol]) -> None:
    guide = next(guide for guide in guides if guide.group == "sjukskrivna")
    (helped,) = answered(WAIT, question="hjalpt")
    (hindered,) = answered(WAIT, question="drar_ut")
    assert (helped.facets["valence"], hindered.facets["valence"]) == ("framgang", "flaskhals")
    asked = next(question for question in guide.questions() if question.about == "arbetsgivare")
    (about,) = answered(WAIT, question=asked.id)
    assert about.facets["party"] == "arbetsgivare"


@pytest.mark.parametrize(("repeated", "spans"), [(1, 1), (2, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
def test_sentences_in_a_row_that_say_the_same_are_joined_three_at_most(
    answered: Answered, repeated: int, spans: int
) -> None:
    found = answered(" ".join([WAIT] * repeated))
    assert len(found) == spans
    assert [suggestion.quote.count("kö") for suggestion in found] == [
        min(MOST_SENTENCES, repeated - MOST_SENTENCES * i) for i in range(spans)
    ]


def test_a_sentence_about_something_else_keeps_two_suggestions_apart(answered: Answered) -> None:
    assert len(answered(f"{WAIT} Kaffet var gott. {WAIT}")) == 2


def test_suggestions_are_not_joined_across_turns(answered: Answered) -> None:
    assert [suggestion.quote for suggestion in answered(WAIT, WAIT)] == [WAIT, WAIT]


def test_sentences_of_different_valence_are_not_joined(answered: Answered) -> None:
    found = answered("Jag fick stå i kö, tyvärr. Tack vare Eva slapp jag stå i kö.")
    assert [suggestion.facets["valence"] for suggestion in found] == ["flaskhals", "framgang"]


def test_transcripts_that_are_not_saved_yet_are_kept_apart(suggester: IndicatorSuggester, interview: Interview) -> None:
    same = interview([("respondent", WAIT, None)])
    assert [suggestion.quote for suggestion in suggester.suggest([same, same])] == [WAIT, WAIT]


def test_a_code_book_with_other_facets_gets_those_and_only_values_it_has(
    guides: list[Protocol], interview: Interview
) -> None:
    place = Facet("plats", "Plats", values=(FacetValue("hemma", "Hemma", indicators=("hemma",)),))
    book = Codebook("b", "B", facets=(place,), codes=(Code("ko", "Köer", "Om köer", indicators=("stå i kö",)),))
    (found,) = IndicatorSuggester(book, guides).suggest([interview([("respondent", "Hemma fick jag stå i kö.", None)])])
    assert book.check_facets(found.facets) == found.facets == {"plats": "hemma"}


def test_a_party_the_code_book_does_not_have_is_left_out(guides: list[Protocol], interview: Interview) -> None:
    church = Facet("party", "Part", values=(FacetValue("kyrkan", "Kyrkan"),))
    book = Codebook("b", "B", facets=(church,), codes=(Code("ko", "Köer", "Om köer", indicators=("stå i kö",)),))
    (found,) = IndicatorSuggester(book, guides).suggest([interview([("respondent", WAIT, None)])])
    assert found.facets == {}


def test_the_progress_is_told_per_transcript(suggester: IndicatorSuggester, interview: Interview) -> None:
    told: list[tuple[int, int]] = []
    suggester.suggest([interview([("respondent", WAIT, None)])] * 3, lambda *done: told.append(done))
    assert told == [(1, 3), (2, 3), (3, 3)]


PARTS = (
    "Jag fick stå i kö i tre månader", "Chefen ringde aldrig", "Stöd av chefen fick jag inte", "Tyvärr", "😀",
    "hyrläkarna byttes", "avslag", "t.ex. läkarintyget", "Hon var spindeln i nätet, toppen", "\n", "ja\u0301",
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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(INTERVIEWS)
def test_every_suggestion_on_any_interview_holds_what_it_promises(
    suggester: IndicatorSuggester, interview: Interview, book: Codebook, said: list[tuple[Role, str, str | None]]
) -> None:
    transcript = interview(said)
    found = suggester.suggest([transcript])
    assert found == suggester.suggest([transcript])
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
        named = [word for word in book.code(suggestion.code).indicators if word.lower() in suggestion.reason.lower()]
        assert named
    assert [s.start for s in found] == sorted(s.start for s in found)
    for place in {(s.start, s.end) for s in found}:
        assert len([s for s in found if (s.start, s.end) == place]) <= MOST_CODES


def test_what_is_said_often_or_in_other_interviews_changes_nothing(
    answered: Answered, suggester: IndicatorSuggester, interview: Interview
) -> None:
    (alone,) = answered(WAIT)
    assert {suggestion.score for suggestion in answered(*[WAIT] * 300)} == {alone.score}
    both = [interview([("respondent", text, None)]) for text in (WAIT, "Kaffet var gott.")]
    assert suggester.suggest(both) == [alone]


def test_a_phrase_scores_above_a_word_and_a_word_above_the_end_of_a_compound(answered: Answered) -> None:
    scores = [answered(f"Det var {said}.")[0].score for said in ("lång kö", "väntelistan", "operationsväntelistan")]
    assert scores == sorted(set(scores), reverse=True)
