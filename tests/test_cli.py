"""The command line: every command on a real study, every kind of bad input, and the words it says it in."""

from __future__ import annotations

import csv
import errno
import gettext
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from intervjukit.accounts import Method
from intervjukit.archiving import Archive
from intervjukit.boards import Doubts, History, Memos
from intervjukit.cli import Commands, _explained, cli
from intervjukit.cli.coding import _surest
from intervjukit.cli.swedish import LOCALE, swedish
from intervjukit.cli.terminal import Column, cut, display_width, plain, table
from intervjukit.comments import Comments
from intervjukit.core.findings import FEWEST_A_SIDE, FEWEST_AGREEING
from intervjukit.evaluation import Agreement
from intervjukit.exchange import Exchange
from intervjukit.formats.library import library
from intervjukit.formats.refi_read import read_codebook_file
from intervjukit.forms import Forms
from intervjukit.importing import import_project
from intervjukit.plans import Plan
from intervjukit.privacy import Privacy
from intervjukit.reporting import Reports
from intervjukit.study import Study
from intervjukit.surveys import Surveys
from intervjukit.tables import Tables
from intervjukit.themes import Themes
from intervjukit.threads import RedThread

EXAMPLE = library("examples") / "halsoflodet"
INTERVIEWS = ("C01.docx", "L03.txt", "S04.vtt", "S09.txt")
SOURCE = Path(__file__).resolve().parents[1] / "src"
HEAVY = ("spacy", "pandas", "sklearn", "matplotlib", "docx", "sqlalchemy", "numpy", "yaml", "lxml")
ENGLISH = re.compile(r"\b(Usage|Options|Commands|Show|Error|Missing|Invalid|Try|default|required|INTEGER|FLOAT|PATH)\b")
assert isinstance(cli, Commands)
NAMES = cli.list_commands(click.Context(cli))


def run(*words: object, code: int = 0, **env: str | None) -> Result:
    """Run a command in this process; the exit code must be ``code`` and nothing may be a traceback."""
    result = CliRunner().invoke(
        cli, [str(word) for word in words], prog_name="intervjukit", env={"COLUMNS": "120", **env}
    )
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def refused(*words: object) -> str:
    """Run a command that must fail with one Swedish message and a remedy; return the message."""
    result = run(*words, code=1)
    assert result.stderr.startswith("Fel: ") and result.stderr.count("Fel: ") == 1, result.stderr
    assert "Gör så här: " in result.stderr
    return result.stderr


def rows_of(file: Path) -> list[dict[str, str]]:
    """Return the rows of a table as Excel in Swedish reads them."""
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline=""), delimiter=";"))


def process(*words: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "intervjukit", *words],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE), **env},
    )


@pytest.fixture(scope="module")
def made(suggested_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of seven groups and four interviews, coded and with suggestions, made by the commands.

    Its guides are all those of the kit, for which ``suggested_original`` has learned what to suggest.
    """
    place = tmp_path_factory.mktemp("cli")
    guides, inbox, folder = place / "guider", place / "intervjuer", place / "min studie"
    shutil.copytree(library("protocols") / "halsoflodet", guides)
    inbox.mkdir()
    for name in INTERVIEWS:
        shutil.copy(EXAMPLE / "intervjuer" / name, inbox)
    with (EXAMPLE / "kodningar.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    with (place / "beslut.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(row for row in rows if row[0] in INTERVIEWS)])
    told = run("create", folder, "--protocols", guides, "--codebook", "halsoflodet", "--name", "Provstudien")
    assert "Provstudien" in told.stdout and "7 intervjuguider" in told.stdout
    told = run("add-transcripts", folder, inbox)
    assert "Läste in 4 intervjuer: " in told.stdout and f'doubts "{folder}"' in told.stdout
    told = run("add-codings", folder, place / "beslut.csv", "--coder", "exempel")
    assert re.search(r"Tog in \d\d kodningar från beslut.csv", told.stdout)
    assert re.search(r"^\d+ öppna förslag", run("suggest", folder).stdout)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of the study that a test may change."""
    return Path(shutil.copytree(made, tmp_path / "studie"))


def state(folder: Path) -> tuple[int, int, int]:
    """Return how many interviews, codings and events the study has."""
    with Study.open(folder) as study:
        return len(study.transcripts()), len(study.codings()), len(study.history.events())


# --- help and words -------------------------------------------------------------------------------------


def test_help_of_the_group_and_of_every_command_imports_no_heavy_library():
    code = (
        "import sys, json\n"
        "from intervjukit.cli import cli\n"
        f"for words in [['--help'], *([name, '--help'] for name in {NAMES!r})]:\n"
        "    try: cli.main(words, prog_name='intervjukit')\n"
        "    except SystemExit as end: assert end.code == 0\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8"},
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.parametrize("name", NAMES)
def test_help_of_each_command_is_swedish_and_explains_every_option(name: str):
    told = run(name, "--help").stdout
    assert told.startswith(f"Användning: intervjukit {name} [VAL]")
    assert not ENGLISH.search(told)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None and command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
        assert parameter.metavar or getattr(parameter, "is_flag", False), parameter.name


def test_help_of_the_group_names_every_command_with_a_whole_sentence():
    told = run("--help", COLUMNS="80").stdout
    assert not ENGLISH.search(told)
    for name in NAMES:
        assert re.search(rf"^  {name} +[A-ZÅÄÖ].*\.$", told, re.M), name


def test_no_words_at_all_gives_the_help():
    assert "Börja:" in run(code=2).output


def test_every_verb_of_the_study_has_a_command():
    verbs = {name for name in vars(Study) if not name.startswith("_")}
    elsewhere = {"open", "close", "name", "protocols"}
    assert {name.replace("_", "-") for name in verbs - elsewhere} <= set(NAMES)
    parts = {"settle": Doubts.settle, "memo": Memos.add, "undo": History.undo, "redo": History.redo}
    parts |= {f"{name}-code": getattr(Themes, name) for name in ("add", "rename", "move", "remove")}
    parts |= {"merge-codes": Themes.merge, "split-code": Themes.split, "compounds": Themes.read_as}
    parts |= {"form": Forms.write}
    parts |= {"comments": Comments.read}
    parts |= {"export-project": Exchange.write, "add-project": Exchange.read}
    parts |= {"import-project": import_project, "convert-codebook": read_codebook_file}
    parts |= {"plan": Plan.set_all, "thread": RedThread.table, "coreq": Method.coreq, "workbook": Tables.workbook}
    parts |= {"evaluate": Agreement.with_suggester, "blind": Agreement.draw_blind}
    parts |= {"profiles": Reports.profiles}
    parts |= {"withdraw": Privacy.withdraw}
    parts |= {"add-survey": Surveys.add, "scales": Surveys.scales}
    parts |= {"export-codings": Archive.codings, "export-archive": Archive.whole}
    only_commands = {"demo", "notebook", "serve", "check", "export-guide", "export-codebook", "suggest-table"}
    only_commands |= {"review-docx"}
    assert set(NAMES) - {name.replace("_", "-") for name in verbs} == parts.keys() | only_commands, "as the README says"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["accpt"], "Fel: Kommandot ”accpt” finns inte."),
        (["accept"], "Fel: Argument saknas: 'MAPP'."),
        (["create", "x"], "Fel: Val saknas: '--protocols'."),
        (["findings", "x", "--valens", "y"], "Fel: Valet ”--valens” finns inte. Menade du '--valence'?"),
        (["settle", "x", "z"], "Fel: Ogiltigt värde för 'NR …': ”z” är inget giltigt tal."),
        (["undo", "x", "y"], "Fel: Ett argument för mycket (y)"),
        (["undo", "x", "--coder"], "Fel: Valet ”--coder” kräver ett värde."),
        (["suggestions", "x", "--status", "y"], "Fel: Ogiltigt värde för '--status': ”y” är ingen av"),
        (["suggestions", "x", "--least", "8"], "Fel: Ogiltigt värde för '--least': ”8” är inget tal mellan 0 och 1."),
        (["change", "x", "1"], "Fel: Det är inte sagt vad som ska ändras"),
        (["memo", "x", "hej", "--target", "code"], "Fel: Ange både --target och --target-id"),
    ],
)
def test_what_click_itself_says_is_swedish(words: list[str], told: str):
    stderr = run(*words, code=2).stderr
    assert told in stderr
    assert not ENGLISH.search(stderr)


