"""The same statements must run on PostgreSQL one day: they compile for it, and only one place knows SQLite."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import ClauseElement, Engine, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from intervjukit.storage import database, schema
from intervjukit.study import Study

STORAGE = Path(database.__file__).parent
each_table = pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=lambda table: table.name)


@each_table
def test_every_table_can_be_made_in_postgresql(table: Table) -> None:
    made = str(CreateTable(table).compile(dialect=postgresql.dialect()))
    assert made.strip().startswith(f"CREATE TABLE {table.name}")
    assert "AUTOINCREMENT" not in made
    if table.primary_key.columns.keys() == ["id"] and table.c.id.type.python_type is int:
        assert "id SERIAL NOT NULL" in made
    for index in table.indexes:
        assert str(CreateIndex(index).compile(dialect=postgresql.dialect())).startswith("CREATE INDEX")


@each_table
def test_reserved_words_are_quoted_as_column_names(table: Table) -> None:
    for dialect in (postgresql.dialect(), sqlite.dialect()):
        made = str(CreateTable(table).compile(dialect=dialect))
        for word in ("group", "end"):
            unquoted = re.findall(rf'(?<!")\b{word}\b(?!")', made)
            assert unquoted == [], made


def test_every_statement_of_a_whole_study_compiles_for_postgresql(suggested_study: Study) -> None:
    seen: set[str] = set()

    def compile_for_postgresql(_: object, statement: ClauseElement, *__: object) -> None:
        compiled = str(statement.compile(dialect=postgresql.dialect()))
        assert not re.search(r"PRAGMA|OR REPLACE|OR IGNORE|AUTOINCREMENT|rowid|IS NOT \w+\.", compiled), compiled
        seen.add(compiled)

    event.listen(Engine, "before_execute", compile_for_postgresql)
    try:
        use_everything(suggested_study)
    finally:
        event.remove(Engine, "before_execute", compile_for_postgresql)
    for verb in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        assert len([statement for statement in seen if statement.startswith(verb)]) > 4


def use_everything(study: Study) -> None:
    study.suggest()
    numbers = list(study.suggestions()["id"])
    coding = study.accept(numbers[0], valence="flaskhals", party="vard")
    study.reject(numbers[1])
    study.code("S09", "Jag svarade på mejl klockan fyra på morgonen", "arbetsbelastning")
    study.change(coding.id, code="samverkan")
    study.doubts.settle(int(study.doubts.table()["id"].iloc[0]))
    study.memos.add("om kodningen", target="coding", target_id=coding.id)
    line = study.swot.add("svaghet", "Samverkan", [("flaskhals", "samverkan", "vard")])
    measure = study.measures.add("Träffas", "vard", [line])
    study.measures.edit(measure, due="2027")
    study.swot.remove(line)
    study.measures.remove(measure)
    study.uncode(coding.id)
    while study.history.undo():
        pass
    study.history.redo()
    study.transcript("S09")
    for table in (study.findings, study.codings, study.doubts.table, study.coverage, study.memos.table):
        table()


def test_only_the_database_module_and_its_rules_know_sqlite() -> None:
    telling = re.compile(r"sqlite|PRAGMA|BEGIN|TRIGGER|exec_driver_sql|sqlalchemy\.text$|rowid")
    for path in sorted(STORAGE.glob("*.py")):
        if path.stem in ("database", "sqlite_rules"):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        names = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
        imported = [
            f"{node.module}.{alias.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        ]
        assert [name for name in (*names, *imported) if telling.search(name)] == [], path
