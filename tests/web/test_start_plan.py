"""The start page shows how many are interviewed of those that were planned."""

from __future__ import annotations

from pathlib import Path

from browsing import browsing, let_in, serving
from playwright.sync_api import Browser, expect

from intervjukit.study import Study


def test_the_sum_is_of_the_whole_plan(chromium: Browser, small_folder: Path) -> None:
    with Study.open(small_folder, coder="MK") as study:
        study.plan.set_all(dict.fromkeys(study.protocols, 2))
    with serving(small_folder) as running, browsing(chromium, running) as context:
        expect(let_in(context, running).locator("#glance tfoot td").first).to_have_text("4 av 14")


def test_the_plan_stands_beside_the_interviewed(chromium: Browser, small_folder: Path) -> None:
    with Study.open(small_folder, coder="MK") as study:
        study.plan.set_all({"chefer": 3, "sjukskrivna": 12})
    with serving(small_folder) as running, browsing(chromium, running) as context:
        page = let_in(context, running)
        rows = page.locator("#glance tbody tr")
        expect(rows.filter(has_text="Chefer").locator("td").first).to_have_text("1 av 3")
        expect(rows.filter(has_text="Läkare").locator("td").first).to_have_text("1")
        expect(page.locator("#glance tfoot td").first).to_have_text("4")  # not every group has a plan