def test_version_is_told():
    assert re.fullmatch(r"intervjukit \d+\.\d+\.\d+\n", run("--version").stdout)


def test_the_language_of_the_process_is_put_back_afterwards():
    before = (gettext.textdomain(), os.environ.get("LANGUAGE"))
    with swedish():
        assert gettext.gettext("Usage:") == "Användning:"
    assert (gettext.textdomain(), os.environ.get("LANGUAGE")) == before


def _catalog():
    pofile = pytest.importorskip("babel.messages.pofile", reason="Babel hör till extra ”dev”")
    return pofile.read_po(io.BytesIO((LOCALE / "sv/LC_MESSAGES/intervjukit.po").read_bytes()), locale="sv")


def test_compiled_words_are_in_step_with_their_source():
    catalog = _catalog()
    from babel.messages.mofile import write_mo

    written = io.BytesIO()
    write_mo(written, catalog)
    written.seek(0)
    made = _without_header(written)
    assert len(made) > 60
    with (LOCALE / "sv/LC_MESSAGES/intervjukit.mo").open("rb") as file:
        assert _without_header(file) == made, "kör pybabel compile, se överst i intervjukit.po"


def _without_header(file: IO[bytes]) -> dict[object, str]:
    """Return the words of a compiled catalogue without its header, which holds Babel's version."""
    catalog = vars(gettext.GNUTranslations(file))["_catalog"]
    return {key: word for key, word in catalog.items() if key != ""}


def test_everything_click_may_say_is_translated_with_the_same_values_in_it():
    catalog = _catalog()
    from babel.messages.extract import extract_from_dir

    words = {"_": None, "gettext": None, "ngettext": (1, 2)}
    found = [message for *_, message, _, _ in extract_from_dir(Path(click.__file__).parent, keywords=words)]
    assert len(found) > 40
    for message in found:
        one = message[0] if isinstance(message, tuple) else message
        entry = catalog.get(one)
        assert entry is not None, f"saknas i intervjukit.po: {one}"
        translations = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert all(translations), one
        names = {name for text in ([*message] if isinstance(message, tuple) else [one]) for name in _values(text)}
        assert {name for text in translations for name in _values(text)} <= names, one


def _values(text: str) -> list[str]:
    return re.findall(r"\{(\w+)(?:![rs])?\}|%\((\w+)\)", text)


# --- tables ---------------------------------------------------------------------------------------------

TABLES = [
    ("transcripts", "Person  Grupp", "4 intervjuer"),
    ("respondents", "Bakgrund", "4 personer"),
    ("coverage", "Besvarade", "4 intervjuer"),
    ("doubts", "Replik", r"Avgör en eller flera med: .*settle"),
    ("suggestions", "Varför", r"\d+ förslag"),
    ("codings", "Citat", r"\d\d kodningar"),
    ("findings", "Så många", r"\d+ fynd"),
    ("perspectives", "Egen part", r"\d+ rader"),
    ("contrasts", "Så säger grupperna", r"\d+ jämförelser?"),
    ("ranking", "Plats", "Räknat på slaget Framgång"),
    ("history", "Vem", r"\d+ händelser"),
]


@pytest.mark.parametrize(("name", "head", "last"), TABLES)
def test_each_table_fits_the_terminal_and_has_swedish_heads(made: Path, name: str, head: str, last: str):
    for width in (70, 120, 160):
        lines = run(name, made, COLUMNS=str(width)).stdout.splitlines()
        rows = lines[: lines.index("")] if "" in lines else lines
        assert max(map(display_width, rows)) <= width
        assert len({line.index("──", 1) for line in lines if line.startswith("─")}) == 1
    assert head in lines[0]
    assert re.search(last, lines[-1])


