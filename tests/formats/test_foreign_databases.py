"""QualCoder's and Taguette's databases read directly: what was coded is found again, and nothing is touched.

The databases are made here with the tables of those programs; every person and word in them is invented.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intervjukit.core.exchange import Project
from intervjukit.errors import FileError
from intervjukit.formats.projects import read_project
from intervjukit.importing import import_project
from intervjukit.study import Study

QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text, about text, bookmarkfile integer,
  bookmarkpos integer);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text,
  unique(name));
CREATE TABLE code_image (imid integer primary key, id integer, x1 integer, y1 integer, cid integer, memo text);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text,
  date text);
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text,
  owner text);
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text,
  date text, memo text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text);
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer);
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer,
  owner text, date text, memo text, avid integer, important integer);
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text,
  color text);
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
"""
TAGUETTE = """
CREATE TABLE users (login VARCHAR(30) NOT NULL PRIMARY KEY, created DATETIME NOT NULL, email VARCHAR(256));
CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR(200) NOT NULL, description TEXT NOT NULL,
  created DATETIME NOT NULL);
CREATE TABLE documents (id INTEGER PRIMARY KEY, name VARCHAR(200) NOT NULL, description TEXT NOT NULL,
  filename VARCHAR(200) NOT NULL, created DATETIME NOT NULL, project_id INTEGER NOT NULL,
  text_direction VARCHAR(13) NOT NULL, contents TEXT NOT NULL);
CREATE TABLE commands (id INTEGER PRIMARY KEY, date DATETIME NOT NULL, user_login VARCHAR(30), project_id INTEGER,
  document_id INTEGER, payload TEXT NOT NULL);
CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER NOT NULL, start_offset INTEGER NOT NULL,
  end_offset INTEGER NOT NULL, snippet TEXT NOT NULL);
CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER NOT NULL, path VARCHAR(200) NOT NULL,
  description TEXT NOT NULL);
CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER, PRIMARY KEY (highlight_id, tag_id));
"""
SAID = "I: Hur länge väntade du?\nS: Jag väntade 😀 fem månader på kuratorn.\nS: Sedan gick det fort.\n"
QUOTE = "fem månader på kuratorn"
WHO, WHEN = "Vera", "2026-03-02 10:00:00"


def database(path: Path, schema: str, **tables: list[tuple[Any, ...]]) -> Path:
    """Make a database with these rows; a row is as long as its table."""
    with sqlite3.connect(path) as connection:
        connection.executescript(schema)
        for table, rows in tables.items():
            for row in rows:
                connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)
    connection.close()
    return path


def qualcoder(folder: Path, *, shift: int = 0, said: str = SAID, quote: str = QUOTE, **more: Any) -> Path:
    """Make a project folder where each position is ``shift`` too far, as QualCoder may do after emoji."""
    folder.mkdir(parents=True)
    at = said.index(quote) + shift
    tables: dict[str, list[tuple[Any, ...]]] = {
        "project": [("v6", WHEN, "Studien om väntan.", "QualCoder", 0, 0)],
        "source": [
            (1, "S01.txt", said, None, "Intervju på mottagningen.", WHO, WHEN),
            (2, "foto.jpg", None, "/images/foto.jpg", "", WHO, WHEN),
        ],
        "code_cat": [(1, "Vården", WHO, WHEN, "", None), (2, "Väntan", WHO, WHEN, "Allt om tid.", 1)],
        "code_name": [(1, "Köer", "När man väntar.", 2, WHO, WHEN, "#F78181"), (2, "Fart", "", None, WHO, WHEN, "")],
        "code_text": [
            (1, 1, 1, quote, at, at + len(quote), WHO, WHEN, "Tydligt.", None, 1),
            (2, 2, 1, "gick det fort", *place("gick det fort", shift, said), "Ali", WHEN, "", None, None),
        ],
        "code_image": [(1, 2, 0, 0, 1, "")],
        "annotation": [(1, 1, 0, 8, "Vem frågar?", WHO, WHEN)],
        "cases": [(1, "S01", "Undersköterska.", WHO, WHEN)],
        "case_text": [(1, 1, 1, 0, len(said), WHO, WHEN, "")],
        "attribute": [(1, "Grupp", "case", "Sjukskrivna", 1, WHEN, WHO), (2, "Plats", "file", "Norr", 1, WHEN, WHO)],
        "journal": [(1, "Dagbok", "Första mötet.", WHEN, WHO)],
    }
    database(folder / "data.qda", QUALCODER, **{**tables, **more})
    return folder


def place(words: str, shift: int, said: str = SAID) -> tuple[int, int]:
    start = said.find(words) + shift
    return start, start + len(words)


def quotes(project: Project) -> dict[str, list[str]]:
    """The quotes of each code, by its name."""
    names = {code.guid: code.name for code in project.codes}
    found: dict[str, list[str]] = {}
    for selection in project.selections:
        for code in selection.codes:
            found.setdefault(names[code], []).append(project.quote(selection))
    return found


def fingerprint(path: Path) -> dict[str, str]:
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


# --- QualCoder ------------------------------------------------------------------------------------------


