"""Commands about the interviews: reading them in, looking at them, settling what was doubtful."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from intervjukit.cli.options import PATH, coder_option, csv_option, deciding, folder_argument, opened
from intervjukit.cli.tables import VIEWS, Namer, show
from intervjukit.cli.terminal import Column, called, counted, progress, say, shown, table
from intervjukit.core.transcript import nearest_respondent
from intervjukit.errors import IntervjukitError, NotFoundError

if TYPE_CHECKING:
    from intervjukit.study import Study

_AS_WORD = ("spara som .docx", (".doc", ".odt", ".rtf", ".pdf", ".pages", ".docm", ".dotx", ".htm", ".html"))
_AS_TEXT = ("skriv ut den först", (".mp3", ".m4a", ".wav", ".mp4", ".wma", ".mov", ".ogg", ".aac"))
_UNPACKED = ("packa upp den först", (".zip", ".7z", ".rar"))
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
@click.option(
    "--replace",
    is_flag=True,
    help="Låt en rättad fil ersätta den intervju som redan finns med samma person och omgång. "
    "Går inte när intervjun är kodad.",
)
@coder_option
@click.pass_context
def add_transcripts(
    ctx: click.Context, folder: Path, places: tuple[Path, ...], replace: bool, coder: str | None
) -> None:
    """Read in interviews and say what became of each; exit code 1 when one was refused."""
    with opened(folder, coder) as study, progress() as line:
        added = study.add_transcripts(*places, replace=replace, progress=line)
    if added.added or not added.replaced:
        say(f"Läste in {counted(len(added.added), 'intervju', 'intervjuer')}{_listed(added.added)}.")
    if added.replaced:
        say(f"Ersatte {counted(len(added.replaced), 'intervju', 'intervjuer')}{_listed(added.replaced)}.")
    if added.known:
        say(f"Fanns redan: {', '.join(added.known)}.")
    if added.skipped:
        say(f"Hoppade över: {', '.join(map(_with_advice, added.skipped))}")
    if added.doubts:
        say(f"{counted(added.doubts, 'tveksamhet', 'tveksamheter')} att ta ställning till. Se dem med:")
        say(f"  {called()} doubts {shown(folder)}")
    if added.refused:
        _tell_refused(added.refused)
        ctx.exit(1)


def _listed(names: tuple[str, ...]) -> str:
    return f": {', '.join(names)}" if names else ""


def _with_advice(name: str) -> str:
    ending = Path(name).suffix.lower()
    advice = next((advice for advice, endings in (_AS_WORD, _AS_TEXT, _UNPACKED) if ending in endings), "")
    return f"{name} ({advice})" if advice else name


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
    "Varje replik har sitt nummer, och vid varje fråga står den fråga i guiden den hör till. "
    "Citat att koda kan kopieras härifrån."
)
@folder_argument
@click.argument("respondent", metavar="PERSON")
@click.option("--wave", default=1, metavar="NR", show_default=True, help="Omgång, i studier med flera.")
def transcript(folder: Path, respondent: str, wave: int) -> None:
    """Print one interview."""
    with opened(folder) as study:
        found = study.transcript(respondent, wave=wave)
    say(f"{found.respondent}, {found.date or 'utan datum'}, {found.source}\n")
    width = len(str(len(found.turns)))
    for turn in found.turns:
        question = f" [{turn.question}]" if turn.role == "interviewer" and turn.question else ""
        say(f"{turn.seq:>{width}} {_ROLES[turn.role]}:{question} {found.turn_text(turn)}\n")


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
    if frame["fix"].str.contains("på nytt").any():
        say(f"Läs in en rättad fil med: {called()} add-transcripts {shown(folder)} FIL --replace")
    say("Repliken visas av transcript.")
    say(f"Avgör en eller flera med: {called()} settle {shown(folder)} NR … --coder NAMN")


@click.command(
    help="Avgör tveksamheter från inläsningen.\n\n"
    "Utan --question godtas de som de står. NR är tveksamheternas nummer i listan från doubts. "
    "Är något nummer fel avgörs ingen."
)
@folder_argument
@click.argument("numbers", metavar="NR …", nargs=-1, type=int)
@click.option("--respondent", metavar="PERSON", help="Godta alla tveksamheter om en person, i stället för NR.")
@click.option(
    "--question",
    metavar="FRÅGA",
    help="Frågans id i gruppens guide (se coverage), eller ”följdfråga” om den inte är någon egen fråga.",
)
@coder_option
def settle(
    folder: Path, numbers: tuple[int, ...], respondent: str | None, question: str | None, coder: str | None
) -> None:
    """Settle doubts: those numbered, or all about one person."""
    if bool(numbers) == bool(respondent):
        raise click.UsageError("Ange tveksamheternas nummer, eller vems med --respondent.")
    if respondent and question:
        raise click.UsageError("--question gäller tveksamheter med NR; --respondent godtar dem som de står.")
    with deciding(folder, coder) as study:
        chosen = _doubts_of(study, respondent) if respondent else tuple(dict.fromkeys(numbers))
        if chosen:
            study.doubts.settle(*chosen, question="följdfråga" if question == "foljdfraga" else question)
        left = len(study.doubts.table())
    if not chosen:
        say(f"{respondent} har inga tveksamheter kvar.")
    elif len(chosen) == 1:
        say(f"Tveksamhet {chosen[0]} är avgjord. {counted(left, 'tveksamhet', 'tveksamheter')} kvar.")
    else:
        say(f"Avgjorde {len(chosen)} tveksamheter. {counted(left, 'tveksamhet', 'tveksamheter')} kvar.")


def _doubts_of(study: Study, respondent: str) -> tuple[int, ...]:
    """Return the numbers of a person's unsettled doubts. Raises NotFoundError when there is nobody by that code."""
    people = set(study.transcripts()["respondent"])
    if respondent not in people:
        near = nearest_respondent(respondent, people)
        raise NotFoundError(
            f"Studien har ingen intervju med {respondent}.",
            fix=f"Menade du {near}?" if near else "Se intervjuerna med intervjukit transcripts.",
        )
    frame = study.doubts.table()
    return tuple(int(number) for number in frame[frame["respondent"] == respondent]["id"])
