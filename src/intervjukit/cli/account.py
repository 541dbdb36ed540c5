"""Commands on how the study is planned and done, and on all of it at once: plan, thread, coreq, workbook."""

from __future__ import annotations

from pathlib import Path

import click

from intervjukit.cli.options import (
    PATH,
    coder_option,
    csv_option,
    deciding,
    folder_argument,
    force_option,
    new_file,
    opened,
)
from intervjukit.cli.tables import show
from intervjukit.cli.terminal import counted, progress, say
from intervjukit.core.findings import FEWEST_AGREEING
from intervjukit.errors import FileError, RuleError


@click.command(
    help="Visa eller ange hur många som ska intervjuas i varje grupp.\n\n"
    "Till exempel: plan studien chefer=8 lakare=6. Utan tal efter = tas gruppens plan bort."
)
@folder_argument
@click.argument("numbers", metavar="[GRUPP=ANTAL …]", nargs=-1)
@csv_option
@coder_option
def plan(folder: Path, numbers: tuple[str, ...], csv_file: Path | None, coder: str | None) -> None:
    """Show one row per group, after planning when numbers are given."""
    planned = _planned(numbers)
    with deciding(folder, coder) if planned else opened(folder) as study:
        if planned:
            study.plan.set_all(planned)
        show(study, "plan", study.plan.table(), csv_file)


def _planned(given: tuple[str, ...]) -> dict[str, int | None]:
    """Return the numbers by group. Raises RuleError naming every one that cannot be read."""
    split = {text: text.partition("=") for text in given}
    wrong = [
        text
        for text, (group, sign, number) in split.items()
        if not (group.strip() and sign and (not number.strip() or number.strip().isdecimal()))
    ]
    if wrong:
        raise RuleError(
            f"Det går inte att läsa {', '.join(f'”{text}”' for text in wrong)}.",
            fix="Skriv gruppen, ett likhetstecken och ett antal: chefer=8",
        )
    return {group.strip(): int(number) if number.strip() else None for group, _, number in split.values()}


@click.command(
    help="Följ den röda tråden: flaskhals, SWOT, åtgärd, ansvarig och uppföljning.\n\n"
    "Där tråden brister står vad som saknas: en flaskhals som ingen åtgärd möter, en åtgärd utan stöd i fynden, en "
    "ansvarig part där ingen är intervjuad, en rad i SWOT utan åtgärd."
)
@folder_argument
@click.option(
    "--at-least",
    default=FEWEST_AGREEING,
    show_default=True,
    metavar="ANTAL",
    type=click.IntRange(min=1),
    help="Följ flaskhalsar som minst så många personer nämner.",
)
@csv_option
def thread(folder: Path, at_least: int, csv_file: Path | None) -> None:
    """Show one row per bottleneck, line and measure."""
    with opened(folder) as study:
        show(study, "thread", study.thread.table(at_least=at_least), csv_file)


@click.command(
    help="Visa COREQ, checklistan för vad en rapport om intervjuer bör redovisa.\n\n"
    "De 32 punkterna är ifyllda så långt studien vet. Hela listan kommer med i rapporten."
)
@folder_argument
@csv_option
def coreq(folder: Path, csv_file: Path | None) -> None:
    """Show one row per item."""
    with opened(folder) as study:
        show(study, "coreq", study.method.coreq(), csv_file)


def _new_folder(ctx: click.Context, param: click.Parameter, path: Path | None) -> Path | None:
    """Return a folder that is empty or not there yet. Raises FileError."""
    if path is not None and path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileError(f"{path} finns redan och är inte en tom mapp.", fix="Ange en ny mapp.")
    return path


@click.command(
    help="Skriv studiens alla tabeller som en arbetsbok för Excel.\n\n"
    "Ett blad per tabell, och ett första blad som förklarar de andra. Med --csv också som en CSV-fil per tabell."
)
@folder_argument
@click.argument("file", metavar="FIL.xlsx", type=PATH, callback=new_file(".xlsx"))
@click.option("--csv", "csv_folder", metavar="MAPP", type=PATH, callback=_new_folder, help="Skriv dem som CSV hit.")
@force_option
def workbook(folder: Path, file: Path, csv_folder: Path | None) -> None:
    """Write all tables."""
    with opened(folder) as study, progress() as line:
        path = study.tables.workbook(file, progress=line)
        made = study.tables.csv(csv_folder, progress=line) if csv_folder else []
    say(f"Skrev studiens tabeller till {path}.")
    if csv_folder:
        say(f"Skrev {counted(len(made), 'CSV-fil', 'CSV-filer')} till {csv_folder}.")
