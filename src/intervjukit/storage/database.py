"""The connection to a study's database, with the settings that make "saved" mean saved.

The only module, with ``sqlite_rules``, that knows the database is SQLite. Measured with simulated power cuts: WAL with
synchronous=FULL lost nothing in a thousand cuts; with NORMAL 680 of them lost decisions already acknowledged.
BEGIN IMMEDIATE: writers queue instead of failing.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, Select, Table, create_engine, event, exc, insert

from intervjukit.errors import FileError, IntervjukitError, RuleError
from intervjukit.storage import schema
from intervjukit.storage.sqlite_rules import TRIGGERS

APPLICATION_ID = 0x494B5431
"""What tells a study from any other SQLite file ("IKT1")."""
BUSY_SECONDS = 10.0

Migration = Callable[[Connection], None]


def _to_2(connection: Connection) -> None:
    """Add banks of utterances, how sure a suggestion is, codes there have been, live guides, SWOT order."""
    for new in (
        schema.banks,
        schema.former_codes,
        schema.drafts,
        schema.draft_answers,
        schema.swot_places,
        schema.blind,
    ):
        new.create(connection)
    for table in ("suggestions", "suggestion_facets"):
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN confidence FLOAT")


def _to_3(connection: Connection) -> None:
    """Add the likeliest other codes, times in recordings, the plan, names from other programs, memos on places."""
    for new in (schema.turn_times, schema.plans, schema.identities, schema.memo_spans):
        new.create(connection)
    connection.exec_driver_sql("ALTER TABLE suggestions ADD COLUMN others TEXT")
    for rule in TRIGGERS:
        if " ON memo_spans " in rule:
            connection.exec_driver_sql(rule)


MIGRATIONS: Mapping[int, Migration] = {1: _to_2, 2: _to_3}
"""From version n to n + 1."""

_MAGIC = b"SQLite format 3\0"
_BACKUP = "Hämta studien från en säkerhetskopia."


class Database:
    """One study's database file. Every write is one transaction, on disk when the call returns."""

    def __init__(self, path: Path) -> None:
        """Know the file; nothing is read or made before it is asked for."""
        self.path = path
        self.engine: Engine = create_engine(
            "sqlite://", creator=lambda: _connect(path), poolclass=QueuePool, pool_size=1, max_overflow=4
        )
        event.listen(self.engine, "begin", _begin)
        self._current = threading.local()

    @classmethod
    def create(cls, path: Path, fill: Callable[[Database], None]) -> Database:
        """Make a new study file with what ``fill`` puts in it: whole, or not at all.

        Raises FileError when there is a study already, and whatever ``fill`` raises.
        """
        _refuse_existing(path)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        draft = cls(part)
        try:
            with draft.writing() as connection:
                schema.metadata.create_all(connection)
                for statement in TRIGGERS:
                    connection.exec_driver_sql(statement)
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")
                fill(draft)
            draft.close()
            _refuse_existing(path)
            _move(part, path)
        finally:
            draft.close()
            _remove(part)
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open a study file, migrated to this version if it is older. Raises FileError.

        A file that is refused is left exactly as it was.
        """
        _check_header(path)
        database = cls(path)
        try:
            database._check_whole()
            database._migrate()
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state; inside ``writing`` it sees what is being written."""
        if (current := self._inside()) is not None:
            yield current
            return
        with self._explained(), self.engine.connect() as connection:
            connection = connection.execution_options(reading=True)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are all saved at the end, or none of them if anything fails.

        Nobody else can write meanwhile, so what is read here still holds when it is written. Inside another
        ``writing`` it is part of that.
        """
        if (current := self._inside()) is not None:
            yield current
            return
        with self._explained(), self.engine.connect() as connection, connection.begin():
            self._current.connection = connection
            try:
                yield connection
            finally:
                self._current.connection = None

    def rows(self, query: Select[Any]) -> list[Any]:
        """Return every row of a query."""
        with self.reading() as connection:
            return list(connection.execute(query).all())

    def scalar(self, query: Select[Any]) -> Any:
        """Return the first column of a query's first row, None when it has no row."""
        with self.reading() as connection:
            return connection.execute(query).scalar()

    def copy_to(self, target: Path) -> None:
        """Write a whole, consistent copy to ``target`` by SQLite's own backup; an open study can be copied.

        Raises FileError; then ``target`` is as it was.
        """
        part = target.with_name(target.name + ".part")
        try:
            source, copy = _connect(self.path), sqlite3.connect(part)
            try:
                source.backup(copy)
            finally:
                copy.close()
                source.close()
            _move(part, target)
        except (sqlite3.Error, OSError) as error:
            raise FileError(
                f"Studien gick inte att kopiera till {target} ({error}).",
                fix="Kontrollera att det finns plats och att du får skriva där.",
            ) from error
        finally:
            _remove(part)

    def write_over(self) -> bool:
        """Leave nothing of removed rows in the files; False when somebody else has the study open.

        Then it is done when the last one closes it.
        """
        try:
            with closing(_connect(self.path)) as connection:
                connection.execute("VACUUM")
                return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:
            return False

    def _inside(self) -> Connection | None:
        return getattr(self._current, "connection", None)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except exc.IntegrityError as error:
            raise RuleError(f"Studiens regler tillåter inte det: {error.orig}.", fix="Inget har sparats.") from error
        except exc.DatabaseError as error:
            raise _explain(self.path, error) from error

    def _version(self, connection: Connection) -> int:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def _check_whole(self) -> None:
        with self.reading() as connection:
            sound = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
            version = self._version(connection)
        if sound != "ok":
            raise _damaged(self.path)
        _check_version(version)

    def _migrate(self) -> None:
        """Bring an older study up to date in one transaction, after a copy of it was put beside it."""
        with self.reading() as connection:
            version = self._version(connection)
        if version == schema.VERSION:
            return
        backup = self.path.with_suffix(f".v{version}.bak")
        self.copy_to(backup)
        try:
            with self._without_references() as connection, connection.begin():
                for step in range(self._version(connection), schema.VERSION):
                    MIGRATIONS[step](connection)
                    connection.exec_driver_sql(f"PRAGMA user_version = {step + 1}")
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise ValueError("en hänvisning pekar på något som inte finns")
        except (exc.SQLAlchemyError, LookupError, ValueError) as error:
            raise FileError(
                f"Studien är av format {version} och gick inte att göra om till {schema.VERSION} ({error}).",
                fix=f"Inget har ändrats; en kopia ligger i {backup.name}. Öppna den med den äldre versionen.",
            ) from error

    @contextmanager
    def _without_references(self) -> Iterator[Connection]:
        """Give a connection that may rebuild a table others refer to (SQLite's own advice for migrations)."""
        with self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys = OFF")
            try:
                yield connection
            finally:
                connection.invalidate()


