"""The palette: found by beginning to write, moved in by arrows, taken by Enter, without faults for a screen reader."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

OPEN = """async () => {
  const { choose } = await import('/page/palette.js');
  const items = [['vantetider', 'Väntetider', 'Senast'], ['samverkan', 'Samverkan mellan parter', 'Samtliga'],
    ['egenansvar', 'Eget ansvar', 'Samtliga'], ['ansvar', 'Ansvar', 'Samtliga']]
    .map(([id, name, group]) => ({ id, name, group, detail: `Om ${name}` }));
  const facets = [{ id: 'valence', name: 'Slag', values: [{ id: 'flaskhals', name: 'flaskhals' }] }];
  window.chosen = choose('Välj kod', items, { facets });
}"""


def test_a_code_is_found_by_writing_and_taken_by_enter(page: Page, axe_findings: Callable[..., list[str]]) -> None:
    page.goto(page.url + "intervjuer")
    page.evaluate(OPEN)
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(4)
    assert [one for one in axe_findings(page) if "dialog" in one or "list" in one] == []
    page.keyboard.type("ansv")
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_text(["Ansvar", "Eget ansvar"])
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("dialog").get_by_role("option", selected=True)).to_have_text("Eget ansvar")
    expect(page.locator(".detail")).to_have_text("Om Eget ansvar")
    page.get_by_role("radio", name="flaskhals").check()
    page.keyboard.press("Enter")
    chosen = page.evaluate("() => window.chosen")
    assert (chosen["item"]["id"], chosen["facets"]) == ("egenansvar", {"valence": "flaskhals"})


def test_escape_chooses_nothing(page: Page) -> None:
    page.evaluate(OPEN)
    page.keyboard.press("Escape")
    assert page.evaluate("() => window.chosen") is None
