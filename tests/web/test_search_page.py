"""Searching in all interviews: every hit in its context, leading to its place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from browsing import Served, browsing, let_in, serving
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from intervjukit.study import Study


@pytest.fixture(scope="module")
def folder(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(small_original, tmp_path_factory.mktemp("search") / "small"))


@pytest.fixture(scope="module")
def small(folder: Path) -> Iterator[Served]:
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="module")
def client(folder: Path, page_of: Callable[..., AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    with page_of(folder) as browser:
        yield browser


def test_every_place_is_found_and_reads_as_the_text_does(client: TestClient, folder: Path) -> None:
    found = client.get("/api/sok", params={"q": "ARBET"}).json()
    with Study.open(folder) as study:
        texts = {row.id: study.material.transcript(row.id).text for row in study.material.interviews()}
    places = [(texts[one["id"]], place) for one in found["interviews"] for place in one["places"]]
    assert len(places) == sum(len(re.findall("arbet", text, re.I)) for text in texts.values()) > 5
    assert found["all"] is True
    for text, place in places:
        around = place["before"].removeprefix("… ") + place["hit"] + place["after"].removesuffix(" …")
        assert text[place["start"] : place["end"]] == place["hit"] and around in text


def hits_in(found: dict[str, Any]) -> int:
    return sum(one["hits"] for one in found["interviews"])


def test_blanks_and_case_do_not_matter_and_a_group_or_a_voice_narrows(client: TestClient) -> None:
    whole = client.get("/api/sok", params={"q": "det  VAR"}).json()
    one = client.get("/api/sok", params={"q": "det var", "grupp": "sjukskrivna"}).json()
    assert hits_in(whole) > hits_in(one) > 0
    assert {row["respondent"] for row in one["interviews"]} == {"S09"}
    own = client.get("/api/sok", params={"q": "hur", "egna": "1"}).json()
    assert {place["role"] for row in own["interviews"] for place in row["places"]} == {"respondent"}
    assert hits_in(own) < hits_in(client.get("/api/sok", params={"q": "hur"}).json())


def test_more_hits_than_are_shown_are_told_of(client: TestClient) -> None:
    found = client.get("/api/sok", params={"q": "de"}).json()
    assert found["all"] is False
    assert any(one["hits"] > len(one["places"]) for one in found["interviews"])


@pytest.mark.parametrize("words", ["", " ", "a", "x" * 201])
def test_too_little_and_too_much_are_refused_in_swedish(client: TestClient, words: str) -> None:
    answer = client.get("/api/sok", params={"q": words})
    assert answer.status_code == 422 and answer.json()["fix"]


@pytest.mark.parametrize("words", ["(.*", "\\b[", "%_", "<b>", "\x00ab"])
def test_signs_with_a_meaning_elsewhere_mean_themselves(client: TestClient, words: str) -> None:
    answer = client.get("/api/sok", params={"q": words})
    assert answer.status_code in {200, 422} and answer.json().get("interviews", []) == []


def test_a_hit_leads_to_its_place(chromium: Browser, small: Served) -> None:
    with browsing(chromium, small) as context:
        page = let_in(context, small, "/sok?q=det")
        expect(page.locator("#number")).to_contain_text("träffar i 4 intervjuer")
        hit = page.locator(".hit").nth(3)
        words = hit.locator("mark").inner_text()
        hit.click()
        page.wait_for_url(re.compile(r"/intervju/\d+#p="))
        page.wait_for_function("() => String(getSelection())")
        assert page.evaluate("() => String(getSelection())") == words
        box = page.evaluate(
            "() => { const {top} = getSelection().getRangeAt(0).getBoundingClientRect(); return [top, innerHeight]; }"
        )
        assert 0 < box[0] < box[1]


def test_words_are_searched_as_they_are_written_and_the_address_keeps_them(chromium: Browser, small: Served) -> None:
    with browsing(chromium, small) as context:
        page = let_in(context, small, "/sok")
        expect(page.get_by_label("Ord eller del av ord")).to_be_focused()
        page.keyboard.type("hur")
        expect(page.locator(".hit mark").first).to_have_text(re.compile("hur", re.I))
        own = page.locator(".hit").count()
        page.get_by_label("Bara den intervjuades ord").uncheck()
        expect(page.locator(".hit.interviewer").first).to_be_visible()
        assert page.locator(".hit").count() > own
        page.reload()
        expect(page.locator(".hit").first).to_be_visible()


def test_axe_finds_nothing(chromium: Browser, small: Served, axe_findings: Callable[..., list[str]]) -> None:
    with browsing(chromium, small, viewport={"width": 360, "height": 700}) as context:
        page = let_in(context, small, "/sok?q=chefen")
        expect(page.locator(".hit").first).to_be_visible()
        assert axe_findings(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
