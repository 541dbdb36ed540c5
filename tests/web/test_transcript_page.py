"""The transcript page: reading, selecting, coding by palette, overlaps, undo, two tabs, sudden ends, hostile words."""

from __future__ import annotations

import html
import http.cookiejar
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from browsing import Served, browsing, let_in, serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from intervjukit.core.coding import Coding
from intervjukit.core.transcript import Transcript, Turn
from intervjukit.study import Study

REPO = Path(__file__).parents[2]
NARROW = {"viewport": {"width": 360, "height": 720}}


@pytest.fixture
def folder(suggested_original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(suggested_original, tmp_path / "suggested"))


@pytest.fixture
def small(folder: Path) -> Iterator[Served]:
    with serving(folder) as running:
        yield running


@pytest.fixture
def tab(chromium: Browser, small: Served) -> Iterator[Page]:
    """The page of S09, with suggestions, let in as MK."""
    with browsing(chromium, small) as context:
        page = let_in(context, small, f"/intervju/{number(small, 'S09')}")
        expect(page.locator("#turns:not([aria-busy]) .turn").first).to_be_attached()
        yield page


@pytest.fixture
def client(folder: Path, page_of: Callable[..., AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    with page_of(folder) as browser:
        yield browser


def number(served: Served, respondent: str) -> int:
    with served.desk.reading("") as study:
        return next(row.id for row in study.material.interviews() if row.respondent == respondent)


def codings(served: Served, respondent: str = "S09") -> list[Coding]:
    with served.desk.reading("") as study:
        return study.material.codings(number(served, respondent))


def saved(page: Page, served: Served, many: int) -> list[Coding]:
    """Wait until the page has had answers to all its decisions, and return the codings, which are so many."""
    page.locator('#interview[data-pending="0"]').wait_for()
    found = codings(served)
    assert len(found) == many, found
    return found


def select(page: Page, words: str) -> None:
    """Select words of an answer with the mouse, when they have come to rest: pressed before the first, let go after."""
    box = page.evaluate(
        """async words => {
          const said = [...document.querySelectorAll('.respondent .said')].find(e => e.textContent.includes(words));
          said.scrollIntoView({block: 'center'});
          const from = said.textContent.indexOf(words), range = document.createRange();
          const walk = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
          let seen = 0;
          for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            if (from >= seen && from <= seen + node.length) range.setStart(node, from - seen);
            const to = from + words.length;
            if (to > seen && to <= seen + node.length) { range.setEnd(node, to - seen); break; }
            seen += node.length;
          }
          const place = () => {
            const all = [...range.getClientRects()], a = all[0], b = all.at(-1);
            return [a.left, a.top + a.height / 2, b.right, b.top + b.height / 2];
          };
          for (let still = 0, last = ''; still < 5;) {  // what is scrolled to for the first time moves
            await new Promise(requestAnimationFrame);
            still = String(place()) === last ? still + 1 : 0;
            last = String(place());
          }
          return place();
        }""",
        words,
    )
    page.mouse.move(box[0] + 0.5, box[1])
    page.mouse.down()
    page.mouse.move(box[2] - 0.5, box[3], steps=4)
    page.mouse.up()
    expect(page.locator("#code-here")).to_be_visible()
    assert page.evaluate("() => String(getSelection())") == words


def sentence(served: Served, respondent: str = "S09", at: int = 2) -> str:
    """The first sentence of an answer where that one is of some length."""
    with served.desk.reading("") as study:
        transcript = study.transcript(respondent)
        first = [re.split(r"(?<=[.!?])\s", transcript.turn_text(turn))[0] for turn in transcript.answers()]
    return [words for words in first if len(words.split()) > 5][at]


def choose(page: Page, beginning: str, *keys: str) -> None:
    """Choose a code in the palette by its beginning, then the facets by their keys."""
    expect(page.get_by_role("combobox", name="Kod")).to_be_focused()
    page.keyboard.type(beginning)
    page.keyboard.press("Enter")
    for key in (*keys, "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)


# --- reading ----------------------------------------------------------------------------------------


def test_the_guides_question_stands_above_each_answer(tab: Page, small: Served) -> None:
    with small.desk.reading("") as study:
        transcript = study.transcript("S09")
        guide = study.protocols[transcript.group]
        asked = [turn.question for turn in transcript.turns if turn.question]
    expected = [guide.question(one).text for one, before in zip(asked, [None, *asked], strict=False) if one != before]
    assert tab.locator(".asked h3").all_text_contents() == expected
    said = tab.locator(".respondent .said").all_text_contents()
    assert said == [transcript.turn_text(turn) for turn in transcript.answers()]


def test_suggestions_are_seen_as_proposals_and_put_away_by_a_key(tab: Page) -> None:
    cards = tab.locator(".card.suggestion")
    assert cards.count() > 3
    expect(cards.first).to_contain_text("Förslag")
    assert cards.first.evaluate("e => getComputedStyle(e).borderTopStyle") == "dashed"
    mark = tab.locator("mark.suggestion").first
    assert mark.evaluate("e => getComputedStyle(e).textDecorationStyle") == "dashed"
    tab.keyboard.press("f")
    expect(cards.first).to_be_hidden()
    assert mark.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"
    tab.keyboard.press("f")
    expect(cards.first).to_be_visible()


def test_a_place_in_the_address_is_shown_and_selected(chromium: Browser, small: Served) -> None:
    words = sentence(small, at=4)
    with small.desk.reading("") as study:
        start = study.transcript("S09").text.index(words)
    with browsing(chromium, small) as context:
        page = let_in(context, small, f"/intervju/{number(small, 'S09')}#p={start}-{start + len(words)}")
        page.wait_for_function("() => String(getSelection())")
        assert page.evaluate("() => String(getSelection())") == words
        top = page.evaluate("() => getSelection().getRangeAt(0).getBoundingClientRect().top")
        assert 60 < top < 720


# --- coding -----------------------------------------------------------------------------------------


def test_words_marked_with_the_mouse_are_coded(tab: Page, small: Served) -> None:
    words = sentence(small)
    select(tab, words)
    tab.locator("#code-here").click()
    choose(tab, "väntet", "f", "v")
    (coding,) = saved(tab, small, 1)
    assert (coding.quote, coding.code, coding.coder) == (words, "vantetider", "MK")
    assert (coding.valence, coding.party) == ("flaskhals", "vard")
    card = tab.locator(".card.coding")
    expect(card).to_contain_text("Väntetider")
    expect(card.locator(".valence")).to_have_text("Flaskhals")
    marked = tab.locator("mark[data-lane0]").all_text_contents()
    assert "".join(marked) == words


def test_all_of_it_is_done_by_keyboard_alone(tab: Page, small: Served) -> None:
    words = sentence(small, at=0)
    tab.locator("#turns").focus()
    while words[:20] not in tab.evaluate("() => getSelection().focusNode.textContent"):
        tab.keyboard.press("Control+ArrowDown")
    for _ in range(3):
        tab.keyboard.press("Shift+Control+ArrowRight")
    chosen = tab.evaluate("() => String(getSelection())")
    assert words.startswith(chosen) and len(chosen.split()) == 3
    tab.keyboard.press("Shift+ArrowLeft")
    assert tab.evaluate("() => String(getSelection())") == chosen[:-1]
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("s")
    assert tab.evaluate("() => String(getSelection())") == words
    tab.keyboard.press("Enter")
    choose(tab, "ansvar", "r")
    (coding,) = saved(tab, small, 1)
    assert (coding.quote, coding.code, coding.valence) == (words, "ansvar", "framgang")
    tab.keyboard.press(".")
    expect(tab.locator(".card.current")).to_contain_text("Ansvar")
    tab.keyboard.press("e")
    choose(tab, "samv", "f")
    (changed,) = saved(tab, small, 1)
    assert (changed.id, changed.code, changed.valence) == (coding.id, "samverkan", "flaskhals")
    tab.keyboard.press("Delete")
    saved(tab, small, 0)
    expect(tab.locator(".card.coding")).to_have_count(0)


def test_sentences_and_words_are_taken_one_by_one_and_given_back(tab: Page) -> None:
    tab.locator("#turns").focus()
    tab.keyboard.press("w")
    one = tab.evaluate("() => String(getSelection())")
    tab.keyboard.press("w")
    two = tab.evaluate("() => String(getSelection())")
    assert two.startswith(one) and len(two.split()) == 2
    tab.keyboard.press("W")
    assert tab.evaluate("() => String(getSelection())") == one
    tab.keyboard.press("s")
    whole = tab.evaluate("() => String(getSelection())")
    tab.keyboard.press("Escape")
    assert tab.evaluate("() => String(getSelection())") == ""
    assert whole.startswith(one)


def test_the_suggested_code_comes_first_with_its_facets(tab: Page, small: Served) -> None:
    tab.keyboard.press("j")
    card = tab.locator(".card.current")
    name = card.locator(".code").inner_text()
    tab.keyboard.press("e")
    dialog = tab.get_by_role("dialog", name="Godta med ändring")
    expect(dialog.get_by_role("option", selected=True)).to_contain_text(name)
    expect(dialog.locator(".detail")).to_contain_text("När inte")
    tab.keyboard.press("Control+Enter")
    (coding,) = saved(tab, small, 1)
    with small.desk.reading("") as study:
        suggestion = study.material.suggestion(coding.suggestion or 0)
        assert (suggestion.status, suggestion.code) == ("accepted", coding.code)
        assert dict(suggestion.facets) == dict(coding.facets)


def test_suggestions_are_accepted_and_rejected_by_single_keys(tab: Page, small: Served) -> None:
    before = tab.locator(".card.suggestion").count()
    tab.keyboard.press("j")
    tab.keyboard.press("g")
    expect(tab.locator(".card.suggestion")).to_have_count(before - 1)
    expect(tab.locator(".card.coding.current")).to_have_count(1)
    tab.keyboard.press("j")
    tab.keyboard.press("x")
    expect(tab.locator(".card.suggestion")).to_have_count(before - 2)
    saved(tab, small, 1)
    with small.desk.reading("") as study:
        assert len(study.material.suggestions(number(small, "S09"))) == before - 2


def test_a_coding_is_moved_to_what_is_marked(tab: Page, small: Served) -> None:
    words = sentence(small)
    select(tab, words)
    tab.keyboard.press("Enter")
    choose(tab, "ansvar")
    saved(tab, small, 1)
    tab.keyboard.press(".")
    tab.keyboard.press("m")
    assert tab.evaluate("() => String(getSelection())") == words
    tab.keyboard.press("W")
    shorter = tab.evaluate("() => String(getSelection())")
    tab.keyboard.press("m")
    (coding,) = saved(tab, small, 1)
    assert coding.quote == shorter and len(shorter) < len(words)
    assert "".join(tab.locator("mark[data-lane0]").all_text_contents()) == shorter


def test_a_card_stands_beside_the_line_it_is_about(chromium: Browser, small: Served) -> None:
    with small.desk.deciding("MK") as study:
        transcript = study.transcript("S09")
        turn = max(transcript.answers(), key=lambda one: one.end - one.start)
        words = re.split(r"(?<=[.!?])\s", transcript.turn_text(turn).strip())[-1]
        start = turn.start + transcript.turn_text(turn).rindex(words)
        study.code("S09", words, "samverkan", span=(start, start + len(words)))
    with browsing(chromium, small, viewport={"width": 1280, "height": 900}) as context:
        page = let_in(context, small, f"/intervju/{number(small, 'S09')}#p={start}-{start + len(words)}")
        page.locator(".card.current").wait_for()
        page.keyboard.press("f")  # the proposals take no room
        apart = """() => {
          const said = document.querySelector('mark.current').closest('.said').getBoundingClientRect();
          const mark = document.querySelector('mark.current').getClientRects()[0];
          return [mark.top - said.top, document.querySelector('.card.current').getBoundingClientRect().top - mark.top];
        }"""
        page.wait_for_function(f"() => Math.abs(({apart})()[1]) < 30")
        assert page.evaluate(apart)[0] > 60  # there was room to be wrong in


def test_the_definition_is_one_key_away(tab: Page) -> None:
    tab.keyboard.press("j")
    name = tab.locator(".card.current .code").inner_text()
    tab.keyboard.press("d")
    dialog = tab.get_by_role("dialog", name=name)
    for part in ("När", "När inte", "Exempel"):
        expect(dialog.get_by_role("heading", name=part, exact=True)).to_be_visible()


def test_several_answers_marked_at_once_are_coded_one_by_one(tab: Page, small: Served) -> None:
    tab.locator("#turns").focus()
    tab.keyboard.press("Control+ArrowDown")
    tab.keyboard.press("Shift+Control+ArrowDown")
    tab.keyboard.press("Shift+End")
    tab.keyboard.press("k")
    expect(tab.get_by_role("dialog")).to_contain_text("Koda 2 ställen")
    choose(tab, "ansvar")
    first, second = saved(tab, small, 2)
    assert first.end < second.start and first.code == second.code == "ansvar"


# --- overlaps ---------------------------------------------------------------------------------------

EMOJI = "Jag 👩‍👩‍👧‍👦 väntade e\u0301n lång 👍🏽 tid på 🇸🇪 vården och 𝒳 ingen ringde."


@pytest.fixture(scope="module")
def painted(chromium: Browser, small_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = Path(shutil.copytree(small_original, tmp_path_factory.mktemp("painted") / "small"))
    with serving(folder) as served, browsing(chromium, served) as context:
        yield let_in(context, served)


PAINT = """async ([text, marks]) => {
  const { Text, Names } = await import('/page/transcript-text.js');
  const { Items } = await import('/page/transcript-items.js');
  const root = document.querySelector('#main');
  const view = new Text(root, new Names({ facets: [], codes: [] }), () => []);
  const codings = marks.map(([start, end], i) => ({ id: i + 1, start, end, code: `k${i}`, facets: {}, coder: '' }));
  const data = { turns: [{ seq: 1, role: 'respondent', label: 'R', start: 7, text, question: '' }],
    codings, suggestions: [], memos: [], coder: '' };
  const items = new Items(1, data, { paint: (turn) => view.paint(turn), told: () => {} });
  view.build(items.turns, {});
  return [...root.querySelector('.said').childNodes].map((node) => [node.textContent,
    (node.dataset?.keys ?? '').split(' ').filter(Boolean).map((key) => items.byKey.get(key).id)]);
}"""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(EMOJI) - 1), st.integers(1, 30)), max_size=6))
def test_every_sign_is_under_exactly_the_codings_that_hold_it(painted: Page, drawn: list[tuple[int, int]]) -> None:
    spans = [(start, min(len(EMOJI), start + length)) for start, length in drawn]
    segments = painted.evaluate(PAINT, [EMOJI, [[start + 7, end + 7] for start, end in spans]])
    assert "".join(text for text, _ in segments) == EMOJI
    at = 0
    for text, ids in segments:
        for place in range(at, at + len(text)):
            assert sorted(ids) == [i + 1 for i, (start, end) in enumerate(spans) if start <= place < end]
        at += len(text)


