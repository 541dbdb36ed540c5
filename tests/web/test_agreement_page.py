"""The agreement page in a real browser: two coders side by side, each disagreement settled by one key, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from browsing import Served, browsing, let_in, own, serving
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.testclient import TestClient

from intervjukit.study import Study


def sentences(study: Study, respondent: str) -> list[tuple[str, tuple[int, int]]]:
    """Some whole sentences of a respondent's, with their places."""
    transcript = study.transcript(respondent)
    found = []
    for turn in transcript.answers():
        for part in re.finditer(r"[^.!?]{20,}[.!?]", transcript.turn_text(turn)):
            start = turn.start + part.start() + (len(part[0]) - len(part[0].lstrip()))
            found.append((transcript.text[start : turn.start + part.end()], (start, turn.start + part.end())))
    return found


@pytest.fixture
def folder(small_folder: Path) -> Path:
    """Anna and Bertil have coded S09: alike, another code, another valence, and one place each alone."""
    with Study.open(small_folder) as study:
        for coder, rows in {
            "Anna": [
                ("ekonomi", "flaskhals"),
                ("kunskap", "flaskhals"),
                ("ansvar", "flaskhals"),
                ("kollegor", ""),
                None,
            ],
            "Bertil": [("ekonomi", "flaskhals"), ("bemotande", ""), ("ansvar", "onskan"), None, ("avslag", "")],
        }.items():
            study.coder = coder
            for (quote, span), row in zip(sentences(study, "S09"), rows, strict=False):
                if row:
                    study.code("S09", quote, row[0], span=span, valence=row[1])
    return small_folder


@pytest.fixture
def served_here(folder: Path) -> Iterator[Served]:
    with serving(folder, coder="Anna") as running:
        yield running


@pytest.fixture
def client(folder: Path, page_of: Callable[..., AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    with page_of(folder, "Anna") as browser:
        yield browser


def compared(context: BrowserContext, served: Served) -> Page:
    """The page once the comparison is made; the first one loads the language support."""
    page = let_in(context, served, "/samstammighet")
    expect(page.locator("#card")).to_be_visible(timeout=60_000)
    return page


def settled(page: Page) -> None:
    page.evaluate(
        f"""async () => {{
          const {{ post }} = await {own("api")};
          await post('/api/granska/angra', {{ events: [] }});
        }}"""
    )


def made(served: Served) -> list[tuple[str, str, str]]:
    with served.desk.reading("Anna") as study:
        return [(one.coder, one.code, one.valence) for one in study.material.codings()]


def test_every_disagreement_is_settled_by_one_key_and_undone(chromium: Browser, served_here: Served) -> None:
    with browsing(chromium, served_here) as context:
        page = compared(context, served_here)
        expect(page.locator("#stage")).to_contain_text("4 ställen kvar att avgöra")
        page.locator(".figures summary").click()
        expect(page.locator(".figures li").first).to_contain_text("Anna och Bertil har båda kodat 1 intervju")
        expect(page.locator(".side mark")).to_have_count(2)
        before = made(served_here)
        page.keyboard.press("1")  # Anna's code
        page.keyboard.press("2")  # Bertil's valence
        page.keyboard.press("b")  # only Anna has it: it stays
        page.keyboard.press("i")  # only Bertil has it: it goes
        expect(page.get_by_role("heading", name="Inget kvar att avgöra")).to_be_visible()
        settled(page)
        after = made(served_here)
        assert ("Bertil", "kunskap", "flaskhals") in after and ("Anna", "ansvar", "onskan") in after
        assert ("Anna", "kollegor", "") in after and all(code != "avslag" for _, code, _ in after)
        page.reload()
        expect(page.get_by_role("heading", name="Inget kvar att avgöra")).to_be_visible()
        with served_here.desk.reading("Anna") as study:
            memos = list(study.memos.table()["text"])
        assert memos[0] == "Avgjort: Anna gäller. Anna: Kunskap (Flaskhals); Bertil: Bemötande."
        for _ in range(12):
            page.evaluate(f"async () => (await {own('api')}).post('/api/undo').then(() => {{}})")
            if made(served_here) == before:
                break
        assert made(served_here) == before


def test_a_key_takes_the_latest_back_and_a_new_code_may_be_given(chromium: Browser, served_here: Served) -> None:
    with browsing(chromium, served_here) as context:
        page = compared(context, served_here)
        before = made(served_here)
        page.keyboard.press("k")
        page.keyboard.type("rehabplan")
        page.keyboard.press("Enter")
        expect(page.locator("#stage")).to_contain_text("3 ställen kvar")
        settled(page)
        assert [code for _, code, _ in made(served_here)].count("rehabplan") == 2
        page.keyboard.press("z")
        expect(page.locator("#stage")).to_contain_text("4 ställen kvar")
        settled(page)
        assert made(served_here) == before


def test_what_somebody_changed_is_not_settled_by_mistake(client: TestClient, folder: Path) -> None:
    shown = client.get("/api/samstammighet", params={"en": "Anna", "annan": "Bertil"}).json()["disagreements"][0]
    with Study.open(folder, coder="Bertil") as study:
        study.change(shown["other"][0]["id"], code="avslag")
    data = {"en": "Anna", "annan": "Bertil", "choice": "one", "expected": {key: shown[key] for key in ("one", "other")}}
    answer = client.post("/api/samstammighet/avgor", json=data)
    assert answer.status_code == 409 and answer.json()["now"]["other"][0]["code"] == "avslag"


@pytest.mark.parametrize(
    "data",
    [
        {"choice": "alla"},
        {"choice": "one", "expected": 1},
        {"choice": "one", "expected": {"one": [{"id": "1"}], "other": []}},
        {"choice": "one", "expected": {"one": [], "other": []}},
        {"choice": "none", "expected": {"one": [{"id": 10**30}], "other": []}},
    ],
)
def test_what_is_of_the_wrong_shape_is_refused_in_swedish(client: TestClient, data: dict[str, object]) -> None:
    answer = client.post("/api/samstammighet/avgor", json={"en": "Anna", "annan": "Bertil", **data})
    assert answer.status_code in {409, 422} and answer.json()["problem"]


def test_one_coder_alone_is_told_what_is_needed(chromium: Browser, small_folder: Path) -> None:
    with serving(small_folder) as served, browsing(chromium, served) as context:
        page = let_in(context, served, "/samstammighet")
        expect(page.get_by_role("heading", name="Ingen har kodat än")).to_be_visible()


def test_axe_finds_nothing_and_nothing_sticks_out(
    chromium: Browser, served_here: Served, axe_findings: Callable[..., list[str]]
) -> None:
    with browsing(chromium, served_here) as context:
        page = compared(context, served_here)
        assert axe_findings(page) == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
