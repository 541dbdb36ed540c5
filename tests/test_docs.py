"""What the documentation shows works: the notebook example runs, every command line is one that exists."""

from __future__ import annotations

import re
import shlex
from operator import attrgetter
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from intervjukit.cli import cli
from intervjukit.cli.swedish import swedish
from intervjukit.study import Study

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "docs" / "for_samordnare.md"]


def blocks(page: Path, kind: str) -> list[str]:
    found = re.findall(r"^[ ]*```(\w*)\n(.*?)^[ ]*```$", page.read_text(encoding="utf-8"), re.S | re.M)
    return [text for name, text in found if name == kind]


def command_lines() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in blocks(page, ""):
            lines = [line.split("  #")[0].strip() for line in block.splitlines()]
            found += [(page.name, line) for line in lines if line.startswith("intervjukit ")]
    return found


def test_the_notebook_example_of_the_readme_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = blocks(ROOT / "README.md", "python")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)
    assert (tmp_path / "rapport.docx").stat().st_size > 50_000
    assert len(names["study"].codings()) > 600  # type: ignore[attr-defined]


@pytest.mark.parametrize(("page", "line"), command_lines(), ids=lambda value: value)
def test_every_command_line_shown_is_one_the_program_takes(
    page: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)[1:]
    if words == ["--help"]:
        return
    with swedish(), click.Context(cli) as parent:
        command = cli.get_command(parent, words[0])
        assert command is not None, f"{page}: {words[0]} finns inte"
        command.make_context(words[0], words[1:], parent=parent)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_coding_shown_works_on_the_example_study(page: Path, full_study: Study) -> None:
    (line,) = [line for name, line in command_lines() if name == page.name and line.startswith("intervjukit code ")]
    words = shlex.split(line)[1:]
    words[1] = str(full_study.folder)
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.output
    assert f"S03: ”{words[3]}”" in done.stdout and "Utan" not in done.stdout


def test_the_verbs_named_in_the_readme_are_there(small_study: Study) -> None:
    named = re.findall(r"`study((?:\.\w+)+)\(\)`", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(named) >= 5
    for name in named:
        assert callable(attrgetter(name.strip("."))(small_study)), name


def test_every_command_is_named_in_the_help_and_has_help_of_its_own() -> None:
    with click.Context(cli) as context:
        for name in cli.list_commands(context):
            command = cli.get_command(context, name)
            assert command is not None
            assert command.help


def test_the_pages_point_at_files_that_exist() -> None:
    for page in [*PAGES, ROOT / "docs" / "architecture.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_version_is_the_same_everywhere() -> None:
    import tomllib

    from intervjukit import __version__

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
