"""How quick the page is: server start, a long interview readable, a decision on screen, and the list of interviews.

    python bench/page.py [--again N] [--only NAME …]

Everything is invented text in a study of its own, in headless Chromium over the real server in a process of its own.
A decision is timed from the key that makes it (its own time stamp) until the next frame has been drawn. Authors of
other pages add a function to MEASURES: it gets a Bench and returns figures in milliseconds by name.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from intervjukit.core.coding import Suggestion
from intervjukit.core.placing import place_quote
from intervjukit.core.transcript import SEPARATOR, Transcript, Turn
from intervjukit.storage.store import Store
from intervjukit.study import Study

REPO = Path(__file__).parents[1]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WORDS = (
    "jag väntade på vården och chefen ringde aldrig men sedan kom planen med möten varje vecka så då gick det bättre "
    "tyvärr tog det för lång tid innan läkaren skrev intyget 👍🏽 hade velat att kassan hörde av sig tidigare"
).split()
CODES = ("vantetider", "samverkan", "ansvar", "natverksmoten", "rehabplan", "bemotande")
VALENCES = ("flaskhals", "framgang", "onskan")
PARTIES = ("vard", "arbetsgivare", "forsakringskassa", "samverkan")

TIMED = """() => {
  window.took = [];
  document.addEventListener('keydown', (event) => {
    const begun = event.timeStamp;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.took.push(performance.now() - begun);
      channel.port2.postMessage(0);
    });
  }, true);
}"""
"""Notes for every key how long it took until a frame was drawn after it."""


# --- a study of invented text -----------------------------------------------------------------------


def invented(chance: random.Random, respondent: str, words: int) -> Transcript:
    """Return an interview of about so many words: questions of the guide and answers of 20 to 120 words."""
    turns: list[Turn] = []
    parts: list[str] = []
    at = seq = 0
    while words > 0:
        for role, label in (("interviewer", "I"), ("respondent", "R")):
            many = chance.randint(6, 14) if role == "interviewer" else chance.randint(20, 120)
            said = _sentences(chance, many) + ("?" if role == "interviewer" else "")
            seq += 1
            question = f"fraga_{seq}" if role == "interviewer" else None
            turns.append(Turn(seq, role, label, at, at + len(said), question))  # type: ignore[arg-type]
            parts.append(said)
            at += len(said) + len(SEPARATOR)
            words -= many
    return Transcript(respondent, "sjukskrivna", SEPARATOR.join(parts), tuple(turns))


def _sentences(chance: random.Random, words: int) -> str:
    told: list[str] = []
    while words > 0:
        few = min(words, chance.randint(5, 16))
        told.append(" ".join(chance.choice(WORDS) for _ in range(few)).capitalize())
        words -= few
    return ". ".join(told) + "."


def fill(folder: Path, respondent: str, words: int, marks: int) -> None:
    """Add an interview of so many words and marks, two of three of them codings and the others suggestions."""
    chance = random.Random(words + marks)
    transcript = invented(chance, respondent, words)
    store = Store.open(folder / "study.db")
    store.interviews.add("bench", transcript, f"{respondent}-{words}-{marks}")
    transcript = store.interviews.all(respondent=respondent)[0]
    answers = list(transcript.answers())
    proposals: list[Suggestion] = [*store.suggestions(status="open")]
    with store.decide("MK", "code", "bench") as decision:
        for number in range(marks):
            turn = chance.choice(answers)
            start = turn.start + chance.randrange(max(1, turn.end - turn.start - 30))
            span = (start, min(turn.end, start + chance.randint(25, 160)))
            facets = {"valence": chance.choice(VALENCES), "party": chance.choice(PARTIES)}
            quote, code = transcript.text[span[0] : span[1]], chance.choice(CODES)
            if not any(sign.isalnum() for sign in quote):
                continue
            if number % 3:
                place = place_quote(transcript, quote, span)
                store.insert_coding(decision, replace(place, code=code, facets=facets, coder="MK"))
            else:
                proposals.append(
                    Suggestion(*span, quote, code, facets, 0.7, "liknar", "bench", "1", transcript.id, respondent)
                )
    store.replace_suggestions("bench", proposals)
    store.close()


def small_study(folder: Path) -> None:
    """Make the study all measures begin from."""
    with Study.create(folder, protocols="halsoflodet", codebook="halsoflodet", name="Prov av fart"):
        pass


_WARM = """async () => {
  for (let quick = 0, ends = performance.now() + 60000; quick < 40 && performance.now() < ends;) {
    const begun = performance.now();
    await fetch('/api/start');
    quick = performance.now() - begun < 40 ? quick + 1 : 0;
    await new Promise((done) => { setTimeout(done, 50); });
  }
}"""
"""Asks until the server has answered at once for two seconds."""


# --- the server and the browser ----------------------------------------------------------------------


@dataclass
class Bench:
    """What a measure has: a browser, a folder with an empty study to copy, and how often to do it again."""

    browser: Browser
    original: Path
    scratch: Path
    again: int

    def study(self, name: str) -> Path:
        """Return the folder of an empty study of its own."""
        return Path(shutil.copytree(self.original, self.scratch / name))

    @contextmanager
    def serving(self, folder: Path) -> Iterator[str]:
        """Serve a study in a process of its own; gives the address that lets a browser in."""
        environment = {**os.environ, "PYTHONPATH": str(REPO / "src"), "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "intervjukit", "serve", str(folder), "--coder", "MK", "--no-browser"]
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, encoding="utf-8", env=environment
        )
        try:
            assert server.stdout is not None
            yield next(line.strip() for line in server.stdout if "?token=" in line)
        finally:
            server.terminate()
            server.communicate()

    @contextmanager
    def context(self, address: str) -> Iterator[tuple[BrowserContext, str]]:
        """Give a browser context that has been let in, and the origin."""
        context = self.browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(address)
        page.evaluate(_WARM)  # the server loads what later pages need; it is not what is measured here
        page.close()
        try:
            yield context, address.partition("/?")[0]
        finally:
            context.close()


def keyed(page: Page, key: str) -> float:
    """Press a key and return how many milliseconds it took until a frame was drawn after it."""
    before = page.evaluate("() => window.took.length")
    page.keyboard.press(key)
    page.wait_for_function("before => window.took.length > before", arg=before)
    return float(page.evaluate("() => window.took.at(-1)"))


# --- measures -----------------------------------------------------------------------------------------


def start(bench: Bench) -> dict[str, list[float]]:
    """The command until the first page is usable."""
    folder, took, whole = bench.study("start"), [], []
    fill(folder, "S01", 5_000, 300)
    for _ in range(bench.again):
        begun = time.perf_counter()
        with bench.serving(folder) as address:
            page = bench.browser.new_page()
            page.goto(address)
            page.locator("#next li").first.wait_for()
            took.append((time.perf_counter() - begun) * 1000)
            page.locator("#glance tbody tr").first.wait_for()
            whole.append((time.perf_counter() - begun) * 1000)
            page.context.close()
    return {"server start to usable page": took, "server start to the table of groups": whole}


def interviews(bench: Bench) -> dict[str, list[float]]:
    """A list of 100 interviews of 10,000 words each: shown, and narrowed by what is written."""
    folder, shown, narrowed = bench.study("list"), [], []
    chance = random.Random(1)
    store = Store.open(folder / "study.db")
    for number in range(100):
        store.interviews.add("bench", invented(chance, f"S{number:03}", 10_000), f"hash{number}")
    store.close()
    with bench.serving(folder) as address, bench.context(address) as (context, origin):
        for _ in range(bench.again):
            page = context.new_page()
            page.add_init_script(_WHEN.format("#list tbody tr"))
            page.goto(f"{origin}/intervjuer")
            shown.append(_when(page))
            page.evaluate(TIMED)
            page.locator("#find").focus()
            narrowed += [keyed(page, key) for key in ("S", "0", "9")]
            page.close()
    return {"list of 100 interviews shown": shown, "list narrowed by a key": narrowed}


_WHEN = """
new MutationObserver((_, observer) => {{
  if (window.shownAt || !document.querySelector('{0}')) return;
  observer.disconnect();
  requestAnimationFrame(() => {{ const c = new MessageChannel();
    c.port1.onmessage = () => {{ window.shownAt = performance.now(); }}; c.port2.postMessage(0); }});
}}).observe(document, {{ childList: true, subtree: true }});
"""
"""Notes when a frame has been drawn with this on it, in milliseconds from the click that led to the page."""


def _when(page: Page) -> float:
    page.wait_for_function("() => window.shownAt")
    return float(page.evaluate("() => window.shownAt"))


def _transcript(bench: Bench, words: int, marks: int) -> dict[str, list[float]]:
    size = f"{words // 1000} 000 words, {marks} marks"
    folder = bench.study(f"transcript-{words}")
    fill(folder, "S01", words, marks)
    ready: list[float] = []
    drawn: list[float] = []
    whole: list[float] = []
    took: dict[str, list[float]] = {"coded": [], "accepted": [], "rejected": [], "undone": [], "palette open": []}
    with bench.serving(folder) as address, bench.context(address) as (context, origin):
        for again in range(bench.again):
            page = context.new_page()
            page.add_init_script(_WHEN.format("#turns .turn:last-child .said"))
            page.goto(f"{origin}/intervju/1")
            ready.append(_when(page))
            assert page.evaluate(_SEEN)
            page.wait_for_function("() => !document.querySelector('#turns[aria-busy]')", polling=1)
            whole.append(float(page.evaluate("() => performance.now()")))
            drawn.append(float(page.evaluate(_DRAWN)))
            assert page.locator("mark").count() > marks // 2
            page.evaluate(TIMED)
            _decisions(page, took, 7 if again < 3 else 2)
            page.close()
    shown = {f"{size}: readable": ready, f"{size}: first picture": drawn, f"{size}: every mark in place": whole}
    return {**shown, **{f"{size}: {name}": times for name, times in took.items()}}


_DRAWN = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
"""When the browser had put the first picture of the page on the screen; nothing is drawn before the interview is."""


_SEEN = """async () => {
  const rows = await fetch(`/api${location.pathname}`).then((answer) => answer.json());
  const places = [...rows.codings, ...rows.suggestions].map(({ start }) => start);
  const turns = [...document.querySelectorAll('.turn')];
  return turns.filter((turn) => !turn.hidden && turn.getBoundingClientRect().top < innerHeight).every((turn) => {
    const said = turn.querySelector('.said');
    const start = Number(said.dataset.start);
    const here = places.filter((place) => place >= start && place < start + [...said.textContent].length);
    const cards = turn.querySelectorAll(".card").length;
    return cards === here.length && Boolean(turn.querySelector("mark")) === cards > 0;
  });
}"""
"""Whether all that is coded and proposed in what is on the screen is shown; what is further down follows."""


def _decisions(page: Page, took: dict[str, list[float]], many: int) -> None:
    """Code, accept, reject and undo at places spread over the interview."""
    turns = page.locator(".respondent .said")
    for at in range(many):
        turns.nth((at * 13 + 5) % turns.count()).scroll_into_view_if_needed()
        page.locator("#turns").focus()
        for _ in range(2):
            page.keyboard.press("Control+ArrowDown")
        page.keyboard.press("s")
        took["palette open"].append(keyed(page, "Enter"))
        page.keyboard.type("vän")
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowRight")
        took["coded"].append(keyed(page, "Enter"))
        page.keyboard.press("j")
        took["accepted"].append(keyed(page, "g"))
        page.keyboard.press("j")
        took["rejected"].append(keyed(page, "x"))
        page.locator('#interview[data-pending="0"]').wait_for()
        took["undone"].append(_undone(page))


def _undone(page: Page) -> float:
    """Undo goes by way of the server: until what it took back is shown."""
    left = page.locator("#tally").inner_text()
    begun = time.perf_counter()
    page.keyboard.press("Control+z")
    page.wait_for_function("left => document.querySelector('#tally').textContent !== left", arg=left)
    return (time.perf_counter() - begun) * 1000


def long_interview(bench: Bench) -> dict[str, list[float]]:
    """10,000 words and 750 marks."""
    return _transcript(bench, 10_000, 750)


def longest_interview(bench: Bench) -> dict[str, list[float]]:
    """20,000 words and 1,500 marks."""
    return _transcript(bench, 20_000, 1_500)


def review(bench: Bench) -> dict[str, list[float]]:
    """The review queue over a long interview's suggestions: a decision until the next one is on the screen."""
    folder, took = bench.study("review"), []
    fill(folder, "S01", 10_000, 750)
    with bench.serving(folder) as address, bench.context(address) as (context, origin):
        for _ in range(bench.again):
            page = context.new_page()
            page.goto(f"{origin}/granska")
            page.locator("#card").wait_for()
            page.evaluate(TIMED)
            took += [keyed(page, key) for key in "xgxgxg"]
            page.close()
    return {"review: decided, next shown": took}


