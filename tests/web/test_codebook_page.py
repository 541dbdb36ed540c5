"""The code book page in a real browser: read, change, merge, split, by mouse and by keyboard, and never in silence."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from browsing import Served, browsing, let_in, serving
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from intervjukit.study import Study

QUOTES = ("S09", "C01")


@pytest.fixture(scope="module")
def coded(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with two codings of "vantetider" and one of "ansvar"."""
    folder = Path(shutil.copytree(small_original, tmp_path_factory.mktemp("book") / "s"))
    with Study.open(folder, coder="MK") as study:
        for respondent in QUOTES:
            for turn in list(study.transcript(respondent).answers())[:1]:
                quote = study.transcript(respondent).turn_text(turn)
                study.code(respondent, quote, "vantetider", valence="flaskhals", party="vard")
        study.code("S09", quote_of(study, "S09", 2), "ansvar", valence="onskan", party="arbetsgivare")
    return folder


def quote_of(study: Study, respondent: str, number: int) -> str:
    transcript = study.transcript(respondent)
    return transcript.turn_text(list(transcript.answers())[number])


@pytest.fixture
def book(coded: Path, tmp_path: Path) -> Iterator[Served]:
    with serving(Path(shutil.copytree(coded, tmp_path / "s"))) as running:
        yield running


@pytest.fixture
def open_page(chromium: Browser, book: Served) -> Iterator[Page]:
    with browsing(chromium, book) as context:
        page = let_in(context, book, "/kodbok#kod=vantetider")
        expect(page.locator(".quotes li")).to_have_count(2)
        yield page


@pytest.fixture
def client(
    coded: Path, tmp_path: Path, page_of: Callable[..., AbstractContextManager[TestClient]]
) -> Iterator[TestClient]:
    with page_of(Path(shutil.copytree(coded, tmp_path / "c"))) as browser:
        yield browser


def codes(client: TestClient) -> dict[str, dict[str, object]]:
    return {code["id"]: code for code in client.get("/api/kodbok").json()["codes"]}


TEXTS = ("name", "definition", "when", "measure", "limits", "examples", "indicators", "influenceable", "headings")


def shown(client: TestClient, code: str) -> dict[str, object]:
    return {name: codes(client)[code][name] for name in TEXTS}


# --- what the server answers ------------------------------------------------------------------------


def test_the_codes_are_counted_by_respondent_and_their_quotes_placed(client: TestClient) -> None:
    waiting = codes(client)["vantetider"]
    assert (waiting["codings"], waiting["respondents"]) == (2, 2)
    quotes = client.get("/api/kod/vantetider/kodningar").json()
    assert sorted(quote["respondent"] for quote in quotes) == sorted(QUOTES)
    assert all(len(quote["quote"]) == quote["end"] - quote["start"] for quote in quotes)
    assert client.get("/api/kod/ufo/kodningar").status_code == 404


def test_a_new_code_is_made_while_coding_and_refused_in_swedish(client: TestClient) -> None:
    made = client.post("/api/kodbok/kod", json={"name": "Ekonomisk oro", "definition": "Oro för pengar."}).json()
    assert made["id"] == "ekonomisk_oro"
    again = client.post("/api/kodbok/kod", json={"name": "ekonomisk oro", "definition": "x"})
    assert (again.status_code, again.json()["problem"]) == (422, "Det finns redan en kod som heter ”Ekonomisk oro”.")
    assert client.post("/api/undo", json={}).json() == {"summary": "Lade till koden Ekonomisk oro"}
    assert "ekonomisk_oro" not in codes(client)
    client.post("/api/redo", json={})
    assert "ekonomisk_oro" in codes(client)


def test_a_change_of_what_somebody_else_has_changed_is_refused_with_how_it_is(client: TestClient) -> None:
    before = shown(client, "ansvar")
    assert client.post("/api/kod/ansvar", json={"name": "Vem gör vad", "expected": before}).json()["name"] == (
        "Vem gör vad"
    )
    for path, data in (
        ("", {"definition": "Ny"}),
        ("/slaihop", {"into": "samverkan"}),
        ("/tabort", {}),
    ):
        refused = client.post(f"/api/kod/ansvar{path}", json={**data, "expected": before})
        assert refused.status_code == 409 and refused.json()["now"]["name"] == "Vem gör vad"
    moved = client.post("/api/kod/ansvar/flytta", json={"parent": "samverkan", "expected": "vantetider"})
    assert moved.status_code == 409 and moved.json()["now"] is None


