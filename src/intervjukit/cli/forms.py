"""The command that makes Word forms of interview guides."""

from __future__ import annotations

from pathlib import Path

import click

from intervjukit.cli.options import PATH, coder_option, opened
from intervjukit.cli.terminal import called, counted, say, shown


@click.command(
    help="Gör Word-formulär av intervjuguider.\n\n"
    "KÄLLA är en studie, en guide, en mapp med guider eller namnet på guider som följer med. "
    "UT är en mapp, eller en fil som slutar på .docx när det blir ett enda formulär. "
    "Utan --group och --respondent blir det ett formulär per grupp. Ett formulär för en person i en studie har det som "
    "är känt om personen ifyllt. Ett ifyllt formulär läses in med add-transcripts, som andra intervjuer."
)
@click.argument("source", metavar="KÄLLA", type=PATH)
@click.argument("place", metavar="UT", type=PATH)
@click.option("--group", "groups", metavar="GRUPP", multiple=True, help="Bara den gruppen; kan upprepas.")
@click.option(
    "--respondent",
    "respondents",
    metavar="PERSON",
    multiple=True,
    help="Ett formulär för personen med den koden, till exempel C03; kan upprepas.",
)
@click.option("--wave", default=0, metavar="NR", help="Bara omgångens frågor, i studier med flera omgångar.")
@click.option("--print", "printed", is_flag=True, help="För handskrift: linjer i stället för fält.")
@click.option("--date", "day", default="", metavar="DATUM", help="Fyll i intervjuns datum.")
@click.option("--interviewer", default="", metavar="NAMN", help="Fyll i vem som intervjuar; annars den som är --coder.")
@coder_option
@click.option("--force", is_flag=True, help="Skriv över filer som redan finns.")
def form(
    source: Path,
    place: Path,
    groups: tuple[str, ...],
    respondents: tuple[str, ...],
    wave: int,
    printed: bool,
    day: str,
    interviewer: str,
    coder: str | None,
    force: bool,
) -> None:
    """Write the forms and say where they are."""
    from intervjukit.forms import Wanted, write_forms

    wanted = Wanted(groups, respondents, wave, printed, day, interviewer or coder or "")
    of_study = source.is_dir() and (source / "study.db").exists()
    if of_study:
        with opened(source) as study:
            files = study.forms.write(place, wanted, overwrite=force)
    else:
        files = write_forms(source, place, wanted, overwrite=force)
    say(f"Skrev {counted(len(files), 'formulär', 'formulär')}:")
    for file in files:
        say(f"  {file}")
    if not printed:
        study_place = shown(source) if of_study else "STUDIE"
        say(f"Ifyllda läses de in med: {called()} add-transcripts {study_place} {shown(place)}")
