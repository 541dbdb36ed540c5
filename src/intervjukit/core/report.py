"""What a report may consist of."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from intervjukit.errors import NotFoundError, RuleError

PARTS: Mapping[str, str] = {
    "sammanfattning": "Sammanfattning",
    "metod": "Så gjordes studien",
    "grupper": "Vad grupperna berättar",
    "perspektiv": "Parternas bilder mot varandra",
    "rangordning": "Det som återkommer",
    "swot": "SWOT",
    "atgarder": "Åtgärder",
    "guider": "Bilaga: Intervjuguider",
    "kodbok": "Bilaga: Kodbok",
    "fynd": "Bilaga: Alla fynd med citat",
    "mangdord": "Bilaga: Så räknas mängdorden",
}
"""The parts of a report by id, in the order they stand."""

APPENDICES = ("guider", "kodbok", "fynd", "mangdord")


def chosen_parts(wanted: Collection[str] | None) -> tuple[str, ...]:
    """Return the wanted parts in the report's order, all for None. Raises NotFoundError, RuleError for none."""
    if wanted is None:
        return tuple(PARTS)
    if unknown := sorted(set(wanted) - set(PARTS)):
        raise NotFoundError(f"Rapporten har ingen del ”{unknown[0]}”.", fix=f"Välj bland: {', '.join(PARTS)}.")
    if not wanted:
        raise RuleError("Ingen del av rapporten är vald.", fix="Välj minst en del.")
    return tuple(part for part in PARTS if part in wanted)
