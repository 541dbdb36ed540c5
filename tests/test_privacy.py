"""A respondent who withdraws is gone: from the tables, the history and every file of the study. All are invented."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from intervjukit.cli import cli
from intervjukit.core.codebook import Example
from intervjukit.core.coding import Memo
from intervjukit.core.transcript import Transcript
from intervjukit.errors import NotFoundError
from intervjukit.formats.library import library
from intervjukit.nlp.reader import FILE as READ
from intervjukit.storage.identities import Identities
from intervjukit.study import FILE, Study

INTERVIEWS = library("examples") / "halsoflodet" / "intervjuer"
QUOTE = "Jag svarade på mejl klockan fyra på morgonen"
WORD = re.compile(r"\w{6,}")


def own_words(interview: Transcript) -> set[str]:
    """Return how longer answers begin, and the longer words that stand in nothing else the kit brings with it."""
    others = [*INTERVIEWS.glob("*.*"), *library("protocols").rglob("*.yaml"), *library("codebooks").rglob("*.*")]
    rest = " ".join(
        other.read_text("utf-8", errors="ignore").casefold()
        for other in others
        if other.suffix in (".txt", ".yaml") and other.name != "S09.txt"
    )
    said = " ".join(interview.turn_text(turn) for turn in interview.answers())
    whole = {interview.turn_text(turn)[:40] for turn in interview.answers() if turn.end - turn.start > 40}
    return whole | {word for word in WORD.findall(said) if word.casefold() not in rest}


def standing(folder: Path, words: set[str]) -> set[tuple[str, str]]:
    """Return the words that stand in the bytes of any file of a folder, with the file's name."""
    found = set()
    for file in folder.rglob("*"):
        held = file.read_bytes() if file.is_file() else b""
        found |= {(file.name, word) for word in words for code in ("utf-8", "utf-16-le") if word.encode(code) in held}
    return found


@pytest.fixture
def lived_in(suggested_study: Study, tmp_path: Path) -> Study:
    """A study where much has been done with S09's interview, undone, replaced and passed on, and some with S10's."""
    study = suggested_study
    coding = study.code("S09", QUOTE, "arbetsbelastning", valence="flaskhals", party="arbetsgivare")
    study.memos.add("Se sida två om mejlen", target="coding", target_id=coding.id)
    study.memos.add("Ring xylofonisten", target="respondent", target_id="S09")
    study.change(coding.id, code="egenansvar")
    open_ones = {who: study.suggestions().query(f"respondent == '{who}'")["id"] for who in ("S09", "C01")}
    study.accept(int(open_ones["S09"].iloc[0]))
    study.reject(int(open_ones["S09"].iloc[1]))
    study.accept(int(open_ones["C01"].iloc[0]))
    study.agreement.draw_blind(3)
    interview = study.transcript("S09")
    start = interview.text.index(QUOTE)
    with study._store.decide("MK", "add_memo", f"Skrev en anteckning vid ”{QUOTE}”") as decision:
        place = (start, start + len(QUOTE), QUOTE)
        study._store.boards.insert_memo(decision, Memo(0, "transcript", str(interview.id), "Viktigt", "MK", "", *place))
    file = tmp_path / "Ulrika-Sofi Ågren.txt"
    text = (INTERVIEWS / "S09.txt").read_text("utf-8")
    file.write_text(text.replace("bibliotekarie", "paleograf"), encoding="utf-8")
    study.add_transcripts(file, replace=True)
    study.suggest()
    study.history.undo()
    study.history.redo()
    # after the suggestions: another code book would have to be learned first
    study.themes.change("egenansvar", examples=(Example(QUOTE, {}), Example("Hon tog själv kontakt.", {})))
    numbers = {row.respondent: row.id for row in study._store.interviews.tallies()}
    kept = [("transcript", str(numbers["S09"])), ("respondent", "S09"), ("coding", str(coding.id)), ("memo", "1")]
    with study._store.decide("MK", "add_project", "Tog in ett projekt") as decision:
        mine = {**{name: str(uuid4()) for name in kept}, ("transcript", str(numbers["C01"])): str(uuid4())}
        Identities(study._store.database).keep(decision, mine)
    draft = study.drafts.begin(interview.group, "S09", wave=2)
    asked = next(each.id for each in study.protocols[interview.group].questions() if each.kind == "text")
    study.drafts.write(draft.id, asked, "Astronomi igen")
    study.swot.add("svaghet", "Ingen svarar på mejl", [study._findings()[0].key])
    return study