def test_what_is_coded_is_shown_all_through_a_long_interview_and_at_once_where_one_arrives(
    chromium: Browser, folder: Path
) -> None:
    words = "Läkaren ringde aldrig trots att vi hade bestämt det."
    text = "\n\n".join(f"{line} {words} {words}" for line in range(100))
    turns, at = [], 0
    for place, part in enumerate(text.split("\n\n")):
        turns.append(Turn(place + 1, "respondent", "R", at, at + len(part)))
        at += len(part) + 2
    with Study.open(folder, coder="MK") as study:
        study._store.interviews.add("MK", Transcript("S77", "sjukskrivna", text, tuple(turns)), "lang")
        for turn in turns:
            study.code("S77", words, "ansvar", span=(turn.end - len(words), turn.end), valence="flaskhals")
    with serving(folder) as served, browsing(chromium, served) as context:
        far = turns[80]
        page = let_in(context, served, f"/intervju/{number(served, 'S77')}#p={far.end - len(words)}-{far.end}")
        expect(page.locator(".card.current")).to_be_in_viewport()
        expect(page.locator("mark.current")).to_have_text(words)
        expect(page.locator("#turns:not([aria-busy])")).to_be_attached()
        assert page.locator(".said").all_text_contents() == text.split("\n\n")
        assert page.locator("mark").all_text_contents() == [words] * 100
        assert page.locator(".card").count() == 100


