"""Commands about the interviews: reading them in, looking at them, settling what was doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from intervjukit.cli.options import PATH, coder_option, csv_option, deciding, folder_argument, opened
from intervjukit.cli.tables import VIEWS, Namer, show
from intervjukit.cli.terminal import Column, called, counted, progress, say, shown, table
from intervjukit.core.transcript import clock, nearest_respondent
from intervjukit.errors import IntervjukitError, NotFoundError

if TYPE_CHECKING:
    from intervjukit.reading import Reading
    from intervjukit.study import Study

_AS_WORD = ("spara som .docx", (".doc", ".pages", ".docm", ".dotx", ".htm", ".html"))
_AS_TEXT = ("skriv ut den först", (".mp3", ".m4a", ".wav", ".mp4", ".wma", ".mov", ".ogg", ".aac"))
_UNPACKED = ("packa upp den först", (".zip", ".7z", ".rar", ".gz"))
_WHO = {"interviewer": "frågar", "respondent": "svarar", "note": "anteckning"}
_ROLES = {"interviewer": "I", "respondent": "R", "note": "Not"}


@click.command(
    help="Läs in intervjuer ur filer, mappar och zip-filer.\n\n"
    "Det som kan läsas är .docx, .odt, .rtf, .pdf, .txt, .md, .vtt, .srt och .json från Whisper. "
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
    "Kodningar och anteckningar följer med till den nya texten.",
)
@click.option("--dry-run", is_flag=True, help="Visa vad som skulle läsas in ur varje fil, utan att spara något.")
@coder_option
@click.pass_context
def add_transcripts(
    ctx: click.Context, folder: Path, places: tuple[Path, ...], replace: bool, dry_run: bool, coder: str | None
) -> None:
    """Read in interviews and say what became of each; exit code 1 when one was refused."""
    with opened(folder, coder) as study, progress() as line:
        added = study.add_transcripts(*places, replace=replace, dry_run=dry_run, progress=line)
        names = {group: guide.group_name for group, guide in study.protocols.items()}
    if dry_run:
        _tell_readings(added.readings, names)
    elif added.added or not added.replaced:
        say(f"Läste in {counted(len(added.added), 'intervju', 'intervjuer')}{_listed(added.added)}.")
    if added.replaced and not dry_run:
        say(f"Ersatte {counted(len(added.replaced), 'intervju', 'intervjuer')}{_listed(added.replaced)}.")
    for told in (told for done in added.carried for told in done.told()):
        say(told)
    if added.known:
        say(f"Fanns redan: {', '.join(added.known)}.")
    if added.skipped:
        say(f"Hoppade över: {', '.join(map(_with_advice, added.skipped))}")
    if dry_run:
        say("Inget sparades. Läs in filerna med samma kommando utan --dry-run.")
    elif added.doubts:
        say(f"{counted(added.doubts, 'tveksamhet', 'tveksamheter')} att ta ställning till. Se dem med:")
        say(f"  {called()} doubts {shown(folder)}")
    if added.refused:
        _tell_refused(added.refused)
        ctx.exit(1)


def _tell_readings(readings: Sequence[Reading], groups: Mapping[str, str]) -> None:
    """Show what each file would become, and what is doubtful in it."""
    if not readings:
        return
    columns = [
        Column("Fil", [each.file for each in readings], text=True),
        Column("Person", [each.respondent for each in readings]),
        Column("Grupp", [groups[each.group] for each in readings]),
        Column("Omgång", [str(each.wave) for each in readings], right=True),
        Column("Datum", [each.date or "saknas" for each in readings]),
        Column("Ord", [str(each.words) for each in readings], right=True),
        Column("Frågor", [f"{each.questions} av {each.of}" for each in readings], right=True),
        Column("Talare", [_speakers(each) for each in readings], text=True, wrapped=True),
        Column("Blir", [each.becomes for each in readings]),
    ]
    say(table(columns))
    for each in readings:
        if each.doubts or each.remarks:
            say(f"\n{each.file}")
        if each.remarks:
            say(f"  {counted(each.remarks, 'kommentar', 'kommentarer')} ur filen blir anteckningar.")
        for doubt in each.doubts:
            say(f"  {doubt.kind}{f', replik {doubt.turn}' if doubt.turn else ''}: {doubt.message}")
    if doubts := [doubt for each in readings for doubt in each.doubts]:
        say("\nGör så här:")
        for kind, fix in dict.fromkeys((doubt.kind, doubt.fix) for doubt in doubts):
            say(f"  {kind}: {fix}")
    say()


def _speakers(reading: Reading) -> str:
    return ", ".join(f"{label} {_WHO[role]}" for label, role in reading.speakers) or "ur utformningen"


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
    "Varje replik har sitt nummer och, om filen säger det, när i inspelningen den börjar. "
    "Vid varje fråga står den fråga i guiden den hör till. "
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
        at = "" if turn.begins is None else f" ({clock(turn.begins)})"
        say(f"{turn.seq:>{width}} {_ROLES[turn.role]}{at}:{question} {found.turn_text(turn)}\n")


@click.command(help="Visa personerna med grupp och bakgrund, en per rad.")
@folder_argument
@csv_option
def respondents(folder: Path, csv_file: Path | None) -> None:
    """Show one row per respondent."""
    with opened(folder) as study:
        show(study, "respondents", study.respondents(), csv_file)


@click.command(
    help="Visa vilka av guidens frågor varje intervju har svar på.\n\n"
    "Varav i ett är de som ställdes i samma andetag som en annan fråga, Utan svar de som ställdes men inte fick "
    "något svar. Med --csv skrivs en rad per intervju och fråga, med läge och antalet ord i svaret."
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
    people: dict[tuple[str, str, int], list[dict[Hashable, Any]]] = {}
    for row in frame.to_dict("records"):
        people.setdefault((str(row["respondent"]), str(row["group"]), int(row["wave"])), []).append(row)
    states = [Counter(row["status"] for row in rows) for rows in people.values()]
    waves = len({wave for _, _, wave in people}) > 1
    skipped = [[str(row["question"]) for row in rows if row["status"] == "skipped"] for rows in people.values()]
    numbers = {
        "Besvarade": [f"{n['answered'] + n['merged']} av {n.total() - n['inapplicable']}" for n in states],
        "Varav i ett": [str(n["merged"] or "") for n in states],
        "Utan svar": [str(n["asked"] or "") for n in states],
        "Ord": [str(sum(row["words"] for row in rows)) for rows in people.values()],
    }
    say(
        table(
            [
                Column("Person", [f"{who}, omgång {wave}" if waves else who for who, _, wave in people]),
                Column("Grupp", [namer.shown("group", group)[0] for _, group, _ in people]),
                *(Column(head, cells, right=True) for head, cells in numbers.items()),
                Column("Inte funna", [", ".join(questions) for questions in skipped], text=True),
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
