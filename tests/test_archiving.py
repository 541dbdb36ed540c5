"""The study in plain forms: everything is there, explained, the same bytes every time, and never a formula."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from intervjukit.cli import cli
from intervjukit.core.dictionary import TABLES
from intervjukit.errors import FileError, IntervjukitError
from intervjukit.study import Study

QUOTE = "=1+1 är vad jag räknade med"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """A study of one invented interview with two codings, a memo and a SWOT line."""
    folder = tmp_path_factory.mktemp("arkiv")
    talk = folder / "S01.txt"
    talk.write_text(
        f"Intervju: S01\nDatum: 2026-03-01\nYrke: -kock\n\nI: Vad har dragit ut på tiden?\n\nR: {QUOTE} 😀. Kön var "
        f"lång, alldeles för lång, och ingen ringde.\n",
        encoding="utf-8",
    )
    with Study.create(folder / "s", protocols="halsoflodet", codebook="halsoflodet", name="Prov", coder="MK") as made:
        assert not made.add_transcripts(talk).refused
        made.code("S01", "Kön var lång", "vantetider", valence="flaskhals", party="vard")
        made.code("S01", QUOTE, "sjalvinsikt", valence="flaskhals", party="individ")
        made.memos.add("@Tänk på detta")
        made.swot.add("svaghet", "Köerna är långa", cites=[("flaskhals", "vantetider", "vard")])
        yield made


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(f"data/{name}.csv").decode(), newline="")))


@pytest.fixture(scope="module")
def archive(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    path = tmp_path_factory.mktemp("ut") / "prov.zip"
    study.archive.whole(path)
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_every_table_and_column_is_explained_in_both_languages(archive: zipfile.ZipFile) -> None:
    told = {(row["file"], row["column"]): row for row in rows(archive, "dictionary")}
    for name in TABLES:
        columns = next(csv.reader(io.StringIO(archive.read(f"data/{name}.csv").decode())))
        for column in ("", *columns):
            row = told[f"{name}.csv", column]
            assert row["beskrivning"]
            assert row["description"]
            assert not row["beskrivning"].startswith("Facetten ") or column in {"valence", "party", "phase"}


def test_codings_lead_to_their_words_in_the_texts(archive: zipfile.ZipFile) -> None:
    files = {row["id"]: row["file"] for row in rows(archive, "transcripts")}
    text = archive.read(files["1"]).decode()
    codings = rows(archive, "codings")
    quotes = [text[int(row["start"]) : int(row["end"])] for row in codings]
    assert quotes == [QUOTE, "Kön var lång"]
    assert codings[1]["before"] == f"'{QUOTE} 😀."
    assert codings[1]["after"] == ", alldeles för lång, och ingen ringde."
    assert {row["question"] for row in codings} == {"drar_ut"}


def test_nothing_in_a_table_is_a_formula(archive: zipfile.ZipFile) -> None:
    cells = [cell for name in TABLES for row in rows(archive, name) for cell in row.values()]
    assert {f"'{QUOTE}", "'-kock", "'@Tänk på detta"} <= set(cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_the_checksums_are_those_of_every_other_file(archive: zipfile.ZipFile) -> None:
    lines = [line.split("  ", 1) for line in archive.read("checksums.sha256").decode().splitlines()]
    assert {name for _, name in lines} == set(archive.namelist()) - {"checksums.sha256"}
    assert [name for told, name in lines if hashlib.sha256(archive.read(name)).hexdigest() != told] == []


def test_guides_and_code_book_make_the_study_again(archive: zipfile.ZipFile, tmp_path: Path) -> None:
    archive.extractall(tmp_path)
    Study.create(tmp_path / "ny", protocols=tmp_path / "guides", codebook=tmp_path / "codebook.yaml").close()


def test_the_same_study_gives_the_same_bytes_and_a_changed_one_others(study: Study, tmp_path: Path) -> None:
    first, again, changed = tmp_path / "a.zip", tmp_path / "b.zip", tmp_path / "c.zip"
    study.archive.whole(first)
    study.archive.whole(again)
    assert first.read_bytes() == again.read_bytes()
    study.memos.add("Ännu en")
    study.archive.whole(changed)
    study.history.undo()
    assert changed.read_bytes() != first.read_bytes()


def test_codings_are_written_for_excel_and_for_programs(study: Study, tmp_path: Path) -> None:
    assert study.archive.codings(tmp_path / "k.csv") == 2
    assert (tmp_path / "k.csv").read_bytes().startswith(b"\xef\xbb\xbfid;respondent;")
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    study.archive.codings(tmp_path / "k.parquet")
    read = pd.read_parquet(tmp_path / "k.parquet")
    assert read["quote"].tolist() == [QUOTE, "Kön var lång"]
    assert read["start"].dtype == "int64"


def test_parquet_without_its_library_says_what_to_do(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intervjukit.archiving.find_spec", lambda name: None)
    with pytest.raises(IntervjukitError, match=r"intervjukit\[parquet\]"):
        study.archive.codings(tmp_path / "k.parquet")
    assert list(tmp_path.iterdir()) == []


def test_another_ending_or_a_missing_folder_is_told_and_leaves_nothing(study: Study, tmp_path: Path) -> None:
    for write, name in ((study.archive.codings, "k.ods"), (study.archive.whole, "a.tar")):
        with pytest.raises(FileError, match="fel ändelse"):
            write(tmp_path / name)
        with pytest.raises(FileError, match="går inte att skriva"):
            write((tmp_path / "ingen" / name).with_suffix(".csv" if name == "k.ods" else ".zip"))
    assert list(tmp_path.iterdir()) == []


def test_a_code_with_odd_signs_cannot_lead_out_of_the_archive(study: Study) -> None:
    from dataclasses import replace

    from intervjukit.archiving import _text_name

    transcript = study.transcript("S01")
    assert _text_name(replace(transcript, respondent="../../x", id=7)) == "texts/______x_7.txt"
    assert _text_name(replace(transcript, respondent="Åsa-1", wave=2)) == "texts/Åsa-1_omgang2.txt"


def test_the_commands_write_the_files(study: Study, tmp_path: Path) -> None:
    for command, name, told in (("export-archive", "a.zip", "README.txt"), ("export-codings", "k.csv", "2 kodningar")):
        result = CliRunner().invoke(cli, [command, str(study.folder), str(tmp_path / name)])
        assert (result.exit_code, told in result.output, (tmp_path / name).exists()) == (0, True, True), result.output
