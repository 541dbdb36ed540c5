"""The commands plan, thread, coreq and workbook, as they are typed."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from intervjukit.cli import cli
from intervjukit.study import Study

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(full_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The coded example study, for all that only looks at it."""
    made = Path(shutil.copytree(full_original, tmp_path_factory.mktemp("kommandon") / "studie"))
    with Study.open(made, coder="MK") as study:
        study.swot.draft()
        study.measures.draft()
    yield made


@pytest.fixture
def run() -> Run:
    """Run a command line and give its result."""
    return lambda *words: CliRunner().invoke(cli, [str(word) for word in words], env={"COLUMNS": "120"})


def test_a_plan_is_made_and_shown_and_taken_back(run: Run, small_folder: Path) -> None:
    made = run("plan", small_folder, "chefer=3", "Läkare=2", "--coder", "MK")
    assert made.exit_code == 0, made.output
    lines = {line.split()[0]: line.split()[1:] for line in run("plan", small_folder).stdout.splitlines()[2:-1]}
    assert (lines["Chefer"], lines["Läkare"], lines["Kuratorer"]) == (["3", "1", "-2"], ["2", "1", "-1"], ["0"])
    assert run("plan", small_folder, "chefer=", "--coder", "MK").exit_code == 0
    assert "Planerade antal intervjuade: chefer ingen plan" in run("history", small_folder).stdout
    assert run("undo", small_folder, "--coder", "MK").exit_code == 0
    with Study.open(small_folder) as study:
        assert {row.group: row.planned for row in study.plan.items()}["chefer"] == 3


def test_a_plan_that_cannot_be_read_names_every_fault_and_changes_nothing(run: Run, small_folder: Path) -> None:
    told = run("plan", small_folder, "chefer", "lakare=två", "sjukskrivna=4", "--coder", "MK")
    assert told.exit_code == 1
    assert "”chefer”, ”lakare=två”" in told.stderr and "sjukskrivna" not in told.stderr
    assert run("plan", small_folder, "chefer=3").exit_code == 1
    with Study.open(small_folder) as study:
        assert all(row.planned is None for row in study.plan.items())


def test_the_thread_is_shown_with_its_gaps_and_as_a_file(run: Run, folder: Path, tmp_path: Path) -> None:
    shown = run("thread", folder, "--at-least", "10").stdout
    assert "Självinsikt" in shown and "22 av 33" in shown
    assert "Glapp: Ingen åtgärd möter fyndet" in shown
    file = tmp_path / "trad.csv"
    assert run("thread", folder, "--csv", file).exit_code == 0
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert list(rows[0])[-4:] == ["Ansvarig part", "Klart", "Uppföljning", "Glapp"]
    assert rows[0]["Ansvarig part"] == "Mellan parterna"


def test_coreq_is_shown_with_what_people_have_to_fill_in(run: Run, folder: Path) -> None:
    shown = run("coreq", folder).stdout
    assert shown.rstrip().endswith("32 punkter")
    assert shown.count("Fylls i av er") > 10 and "33 personer" in shown


def test_the_workbook_is_written_with_csv_files_beside_and_never_over_another(
    run: Run, small_folder: Path, tmp_path: Path
) -> None:
    file, beside = tmp_path / "tabeller.xlsx", tmp_path / "csv"
    told = run("workbook", small_folder, file, "--csv", beside)
    assert told.exit_code == 0, told.output
    sheets = openpyxl.load_workbook(file, read_only=True).sheetnames
    assert f"Skrev {len(sheets) - 1} CSV-filer" in told.stdout
    assert len(list(beside.iterdir())) == len(sheets) - 1
    again = run("workbook", small_folder, file)
    assert again.exit_code == 1 and "--force" in again.stderr
    full = run("workbook", small_folder, tmp_path / "ny.xlsx", "--csv", beside)
    assert full.exit_code == 1 and "inte en tom mapp" in full.stderr
    assert not (tmp_path / "ny.xlsx").exists()