@pytest.mark.parametrize("name", [name for name, _, _ in TABLES])
def test_each_table_is_written_whole_for_excel(made: Path, tmp_path: Path, name: str):
    file = tmp_path / "tabell.csv"
    told = run(name, made, "--csv", file).stdout
    assert str(file) in told
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    with Study.open(made) as study:
        verb = getattr(study, name)
        frame = verb() if callable(verb) else verb.table()
    assert len(rows) == len(frame) + 1
    assert {len(row) for row in rows} == {len(frame.columns)}
    assert f"Skrev {len(frame)} " in told
    assert [path.name for path in tmp_path.iterdir()] == ["tabell.csv"]


@pytest.mark.parametrize(
    ("name", "column", "head"),
    [("suggestions", "quote", "Citat"), ("codings", "quote", "Citat"), ("findings", "quotes", "Citat")],
)
def test_on_a_narrow_screen_quotes_stand_whole_under_their_row(made: Path, name: str, column: str, head: str):
    with Study.open(made) as study:
        quotes = [quote if isinstance(quote, str) else quote[0] for quote in getattr(study, name)()[column]]
    narrow, wide = (run(name, made, COLUMNS=width).stdout for width in ("80", "140"))
    assert all(display_width(line) <= 80 for line in narrow.splitlines())
    told = " ".join(narrow.split())
    assert len(quotes) > 20
    assert [quote for quote in quotes if " ".join(quote.split()) not in told] == []
    assert narrow.count(f"\n    {head}: ") == len(quotes) and head not in narrow.splitlines()[0]
    assert head in wide.splitlines()[0] and len(wide.splitlines()) == len(quotes) + 3


def test_reasons_of_suggestions_stand_whole_under_them_too(made: Path):
    with Study.open(made) as study:
        reasons = list(study.suggestions()["reason"])
    told = " ".join(run("suggestions", made, COLUMNS="80").stdout.split())
    assert [reason for reason in reasons if f"Varför: {' '.join(reason.split())}" not in told] == []


def test_suggest_tells_only_of_a_list_that_is_shorter_and_not_empty(folder: Path):
    told = run("suggest", folder).stdout
    number = int(re.match(r"(\d+) öppna förslag\.", told)[1])  # type: ignore[index]
    found = re.search(r"Bara de (\d+) säkraste: .* --least (0,\d)$", told, re.M)
    assert found, told
    shown = run("suggestions", folder, "--least", found[2]).stdout
    assert 1 < int(found[1]) < number and shown.endswith(f"\n{found[1]} förslag\n")


@pytest.mark.parametrize(
    ("scores", "least"),
    [
        ([], None),
        ([0.3, 0.4], None),
        ([0.95, 0.92], None),
        ([0.45, 0.55], 0.5),
        ([0.45, *[0.65] * 40, 0.72], 0.7),
        ([0.45, *[0.95] * 40], None),
    ],
)
def test_the_score_to_begin_with_is_chosen_from_those_there_are(scores: list[float], least: float | None):
    assert _surest(scores) == least


def test_ids_are_shown_by_the_names_of_the_code_book_and_the_guides(made: Path, tmp_path: Path):
    run("findings", made, "--csv", tmp_path / "f.csv")
    rows = rows_of(tmp_path / "f.csv")
    with Study.open(made) as study:
        frame = study.findings()
        for row, (_, there) in zip(rows, frame.iterrows(), strict=True):
            assert row["Tema"] == study.codebook.code(there["code"]).name
            assert row["Part"] == study.codebook.value_name("party", there["party"])
            assert row["Grupp"] == study.protocols[there["group"]].group_name
            assert row["Citat"] == " | ".join(there["quotes"]).lstrip("'")


def test_findings_are_narrowed_by_id_or_by_swedish_name(made: Path):
    wide = {"COLUMNS": "160"}
    by_id = run("findings", made, "--valence", "framgang", "--party", "vard", "--group", "sjukskrivna", **wide).stdout
    by_name = run(
        "findings", made, "--valence", "Framgång", "--party", "vården", "--group", "Sjukskrivna", **wide
    ).stdout
    assert by_id == by_name
    body = by_id.splitlines()[2:-1]
    assert body and all(line.startswith("Framgång") and "Sjukskrivna" in line for line in body)


def test_suggestions_are_narrowed_by_person_code_and_score(made: Path, tmp_path: Path):
    with Study.open(made) as study:
        frame = study.suggestions()
    first = frame.iloc[0]
    wanted = frame[
        (frame["respondent"] == first["respondent"])
        & (frame["code"] == first["code"])
        & (frame["score"] >= first["score"])
    ]
    words = ("--respondent", first["respondent"], "--code", first["code"])
    least = f"{first['score']:.4f}"[:4].replace(".", ",")
    run("suggestions", made, *words, "--least", least, "--csv", tmp_path / "s.csv")
    rows = rows_of(tmp_path / "s.csv")
    assert {str(number) for number in wanted["id"]} <= {row["Nr"] for row in rows}
    assert {row["Person"] for row in rows} == {first["respondent"]}
    assert all(float(row["Poäng"].replace(",", ".")) >= float(least.replace(",", ".")) for row in rows)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["findings", "--party", "vrd"], "Part har inget värde ”vrd”"),
        (["findings", "--group", "tomtar"], "Gruppen ”tomtar” finns inte i studien"),
        (["ranking", "--valence", "x"], "Slag har inget värde ”x”"),
        (["suggestions", "--code", "vantetid"], "Menade du vantetider"),
        (["suggestions", "--respondent", "S77"], "S77"),
        (["transcript", "S77"], "S77"),
        (["export-guide", "tomtar", "x.yaml"], "Gruppen ”tomtar” finns inte i studien"),
    ],
)
def test_a_value_the_study_does_not_have_is_told_with_those_it_has(made: Path, words: list[str], told: str):
    assert told in refused(words[0], made, *words[1:])


def test_an_empty_study_says_what_to_do_instead_of_showing_an_empty_table(tmp_path: Path):
    run("create", tmp_path / "tom", "--protocols", "mall", "--codebook", "mall")
    for name in ("transcripts", "respondents", "coverage", "doubts", "suggestions", "codings", "findings"):
        assert re.fullmatch(r"\S.*\.\n", run(name, tmp_path / "tom").stdout), name
    assert "ingenting är kodat" in refused("report", tmp_path / "tom", tmp_path / "r.docx")
    assert not (tmp_path / "r.docx").exists()