def test_a_key_pressed_right_after_the_palette_is_heard_by_the_page(tab: Page, small: Served) -> None:
    select(tab, sentence(small))
    tab.keyboard.press("Enter")
    choose(tab, "ansvar")
    tab.keyboard.press("j")
    expect(tab.locator(".card.suggestion.current")).to_be_in_viewport()
    expect(tab.get_by_role("dialog")).to_have_count(0)
    saved(tab, small, 1)


def test_codings_over_one_another_have_a_line_each_and_a_click_goes_inwards_out(tab: Page, small: Served) -> None:
    words = sentence(small)
    inner = " ".join(words.split()[1:4])
    for part, code in ((words, "ansvar"), (inner, "samverkan")):
        select(tab, part)
        tab.keyboard.press("Enter")
        choose(tab, code, "f")
    both = tab.locator("mark[data-lane0][data-lane1]")
    assert "".join(both.all_text_contents()) == inner
    both.first.click()
    expect(tab.locator(".card.current")).to_contain_text("Samverkan")
    both.first.click()
    expect(tab.locator(".card.current")).not_to_contain_text("Samverkan")
    saved(tab, small, 2)


# --- undo, memos, several tabs ------------------------------------------------------------------------


def test_undo_and_redo_are_seen_at_once(tab: Page, small: Served) -> None:
    select(tab, sentence(small))
    tab.keyboard.press("Enter")
    choose(tab, "ansvar")
    tab.keyboard.press("Control+z")  # also when the coding is still on its way
    expect(tab.locator(".card.coding")).to_have_count(0)
    saved(tab, small, 0)
    tab.keyboard.press("Control+Shift+z")
    expect(tab.locator(".card.coding")).to_have_count(1)
    saved(tab, small, 1)


