"""The SWOT and measures board: moved by mouse, keys and menu, saved by itself, and never over somebody else's words."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from browsing import Served, browsing, let_in, serving
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from starlette.testclient import TestClient

from intervjukit.study import Study

HOSTILE = "<img src=x onerror=alert(1)> \u202etxet\u202c"
HELP = ("framgang", "chefsstod", "arbetsgivare")
HINDER = ("flaskhals", "samverkan", "samverkan")


@pytest.fixture(scope="module")
def planned_original(small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study with two findings, five lines and a measure; only to be copied."""
    folder = Path(shutil.copytree(small_original, tmp_path_factory.mktemp("planned") / "study"))
    with Study.open(folder, coder="MK") as study:
        for respondent in ("S09", "C01"):
            turns = sorted(study.transcript(respondent).answers(), key=lambda turn: turn.start - turn.end)
            for turn, (valence, code, party) in zip(turns, (HELP, HINDER), strict=False):
                words = study.transcript(respondent).turn_text(turn)
                study.code(respondent, words, code, span=turn.span, valence=valence, party=party)
        for text in ("Ett", "Två", "Tre"):
            study.swot.add("styrka", text, [HELP])
        line = study.swot.add("svaghet", "Ingen håller ihop det", [HINDER])
        study.swot.add("hot", "Hotet", [HINDER])
        study.measures.add("Träffas varje månad", "samverkan", [line])
    return folder


@pytest.fixture
def folder(planned_original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planned_original, tmp_path / "study"))


