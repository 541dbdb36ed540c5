"""Commands that make a study and look after guides and code books: create, codebook, export-…."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from intervjukit.cli.options import (
    PATH,
    coder_option,
    folder_argument,
    force_option,
    new_file,
    opened,
    write_whole,
)
from intervjukit.cli.terminal import Column, called, counted, say, shown, table
from intervjukit.core.choices import group_id

if TYPE_CHECKING:
    from intervjukit.core.codebook import Codebook


@click.command(
    help="Skapa en studie i en mapp, med intervjuguider och kodbok.\n\n"
    "Sedan läser du in intervjuerna med add-transcripts."
)
@folder_argument
@click.option(
    "--protocols",
    metavar="GUIDER",
    required=True,
    help="Intervjuguiderna: en mapp, en fil, eller namnet på guider som följer med (halsoflodet, rehsursen).",
)
@click.option(
    "--codebook",
    metavar="KODBOK",
    required=True,
    help="Kodboken: en fil, eller namnet på en som följer med (halsoflodet).",
)
@click.option("--name", default="", metavar="NAMN", help="Studiens namn; annars mappens.")
@coder_option
def create(folder: Path, protocols: str, codebook: str, name: str, coder: str | None) -> None:
    """Make a study and say what it was made of."""
    from intervjukit.study import Study

    with Study.create(folder, protocols=protocols, codebook=codebook, name=name, coder=coder) as study:
        guides = counted(len(study.protocols), "intervjuguide", "intervjuguider")
        codes = counted(len(study.codebook), "kod", "koder")
        say(f"Skapade studien ”{study.name}” i {folder} med {guides} och en kodbok med {codes}.")
    say(f"Läs in intervjuerna: {called()} add-transcripts {shown(folder)} MAPPEN_MED_INTERVJUER")


@click.command(
    help="Visa kodbokens koder, slag, parter och skeden med id.\n\nDet är id (eller namn) man skriver när man kodar."
)
@folder_argument
def codebook(folder: Path) -> None:
    """Print the codes and the facet values of the study."""
    with opened(folder) as study:
        book = study.codebook
    say(f"{book.title}\n")
    say(
        table(
            [
                Column("Id", [code.id for code in book]),
                Column("Tema", [code.name for code in book]),
                Column("Definition", [code.definition for code in book], text=True),
            ]
        )
    )
    _say_facets(book)


def _say_facets(book: Codebook) -> None:
    for facet in book.facets:
        say(f"\n{facet.name} (--{facet.id}):")
        say(
            table(
                [
                    Column("Id", [value.id for value in facet.values]),
                    Column("Namn", [value.name for value in facet.values]),
                    Column("Definition", [value.definition for value in facet.values], text=True),
                ]
            )
        )


@click.command(help="Skriv en grupps intervjuguide till en YAML-fil.\n\nGuiden skrivs hel, så som studien har den.")
@folder_argument
@click.argument("group", metavar="GRUPP")
@click.argument("file", metavar="FIL.yaml", type=PATH, callback=new_file(".yaml", ".yml"))
@force_option
def export_guide(folder: Path, group: str, file: Path) -> None:
    """Write the guide of one group."""
    from intervjukit.formats.protocols import protocol_yaml

    with opened(folder) as study:
        guide = study.protocols[group_id(study.protocols, group)]
    _write_text(file, protocol_yaml(guide))
    say(f"Skrev guiden ”{guide.title}” till {file}.")


@click.command(help="Skriv studiens kodbok till en YAML-fil.")
@folder_argument
@click.argument("file", metavar="FIL.yaml", type=PATH, callback=new_file(".yaml", ".yml"))
@force_option
def export_codebook(folder: Path, file: Path) -> None:
    """Write the code book."""
    from intervjukit.formats.codebooks import codebook_yaml

    with opened(folder) as study:
        book = study.codebook
    _write_text(file, codebook_yaml(book))
    say(f"Skrev kodboken ”{book.title}” till {file}.")


def _write_text(file: Path, text: str) -> None:
    def write(part: Path) -> None:
        part.write_bytes(text.encode())

    write_whole(file, write)