def test_remarks_on_a_coding_and_on_the_interview_are_kept(tab: Page, small: Served) -> None:
    tab.keyboard.press("j")
    tab.keyboard.press("g")
    tab.keyboard.press("a")
    tab.keyboard.type("Jämför med R04")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator(".card.current .memo")).to_contain_text("Jämför med R04")
    tab.keyboard.press("A")
    tab.keyboard.type("Trött i slutet")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator("#memo-list")).to_contain_text("Trött i slutet")
    tab.reload()
    expect(tab.locator("#memo-list")).to_contain_text("Trött i slutet")
    expect(tab.locator(".card.coding")).to_contain_text("1 anteckning")
    tab.get_by_role("button", name="Ändra").click()
    tab.get_by_label("Anteckning", exact=True).fill("")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator("#memos")).to_be_hidden()
    with small.desk.reading("") as study:
        assert [memo.text for memo in study.material.memos(number(small, "S09"))] == ["Jämför med R04"]


def test_two_tabs_never_write_over_one_another(chromium: Browser, small: Served) -> None:
    here = number(small, "S09")
    words = sentence(small)
    with small.desk.deciding("MK") as study:
        made = study.code("S09", words, "ansvar", valence="flaskhals")
    with browsing(chromium, small) as context:
        page = let_in(context, small, f"/intervju/{here}")
        expect(page.locator(".card.coding")).to_contain_text("Ansvar")
        page.route("**/api/since*", lambda route: route.abort())  # this tab has not heard of it yet
        page.keyboard.press(".")
        with small.desk.deciding("Anna") as study:
            study.change(made.id, code="samverkan")
        page.keyboard.press("e")
        choose(page, "väntet")
        expect(page.locator("#says")).to_contain_text("Anna har ändrat den här kodningen")
        expect(page.locator("#says")).to_contain_text("Ditt val är inte sparat.")
        expect(page.locator(".card.coding")).to_contain_text("Samverkan")
        with small.desk.deciding("Anna") as study:
            study.uncode(made.id)
        page.keyboard.press(".")
        page.keyboard.press("Delete")
        expect(page.locator("#says")).to_contain_text("Anna har tagit bort den här kodningen")
        expect(page.locator(".card.coding")).to_have_count(0)
    assert codings(small) == []


