"""Commands about remarks and the history: memo, memos, history, undo, redo."""

from __future__ import annotations

from pathlib import Path

import click

from intervjukit.cli.options import coder_option, csv_option, deciding, folder_argument, opened
from intervjukit.cli.tables import show
from intervjukit.cli.terminal import say

_TARGETS = ("study", "coding", "code", "respondent", "transcript")


@click.command(help="Skriv en anteckning.\n\nDen gäller studien, om inte --target säger något annat.")
@folder_argument
@click.argument("text", metavar="TEXT")
@click.option(
    "--target",
    type=click.Choice(_TARGETS),
    default="study",
    show_default=True,
    metavar="VAD",
    help="Vad den gäller: study (studien), coding (kodning), code (kod), respondent (person), transcript (intervju).",
)
@click.option("--target-id", default="", metavar="VILKEN", help="Kodningens nummer, kodens id, personens kod …")
@coder_option
def memo(folder: Path, text: str, target: str, target_id: str, coder: str | None) -> None:
    """Save a remark."""
    if (target == "study") == bool(target_id):
        raise click.UsageError("Ange både --target och --target-id, eller inget av dem för hela studien.")
    with deciding(folder, coder) as study:
        number = study.memos.add(text, target=target, target_id=target_id)
    say(f"Sparade anteckning {number}.")


@click.command(help="Visa anteckningarna, en per rad.")
@folder_argument
@csv_option
def memos(folder: Path, csv_file: Path | None) -> None:
    """Show one row per memo."""
    with opened(folder) as study:
        show(study, "memos", study.memos.table(), csv_file)


@click.command(help="Visa alla beslut i studien, det äldsta först.")
@folder_argument
@csv_option
def history(folder: Path, csv_file: Path | None) -> None:
    """Show one row per event."""
    with opened(folder) as study:
        show(study, "history", study.history.table(), csv_file)


@click.command(help="Ångra ditt senaste beslut. Kan upprepas.")
@folder_argument
@coder_option
def undo(folder: Path, coder: str | None) -> None:
    """Take back the coder's latest decision."""
    with deciding(folder, coder) as study:
        event = study.history.undo()
    say(f"Ångrade: {event.summary}." if event else f"{coder} har inget beslut att ångra.")


@click.command(help="Gör om det beslut du senast ångrade. Kan upprepas.")
@folder_argument
@coder_option
def redo(folder: Path, coder: str | None) -> None:
    """Make the coder's last undone decision again."""
    with deciding(folder, coder) as study:
        event = study.history.redo()
    say(f"Gjorde om: {event.summary}." if event else f"{coder} har inget ångrat beslut att göra om.")