@pytest.fixture
def client(folder: Path, page_of: Callable[..., AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    with page_of(folder) as browser:
        yield browser


@pytest.fixture
def here(folder: Path) -> Iterator[Served]:
    with serving(folder) as running:
        yield running


@pytest.fixture
def inside(chromium: Browser, here: Served) -> Iterator[BrowserContext]:
    with browsing(chromium, here, viewport={"width": 1280, "height": 900}) as made:
        yield made


@pytest.fixture
def swot(inside: BrowserContext, here: Served) -> Page:
    """The board."""
    page = let_in(inside, here, "/swot")
    page.locator(".line").first.wait_for()
    return page


def lines(page: Page, field: str) -> Locator:
    return page.locator(f"[data-field={field}] .lines textarea")


def expect_lines(page: Page, field: str, *texts: str) -> None:
    expect(lines(page, field)).to_have_count(len(texts))
    for place, text in enumerate(texts):
        expect(lines(page, field).nth(place)).to_have_value(text)


def grip(page: Page, text: str) -> Locator:
    return page.get_by_role("button", name=f"Flytta: {text}", exact=True)


def drag(page: Page, text: str, x: float, y: float) -> None:
    box = grip(page, text).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, y - 8, steps=4)
    page.mouse.move(x, y)


def saved(here: Served) -> list[tuple[str, str]]:
    with here.desk.reading("MK") as study:
        return [(item.field, item.text) for item in study.swot.items()]


# --- moving -----------------------------------------------------------------------------------------


def test_a_line_is_dragged_within_its_field_and_to_another(swot: Page, here: Served) -> None:
    first = lines(swot, "styrka").first.bounding_box()
    assert first
    drag(swot, "Tre", first["x"] + 40, first["y"] - 2)
    expect(swot.locator(".landing")).to_have_count(1)
    swot.mouse.up()
    expect_lines(swot, "styrka", "Tre", "Ett", "Två")
    goal = swot.locator("[data-field=hot] .lines").bounding_box()
    assert goal
    drag(swot, "Ett", goal["x"] + 60, goal["y"] + goal["height"] - 2)
    swot.mouse.up()
    expect_lines(swot, "hot", "Hotet", "Ett")
    expect(swot.locator("#says")).to_contain_text("”Ett” står nu i Hot, plats 2 av 2.")
    expect(swot.locator("dialog, .landing")).to_have_count(0)
    assert [text for field, text in saved(here) if field == "styrka"] == ["Tre", "Två"]
    swot.reload()
    expect_lines(swot, "styrka", "Tre", "Två")


def test_escape_lets_a_dragged_line_go_back(swot: Page, here: Served) -> None:
    goal = swot.locator("[data-field=hot] .lines").bounding_box()
    assert goal
    drag(swot, "Ett", goal["x"] + 60, goal["y"] + 10)
    swot.keyboard.press("Escape")
    swot.mouse.up()
    expect(swot.locator(".landing, .dragged")).to_have_count(0)
    expect_lines(swot, "styrka", "Ett", "Två", "Tre")
    assert len([1 for field, _ in saved(here) if field == "styrka"]) == 3


def test_a_line_is_moved_by_arrows_alone_and_undone(swot: Page) -> None:
    grip(swot, "Ett").focus()
    swot.keyboard.press("ArrowDown")
    expect_lines(swot, "styrka", "Två", "Ett", "Tre")
    expect(grip(swot, "Ett")).to_be_focused()
    swot.keyboard.press("ArrowRight")
    expect_lines(swot, "svaghet", "Ingen håller ihop det", "Ett")
    expect(grip(swot, "Ett")).to_be_focused()
    swot.keyboard.press("ArrowUp")
    expect_lines(swot, "svaghet", "Ett", "Ingen håller ihop det")
    swot.keyboard.press("ArrowUp")
    expect(swot.locator("#says")).to_contain_text("Längre går det inte åt det hållet.")
    for _ in range(3):
        swot.keyboard.press("Control+z")
        expect(swot.locator("#says")).to_contain_text("Ångrade: Flyttade ”Ett”")
        swot.locator("#says button").click()
    expect_lines(swot, "styrka", "Ett", "Två", "Tre")


def test_a_line_is_moved_by_a_menu_opened_with_enter_or_one_click(swot: Page) -> None:
    grip(swot, "Ett").focus()
    swot.keyboard.press("Enter")
    dialog = swot.get_by_role("dialog", name="Flytta raden")
    expect(dialog.get_by_role("button", name="Upp")).to_have_count(0)
    dialog.get_by_role("button", name="Till Möjligheter").press("Enter")
    expect_lines(swot, "mojlighet", "Ett")
    expect(grip(swot, "Ett")).to_be_focused()
    grip(swot, "Tre").click()
    dialog.get_by_role("button", name="Överst").click()
    expect_lines(swot, "styrka", "Tre", "Två")


def test_the_plain_list_moves_lines_with_a_choice_and_buttons(swot: Page) -> None:
    swot.get_by_role("button", name="Lista", exact=True).click()
    swot.get_by_role("button", name="Flytta ner: Ett").click()
    expect_lines(swot, "styrka", "Två", "Ett", "Tre")
    swot.get_by_label("Fält för: Ett").select_option("Hot")
    expect_lines(swot, "hot", "Hotet", "Ett")
    expect(swot.get_by_label("Fält för: Ett")).to_be_focused()
    swot.reload()
    expect(swot.locator("#fields")).to_have_class("as-list")


# --- wording ----------------------------------------------------------------------------------------


def test_words_are_saved_by_themselves_and_undone(swot: Page, here: Served) -> None:
    field = lines(swot, "styrka").first
    field.fill("Chefer som ringer")
    note = swot.locator("[data-field=styrka] .line").first.locator(".note")
    expect(note).to_have_text("Sparat")
    assert ("styrka", "Chefer som ringer") in saved(here)
    swot.locator("#main").focus()
    swot.keyboard.press("Control+z")
    expect(field).to_have_value("Ett")
    field.fill("   ")
    swot.locator("h1").click()
    expect(field).to_have_value("Ett")
    expect(note).to_contain_text("kan inte vara tom")


def test_two_tabs_never_overwrite_each_other(swot: Page, inside: BrowserContext, here: Served) -> None:
    other = inside.new_page()
    other.goto(here.origin + "/swot")
    other.locator(".line").first.wait_for()
    lines(swot, "styrka").first.focus()
    swot.keyboard.type("Mitt ")
    with here.desk.deciding("Anna") as study:
        study.swot.edit(study.swot.items()[0].id, text="Annas ord")
    swot.keyboard.press("Enter")
    note = swot.locator(".line").first.locator(".note")
    expect(note).to_contain_text("Anna har ändrat den här raden")
    expect(note).to_contain_text("Ditt val är inte sparat.")
    expect(note.locator("q")).to_have_text("Annas ord")
    assert saved(here)[0] == ("styrka", "Annas ord")
    note.get_by_role("button", name="Spara mitt").click()
    expect(note).to_have_text("Sparat")
    assert "Mitt" in saved(here)[0][1]
    other.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(lines(other, "styrka").first).to_have_value(saved(here)[0][1])


def test_news_do_not_disturb_somebody_writing(swot: Page, here: Served) -> None:
    lines(swot, "styrka").first.fill("Halvskriv")
    with here.desk.deciding("Anna") as study:
        study.swot.add("styrka", "Annas rad", [HELP])
    swot.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(lines(swot, "styrka")).to_have_count(4)
    expect(lines(swot, "styrka").first).to_have_value("Halvskriv")
    expect(lines(swot, "styrka").first).to_be_focused()


# --- what lines rest on -----------------------------------------------------------------------------


def test_a_line_is_added_from_a_finding_and_taken_away_again(swot: Page, here: Served) -> None:
    swot.get_by_role("button", name="Lägg till rad i Möjligheter").click()
    swot.keyboard.type("chef")
    swot.keyboard.press("Enter")
    expect(lines(swot, "mojlighet")).to_have_count(1)
    expect(lines(swot, "mojlighet").first).to_be_focused()
    swot.keyboard.type("Vår egen mening")
    swot.keyboard.press("Enter")
    expect(swot.locator("[data-field=mojlighet] .note")).to_have_text("Sparat")
    swot.get_by_role("button", name="Ta bort: Vår egen mening").click()
    expect(lines(swot, "mojlighet")).to_have_count(0)
    swot.get_by_role("button", name="Ångra").click()
    expect_lines(swot, "mojlighet", "Vår egen mening")


def test_a_line_opens_its_quotes_and_may_rest_on_more_findings(swot: Page, here: Served) -> None:
    swot.get_by_role("button", name="läs citaten bakom: Ett").click()
    expect(swot.get_by_role("dialog", name="Ett").locator(".quotes li")).to_have_count(2)
    swot.keyboard.press("Escape")
    swot.get_by_role("button", name="Ändra fynden bakom: Ett").click()
    swot.get_by_role("button", name="Lägg till fynd").click()
    swot.keyboard.press("Enter")
    dialog = swot.get_by_role("dialog", name="Fynden bakom raden")
    expect(dialog.locator(".cited li")).to_have_count(2)
    dialog.get_by_role("button", name="Spara").click()
    expect(swot.locator("#says")).to_contain_text("Fynden bakom raden är ändrade.")
    with here.desk.reading("MK") as study:
        assert set(study.swot.items()[0].cites) == {HELP, HINDER}


def test_a_draft_is_looked_at_before_anything_is_saved(chromium: Browser, folder: Path) -> None:
    with Study.open(folder, coder="MK") as study:
        for item in study.swot.items():
            study.swot.remove(item.id)
        study.measures.remove(study.measures.items()[0].id)
    with serving(folder) as here, browsing(chromium, here) as context:
        page = let_in(context, here, "/swot")
        page.get_by_role("button", name="Utkast ur fynden").click()
        dialog = page.get_by_role("dialog", name="Utkast ur fynden")
        expect(dialog.locator(".draft")).to_have_count(2)
        assert saved(here) == []
        dialog.locator(".draft input").first.uncheck()
        dialog.get_by_role("button", name="Lägg till 1 rad").click()
        expect(page.locator(".line")).to_have_count(1)
        assert [field for field, _ in saved(here)] == ["svaghet"]
        page.get_by_role("button", name="Utkast ur svagheterna").click()
        page.get_by_role("button", name="Lägg till 1 åtgärd").click()
        expect(page.locator(".measure")).to_have_count(1)
        expect(page.locator("#gaps")).to_contain_text("Inga luckor")


# --- measures and gaps ------------------------------------------------------------------------------


def test_a_measure_is_made_worded_dated_and_moved_to_another_party(swot: Page, here: Served) -> None:
    swot.get_by_role("button", name="Lägg till åtgärd …", exact=True).click()
    dialog = swot.get_by_role("dialog", name="Ny åtgärd")
    dialog.get_by_role("button", name="Lägg till").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Välj minst en rad")
    dialog.get_by_label("Vad ska göras?").fill("Ringa första veckan")
    dialog.get_by_label("Ansvarig").select_option("Arbetsgivaren")
    dialog.get_by_label("Hotet").check()
    dialog.get_by_role("button", name="Lägg till").click()
    card = swot.locator(".party", has_text="Arbetsgivaren").locator(".measure", has_text="Hotet")
    card.get_by_label("När").fill("våren 2027")
    card.get_by_label("Uppföljning").fill("Fråga igen")
    card.get_by_label("Uppföljning").blur()
    expect(card.locator(".part-follow_up .note")).to_have_text("Sparat")
    card.get_by_label("Ansvarig").select_option("Vården")
    moved = swot.locator("[data-party=vard] .measure")
    expect(moved).to_have_count(1)
    expect(moved.get_by_label("När")).to_have_value("våren 2027")
    with here.desk.reading("MK") as study:
        made = next(one for one in study.measures.items() if one.party == "vard")
        assert (made.text, made.due, made.follow_up) == ("Ringa första veckan", "våren 2027", "Fråga igen")


def test_gaps_are_shown_and_can_be_closed(swot: Page) -> None:
    gaps = swot.locator("#gaps")
    expect(gaps).to_contain_text("Inga luckor")
    swot.get_by_role("button", name="Ta bort: Träffas varje månad").click()
    expect(gaps).to_contain_text("Svagheter som ingen åtgärd svarar mot")
    gaps.get_by_role("button", name="Lägg till åtgärd … mot Ingen håller ihop det").click()
    dialog = swot.get_by_role("dialog", name="Ny åtgärd")
    expect(dialog.get_by_label("Ingen håller ihop det")).to_be_checked()
    dialog.get_by_label("Vad ska göras?").fill("Träffas")
    dialog.get_by_role("button", name="Lägg till").click()
    expect(gaps).to_contain_text("Inga luckor")
    swot.get_by_role("button", name="Ta bort: Ingen håller ihop det").click()
    swot.get_by_role("dialog").get_by_role("button", name="Ta bort").click()
    expect(gaps).to_contain_text("Åtgärder utan fynd bakom sig")


# --- beliefs, by the API ----------------------------------------------------------------------------


def believed(client: TestClient, number: int) -> dict[str, object]:
    row = next(item for item in client.get("/api/swot").json()["items"] if item["id"] == number)
    return {name: row[name] for name in ("field", "text", "cites")}


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("text", {"text": "Nytt"}),
        ("flytta", {"field": "hot", "before": 0, "order": [5]}),
        ("fynd", {"cites": ["|".join(HINDER)]}),
        ("ta-bort", {}),
    ],
)
def test_a_change_to_a_line_that_was_changed_or_is_gone_is_refused(
    client: TestClient, folder: Path, verb: str, data: dict[str, object]
) -> None:
    expected = believed(client, 1)
    path = f"/api/swot/rader/1/{verb}"
    with Study.open(folder, coder="Anna") as study:
        study.swot.edit(1, text="Annas ord")
    answer = client.post(path, json={**data, "expected": expected})
    assert answer.status_code == 409 and answer.json()["now"]["text"] == "Annas ord"
    assert answer.json()["problem"].startswith("Anna har ändrat den här raden")
    with Study.open(folder, coder="Anna") as study:
        study.swot.remove(1)
    answer = client.post(path, json={**data, "expected": expected})
    assert answer.status_code == 409 and answer.json()["now"] is None
    assert "Anna har tagit bort den här raden" in answer.json()["problem"]