def test_what_another_coder_does_is_seen(tab: Page, small: Served) -> None:
    with Study.open(small.desk.folder, coder="Anna") as study:
        study.code("S09", sentence(small), "ansvar")
    tab.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(tab.locator(".card.coding .by")).to_have_text("Anna")
    expect(tab.locator("#says")).to_contain_text("Anna har ändrat i den här intervjun.")


def test_without_a_server_nothing_looks_saved(tab: Page, small: Served) -> None:
    tab.route("**/api/**", lambda route: route.abort())
    select(tab, sentence(small))
    tab.keyboard.press("Enter")
    choose(tab, "ansvar")
    expect(tab.locator("#says")).to_contain_text("Servern svarar inte")
    expect(tab.locator(".card.coding")).to_have_count(0)
    expect(tab.locator("mark[data-lane0]")).to_have_count(0)


# --- searching ----------------------------------------------------------------------------------------


def test_hits_in_the_interview_are_marked_and_stepped_through(tab: Page) -> None:
    tab.keyboard.press("/")
    tab.keyboard.type("det")
    expect(tab.locator("#hits")).to_have_text(re.compile(r"\d+ träffar"))
    total = int(tab.locator("#hits").inner_text().split()[0])
    assert tab.evaluate("() => CSS.highlights.get('search').size") == total
    tab.keyboard.press("Enter")
    expect(tab.locator("#hits")).to_have_text(f"1 av {total}")
    assert tab.evaluate("() => String([...CSS.highlights.get('search-here')][0]).toLowerCase()") == "det"
    tab.locator("#turns").focus()
    tab.keyboard.press("n")
    expect(tab.locator("#hits")).to_have_text(f"2 av {total}")
    tab.keyboard.press("N")
    tab.keyboard.press("N")
    expect(tab.locator("#hits")).to_have_text(f"{total} av {total}")
    assert tab.locator("#everywhere").get_attribute("href") == "/sok?q=det"


