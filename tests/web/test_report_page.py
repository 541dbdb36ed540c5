"""The report page: parts chosen, tables seen beforehand, the Word file made in the background and saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from browsing import Served, browsing, let_in, serving
from docx import Document
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from intervjukit.core.report import PARTS
from intervjukit.study import Study

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def coded_folder(small_folder: Path) -> Path:
    """A small study where two name the same bottleneck, and a line and a measure on it."""
    key = ("flaskhals", "samverkan", "samverkan")
    with Study.open(small_folder, coder="MK") as study:
        for respondent in ("S09", "C01"):
            turn = max(study.transcript(respondent).answers(), key=lambda turn: turn.end - turn.start)
            words = study.transcript(respondent).turn_text(turn)
            study.code(respondent, words, key[1], valence=key[0], party=key[2])
        line = study.swot.add("svaghet", HOSTILE, [key])
        study.measures.add("Träffas", "samverkan", [line], due="2027")
    return small_folder


@pytest.fixture
def client(coded_folder: Path, page_of: Callable[..., AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    with page_of(coded_folder) as browser:
        yield browser


@pytest.fixture
def here(coded_folder: Path) -> Iterator[Served]:
    with serving(coded_folder) as running:
        yield running


def made(client: TestClient, **data: object) -> dict[str, object]:
    assert client.post("/api/rapport", json=data).status_code == 200
    ends = time.monotonic() + 60
    while (job := client.get("/api/jobb").json())["state"] == "running":
        assert time.monotonic() < ends
    assert job["state"] == "done", job
    return dict(job["result"])


def headings(file: Path) -> list[str]:
    return [p.text for p in Document(str(file)).paragraphs if p.style is not None and p.style.name == "Heading 1"]


def test_parts_are_chosen_made_and_saved_from_the_page(chromium: Browser, here: Served, tmp_path: Path) -> None:
    with browsing(chromium, here, viewport={"width": 1280, "height": 900}) as context:
        page = let_in(context, here, "/rapport")
        tables = page.locator("#tables details")
        expect(tables).to_have_count(5)
        page.get_by_label("Titel").fill("Vår rapport: 2027")
        page.get_by_label("Alla", exact=True).uncheck()
        expect(page.get_by_role("button", name="Gör rapporten")).to_be_disabled()
        page.get_by_label("SWOT", exact=True).check()
        page.get_by_label("Åtgärder").check()
        page.get_by_label("Bilaga: Så räknas mängdorden").check()
        expect(tables).to_have_count(2)
        page.get_by_role("button", name="Gör rapporten").press("Enter")
        link = page.get_by_role("link", name="Hämta rapporten")
        expect(link).to_be_focused(timeout=60_000)
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        file = tmp_path / "rapport.docx"
        download.value.save_as(file)
        assert download.value.suggested_filename == "Vår rapport_ 2027.docx"
        assert headings(file) == ["SWOT", "Åtgärder", "Bilaga 1. Så räknas mängdorden"]
        text = "\n".join(p.text for p in Document(str(file)).paragraphs)
        assert "Vår rapport: 2027" in text and "bilaga 3" not in text


def test_a_profile_and_a_template_are_chosen_and_the_template_is_offered_again(
    chromium: Browser, here: Served, tmp_path: Path
) -> None:
    template = Document()
    template.sections[0].header.paragraphs[0].text = "Exempelkommunen"
    template.save(str(tmp_path / "vår mall.docx"))
    with browsing(chromium, here) as context:
        page = let_in(context, here, "/rapport")
        page.get_by_label("Slag av rapport").select_option("styrgrupp")
        expect(page.locator("#about")).to_contain_text("Två sidor")
        expect(page.locator("[name=del]")).to_have_count(3)
        page.get_by_label("En egen Word-mall").check()
        expect(page.get_by_role("button", name="Gör rapporten")).to_be_disabled()
        page.get_by_label("Mall (.dotx eller .docx)").set_input_files(tmp_path / "vår mall.docx")
        page.get_by_role("button", name="Gör rapporten").click()
        link = page.get_by_role("link", name="Hämta rapporten")
        expect(link).to_be_focused(timeout=60_000)
        with page.expect_download() as download:
            link.click()
        download.value.save_as(tmp_path / "rapport.docx")
        assert headings(tmp_path / "rapport.docx") == ["Det viktigaste i korthet", "SWOT", "Förslag till åtgärder"]
        head = Document(str(tmp_path / "rapport.docx")).sections[0].header.paragraphs[0].text
        assert "Exempelkommunen" in head
        page.reload()
        expect(page.get_by_label("Senast använda mall: vår mall.docx")).to_be_visible()


def test_a_template_that_cannot_be_used_is_refused_at_once(client: TestClient, tmp_path: Path) -> None:
    data = {"title": "", "profile": "swot", "parts": ["swot"]}
    sent = client.post("/api/filer?name=mall.docm", content=b"PK\x03\x04").json()
    answer = client.post("/api/rapport", json={**data, "template": sent["key"]})
    assert answer.status_code == 400 and "makron" in answer.json()["problem"]
    assert client.post("/api/rapport", json={**data, "template": "senaste"}).status_code == 404
    assert client.post("/api/rapport", json={**data, "profile": "../../full"}).status_code == 404
    assert client.post("/api/rapport", json={**data, "profile": "min.yaml"}).status_code == 404


def test_all_parts_make_the_whole_report(client: TestClient, coded_folder: Path) -> None:
    result = made(client, title="", parts=list(PARTS))
    assert result["name"] == "Provstudie.docx"
    answer = client.get("/api/rapport/fil", params={"nyckel": result["key"]})
    file = coded_folder / "hämtad.docx"
    file.write_bytes(answer.content)
    assert len(headings(file)) == len(PARTS)
    assert "Bilaga 4. Så räknas mängdorden" in headings(file)
    assert any("bilaga 4" in p.text for p in Document(str(file)).paragraphs)


def test_the_tables_are_those_of_the_study(client: TestClient) -> None:
    tables = client.get("/api/rapport").json()["tables"]
    titles = {table["title"]: table for table in tables}
    assert titles["Intervjuade per grupp"]["rows"][0][:2] == ["Sjukskrivna", "1"]
    assert titles["Flaskhalsar i rangordning, antal av 4 intervjuade"]["rows"] == [
        ["1", "Samverkan", "2", "Sjukskrivna, Chefer"]
    ]
    assert titles["Svagheter"]["rows"] == [[HOSTILE, "2"]]
    assert titles["Åtgärder per ansvarig part"]["rows"] == [["Mellan parterna", "Träffas", HOSTILE, "2027", ""]]


@pytest.mark.parametrize(
    "data", [{}, {"parts": []}, {"parts": ["ufo"]}, {"parts": ["swot"], "title": "x" * 121}, {"parts": "swot"}]
)
def test_a_report_that_cannot_be_is_refused_in_swedish(client: TestClient, data: dict[str, object]) -> None:
    answer = client.post("/api/rapport", json=data)
    assert answer.status_code in {404, 422} and answer.json()["problem"]


@pytest.mark.parametrize("key", ["", "..", "finns-inte", "../../x"])
def test_no_other_file_is_given_out(client: TestClient, key: str) -> None:
    assert client.get("/api/rapport/fil", params={"nyckel": key}).status_code == 404


def test_without_codings_the_page_says_so(chromium: Browser, small_folder: Path) -> None:
    with serving(small_folder) as served, browsing(chromium, served) as context:
        page = let_in(context, served, "/rapport")
        expect(page.locator("main")).to_contain_text("ingenting är kodat")


def test_axe_finds_nothing_and_hostile_words_are_words(
    chromium: Browser, here: Served, axe_findings: Callable[..., list[str]]
) -> None:
    with browsing(chromium, here) as context:
        page = let_in(context, here, "/rapport")
        page.locator("#tables details", has_text="SWOT").locator("summary").click()
        expect(page.locator("#tables td", has_text=HOSTILE).first).to_be_visible()
        assert page.locator("main img").count() == 0
        assert axe_findings(page) == []


def test_nothing_sticks_out_at_320_pixels(chromium: Browser, here: Served) -> None:
    with browsing(chromium, here, viewport={"width": 320, "height": 640}) as context:
        page = let_in(context, here, "/rapport")
        page.locator("#tables table").first.wait_for()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_the_study_folder_holds_no_report_afterwards(coded_folder: Path) -> None:
    with serving(coded_folder) as served:
        place = served.desk.new_place("rapport.docx")
        place.write_bytes(b"x")
    assert not place.exists()