@pytest.mark.parametrize(
    ("verb", "data"), [("andra", {"values": {"due": "x"}}), ("rader", {"cites": [1]}), ("ta-bort", {})]
)
def test_a_change_to_a_measure_that_was_changed_is_refused(
    client: TestClient, folder: Path, verb: str, data: dict[str, object]
) -> None:
    row = client.get("/api/swot").json()["measures"][0]
    expected = {name: row[name] for name in ("text", "party", "due", "follow_up", "cites")}
    with Study.open(folder, coder="Anna") as study:
        study.measures.edit(row["id"], due="2027")
    answer = client.post(f"/api/atgarder/{row['id']}/{verb}", json={**data, "expected": expected})
    assert answer.status_code == 409 and answer.json()["now"]["due"] == "2027"
    answer = client.post(f"/api/atgarder/{row['id']}/{verb}", json={**data, "expected": {**expected, "due": "2027"}})
    assert answer.status_code == 200


def test_a_move_in_an_order_that_is_no_more_is_refused(client: TestClient) -> None:
    data = {"field": "styrka", "before": 1, "order": [1, 3, 2], "expected": believed(client, 3)}
    answer = client.post("/api/swot/rader/3/flytta", json=data)
    assert answer.status_code == 409 and answer.json()["now"] == [1, 2, 3]
    moved = client.post("/api/swot/rader/3/flytta", json={**data, "order": [1, 2, 3]}).json()["board"]
    assert [item["id"] for item in moved["items"] if item["field"] == "styrka"] == [3, 1, 2]