@contextmanager
def history_may_change(connection: Connection) -> Iterator[None]:
    """Let the history be changed within the block, for a respondent who withdraws.

    If it fails the transaction takes the rule's absence back with everything else.
    """
    rule = next(rule for rule in TRIGGERS if " history_no_update " in rule)
    connection.exec_driver_sql("DROP TRIGGER history_no_update")
    yield
    connection.exec_driver_sql(rule)


def add_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that have the same columns, more than one, and leave none to a default.

    SQLAlchemy makes the statement but looks at no row, which takes it longer than the database needs.
    """
    statement: Any = insert(table).compile(connection, column_keys=list(rows[0]))
    connection.exec_driver_sql(str(statement), [*map(itemgetter(*statement.positiontup), rows)])


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for setting in (
            f"busy_timeout = {int(BUSY_SECONDS * 1000)}",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "journal_mode = WAL",
            "synchronous = FULL",
            "fullfsync = 1",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise FileError(f"Det finns redan en studie i {path.parent}.", fix="Öppna den, eller välj en ny mapp.")


def _check_header(path: Path) -> None:
    """Refuse what is no study by its first bytes alone: a stranger's file is not even opened as a database."""
    if not path.is_file():
        raise FileError(f"Ingen studie finns i {path.parent}.", fix="Kontrollera mappen, eller skapa studien först.")
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise FileError(f"{path} går inte att läsa.", fix="Kontrollera att du har läsrätt till filen.") from error
    if len(header) < 100 or not header.startswith(_MAGIC):
        raise FileError(f"{path} är ingen studie eller är skadad.", fix=_BACKUP)
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise FileError(f"{path} är ingen Intervjukit-studie.", fix="Välj en mapp med en studie.")
    _check_version(int.from_bytes(header[60:64], "big"))


def _check_version(version: int) -> None:
    if version > schema.VERSION:
        raise FileError(
            f"Studien är gjord med en nyare version av Intervjukit (format {version}, här {schema.VERSION}).",
            fix="Uppdatera Intervjukit på den här datorn.",
        )


def _damaged(path: Path) -> FileError:
    return FileError(f"{path} är skadad och går inte att använda.", fix=_BACKUP)


def _explain(path: Path, error: exc.DatabaseError) -> IntervjukitError:
    """Return what SQLite's error means to a user, by its code: its texts differ between versions."""
    name = getattr(error.orig, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return FileError(
            f"Studien har varit upptagen av ett annat program i {BUSY_SECONDS:g} sekunder.",
            fix="Vänta tills det är klart och försök igen; inget har sparats.",
        )
    if name in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"):
        return FileError("Disken är full.", fix="Frigör utrymme och försök igen; inget har sparats.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return FileError(f"{path} får inte ändras.", fix="Kontrollera att du har skrivrätt till mappen.")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return _damaged(path)
    return FileError(f"Studien gick inte att läsa eller ändra ({error.orig}).", fix="Inget har sparats; försök igen.")


def _move(part: Path, target: Path) -> None:
    """Put a finished file in its place, on disk when the call returns."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
