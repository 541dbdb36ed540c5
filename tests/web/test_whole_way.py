"""The whole way in one browser: an empty study, dropped files, coding, review, board, SWOT, measure, Word report."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from browsing import Served, browsing, let_in, serving
from docx import Document
from playwright.sync_api import Browser, Page, expect
from test_start import INTERVIEWS

from intervjukit.study import Study

FILES = ("S09.txt", "C01.docx", "L05.vtt")
HINDER = ("flaskhals", "samverkan", "vard")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    with Study.create(tmp_path / "study", protocols="halsoflodet", codebook="halsoflodet", name="Hela vägen"):
        return tmp_path / "study"


def drop(page: Page, *files: Path) -> None:
    """Drop files on the start page, as a browser does it: a DataTransfer that holds them."""
    dropped = [{"name": file.name, "data": base64.b64encode(file.read_bytes()).decode()} for file in files]
    page.evaluate(
        """files => {
          const transfer = new DataTransfer();
          for (const { name, data } of files) {
            transfer.items.add(new File([Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0))], name));
          }
          const box = document.querySelector('#drop');
          for (const kind of ['dragenter', 'dragover', 'drop']) {
            const event = new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
            if (box.dispatchEvent(event)) throw new Error(`${kind} was left to the browser`);
          }
        }""",
        dropped,
    )


def go(page: Page, name: str) -> None:
    """Go to a page by the navigation."""
    page.get_by_role("navigation", name="Sidor").get_by_role("link", name=name, exact=True).click()
    expect(page.locator(".navigation [aria-current=page]")).to_have_text(name)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def settle_all(page: Page) -> None:
    """Correct one doubt, accept the rest."""
    panels = page.locator(".doubts")
    expect(panels.first).to_be_visible()
    corrected = False
    while panels.count():
        panel, left = panels.first, panels.count()
        panel.locator("summary").click()
        choice = panel.locator("select")
        expect(panel.get_by_role("button", name=re.compile("^Godta")).first).to_be_visible()
        if not corrected and choice.count() and panel.locator(".doubt").count() > 1:
            choice.first.select_option(index=3)
            panel.get_by_role("button", name="Spara").click()
            expect(page.locator("#says")).to_contain_text("Avgjort.")
            expect(panel.get_by_role("button", name="Spara")).to_have_count(0)
            corrected = True
        panel.get_by_role("button", name=re.compile("^Godta")).first.click()
        expect(panels).to_have_count(left - 1)
    assert corrected


def code_by_keyboard(page: Page, respondent: str) -> str:
    """Code the first sentence of an interview from its place in the list, by keys alone, and return the quote."""
    go(page, "Intervjuer")
    page.get_by_role("link", name=respondent, exact=True).press("Enter")
    page.locator("#turns:not([aria-busy])").wait_for()
    page.locator("#turns").focus()
    for key in ("Control+ArrowDown", "Control+ArrowDown", "s"):
        page.keyboard.press(key)
    chosen = str(page.evaluate("() => String(getSelection())"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Kod")).to_be_focused()
    page.keyboard.type("samv")
    for key in ("Enter", "f", "v", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator('#interview[data-pending="0"]').wait_for()
    return chosen


def review(page: Page) -> None:
    """Accept one suggestion, change another and reject a third."""
    go(page, "Granska")
    expect(page.locator("mark.active")).to_be_visible()
    page.keyboard.press("g")
    expect(page.locator("#progress")).to_contain_text("1 av")
    page.keyboard.press("k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("sjukskrivningens")
    page.keyboard.press("Enter")
    expect(page.locator(".proposed")).to_have_text("Förslag, ändrat av dig")
    page.keyboard.press("g")
    expect(page.locator("#progress")).to_contain_text("2 av")
    page.keyboard.press("x")
    expect(page.locator("#progress")).to_contain_text("3 av")
    expect(page.locator("#undo")).to_have_attribute("title", re.compile("Avvis"))  # acknowledged by the server


def plan(page: Page) -> None:
    """Draft the SWOT, move a line by keyboard, and add a measure against it."""
    go(page, "SWOT")
    page.get_by_role("button", name="Utkast ur fynden").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile(r"Lägg till \d+ rad")).click()
    line = page.locator("[data-field=svaghet] .line")
    expect(line).to_have_count(1)
    line.locator(".grip").focus()
    for field in ("mojlighet", "hot"):
        page.keyboard.press("ArrowRight")
        expect(page.locator(f"[data-field={field}] .line")).to_have_count(1)
    page.get_by_role("button", name="Lägg till åtgärd …", exact=True).click()
    dialog = page.get_by_role("dialog", name="Ny åtgärd")
    dialog.get_by_label("Vad ska göras?").fill("Träffas varje månad")
    dialog.get_by_label("Ansvarig").select_option("Vården")
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="Lägg till").click()
    expect(page.locator("[data-party=vard] .measure")).to_have_count(1)


def report(page: Page, folder: Path) -> str:
    """Make the report, take it home and return its text, tables too."""
    go(page, "Rapport")
    page.get_by_role("button", name="Gör rapporten").click()
    link = page.get_by_role("link", name="Hämta rapporten")
    expect(link).to_be_focused(timeout=60_000)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "Hela vägen.docx"
    download.value.save_as(folder / "rapport.docx")
    document = Document(str(folder / "rapport.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def decided(served: Served) -> list[str]:
    with served.desk.reading("MK") as study:
        return sorted(one.status for one in study.material.suggestions(status=None) if one.status != "open")


def test_the_whole_way_from_dropped_files_to_the_word_report(chromium: Browser, empty: Path, tmp_path: Path) -> None:
    with (
        serving(empty, coder="") as served,
        browsing(chromium, served, viewport={"width": 1280, "height": 900}) as context,
    ):
        page = let_in(context, served)
        page.get_by_label("Dina initialer").fill("MK")
        page.keyboard.press("Enter")
        expect(page.locator("#next li").first).to_contain_text("Lägg till intervjuer")

        drop(page, *(INTERVIEWS / name for name in FILES))
        expect(page.locator("#became")).to_contain_text("3 intervjuer lästes in")
        settle_all(page)

        page.get_by_role("button", name="Låt programmet föreslå kodningar").click()
        expect(page.locator("#next")).to_contain_text(re.compile(r"Granska \d+ förslag"), timeout=300_000)

        quotes = [code_by_keyboard(page, respondent) for respondent in ("S09", "C01")]
        review(page)
        assert decided(served) == ["accepted", "changed", "rejected"]

        go(page, "Fynd")
        expect(page.get_by_role("grid").locator("tbody tr", has_text="Samverkan").first).to_be_visible()
        page.get_by_role("button", name=re.compile("^Samverkan, Vården: ")).click()
        for quote in quotes:
            expect(page.get_by_role("dialog")).to_contain_text(quote)
        page.keyboard.press("Escape")

        plan(page)
        text = report(page, tmp_path)
        assert "Träffas varje månad" in text and all(quote in text for quote in quotes)

    with Study.open(empty) as study:  # closed and opened anew, all of it is there
        assert {(c.quote, c.code, c.valence) for c in study.material.codings()} >= {
            (quote, HINDER[1], HINDER[0]) for quote in quotes
        }
        (line,) = study.swot.items()
        assert line.field == "hot" and line.cites == (HINDER,)
        assert [measure.cites for measure in study.measures.items()] == [(line.id,)]