def test_hostile_text_in_a_quote_cannot_steer_the_terminal(folder: Path, tmp_path: Path):
    hostile = "Det \x1b[2J\x1b]0;ägd\x07 gick \u202ebra\u202c\x9b31m, \u200btyckte jag."
    (tmp_path / "S77.txt").write_text(f"Grupp: sjukskrivna\nKod: S77\n\nI: Hur gick det?\n\nR: {hostile}\n", "utf-8")
    added = run("add-transcripts", folder, tmp_path / "S77.txt")
    with Study.open(folder, coder="MK") as study:
        turn = next(study.transcript("S77").answers())
        study.code("S77", study.transcript("S77").turn_text(turn), "ekonomi", valence="flaskhals", party="vard")
    shown = [run(name, folder, COLUMNS="400").stdout for name in ("codings", "findings")]
    shown += [run("transcript", folder, "S77").stdout, added.stdout]
    for text in shown:
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", text)
    assert "gick bra" in shown[0] and "tyckte jag" in shown[2]
    narrow = run("codings", folder, COLUMNS="60").stdout
    assert "gick bra" in narrow and not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", narrow)


# --- deciding -------------------------------------------------------------------------------------------


def test_suggestions_are_accepted_as_they_are_or_changed(folder: Path):
    with Study.open(folder) as study:
        first, second = study.suggestions()["id"].head(2)
    told = run("accept", folder, first, "--coder", "MK").stdout
    assert f"Godtog förslag {first} som kodning" in told
    told = run("accept", folder, second, "--code", "Ekonomi", "--party", "Vården", "--coder", "MK").stdout
    assert "Ekonomi" in told and "Vården" in told
    with Study.open(folder) as study:
        codings = study.codings()
        decided = study.suggestions(status=None).set_index("id")["status"]
    assert set(codings["suggestion"].dropna()) == {first, second}
    assert set(codings[codings["suggestion"].notna()]["coder"]) == {"MK"}
    assert (decided[first], decided[second]) == ("accepted", "changed")


def test_a_suggestion_decided_before_is_told_with_what_became_of_it(folder: Path):
    with Study.open(folder) as study:
        one, two, three = (int(number) for number in study.suggestions()["id"].head(3))
    run("accept", folder, one, "--coder", "MK")
    run("reject", folder, two, "--coder", "MK")
    before = state(folder)
    told = refused("accept", folder, one, two, three, 99999, "--coder", "MK")
    assert f"Förslag {one} är redan godtaget. Förslag {two} är redan avvisat. Inget förslag har nummer 99999.\n" in told
    assert state(folder) == before


def test_a_coding_that_is_left_out_of_findings_or_comparisons_is_told(folder: Path):
    with Study.open(folder) as study:
        transcript = study.transcript("S09")
        quote = transcript.turn_text(next(t for t in transcript.answers() if t.end - t.start > 60))[:50]
        number = int(study.suggestions()["id"].iloc[0])
    me, no_valence, no_party = ("--coder", "MK"), "Utan slag räknas den inte bland fynden.", "Utan part räknas den inte"
    told = run("code", folder, "S09", quote, "ekonomi", *me).stdout
    assert no_valence in told and no_party in told
    coding = re.search(r"kodning (\d+):", told)
    assert coding
    told = run("change", folder, coding[1], "--valence", "flaskhals", *me).stdout
    assert no_valence not in told and no_party in told
    told = run("change", folder, coding[1], "--party", "vard", *me).stdout
    assert "Utan" not in told
    told = run("accept", folder, number, "--valence", "", "--party", "vard", *me).stdout
    assert no_valence in told and no_party not in told


@pytest.mark.parametrize("verb", ["accept", "reject"])
def test_one_wrong_number_leaves_all_suggestions_undecided(folder: Path, verb: str):
    before = state(folder)
    with Study.open(folder) as study:
        number = study.suggestions()["id"].iloc[0]
    assert "99999" in refused(verb, folder, number, 99999, "--coder", "MK")
    assert state(folder) == before


def test_suggestions_are_rejected_together(folder: Path):
    with Study.open(folder) as study:
        numbers = list(study.suggestions()["id"].head(2))
    assert "Avvisade 2 förslag." in run("reject", folder, *numbers, "--coder", "MK").stdout
    assert run("suggestions", folder, "--status", "rejected").stdout.endswith("2 förslag\n")


def test_coding_by_hand_changing_removing_undoing_and_redoing(folder: Path):
    with Study.open(folder) as study:
        transcript = study.transcript("S09")
        quote = transcript.turn_text(next(t for t in transcript.answers() if t.end - t.start > 60))[:50]
    before = state(folder)[1]
    me = ("--coder", "MK")
    told = run("code", folder, "S09", quote, "ekonomi", "--valence", "Önskan", "--phase", "fore", *me).stdout
    found = re.match(r"Sparade kodning (\d+): Ekonomi, .*Önskan", told)
    assert found, told
    told = run("change", folder, found[1], "--party", "vard", "--phase", "", *me).stdout
    assert "Vården" in told and "Önskan" in told
    with Study.open(folder) as study:
        row = study.codings().set_index("id").loc[int(found[1])]
    assert (row["valence"], row["party"], row["phase"], row["quote"]) == ("onskan", "vard", "", quote)
    run("uncode", folder, found[1], *me)
    assert state(folder)[1] == before
    assert "Ångrade: Tog bort kodning" in run("undo", folder, *me).stdout
    assert state(folder)[1] == before + 1
    assert "Gjorde om: Tog bort kodning" in run("redo", folder, *me).stdout
    assert state(folder)[1] == before
    assert "finns inte" in refused("uncode", folder, found[1], *me)


def test_undo_and_redo_with_nothing_left_say_so(folder: Path):
    assert run("undo", folder, "--coder", "ny").stdout == "ny har inget beslut att ångra.\n"
    assert run("redo", folder, "--coder", "ny").stdout == "ny har inget ångrat beslut att göra om.\n"