def cut(bench: Bench) -> dict[str, list[float]]:
    """A million signs with a thousand marks cut into segments."""
    script = """async () => {
      const { cut } = await import('/page/offsets.js');
      const text = 'ord 👍 '.repeat(150000);
      const marks = Array.from({ length: 1000 }, (_, n) => ({ start: n * 800, end: n * 800 + 500 }));
      const begun = performance.now();
      cut(text, 0, marks);
      return performance.now() - begun;
    }"""
    with bench.serving(bench.study("cut")) as address, bench.context(address) as (context, origin):
        page = context.new_page()
        page.goto(origin)
        return {"a million signs, 1 000 marks: cut": [float(page.evaluate(script)) for _ in range(bench.again)]}


MEASURES: dict[str, Callable[[Bench], dict[str, list[float]]]] = {
    "start": start,
    "list": interviews,
    "long": long_interview,
    "longest": longest_interview,
    "review": review,
    "cut": cut,
}


def main() -> None:
    """Measure and print a table: median, 95th percentile, how often."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--again", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=MEASURES, default=[*MEASURES])
    given = parser.parse_args()
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if as_root else [])]
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        original = Path(scratch) / "original"
        small_study(original)
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        bench = Bench(browser, original, Path(scratch), given.again)
        print(f"{'':58} {'median':>8} {'p95':>8}   n")
        for name in given.only:
            for what, times in MEASURES[name](bench).items():
                ordered = sorted(times)
                p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
                print(f"{what:58} {statistics.median(ordered):8.0f} {p95:8.0f}  {len(ordered):2}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
