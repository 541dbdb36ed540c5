"""A real server over a real study, and a real browser.

``served`` is the server of the module's own copy of a study; ``page`` a browser page let in as MK, which fails the
test when it asks anything of another origin, when a script fails, or when the content policy is broken.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from browsing import Served, browsing, let_in, serving
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless browser for the whole session."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("ingen Chromium finns på datorn (Debian: apt-get install chromium)")
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if as_root else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(full_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over the module's own copy of the whole example study, coded, with its doubts open."""
    folder = tmp_path_factory.mktemp("served") / "full"
    shutil.copytree(full_original, folder)
    with serving(folder) as running:
        yield running


@pytest.fixture
def context(chromium: Browser, served: Served) -> Iterator[BrowserContext]:
    """A browser context of the test's own, let in nowhere yet."""
    with browsing(chromium, served) as made:
        yield made


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Page:
    """The start page, let in as MK."""
    return let_in(context, served)


AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@pytest.fixture(scope="session")
def axe_findings() -> Callable[..., list[str]]:
    """Return what axe-core finds on a page, as readable lines; [] when all is well.

    Every rule of WCAG 2.2 A and AA in the light mode, and then, without loading the page again, the contrasts in the
    dark one. It is slow on long pages: use a small study.
    """
    import axe_playwright_python

    script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

    def faults(page: Page, scheme: Literal["light", "dark"], only: dict[str, object]) -> list[str]:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour is on its way to another
        # what it passes is neither gathered nor sent: that takes twice as long as the finding
        options = {"runOnly": only, "resultTypes": ["violations"]}
        found = page.evaluate("options => axe.run(document, options).then(({violations}) => violations)", options)
        return [
            f"{scheme} {one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
        ]

    def find(page: Page) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(script)
        in_dark = faults(page, "dark", {"type": "rule", "values": ("color-contrast",)})
        return faults(page, "light", {"type": "tag", "values": AXE_TAGS}) + in_dark

    return find
