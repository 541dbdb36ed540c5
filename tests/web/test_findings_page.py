"""The findings board: numbers that are counted right, opened by mouse and by keys, down to the quotes."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from browsing import Served, browsing, let_in, serving
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from intervjukit.study import Study

HOSTILE = "<img src=x onerror=alert(1)> \u202etxet\u202c =1+1"


@pytest.fixture(scope="module")
def board(
    full_original: Path,
    tmp_path_factory: pytest.TempPathFactory,
    page_of: Callable[..., AbstractContextManager[TestClient]],
) -> Iterator[TestClient]:
    """What the page asks, over the whole example study."""
    folder = shutil.copytree(full_original, tmp_path_factory.mktemp("findings") / "full")
    with page_of(folder) as browser:
        yield browser


@pytest.fixture
def fynd(page: Page, served: Served) -> Page:
    """The findings board of the whole example study."""
    page.goto(served.origin + "/fynd")
    page.locator(".numbers").wait_for()
    return page


def coded(folder: Path, quote: str = "") -> None:
    """Code an answer of S09 and one of C01 as the same bottleneck."""
    with Study.open(folder, coder="MK") as study:
        for respondent in ("S09", "C01"):
            interview = study.transcript(respondent)
            turn = max(interview.answers(), key=lambda turn: turn.end - turn.start)
            study.code(
                respondent, quote or interview.turn_text(turn), "samverkan", valence="flaskhals", party="samverkan"
            )


# --- counting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", [(), ("chefer",), ("chefer", "lakare")])
@pytest.mark.parametrize("valence", ["flaskhals", "framgang", "onskan"])
def test_the_numbers_are_the_studys_own(board: TestClient, full_study: Study, valence: str, groups: tuple) -> None:
    found = board.get("/api/fynd", params={"slag": valence, "grupper": ",".join(groups)}).json()
    frame = full_study.findings(valence=valence)
    if groups:
        frame = frame[frame["group"].isin(groups)]
    summed = frame.groupby(["code", "party"])["n"].sum().to_dict()  # a respondent is in one group only
    assert {(cell["code"], cell["column"]): cell["n"] for cell in found["by_party"]} == summed
    people = sum(n for group, n in full_study.material.people().items() if not groups or group in groups)
    assert found["people"] == people and {cell["total"] for cell in found["by_code"]} == {people}
    for cell in found["by_code"]:
        who = set().union(*frame[frame["code"] == cell["code"]]["respondents"])
        assert cell["n"] == len(who)
    for cell in found["by_code"][:3]:
        who = set().union(*frame[frame["code"] == cell["code"]]["respondents"])
        quotes = board.get(
            "/api/fynd/citat", params={"fynd": f"{valence}|{cell['code']}|*", "grupper": ",".join(groups)}
        ).json()
        assert quotes["said"] == cell["said"]
        assert {one["respondent"] for one in quotes["quotes"]} == who


def test_quotes_stand_where_they_say_and_answer_a_question(board: TestClient, full_study: Study) -> None:
    found = board.get("/api/fynd/citat", params={"fynd": "flaskhals|vantetider|vard"}).json()
    assert found["n"] == sum(group["n"] for group in found["groups"]) > 10
    for one in found["quotes"]:
        assert full_study.material.transcript(one["interview"]).text[one["start"] : one["end"]] == one["quote"]
    questions = {q.text for guide in full_study.protocols.values() for q in guide.questions()}
    assert {one["question"] for one in found["quotes"]} - {""} <= questions
    assert sum(bool(one["question"]) for one in found["quotes"]) > len(found["quotes"]) / 2


def test_each_side_of_a_contrast_opens_as_many_as_it_says(board: TestClient) -> None:
    kinds = board.get("/api/fynd", params={"slag": "flaskhals"}).json()["contrasts"]
    sides = [side for kind in kinds for row in kind["rows"] for side in row["sides"]]
    assert len(sides) > 20 and all(kind["rows"] for kind in kinds[:2])
    opened: dict[tuple[str, str], int] = {}  # many sides open the same quotes
    for side in sides:
        finding, group = place = side["finding"], side["group"]
        if place not in opened:
            opened[place] = board.get("/api/fynd/citat", params={"fynd": finding, "grupper": group}).json()["said"]
        assert opened[place] == side["said"], side


@pytest.mark.parametrize(
    "address",
    [
        "/api/fynd",
        "/api/fynd?slag=ufo",
        "/api/fynd?slag=flaskhals&grupper=ufo",
        "/api/fynd/citat",
        "/api/fynd/citat?fynd=a|b",
    ],
)
def test_what_there_is_not_is_refused_in_swedish(board: TestClient, address: str) -> None:
    answer = board.get(address)
    assert answer.status_code == 404 and answer.json()["problem"]


# --- the grid ---------------------------------------------------------------------------------------


def test_a_number_is_opened_by_keys_alone_and_the_place_is_kept(fynd: Page) -> None:
    fynd.locator("[name=slag]").first.focus()
    for _ in range(40):
        fynd.keyboard.press("Tab")
        if fynd.evaluate("() => document.activeElement.closest('table') !== null"):
            break
    expect(fynd.locator(".numbers tbody tr").first.locator("button").first).to_be_focused()
    fynd.keyboard.press("ArrowDown")
    fynd.keyboard.press("End")
    assert fynd.evaluate("() => document.activeElement.cellIndex") == fynd.locator(".numbers thead th").count() - 1
    fynd.keyboard.press("Control+Home")
    expect(fynd.locator(".numbers .corner button")).to_be_focused()
    fynd.keyboard.press("ArrowDown")
    fynd.keyboard.press("ArrowRight")
    cell = fynd.locator(".numbers tbody tr").first.locator("td button").first
    expect(cell).to_be_focused()
    expect(cell).to_have_accessible_name("Väntetider: majoriteten, 24 av 33")
    fynd.keyboard.press("Enter")
    dialog = fynd.get_by_role("dialog", name="Flaskhals: Väntetider")
    expect(dialog).to_contain_text("Majoriteten, 24 av 33")
    link = dialog.locator(".quotes a").first
    assert "/intervju/" in str(link.get_attribute("href")) and "#p=" in str(link.get_attribute("href"))
    fynd.keyboard.press("Escape")
    expect(cell).to_be_focused()
    assert fynd.locator(".numbers [tabindex='0']").count() == 1


def test_the_grid_is_a_table_with_heads(fynd: Page) -> None:
    grid = fynd.get_by_role("grid", name="Flaskhalsar per tema och part")
    expect(grid.get_by_role("columnheader")).to_have_count(fynd.locator(".numbers thead th").count())
    expect(grid.get_by_role("rowheader").first).to_have_text("Väntetider")
    expect(grid.locator("thead [aria-sort=descending]")).to_contain_text("Antal")


def test_rows_are_sorted_and_empty_ones_hidden_until_asked_for(fynd: Page) -> None:
    rows = fynd.locator(".numbers tbody th")
    fynd.get_by_label("Sjukgymnaster").check()
    expect(fynd.locator("#part")).to_contain_text("Antal av 1 intervjuad")
    assert 0 < rows.count() < 31
    fynd.get_by_label("Visa även tomma rader").check()
    expect(rows).to_have_count(31)
    fynd.get_by_label("Alla", exact=True).check()
    expect(fynd.locator("#part")).to_contain_text("Antal av 33 intervjuade")
    fynd.get_by_label("Ordning").select_option("tree")
    expect(rows.first).to_have_text("Samverkan")
    fynd.locator(".numbers thead").get_by_role("button", name="Vården").click()
    column = fynd.locator(".numbers thead th[aria-sort=descending]").evaluate("(th) => th.cellIndex")
    numbers = fynd.locator(".numbers tbody tr").evaluate_all(
        "(rows, column) => rows.map((row) => Number(row.cells[column].textContent) || 0)", column
    )
    assert numbers == sorted(numbers, reverse=True) and numbers[0] > 10
    expect(fynd.get_by_label("Ordning")).to_have_value("c-vard")


def test_groups_narrow_every_number_and_the_address_keeps_it(fynd: Page) -> None:
    fynd.get_by_label("Chefer").check()
    expect(fynd.locator("#part")).to_contain_text("Antal av 8 intervjuade")
    fynd.get_by_label("Önskningar").check()
    expect(fynd.get_by_role("grid")).to_have_accessible_name("Önskningar per tema och part")
    fynd.reload()
    expect(fynd.get_by_role("grid")).to_have_accessible_name("Önskningar per tema och part")
    expect(fynd.get_by_label("Chefer")).to_be_checked()
    fynd.get_by_label("Sjukgymnaster").check()
    expect(fynd.locator("#note")).to_contain_text("Färre än tre har intervjuats i gruppen Sjukgymnaster")
    fynd.get_by_label("Alla", exact=True).check()
    expect(fynd.locator("#part")).to_contain_text("Antal av 33 intervjuade")


def test_groups_may_stand_as_columns_each_with_its_own_number_of_people(fynd: Page) -> None:
    fynd.get_by_role("button", name="Per grupp").click()
    expect(fynd.locator(".numbers thead th", has_text="Sjukskrivna")).to_contain_text("av 9")
    cell = fynd.get_by_role("button", name="Väntetider, Sjukskrivna: ")
    said = str(cell.get_attribute("aria-label")).partition(": ")[2]
    assert said.endswith(" av 9")
    cell.click()
    expect(fynd.get_by_role("dialog").locator(".quotes-sum")).to_contain_text(said[1:])


def test_perspectives_frame_the_groups_own_party(fynd: Page) -> None:
    fynd.get_by_role("link", name="Vem säger vad om vem").click()
    own = fynd.get_by_role("button", name="Chefer om Arbetsgivaren (egen part)")
    expect(fynd.locator("td.own", has=own)).to_have_count(1)
    own.click()
    expect(fynd.get_by_role("dialog").locator(".quote-who").first).to_contain_text("Arbetsgivaren")


def test_contrasts_and_ranking_open_their_quotes(fynd: Page) -> None:
    fynd.keyboard.press("o")
    side = fynd.locator(".side").first
    name = side.get_attribute("aria-label")
    side.click()
    expect(fynd.get_by_role("dialog").locator(".quotes li").first).to_be_visible()
    assert name and ":" in name
    fynd.keyboard.press("Escape")
    fynd.keyboard.press("r")
    expect(fynd.locator(".ranking tbody tr").first).to_contain_text("Väntetider")
    fynd.locator(".ranking tbody button").first.click()
    expect(fynd.get_by_role("dialog")).to_contain_text("24 av 33")


def test_the_table_is_taken_along_as_csv_and_by_the_clipboard(fynd: Page, served: Served, tmp_path: Path) -> None:
    with fynd.expect_download() as download:
        fynd.get_by_role("button", name="Hämta CSV").click()
    file = tmp_path / "tabell.csv"
    download.value.save_as(file)
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][:2] == ["Tema", "Antal av 33"] and rows[1][:2] == ["Väntetider", "24"]
    assert rows[1][-1] == "majoriteten"
    fynd.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.origin)
    fynd.get_by_role("button", name="Kopiera").click()
    expect(fynd.locator("#says")).to_contain_text("Tabellen är kopierad")
    copied = fynd.evaluate("() => navigator.clipboard.readText()")
    assert copied.splitlines()[1].split("\t")[:2] == ["Väntetider", "24"]


def test_what_would_be_a_formula_is_text_in_the_csv(fynd: Page) -> None:
    made = fynd.evaluate(
        "async () => (await import('/page/csv.js')).csv([['=1+1', '-2', -2, 'a;b', 'säg \"hej\"', '@x']])"
    )
    assert made == '\'=1+1;\'-2;-2;"a;b";"säg ""hej""";\'@x'


