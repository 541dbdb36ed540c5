"""Commands about surveys: taking answers in from Excel or CSV, and the table of answers on scales."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intervjukit.cli.options import (
    PATH,
    coder_option,
    csv_option,
    folder_argument,
    force_option,
    new_file,
    opened,
    write_whole,
)
from intervjukit.cli.tables import show
from intervjukit.cli.terminal import Column, called, counted, cut, say, shown, table
from intervjukit.errors import IntervjukitError

if TYPE_CHECKING:
    from intervjukit.core.survey import Plan
    from intervjukit.core.survey import Table as Answers

_EXAMPLE = 40


@click.command(
    help="Läs in enkätsvar från Excel (.xlsx) eller CSV, en rad per person.\n\n"
    "Programmet gissar vad varje kolumn är: personens kod, grupp, omgång, datum, bakgrund, skala eller öppen fråga. "
    "Se gissningen först med --dry-run; stämmer den inte skrivs den till en karta med --save-map, rättas där och "
    "används med --map. Öppna svar blir texter att koda, skalor och korta svar blir bakgrund. "
    "Är något fel i filen läses ingenting in, och varje fel visas med rad och kolumn."
)
@folder_argument
@click.argument("file", metavar="SVAR", type=PATH)
@click.option("--dry-run", is_flag=True, help="Visa hur filen skulle läsas; ingenting sparas.")
@click.option("--map", "plan", metavar="KARTA.yaml", type=PATH, help="Läs kolumnerna som kartan säger.")
@click.option(
    "--save-map",
    metavar="KARTA.yaml",
    type=PATH,
    callback=new_file(".yaml", ".yml"),
    help="Skriv gissningen till en karta att rätta; ingenting läses in.",
)
@force_option
@click.option("--group", default="", metavar="GRUPP", help="Alla rader hör till den här gruppen.")
@click.option("--wave", default=0, metavar="NR", help="Omgång för alla rader.")
@click.option("--date", default="", metavar="DATUM", help="Datum för alla rader.")
@click.option("--sheet", default="", metavar="BLAD", help="Bladets namn; annars det med flest rader.")
@coder_option
def add_survey(folder: Path, file: Path, dry_run: bool, save_map: Path | None, coder: str | None, **told: Any) -> None:
    """Take in a survey, or show how it would be read; exit code 1 when it has faults."""
    with opened(folder, coder or "intervjukit") as study:
        answers, plan = study.surveys.look(file, **told)
        if dry_run or save_map:
            _show_plan(answers, plan)
        if save_map:
            _write_map(save_map, plan)
            say(f"Skrev kartan till {save_map}. Rätta den och läs in med --map {shown(save_map)}.")
            return
        try:
            survey = study.surveys.read(file, answers, plan)
        except IntervjukitError:
            if not dry_run:
                _show_plan(answers, plan)
            raise
        if not dry_run:
            study.surveys.save(survey)
    people = Counter(transcript.group for _, transcript in survey.answers)
    told_of = ", ".join(f"{group} {number}" for group, number in people.items())
    number = counted(len(survey.answers), "svar", "svar")
    doubts = sum(len(transcript.doubts) for _, transcript in survey.answers)
    say(f"{'Skulle läsa in' if dry_run else 'Läste in'} {number} ({told_of}).")
    if answers.empty:
        say(f"{counted(answers.empty, 'tom rad', 'tomma rader')} hoppades över.")
    if doubts:
        say(f"{counted(doubts, 'rad', 'rader')} har svar som är ordagrant lika en annan rads; se doubts.")
    if dry_run:
        say("Stämmer det? Kör samma kommando utan --dry-run.")
        say("Annars: --save-map KARTA.yaml, rätta den, och läs in med --map KARTA.yaml.")
    elif any(column.role == "scale" for column in plan.columns):
        say(f"Medelvärden och medianer visas av: {called()} scales {shown(folder)}")


def _show_plan(answers: Answers, plan: Plan) -> None:
    from intervjukit.core.survey import letter
    from intervjukit.formats.survey_maps import ROLE_NAMES

    places = range(len(plan.columns))
    roles = []
    for column in plan.columns:
        more = f" {column.low}–{column.high}" if column.role == "scale" else ""
        more = f": {column.question}" if column.question and column.role == "open" else more
        roles.append(f"{ROLE_NAMES[column.role]}{more}")
    examples = [_example(answers, place) for place in places]
    where = f"bladet {answers.sheet}, " if answers.sheet else ""
    say(f"{answers.file}: {where}rubriker på rad {answers.head_row}, {counted(len(answers.rows), 'rad', 'rader')}.\n")
    say(
        table(
            [
                Column("", [letter(place) for place in places]),
                Column("Rubrik", list(answers.heads), text=True),
                Column("Läses som", roles),
                Column("För att", [column.why for column in plan.columns]),
                Column("Till exempel", examples, text=True),
            ]
        )
    )
    if not plan.places("respondent"):
        say("Ingen kolumn med personernas koder: varje rad får en ny kod.")
    say()


def _example(answers: Answers, place: int) -> str:
    from intervjukit.core.survey import written

    values = (written(cells[place]) for _, cells in answers.rows)
    return cut(next((value for value in values if value), ""), _EXAMPLE)


def _write_map(path: Path, plan: Plan) -> None:
    from intervjukit.formats.survey_maps import map_yaml

    def write(part: Path) -> None:
        part.write_text(map_yaml(plan), encoding="utf-8")

    write_whole(path, write)


@click.command(
    help="Visa enkätsvaren på skalor: antal, medelvärde och median per grupp och omgång.\n\n"
    "Av färre än fyra svar visas bara antalet: ett medelvärde av några få röjer vad någon har svarat."
)
@folder_argument
@csv_option
def scales(folder: Path, csv_file: Path | None) -> None:
    """Show one row per scale, wave and group."""
    with opened(folder) as study:
        show(study, "scales", study.surveys.scales(), csv_file)
