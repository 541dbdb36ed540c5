"""The list of interviews: one row each with what is done and left, quick also for hundreds."""

from __future__ import annotations

from typing import Any

from intervjukit.web.calls import Call, page, reads
from intervjukit.web.rendering import day


def show(call: Call) -> dict[str, Any]:
    """Return what the page shows before its script asks for the list."""
    return {"title": "Intervjuer"}


def rows(call: Call) -> Any:
    """Return the groups, and one row per interview."""
    names = {group: guide.group_name for group, guide in call.study.protocols.items()}
    return {
        "groups": [{"id": group, "name": name} for group, name in names.items()],
        "interviews": [
            {
                "id": row.id,
                "respondent": row.respondent,
                "wave": row.wave,
                "group": row.group,
                "group_name": names[row.group],
                "date": row.date,
                "day": day(row.date),
                "words": row.words,
                "codings": row.codings,
                "suggestions": row.suggestions,
                "decided": row.decided,
                "doubts": row.doubts,
            }
            for row in call.study.material.interviews()
        ],
    }


routes = [page("/intervjuer", "interviews.html", show), reads("/api/intervjuer", rows)]