def test_a_doubt_is_settled_as_it_stands_or_as_another_question(folder: Path):
    with Study.open(folder) as study:
        doubts = study.doubts.table()
    first, second = doubts[doubts["kind"] == "fråga"]["id"].head(2)
    assert f"{len(doubts) - 1} tveksamheter kvar" in run("settle", folder, first, "--coder", "MK").stdout
    run("settle", folder, second, "--question", "foljdfraga", "--coder", "MK")
    with Study.open(folder) as study:
        assert set(study.doubts.table()["id"]) == set(doubts["id"]) - {first, second}
    assert "finns inte" in refused("settle", folder, 99999, "--coder", "MK")


def test_swot_and_measures_are_drafted_and_shown(folder: Path, tmp_path: Path):
    assert "SWOT är tom" in run("swot", folder).stdout
    drafted = run("swot", folder, "--draft", "--coder", "MK").stdout
    assert re.match(r"Lade till \d+ rader\.\n", drafted) and "Bygger på" in drafted
    assert re.match(r"Lade till \d+ åtgärd(er)?\.\n", run("measures", folder, "--draft", "--coder", "MK").stdout)
    run("swot", folder, "--csv", tmp_path / "swot.csv")
    run("measures", folder, "--csv", tmp_path / "m.csv")
    rows = rows_of(tmp_path / "swot.csv")
    assert all(row["Bygger på"].count(" · ") >= 2 and row["Text"] for row in rows)
    assert (tmp_path / "m.csv").read_text("utf-8-sig").startswith("Nr;Text;Part;")


def test_a_draft_that_adds_nothing_says_what_a_line_needs(folder: Path, tmp_path: Path):
    me = ("--coder", "MK")
    run("create", tmp_path / "ny", "--protocols", "mall", "--codebook", "mall")
    told = run("swot", tmp_path / "ny", "--draft", *me).stdout
    assert "minst två personer" in told and "swot --draft" not in told
    told = run("measures", tmp_path / "ny", "--draft", *me).stdout
    assert "kräver en svaghet i SWOT" in told and "--draft" not in told
    run("swot", folder, "--draft", *me)
    again = run("swot", folder, "--draft", *me).stdout
    assert "ingen rad redan bygger på" in again and "Bygger på" in again


def test_no_contrasts_says_how_many_people_they_take(tmp_path: Path):
    run("create", tmp_path / "ny", "--protocols", "mall", "--codebook", "mall")
    told = run("contrasts", tmp_path / "ny").stdout
    numerals = ("noll", "en", "två", "tre", "fyra")
    assert f"minst {numerals[FEWEST_AGREEING]} personer för samsyn" in told
    assert f"minst {numerals[FEWEST_A_SIDE]} på varje sida för en motsägelse" in told


def test_memos_are_saved_and_shown(folder: Path):
    assert "Inga anteckningar" in run("memos", folder).stdout
    run("memo", folder, "Kolla intervjun igen", "--target", "respondent", "--target-id", "S09", "--coder", "MK")
    shown = run("memos", folder).stdout
    assert "Kolla intervjun igen" in shown and "S09" in shown and "person" in shown


@pytest.mark.parametrize(
    "words",
    [
        ["accept", "1"],
        ["reject", "1"],
        ["code", "S09", "x", "ekonomi"],
        ["change", "1", "--code", "ekonomi"],
        ["uncode", "1"],
        ["add-codings", "x.csv"],
        ["settle", "1"],
        ["swot", "--draft"],
        ["measures", "--draft"],
        ["memo", "x"],
        ["undo"],
        ["redo"],
    ],
)
def test_deciding_without_saying_who_is_refused(made: Path, words: list[str]):
    for coder in (None, "  "):
        stderr = run(words[0], made, *words[1:], code=1, INTERVJUKIT_KODARE=coder).stderr
        assert stderr.startswith("Fel: Det är inte sagt vem som bestämmer.\nGör så här: Lägg till --coder NAMN")


def test_the_coder_may_be_set_once_in_the_environment(folder: Path):
    run("memo", folder, "Hej", INTERVJUKIT_KODARE="Åsa")
    with Study.open(folder) as study:
        assert list(study.memos.table()["author"]) == ["Åsa"]


# --- guides, code books, reports ------------------------------------------------------------------------


def test_guides_and_code_book_are_written_out_and_read_back(made: Path, tmp_path: Path):
    run("export-guide", made, "läkare", tmp_path / "lakare.yaml")
    run("export-codebook", made, tmp_path / "kodbok.yaml")
    for file in ("lakare.yaml", "kodbok.yaml"):
        assert "inga fel" in run("check", tmp_path / file).stdout
    again = tmp_path / "igen"
    run("create", again, "--protocols", tmp_path / "lakare.yaml", "--codebook", tmp_path / "kodbok.yaml")
    run("export-codebook", again, tmp_path / "kodbok2.yaml")
    run("export-guide", again, "lakare", tmp_path / "lakare2.yaml")
    assert (tmp_path / "kodbok2.yaml").read_bytes() == (tmp_path / "kodbok.yaml").read_bytes()
    assert (tmp_path / "lakare2.yaml").read_bytes() == (tmp_path / "lakare.yaml").read_bytes()


def test_the_code_book_is_shown_with_the_ids_to_write(made: Path):
    shown = run("codebook", made).stdout
    with Study.open(made) as study:
        for code in study.codebook:
            assert re.search(rf"^{code.id} ", shown, re.M)
    assert "(--valence):" in shown and "framgang" in shown


def test_the_guides_and_code_books_of_the_kit_have_no_faults():
    told = run("check", library("protocols") / "halsoflodet", library("codebooks") / "halsoflodet.yaml").stdout
    assert "9 filer granskade: inga fel" in told


GUIDE = (
    "guide: prov\ntitel: Prov\ngrupp: chefer\ngruppnamn: Chefer\nkod: C\npart: arbetsgivare\n"
    "avsnitt:\n  - id: a\n    titel: A\n    frågor:\n      - id: f1\n        sort: text\n        syfte: Prov.\n"
    "        fråga: {question}\n"
)