def test_everything_in_a_qualcoder_project_is_read_and_nothing_touched(tmp_path: Path) -> None:
    folder = qualcoder(tmp_path / "vänta.qda")
    before = fingerprint(folder)
    project = read_project(folder)
    assert fingerprint(folder) == before
    assert (project.name, project.origin, [user.name for user in project.users]) == (
        "vänta",
        "QualCoder",
        ["Vera", "Ali"],
    )
    assert quotes(project) == {"Köer": [QUOTE], "Fart": ["gick det fort"]}
    names = {code.guid: code.name for code in project.codes}
    assert [(code.name, names.get(code.parent or ""), code.codable) for code in project.codes] == [
        ("Vården", None, False), ("Väntan", "Vården", False), ("Köer", "Väntan", True), ("Fart", None, True)
    ]  # fmt: skip
    (source,), (case,) = project.sources, project.cases
    assert (source.text, dict(source.variables), source.description) == (
        SAID,
        {"Plats": "Norr"},
        "Intervju på mottagningen.",
    )
    assert (case.name, case.sources, dict(case.variables)) == ("S01", (source.guid,), {"Grupp": "Sjukskrivna"})
    assert {(note.text, note.target) for note in project.notes} == {
        ("Tydligt.", "selection"), ("Vem frågar?", "selection"), ("Dagbok\n\nFörsta mötet.", "project"),
        ("Studien om väntan.", "project"),
    }  # fmt: skip
    told = " ".join(project.remarks)
    assert ("foto.jpg" in told, "1 kodning i bilder" in told) == (True, True)


@pytest.mark.parametrize("shift", [-2, -1, 1, 2])
def test_positions_that_point_wrong_are_mended_by_the_text_kept_beside_them(tmp_path: Path, shift: int) -> None:
    project = read_project(qualcoder(tmp_path / "p.qda", shift=shift))
    assert quotes(project) == {"Köer": [QUOTE], "Fart": ["gick det fort"]}
    assert any("efter citatet" in remark or "räknas så här" in remark for remark in project.remarks)


def test_a_coding_whose_words_are_nowhere_is_told_and_left_out(tmp_path: Path) -> None:
    lost = [(1, 1, 1, "ord som aldrig har sagts", 3, 27, WHO, WHEN, "Viktigt.", None, 1)]
    project = read_project(qualcoder(tmp_path / "p.qda", code_text=lost))
    assert quotes(project) == {}
    assert any("ord som aldrig har sagts" in remark for remark in project.remarks)
    assert ("Viktigt.", "source") in {(note.text, note.target) for note in project.notes}


def test_reading_twice_gives_the_same_guids(tmp_path: Path) -> None:
    folder = qualcoder(tmp_path / "p.qda")
    assert read_project(folder) == read_project(folder / "data.qda")


@settings(max_examples=25, deadline=None)
@given(st.text(st.sampled_from("aåÄ😀🧑\u0301e\n \r"), max_size=12), st.text(st.sampled_from("bc😀 \r\n"), max_size=12))
def test_a_quote_between_any_signs_is_found_exactly(tmp_path_factory: Any, before: str, after: str) -> None:
    said = f"{before} kuratorn 😀 ringde {after}"
    folder = tmp_path_factory.mktemp("q") / "p.qda"
    at = place("kuratorn 😀 ringde", 0, said)
    coded = [(1, 1, 1, "kuratorn 😀 ringde", *at, WHO, WHEN, "", None, None)]
    project = read_project(qualcoder(folder, said=said, quote="kuratorn", code_text=coded, annotation=[]))
    assert quotes(project) == {"Köer": ["kuratorn 😀 ringde"]}


def test_a_qualcoder_project_becomes_a_study(tmp_path: Path) -> None:
    import_project(qualcoder(tmp_path / "p.qda"), tmp_path / "studie", coder="MK")
    with Study.open(tmp_path / "studie") as study:
        codings = study.codings()
        assert sorted(codings["quote"]) == sorted([QUOTE, "gick det fort"])
        assert set(codings["coder"]) == {"Vera", "Ali"}
        assert study.transcript("S01").facts["Plats"] == "Norr"


# --- Taguette -------------------------------------------------------------------------------------------

HTML = (
    "\n<h1>Intervju Å1</h1>\n<p>I: Hur <em>länge</em>\n   väntade du?</p>\n"
    "<p>S: Jag väntade 😀 fem månader på kuratorn &amp; det var långt.</p><ul><li>Ett</li><li>Två</li></ul>"
)
COUNTED = "Intervju Å1\nI: Hur länge\n   väntade du?\nS: Jag väntade 😀 fem månader på kuratorn & det var långt.EttTvå"
"""The text of the page as Taguette counts it: its text nodes one after another, blanks before the first left out."""


def bytes_of(words: str, counted: str = COUNTED) -> tuple[int, int]:
    start = len(counted[: counted.index(words)].encode())
    return start, start + len(words.encode())


