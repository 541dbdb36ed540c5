"""Commands that show what the interviews say: findings, perspectives, ranking, SWOT, measures."""

from __future__ import annotations

from pathlib import Path

import click

from intervjukit.cli.options import coder_option, csv_option, deciding, folder_argument, opened
from intervjukit.cli.tables import show
from intervjukit.cli.terminal import counted, say
from intervjukit.core.choices import facet_value


@click.command(
    help="Visa fynden per tema, part och grupp.\n\n"
    "Fynden är flaskhalsar, framgångar och önskningar. "
    "Antal är hur många personer i gruppen som säger det, aldrig hur många gånger. Vanligast först."
)
@folder_argument
@click.option("--valence", metavar="SLAG", help="Visa bara ett slag: flaskhals, framgang eller onskan.")
@click.option("--party", metavar="PART", help="Visa bara det som läggs hos den parten, till exempel vard.")
@click.option("--group", metavar="GRUPP", help="Visa bara den gruppens fynd, till exempel chefer.")
@csv_option
def findings(folder: Path, valence: str | None, party: str | None, group: str | None, csv_file: Path | None) -> None:
    """Show one row per finding."""
    with opened(folder) as study:
        show(study, "findings", study.findings(valence=valence, party=party, group=group), csv_file)


@click.command(help="Visa vem som säger vad om vem.\n\nVarje grupps bild av sin egen part och av de andra.")
@folder_argument
@csv_option
def perspectives(folder: Path, csv_file: Path | None) -> None:
    """Show one row per group, party and valence."""
    with opened(folder) as study:
        show(study, "perspectives", study.perspectives(), csv_file)


@click.command(help="Visa var grupperna är överens eller säger emot varandra.")
@folder_argument
@csv_option
def contrasts(folder: Path, csv_file: Path | None) -> None:
    """Show one row per agreement or contradiction."""
    with opened(folder) as study:
        show(study, "contrasts", study.contrasts(), csv_file)


@click.command(
    help="Visa de återkommande faktorerna i ordning.\n\n"
    "Den som flest personer nämner kommer först; 3= är en delad tredjeplats."
)
@folder_argument
@click.option(
    "--valence",
    default="framgang",
    show_default=True,
    metavar="SLAG",
    help="flaskhals, framgang eller onskan.",
)
@csv_option
def ranking(folder: Path, valence: str, csv_file: Path | None) -> None:
    """Show one row per factor."""
    with opened(folder) as study:
        frame = study.ranking(valence)
        show(study, "ranking", frame, csv_file)
        if not csv_file and not frame.empty:
            kind = study.codebook.value_name("valence", facet_value(study.codebook, "valence", valence))
            say(f"Räknat på slaget {kind}; välj ett annat med --valence.")


_NO_LINES = (
    "Inga rader att lägga till: en rad kräver ett fynd med part som minst två personer står bakom, och som "
    "ingen rad redan bygger på."
)
_NO_MEASURES = "Inga åtgärder att lägga till: en åtgärd kräver en svaghet i SWOT som ingen åtgärd redan bygger på."

_draft_option = click.option(
    "--draft", is_flag=True, help="Lägg först till ett utkast ur fynden; det som redan finns lämnas orört."
)


@click.command(
    help="Visa studiens SWOT. Med --draft görs först ett utkast ur fynden.\n\n"
    "Det parterna kan påverka blir styrkor och svagheter, det de inte kan påverka möjligheter och hot."
)
@folder_argument
@_draft_option
@csv_option
@coder_option
def swot(folder: Path, draft: bool, csv_file: Path | None, coder: str | None) -> None:
    """Show one row per SWOT line, after drafting when asked to."""
    with deciding(folder, coder) if draft else opened(folder) as study:
        added = study.swot.draft() if draft else None
        frame = study.swot.table()
        if added is not None:
            say(f"Lade till {counted(added, 'rad', 'rader')}." if added else _NO_LINES)
        if added is None or csv_file or not frame.empty:
            show(study, "swot", frame, csv_file)


@click.command(help="Visa åtgärderna per ansvarig part. Med --draft görs först ett utkast ur svagheterna i SWOT.")
@folder_argument
@_draft_option
@csv_option
@coder_option
def measures(folder: Path, draft: bool, csv_file: Path | None, coder: str | None) -> None:
    """Show one row per measure, after drafting when asked to."""
    with deciding(folder, coder) if draft else opened(folder) as study:
        added = study.measures.draft() if draft else None
        frame = study.measures.table()
        if added is not None:
            say(f"Lade till {counted(added, 'åtgärd', 'åtgärder')}." if added else _NO_MEASURES)
        if added is None or csv_file or not frame.empty:
            show(study, "measures", frame, csv_file)
