"""Take the pictures of Word files that README shows, from the example study.

    python tools/word_pictures.py       # docs/bilder: rapport, pm, formular

Needs LibreOffice and pdftoppm on the machine. The study is made anew in a folder that is thrown away.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

REPO = Path(__file__).parents[1]
sys.path.insert(0, str(REPO / "src"))
PICTURES = REPO / "docs" / "bilder"
REPORT_PAGES = (1, 4, 6, 17, 20, 23)
THREAD_PAGE = 24


def write_files(folder: Path) -> None:
    """Write the example's report, the memo for its steering group and a form."""
    from intervjukit import Study, example
    from intervjukit.forms import Wanted

    files = example("halsoflodet")
    with Study.create(
        folder / "studie", protocols="halsoflodet", codebook="halsoflodet", name="Hälsoflödet", coder="MK"
    ) as study:
        study.add_transcripts(files / "intervjuer")
        study.add_codings(files / "kodningar.csv")
        study.swot.draft()
        study.measures.draft()
        study.report(folder / "rapport.docx")
        study.report(folder / "pm.docx", profile="styrgrupp")
        study.forms.write(folder / "formular.docx", Wanted(groups=("chefer",)))


def pages(file: Path, dots: int) -> list[Image.Image]:
    """Return the pages of a Word file as LibreOffice lays them out."""
    folder = file.parent
    setting = f"-env:UserInstallation=file://{folder}/lo"
    subprocess.run(
        ["soffice", "--headless", setting, "--convert-to", "pdf", "--outdir", folder, file],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    subprocess.run(
        ["pdftoppm", "-r", str(dots), "-png", file.with_suffix(".pdf"), folder / file.stem],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return [Image.open(png) for png in sorted(folder.glob(f"{file.stem}-*.png"))]


def side_by_side(shown: Sequence[Image.Image], name: str, *, gap: int = 14) -> None:
    """Write pages beside one another on grey."""
    width = sum(page.width + gap for page in shown) + gap
    sheet = Image.new("RGB", (width, max(page.height for page in shown) + 2 * gap), "#d9dee4")
    at = gap
    for page in shown:
        sheet.paste(page, (at, gap))
        at += page.width + gap
    sheet.quantize(128).save(PICTURES / f"{name}.png", optimize=True)


def main() -> None:
    """Make the files and take the pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_files(folder)
        report = pages(folder / "rapport.docx", 42)
        side_by_side([report[number - 1] for number in REPORT_PAGES], "rapport")
        thread = pages(folder / "rapport.docx", 60)[THREAD_PAGE - 1]
        side_by_side([*pages(folder / "pm.docx", 60), thread], "pm")
        side_by_side(pages(folder / "formular.docx", 60)[:3], "formular")


if __name__ == "__main__":
    main()