def test_a_draft_that_is_no_longer_the_same_is_refused(client: TestClient) -> None:
    answer = client.post("/api/swot/utkast", json={"only": [0], "expected": ["flaskhals|ansvar|vard"]})
    assert answer.status_code == 409 and answer.json()["now"] == []
    answer = client.post("/api/atgarder/utkast", json={"only": [0], "expected": [{}]})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/api/swot/rader", {"field": "ufo", "cites": ["|".join(HELP)]}),
        ("/api/swot/rader", {"field": "hot", "cites": ["a|b|c"]}),
        ("/api/swot/rader", {"field": "hot", "cites": ["ab"]}),
        ("/api/swot/rader", {"field": "hot", "cites": [1]}),
        ("/api/atgarder", {"text": "", "party": "vard", "cites": [1]}),
        ("/api/atgarder", {"text": "x", "party": "ufo", "cites": [1]}),
        ("/api/atgarder", {"text": "x", "party": "vard", "cites": []}),
        ("/api/swot/rader/99999999999999999999999/ta-bort", {"expected": {}}),
    ],
)
def test_what_cannot_be_is_refused_in_swedish(client: TestClient, path: str, data: dict[str, object]) -> None:
    answer = client.post(path, json=data)
    assert answer.status_code in {404, 409, 422} and answer.json()["problem"]


