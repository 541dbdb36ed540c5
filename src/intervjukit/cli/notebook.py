"""The notebook command: runs the guided notebook in a folder of the user's own and opens it in JupyterLab."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from intervjukit.cli.options import PATH
from intervjukit.cli.terminal import say
from intervjukit.core.whole import whole_file
from intervjukit.errors import FileError, IntervjukitError

NAME = "01_fran_filer_till_rapport.ipynb"
SECONDS = 600


@click.command(
    help="Kör anteckningsboken som visar hela vägen, och öppna den i JupyterLab.\n\n"
    "Den tar exempelstudien från filer till fynd, diagram och rapport. Allt läggs i MAPP (annars "
    "intervjukit-anteckningsbok här), som inte får finnas förut."
)
@click.argument("folder", metavar="[MAPP]", required=False, default=Path("intervjukit-anteckningsbok"), type=PATH)
@click.option("--no-open", is_flag=True, help="Kör den bara; öppna inte JupyterLab.")
def notebook(folder: Path, no_open: bool) -> None:
    """Copy the notebook, run it so that its results are there, and open it."""
    from intervjukit.formats.library import library

    _needs("nbclient", "nbformat", *([] if no_open else ["jupyterlab"]))
    if folder.exists():
        raise FileError(f"{folder} finns redan.", fix="Ange en annan mapp.")
    folder.mkdir(parents=True)
    book = Path(shutil.copy(library("notebooks") / NAME, folder / NAME))
    say(f"Kör anteckningsboken i {folder} …")
    run_notebook(book)
    say(f"Klart: {book}")
    if not no_open:
        say("JupyterLab öppnas i webbläsaren. Avsluta med Ctrl-C här.")
        subprocess.run(_lab(book), check=False, env={**os.environ, "PYTHONUTF8": "1"})


def run_notebook(book: Path) -> None:
    """Run every cell in the notebook's own folder and save it with the results, whole or not at all."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    content: Any = nbformat.reads(book.read_text(encoding="utf-8"), as_version=4)
    client = NotebookClient(
        content,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(book.parent)}},
        extra_arguments=["--IPKernelApp.log_level=40"],
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise IntervjukitError(
            f"En cell i anteckningsboken gick inte att köra: {error.ename}: {error.evalue}",
            fix="Öppna den i JupyterLab och kör cellerna en i taget.",
        ) from error
    with whole_file(book) as part:
        part.write_text(nbformat.writes(content), encoding="utf-8", newline="\n")


def _needs(*libraries: str) -> None:
    if missing := [name for name in libraries if find_spec(name) is None]:
        raise IntervjukitError(
            f"Anteckningsböcker behöver {', '.join(missing)}, som inte är installerat.",
            fix='Skriv: pip install "intervjukit[notebook]", eller kör: python run.py intervjukit notebook.',
        )


def _lab(book: Path) -> list[str]:
    """Return the command that opens JupyterLab on this machine only, asking no server for news or updates."""
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        "--ServerApp.ip=127.0.0.1",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        str(book),
    ]
