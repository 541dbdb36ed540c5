"""What every page uses: who codes, what has changed, undo and redo, and the state of long work."""

from __future__ import annotations

from typing import Any

from intervjukit.errors import RuleError
from intervjukit.web.calls import Call, decides, page, reads, state

_LONGEST_NAME = 40


def ask_coder(call: Call) -> dict[str, Any]:
    """Return what the page that asks who codes shows."""
    return {"title": "Vem kodar?", "coders": call.desk.coders()}


def set_coder(call: Call) -> Any:
    """Say who codes in this browser."""
    name = " ".join(call.text("coder").split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise RuleError(
            "Skriv vem som kodar." if not name else "Så kan den som kodar inte heta.",
            fix=f"Använd initialer eller namn, högst {_LONGEST_NAME} tecken, till exempel MK.",
        )
    call.session.coder = name
    return {"coder": name}


def since(call: Call) -> Any:
    """Return what has happened after ?revision=…, and what undo and redo would take now."""
    number = call.query.get("revision", "")
    if not number.isdecimal() or len(number) > 18:
        raise RuleError("”revision” ska vara ett heltal.", fix="Läs in sidan på nytt.")
    found = call.desk.events(since=int(number))
    events = [{key: getattr(event, key) for key in ("id", "at", "who", "action", "summary", "kind")} for event in found]
    return {"events": events, **state(call.desk, call.coder)}


def undo(call: Call) -> Any:
    """Take back the coder's latest decision; {} when there is none."""
    event = call.study.history.undo()
    return {"summary": event.summary} if event else {}


def redo(call: Call) -> Any:
    """Make the coder's last undone decision again; {} when there is none."""
    event = call.study.history.redo()
    return {"summary": event.summary} if event else {}


def job(call: Call) -> Any:
    """Return the latest long work, or the one numbered ?id=…; None when there has been none."""
    number = call.query.get("id", "")
    return call.desk.job(int(number) if number.isdecimal() else None)


routes = [
    page("/kodare", "coder.html", ask_coder, coder=False),
    decides("/api/kodare", set_coder, alone=False),
    reads("/api/since", since),
    decides("/api/undo", undo),
    decides("/api/redo", redo),
    reads("/api/jobb", job),
]