def taguette(path: Path, *marked: str, html: str = HTML, **more: Any) -> Path:
    highlights = [(n, 1, *bytes_of(words), f"<p>{words}</p>") for n, words in enumerate(marked, 1)]
    added = [json.dumps({"type": "highlight_add", "highlight_id": n}) for n in range(1, len(marked) + 1)]
    tables: dict[str, list[tuple[Any, ...]]] = {
        "users": [("vera", WHEN, None)],
        "projects": [(1, "Väntan", "Om köer.", WHEN)],
        "documents": [(1, "S01", "", "S01.docx", WHEN, 1, "LEFT_TO_RIGHT", html)],
        "tags": [(1, 1, "väntan", "Att vänta."), (2, 1, "väntan.kö", ""), (3, 1, "a.b", "")],
        "highlights": highlights,
        "highlight_tags": [(row[0], 2) for row in highlights],
        "commands": [(n, WHEN, "vera", 1, 1, payload) for n, payload in enumerate(added, 1)],
    }
    return database(path, TAGUETTE, **{**tables, **more})


def test_everything_in_a_taguette_project_is_read_and_nothing_touched(tmp_path: Path) -> None:
    file = taguette(tmp_path / "p.sqlite3", QUOTE, "Jag väntade 😀", "kuratorn & det var långt.")
    before = fingerprint(file)
    project = read_project(file)
    assert fingerprint(file) == before
    assert (project.name, project.origin, [user.name for user in project.users]) == ("Väntan", "Taguette", ["vera"])
    (source,) = project.sources
    assert source.text == (
        "Intervju Å1\n\nI: Hur länge väntade du?\n\nS: Jag väntade 😀 fem månader på kuratorn & det var långt."
        "\n\nEtt\n\nTvå"
    )
    assert quotes(project) == {"kö": [QUOTE, "Jag väntade 😀", "kuratorn & det var långt."]}
    names = {code.guid: code.name for code in project.codes}
    assert [(code.name, names.get(code.parent or "")) for code in project.codes] == [
        ("väntan", None), ("kö", "väntan"), ("a.b", None)
    ]  # fmt: skip
    assert {selection.user for selection in project.selections} == {project.users[0].guid}
    assert project.remarks == ()


def test_a_highlight_over_several_paragraphs_and_their_blanks_is_whole(tmp_path: Path) -> None:
    project = read_project(taguette(tmp_path / "p.sqlite3", "länge\n   väntade du?\nS: Jag", "långt.EttTvå"))
    assert quotes(project) == {"kö": ["länge väntade du?\n\nS: Jag", "långt.\n\nEtt\n\nTvå"]}


def test_a_highlight_that_points_wrong_is_placed_by_its_snippet_or_told(tmp_path: Path) -> None:
    wrong = [(1, 1, 3, 9, f"<p>{QUOTE}</p>"), (2, 1, 3, 9, "<p>finns inte</p>"), (3, 1, 9_000, 9_005, "<p>Två</p>")]
    project = read_project(taguette(tmp_path / "p.sqlite3", highlights=wrong, highlight_tags=[(1, 1), (2, 1), (3, 1)]))
    assert quotes(project) == {"väntan": [QUOTE, "Två"]}
    assert any("finns inte" in remark for remark in project.remarks)


def test_a_server_database_of_several_projects_is_refused_with_their_names(tmp_path: Path) -> None:
    two = [(1, "Ett", "", WHEN), (2, "Två", "", WHEN)]
    with pytest.raises(FileError, match=r"”Ett”, ”Två”.*Exportera ett av dem"):
        read_project(taguette(tmp_path / "p.sqlite3", projects=two))


# --- what is no project, or not a sound one -------------------------------------------------------------


def test_a_database_with_unsaved_changes_is_refused(tmp_path: Path) -> None:
    folder = qualcoder(tmp_path / "p.qda")
    (folder / "data.qda-wal").write_bytes(b"something")
    with pytest.raises(FileError, match="inte har sparat färdigt"):
        read_project(folder)


def test_other_databases_and_damaged_ones_are_refused_in_words(tmp_path: Path) -> None:
    other = database(tmp_path / "annat.sqlite3", "CREATE TABLE x (y)")
    with pytest.raises(FileError, match="inget projekt från Taguette"):
        read_project(other)
    with pytest.raises(FileError, match=r"data.qda saknas"):
        (tmp_path / "tom.qda").mkdir()
        read_project(tmp_path / "tom.qda")
    whole = taguette(tmp_path / "p.sqlite3", QUOTE).read_bytes()
    for cut in (20, 2000, len(whole) // 2):
        (tmp_path / "kort.sqlite3").write_bytes(whole[:cut])
        with pytest.raises(FileError):
            read_project(tmp_path / "kort.sqlite3")


def test_a_view_in_the_place_of_a_table_is_not_run(tmp_path: Path) -> None:
    evil = QUALCODER.replace("CREATE TABLE journal", "CREATE TABLE ignored") + (
        "CREATE VIEW journal AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
        "SELECT n AS jid, n AS name, n AS jentry, n AS date, n AS owner FROM r;"
    )
    folder = tmp_path / "p.qda"
    folder.mkdir()
    database(folder / "data.qda", evil, source=[(1, "S01", SAID, None, "", WHO, WHEN)])
    assert read_project(folder).notes == ()
