"""Make the .ipynb files from their py:percent sources: `python tools/notebooks.py`.

The source is what is edited and reviewed; the .ipynb is what people open. It is made without outputs and with
stable cell ids, so that the same source always gives the same file (a test holds the two in step).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
import nbformat

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def generated(source: Path) -> str:
    """Return the .ipynb of a source as text."""
    book: Any = jupytext.read(source)
    for number, cell in enumerate(book.cells, 1):
        cell["id"] = f"cell-{number:02}"
    book.metadata.pop("jupytext", None)
    return nbformat.writes(book, version=nbformat.NO_CONVERT) + "\n"


def main() -> None:
    """Write every notebook."""
    for source in sorted(NOTEBOOKS.glob("*.py")):
        source.with_suffix(".ipynb").write_text(generated(source), encoding="utf-8", newline="\n")
        print(source.with_suffix(".ipynb").name)


if __name__ == "__main__":
    main()