# --- others, hostile words, every screen ----------------------------------------------------------------


def test_what_another_coder_does_is_counted_without_reading_the_page_again(
    chromium: Browser, small_folder: Path
) -> None:
    with serving(small_folder) as served, browsing(chromium, served) as context:
        page = let_in(context, served, "/fynd")
        expect(page.locator("#part")).to_contain_text("Inget är kodat så än")
        coded(small_folder)
        page.evaluate("() => window.dispatchEvent(new Event('focus'))")
        expect(page.locator(".numbers tbody tr")).to_have_count(1)
        expect(page.locator(".numbers td button").first).to_have_accessible_name("Samverkan: hälften, 2 av 4")


def test_hostile_words_are_shown_as_written(chromium: Browser, small_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "S30.txt"
    file.write_text(
        f"Intervju: S30\nDatum: 2026-03-02\n\nI: Vad tycker du?\n\nR: {HOSTILE} och mer\n", encoding="utf-8"
    )
    with Study.open(small_folder, coder="MK") as study:
        study.add_transcripts(file)
        study.code("S30", HOSTILE, "samverkan", valence="flaskhals", party="vard")
    with serving(small_folder) as served, browsing(chromium, served) as context:
        page = let_in(context, served, "/fynd")
        page.on("dialog", lambda dialog: pytest.fail("a dialog"))
        page.locator(".numbers td button").first.click()
        expect(page.locator(".quotes blockquote")).to_have_text(HOSTILE)
        assert page.locator("dialog img, dialog script").count() == 0


def test_axe_finds_nothing(chromium: Browser, small_folder: Path, axe_findings: Callable[..., list[str]]) -> None:
    coded(small_folder)
    with serving(small_folder) as served, browsing(chromium, served) as context:
        page = let_in(context, served, "/fynd")
        page.locator(".numbers").wait_for()
        for key in ("t", "v", "o", "r"):
            page.keyboard.press(key)
            page.locator("#part h2").wait_for()
            assert axe_findings(page) == [], key
        page.locator(".ranking button").first.click()
        page.locator("dialog .quotes").wait_for()
        assert axe_findings(page) == []


def test_nothing_sticks_out_at_320_pixels(chromium: Browser, served: Served) -> None:
    with browsing(chromium, served, viewport={"width": 320, "height": 640}) as context:
        page = let_in(context, served, "/fynd")
        page.locator(".numbers").wait_for()
        for key in ("t", "v", "o", "r"):
            page.keyboard.press(key)
            page.locator("#part h2").wait_for()
            assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, key
