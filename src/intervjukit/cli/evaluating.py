"""Commands that compare: how alike the coders are, how good the suggestions, and the blind sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from intervjukit.cli.options import (
    PATH,
    coder_option,
    csv_option,
    deciding,
    folder_argument,
    new_file,
    opened,
    write_whole,
)
from intervjukit.cli.tables import Frame, Namer
from intervjukit.cli.terminal import Column, called, counted, progress, say, shown, table
from intervjukit.core.agreement import WANTED_RECALL
from intervjukit.core.blind import PER_GROUP
from intervjukit.core.comparison_words import decimal, percent

if TYPE_CHECKING:
    from intervjukit.analysis.agreement import AgreementTables
    from intervjukit.study import Study

_SUGGESTER = "suggester"
_HEADS: Mapping[str, str] = {
    "about": "Skiljer i",
    "acceptance": "Godtaget",
    "accepted": "Rätt förslag",
    "alpha": "Alfa",
    "among_three": "Bland tre",
    "both": "Samma",
    "coded": "Kodade",
    "coder": "Kodare",
    "codings": "Kodningar",
    "drawn": "Dragna",
    "end": "Slut",
    "enough": "Nog underlag",
    "f1": "F1",
    "facet": "Sort",
    "found": "Hittade",
    "found_complete": "Hittade, fullständigt",
    "group": "Grupp",
    "high": "Högst",
    "id": "Nr",
    "interviews": "Intervjuer",
    "kappa": "Kappa",
    "learned": "Lärt av",
    "low": "Lägst",
    "macro": "F1 tema, lika vikt",
    "micro": "F1 tema",
    "name": "Tema",
    "per_true": "Per ställe",
    "place": "Nr",
    "precision": "Rätt",
    "quote": "Ställe",
    "read_complete": "Visas, fullständigt",
    "recall": "Hittat",
    "recall_complete": "Hittat, fullständigt",
    "respondent": "Person",
    "saved": "Sparat",
    "saved_so_far": "Sparat hittills",
    "settled": "Avgjorda",
    "shown": "Visade",
    "start": "Början",
    "status": "Läge",
    "transcript": "Intervju",
    "true": "Kodningar",
    "value": "Värde",
    "work_saved": "Sparad läsning",
}
_SHARES = frozenset(
    """precision recall f1 micro macro among_three acceptance saved saved_so_far work_saved low high
    recall_complete read_complete""".split()
)
_ON_SCREEN: Mapping[str, tuple[str, ...]] = {
    "groups": ("group", "one", "other", "f1", "micro", "*", "among_three", "saved"),
    "codes": ("name", "one", "other", "both", "f1", "kappa", "alpha", "among_three", "work_saved"),
    "facets": ("facet", "value", "one", "other", "both", "f1", "kappa", "alpha"),
    "course": ("place", "respondent", "group", "learned", "true", "shown", "accepted", "acceptance", "saved_so_far"),
    "disagreements": ("respondent", "about", "quote", "code", "other_code"),
}
_TABLES = tuple(_ON_SCREEN)
_SHORT = {"micro": "Tema", "recall_complete": "Fullständigt"}
"""Heads on the screen, where they have to be short."""
_LEGEND = "Först antal ställen. F1: överens om var. Därefter på samma ställen: samma tema och samma värden"
_LEGEND_MACHINE = ", rätt tema bland de tre troligaste, sparade knapptryck."
_STATUS = {"open": "öppet", "coded": "kodat", "nothing": "inget att koda"}
_PLACE = "stället"
"""What differs where only one has coded."""


@click.command(
    help="Visa hur lika ni kodar, eller hur bra programmets förslag är.\n\n"
    "Utan --against prövas förslagen mot kodningarna, alltid på intervjuer som programmet inte har lärt sig av. "
    "Med --against NAMN jämförs två kodare i de intervjuer som båda har kodat. En sammanfattning i ord kommer "
    "först, sedan en tabell."
)
@folder_argument
@click.option("--coder", metavar="NAMN", help="Den kodare som räknas som facit; annars allas kodningar.")
@click.option(
    "--against",
    default=_SUGGESTER,
    show_default=True,
    metavar="NAMN",
    help="Den andra kodaren, eller suggester för programmets förslag.",
)
@click.option(
    "--by",
    type=click.Choice(("group", "respondent", "order")),
    default="group",
    show_default=True,
    metavar="SÄTT",
    help="Vad förslagen inte får ha lärt sig av: group (hela gruppen), respondent (personen) eller order (det som "
    "kodades senare; visar hur förslagen blir bättre med tiden).",
)
@click.option(
    "--table",
    "which",
    type=click.Choice(_TABLES),
    metavar="TABELL",
    help="groups (per grupp), codes (per tema), facets (slag, part, skede), course (per intervju, med --by order) "
    "eller disagreements (där ni skiljer er). Annars groups.",
)
@csv_option
@click.option("--docx", metavar="FIL.docx", type=PATH, callback=new_file(".docx"), help="Skriv en bilaga i Word.")
@click.option("--png", metavar="FIL.png", type=PATH, callback=new_file(".png"), help="Skriv figuren som bild.")
def evaluate(
    folder: Path,
    coder: str | None,
    against: str,
    by: Literal["group", "respondent", "order"],
    which: str | None,
    csv_file: Path | None,
    docx: Path | None,
    png: Path | None,
) -> None:
    """Compare and show, or write to files."""
    with opened(folder) as study:
        if against == _SUGGESTER:
            with progress() as line:
                made = study.agreement.with_suggester(coder, by, progress=line)
        elif coder:
            made = study.agreement.between(coder, against)
        else:
            raise click.UsageError("Ange med --coder vem som ska jämföras med den andra kodaren.")
        say("\n".join(f"• {line}" for line in made.told))
        _show(study, made, which or "groups", csv_file)
        if docx:
            study.agreement.appendix(made, docx)
            say(f"Skrev bilagan till {docx}.")
        if png:
            _write_picture(png, made.chart().png)
            say(f"Skrev figuren till {png}.")


def _write_picture(path: Path, picture: bytes) -> None:
    def write(part: Path) -> None:
        part.write_bytes(picture)

    write_whole(path, write)


def _show(study: Study, made: AgreementTables, which: str, csv_file: Path | None) -> None:
    frame: Frame = getattr(made, which)
    names = {"one": made.comparison.one, "other": made.comparison.other}
    if csv_file:
        _write(study, frame, names, csv_file)
    elif not len(frame):
        say("\nTabellen är tom." if which != "course" else "\nFörloppet visas med --by order.")
    else:
        facets = list(made.comparison.whole.facets)
        wanted = [part for name in _ON_SCREEN[which] for part in (facets if name == "*" else [name])]
        say()
        say(_table(study, frame, names, [name for name in wanted if name in list(frame)]))
        if which == "groups":
            say(f"{_LEGEND}{_LEGEND_MACHINE if made.comparison.machine else '.'}")


def _table(study: Study, frame: Frame, names: Mapping[str, str], wanted: Sequence[str]) -> str:
    rows, namer = frame.to_dict("records"), Namer(study)
    columns = []
    for column in wanted:
        cells = [_cell(namer, column, row) for row in rows]
        number = isinstance(rows[0][column], int | float) and column not in ("value", "facet")
        text = column in ("quote", "code", "other_code", "name", "group", "about")
        head = names.get(column) or _SHORT.get(column) or _head(namer, names, column)
        columns.append(Column(head, cells, text, column == "quote", number))
    return table(columns)


def _head(namer: Namer, names: Mapping[str, str], column: str) -> str:
    """Return a column's head: the coders are called by name."""
    if column.startswith("other_"):
        return f"{_head(namer, names, column.removeprefix('other_'))} ({names['other']})"
    if column in ("one", "other"):
        return f"Ställen {names[column]}"
    return _HEADS.get(column) or namer.head(column)


