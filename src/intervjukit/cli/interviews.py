"""Commands about the interviews: reading them in, looking at them, settling what was doubtful."""

from __future__ import annotations

from pathlib import Path

import click

from intervjukit.cli.options import PATH, coder_option, csv_option, deciding, folder_argument, opened
from intervjukit.cli.tables import VIEWS, Namer, show
from intervjukit.cli.terminal import Column, called, counted, progress, say, shown, table
from intervjukit.errors import IntervjukitError

_ROLES = {"interviewer": "I", "respondent": "R", "note": "Not"}


@click.command(
    help="Läs in intervjuer från Word-, text- och VTT-filer.\n\n"
    "Filer och mappar kan blandas. "
    "Programmet tar reda på grupp, person, talare och bakgrund, och vilken fråga i guiden varje svar hör till. "
    "Det som är tveksamt visas av doubts. Går någon fil inte att läsa får du veta varför; de andra läses in, "
    "och slutkoden blir 1."
)
@folder_argument
@click.argument("places", metavar="FIL_ELLER_MAPP …", nargs=-1, required=True, type=PATH)
@coder_option
@click.pass_context
def add_transcripts(ctx: click.Context, folder: Path, places: tuple[Path, ...], coder: str | None) -> None:
    """Read in interviews and say what became of each; exit code 1 when one was refused."""
    with opened(folder, coder) as study, progress() as line:
        added = study.add_transcripts(*places, progress=line)
    say(f"Läste in {counted(len(added.added), 'intervju', 'intervjuer')}{_listed(added.added)}.")
    if added.known:
        say(f"Fanns redan: {', '.join(added.known)}.")
    if added.doubts:
        say(f"{counted(added.doubts, 'tveksamhet', 'tveksamheter')} att ta ställning till. Se dem med:")
        say(f"  {called()} doubts {shown(folder)}")
    if added.refused:
        _tell_refused(added.refused)
        ctx.exit(1)


def _listed(names: tuple[str, ...]) -> str:
    return f": {', '.join(names)}" if names else ""


def _tell_refused(refused: tuple[tuple[str, IntervjukitError], ...]) -> None:
    say(f"Fel: {counted(len(refused), 'fil', 'filer')} lästes inte in:", err=True)
    for name, error in refused:
        problem = error.problem if name in error.problem else f"{name}: {error.problem}"
        say(f"  {problem}\n    Gör så här: {error.fix}", err=True)


@click.command(help="Visa studiens intervjuer, en per rad.")
@folder_argument
@csv_option
def transcripts(folder: Path, csv_file: Path | None) -> None:
    """Show one row per interview."""
    with opened(folder) as study:
        show(study, "transcripts", study.transcripts(), csv_file)


@click.command(
    help="Visa en intervju som den lästes in, replik för replik.\n\n"
    "Vid varje fråga står den fråga i guiden den hör till. Citat att koda kan kopieras härifrån."
)
@folder_argument
@click.argument("respondent", metavar="PERSON")
@click.option("--wave", default=1, metavar="NR", show_default=True, help="Omgång, i studier med flera.")
def transcript(folder: Path, respondent: str, wave: int) -> None:
    """Print one interview."""
    with opened(folder) as study:
        found = study.transcript(respondent, wave=wave)
    say(f"{found.respondent}, {found.date or 'utan datum'}, {found.source}\n")
    for turn in found.turns:
        question = f" [{turn.question}]" if turn.role == "interviewer" and turn.question else ""
        say(f"{_ROLES[turn.role]}:{question} {found.turn_text(turn)}\n")


@click.command(help="Visa personerna med grupp och bakgrund, en per rad.")
@folder_argument
@csv_option
def respondents(folder: Path, csv_file: Path | None) -> None:
    """Show one row per respondent."""
    with opened(folder) as study:
        show(study, "respondents", study.respondents(), csv_file)


@click.command(
    help="Visa vilka av guidens frågor varje intervju har svar på.\n\n"
    "Med --csv skrivs en rad per intervju och fråga, med antalet ord i svaret."
)
@folder_argument
@csv_option
def coverage(folder: Path, csv_file: Path | None) -> None:
    """Show one row per interview: how many questions were answered, and which were not."""
    with opened(folder) as study:
        frame, namer = study.coverage(), Namer(study)
        if csv_file or frame.empty:
            show(study, "coverage", frame, csv_file)
            return
    people: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for row in frame.to_dict("records"):
        key = (str(row["respondent"]), str(row["group"]))
        people.setdefault(key, []).append((str(row["question"]), int(row["words"])))
    missing = [[question for question, words in asked if not words] for asked in people.values()]
    answered = [
        f"{len(asked) - len(without)} av {len(asked)}" for asked, without in zip(people.values(), missing, strict=True)
    ]
    say(
        table(
            [
                Column("Person", [respondent for respondent, _ in people]),
                Column("Grupp", [namer.shown("group", group)[0] for _, group in people]),
                Column("Besvarade", answered, right=True),
                Column("Ord", [str(sum(n for _, n in asked)) for asked in people.values()], right=True),
                Column("Utan svar", [", ".join(without) for without in missing], text=True),
            ]
        )
    )
    say(counted(len(people), VIEWS["transcripts"].one, VIEWS["transcripts"].many))


@click.command(
    help="Visa det som var tveksamt när intervjuerna lästes in.\n\nVarje rad säger hur den avgörs; gör det med settle."
)
@folder_argument
@csv_option
def doubts(folder: Path, csv_file: Path | None) -> None:
    """Show one row per unsettled doubt."""
    with opened(folder) as study:
        frame = study.doubts.table()
        show(study, "doubts", frame, csv_file)
    if csv_file or frame.empty:
        return
    say("\nGör så här:")
    for row in frame.drop_duplicates(["kind", "fix"]).to_dict("records"):
        say(f"  {row['kind']}: {row['fix']}")
    say(f"Avgör en med: {called()} settle {shown(folder)} NR --coder NAMN")


@click.command(
    help="Avgör en tveksamhet från inläsningen.\n\n"
    "Utan --question godtas den som den står. NR är tveksamhetens nummer i listan från doubts."
)
@folder_argument
@click.argument("doubt", metavar="NR", type=int)
@click.option(
    "--question",
    metavar="FRÅGA",
    help="Frågans id i gruppens guide (se coverage), eller ”följdfråga” om den inte är någon egen fråga.",
)
@coder_option
def settle(folder: Path, doubt: int, question: str | None, coder: str | None) -> None:
    """Settle one doubt."""
    with deciding(folder, coder) as study:
        study.doubts.settle(doubt, question="följdfråga" if question == "foljdfraga" else question)
        left = len(study.doubts.table())
    say(f"Tveksamhet {doubt} är avgjord. {counted(left, 'tveksamhet', 'tveksamheter')} kvar.")
