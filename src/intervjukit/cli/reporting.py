"""Commands for reports in Word: report, profiles, review-docx."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intervjukit.cli.options import PATH, folder_argument, force_option, new_file, opened, write_whole
from intervjukit.cli.terminal import called, complain, counted, progress, say, shown
from intervjukit.errors import FileError, IntervjukitError

if TYPE_CHECKING:
    from intervjukit.export.accessibility import Remark

_NO_LAYOUT = (
    "Innehållet fick inga sidnummer: LibreOffice finns inte på datorn. Högerklicka på innehållet i Word och välj "
    "Uppdatera fält, så kommer de."
)


@click.command(
    help="Skriv studiens rapport som ett Word-dokument.\n\n"
    "Med --profile väljs vad den ska innehålla (se intervjukit profiles), med --template skrivs den i er egen "
    "Word-mall. I mallen hamnar rapporten där det står [[rapport]] i ett eget stycke, annars sist."
)
@folder_argument
@click.argument("file", metavar="FIL.docx", type=PATH, callback=new_file(".docx"))
@force_option
@click.option("--title", default="", metavar="TITEL", help="Rapportens titel; annars studiens namn.")
@click.option(
    "--profile",
    metavar="PROFIL",
    help="Vad rapporten ska innehålla: full, bilagor, styrgrupp, swot, bar, en egen i studiens mapp profiler, "
    "eller en YAML-fil.",
)
@click.option("--template", metavar="MALL", type=PATH, help="En Word-mall (.dotx eller .docx) att skriva i.")
@click.option(
    "--page-numbers",
    is_flag=True,
    help="Sätt sidnummer i innehållet. Kräver LibreOffice och tar en stund.",
)
def report(
    folder: Path, file: Path, title: str, profile: str | None, template: Path | None, page_numbers: bool
) -> None:
    """Write the report."""
    from intervjukit.export import layout

    with opened(folder) as study, progress() as line:
        path = study.report(
            file, title=title, profile=profile, template=template, page_numbers=page_numbers, progress=line
        )
    say(f"Skrev rapporten till {path}.")
    if page_numbers and not layout.available():
        say(_NO_LAYOUT)


@click.command(
    help="Visa rapportprofilerna, eller kopiera en för att göra en egen.\n\n"
    "En profil är en kort YAML-fil som säger vilka delar en rapport har, i vilken ordning och under vilka rubriker. "
    "Lägg en egen i studiens mapp profiler, så hittas den med sitt namn."
)
@click.argument("folder", metavar="[MAPP]", type=PATH, required=False)
@click.option("--copy", "name", metavar="PROFIL", help="Den som ska kopieras, till exempel full.")
@click.option(
    "--to", "file", metavar="FIL.yaml", type=PATH, callback=new_file(".yaml", ".yml"), help="Filen som blir till."
)
@force_option
def profiles(folder: Path | None, name: str | None, file: Path | None) -> None:
    """List the profiles, or copy one out."""
    from intervjukit.formats.profiles import every_profile, profile_file
    from intervjukit.reporting import OWN

    own = folder / OWN if folder else None
    if name or file:
        if not (name and file):
            raise IntervjukitError("Det behövs både --copy och --to.", fix="Skriv --copy full --to min.yaml.")
        source = profile_file(name, own)
        _copy(source, file)
        say(f"Kopierade profilen {name} till {file}. Ändra den, och skriv sedan:")
        say(f"{called()} report MAPP FIL.docx --profile {shown(file)}")
        return
    read, wrong = every_profile(own)
    for profile in read:
        say(f"{profile.id}: {profile.name}\n    {profile.about}\n    Delar: {', '.join(profile.parts)}")
    for error in wrong:
        complain(error)


@click.command(
    "review-docx",
    help="Granska hur tillgängliga Word-filer är.\n\n"
    "Titel, språk, rubriker, bilders alternativtext, tabeller, länkar, kontrast och handgjord uppställning, i vilken "
    ".docx som helst. Slutkoden är 1 om något stänger ute en läsare, annars 0.",
)
@click.argument("files", metavar="FIL.docx …", nargs=-1, required=True, type=PATH)
@click.pass_context
def review_docx(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Print every remark on the files and a summary; exit code 1 when there is a fault."""
    faults = advice = 0
    for file in files:
        try:
            found = _reviewed(file)
        except FileError as error:
            complain(error)
            faults += 1
            continue
        for remark in found:
            kind = "Fel" if remark.level == "fel" else "Råd"
            say(f"{file.name}, {remark.place}: {kind}: {remark.problem}\n    Gör så här: {remark.fix}")
            faults += remark.level == "fel"
            advice += remark.level == "råd"
    say(f"{counted(len(files), 'fil granskad', 'filer granskade')}: {faults or 'inga'} fel, {advice or 'inga'} råd.")
    ctx.exit(1 if faults else 0)


def _copy(source: Path, file: Path) -> None:
    def write(part: Path) -> None:
        shutil.copyfile(source, part)

    write_whole(file, write)


def _reviewed(file: Path) -> list[Remark]:
    from intervjukit.export.accessibility import review
    from intervjukit.formats.guard import check_word_file

    if not file.is_file():
        raise FileError(f"{file} finns inte.", fix="Kontrollera sökvägen.")
    check_word_file(file)
    return review(file)
