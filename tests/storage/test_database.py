"""The file itself: its settings, its single transactions, and that what was acknowledged is there."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from intervjukit.errors import FileError, RuleError
from intervjukit.storage import database as module
from intervjukit.storage import schema
from intervjukit.storage.database import APPLICATION_ID, Database
from intervjukit.storage.store import Store
from intervjukit.study import FILE, Study

SRC = Path(__file__).parents[2] / "src"
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs signals and limits of a POSIX system")

WRITER = """
import sys
from pathlib import Path
from intervjukit.storage.store import Store

store, coder, number = Store.open(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
interview = store.interviews.all()[0]
turn = next(interview.answers())
from intervjukit.core.coding import Coding
for place in range(number):
    start = turn.start + place % 40
    end = start + 12
    coding = Coding(0, interview.id, interview.respondent, "", start, end, interview.text[start:end],
                    "samverkan", {"valence": "flaskhals"}, coder)
    with store.decide(coder, "code", "kodade") as decision:
        made = store.insert_coding(decision, coding)
    print(made, flush=True)
store.close()
"""


def start_writer(folder: Path, coder: str, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder / FILE), coder, str(number)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SRC)},
    )


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return connection.execute(sql).fetchall()


def assert_sound(folder: Path) -> None:
    assert rows(folder, "PRAGMA integrity_check") == [("ok",)]
    assert rows(folder, "PRAGMA foreign_key_check") == []
    half = "SELECT count(*) FROM codings WHERE id NOT IN (SELECT owner FROM coding_facets)"
    assert rows(folder, half) == [(0,)]
    noted = "SELECT count(*) FROM history WHERE action = 'code'"
    assert rows(folder, noted) == rows(folder, "SELECT count(*) FROM codings")


# --- settings ---------------------------------------------------------------------------------------


def test_every_connection_has_the_settings_that_make_saved_mean_saved(small_folder: Path) -> None:
    database = Database.open(small_folder / FILE)
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "secure_delete": 1,
        "application_id": APPLICATION_ID,
        "user_version": schema.VERSION,
    }
    with database.reading() as one, database.engine.connect() as second, database.engine.connect() as third:
        for connection in (one, second.execution_options(reading=True), third):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
            assert found == wanted
    database.close()


def test_a_write_takes_the_lock_at_once_and_a_read_does_not(small_folder: Path) -> None:
    database = Database.open(small_folder / FILE)
    with database.reading() as connection:
        connection.execute(select(schema.codes.c.id)).first()
        with closing(sqlite3.connect(small_folder / FILE, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
    with (
        database.writing(),
        closing(sqlite3.connect(small_folder / FILE, timeout=0, isolation_level=None)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")
    database.close()


def test_a_read_within_a_write_sees_what_is_being_written(small_folder: Path) -> None:
    store = Store.open(small_folder / FILE)
    with pytest.raises(RuleError), store.decide("MK", "add_memo", "") as decision:
        row = {"target": "study", "target_id": "", "text": "nytt", **decision.stamp()}
        decision.insert(schema.memos, row)
        assert [memo.text for memo in store.boards.memos()] == ["nytt"]
        raise RuleError("avbrutet")
    assert store.boards.memos() == []
    assert store.journal.events()[-1].action == "add_transcript"
    store.close()


def test_a_read_sees_one_state_though_another_thread_writes(small_folder: Path) -> None:
    store = Store.open(small_folder / FILE)
    with store.database.reading() as connection:
        before = connection.execute(select(schema.memos.c.id)).all()
        writer = threading.Thread(
            target=store.boards.add_memo, args=("MK", "study", "", "från en annan tråd", "studien")
        )
        writer.start()
        writer.join()
        assert connection.execute(select(schema.memos.c.id)).all() == before
    assert len(store.boards.memos()) == 1
    store.close()


def test_a_file_that_cannot_be_filled_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(database: Database) -> None:
        with database.writing() as connection:
            connection.execute(insert(schema.study).values(name="name", value="x", at="", who=""))
            raise RuleError("det gick inte")

    with pytest.raises(RuleError, match="det gick inte"):
        Database.create(tmp_path / FILE, fail)
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_stands_alone_and_is_never_made_over_another(tmp_path: Path) -> None:
    Database.create(tmp_path / FILE, lambda database: None).close()
    assert [place.name for place in tmp_path.iterdir()] == [FILE]
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(FileError, match="finns redan en studie"):
        Database.create(tmp_path / FILE, lambda database: None)
    assert (tmp_path / FILE).read_bytes() == before


def test_an_open_study_can_be_copied_and_the_copy_is_whole(small_study: Study, tmp_path: Path) -> None:
    small_study.memos.add("före kopian")
    target = tmp_path / "kopia" / FILE
    target.parent.mkdir()
    small_study._store.database.copy_to(target)
    assert [place.name for place in target.parent.iterdir()] == [FILE]
    with Study.open(target.parent) as copy:
        assert list(copy.memos.table()["text"]) == ["före kopian"]


def test_a_copy_that_cannot_be_made_says_so_and_leaves_nothing(small_study: Study, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="gick inte att kopiera"):
        small_study._store.database.copy_to(tmp_path / "finns inte" / "kopia.db")
    taken = tmp_path / "mapp"
    taken.mkdir()
    with pytest.raises(FileError, match="gick inte att kopiera"):
        small_study._store.database.copy_to(taken)
    assert sorted(place.name for place in tmp_path.iterdir()) == ["mapp", "small"]


# --- several at once, and sudden ends ---------------------------------------------------------------


def test_two_processes_writing_at_once_lose_nothing(small_folder: Path) -> None:
    writers = {coder: start_writer(small_folder, coder, 60) for coder in ("MK", "AB")}
    for coder, writer in writers.items():
        told, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors
        saved = rows(small_folder, f"SELECT id FROM codings WHERE coder = '{coder}' ORDER BY id")
        assert [int(line) for line in told.split()] == [number for (number,) in saved]
        assert len(saved) == 60
    assert_sound(small_folder)


@POSIX
def test_a_process_killed_while_coding_loses_nothing_it_said_it_saved(small_folder: Path) -> None:
    chance = random.Random(20180611)
    acknowledged: set[int] = set()
    for _ in range(4):
        writer = start_writer(small_folder, "MK", 100_000)
        assert writer.stdout is not None and writer.stderr is not None
        for _ in range(chance.randrange(1, 120)):
            acknowledged.add(int(writer.stdout.readline()))
        writer.send_signal(signal.SIGKILL)
        # the last line may have been cut short; it was then not acknowledged
        rest = writer.stdout.read()
        acknowledged |= {int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")}
        assert writer.wait() == -signal.SIGKILL
        writer.stdout.close()
        writer.stderr.close()
        with Study.open(small_folder):
            assert_sound(small_folder)
        saved = {number for (number,) in rows(small_folder, "SELECT id FROM codings")}
        assert acknowledged <= saved
        assert len(saved) <= len(acknowledged) + 4  # at most one a round was saved but not yet told
    assert len(acknowledged) > 4


FILLING = """
import resource, sys
from pathlib import Path
from intervjukit.errors import FileError
from intervjukit.study import Study

study = Study.open(sys.argv[1], coder="MK")
size = (Path(sys.argv[1]) / "study.db").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 200_000, resource.RLIM_INFINITY))
saved = []
try:
    for number in range(1000):
        saved.append(study.memos.add(f"{number} " + "ord " * 2000))