def test_check_of_a_question_bank_reviews_it_alone_and_as_its_guides_use_it(tmp_path: Path):
    bank = "frågebank: b\nroller:\n  chefer: {person: medarbetare}\nfrågor:\n"
    asked = "  - id: {id}\n    syfte: Prov.\n    fråga: {text}\n"
    texts = {"q1": "Är din {person} nöjd, eller hur?", "q2": "Var det svårt för din {person}?"}
    file = tmp_path / "bank.yaml"
    file.write_text(bank + "".join(asked.format(id=key, text=text) for key, text in texts.items()), "utf-8")
    alone = run("check", file).stdout
    assert "bank.yaml, rad 5: Metod: q1: " in alone and "bank.yaml, rad 8: Metod: q2: " in alone
    guide = GUIDE.format(question="Hur har du det?").replace("avsnitt:", "bank: bank.yaml\navsnitt:")
    (tmp_path / "guide.yaml").write_text(f"{guide}      - q1\n", "utf-8")
    (tmp_path / "trasig.yaml").write_text("guide: [", "utf-8")
    assert run("check", file).stdout == alone


def test_check_tells_slips_with_line_and_remedy_and_ends_well(tmp_path: Path):
    file = tmp_path / "guide.yaml"
    file.write_text(GUIDE.format(question="Är du inte nöjd med vården, eller hur?"), "utf-8")
    told = run("check", file).stdout
    assert re.search(r"^guide\.yaml, rad \d+: Metod: .*\n    Gör så här: \S", told, re.M)
    assert re.search(r"1 fil granskad: inga fel, (1 metodisk anmärkning|\d metodiska anmärkningar)\.", told)


def test_check_tells_two_of_a_kind_each_by_its_own_words(tmp_path: Path):
    texts = ("Är du inte nöjd, eller hur?", "Var det inte bra, eller hur?")
    guide = GUIDE.format(question=texts[0]) + GUIDE.format(question=texts[1]).partition("frågor:\n")[2].replace(
        "f1", "f2"
    )
    (tmp_path / "guide.yaml").write_text(guide, "utf-8")
    told = run("check", tmp_path / "guide.yaml").stdout
    assert "Samma sak" not in told
    assert told.count("guide.yaml, rad ") == told.count("Gör så här: ") >= 2


def test_check_tells_every_fault_of_every_file_and_ends_badly(tmp_path: Path):
    (tmp_path / "guide.yaml").write_text(
        GUIDE.format(question="Hur har du det?").replace("sort: text", "sort: sång") + "okänt: 1\n", "utf-8"
    )
    (tmp_path / "kodbok.yaml").write_text("kodbok: x\ntitel: X\nkoder:\n  - id: Å\n    namn: Y\n", "utf-8")
    (tmp_path / "tom.yaml").write_text("", "utf-8")
    (tmp_path / "annat.yaml").write_text("recept: kaka\n", "utf-8")
    (tmp_path / "bank.yaml").write_text("frågebank: b\nfrågor:\n  - id: q\n    fråga: Hur?\n    hoppsan: 1\n", "utf-8")
    result = run("check", tmp_path, tmp_path / "saknas.yaml", code=1)
    for found in (r"guide\.yaml, rad 12: Fel: ", r"kodbok\.yaml, rad 4: Fel: ", r"bank\.yaml, rad 5: Fel: "):
        assert re.search(found, result.stdout), found
    assert "annat.yaml, rad 1: Fel: Filen är varken intervjuguide, kodbok eller frågebank." in result.stdout
    assert "tom.yaml är tom" in result.stderr and "saknas.yaml finns inte" in result.stderr
    assert re.search(r"6 filer granskade: \d+ fel", result.stdout)


STARTERS = {"protocols": 24, "codebooks": 53}
"""How many texts each starter has to replace."""


def places(told: str) -> set[int]:
    """Return the lines that check tells of."""
    return {
        int(number) for told_of in re.findall(r"\brad ([\d, och]+)", told) for number in re.findall(r"\d+", told_of)
    }


def lines_with(text: str, words: str) -> set[int]:
    return {number for number, line in enumerate(text.splitlines(), 1) if words in line}


@pytest.mark.parametrize("kind", STARTERS)
def test_check_tells_what_is_left_of_the_starter(tmp_path: Path, kind: str):
    starter = library(kind) / "mall.yaml"
    assert "inga metodiska anmärkningar" in run("check", starter).stdout
    mine = tmp_path / "min.yaml"
    shutil.copy(starter, mine)
    told = run("check", mine).stdout
    assert f"inga fel, {STARTERS[kind]} metodiska anmärkningar" in told
    lines = mine.read_text("utf-8").splitlines()
    first = re.match(r"min\.yaml, rad (\d+): Metod: Texten ”(.{4,20})", told)
    assert first and first[2].split()[0] in lines[int(first[1]) - 1]
    assert f"Samma sak på {STARTERS[kind] - 1} ställen till, rad " in told
    assert told.count("Gör så här: ") == 1, "one remedy for all of them"
    assert all(lines[number - 1].strip() for number in places(told))
    shutil.copy(starter, tmp_path / "mall.yaml")
    assert f"{STARTERS[kind]} metodiska" in run("check", tmp_path / "mall.yaml").stdout, (
        "only the kit's own is the starter"
    )


def test_check_is_content_when_the_texts_of_the_starter_are_replaced_and_the_rest_kept(tmp_path: Path):
    text = (library("protocols") / "mall.yaml").read_text("utf-8")
    mine = tmp_path / "min.yaml"
    mine.write_text(text.replace("titel: Ge guiden en titel", "titel: Vägen tillbaka"), "utf-8")
    told = run("check", mine).stdout
    assert "Ge guiden en titel" not in told and f"{STARTERS['protocols'] - 1} metodiska" in told
    for kept in ("Jag har fått information", "Vad skulle du vilja göra mer av", "Kan du ge ett exempel"):
        assert lines_with(text, kept) and not lines_with(text, kept) & places(told), kept
    book = tmp_path / "bok.yaml"
    shutil.copy(library("codebooks") / "mall.yaml", book)
    told, text = run("check", book).stdout, book.read_text("utf-8")
    for kept in ("tog för lång tid", "Något som enligt den som talar"):
        assert lines_with(text, kept) and not lines_with(text, kept) & places(told), kept
    for finished in ("protocols/halsoflodet", "protocols/rehsursen.yaml", "codebooks/halsoflodet.yaml"):
        kind, _, name = finished.partition("/")
        assert "från mallen" not in run("check", library(kind) / name).stdout