def _cell(namer: Namer, column: str, row: Mapping[Any, Any], *, whole: bool = False) -> str:
    """Return a cell as shown: shares as percent on the screen and as numbers in files (``whole``)."""
    value = row[column]
    plain = column.removeprefix("other_")
    if isinstance(value, float) or value is None:
        number = None if value is None or value != value else value
        facet_share = column not in ("kappa", "alpha", "per_true")
        if whole:
            return "" if number is None else decimal(number, 3)
        return percent(number) if facet_share else decimal(number)
    if column == "about":
        return ", ".join(_PLACE if part == "place" else namer.head(part).lower() for part in value)
    if column == "value":
        return ", ".join(namer.shown(row["facet"], value)) if value else "(alla)"
    if column == "facet":
        return namer.head(value)
    if column == "group" and value == "":
        return "Alla"
    if column == "status":
        return _STATUS[value]
    if column == "quote":
        other = row.get("other_quote", "")
        return " ".join((value if whole else value or other).split())
    return (" | " if whole else ", ").join(namer.shown(plain, value))


def _write(study: Study, frame: Frame, names: Mapping[str, str], path: Path) -> None:
    """Write the whole table for Excel, complete or not at all."""
    from intervjukit.formats.decisions import write_table

    namer, columns = Namer(study), [str(name) for name in frame]
    rows = [[_cell(namer, column, row, whole=True) for column in columns] for row in frame.to_dict("records")]
    heads = [_head(namer, names, column) for column in columns]
    write_whole(path, lambda part: write_table(part, heads, rows))
    say(f"Skrev {counted(len(rows), 'rad', 'rader')} till {path}.")


