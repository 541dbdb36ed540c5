"""The data dictionary of an archived study: what each table and column holds, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Meaning(NamedTuple):
    """What something holds, in Swedish and in English."""

    swedish: str
    english: str


TABLES: Mapping[str, Meaning] = {
    "respondents": Meaning("En rad per person.", "One row per respondent."),
    "attributes": Meaning("En rad per person och bakgrundsuppgift.", "One row per respondent and background fact."),
    "transcripts": Meaning("En rad per intervju eller enkätsvar.", "One row per interview or survey answer."),
    "turns": Meaning("En rad per replik.", "One row per turn."),
    "codings": Meaning("En rad per kodning, med citat och sammanhang.", "One row per coding, with quote and context."),
    "codebook": Meaning("En rad per kod.", "One row per code."),
    "facets": Meaning("En rad per facett och värde.", "One row per facet and value."),
    "questions": Meaning("En rad per grupp och fråga i guiden.", "One row per group and question of the guide."),
    "coverage": Meaning("En rad per intervju och fråga i guiden.", "One row per interview and question of the guide."),
    "scales": Meaning("En rad per fråga på skala.", "One row per question answered on a scale."),
    "findings": Meaning("En rad per fynd och grupp.", "One row per finding and group."),
    "swot": Meaning("En rad per rad i SWOT.", "One row per SWOT line."),
    "measures": Meaning("En rad per åtgärd.", "One row per measure."),
    "memos": Meaning("En rad per anteckning.", "One row per memo."),
    "history": Meaning("En rad per händelse i studien.", "One row per event in the study."),
}
_COLUMNS: Mapping[str, tuple[str, str]] = {
    "about": ("Parten frågan gäller.", "The party the question asks about."),
    "action": ("Vad som gjordes.", "What was done."),
    "after": ("Orden efter citatet i samma replik.", "The words after the quote in the same turn."),
    "aim": ("Vad frågan är till för.", "What the question is for."),
    "at": ("När, i UTC enligt ISO 8601.", "When, in UTC by ISO 8601."),
    "author": ("Vem som skrev.", "Who wrote it."),
    "basis": ("Om fyndet är rapporterat eller tolkat.", "Whether the finding is reported or inferred."),
    "before": ("Orden före citatet i samma replik.", "The words before the quote in the same turn."),
    "begins": ("Sekunder in i inspelningen där repliken börjar.", "Seconds into the recording where the turn begins."),
    "cites": ("Det raden bygger på.", "What the line builds on."),
    "code": ("Kodens id i kodboken.", "The code's id in the code book."),
    "code_name": ("Kodens namn.", "The code's name."),
    "coder": ("Vem som kodade.", "Who coded."),
    "date": ("Datum enligt ISO 8601, tomt när det är okänt.", "Date by ISO 8601, empty when unknown."),
    "definition": ("Vad koden betyder.", "What the code means."),
    "due": ("När åtgärden ska vara klar.", "When the measure is due."),
    "end": ("Slutet, i Unicode-tecken; ingår inte.", "The end, in code points of the text; exclusive."),
    "ends": ("Sekunder in i inspelningen där repliken slutar.", "Seconds into the recording where the turn ends."),
    "facet": ("Facettens id.", "The facet's id."),
    "field": ("Fält i SWOT.", "Field of the SWOT."),
    "file": ("Textfilen i mappen texts.", "The text file in the folder texts."),
    "follow_up": ("Hur åtgärden följs upp.", "How the measure is followed up."),
    "follow_ups": ("Följdfrågor, med | emellan.", "Follow-up questions, with | between."),
    "group": ("Respondentgruppens id.", "The id of the respondent group."),
    "high": ("Skalans högsta värde.", "The highest value of the scale."),
    "id": ("Nummer eller id.", "Number or id."),
    "interviewer": ("Vem som intervjuade.", "Who interviewed."),
    "kind": ("Slag.", "Kind."),
    "label": ("Talarens beteckning i filen.", "The speaker's label in the file."),
    "low": ("Skalans lägsta värde.", "The lowest value of the scale."),
    "minutes": ("Intervjuns längd i minuter.", "The length of the interview in minutes."),
    "n": ("Antal personer som säger det.", "Number of respondents who say it."),
    "N": ("Antal intervjuade i gruppen.", "Number of respondents in the group."),
    "name": ("Namn.", "Name."),
    "parent": ("Koden ovanför i trädet.", "The code above in the tree."),
    "party": ("Part.", "Party."),
    "phase": ("Skede i processen.", "Phase of the process."),
    "quantifier": ("Mängdordet för n av N.", "The quantifying word for n of N."),
    "question": ("Frågans id i gruppens guide.", "The question's id in the group's guide."),
    "quote": ("De kodade orden.", "The coded words."),
    "respondent": ("Personens kod (pseudonym).", "The respondent's code (pseudonym)."),
    "respondents": ("Vilka som säger det, med | emellan.", "Who say it, with | between."),
    "role": ("interviewer (frågar), respondent (svarar) eller note (anteckning).", "interviewer, respondent or note."),
    "section": ("Avsnitt i guiden.", "Section of the guide."),
    "seq": ("Replikens nummer i intervjun.", "The number of the turn in the interview."),
    "source": ("Filen som lästes in.", "The file that was read."),
    "start": ("Början, i Unicode-tecken; första är 0.", "The start, in code points of the text; the first is 0."),
    "status": (
        "answered (besvarad), merged (i ett med en annan), asked (utan svar), skipped (inte funnen), inapplicable.",
        "answered, merged (with another question), asked (without an answer), skipped or inapplicable.",
    ),
    "summary": ("Händelsen i ord.", "The event in words."),
    "target": ("Vad anteckningen eller ångrandet gäller.", "What the memo or the undoing is about."),
    "target_id": ("Vilken anteckningen gäller.", "Which one the memo is about."),
    "text": ("Orden.", "The words."),
    "turn": ("Replikens nummer i intervjun.", "The number of the turn in the interview."),
    "valence": (
        "flaskhals, framgang (det som hjälpte) eller onskan.",
        "flaskhals (bottleneck), framgang (what helped) or onskan (wish).",
    ),
    "value": ("Värde.", "Value."),
    "wave": ("Omgång, från 1.", "Wave, from 1."),
    "weight": ("Antal personer bakom raden.", "Number of respondents behind the line."),
    "when": ("När koden används.", "When the code is used."),
    "when_not": ("När koden inte används.", "When the code is not used."),
    "who": ("Vem som gjorde det.", "Who did it."),
    "words": ("Antal ord.", "Number of words."),
}


def meaning(column: str, facets: Mapping[str, str]) -> Meaning:
    """Return what a column holds; a study's own ``facets`` (id to name) are told by their names."""
    if column in _COLUMNS:
        return Meaning(*_COLUMNS[column])
    return Meaning(f"Facetten {facets.get(column, column)}.", f"The facet {column}; its values are in facets.csv.")
