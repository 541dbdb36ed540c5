"""Coding by comments in Word: interviews out, and commented ones back."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intervjukit.cli.options import PATH, coder_option, deciding, folder_argument, opened
from intervjukit.cli.terminal import called, counted, cut, say, shown
from intervjukit.core.coding import Coding
from intervjukit.core.comments import label_text
from intervjukit.core.text import squeeze

if TYPE_CHECKING:
    from intervjukit.comments import CommentPlan
    from intervjukit.core.codebook import Codebook
    from intervjukit.core.coding import Memo
    from intervjukit.core.comment_plan import FilePlan, Step

_MOST = 40
_QUOTE = 60
_HEADS: Mapping[str, str] = {
    "code": "Nya kodningar",
    "recode": "Ändrade kodningar",
    "uncode": "Kodningar vars kommentar är borta",
    "note": "Nya anteckningar",
    "renote": "Ändrade anteckningar",
    "unnote": "Anteckningar vars kommentar är borta",
}


@click.group(
    help="Koda med kommentarer i Word: skriv ut intervjuer med write, läs in dem med read.\n\n"
    "En kollega utan programmet kodar i Word eller LibreOffice genom att skriva kodens namn i en kommentar. "
    "Det hen har gjort visas innan något sparas.",
    subcommand_metavar="write|read …",
)
def comments() -> None:
    """Hold the two commands."""


@comments.command(
    options_metavar="[VAL]",
    help="Skriv intervjuer som Word med kodningarna som kommentarer.\n\n"
    "UT är en mapp, med en fil per intervju, eller en fil som slutar på .docx om det är en enda.",
)
@folder_argument
@click.argument("target", metavar="UT", type=PATH)
@click.option("--respondent", metavar="PERSON", help="Bara den personens intervju, till exempel S01.")
@click.option("--coder", metavar="NAMN", help="Bara den kodarens kodningar.")
@click.option("--blank", is_flag=True, help="Inga kommentarer alls, så att en andra kodare inte påverkas.")
@click.option("--codebook", is_flag=True, help="Lägg kodboken sist i filen.")
@click.option("--force", is_flag=True, help="Skriv över filer som redan finns.")
def write(
    folder: Path,
    target: Path,
    respondent: str | None,
    coder: str | None,
    blank: bool,
    codebook: bool,
    force: bool,
) -> None:
    """Write interviews with their codings as comments."""
    with opened(folder) as study:
        files = study.comments.write(
            target, respondent=respondent, coder=coder, blank=blank, codebook=codebook, force=force
        )
    place = target if len(files) == 1 and files[0] == target else files[0].parent
    say(f"Skrev {counted(len(files), 'intervju', 'intervjuer')}: {place}.")
    say(f"Läs in dem igen med: {called()} comments read {shown(folder)} FIL.docx --coder NAMN")


@comments.command(
    options_metavar="[VAL]",
    help="Läs in kommenterade intervjuer och visa vad som skulle göras; med --yes görs det.\n\n"
    "En kommentar som ”kod: väntetider, flaskhals, vård” blir en kodning av den som har skrivit den. Annan text blir "
    "en anteckning. Kommentarer som ingen har rört säger inget nytt, så en fil kan läsas in flera gånger.",
)
@folder_argument
@click.argument("files", metavar="FIL.docx …", nargs=-1, required=True, type=PATH)
@click.option("--from", "by", metavar="KODARE", help="Kodaren som har arbetat i filerna; det som är ändrat blir hens.")
@click.option("--as", "names", metavar='"NAMN=KODARE"', multiple=True, help="Vem en kommentars författare är.")
@click.option("--respondent", metavar="PERSON", help="Vems intervju det är, om filen inte säger det.")
@click.option("--remove", is_flag=True, help="Ta också bort kodningar och anteckningar vars kommentar är borta.")
@click.option("--yes", is_flag=True, help="Gör det som visas, utan att fråga.")
@coder_option
def read(
    folder: Path,
    files: tuple[Path, ...],
    by: str | None,
    names: tuple[str, ...],
    respondent: str | None,
    remove: bool,
    yes: bool,
    coder: str | None,
) -> None:
    """Show what commented interviews mean and, when told so, save it."""
    with deciding(folder, coder) as study:
        plan = study.comments.read(*files, by=by, names=_named(names), respondent=respondent)
        for file in plan.files:
            _tell_file(file, study.codebook)
        plan.check()
        wanted = [step for step in plan.steps if remove or step not in plan.removals]
        if plan.removals and not remove:
            say("Det som är borta står kvar i studien; ta bort det med --remove.")
        if not wanted:
            say("Inget nytt att spara.")
        elif yes or _asked(plan):
            done = plan.apply(remove=remove)
            say(f"Sparade {counted(done, 'ändring', 'ändringar')}. Ångra med undo.")
        else:
            say("Inget är sparat. Kör igen med --yes när det ser rätt ut.")


def _named(names: Sequence[str]) -> dict[str, str]:
    """Return coders by author from options written "Björn Lund=BL"."""
    found = {}
    for name in names:
        author, equals, coder = name.rpartition("=")
        if not equals or not author.strip() or not coder.strip():
            raise click.UsageError(f'”{name}” ska skrivas "Namn=kodare", till exempel "Björn Lund=BL".')
        found[author.strip()] = coder.strip()
    return found


def _asked(plan: CommentPlan) -> bool:
    """Ask a person at a terminal whether to go on; nobody else is asked."""
    return sys.stdin.isatty() and click.confirm("Ska det sparas?", default=False)


def _tell_file(file: FilePlan, codebook: Codebook) -> None:
    same = counted(file.untouched, "kommentar är som den gick ut", "kommentarer är som de gick ut")
    say(f"{file.source} ({file.respondent}): {same}.")
    if file.edited:
        say("  Texten är ändrad i filen. Studiens text gäller; ställena är sökta där och de osäkra märkta med ?.")
    if file.resolved:
        say(
            f"  {counted(file.resolved, 'kommentar är markerad', 'kommentarer är markerade')} som löst; de räknas ändå."
        )
    if file.kept:
        what = counted(file.kept, "kommentar är borta", "kommentarer är borta")
        say(f"  {what} som är någon annans; deras kodningar står kvar.")
    for kind, head in _HEADS.items():
        steps = [step for step in file.steps if step.kind == kind]
        if steps:
            say(f"  {head}: {len(steps)}")
        for step in sorted(steps, key=lambda step: not step.unsure)[:_MOST]:
            _tell_step(step, codebook)
        if len(steps) > _MOST:
            say(f"    … och {len(steps) - _MOST} till")


def _tell_step(step: Step, codebook: Codebook) -> None:
    about = step.about
    where = f"”{cut(squeeze(about.quote), _QUOTE)}”" if about.quote else "hela intervjun"
    told = _told(about, codebook)
    if step.kind in ("recode", "renote") and step.before and (was := _told(step.before, codebook)) != told:
        told = f"{was} → {told}"
    elif step.kind == "recode" and step.before and step.before.quote != about.quote:
        where = f"”{cut(squeeze(step.before.quote), _QUOTE)}” → {where}"
    say(f"  {'?' if step.unsure else ' '} {where}: {told}{f' ({step.unsure})' if step.unsure else ''}")


def _told(about: Coding | Memo, codebook: Codebook) -> str:
    """Return what is said of a place, and by whom."""
    if isinstance(about, Coding):
        return f"{label_text(about, codebook)} ({about.coder})"
    return f"{cut(squeeze(about.text), _QUOTE)} ({about.author})"
