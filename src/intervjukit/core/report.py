"""What a report may consist of; core.profile says what a certain one does."""

from __future__ import annotations

from collections.abc import Mapping

PARTS: Mapping[str, str] = {
    "sammanfattning": "Sammanfattning",
    "metod": "Så gjordes studien",
    "grupper": "Vad grupperna berättar",
    "perspektiv": "Parternas bilder mot varandra",
    "rangordning": "Det som återkommer",
    "swot": "SWOT",
    "atgarder": "Åtgärder",
    "roda_traden": "Den röda tråden",
    "guider": "Bilaga: Intervjuguider",
    "kodbok": "Bilaga: Kodbok",
    "fynd": "Bilaga: Alla fynd med citat",
    "mangdord": "Bilaga: Så räknas mängdorden",
    "metodbilaga": "Bilaga: Metod i detalj",
    "coreq": "Bilaga: Checklista (COREQ)",
}
"""The parts of a report by id, in the order they stand."""

APPENDICES = ("guider", "kodbok", "fynd", "mangdord", "metodbilaga", "coreq", "citat")

EXTRACTS: Mapping[str, str] = {
    "korthet": "Det viktigaste i korthet",
    "ram": "Beskrivning, analys och reflektion",
    "citat": "Bilaga: Citat per tema",
}
"""Parts that say the same in another way: not in the full report, for a profile to choose."""

KNOWN: Mapping[str, str] = {**PARTS, **EXTRACTS}
"""Every part that can be written, by id."""

LIMITED: Mapping[str, str] = {
    "korthet": "rader av varje slag",
    "ram": "rader av varje slag",
    "citat": "citat per tema och slag",
    "swot": "rader i varje ruta",
    "atgarder": "åtgärder per part",
}
"""Parts that can be held short, and what a profile's "högst" counts in them."""