except FileError as error:
    print(error)
assert len(study.memos.table()) == len(saved), "readable while full, and only what was acknowledged"
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
saved.append(study.memos.add("plats igen"))
print(*saved)
study.close()
"""


@POSIX
def test_a_full_disk_is_told_in_plain_words_and_nothing_acknowledged_is_lost(small_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLING, str(small_folder)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(SRC)},
    )
    assert done.returncode == 0, done.stderr
    told, saved = done.stdout.splitlines()
    assert told == "Disken är full. Frigör utrymme och försök igen; inget har sparats."
    assert len(saved.split()) > 2
    assert [(int(number),) for number in saved.split()] == rows(small_folder, "SELECT id FROM memos ORDER BY id")
    assert rows(small_folder, "PRAGMA integrity_check") == [("ok",)]


def test_a_study_busy_elsewhere_says_so_and_works_again_after(
    small_study: Study, monkeypatch: pytest.MonkeyPatch, opened: object
) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    study = Study.open(small_study.folder, coder="MK")
    with closing(sqlite3.connect(study.folder / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(FileError, match=r"upptagen av ett annat program i 0\.05 sekunder") as told:
            study.memos.add("under tiden")
        assert "inget har sparats" in told.value.fix
        assert len(study.memos.table()) == 0
        other.execute("ROLLBACK")
    study.memos.add("efteråt")
    assert list(study.memos.table()["text"]) == ["efteråt"]
    study.close()


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Act as nobody when the tests are run by root, to whom no folder is read-only."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def guarded(small_original: Path) -> Iterator[Path]:
    """A study whose folder and file nobody may write to."""
    place = Path(tempfile.mkdtemp())
    folder = Path(shutil.copytree(small_original, place / "skyddad"))
    (folder / FILE).chmod(0o444)
    folder.chmod(0o555)
    place.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(place)


@POSIX
def test_a_study_in_a_folder_one_may_not_write_to_says_so_and_stays(guarded: Path) -> None:
    before = (guarded / FILE).read_bytes()
    with ordinary_user():
        with pytest.raises(FileError, match="får inte ändras") as told:
            Study.open(guarded)
        assert "skrivrätt" in told.value.fix
        with pytest.raises(FileError, match="går inte att skapa"):
            Study.create(guarded / "ny", protocols="halsoflodet", codebook="halsoflodet")
    assert (guarded / FILE).read_bytes() == before
    assert [place.name for place in guarded.iterdir()] == [FILE]


@POSIX
def test_a_file_one_may_not_read_says_so(guarded: Path) -> None:
    (guarded / FILE).chmod(0)
    with ordinary_user(), pytest.raises(FileError, match="går inte att läsa"):
        Study.open(guarded)