# --- refusals, sudden ends, hostile words -------------------------------------------------------------


def ask(client: TestClient, path: str, **data: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(path, json=data)
    return answer.status_code, answer.json()


def test_what_is_no_longer_so_is_refused_with_how_it_is(client: TestClient) -> None:
    data = client.get("/api/intervju/1").json()
    turn = next(turn for turn in data["turns"] if turn["role"] == "respondent")
    quote = turn["text"].split(".")[0]
    span = [turn["start"], turn["start"] + len(quote)]
    status, made = ask(
        client, "/api/intervju/1/koda", span=span, quote=quote, code="ansvar", facets={"valence": "onskan"}
    )
    assert status == 200 and made["facets"] == {"valence": "onskan"}
    believed = {key: made[key] for key in ("start", "end", "code", "facets")}
    path = f"/api/kodning/{made['id']}/andra"
    status, changed = ask(client, path, expected=believed, code="samverkan", facets={})
    assert status == 200 and (changed["code"], changed["facets"]) == ("samverkan", {})
    status, refused = ask(client, path, expected=believed, code="vantetider", facets={})
    assert status == 409 and refused["now"]["code"] == "samverkan"
    assert "Du har ändrat den här kodningen i ett annat fönster" in refused["problem"]
    suggestion = data["suggestions"][0]["id"]
    assert ask(client, f"/api/forslag/{suggestion}/avvisa")[0] == 200
    status, refused = ask(client, f"/api/forslag/{suggestion}/godta")
    assert status == 409 and "Du har avvisat det här förslaget" in refused["problem"]


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("/api/intervju/1/koda", {"span": [0, 5], "quote": "annat", "code": "ansvar"}, 422),
        ("/api/intervju/1/koda", {"span": [0], "quote": "x", "code": "ansvar"}, 422),
        ("/api/intervju/1/koda", {"span": [-5, 10**30], "quote": "x", "code": "ansvar"}, 422),
        ("/api/intervju/1/koda", {"quote": "x", "code": "ansvar", "facets": {"code": "x", "span": "1"}}, 422),
        ("/api/intervju/999/koda", {"span": [0, 5], "quote": "x", "code": "ansvar"}, 404),
        (f"/api/intervju/{10**30}/koda", {"span": [0, 5], "quote": "x", "code": "ansvar"}, 404),
        ("/api/kodning/999/andra", {"expected": {}, "code": "ansvar"}, 409),
        ("/api/forslag/99999/godta", {}, 409),
        ("/api/intervju/1/anteckning", {"text": "  "}, 422),
        ("/api/intervju/1/anteckning", {"text": "hej", "coding": 999}, 404),
        ("/api/intervju/1/anteckning/77", {"text": "hej", "expected": "ja"}, 409),
    ],
)
def test_what_cannot_be_is_refused_in_swedish(client: TestClient, path: str, data: dict[str, Any], status: int) -> None:
    answered, body = ask(client, path, **data)
    assert (answered, bool(body["problem"] and body["fix"])) == (status, True), body


