"""Commands that code: the machine's suggestions, what is decided on them, and coding by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from intervjukit.cli.options import (
    PATH,
    coder_option,
    csv_option,
    deciding,
    facet_options,
    facet_values,
    folder_argument,
    opened,
    share,
)
from intervjukit.cli.tables import Namer, show
from intervjukit.cli.terminal import called, counted, cut, progress, say, shown
from intervjukit.core.choices import code_id
from intervjukit.errors import NotFoundError

if TYPE_CHECKING:
    from intervjukit.core.coding import Coding
    from intervjukit.study import Study

_SCREENFUL = 30
_STATUSES = ("open", "accepted", "changed", "rejected", "all")


@click.command(
    help="Låt programmet föreslå kodningar i det personerna säger.\n\n"
    "Öppna förslag från förut ersätts. De som redan är avgjorda står kvar och föreslås inte igen. "
    "Förslag räknas aldrig som kodningar förrän någon har godtagit dem."
)
@folder_argument
def suggest(folder: Path) -> None:
    """Make suggestions and say how many are open."""
    with opened(folder) as study, progress() as line:
        number = study.suggest(progress=line)
        scores = [float(score) for score in study.suggestions()["score"]]
    say(f"{counted(number, 'öppet förslag', 'öppna förslag')}.")
    if number:
        say(f"Se dem med: {called()} suggestions {shown(folder)}")
    if least := _surest(scores):
        surest = sum(score >= least for score in scores)
        told = "det säkraste" if surest == 1 else f"de {surest} säkraste"
        say(f"Bara {told}: {called()} suggestions {shown(folder)} --least {str(least).replace('.', ',')}")


def _surest(scores: Sequence[float]) -> float | None:
    """Return the score that leaves a screenful or less of suggestions, but some; None when none does so."""
    for least in (0.5, 0.6, 0.7, 0.8, 0.9):
        left = sum(score >= least for score in scores)
        if 0 < left <= _SCREENFUL and left < len(scores):
            return least
    return None


@click.command(help="Visa förslagen med poäng och skäl, en per rad.")
@folder_argument
@click.option(
    "--status",
    type=click.Choice(_STATUSES),
    default="open",
    show_default=True,
    metavar="LÄGE",
    help="open (öppna), accepted (godtagna), changed (ändrade), rejected (avvisade) eller all (alla).",
)
@click.option("--respondent", metavar="PERSON", help="Visa bara den personens förslag, till exempel S01.")
@click.option("--code", metavar="KOD", help="Visa bara förslag med den koden.")
@click.option("--least", callback=share, metavar="POÄNG", help="Visa bara förslag med minst den poängen, 0–1.")
@csv_option
def suggestions(
    folder: Path,
    status: str,
    respondent: str | None,
    code: str | None,
    least: float | None,
    csv_file: Path | None,
) -> None:
    """Show one row per suggestion."""
    with opened(folder) as study:
        frame = study.suggestions(status=None if status == "all" else status)
        if respondent:
            study.transcript(respondent)
            frame = frame[frame["respondent"] == respondent]
        if code:
            frame = frame[frame["code"] == code_id(study.codebook, code)]
        if least is not None:
            frame = frame[frame["score"] >= least]
        show(study, "suggestions", frame, csv_file)


@click.command(
    help="Godta förslag, som de är eller ändrade.\n\n"
    "NR är förslagens nummer i listan från suggestions. Kod, slag, part och skede som "
    "anges gäller alla. Är något nummer fel godtas inget av dem."
)
@folder_argument
@click.argument("numbers", metavar="NR …", nargs=-1, required=True, type=int)
@click.option("--code", metavar="KOD", help="En annan kod än den föreslagna.")
@facet_options
@coder_option
def accept(
    folder: Path,
    numbers: tuple[int, ...],
    code: str | None,
    valence: str | None,
    party: str | None,
    phase: str | None,
    coder: str | None,
) -> None:
    """Make suggestions codings."""
    with deciding(folder, coder) as study:
        facets = facet_values(study.codebook, {"valence": valence, "party": party, "phase": phase})
        chosen = code_id(study.codebook, code) if code else None
        for number in _all_open(study, numbers):
            coding = study.accept(
                number, code=chosen, valence=facets["valence"], party=facets["party"], phase=facets["phase"]
            )
            say(f"Godtog förslag {number} som {_told(study, coding)}")
            _tell_missing(coding)


@click.command(help="Avvisa förslag; de föreslås inte igen.\n\nÄr något nummer fel avvisas inget.")
@folder_argument
@click.argument("numbers", metavar="NR …", nargs=-1, required=True, type=int)
@coder_option
def reject(folder: Path, numbers: tuple[int, ...], coder: str | None) -> None:
    """Turn suggestions down."""
    with deciding(folder, coder) as study:
        rejected = _all_open(study, numbers)
        for number in rejected:
            study.reject(number)
    say(f"Avvisade {counted(len(rejected), 'förslag', 'förslag')}.")


def _all_open(study: Study, numbers: tuple[int, ...]) -> list[int]:
    """Return the numbers, each once, when all are open suggestions; otherwise NotFoundError naming the rest."""
    from intervjukit.deciding import DECIDED

    frame = study.suggestions(status=None)
    status = dict(zip(frame["id"], frame["status"], strict=True))
    wanted = list(dict.fromkeys(numbers))
    wrong = [
        f"Förslag {number} är redan {DECIDED[status[number]]}." for number in wanted if status.get(number) in DECIDED
    ]
    if missing := [str(number) for number in wanted if number not in status]:
        wrong.append(f"Inget förslag har nummer {', '.join(missing)}.")
    if wrong:
        raise NotFoundError(
            " ".join(wrong),
            fix="Se de öppna förslagen med suggestions; inget har ändrats.",
        )
    return wanted


def _told(study: Study, coding: Coding) -> str:
    """Return a coding in words: number, theme, facets, respondent and the beginning of the quote."""
    namer = Namer(study)
    parts = namer.shown("code", coding.code)
    parts += [namer.shown(facet, value)[0] for facet, value in coding.facets.items()]
    return f"kodning {coding.id}: {', '.join(parts)} ({coding.respondent}: ”{cut(coding.quote, 60)}”)"


def _tell_missing(coding: Coding) -> None:
    """Say what a coding without valence or party is left out of."""
    if not coding.valence:
        say("Utan slag räknas den inte bland fynden. Ange det med change och --valence.")
    if not coding.party:
        say("Utan part räknas den inte när grupperna jämförs, och inte i SWOT. Ange den med change och --party.")


@click.command(
    help="Koda ett citat för hand.\n\n"
    "CITAT är personens egna ord, ordagrant och ur en enda replik (se transcript). KOD skrivs som id eller namn "
    "(se codebook)."
)
@folder_argument
@click.argument("respondent", metavar="PERSON")
@click.argument("quote", metavar="CITAT")
@click.argument("theme", metavar="KOD")
@facet_options
@click.option("--wave", default=1, metavar="NR", show_default=True, help="Omgång, i studier med flera.")
@coder_option
def code(
    folder: Path,
    respondent: str,
    quote: str,
    theme: str,
    valence: str | None,
    party: str | None,
    phase: str | None,
    wave: int,
    coder: str | None,
) -> None:
    """Code one quote."""
    with deciding(folder, coder) as study:
        facets = facet_values(study.codebook, {"valence": valence, "party": party, "phase": phase})
        coding = study.code(
            respondent,
            quote,
            code_id(study.codebook, theme),
            wave=wave,
            valence=facets["valence"],
            party=facets["party"],
            phase=facets["phase"],
        )
        say(f"Sparade {_told(study, coding)}")
        _tell_missing(coding)


@click.command(
    help='Ändra en kodnings kod, slag, part eller skede. Tomt värde ("") tar bort det.\n\n'
    "NR är kodningens nummer i listan från codings."
)
@folder_argument
@click.argument("number", metavar="NR", type=int)
@click.option("--code", "theme", metavar="KOD", help="Den nya koden.")
@facet_options
@coder_option
def change(
    folder: Path,
    number: int,
    theme: str | None,
    valence: str | None,
    party: str | None,
    phase: str | None,
    coder: str | None,
) -> None:
    """Change one coding."""
    given = {"valence": valence, "party": party, "phase": phase}
    if theme is None and all(value is None for value in given.values()):
        raise click.UsageError("Det är inte sagt vad som ska ändras: ange --code, --valence, --party eller --phase.")
    with deciding(folder, coder) as study:
        facets = facet_values(study.codebook, given)
        chosen = code_id(study.codebook, theme) if theme else None
        coding = study.change(
            number, code=chosen, valence=facets["valence"], party=facets["party"], phase=facets["phase"]
        )
        say(f"Ändrade till {_told(study, coding)}")
        _tell_missing(coding)


@click.command(help="Ta bort en kodning. Den finns kvar i historiken och går att ångra med undo.")
@folder_argument
@click.argument("number", metavar="NR", type=int)
@coder_option
def uncode(folder: Path, number: int, coder: str | None) -> None:
    """Take one coding away."""
    with deciding(folder, coder) as study:
        study.uncode(number)
    say(f"Tog bort kodning {number}.")


@click.command(help="Visa kodningarna, en per rad.")
@folder_argument
@csv_option
def codings(folder: Path, csv_file: Path | None) -> None:
    """Show one row per coding."""
    with opened(folder) as study:
        show(study, "codings", study.codings(), csv_file)


@click.command(
    help="Ta in en kodares beslut från en CSV-fil.\n\n"
    "Alla tas in, eller inga om någon rad är fel. Kolumner: file (eller respondent), quote, code och "
    "de slag, parter och skeden kodboken har (valence, "
    "party, phase)."
)
@folder_argument
@click.argument("file", metavar="FIL.csv", type=PATH)
@coder_option
def add_codings(folder: Path, file: Path, coder: str | None) -> None:
    """Take in codings from a file."""
    with deciding(folder, coder) as study:
        number = study.add_codings(file)
    say(f"Tog in {counted(number, 'kodning', 'kodningar')} från {file.name}.")
