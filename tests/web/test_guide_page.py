"""The guide page in a real browser: filled in live, saved at every change, never overwritten, and made a transcript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import Served, browsing, let_in, serving
from playwright.sync_api import Browser, Locator, Page, expect
from test_start import start_server

from intervjukit.study import Study


@pytest.fixture
def folder(course_folder: Path) -> Path:
    return course_folder


@pytest.fixture
def live(folder: Path) -> Iterator[Served]:
    with serving(folder) as running:
        yield running


@pytest.fixture
def sheet(chromium: Browser, live: Served) -> Iterator[Page]:
    """A sheet that was begun in the page."""
    with browsing(chromium, live) as context:
        page = let_in(context, live, "/guide")
        expect(page.get_by_label("Personens kod")).to_have_value("D01")
        page.get_by_role("button", name="Börja").click()
        expect(question(page, "lage")).to_be_visible()
        yield page


def question(page: Page, name: str) -> Locator:
    return page.locator(f"[data-question={name}]")


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text(re.compile("^Sparat"))


def answers(live: Served) -> dict[str, str]:
    with Study.open(live.desk.folder) as study:
        (draft,) = study.drafts.all()
        return dict(draft.answers)


def test_a_whole_interview_is_filled_in_and_becomes_a_transcript(sheet: Page, live: Served) -> None:
    question(sheet, "lage").locator("textarea").first.fill("Det är bättre 👍 <b>nu</b>.")
    question(sheet, "lage").get_by_role("button", name="Hur är det med humöret?").click()
    sheet.keyboard.type("Upp och ner.")
    question(sheet, "avstand").get_by_role("radio", name="7").check()
    question(sheet, "borta_lange").locator("input").first.fill("14")
    question(sheet, "startdatum").locator("input[type=date]").fill("2026-03-02")
    expect(question(sheet, "vantar_sig")).to_be_hidden()
    question(sheet, "deltagare").get_by_role("radio", name="Ny").check()
    expect(question(sheet, "vantar_sig")).to_be_visible()
    expect(question(sheet, "vantade_sig")).to_be_hidden()
    sheet.get_by_label("Lägg till", exact=True).fill("Yrke")
    sheet.keyboard.press("Enter")
    sheet.keyboard.type("kock")
    sheet.get_by_label("Din egen anteckning").fill("Lugnt samtal.")
    draw(sheet)
    saved(sheet)
    sheet.locator("#done").click()
    dialog = sheet.get_by_role("dialog")
    expect(dialog).to_contain_text("Samtycket är inte ikryssat")
    dialog.get_by_label("Längd i minuter").fill("42")
    dialog.get_by_role("button", name="Gör till intervju").click()
    sheet.wait_for_url(re.compile(r"/intervju/\d+"))
    with Study.open(live.desk.folder) as study:
        made = study.transcript("D01")
        assert made.minutes == 42 and made.facts["Yrke"] == "kock" and made.facts["Avstand"].startswith("7 på en skala")
        said = [(turn.question, made.turn_text(turn)) for turn in made.answers()]
        assert ("lage", "Det är bättre 👍 <b>nu</b>.") in said and ("lage", "Upp och ner.") in said
        assert ("startdatum", "2 mars 2026") in said
        assert next(text for name, text in said if name == "kurva").startswith("Ritad kurva")
    sheet.goto(f"{live.origin}/guide")
    expect(sheet.get_by_role("link", name="Läs intervjun")).to_be_visible()


def draw(page: Page) -> None:
    canvas = question(page, "kurva").locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    left, right, top, low = box["x"] + 30, box["x"] + box["width"] - 30, box["y"] + 20, box["y"] + box["height"] - 40
    page.mouse.move(left, low)
    page.mouse.down()
    page.mouse.move((left + right) / 2, top, steps=12)
    page.mouse.move(right, low, steps=12)
    page.mouse.up()


def test_a_curve_is_drawn_and_the_same_curve_is_written_by_keyboard(sheet: Page, live: Served) -> None:
    draw(sheet)
    saved(sheet)
    places = [tuple(map(float, line.split()[:2])) for line in answers(live)["kurva"].split("\n")]
    assert 3 <= len(places) <= 24
    highest = max(places, key=lambda place: place[1])
    assert 40 <= highest[0] <= 60 and highest[1] > 8 and places[0][1] < 3 and places[-1][1] < 3
    box = question(sheet, "kurva")
    box.get_by_role("button", name="Sudda kurvan").click()
    saved(sheet)
    box.locator("summary", has_text="Punkterna").focus()
    sheet.keyboard.press("Enter")
    add = box.get_by_role("button", name="Lägg till punkt")
    for x, y, told in ((0, 2, "sjuk"), (50, 9, "")):
        add.focus()
        sheet.keyboard.press("Enter")
        for value in (str(x), str(y), told):
            sheet.keyboard.press("Control+a")
            sheet.keyboard.type(value)
            sheet.keyboard.press("Tab")
    saved(sheet)
    expect(box.locator("canvas")).to_have_attribute("aria-description", "tid 0: 2 (sjuk), tid 50: 9")
    assert answers(live)["kurva"] == "0 2 sjuk\n50 9"


def test_what_is_written_is_there_after_a_reload_and_what_cannot_be_is_told_at_its_field(
    sheet: Page, live: Served
) -> None:
    box = question(sheet, "borta_lange")
    box.locator("input").first.fill("många")
    expect(box.get_by_role("alert")).to_have_text("”många” är inget tal. Skriv ett tal med siffror.")
    expect(sheet.locator("#saved")).to_have_text(re.compile("[Ii]nte sparat"))
    box.locator("input").first.fill("3,50")
    saved(sheet)
    expect(box.locator("input").first).to_have_value("3,5")
    question(sheet, "lage").locator("textarea").first.fill("Rad ett\n\nRad två")
    saved(sheet)
    sheet.reload()
    expect(question(sheet, "lage").locator("textarea").first).to_have_value("Rad ett\n\nRad två")
    expect(sheet.locator("[data-section=nulage]")).to_have_text(" 1/4")


def test_two_tabs_refuse_each_others_overwrites_and_show_each_others_words(sheet: Page, live: Served) -> None:
    other = sheet.context.new_page()
    other.goto(sheet.url)
    mine, theirs = (question(page, "lage").locator("textarea").first for page in (sheet, other))
    mine.fill("Från den första")
    saved(sheet)
    theirs.fill("Från den andra")
    box = question(other, "lage")
    expect(box.get_by_role("alert")).to_contain_text("har ändrat det här svaret")
    expect(box.locator("blockquote")).to_have_text("Från den första")
    assert answers(live)["lage"] == "Från den första"
    expect(theirs).to_have_value("Från den andra")
    box.get_by_role("button", name="Behåll det jag skrev").click()
    saved(other)
    assert answers(live)["lage"] == "Från den andra"
    sheet.bring_to_front()
    sheet.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(mine).to_have_value("Från den andra")


def test_it_is_done_by_keyboard_alone(sheet: Page, live: Served) -> None:
    question(sheet, "lage").locator("textarea").first.focus()
    sheet.keyboard.type("Bra.")
    sheet.keyboard.press("Control+Enter")
    expect(question(sheet, "vardag").locator("textarea").first).to_be_focused()
    sheet.keyboard.type("Lugn.")
    question(sheet, "avstand").get_by_role("radio", name="1", exact=True).focus()
    sheet.keyboard.press("Space")
    sheet.keyboard.press("ArrowRight")
    saved(sheet)
    assert answers(live) == {"lage": "Bra.", "vardag": "Lugn.", "avstand": "2"}


def test_the_clock_runs_stops_and_is_kept(sheet: Page, live: Served) -> None:
    sheet.locator("#clock").click()
    expect(sheet.locator("#clock")).to_have_attribute("aria-pressed", "true")
    expect(sheet.locator("#time")).to_have_text("0.01")
    sheet.locator("#clock").click()
    expect(sheet.locator("#clock")).to_have_text("Fortsätt klockan")
    sheet.reload()
    expect(sheet.locator("#time")).not_to_have_text("0.00")


def test_when_the_server_is_killed_everything_that_was_saved_is_there_at_restart(folder: Path) -> None:
    first, ask = start_server(folder)
    try:
        draft = ask("/api/guide", {"group": "deltagare"})["id"]
        for number in range(5):
            field = ["lage", "vardag", "yrke", "arbetsplats", "hur_kom_sig"][number]
            ask(f"/api/utkast/{draft}/svar", {"field": field, "value": f"Svar {number}", "expected": ""})
    finally:
        first.kill()
        first.communicate()
    with Study.open(folder) as study:
        assert sorted(study.drafts.sheet(draft).answers.values()) == [f"Svar {number}" for number in range(5)]


def test_a_draft_is_taken_away_and_had_back(sheet: Page, live: Served) -> None:
    question(sheet, "lage").locator("textarea").first.fill("Bra.")
    saved(sheet)
    sheet.goto(f"{live.origin}/guide/deltagare")
    sheet.get_by_role("button", name="Ta bort utkastet för D01").click()
    sheet.get_by_role("dialog").get_by_role("button", name="Ta bort").click()
    expect(sheet.locator("#drafts")).to_contain_text("Ingen guide är ifylld än.")
    sheet.locator("#undo").click()
    expect(sheet.get_by_role("link", name="Fortsätt med D01")).to_be_visible()
    assert answers(live) == {"lage": "Bra."}


def test_axe_finds_nothing(chromium: Browser, live: Served, axe_findings: Callable[..., list[str]]) -> None:
    with browsing(chromium, live) as context:
        page = let_in(context, live, "/guide")
        expect(page.locator("#group option")).to_have_count(1)
        assert axe_findings(page) == []
        page.get_by_role("button", name="Börja").click()
        question(page, "kurva").locator("summary", has_text="Punkterna").click()
        question(page, "kurva").get_by_role("button", name="Lägg till punkt").click()
        question(page, "borta_lange").locator("input").first.fill("x")
        expect(question(page, "borta_lange").get_by_role("alert")).to_be_visible()
        assert axe_findings(page) == []
        page.goto(f"{live.origin}/guide/deltagare")
        expect(page.locator("#drafts tbody tr")).to_have_count(1)
        assert axe_findings(page) == []


def test_nothing_sticks_out_at_360_pixels(chromium: Browser, live: Served) -> None:
    with browsing(chromium, live, viewport={"width": 360, "height": 740}) as context:
        page = let_in(context, live, "/guide")
        expect(page.locator("#group option")).to_have_count(1)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="Börja").click()
        expect(question(page, "lage")).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