def test_nothing_of_a_withdrawn_respondent_stands_in_any_file(lived_in: Study) -> None:
    study = lived_in
    words = own_words(study.transcript("S09")) | {"paleograf", "xylofonisten", "Ulrika-Sofi", "S09"}
    study._store.database.copy_to(study.folder / "study.v2.bak")
    (study.folder / READ).write_bytes(b"what was read closely, as numbers")
    other = study.transcript("C01").id
    before = {name for _, name in standing(study.folder, words)}
    assert len(before) > 20 and {"paleograf", "Ulrika-Sofi", "S09"} <= before
    told = study.privacy.withdraw("S09")
    assert told.complete and told.interviews == 1 and told.codings == 2 and told.removed == ("study.v2.bak", READ)
    assert told.sources == ("Ulrika-Sofi Ågren.txt",)
    assert standing(study.folder, words) == set()
    study.close()
    assert standing(study.folder, words) == set()
    with closing(sqlite3.connect(study.folder / FILE)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept = connection.execute("SELECT kind, own FROM identities").fetchall()
        assert kept == [("transcript", str(other))]


def test_what_others_said_stays_and_can_still_be_undone(lived_in: Study, opened: Callable[..., Study]) -> None:
    lived_in.privacy.withdraw("S09")
    study = opened(lived_in.folder)
    assert set(study.codings()["respondent"]) == {"C01"}
    undone = []
    while event := study.history.undo():
        undone.append(event.action)
    assert "accept" in undone
    assert len(study.codings()) == 0
    while study.history.redo():
        pass
    assert set(study.codings()["respondent"]) == {"C01"}
    assert study.codebook.code("egenansvar").examples == (Example("Hon tog själv kontakt.", {}),)


def test_the_history_is_closed_again_and_says_that_somebody_withdrew(lived_in: Study) -> None:
    number = len(lived_in.history.events())
    lived_in.privacy.withdraw("S09")
    events = lived_in.history.events()
    assert len(events) == number + 1 and events[-1].action == "withdraw" and not events[-1].undoable
    with closing(sqlite3.connect(lived_in.folder / FILE)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE history SET summary = ''")


def test_where_people_have_written_the_words_themselves_is_told(lived_in: Study) -> None:
    lived_in.swot.add("svaghet", f"En av dem: {QUOTE}", [lived_in._findings()[0].key])
    (lived_in.folder / "inläsning.yaml").write_text("intervjuare: MK\n", encoding="utf-8")
    told = lived_in.privacy.of("S09")
    assert told.left == ("rad 2 i SWOT",)
    assert told.others == ("inläsning.yaml",)
    assert len(lived_in.codings()) == 3, "looking changes nothing"
    with pytest.raises(NotFoundError, match="S99"):
        lived_in.privacy.of("S99")


def test_the_command_shows_first_and_removes_when_told_so(lived_in: Study) -> None:
    lived_in.close()

    def run(*words: str) -> str:
        result = CliRunner().invoke(cli, ["withdraw", str(lived_in.folder), "S09", "--coder", "MK", *words])
        assert result.exit_code == 0, result.output
        return result.output

    told = run()
    assert "1 intervju, 2 kodningar" in told and "Inget har ändrats" in told and "Ulrika-Sofi Ågren.txt" in told
    assert run() == told
    assert "Tog bort S09" in run("--yes")
    again = CliRunner().invoke(cli, ["withdraw", str(lived_in.folder), "S09", "--coder", "MK"])
    assert again.exit_code == 1 and "S09 finns inte i studien" in again.output
