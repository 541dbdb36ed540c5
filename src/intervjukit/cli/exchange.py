"""Commands to and from other programs: export-project, import-project, add-project, convert-codebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from intervjukit.cli.options import (
    PATH,
    coder_option,
    deciding,
    folder_argument,
    force_option,
    new_file,
    opened,
    write_whole,
)
from intervjukit.cli.terminal import called, counted, say, shown
from intervjukit.errors import RuleError

if TYPE_CHECKING:
    from intervjukit.core.exchange import Project
    from intervjukit.exchange import TakenIn

_dry_run = click.option("--dry-run", is_flag=True, help="Visa vad filen innehåller och hur den läses; spara inget.")
_project_file = click.argument("file", metavar="FIL.qdpx", type=PATH)


@click.command(
    help="Skriv studien till ett REFI-QDA-projekt (.qdpx), eller bara kodboken (.qdc).\n\n"
    "Projektet öppnas i NVivo, MAXQDA, ATLAS.ti, QualCoder med flera: texter med talare, koder, kodningar, "
    "anteckningar och bakgrundsfakta. Bara texten följer med, aldrig Word-filen som intervjun lästes från."
)
@folder_argument
@click.argument("file", metavar="FIL.qdpx", type=PATH, callback=new_file(".qdpx", ".qdc"))
@force_option
def export_project(folder: Path, file: Path) -> None:
    """Write the study for other programs."""
    with opened(folder) as study:
        project = study.exchange.write(file)
    if file.suffix.lower() == ".qdc":
        say(f"Skrev kodboken till {file}: {counted(len(project.codes), 'kod', 'koder')}.")
        return
    coded = counted(sum(bool(each.codes) for each in project.selections), "kodning", "kodningar")
    texts = counted(len(project.sources), "intervju", "intervjuer")
    notes = counted(len(project.notes), "anteckning", "anteckningar")
    say(f"Skrev projektet till {file}: {texts}, {coded}, {notes}.")
    say("SWOT, åtgärder, förslag och historik har ingen plats i REFI-QDA och är kvar i studien.")


@click.command(
    help="Gör en ny studie av ett REFI-QDA-projekt (.qdpx) från NVivo, MAXQDA, ATLAS.ti, QualCoder med flera.\n\n"
    "QualCoders projektmapp (.qda) och Taguettes databas (.sqlite3) går också bra. "
    "Ett projekt som Intervjukit har skrivit kommer tillbaka med guider och kodbok. Av ett annat programs koder görs "
    "en kodbok, och av dess grupper (variabeln Grupp) var sin guide, om du inte anger egna."
)
@_project_file
@click.argument("folder", metavar="NY_MAPP", type=PATH)
@click.option("--protocols", metavar="GUIDER", help="Intervjuguiderna: en mapp, en fil eller ett namn.")
@click.option("--codebook", metavar="KODBOK", help="Kodboken: en fil eller ett namn. Koderna paras ihop efter namn.")
@click.option("--name", default="", metavar="NAMN", help="Studiens namn; annars projektets.")
@_dry_run
@coder_option
def import_project(
    file: Path,
    folder: Path,
    protocols: str | None,
    codebook: str | None,
    name: str,
    dry_run: bool,
    coder: str | None,
) -> None:
    """Make a study of a project."""
    if dry_run:
        _say_project(file)
        return
    from intervjukit.importing import import_project as make

    made = make(file, folder, protocols=protocols, codebook=codebook, name=name, coder=_named(coder))
    say(f"Skapade studien i {folder}.")
    _say_taken(made)
    say(f"Se intervjuerna: {called()} transcripts {shown(folder)}")


@click.command(
    help="Ta in ett REFI-QDA-projekt (.qdpx) i en studie som finns.\n\n"
    "Intervjuer som studien redan har, ord för ord, känns igen och får projektets kodningar; andra läses in. Koder "
    "paras ihop efter sin identitet (GUID) eller sitt namn. Det som redan finns görs inte två gånger. Kodningarna kan "
    "ångras med undo."
)
@folder_argument
@_project_file
@_dry_run
@coder_option
def add_project(folder: Path, file: Path, dry_run: bool, coder: str | None) -> None:
    """Take a project into a study."""
    if dry_run:
        _say_project(file)
        return
    with deciding(folder, coder) as study:
        taken = study.exchange.read(file)
    _say_taken(taken)


@click.command(
    help="Gör om en kodbok från ett annat program (.qdc, eller den i en .qdpx) till kodbok i YAML.\n\n"
    "Den kan sedan läsas, ändras och användas med create."
)
@click.argument("file", metavar="FIL.qdc", type=PATH)
@click.argument("target", metavar="KODBOK.yaml", type=PATH, callback=new_file(".yaml", ".yml"))
@force_option
def convert_codebook(file: Path, target: Path) -> None:
    """Turn a REFI-QDA code book into the kit's own form."""
    from intervjukit.formats.codebooks import codebook_yaml
    from intervjukit.formats.refi_codebook import read_book, standard_book
    from intervjukit.formats.refi_read import read_codebook_file

    project = read_codebook_file(file)
    if not project.codes:
        raise RuleError(f"{file.name} har inga koder.", fix="Exportera kodboken på nytt från programmet.")
    read = read_book(project.codes, project.sets, standard_book(), project.name)
    write_whole(target, lambda part: _write_bytes(part, codebook_yaml(read.book)))
    for remark in (*project.remarks, *read.remarks):
        say(f"• {remark}")
    say(f"Skrev kodboken ”{read.book.title}” till {target}: {counted(len(read.book), 'kod', 'koder')}.")


def _write_bytes(part: Path, text: str) -> None:
    part.write_bytes(text.encode())


def _named(coder: str | None) -> str:
    if not (coder or "").strip():
        raise RuleError(
            "Det är inte sagt vem som läser in projektet.",
            fix="Lägg till --coder NAMN. Kodningarna behåller sina egna kodare.",
        )
    return (coder or "").strip()


def _say_project(file: Path) -> None:
    """Tell what a project holds and how it was read."""
    from intervjukit.formats.projects import read_project

    project: Project = read_project(file)
    origin = f" från {project.origin}" if project.origin else ""
    say(f"Projektet ”{project.name}”{origin}:")
    for number, one, many in (
        (len(project.sources), "text", "texter"),
        (len(project.cases), "fall", "fall"),
        (len(project.codes), "kod", "koder"),
        (sum(bool(each.codes) for each in project.selections), "kodat ställe", "kodade ställen"),
        (len(project.notes), "anteckning", "anteckningar"),
        (len(project.users), "kodare", "kodare"),
    ):
        say(f"  {counted(number, one, many)}")
    for remark in project.remarks:
        say(f"• {remark}")
    say("Inget har sparats.")


def _say_taken(taken: TakenIn) -> None:
    """Tell what became of a project."""
    new = (
        counted(len(taken.interviews), "intervju", "intervjuer"),
        counted(taken.codes, "kod", "koder"),
        counted(taken.codings, "kodning", "kodningar"),
        counted(taken.memos, "anteckning", "anteckningar"),
    )
    known = f" {counted(taken.known, 'kodning', 'kodningar')} fanns redan." if taken.known else ""
    say(f"Nytt: {', '.join(new)}.{known}")
    for remark in taken.remarks:
        say(f"• {remark}")