def test_the_report_is_written(made: Path, tmp_path: Path):
    assert "Skrev rapporten till" in run("report", made, tmp_path / "r.docx", "--title", "Prov").stdout
    assert (tmp_path / "r.docx").read_bytes().startswith(b"PK")


# --- bad input ------------------------------------------------------------------------------------------


def _word(name: str, data: bytes, tmp_path: Path) -> Path:
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


def _bad_interviews(place: Path) -> dict[str, Path]:
    word = (EXAMPLE / "intervjuer" / "S01.docx").read_bytes()
    text = "Grupp: {group}\nKod: {code}\n\nI: Hur mår du?\n\nR: Bra tack, själv då?\n"
    return {
        "empty": _word("S50.txt", b"", place),
        "truncated docx": _word("S51.docx", word[: len(word) // 2], place),
        "picture renamed docx": _word("S52.docx", b"\x89PNG\r\n\x1a\n" + bytes(90), place),
        "prose renamed docx": _word("S53.docx", b"Bara text.", place),
        "wrong encoding": _word("S54.txt", b"Kod: S54\n\nI: Hur?\n\nR: \x00\x01\x00 \x81\x8d\n", place),
        "unknown group": _word("S55.txt", text.format(group="tomtar", code="T55").encode(), place),
        "no conversation": _word("S56.vtt", b"WEBVTT\n\n", place),
        "other kind": _word("S57.pdf", b"%PDF-1.4", place),
        "missing": place / "S58.txt",
    }


@pytest.mark.parametrize(
    "kind",
    [
        "empty",
        "truncated docx",
        "picture renamed docx",
        "prose renamed docx",
        "wrong encoding",
        "unknown group",
        "no conversation",
        "other kind",
        "missing",
    ],
)
def test_a_bad_interview_is_refused_in_swedish_and_nothing_is_saved(made: Path, tmp_path: Path, kind: str):
    before = state(made)
    file = _bad_interviews(tmp_path)[kind]
    assert file.name in refused("add-transcripts", made, file)
    assert state(made) == before


def test_good_interviews_come_in_though_others_are_refused(folder: Path, tmp_path: Path):
    for name in ("S01.docx", "S09.txt"):
        shutil.copy(EXAMPLE / "intervjuer" / name, tmp_path)
    (tmp_path / "S60.txt").write_bytes(b"")
    place = tmp_path / "in"
    place.mkdir()
    for name in ("S01.docx", "S09.txt", "S60.txt"):
        (tmp_path / name).rename(place / name)
    result = run("add-transcripts", folder, place, code=1)
    assert "Läste in 1 intervju: S01." in result.stdout and "Fanns redan: S09.txt (S09)." in result.stdout
    assert "Fel: 1 fil lästes inte in:\n  S60.txt är tom." in result.stderr
    assert state(folder)[0] == 5


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("guide.yaml", b"", "tom"),
        ("guide.yaml", GUIDE.format(question="Hur har du det då?").encode("latin-1"), "UTF-8"),
        ("guide.yaml", b"guide: prov\n  titel: x: y\n", "rad 2"),
        ("guide.yaml", b"guide: prov\ntitel: Prov\n", "grupp"),
        ("guide.yaml", b"PK\x03\x04\x00\x00", "guide"),
        ("saknas.yaml", None, "hittades"),
    ],
)
def test_a_bad_guide_makes_no_study(tmp_path: Path, name: str, data: bytes | None, told: str):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    result = run("create", tmp_path / "s", "--protocols", tmp_path / name, "--codebook", "halsoflodet", code=1)
    assert result.stderr.startswith("Fel: ") and told in result.stderr
    assert not (tmp_path / "s").exists()


def test_a_bad_code_book_makes_no_study(tmp_path: Path):
    (tmp_path / "k.yaml").write_text("kodbok: x\ntitel: X\nkoder:\n  - id: Å\n  - namn: Y\n", "utf-8")
    result = run("create", tmp_path / "s", "--protocols", "halsoflodet", "--codebook", tmp_path / "k.yaml", code=1)
    assert "k.yaml, rad 4" in result.stderr and "k.yaml, rad 5" in result.stderr
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "finns inte"),
        (b"", "tom"),
        (b"file,code\nS09.txt,ekonomi\n", "quote"),
        (b"file,quote,code,valence\nS09.txt,finns aldrig i texten,ekonomi,flaskhals\n", "rad 2"),
        (b"file,quote,code\nS99.txt,hej,ekonomi\nS98.txt,hej,ekonomi\n", "rad 3"),
        (b"PK\x03\x04\x00\x00\x00", "textfil"),
    ],
)
def test_bad_decisions_are_refused_with_their_lines_and_none_is_saved(
    made: Path, tmp_path: Path, data: bytes | None, told: str
):
    before = state(made)
    if data is not None:
        (tmp_path / "b.csv").write_bytes(data)
    result = run("add-codings", made, tmp_path / "b.csv", "--coder", "MK", code=1)
    assert result.stderr.startswith("Fel: ") and told in result.stderr
    assert state(made) == before