@pytest.mark.parametrize(
    "data",
    [
        {"limits": [{"condition": 1, "instead": "samverkan"}]},
        {"limits": ["x"]},
        {"examples": [{"text": "x", "facets": []}]},
        {"examples": [{"text": "x", "facets": {"valence": "ufo"}}]},
        {"examples": [{"facets": {}}]},
        {"indicators": "x"},
        {"influenceable": "ja"},
        {"headings": {"ufo": "x"}},
        {"name": 1},
    ],
    ids=str,
)
def test_a_change_of_the_wrong_form_is_refused_and_nothing_is_changed(
    client: TestClient, data: dict[str, object]
) -> None:
    before = shown(client, "ansvar")
    assert client.post("/api/kod/ansvar", json={**data, "expected": before}).status_code == 422
    assert shown(client, "ansvar") == before


def test_how_words_are_read_is_said_whole_and_not_over_what_somebody_else_has_said(client: TestClient) -> None:
    def say(words: list[str], expected: list[str]) -> tuple[int, dict[str, object]]:
        answer = client.post("/api/kodbok/ord", json={"words": words, "expected": expected})
        return answer.status_code, answer.json()

    assert client.get("/api/kodbok").json()["words"] == []
    assert say(["Vård+kö", "förväntan"], []) == (200, {"words": ["Vård + kö", "förväntan"]})
    code, told = say(["bil + drulle"], [])
    assert (code, told["now"]) == (409, ["Vård + kö", "förväntan"])
    code, told = say(["lång kö"], ["Vård + kö", "förväntan"])
    assert code == 422
    assert "”lång kö” går inte att läsa" in str(told["problem"])
    assert say(["förväntan"], ["Vård + kö", "förväntan"]) == (200, {"words": ["förväntan"]})


# --- in the browser ---------------------------------------------------------------------------------


def test_a_code_is_read_with_its_quotes_in_their_context(open_page: Page, book: Served) -> None:
    expect(open_page.locator("#code-name")).to_have_text("Väntetider")
    target = open_page.locator(".quotes a").first.get_attribute("href") or ""
    quote = open_page.locator(".quotes a").first.text_content() or ""
    interview, _, span = target.removeprefix("/intervju/").partition("#p=")
    start, end = map(int, span.split("-"))
    with Study.open(book.desk.folder) as study:
        assert study.material.transcript(int(interview)).text[start:end] == quote


def test_a_quote_becomes_an_example_that_leads_to_it(open_page: Page) -> None:
    open_page.get_by_role("button", name="Använd som exempel").first.click()
    linked = open_page.locator(".examples a")
    expect(linked).to_have_count(1)
    assert (linked.get_attribute("href") or "").startswith("/intervju/")
    open_page.locator("#undo").click()
    expect(linked).to_have_count(0)


def test_everything_is_done_by_keyboard_alone(open_page: Page, book: Served) -> None:
    press, write = open_page.keyboard.press, open_page.keyboard.type
    dialog = open_page.get_by_role("dialog")
    press("n")
    expect(dialog.get_by_label("Namn")).to_be_focused()
    write("Kötid")
    press("Tab")
    write("Tid i kö.")
    press("Control+Enter")
    expect(open_page.locator("#code-name")).to_have_text("Kötid")
    press("r")
    expect(dialog.get_by_label("Namn")).to_be_focused()
    press("Control+a")
    write("Tid i kö")
    press("Enter")
    expect(open_page.locator("#code-name")).to_have_text("Tid i kö")
    press("f")
    write("vänteti")
    press("Enter")
    expect(open_page.locator(".under")).to_have_text("Under Väntetider")
    expect(open_page.locator("[data-code=kotid]")).to_be_focused()
    press("m")
    write("ansvar")
    press("Enter")
    expect(dialog.get_by_role("heading")).to_have_text("Slå ihop Tid i kö med Ansvar?")
    press("Tab")
    expect(dialog.get_by_role("button", name="Slå ihop")).to_be_focused()
    press("Enter")
    expect(open_page.locator("#code-name")).to_have_text("Ansvar")
    expect(open_page.locator("[data-code=kotid]")).to_have_count(0)
    for _ in range(4):
        before = open_page.locator("#undo").get_attribute("title") or ""
        press("Control+z")
        expect(open_page.locator("#undo")).not_to_have_attribute("title", before)
    with Study.open(book.desk.folder) as study:
        assert "kotid" not in study.codebook


