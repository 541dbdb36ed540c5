"""Which questions an interview covers: every question of the guide has one state, and it is the right one."""

from __future__ import annotations

from intervjukit.core.coverage import coverage
from intervjukit.core.protocol import Condition, Protocol, Question, Section
from intervjukit.core.transcript import SEPARATOR, Role, Transcript, Turn

QUESTIONS = (
    Question("alder", "number", "Hur gammal är du?"),
    Question("jobb", "text", "Vad arbetar du med?"),
    Question("stod", "text", "Vilket stöd fick du?"),
    Question("senare", "text", "Hur är det nu?", waves=(2,)),
    Question("varfor", "text", "Varför inte?", condition=Condition("stod", "nej")),
    Question("slut", "text", "Något mer?"),
)
GUIDE = Protocol("g", "G", "g", "G", "G", "vard", sections=(Section("allt", "Allt", QUESTIONS),))


def interview(*said: tuple[Role, str, str | None], wave: int = 1) -> Transcript:
    turns, place = [], 0
    for seq, (role, text, question) in enumerate(said, 1):
        turns.append(Turn(seq, role, "", place, place + len(text), question))
        place += len(text) + len(SEPARATOR)
    return Transcript("G01", "g", SEPARATOR.join(text for _, text, _ in said), tuple(turns), wave=wave)


TALK = interview(
    ("interviewer", "Hur gammal är du, och vad arbetar du med?", "alder"),
    ("respondent", "Fyrtio, och jag lagar hissar.", "alder"),
    ("interviewer", "Vilket stöd fick du?", "stod"),
    ("note", "(tystnad)", None),
)


def states(transcript: Transcript, **found: str) -> dict[str, str]:
    rows = coverage(transcript, GUIDE, lambda _group, _said, question, among: found.get(question, ""))
    return {row.question: row.status for row in rows}


def test_every_question_is_answered_asked_skipped_or_does_not_apply() -> None:
    assert states(TALK) == {
        "alder": "answered",
        "jobb": "skipped",
        "stod": "asked",
        "senare": "inapplicable",
        "varfor": "inapplicable",
        "slut": "skipped",
    }


def test_a_question_put_in_the_same_breath_is_merged_and_not_skipped() -> None:
    assert states(TALK, alder="jobb")["jobb"] == "merged"


def test_a_question_for_this_wave_that_is_not_asked_is_skipped() -> None:
    assert states(interview(wave=2))["senare"] == "skipped"


def test_only_what_is_not_found_by_itself_is_looked_for_in_the_same_breath() -> None:
    looked: list[set[str]] = []
    list(coverage(TALK, GUIDE, lambda _group, _said, _question, among: looked.append(among) or ""))
    assert looked == [{"jobb", "senare", "varfor", "slut"}] * 2


def test_the_words_of_all_answers_are_counted_and_told_with_place_and_wave() -> None:
    first = next(coverage(TALK, GUIDE))
    assert (first.respondent, first.group, first.section, first.words, first.wave) == ("G01", "g", "allt", 5, 1)
