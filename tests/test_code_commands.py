"""The commands that change the code book, on a real study."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from intervjukit.cli import cli
from intervjukit.study import Study


def run(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(cli, [str(word) for word in words], env={"COLUMNS": "120"})
    assert result.exit_code == code, result.output
    return result.output


def test_the_code_book_is_changed_and_had_back_by_commands(small_folder: Path) -> None:
    with Study.open(small_folder, coder="MK") as study:
        first = study.codebook
        turn = next(study.transcript("S09").answers())
        quote = study.transcript("S09").turn_text(turn)
        coding = study.code("S09", quote, "vantetider", valence="flaskhals", party="vard").id
    by = ("--coder", "MK")
    told = run("add-code", small_folder, "Oro för pengar", "--definition", "Ekonomisk oro.", "--under", "Ansvar", *by)
    assert told == "Lade till koden Oro för pengar (id oro_for_pengar).\n"
    assert run("rename-code", small_folder, "oro för pengar", "Ekonomisk oro", *by).startswith(
        "Oro för pengar heter nu"
    )
    assert run("move-code", small_folder, "Ekonomisk oro", "överst", *by) == "Ekonomisk oro ligger nu överst.\n"
    split = run("split-code", small_folder, "vantetider", "Kötid", coding, "--definition", "Tid i kö.", *by)
    assert split == "1 kodning har nu koden Kötid (id kotid).\n"
    merged = run("merge-codes", small_folder, "Kötid", "Ekonomisk oro", *by)
    assert merged == "Kötid är nu en del av Ekonomisk oro; 1 kodning följde med.\n"
    refused = run("remove-code", small_folder, "Ekonomisk oro", *by, code=1)
    assert "används: 1 kodning" in refused and "merge-codes" in refused
    for _ in range(5):
        run("undo", small_folder, *by)
    with Study.open(small_folder) as study:
        assert study.codebook == first
        assert study.material.coding(coding).code == "vantetider"
    assert "saknar definition" in run("add-code", small_folder, "X", "--definition", " ", *by, code=1)
    run("add-code", small_folder, "X", "--definition", "Något.", *by)
    assert run("remove-code", small_folder, "X", *by) == "Tog bort koden X.\n"
