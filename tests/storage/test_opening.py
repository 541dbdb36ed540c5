"""Opening a study: what is no sound study is refused with one clear error, and left exactly as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from intervjukit.errors import FileError
from intervjukit.storage import database as module
from intervjukit.storage import schema
from intervjukit.study import FILE, Study


def snapshot(folder: Path) -> dict[str, bytes]:
    return {place.name: place.read_bytes() if place.is_file() else b"" for place in folder.iterdir()}


def change(folder: Path, *statements: str) -> None:
    """Change a study as another program would, without its rules."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def tamper_quote(folder: Path) -> None:
    with Study.open(folder, coder="MK") as study:
        study.code("S09", "Jag svarade på mejl klockan fyra på morgonen", "arbetsbelastning")
    change(folder, "DROP TRIGGER codings_quote_update", "UPDATE codings SET quote = replace(quote, 'fyra', 'fema')")


def tamper_text(folder: Path) -> None:
    with Study.open(folder, coder="MK") as study:
        study.code("S09", "Jag svarade på mejl klockan fyra på morgonen", "arbetsbelastning")
    change(folder, "DROP TRIGGER coded_text_stays", "UPDATE transcripts SET text = ' ' || text")


def lose_text(folder: Path) -> None:
    with Study.open(folder, coder="MK") as study:
        study.code("S09", "Jag svarade på mejl klockan fyra på morgonen", "arbetsbelastning")
    change(folder, "DELETE FROM transcripts WHERE respondent = 'S09'")


def overwrite_middle(folder: Path) -> None:
    data = bytearray((folder / FILE).read_bytes())
    data[4096 * 2 : 4096 * 40] = b"\xa5" * (4096 * 38)
    (folder / FILE).write_bytes(data)


def another_database(folder: Path) -> None:
    (folder / FILE).unlink()
    change(folder, "CREATE TABLE annat (x)", "INSERT INTO annat VALUES (1)")


def cut(share: float) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        data = (folder / FILE).read_bytes()
        (folder / FILE).write_bytes(data[: int(len(data) * share)])

    return damage


def only_the_first(size: int) -> Callable[[Path], None]:
    """Leave fewer bytes than SQLite's header of a hundred, however large the study is."""

    def damage(folder: Path) -> None:
        (folder / FILE).write_bytes((folder / FILE).read_bytes()[:size])

    return damage


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (lambda folder: (folder / FILE).unlink(), "Ingen studie finns"),
    "a folder in its place": (
        lambda folder: ((folder / FILE).unlink(), (folder / FILE).mkdir(), None)[-1],
        "Ingen studie finns",
    ),
    "empty": (cut(0), "ingen studie eller är skadad"),
    "only the first bytes": (only_the_first(40), "ingen studie eller är skadad"),
    "half of it": (cut(0.5), "skadad"),
    "not SQLite": (lambda folder: (folder / FILE).write_text("Hej! " * 100) and None, "ingen studie"),
    "another SQLite file": (another_database, "ingen Intervjukit-studie"),
    "a newer version": (lambda folder: change(folder, "PRAGMA user_version = 99"), "nyare version .* 99"),
    "overwritten in the middle": (overwrite_middle, "skadad"),
    "a table gone": (lambda folder: change(folder, "DROP TABLE coding_facets", "DROP TABLE codings"), "gick inte"),
    "a quote changed": (tamper_quote, "En kodning i .* stämmer inte längre med texten"),
    "a text changed": (tamper_text, "En kodning i .* stämmer inte längre med texten"),
    "a text gone": (lose_text, "En kodning i .* stämmer inte längre med texten"),
    "an unknown older version": (lambda folder: change(folder, "PRAGMA user_version = 0"), "gick inte att göra om"),
}


@pytest.mark.parametrize(("damage", "told"), DAMAGE.values(), ids=DAMAGE.keys())
def test_what_is_no_sound_study_is_refused_in_plain_words_and_left_as_it_was(
    small_folder: Path, damage: Callable[[Path], None], told: str
) -> None:
    damage(small_folder)
    before = snapshot(small_folder)
    with pytest.raises(FileError, match=told) as error:
        Study.open(small_folder)
    assert error.value.fix
    after = {name: data for name, data in snapshot(small_folder).items() if not name.endswith(".bak")}
    assert after == before


def test_a_folder_that_does_not_exist_is_said_to_hold_no_study(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="Ingen studie finns"):
        Study.open(tmp_path / "finns inte")
    assert list(tmp_path.iterdir()) == []


