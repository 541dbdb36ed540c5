"""The agreement page: two coders side by side, the places they do not agree on in their context, each settled by a key.

What is settled is changed in ordinary steps that can be undone, and noted in a remark on a coding that stays: what each
had said, what was decided and by whom. A place with such a remark is not shown as open again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from intervjukit.core.coding import Coding
from intervjukit.errors import NotFoundError, RuleError
from intervjukit.web.calls import Call, ChangedError, decides, page, reads

if TYPE_CHECKING:
    from intervjukit.core.agreement import Passage

CHOICES = ("one", "other", "both", "none", "code")
"""Whose coding stands: the one's, the other's, both, none, or both with a new code."""
_SETTLED = "Avgjort: "


def show(call: Call) -> dict[str, Any]:
    """Return what the page shows before its script asks for the comparison."""
    return {"title": "Samstämmighet"}


# --- side by side -----------------------------------------------------------------------------------


def coders(call: Call) -> Any:
    """Return who has coded, with how many codings each, most first."""
    return [{"name": name, "codings": number} for name, number in call.study.agreement.coders().items()]


def compared(call: Call) -> Any:
    """Return what the comparison of ?en=… and ?annan=… says, and what the two do not agree on in reading order."""
    made = call.study.agreement.between(call.query.get("en", ""), call.query.get("annan", ""))
    comparison = made.comparison
    codings = {coding.id: coding for coding in call.study.material.codings()}
    settled = _settled(call, {coding.transcript for coding in codings.values()})
    rows = [
        (found, [[codings[number] for number in side.codings] if side else [] for side in (found.one, found.other)])
        for found in comparison.disagreements
    ]
    left = [(found, sides) for found, sides in rows if not {coding.id for side in sides for coding in side} & settled]
    return {
        "one": comparison.one,
        "other": comparison.other,
        "told": made.told,
        "places": [comparison.whole.one, comparison.whole.other, comparison.whole.both],
        "names": {row.id: _name(row.respondent, row.wave) for row in call.study.material.interviews()},
        "settled": len(rows) - len(left),
        "disagreements": [
            {"transcript": _any(found.one, found.other).transcript, "about": list(found.about)}
            | {key: [_told(coding) for coding in side] for key, side in zip(("one", "other"), sides, strict=True)}
            for found, sides in left
        ],
    }


def _any(one: Passage | None, other: Passage | None) -> Passage:
    found = one or other
    assert found is not None
    return found


def _name(respondent: str, wave: int) -> str:
    return respondent if wave == 1 else f"{respondent}, omgång {wave}"


def _told(coding: Coding) -> dict[str, Any]:
    shown = {key: getattr(coding, key) for key in ("id", "start", "end", "code", "coder")}
    return {**shown, "facets": dict(coding.facets)}


def _settled(call: Call, transcripts: set[int]) -> set[int]:
    """Return the codings with a remark that says what was settled."""
    return {
        int(memo.target_id)
        for transcript in transcripts
        for memo in call.study.material.memos(transcript)
        if memo.target == "coding" and memo.text.startswith(_SETTLED)
    }


# --- settling ---------------------------------------------------------------------------------------


def settle(call: Call) -> Any:
    """Settle one place by a choice; answers with the events to undo. Raises ChangedError when it has changed."""
    choice = call.text("choice")
    if choice not in CHOICES:
        raise RuleError("Så kan stället inte avgöras.", fix="Välj vems kodning som gäller.")
    ones, others = _present(call)
    before = call.study.history.revision()
    told = _words(call, choice, ones, others)
    kept = _carry_out(call, choice, ones, others)
    if kept:
        call.study.memos.add(told, target="coding", target_id=kept[0].id)
    events = [event.id for event in call.study.history.events(since=before) if event.undoable]
    return {"events": events}


def _present(call: Call) -> tuple[list[Coding], list[Coding]]:
    """Return both sides' codings as they are. Raises ChangedError when they are not as the page shows them."""
    expected = call.data.get("expected")
    if not isinstance(expected, dict):
        raise RuleError("Det framgår inte vad som ska avgöras.", fix="Läs in sidan på nytt.")
    sides: list[list[Coding]] = []
    for key in ("one", "other"):
        shown = expected.get(key) or []
        ids = [row.get("id") for row in shown if isinstance(row, dict)] if isinstance(shown, list) else []
        if any(type(number) is not int or not 0 < number < 2**63 for number in ids):
            raise RuleError("Det framgår inte vad som ska avgöras.", fix="Läs in sidan på nytt.")
        sides.append([_coding(call, int(number or 0)) for number in ids])
    if not any(sides):
        raise RuleError("Det framgår inte vad som ska avgöras.", fix="Läs in sidan på nytt.")
    now = {key: [_told(coding) for coding in side] for key, side in zip(("one", "other"), sides, strict=True)}
    call.expect(now, "de här kodningarna")
    return sides[0], sides[1]


def _coding(call: Call, number: int) -> Coding:
    try:
        return call.study.material.coding(number)
    except NotFoundError as error:
        raise ChangedError("Någon har tagit bort en av kodningarna. Ditt val är inte sparat.", None) from error


def _carry_out(call: Call, choice: str, ones: list[Coding], others: list[Coding]) -> list[Coding]:
    """Make the changes a choice means and return the codings that stay, those that hold first."""
    study = call.study
    if choice == "both":
        return [*ones, *others]
    if choice == "none":
        for coding in [*ones, *others]:
            study.uncode(coding.id)
        return []
    if choice == "code":
        code = study.codebook.code(call.text("code")).id
        for side in (ones, others):
            for place, coding in enumerate(side):
                if place:
                    study.uncode(coding.id)
                elif coding.code != code:
                    study.change(coding.id, code=code)
        return [*ones[:1], *others[:1]]
    holds, yields = (ones, others) if choice == "one" else (others, ones)
    for place, coding in enumerate(yields):
        if place < len(holds):
            _make_as(call, coding, holds[place])
        else:
            study.uncode(coding.id)
    return [*holds]


def _make_as(call: Call, coding: Coding, model: Coding) -> None:
    """Give a coding the place, code and facets of another; who made it stays."""
    facets = {facet.id: model.facets.get(facet.id, "") for facet in call.study.codebook.facets}
    call.study.change(coding.id, code=model.code, span=(model.start, model.end), **facets)


def _words(call: Call, choice: str, ones: Sequence[Coding], others: Sequence[Coding]) -> str:
    """Return what was said by whom and what was decided, for the remark that keeps it."""
    names = (call.text("en"), call.text("annan"))
    decided = {
        "one": f"{names[0]} gäller",
        "other": f"{names[1]} gäller",
        "both": "båda gäller",
        "none": "ingen gäller",
        "code": "ny kod",
    }[choice]
    sides = "; ".join(f"{name}: {_said(call, side)}" for name, side in zip(names, (ones, others), strict=True))
    return f"{_SETTLED}{decided}. {sides}."


def _said(call: Call, side: Sequence[Coding]) -> str:
    book = call.study.codebook
    told: dict[str, list[str]] = defaultdict(list)
    for coding in side:
        name = book.code(coding.code).name if coding.code in book else coding.code
        told[name] += [book.value_name(*facet) for facet in coding.facets.items()]
    return ", ".join(f"{name} ({', '.join(values)})" if values else name for name, values in told.items()) or "inget"


routes = [
    page("/samstammighet", "agreement.html", show),
    reads("/api/samstammighet/kodare", coders),
    reads("/api/samstammighet", compared),
    decides("/api/samstammighet/avgor", settle),
]