def test_a_folder_without_a_study_or_with_a_broken_one_is_told(folder: Path, tmp_path: Path):
    assert "Ingen studie finns i" in refused("codings", tmp_path / "ingenstans")
    database = folder / "study.db"
    whole = database.read_bytes()
    for broken in (b"hej", b"", whole[: len(whole) // 3], whole[:200] + b"\xff" * 8000 + whole[8200:]):
        database.write_bytes(broken)
        refused("codings", folder)


def test_a_study_is_never_made_over_another(folder: Path):
    before = (folder / "study.db").read_bytes()
    refused("create", folder, "--protocols", "halsoflodet", "--codebook", "halsoflodet")
    assert (folder / "study.db").read_bytes() == before


def test_a_table_or_report_is_never_written_over_something_else(made: Path, tmp_path: Path):
    before = (made / "study.db").read_bytes()
    assert ".csv" in refused("codings", made, "--csv", made / "study.db")
    assert ".docx" in refused("report", made, made / "study.db")
    assert ".yaml" in refused("export-codebook", made, made / "study.db")
    assert (made / "study.db").read_bytes() == before
    assert "finns inte" in refused("codings", made, "--csv", tmp_path / "ingen" / "x.csv")
    (tmp_path / "mapp.csv").mkdir()
    assert "är en mapp" in refused("codings", made, "--csv", tmp_path / "mapp.csv")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["report", "{}"], "r.docx"),
        (["findings", "--csv", "{}"], "f.csv"),
        (["doubts", "--csv", "{}"], "d.csv"),
        (["memos", "--csv", "{}"], "m.csv"),
        (["export-guide", "chefer", "{}"], "g.yaml"),
        (["export-codebook", "{}"], "k.yaml"),
    ],
)
def test_a_file_that_is_there_is_written_over_only_when_asked(made: Path, tmp_path: Path, words: list[str], name: str):
    file = tmp_path / name
    file.write_text("mina egna ändringar", "utf-8")
    command = [words[0], made, *(word.format(file) for word in words[1:])]
    told = refused(*command)
    assert told == f"Fel: {file} finns redan.\nGör så här: Ge ett annat namn, eller skriv över med --force.\n"
    assert file.read_text("utf-8") == "mina egna ändringar"
    run(*command, "--force")
    assert "mina egna ändringar".encode() not in file.read_bytes()
    file.unlink()
    run(*command)
    assert file.exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "r.docx"), "r.docx får inte läsas eller skrivas."),
        (FileNotFoundError(errno.ENOENT, "No such file", "r.docx"), "r.docx finns inte."),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "mapp"), "mapp är en mapp, inte en fil."),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "fil"), "fil är en fil, inte en mapp."),
        (OSError(errno.ENOSPC, "No space left on device", "x"), "Disken är full."),
        (OSError(errno.EROFS, "Read-only file system", "x"), "x ligger på en skrivskyddad disk."),
        (OSError(errno.EIO, "Input/output error", "x"), "x gick inte att läsa eller skriva (Input/output error)."),
    ],
)
def test_what_the_system_refuses_is_told_in_swedish_with_a_remedy(error: OSError, told: str):
    explained = _explained(error)
    assert explained.problem == told
    assert explained.fix


# --- real processes -------------------------------------------------------------------------------------


def test_output_is_utf_8_whatever_the_terminal_says(made: Path):
    done = process("findings", str(made), PYTHONIOENCODING="ascii", LC_ALL="C", LANGUAGE="en", COLUMNS="120")
    assert done.returncode == 0 and done.stderr == b""
    assert "Så många" in done.stdout.decode("utf-8")
    done = process("codings", str(made / "ingen"), PYTHONIOENCODING="cp1252")
    assert done.returncode == 1 and "Gör så här: " in done.stderr.decode("utf-8")


def test_a_reader_that_stops_early_gets_no_traceback(made: Path):
    with subprocess.Popen(
        [sys.executable, "-m", "intervjukit", "codings", str(made)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "COLUMNS": "5000"},
    ) as running:
        assert running.stdout and running.stderr
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()


@pytest.mark.usefixtures("interruptible")
@pytest.mark.skipif(sys.platform == "win32", reason="avbrott skickas på annat sätt i Windows")
def test_interrupting_says_so_ends_with_130_and_keeps_what_was_saved(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-m", "intervjukit", "demo", str(tmp_path / "d")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    ) as running:
        assert running.stdout and running.stderr
        seen = b""
        while "Läser in".encode() not in seen and (letter := running.stdout.read(1)):
            seen += letter
        running.send_signal(signal.SIGINT)
        told = running.stderr.read().decode()
    # a shell says 130 of both: Python ends itself by the signal when it came in the middle of an exec()
    assert running.returncode in (130, -signal.SIGINT)
    assert told.strip() == "Avbrutet; det som redan var sparat finns kvar."
    with Study.open(tmp_path / "d") as study:
        assert study.name == "Hälsoflödet, påhittad exempelstudie"


def test_the_demo_makes_a_whole_study_and_leaves_what_is_there_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    place = tmp_path / "på väg"
    place.mkdir()
    monkeypatch.chdir(place)
    Path("intervjukit-demo").mkdir()
    Path("intervjukit-demo", "viktigt.txt").write_text("mitt", "utf-8")
    told = run("demo").stdout
    assert "intervjukit-demo finns redan och lämnas orörd; den nya studien läggs i intervjukit-demo-2." in told
    assert "33 intervjuer" in told and "654 kodningar" in told and "Klart på" in told
    assert [file.name for file in Path("intervjukit-demo").iterdir()] == ["viktigt.txt"]
    new = Path("intervjukit-demo-2")
    files = {file.name for file in new.iterdir()}
    assert files == {"rapport.docx", "fynd.csv", "intervjuer", "study.db", "kodningar.csv"}
    assert (new / "rapport.docx").read_bytes().startswith(b"PK")
    assert state(new)[:2] == (33, 654)
    tried = re.findall(r"^  .*?(?:intervjukit) ([a-z].*)$", told.partition("Prova sedan:")[2], re.M)
    assert len(tried) >= 3
    for words in tried:
        assert "Inga sådana" not in run(*words.split()).stdout, words


# --- the terminal itself --------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60), st.integers(0, 10**6).map(str)), max_size=6),
    st.integers(40, 160),
    st.booleans(),
)
def test_a_table_never_is_wider_than_the_terminal_and_holds_no_control_characters(
    rows: list[tuple[str, str, str]], width: int, wrapped: bool
):
    columns = [
        Column("Citat", [row[0] for row in rows], text=True),
        Column("Vad", [row[1] for row in rows], text=True, wrapped=wrapped),
        Column("Nr", [row[2] for row in rows], right=True),
    ]
    lines = table(columns, width=width).split("\n")
    assert len(lines) >= len(rows) + 2
    for line in lines:
        assert display_width(line) <= width
        assert line == plain(line)


@given(st.text(max_size=80), st.integers(1, 40))
def test_a_text_is_cut_to_the_width_and_only_when_it_must_be(text: str, width: int):
    short = cut(text, width)
    assert display_width(short) <= width
    assert short == text if display_width(text) <= width else short.endswith("…")


@given(st.text(max_size=80))
def test_safe_text_is_one_line_and_stays_the_same_when_made_safe_again(text: str):
    safe = plain(text)
    assert len(safe.splitlines()) <= 1
    assert plain(safe) == safe
    assert not re.search("[\x00-\x1f\x7f-\x9f]", safe)
