"""Take the pictures of the page that README and the guide show, from the example study.

    python tools/screenshots.py              # docs/bilder: kodning, granska, fynd, swot (light, 1280 px wide)
    python tools/screenshots.py --all FOLDER # every page, light, dark and 360 px wide, to be looked at

Needs Chromium on the machine. The study is made anew in a folder that is thrown away.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

REPO = Path(__file__).parents[1]
sys.path.insert(0, str(REPO / "src"))
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
LARGEST = 250_000
CODER = "MK"
WIDE: ViewportSize = {"width": 1280, "height": 860}
NARROW: ViewportSize = {"width": 360, "height": 780}
MODES: dict[str, tuple[ViewportSize, Literal["light", "dark"]]] = {
    "ljus": (WIDE, "light"),
    "mork": (WIDE, "dark"),
    "smal": (NARROW, "light"),
}


def make_study(folder: Path) -> dict[str, int]:
    """Make the example study, coded and planned; return each respondent's interview by number."""
    from intervjukit import Study, example

    files = example("halsoflodet")
    with Study.create(
        folder, protocols="halsoflodet", codebook="halsoflodet", name="Hälsoflödet", coder=CODER
    ) as study:
        study.add_transcripts(files / "intervjuer")
        study.add_codings(files / "kodningar.csv")
        study.suggest()
        study.swot.draft()
        study.measures.draft()
        study.drafts.begin("chefer")
        return {row.respondent: row.id for row in study.material.interviews()}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the study in a process of its own; gives the address that lets a browser in."""
    environment = {**os.environ, "PYTHONPATH": str(REPO / "src"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "intervjukit", "serve", str(folder), "--coder", CODER, "--no-browser"]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, encoding="utf-8", env=environment
    )
    try:
        assert server.stdout is not None
        yield next(line.strip() for line in server.stdout if "?token=" in line)
    finally:
        server.terminate()
        server.communicate()


# --- what is shown -----------------------------------------------------------------------------------


def ready(page: Page) -> None:
    """Wait until the page shows what it was asked for."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def coding(page: Page) -> None:
    """An interview with its codings, one of them at hand."""
    page.locator("#turns").focus()
    for _ in range(7):
        page.keyboard.press(".")
    page.locator(".card.current").wait_for()


def reviewing(page: Page) -> None:
    """The queue with a few decisions made."""
    for key in "gxg":
        page.locator("#card").wait_for()
        page.keyboard.press(key)
    expect(page.locator("#progress strong")).to_have_text("3")


def nothing(page: Page) -> None:
    """Leave the page as it is."""


def take(
    browser: Browser, address: str, mode: str, pages: dict[str, tuple[str, Callable[[Page], None]]], to: Path
) -> None:
    """Take one picture of each page into the folder ``to``."""
    size, scheme = MODES[mode]
    context = browser.new_context(
        locale="sv-SE",
        viewport=size,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    origin = address.partition("/?")[0]
    for name, (path, show) in pages.items():
        page.goto(origin + path)
        ready(page)
        show(page)
        page.screenshot(path=to / f"{name}.png")
    context.close()


def pictures(numbers: dict[str, int]) -> dict[str, tuple[str, Callable[[Page], None]]]:
    """Return the pictures of README and the guide: name → (address, what is done there first)."""
    return {
        "kodning": (f"/intervju/{numbers['L06']}", coding),
        "granska": ("/granska", reviewing),
        "fynd": ("/fynd", nothing),
        "swot": ("/swot", nothing),
    }


def everything(numbers: dict[str, int]) -> dict[str, tuple[str, Callable[[Page], None]]]:
    """Return every page there is."""
    plain = {
        "start": "/",
        "intervjuer": "/intervjuer",
        "intervju": f"/intervju/{numbers['S09']}",
        "sok": "/sok?q=v%C3%A4nta",
        "samstammighet": "/samstammighet",
        "kodbok": "/kodbok",
        "guide": "/guide",
        "guide-lasa": "/guide/chefer",
        "ifylld": "/guide/chefer/1",
        "projektor": "/swot/projektor",
        "rapport": "/rapport",
        "kodare": "/kodare",
    }
    return {**pictures(numbers), **{name: (path, nothing) for name, path in plain.items()}}


def main() -> None:
    """Make the study, serve it and take the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if as_root else [])]
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        original = Path(scratch) / "original"
        numbers = make_study(original)
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        for mode in MODES if given.all else ("ljus",):
            to = given.all / mode if given.all else REPO / "docs" / "bilder"
            to.mkdir(parents=True, exist_ok=True)
            folder = Path(shutil.copytree(original, Path(scratch) / mode))  # a mode's decisions are its own
            with serving(folder) as address:
                take(browser, address, mode, (everything if given.all else pictures)(numbers), to)
            for file in to.glob("*.png"):
                if file.stat().st_size > LARGEST and not given.all:
                    print(f"{file.name} is {file.stat().st_size // 1000} kB, more than {LARGEST // 1000}")
        browser.close()


if __name__ == "__main__":
    main()
