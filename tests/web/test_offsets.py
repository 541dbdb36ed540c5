"""Offsets between a real browser and the study: what is selected is, in code points, exactly what is quoted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import Served, browsing, let_in
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from intervjukit.core.text import Span, check_span, normalise
from intervjukit.core.transcript import SEPARATOR

SIGNS = [
    *'aåäöé .,?!"”–',
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\u00a0",
    "👍",
    "👍🏽",
    "👩‍👩‍👧‍👦",
    "🇸🇪",
    "🇸🇪🇳🇴",
    "🏳️‍🌈",
    "1️⃣",
    "a\u0308",
    "e\u0301\u0323",
    "x\u0301\u0302\u0303",
    "\u0301",
    "\u200b",
    "\u200d",
    "\u202eabc\u202c",
    "שלום",
    "नमस्ते",
    "한국",
    "각",
    "𝒳",
    "\U0010fffd",
    "ord",
    "<b>&amp;",
]
texts = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=14).map("".join)

SELECT = """async ([first, second, base, marks, most]) => {
  const { selectedStretches, cut, rangeOf, Places } = await import('/page/offsets.js');
  const root = document.querySelector('#main');
  root.replaceChildren();
  const shown = [[first, 0], [second, base]].map(([text, start]) => {
    const element = document.createElement('p');
    element.dataset.start = start;
    for (const part of cut(text, start, marks)) {
      if (!part.marks.length) { element.append(part.text); continue; }
      const mark = document.createElement('mark');
      mark.textContent = part.text;
      element.append(mark);
    }
    root.append(element);
    return element;
  });
  const nodes = shown.flatMap((element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  });
  const places = nodes.flatMap((node) => Array.from({ length: node.length + 1 }, (_, at) => [node, at]));
  const step = Math.max(1, Math.floor(places.length / most));
  const selection = getSelection();
  const found = [];
  for (let i = 0; i < places.length; i += step) {
    for (let j = i + 1; j < places.length; j += step) {
      selection.setBaseAndExtent(...places[i], ...places[j]);
      const touched = selection.toString().trim();
      for (const { element, start, end, quote } of selectedStretches(root)) {
        const text = element.textContent;
        const edges = new Set([text.length, ...Array.from(new Intl.Segmenter('sv').segment(text), (one) => one.index)]);
        const own = Number(element.dataset.start);
        const here = new Places(text);
        found.push({ start, end, quote, again: rangeOf(element, start, end).toString(), touched: touched.length > 0,
          whole: edges.has(here.toOffset(start - own)) && edges.has(here.toOffset(end - own)) });
      }
    }
  }
  return { texts: shown.map((element) => element.textContent), found };
}"""


@pytest.fixture(scope="module")
def sheet(chromium: Browser, served: Served) -> Iterator[Page]:
    """A page of the server, to be filled with the text under test."""
    with browsing(chromium, served) as context:
        yield let_in(context, served, "/kodare")


@settings(max_examples=120, deadline=None)
@given(texts, texts, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=5))
def test_any_selection_reads_in_code_points_exactly_as_its_quote(
    sheet: Page, first: str, second: str, marks: list[tuple[int, int]]
) -> None:
    first, second = normalise(first), normalise(second)
    text = first + SEPARATOR + second
    base = len(first) + len(SEPARATOR)
    spans = [{"start": start, "end": start + length} for start, length in marks]
    seen = sheet.evaluate(SELECT, [first, second, base, spans, 14])
    assert seen["texts"] == [first, second]
    for one in seen["found"]:
        assert text[one["start"] : one["end"]] == one["quote"] == one["again"]
        assert one["quote"].strip() and one["whole"]
        if any(sign.isalnum() for sign in one["quote"]):
            check_span(text, Span(one["start"], one["end"]), one["quote"])


@settings(max_examples=150, deadline=None)
@given(texts)
def test_places_go_back_and_forth_between_utf_16_and_code_points(sheet: Page, text: str) -> None:
    text = normalise(text)
    script = """async (text) => {
      const { Places } = await import('/page/offsets.js');
      const places = new Places(text);
      const points = Array.from({ length: places.length + 1 }, (_, point) => point);
      return { length: places.length, offsets: points.map((point) => places.toOffset(point)),
        back: points.map((point) => places.toCodePoint(places.toOffset(point))) };
    }"""
    seen = sheet.evaluate(script, text)
    assert seen["length"] == len(text)
    assert seen["offsets"] == [len(text[:point].encode("utf-16-le")) // 2 for point in range(len(text) + 1)]
    assert seen["back"] == list(range(len(text) + 1))


def test_a_selection_inside_a_sign_takes_the_whole_of_it_and_no_blanks(sheet: Page) -> None:
    script = """async () => {
      const { snap } = await import('/page/offsets.js');
      const text = ' e\\u0301👩‍👩‍👧‍👦 ';
      return [snap(text, 0, 2), snap(text, 2, 5), snap(text, 4, 6), snap(text, 0, text.length), snap(text, 0, 1)];
    }"""
    whole = len(" e\u0301👩‍👩‍👧‍👦".encode("utf-16-le")) // 2
    accented, family, inside, everything, blank = sheet.evaluate(script)
    assert (accented, family, inside, everything) == ([1, 3], [1, whole], [3, whole], [1, whole])
    assert blank[0] == blank[1]


def test_a_million_signs_with_a_thousand_marks_are_cut_exactly(sheet: Page) -> None:
    script = """async () => {
      const { cut, Places } = await import('/page/offsets.js');
      const text = 'ord 👍 '.repeat(150000);
      const marks = Array.from({ length: 1000 }, (_, n) => ({ start: n * 800, end: n * 800 + 500 }));
      const parts = cut(text, 0, marks);
      return { same: parts.map((part) => part.text).join('') === text, n: parts.length };
    }"""
    seen = sheet.evaluate(script)
    assert seen["same"] and seen["n"] == 2000