# --- the projector ----------------------------------------------------------------------------------


def test_the_projector_shows_fields_by_arrows_and_nothing_to_edit(swot: Page, here: Served) -> None:
    swot.get_by_role("link", name="Projektor").click()
    heading = swot.get_by_role("heading", level=1)
    expect(heading).to_have_text("SWOT")
    expect(swot.locator(".quadrants section")).to_have_count(4)
    assert swot.locator("textarea, input, select").count() == 0
    swot.keyboard.press("ArrowRight")
    expect(heading).to_have_text("Styrkor")
    expect(swot.locator("#screen li bdi")).to_have_text(["Ett", "Två", "Tre"])
    assert swot.evaluate("() => parseFloat(getComputedStyle(document.querySelector('#screen li')).fontSize)") >= 48
    swot.keyboard.press("4")
    expect(heading).to_have_text("Hot")
    swot.keyboard.press("PageDown")
    expect(heading).to_have_text("Åtgärder: Mellan parterna")
    swot.keyboard.press("0")
    expect(heading).to_have_text("SWOT")
    dark = swot.evaluate("() => getComputedStyle(document.body).backgroundColor")
    swot.keyboard.press("m")
    assert swot.evaluate("() => getComputedStyle(document.body).backgroundColor") != dark
    with here.desk.deciding("Anna") as study:
        study.swot.add("hot", "Sagt på mötet", [HINDER])
    swot.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(swot.locator("#screen")).to_contain_text("Sagt på mötet")
    swot.keyboard.press("Escape")
    expect(heading).to_have_text("SWOT och åtgärder")


# --- hostile words, faults, narrow screens ----------------------------------------------------------


def test_hostile_words_are_shown_as_written(chromium: Browser, folder: Path) -> None:
    with Study.open(folder, coder="MK") as study:
        line = study.swot.add("svaghet", HOSTILE, [HINDER])
        study.measures.add(HOSTILE, "vard", [line], due=HOSTILE, follow_up=HOSTILE)
    with serving(folder) as here, browsing(chromium, here) as context:
        page = let_in(context, here, "/swot")
        page.on("dialog", lambda dialog: pytest.fail("a dialog"))
        expect(lines(page, "svaghet").last).to_have_value(HOSTILE)
        expect(page.locator("[data-party=vard]").get_by_label("När")).to_have_value(HOSTILE)
        page.goto(here.origin + "/swot/projektor?bild=2")
        expect(page.locator("#screen li bdi").last).to_have_text(HOSTILE)
        assert page.locator("main img, main script").count() == 0


def test_axe_finds_nothing(chromium: Browser, here: Served, axe_findings: Callable[..., list[str]]) -> None:
    with browsing(chromium, here) as context:
        page = let_in(context, here, "/swot")
        page.locator(".measure").wait_for()
        assert axe_findings(page) == []
        page.get_by_role("button", name="Lista", exact=True).click()
        assert axe_findings(page) == []
        for name in ("Flytta upp: Två", "Ändra fynden bakom: Ett", "Lägg till åtgärd …"):
            page.get_by_role("button", name=name, exact=True).click()
            assert axe_findings(page) == [], name
            page.keyboard.press("Escape")
        page.goto(here.origin + "/swot/projektor")
        for key in ("0", "2"):
            page.keyboard.press(key)
            page.locator("#screen li").first.wait_for()
            assert axe_findings(page) == [], key


@pytest.mark.parametrize("path", ["/swot", "/swot/projektor"])
def test_nothing_sticks_out_at_320_pixels(chromium: Browser, here: Served, path: str) -> None:
    with browsing(chromium, here, viewport={"width": 320, "height": 640}) as context:
        page = let_in(context, here, path)
        page.get_by_text("Ingen håller ihop det").or_(page.locator(".line")).first.wait_for()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