def test_an_interview_that_does_not_exist_has_a_page_that_says_so(client: TestClient) -> None:
    for path in ("/intervju/999", f"/intervju/{10**30}"):
        answer = client.get(path)
        assert answer.status_code == 404 and "finns inte i studien" in answer.text


def test_a_server_killed_in_mid_work_has_kept_every_answered_decision(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPO / "src"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "intervjukit", "serve", str(folder), "--coder", "MK", "--no-browser"]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, encoding="utf-8", env=environment
    )
    try:
        assert server.stdout is not None
        address = next(line.strip() for line in server.stdout if "?token=" in line)
        origin = address.partition("/?")[0]
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
        opener.open(address).close()

        def post(path: str, data: object) -> Any:
            request = urllib.request.Request(origin + path, json.dumps(data).encode(), {"Origin": origin})
            with opener.open(request) as answer:
                return json.load(answer)

        with opener.open(f"{origin}/api/intervju/1") as answer:
            data = json.load(answer)
        made = [post(f"/api/forslag/{row['id']}/godta", {})["id"] for row in data["suggestions"][:4]]
        believed = {key: data["suggestions"][0][key] for key in ("start", "end", "code", "facets")}
        post(f"/api/kodning/{made[0]}/ta-bort", {"expected": believed})
    finally:
        server.kill()
        server.communicate()
    with Study.open(folder) as study:
        assert sorted(coding.id for coding in study.material.codings(1)) == sorted(made[1:])


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \u202etxet\u202c \u200bosynlig {{7*7}} שלום 👩‍👩‍👧‍👦."