@click.command(
    help="Ha ett blint urval: ställen som kodas utan att förslagen syns.\n\n"
    "Det visar ärligt hur mycket förslagen hittar, och om de styr dig. Dra urvalet innan du börjar koda (--draw), koda "
    "ställena som vanligt med code, och säg sedan vilka som är klara (--done NR). Det du inte har kodat räknas då som "
    "att det inte fanns något att koda. Utan val visas listan och hur långt du har kommit."
)
@folder_argument
@click.option("--draw", is_flag=True, help="Dra ett nytt urval.")
@click.option(
    "--per-group",
    type=click.IntRange(1, 500),
    default=PER_GROUP,
    show_default=True,
    metavar="ANTAL",
    help="Hur många ställen som dras i varje grupp.",
)
@click.option("--seed", type=int, default=1, show_default=True, metavar="TAL", help="Samma tal ger samma urval.")
@click.option("--done", type=int, multiple=True, metavar="NR", help="Ett ställe som är klart; kan upprepas.")
@click.option("--result", is_flag=True, help="Visa vad urvalet säger om förslagen.")
@click.option(
    "--calibrate",
    is_flag=True,
    help=f"Låt urvalet bestämma hur mycket det fullständiga läget visar, så att {WANTED_RECALL:.0%} hittas.".replace(
        "%", " %"
    ),
)
@csv_option
@coder_option
def blind(
    folder: Path,
    draw: bool,
    per_group: int,
    seed: int,
    done: tuple[int, ...],
    result: bool,
    calibrate: bool,
    csv_file: Path | None,
    coder: str | None,
) -> None:
    """Draw, settle, show or use the blind sample."""
    with deciding(folder, coder) if draw or done or calibrate else opened(folder, coder) as study:
        if draw:
            number = study.agreement.draw_blind(per_group, seed=seed)
            say(f"Drog {counted(number, 'ställe', 'ställen')}. Förslag på dem visas inte förrän de är avgjorda.")
        if done:
            settled = study.agreement.settle_blind(*done)
            say(f"Avgjorda: {settled['coded']} kodade, {settled['nothing']} utan något att koda.")
        if calibrate:
            with progress() as line:
                least = study.agreement.calibrate(progress=line)
            say(f"Det fullständiga läget visar nu förslag från poängen {decimal(least)}.")
        if result:
            _tell_blind(study, csv_file)
        elif not calibrate:
            _list_blind(study, csv_file)


def _tell_blind(study: Study, csv_file: Path | None) -> None:
    with progress() as line:
        made = study.agreement.blind(progress=line)
    say("\n".join(f"• {told}" for told in made.told))
    if csv_file:
        _write(study, made.groups, {}, csv_file)
    else:
        wanted = ["group", "drawn", "settled", "coded", "found", "recall", "low", "high", "recall_complete"]
        say()
        say(_table(study, made.groups, {}, wanted))


def _list_blind(study: Study, csv_file: Path | None) -> None:
    frame = study.agreement.blind_places()
    left = study.agreement.blind_places(status="open")
    if csv_file:
        _write(study, frame, {}, csv_file)
    elif frame.empty:
        say("Inget blint urval är draget.")
        say(f"Dra ett med: {called()} blind {shown(study.folder)} --draw")
    else:
        if len(left):
            say(_table(study, left, {}, ["id", "respondent", "quote", "coder"]))
        say(f"{len(frame) - len(left)} av {counted(len(frame), 'ställe är avgjort', 'ställen är avgjorda')}.")
