"""The notebooks run from the first cell to the last, and the .ipynb files are their sources'."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from intervjukit.cli import cli

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "notebooks").glob("*.py"))

pytest.importorskip("nbclient", reason="anteckningsböckerna behöver extrat notebook")


def generator():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("notebooks", ROOT / "tools" / "notebooks.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_ipynb_is_made_from_its_source(source: Path) -> None:
    assert source.with_suffix(".ipynb").read_text(encoding="utf-8") == generator().generated(source)


def test_the_command_runs_the_notebook_to_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    folder = tmp_path / "min bok å"
    result = CliRunner().invoke(cli, ["notebook", str(folder), "--no-open"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert (folder / "studie" / "rapport.docx").stat().st_size > 50_000
    book = json.loads(next(folder.glob("*.ipynb")).read_text(encoding="utf-8"))
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    shown = [output for cell in cells for output in cell["outputs"]]
    assert any("image/png" in output.get("data", {}) for output in shown)
    assert "33 intervjuer" in json.dumps(book, ensure_ascii=False)
    assert not [output for output in shown if output["output_type"] == "error" or output.get("name") == "stderr"]


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["notebook", str(tmp_path), "--no-open"])
    assert result.exit_code == 1
    assert "finns redan" in result.output
    assert list(tmp_path.iterdir()) == []
