"""The command for a respondent who withdraws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from intervjukit.cli.options import coder_option, deciding, folder_argument
from intervjukit.cli.terminal import counted, say

if TYPE_CHECKING:
    from intervjukit.privacy import Withdrawn


@click.command(
    help="Ta bort en person helt, till exempel när någon drar tillbaka sin medverkan.\n\n"
    "Personens intervjuer, kodningar, anteckningar och bakgrund försvinner ur studien och ur dess historik. "
    "Det kan inte ångras. Först visas vad som försvinner; kör sedan samma kommando med --yes."
)
@folder_argument
@click.argument("respondent", metavar="PERSON")
@click.option("--yes", is_flag=True, help="Ta bort personen.")
@coder_option
def withdraw(folder: Path, respondent: str, yes: bool, coder: str | None) -> None:
    """Remove a respondent for ever, or say what would go."""
    with deciding(folder, coder) as study:
        told = study.privacy.withdraw(respondent) if yes else study.privacy.of(respondent)
    interviews = counted(told.interviews, "intervju", "intervjuer")
    things = f"{counted(told.codings, 'kodning', 'kodningar')} och {counted(told.memos, 'anteckning', 'anteckningar')}"
    if yes:
        say(f"Tog bort {told.respondent}: {interviews}, {things}. Också historiken är rensad.")
    else:
        say(
            f"{told.respondent} har {interviews}, {things}. Allt tas bort, också ur historiken; det går inte att ångra."
        )
    if told.removed:
        say(f"Programmets egna filer bredvid studien {'togs' if yes else 'tas'} också bort: {', '.join(told.removed)}.")
    _tell_left(told)
    if not told.complete:
        say("Någon annan har studien öppen. Stäng den överallt, så försvinner de sista spåren ur filen.")
    if not yes:
        say("Inget har ändrats. Ta bort personen med samma kommando och --yes.")


def _tell_left(told: Withdrawn) -> None:
    """Say what the program cannot take away by itself."""
    if told.left:
        say(f"Ord ur intervjun står också i: {', '.join(told.left)}. Ändra där för hand.")
    files = f" ({', '.join(told.sources)})" if told.sources else ""
    say(f"Det här tar programmet inte bort: utskriften{files}, rapporter, exportfiler och säkerhetskopior.")
    if told.others:
        say(f"Se också efter i studiens mapp: {', '.join(told.others)}.")
