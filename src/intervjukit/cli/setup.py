"""Commands that make a study and look after guides and code books: create, check, codebook, export-…."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intervjukit.cli.options import (
    PATH,
    coder_option,
    folder_argument,
    group_id,
    opened,
    write_whole,
)
from intervjukit.cli.terminal import Column, called, complain, counted, say, shown, table
from intervjukit.errors import Fault, FaultyFileError, FileError

if TYPE_CHECKING:
    from intervjukit.core.codebook import Codebook
    from intervjukit.formats.yaml_nodes import Node

_YAML = (".yaml", ".yml")


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
    help="Granska intervjuguider, kodböcker och frågebanker.\n\n"
    "Visar alla fel och alla metodiska anmärkningar (dubbelfrågor, ledande frågor, ja/nej-frågor, ord "
    "som hör till en annan grupp) med rad och förslag. En mapp granskas fil för fil. "
    "Slutkoden är 1 om något är fel, annars 0."
)
@click.argument("files", metavar="FIL …", nargs=-1, required=True, type=PATH)
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Print every fault and slip of the files and a summary; exit code 1 when a file has a fault."""
    faults: dict[Fault, None] = {}
    unread = 0
    paths = list(_inside(files))
    for path in paths:
        try:
            faults |= dict.fromkeys(_faults(path))
        except FaultyFileError as error:
            faults |= dict.fromkeys(error.faults)
        except FileError as error:
            complain(error)
            unread += 1
    for fault in sorted(faults, key=lambda fault: (fault.file, fault.line)):
        kind = "Fel" if fault.level == "fel" else "Metod"
        say(f"{fault.file}, rad {fault.line}: {kind}: {fault.message}\n    Gör så här: {fault.fix}")
    wrong = unread + sum(fault.level == "fel" for fault in faults)
    slips = sum(fault.level == "metod" for fault in faults)
    say(
        f"{counted(len(paths), 'fil granskad', 'filer granskade')}: {wrong or 'inga'} fel, "
        f"{slips or 'inga'} {'metodisk anmärkning' if slips == 1 else 'metodiska anmärkningar'}."
    )
    ctx.exit(1 if wrong else 0)


def _inside(places: tuple[Path, ...]) -> Iterator[Path]:
    for place in places:
        found = sorted(file for file in place.rglob("*") if file.suffix in _YAML) if place.is_dir() else [place]
        if not found:
            raise FileError(f"Mappen {place} innehåller inga guider eller kodböcker.", fix="De ska sluta på .yaml.")
        yield from found


def _faults(path: Path) -> list[Fault]:
    """Return every remark on a guide, code book or question bank, told apart by their keys."""
    from intervjukit.formats.codebooks import parse_codebook
    from intervjukit.formats.protocols import parse_protocol
    from intervjukit.formats.yaml_nodes import load_nodes, read_text_file

    text = read_text_file(path)
    top = load_nodes(path, text)
    keys = top.value if isinstance(top.value, dict) else {}
    if "kodbok" in keys:
        return parse_codebook(text, path)[1]
    if "frågebank" in keys:
        return _bank_faults(path, top)
    if "guide" in keys:
        return parse_protocol(text, path)[1]
    message = "Filen är varken intervjuguide, kodbok eller frågebank."
    return [Fault(path.name, 1, message, "Börja den med ”guide: …”, ”kodbok: …” eller ”frågebank: …”.")]


def _bank_faults(path: Path, top: Node) -> list[Fault]:
    """Return the remarks on a question bank: as the guides beside it ask its questions, and each role the rest."""
    from intervjukit.formats.protocols import parse_protocol
    from intervjukit.formats.yaml_nodes import dump_yaml, read_text_file

    faults: list[Fault] = []
    left = _keyed(top, "frågor")
    for guide in sorted(path.parent.glob("*.yaml")):
        with suppress(FileError):  # a guide that cannot be read is told when it is checked itself
            text = read_text_file(guide)
            if "guide:" in text and f"bank: {path.name}" in text:
                protocol, found = parse_protocol(text, guide)
                asked = {question.id for question in protocol.questions()}
                faults += found
                left = [question for question in left if question not in asked]
    for role in _keyed(top, "roller") or ["prov"]:
        section = {"id": "prov", "titel": "Prov", "frågor": left}
        trial = dump_yaml({"guide": "prov", "grupp": role, "bank": path.name, "avsnitt": [section]})
        faults += parse_protocol(trial, path.with_name("prov"))[1]
    return [fault for fault in faults if fault.file == path.name]


def _keyed(top: Node, key: str) -> list[str]:
    """Return the keys of a mapping, or the ids of a list of mappings, under ``key``; [] when it is something else."""
    inside = top.value[key].value if isinstance(top.value, dict) and key in top.value else ""
    if isinstance(inside, dict):
        return list(inside)
    items = [item.value for item in inside if not isinstance(item, str)]
    return [str(item["id"].value) for item in items if isinstance(item, dict) and "id" in item]


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
@click.argument("file", metavar="FIL.yaml", type=PATH)
def export_guide(folder: Path, group: str, file: Path) -> None:
    """Write the guide of one group."""
    from intervjukit.formats.protocols import protocol_yaml

    with opened(folder) as study:
        guide = study.protocols[group_id(study, group)]
    _write_text(file, protocol_yaml(guide))
    say(f"Skrev guiden ”{guide.title}” till {file}.")


@click.command(help="Skriv studiens kodbok till en YAML-fil.")
@folder_argument
@click.argument("file", metavar="FIL.yaml", type=PATH)
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

    write_whole(file, _YAML, write)