def test_the_interview_comes_with_its_page_and_is_nothing_but_text_there(folder: Path, client: TestClient) -> None:
    text = HOSTILE + " </div><!-- &lt;b&gt; \x1b \u2028 ]]>"
    with Study.open(folder) as study:
        turn = Turn(1, "respondent", "</div>", 0, len(text))
        study._store.interviews.add("x", Transcript("S66", "sjukskrivna", text, (turn,)), "h")
        interview = study.transcript("S66").id
    parts = client.get(f"/intervju/{interview}").text.split('<div id="given" hidden>')
    given_with_it = parts[1].partition("<")[0]
    assert len(parts) == 2 and "alert(1)" not in parts[0]
    assert json.loads(html.unescape(given_with_it)) == client.get(f"/api/intervju/{interview}").json()


def test_hostile_words_are_shown_as_written_and_coded_exactly(chromium: Browser, folder: Path) -> None:
    line = "ord " * 250_000
    text = f"{HOSTILE}\n\n{line}"
    turns = (
        Turn(1, "respondent", "<b>R</b>", 0, len(HOSTILE)),
        Turn(2, "respondent", "R", len(HOSTILE) + 2, len(text)),
    )
    with serving(folder) as served:
        served.desk._study._store.interviews.add("x", Transcript("S66", "sjukskrivna", text, turns), "h")
        interview = number(served, "S66")
        with served.desk.deciding("<i>ond</i>") as study:
            study.code("S66", HOSTILE, "ansvar", span=(0, len(HOSTILE)))
            study.memos.add(HOSTILE, target="transcript", target_id=interview)
        with browsing(chromium, served) as context:
            page = let_in(context, served, f"/intervju/{interview}")
            page.on("dialog", lambda dialog: pytest.fail("a dialog"))
            said = page.locator(".said")
            expect(said.first).to_have_text(HOSTILE, use_inner_text=False)
            assert said.nth(1).evaluate("e => e.textContent.length") == len(line)
            assert page.locator("main script, main img, .who b, .by i").count() == 0
            expect(page.locator(".by")).to_have_text("<i>ond</i>")
            expect(page.locator("#memo-list")).to_contain_text("{{7*7}}")
            page.locator("#turns").focus()
            page.keyboard.press("s")
            page.keyboard.press("Enter")
            choose(page, "samv")
            page.locator('#interview[data-pending="0"]').wait_for()
            own = [coding for coding in codings(served, "S66") if coding.coder == "MK"]
            assert own and own[0].quote in HOSTILE


# --- for everybody ------------------------------------------------------------------------------------


def test_axe_finds_nothing(chromium: Browser, small: Served, axe_findings: Callable[..., list[str]]) -> None:
    words = sentence(small)
    with small.desk.deciding("Anna") as study:
        for valence in ("flaskhals", "framgang", "onskan"):
            study.code("S09", words, "ansvar", valence=valence, party="vard")
    with browsing(chromium, small) as context:
        page = let_in(context, small, f"/intervju/{number(small, 'S09')}")
        expect(page.locator(".card").first).to_be_attached()
        page.keyboard.press("j")
        expect(page.locator(".card.current")).to_be_visible()
        assert axe_findings(page) == []
        page.keyboard.press("e")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert axe_findings(page) == []


def test_nothing_sticks_out_on_a_narrow_screen(chromium: Browser, small: Served) -> None:
    with browsing(chromium, small, **NARROW) as context:
        page = let_in(context, small, f"/intervju/{number(small, 'S09')}")
        expect(page.locator(".card").first).to_be_attached()
        page.keyboard.press("j")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
        page.keyboard.press("e")
        box = page.get_by_role("dialog").bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360
