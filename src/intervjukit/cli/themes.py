"""Commands that change the code book: its codes (add-code to remove-code), and how words are read (compounds)."""

from __future__ import annotations

from pathlib import Path

import click

from intervjukit.cli.options import coder_option, deciding, folder_argument, opened
from intervjukit.cli.terminal import counted, say
from intervjukit.core.choices import code_id
from intervjukit.errors import RuleError

_TOP = "överst"
_code = click.argument("theme", metavar="KOD")
_definition = click.option("--definition", metavar="TEXT", required=True, help="Vad som hör till koden, i en mening.")


@click.command(help="Lägg till en kod i kodboken.\n\nDen kan användas direkt, och ändras mer på sidan Kodbok.")
@folder_argument
@click.argument("name", metavar="NAMN")
@_definition
@click.option("--under", metavar="KOD", help="Koden den ska ligga under; annars överst.")
@coder_option
def add_code(folder: Path, name: str, definition: str, under: str | None, coder: str | None) -> None:
    """Add a code."""
    with deciding(folder, coder) as study:
        parent = code_id(study.codebook, under) if under else None
        code = study.themes.add(name, definition, parent=parent)
    say(f"Lade till koden {code.name} (id {code.id}).")


@click.command(help="Byt namn på en kod.\n\nDess id är kvar, och kodningarna följer med.")
@folder_argument
@_code
@click.argument("name", metavar="NAMN")
@coder_option
def rename_code(folder: Path, theme: str, name: str, coder: str | None) -> None:
    """Give a code another name."""
    with deciding(folder, coder) as study:
        before = study.codebook.code(code_id(study.codebook, theme))
        after = study.themes.rename(before.id, name)
    say(f"{before.name} heter nu {after.name}.")


@click.command(help=f"Lägg en kod under en annan.\n\nSkriv ”{_TOP}” i stället för den andra för att lägga den överst.")
@folder_argument
@_code
@click.argument("parent", metavar="UNDER")
@coder_option
def move_code(folder: Path, theme: str, parent: str, coder: str | None) -> None:
    """Put a code under another, or topmost."""
    with deciding(folder, coder) as study:
        book = study.codebook
        under = None if parent.casefold() == _TOP else code_id(book, parent)
        code = study.themes.move(code_id(book, theme), under)
        where = f"under {book.code(under).name}" if under else _TOP
    say(f"{code.name} ligger nu {where}.")


@click.command(
    help="Slå ihop två koder.\n\nKOD blir en del av MED: kodningar, förslag, rader i SWOT, exempel och ord följer "
    "med. Definitionen av MED gäller."
)
@folder_argument
@_code
@click.argument("into", metavar="MED")
@coder_option
def merge_codes(folder: Path, theme: str, into: str, coder: str | None) -> None:
    """Make a code part of another."""
    with deciding(folder, coder) as study:
        gone, kept = (study.codebook.code(code_id(study.codebook, each)) for each in (theme, into))
        number = study.themes.merge(gone.id, kept.id)
    say(f"{gone.name} är nu en del av {kept.name}; {counted(number, 'kodning', 'kodningar')} följde med.")


@click.command(help="Dela en kod: valda kodningar får en ny kod.\n\nNR är kodningarnas nummer i listan från codings.")
@folder_argument
@_code
@click.argument("name", metavar="NAMN")
@click.argument("numbers", metavar="NR …", nargs=-1, required=True, type=int)
@_definition
@coder_option
def split_code(
    folder: Path, theme: str, name: str, numbers: tuple[int, ...], definition: str, coder: str | None
) -> None:
    """Give chosen codings a new code."""
    with deciding(folder, coder) as study:
        code = study.themes.split(code_id(study.codebook, theme), numbers, name, definition)
    moved = counted(len(set(numbers)), "kodning", "kodningar")
    say(f"{moved} har nu koden {code.name} (id {code.id}).")


@click.command(help="Ta bort en kod som inte används.")
@folder_argument
@_code
@coder_option
def remove_code(folder: Path, theme: str, coder: str | None) -> None:
    """Take a code away."""
    with deciding(folder, coder) as study:
        code = study.codebook.code(code_id(study.codebook, theme))
        try:
            study.themes.remove(code.id)
        except RuleError as error:
            fix = error.fix.replace("Slå ihop den", "Slå ihop den (merge-codes)")
            raise RuleError(error.problem, fix=fix) from error
    say(f"Tog bort koden {code.name}.")


@click.command(
    help="Säg hur ord är sammansatta, där förslagen läser dem fel.\n\nSkriv ORD med + där det ska delas (vård+kö), och "
    "utan + om det ska hållas helt (förväntan). Det gäller alla ordets former. Utan ORD visas vad som är sagt."
)
@folder_argument
@click.argument("words", metavar="ORD …", nargs=-1)
@click.option("--remove", is_flag=True, help="Läs orden som vanligt igen.")
@coder_option
def compounds(folder: Path, words: tuple[str, ...], remove: bool, coder: str | None) -> None:
    """Say how words are made, or show what has been said."""
    if remove and not words:
        raise RuleError(
            "Inga ord är skrivna.", fix="Skriv vilka ord som ska läsas som vanligt igen: --remove förväntan."
        )
    with deciding(folder, coder) if words else opened(folder) as study:
        if remove:
            study.themes.read_as_usual(*words)
        elif words:
            study.themes.read_as(*words)
        said = study.codebook.compounds
    for parts in said:
        say(" + ".join(parts) if len(parts) > 1 else f"{parts[0]} (hålls helt)")
    if not said:
        say("Alla ord delas som vanligt.")
    if words:
        say("Nya förslag får du med suggest.")
