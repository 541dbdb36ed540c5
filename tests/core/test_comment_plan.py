"""Whatever a colleague does with comments, the study ends up as they say, and a second reading adds nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.core.codebook import Code, Codebook
from intervjukit.core.coding import Coding, Memo
from intervjukit.core.comment_plan import FilePlan, Known, plan_comments
from intervjukit.core.comments import Commented, Mark, Note, Wordings
from intervjukit.core.text import Span
from intervjukit.core.transcript import Transcript, Turn

SAID = [
    "Hur var det?",
    "Vi väntade länge på besked från kassan.",
    "Och sen?",
    "Då ringde chefen och frågade hur jag mådde.",
]
TEXT = "\n\n".join(SAID)
STARTS = [TEXT.index(said) for said in SAID]
TURNS = tuple(
    Turn(n, "respondent" if n % 2 == 0 else "interviewer", "", start, start + len(said))
    for n, (start, said) in enumerate(zip(STARTS, SAID, strict=True), 1)
)
TRANSCRIPT = Transcript("S01", "sjuk", TEXT, TURNS, id=7)
USED, FREE = ("Lugn", "Oro", "Stöd"), ("Makt", "Tid", "Rum")
BOOK = Codebook("x", "X", codes=tuple(Code(name.lower(), name, "") for name in USED + FREE))
WORDINGS = Wordings(BOOK)
CODERS = {name: name for name in ("MK", "BL")}
WORDS = [
    Span(place, place + len(word))
    for turn in TURNS
    if turn.role == "respondent"
    for word in TRANSCRIPT.turn_text(turn).split()
    for place in [TEXT.index(word, turn.start)]
]


def coding(number: int, span: Span, code: str, coder: str) -> Coding:
    return Coding(number, 7, "S01", "sjuk", *span, TEXT[slice(*span)], code.lower(), {}, coder)


def known(codings: list[Coding]) -> Known:
    names = {code.id: code.name for code in BOOK}
    marks = {f"k{c.id}": Mark(f"k{c.id}", Span(c.start, c.end), c.quote, names[c.code], c.coder, "") for c in codings}
    return Known(TRANSCRIPT, codings, [], marks)


def file(notes: list[Note], sent: dict[str, str], before: str = "") -> Commented:
    """What comes back, with words put in before the interview's first."""
    moved = [
        replace(note, span=Span(note.span.start + len(before), note.span.end + len(before)) if note.span else None)
        for note in notes
    ]
    return Commented("S01.docx", "", "S01", 1, before + TEXT, tuple(moved), sent)


def done(codings: list[Coding], plan: FilePlan) -> list[Coding]:
    """The codings once the plan is carried out."""
    found = {c.id: c for c in codings}
    for step in plan.steps:
        assert isinstance(step.about, Coding)
        if step.kind == "code":
            found[max(found, default=0) + 1] = replace(step.about, id=max(found, default=0) + 1)
        elif step.kind == "recode":
            found[step.about.id] = step.about
        else:
            del found[step.about.id]
    return list(found.values())


def content(codings: list[Coding]) -> set[tuple[str, int, int, str]]:
    return {(c.coder, c.start, c.end, c.code) for c in codings}


spans = (
    st.tuples(st.sampled_from(WORDS), st.integers(0, 12))
    .map(
        lambda pair: Span(
            pair[0].start, min(pair[0].end + pair[1], TURNS[1].end if pair[0].end <= TURNS[1].end else len(TEXT))
        )
    )
    .filter(lambda span: TEXT[span.end - 1] != " ")
)
made = st.lists(st.tuples(spans, st.sampled_from(USED), st.sampled_from(["MK", "BL"])), max_size=6, unique=True)
added = st.lists(st.tuples(spans, st.sampled_from(FREE)), max_size=3, unique=True)


@settings(max_examples=80, deadline=None)
@given(made, added, st.data(), st.sampled_from(["", "Nu börjar vi. "]))
def test_the_study_ends_up_as_the_comments_say(
    start: list[tuple[Span, str, str]], new: list[tuple[Span, str]], data: st.DataObject, before: str
) -> None:
    codings = [coding(n, *each) for n, each in enumerate(start, 1)]
    there = known(codings)
    sent = {key: mark.fingerprint for key, mark in there.marks.items()}
    notes, expected = [], set()
    for c in codings:
        mark = there.marks[f"k{c.id}"]
        deed = data.draw(st.sampled_from(["leave", "reword", "remove"]))
        if deed == "leave" or c.coder == "MK":
            expected |= content([c])
        if deed == "reword":
            code = data.draw(st.sampled_from(FREE))
            expected |= content([replace(c, code=code.lower(), coder="BL")])
            notes.append(Note(c.coder, "", f"kod: {code}", mark.span))
        elif deed == "leave":
            notes.append(Note(c.coder, "", mark.text, mark.span))
    for span, code in new:
        notes.append(Note("BL", "", code, span))
        expected |= content([coding(0, span, code, "BL")])
    back = file(data.draw(st.permutations(notes)), sent, before)
    plan = plan_comments(back, there, WORDINGS, CODERS.get, "BL", "BL")
    after = done(codings, plan)
    assert (plan.faults, plan.strangers, plan.edited) == ((), (), bool(before))
    assert content(after) == expected
    assert plan_comments(back, known(after), WORDINGS, CODERS.get, "BL", "BL").steps == ()


def test_a_comment_without_words_or_on_words_nobody_said_is_kept_as_a_memo() -> None:
    notes = [Note("BL", "", "kod: tid", None), Note("BL", "", "Fin replik", Span(-10, -1))]
    plan = plan_comments(file(notes, {}, "Påhittat. "), known([]), WORDINGS, CODERS.get, None, "BL")
    memos = [step.about for step in plan.steps]
    assert all(isinstance(memo, Memo) and memo.start is None for memo in memos)
    assert [memo.text for memo in memos if isinstance(memo, Memo)] == ["kod: tid", "Fin replik\n(Vid ”Påhittat.”)"]
    assert all(step.unsure for step in plan.steps)


def test_without_anybody_named_every_comment_is_its_authors() -> None:
    codings = [coding(1, WORDS[0], "Lugn", "MK")]
    there = known(codings)
    sent = {key: mark.fingerprint for key, mark in there.marks.items()}
    back = file([Note("MK", "", "Tid", WORDS[0])], sent)
    (step,) = plan_comments(back, there, WORDINGS, CODERS.get, None, "AB").steps
    assert (step.kind, step.about.id) == ("recode", 1)