def test_opening_and_closing_a_sound_study_changes_nothing(small_folder: Path) -> None:
    before = snapshot(small_folder)
    with Study.open(small_folder) as study:
        assert study.name == "Provstudie"
        assert len(study.transcripts()) == 4
    assert snapshot(small_folder) == before


# --- older versions ---------------------------------------------------------------------------------


def add_colour(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE codes ADD COLUMN colour TEXT NOT NULL DEFAULT 'blå'")


def rebuild_codes(connection: Connection) -> None:
    """Rebuild a table others refer to, as SQLite needs for most changes."""
    connection.exec_driver_sql("CREATE TABLE new_codes (id TEXT PRIMARY KEY, name TEXT, at TEXT, who TEXT)")
    connection.exec_driver_sql("INSERT INTO new_codes SELECT id, name, at, who FROM codes")
    connection.exec_driver_sql("DROP TABLE codes")
    connection.exec_driver_sql("ALTER TABLE new_codes RENAME TO codes")


def lose_codes(connection: Connection) -> None:
    connection.exec_driver_sql("DELETE FROM codes")


def fail_half_way(connection: Connection) -> None:
    add_colour(connection)
    connection.exec_driver_sql("DELETE FROM doubts")
    connection.exec_driver_sql("INSERT INTO tabellen_som_inte_finns VALUES (1)")


@pytest.fixture
def coded_folder(small_folder: Path) -> Path:
    with Study.open(small_folder, coder="MK") as study:
        study.code("S09", "Jag svarade på mejl klockan fyra på morgonen", "arbetsbelastning", valence="flaskhals")
    return small_folder


PRESENT = schema.VERSION
BACKUP = f"study.v{PRESENT}.bak"


def next_version(monkeypatch: pytest.MonkeyPatch, *steps: Callable[[Connection], None]) -> None:
    """Pretend this is a later version of the program, with these migrations from today's version on."""
    monkeypatch.setattr(schema, "VERSION", PRESENT + len(steps))
    monkeypatch.setattr(module, "MIGRATIONS", {**module.MIGRATIONS, **dict(enumerate(steps, PRESENT))})


def test_an_older_study_is_brought_up_to_date_after_a_copy_is_put_beside_it(
    coded_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(coded_folder / FILE)) as connection:
        before = list(connection.iterdump())
    next_version(monkeypatch, add_colour, lambda connection: None)
    with Study.open(coded_folder) as study:
        assert len(study.codings()) == 1
    assert sorted(place.name for place in coded_folder.iterdir()) == [FILE, BACKUP]
    with closing(sqlite3.connect(coded_folder / FILE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (PRESENT + 2,)
        assert connection.execute("SELECT DISTINCT colour FROM codes").fetchall() == [("blå",)]
    with closing(sqlite3.connect(coded_folder / BACKUP)) as backup:
        assert backup.execute("PRAGMA user_version").fetchone() == (PRESENT,)
        assert list(backup.iterdump()) == before
    (coded_folder / BACKUP).unlink()
    with Study.open(coded_folder):
        assert not (coded_folder / BACKUP).exists(), "a study already up to date is not migrated again"


def test_a_migration_may_rebuild_a_table_that_codings_refer_to(
    coded_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version(monkeypatch, rebuild_codes)
    with Study.open(coded_folder) as study:
        assert list(study.codings()["valence"]) == ["flaskhals"]
        with study._store.database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


@pytest.mark.parametrize("last", [fail_half_way, lose_codes], ids=["fails half way", "breaks a reference"])
def test_a_migration_that_goes_wrong_changes_nothing(
    coded_folder: Path, monkeypatch: pytest.MonkeyPatch, last: Callable[[Connection], None]
) -> None:
    before = snapshot(coded_folder)
    next_version(monkeypatch, add_colour if last is lose_codes else lambda connection: None, last)
    with pytest.raises(FileError, match=f"format {PRESENT} och gick inte att göra om till {PRESENT + 2}") as told:
        Study.open(coded_folder)
    assert BACKUP in told.value.fix
    with closing(sqlite3.connect(coded_folder / FILE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (PRESENT,)
    monkeypatch.undo()
    assert snapshot(coded_folder)[FILE] == before[FILE]
    with Study.open(coded_folder) as study:
        assert len(study.codings()) == 1
        assert len(study.doubts.table()) > 0