def test_a_word_is_read_in_another_way_by_keyboard_alone_and_as_usual_by_undo(open_page: Page, book: Served) -> None:
    dialog = open_page.get_by_role("dialog")
    open_page.keyboard.press("o")
    expect(dialog.get_by_label("Ett ord på varje rad")).to_be_focused()
    open_page.keyboard.type("vård +\n")
    open_page.keyboard.press("Control+Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("går inte att läsa")
    open_page.keyboard.press("Control+A")
    open_page.keyboard.type("vård + kö\nförväntan")
    open_page.keyboard.press("Control+Enter")
    expect(dialog).to_have_count(0)
    with Study.open(book.desk.folder) as study:
        assert study.codebook.compounds == (("vård", "kö"), ("förväntan",))
    words = open_page.locator("#words")
    expect(words).to_have_text("Ord som läses på ett eget sätt (2) …")
    words.click()
    expect(dialog.get_by_label("Ett ord på varje rad")).to_have_value("vård + kö\nförväntan")
    open_page.keyboard.press("Escape")
    open_page.locator("#undo").click()
    expect(words).to_have_text("Ord som läses på ett eget sätt …")
    words.click()
    expect(dialog.get_by_label("Ett ord på varje rad")).to_have_value("")


def test_chosen_codings_get_a_new_code_and_come_back_by_undo(open_page: Page) -> None:
    open_page.locator(".quotes input").first.check()
    open_page.get_by_role("button", name="Dela till ny kod …").click()
    dialog = open_page.get_by_role("dialog")
    dialog.get_by_role("button", name="Dela", exact=True).click()
    expect(dialog.get_by_role("alert")).to_have_text("Koden saknar namn. Skriv ett kort namn.")
    dialog.get_by_label("Den nya kodens namn").fill("Kö till vården")
    dialog.get_by_label("Definition").fill("Att stå i kö.")
    dialog.get_by_role("button", name="Dela", exact=True).click()
    expect(open_page.locator("#code-name")).to_have_text("Kö till vården")
    expect(open_page.locator(".quotes li")).to_have_count(1)
    open_page.locator("#undo").click()
    expect(open_page.locator("[data-code=ko_till_varden]")).to_have_count(0)


def test_a_code_in_use_is_not_removed_and_it_is_said_why(open_page: Page) -> None:
    open_page.keyboard.press("x")
    open_page.get_by_role("dialog").get_by_role("button", name="Ta bort").click()
    expect(open_page.locator("#says")).to_contain_text("Koden ”Väntetider” används: 2 kodningar.")
    expect(open_page.locator("[data-code=vantetider]")).to_have_count(1)


def test_two_tabs_do_not_overwrite_each_other(open_page: Page) -> None:
    other = open_page.context.new_page()
    other.goto(open_page.url)
    expect(other.locator("#code-name")).to_have_text("Väntetider")
    open_page.keyboard.press("e")
    open_page.get_by_role("dialog").get_by_label("Definition").fill("Min definition.")
    other.bring_to_front()
    other.keyboard.press("r")
    other.get_by_role("dialog").get_by_label("Namn").fill("Väntan")
    other.keyboard.press("Enter")
    expect(other.locator("#code-name")).to_have_text("Väntan")
    open_page.bring_to_front()
    save = open_page.get_by_role("dialog").get_by_role("button", name="Spara")
    save.click()
    expect(open_page.locator(".now")).to_contain_text("Väntan: ")
    expect(open_page.get_by_role("dialog").get_by_label("Definition")).to_have_value("Min definition.")
    save.click()
    expect(open_page.locator(".definition")).to_have_text("Min definition.")


def test_what_is_written_is_never_markup(open_page: Page) -> None:
    hostile = "<img src=x onerror=alert(1)>\u202e"
    open_page.keyboard.press("r")
    open_page.get_by_role("dialog").get_by_label("Namn").fill(hostile)
    open_page.keyboard.press("Enter")
    expect(open_page.locator("#code-name")).to_contain_text("<img src=x")
    assert open_page.locator("main img").count() == 0


def test_axe_finds_nothing(chromium: Browser, book: Served, axe_findings: Callable[..., list[str]]) -> None:
    with browsing(chromium, book) as context:
        page = let_in(context, book, "/kodbok#kod=vantetider")
        page.locator(".quotes input").first.check()
        assert axe_findings(page) == []
        page.keyboard.press("e")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert axe_findings(page) == []


def test_nothing_sticks_out_at_360_pixels(chromium: Browser, book: Served) -> None:
    with browsing(chromium, book, viewport={"width": 360, "height": 740}) as context:
        page = let_in(context, book, "/kodbok#kod=vantetider")
        expect(page.locator(".quotes li")).to_have_count(2)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
        page.keyboard.press("e")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert (
            page.evaluate("() => { const d = document.querySelector('dialog'); return d.scrollWidth - d.clientWidth; }")
            <= 0
        )
