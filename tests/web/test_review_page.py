"""The review queue in a real browser: keys only, nothing lost, nobody overwritten, learning without jumping."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import Served, browsing, let_in, own, serving
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient
from test_start import interview, start_server

from intervjukit.core.coding import Suggestion
from intervjukit.study import Study

HOSTILE = "<img src=x onerror=alert(1)> \u202etxet\u202c \u200b{{7*7}} </mark><script>alert(1)</script>"
NARROW = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def folder(suggested_original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(suggested_original, tmp_path / "review"))


@pytest.fixture
def served_here(folder: Path) -> Iterator[Served]:
    with serving(folder) as running:
        yield running


@pytest.fixture
def client(folder: Path, page_of: Callable[..., AbstractContextManager[TestClient]]) -> Iterator[TestClient]:
    with page_of(folder) as browser:
        yield browser


def few(folder: Path, most: int) -> list[Suggestion]:
    """Leave only the likeliest suggestions, at places of their own, and return them."""
    with Study.open(folder) as study:
        made = sorted(study.material.suggestions(), key=lambda one: -one.score)
        places = {(one.transcript, one.start, one.end): one for one in reversed(made)}
        kept = sorted(places.values(), key=lambda one: -one.score)[:most]
        study._store.replace_suggestions("prov", [replace(one, id=0) for one in kept])
        return study.material.suggestions()


def card(page: Page, path: str = "/granska") -> Page:
    page.goto(re.sub(r"^(https?://[^/]+).*", r"\1", page.url) + path)
    expect(page.locator("#card, .empty").first).to_be_visible()
    return page


def settled(page: Page) -> None:
    """Wait until every decision is acknowledged: the server's undo is told of it."""
    page.evaluate(
        f"""async () => {{
          const {{ post }} = await {own("api")};
          await post('/api/granska/angra', {{ events: [] }});
        }}"""
    )


def statuses(served: Served) -> list[str]:
    with served.desk.reading("MK") as study:
        return sorted(one.status for one in study.material.suggestions(status=None))


def body(one: dict[str, object], **more: object) -> dict[str, object]:
    expected = {key: one[key] for key in ("transcript", "start", "end", "code")}
    return {"expected": expected, "code": one["code"], "facets": one["facets"], "tab": "t", "held": [], **more}


# --- by keys alone ----------------------------------------------------------------------------------


def test_a_whole_queue_is_decided_on_by_keys_alone(chromium: Browser, folder: Path) -> None:
    few(folder, 5)
    with serving(folder) as served, browsing(chromium, served) as context:
        page = card(let_in(context, served))
        expect(page.locator("#progress")).to_contain_text("0 av 5 avgjorda")
        expect(page.locator("mark.suggestion.active")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator("#progress")).to_contain_text("1 av 5 avgjorda")
        page.keyboard.press("x")
        page.keyboard.press("s")
        page.locator("[data-focus='valence:onskan']").click()
        page.keyboard.press("p")
        page.keyboard.press("8")
        page.keyboard.press("g")
        expect(page.locator("#progress")).to_contain_text("3 av 5 avgjorda")
        expect(page.locator("#progress")).to_contain_text("67 % godtagna, 1 ändrade")
        page.keyboard.press("g")
        page.keyboard.press("x")  # the one that was skipped comes back
        expect(page.get_by_role("heading", name="Alla förslag är avgjorda")).to_be_visible()
        settled(page)
        assert statuses(served) == ["accepted", "accepted", "changed", "rejected", "rejected"]
        with served.desk.reading("MK") as study:
            (number,) = [one.id for one in study.material.suggestions(status="changed")]
            (changed,) = [c for c in study.material.codings() if c.suggestion == number]
            assert (changed.valence, changed.facets["party"], changed.coder) == ("onskan", "samhalle", "MK")


def test_the_likeliest_other_codes_are_one_key_away(chromium: Browser, folder: Path) -> None:
    few(folder, 3)
    with serving(folder) as served, browsing(chromium, served) as context:
        page = card(let_in(context, served))
        with served.desk.reading("MK") as study:
            others = {one.start: [code for code, _ in one.others] for one in study.material.suggestions()}
        expect(page.locator(".others button")).to_have_count(2)
        page.keyboard.press("2")
        expect(page.locator("#progress")).to_contain_text("1 av 3 avgjorda")
        page.locator(".others button").nth(1).click()
        expect(page.locator("#progress")).to_contain_text("2 av 3 avgjorda")
        page.keyboard.press("1")
        expect(page.get_by_role("heading", name="Alla förslag är avgjorda")).to_be_visible()
        settled(page)
        assert statuses(served) == ["accepted", "changed", "changed"]
        with served.desk.reading("MK") as study:
            made = {coding.start: coding.code for coding in study.material.codings()}
        places = [others[start].index(code) for start, code in made.items() if code in others[start]]
        assert sorted(places) == [0, 1]


def test_the_code_is_changed_in_the_palette_and_the_place_by_words_and_sentences(
    chromium: Browser, folder: Path
) -> None:
    few(folder, 1)
    with serving(folder) as served, browsing(chromium, served) as context:
        page = card(let_in(context, served))
        mark = page.locator("mark.active")
        words = mark.inner_text().replace("[förslaget börjar]", "").replace("[förslaget slutar]", "").split()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press(".")
        page.keyboard.press("k")
        expect(page.get_by_role("dialog").get_by_role("option").first).to_contain_text("%")
        page.keyboard.type("sjukskrivningens")
        page.keyboard.press("Enter")
        expect(page.locator(".proposal .code")).to_have_text("Sjukskrivningens längd")
        expect(page.locator(".proposed")).to_have_text("Förslag, ändrat av dig")
        page.keyboard.press("d")
        expect(page.locator(".definition")).to_contain_text("När inte")
        page.keyboard.press("m")
        page.keyboard.type("Fråga Anna")
        page.keyboard.press("Control+Enter")
        page.keyboard.press("g")
        expect(page.locator(".empty")).to_be_visible()
        settled(page)
        with served.desk.reading("MK") as study:
            (made,) = study.material.codings()
            assert made.quote.split() == words[1:-1]
            assert made.code == "sjukskrivningslangd"
            assert study.material.transcript(made.transcript).text[made.start : made.end] == made.quote
            assert list(study.memos.table()["text"]) == ["Fråga Anna"]
        page.keyboard.press("z")  # takes back the coding and the remark on it
        expect(page.locator("#card")).to_be_visible()
        settled(page)
        with served.desk.reading("MK") as study:
            assert study.material.codings() == [] and len(study.memos.table()) == 0
        expect(page.locator(".proposal .code")).to_have_text("Sjukskrivningens längd")  # the work is not lost


def test_whole_sentences_are_taken_in_and_never_more_than_the_turn(chromium: Browser, folder: Path) -> None:
    (one,) = few(folder, 1)
    with serving(folder) as served, browsing(chromium, served) as context:
        page = card(let_in(context, served))
        for _ in range(60):
            page.keyboard.press("Shift+ArrowRight")
            page.keyboard.press(";")
        page.keyboard.press("g")
        expect(page.locator(".empty")).to_be_visible()
        settled(page)
        with served.desk.reading("MK") as study:
            (made,) = study.material.codings()
            transcript = study.material.transcript(one.transcript)
            turn = transcript.turn_at(one.start)
            assert turn is not None and made.quote == transcript.turn_text(turn).strip()


def test_one_key_narrows_the_place_to_each_of_its_clauses_in_turn(chromium: Browser, folder: Path) -> None:
    with Study.open(folder) as study:
        inside = ((one, study.material.clauses(one)) for one in study.material.suggestions())
        one, clauses = next((one, its) for one, its in inside if len(its) == 2)
        study._store.replace_suggestions("prov", [replace(one, id=0)])
        text = study.material.transcript(one.transcript).text
    assert text[one.start : one.end].split() == [word for its in clauses for word in text[slice(*its)].split()]
    with serving(folder) as served, browsing(chromium, served) as context:
        page = card(let_in(context, served))
        mark = page.locator("mark.active")
        for start, end in (*clauses, (one.start, one.end), clauses[0]):
            page.keyboard.press("b")
            expect(mark).to_have_text(f"[förslaget börjar] {text[start:end]} [förslaget slutar]")
        page.keyboard.press("g")
        expect(page.locator(".empty")).to_be_visible()
        settled(page)
        with served.desk.reading("MK") as study:
            (made,) = study.material.codings()
            assert (made.start, made.end) == clauses[0]


def test_undo_brings_the_latest_decision_back_by_key_and_by_button(chromium: Browser, served_here: Served) -> None:
    with browsing(chromium, served_here) as context:
        page = card(let_in(context, served_here))
        said = page.locator("mark.active").inner_text()
        for way in ("z", "Control+z"):
            page.keyboard.press("x")
            expect(page.locator("#progress")).to_contain_text("1 av")
            settled(page)
            expect(page.locator("#undo")).to_have_attribute("aria-disabled", "false")
            page.keyboard.press(way)
            expect(page.locator("#progress strong")).to_have_text("0")
            expect(page.locator("mark.active")).to_have_text(said)
        settled(page)
        assert set(statuses(served_here)) == {"open"}


def test_decisions_made_faster_than_the_server_answers_are_all_saved(chromium: Browser, served_here: Served) -> None:
    with browsing(chromium, served_here) as context:
        page = card(let_in(context, served_here))
        page.evaluate(
            """async () => {
              for (let i = 0; i < 12; i++) {
                const before = document.querySelector('#card');
                const options = { key: 'x', bubbles: true, cancelable: true };
                before.dispatchEvent(new KeyboardEvent('keydown', options));
                while (document.querySelector('#card') === before) await new Promise(requestAnimationFrame);
              }
            }"""
        )
        expect(page.locator("#progress")).to_contain_text("12 av")
        settled(page)
        assert statuses(served_here).count("rejected") == 12


def test_several_codes_on_a_place_and_several_places_in_a_turn_are_shown_together(
    chromium: Browser, folder: Path
) -> None:
    with Study.open(folder) as study:
        made = study.material.suggestions()
        one = made[0]
        study._store.replace_suggestions(
            "prov", [replace(one, id=0), replace(one, id=0, code="ekonomi", score=0.01, reason="Pengar.")]
        )
    with serving(folder) as served, browsing(chromium, served) as context:
        page = card(let_in(context, served))
        expect(page.locator(".together .one")).to_have_count(2)
        page.keyboard.press("ArrowDown")
        expect(page.locator(".proposal .code")).to_have_text("Ekonomi")
        page.keyboard.press("x")
        expect(page.locator(".together .one").nth(1)).to_contain_text("Avvisat")
        page.keyboard.press("g")
        expect(page.locator(".empty")).to_be_visible()
        settled(page)
        assert statuses(served) == ["accepted", "rejected"]


def test_the_selection_narrows_and_turn_by_turn_gathers_a_turn(chromium: Browser, served_here: Served) -> None:
    with served_here.desk.reading("MK") as study:
        rows = study.material.suggestions()
        person = next(row for row in study.material.interviews() if row.suggestions)
        here = [one for one in rows if one.transcript == person.id]
    with browsing(chromium, served_here) as context:
        page = card(let_in(context, served_here), f"/granska?interview={person.id}")
        expect(page.locator("#selected")).to_have_text(person.respondent)
        expect(page.locator("#progress")).to_contain_text(f"0 av {len(here)} avgjorda")
        page.locator("#selection summary").click()
        page.get_by_label("Visa", exact=True).select_option("turn")
        expect(page.locator("mark").first).to_be_visible()
        expect(page.locator(".where strong")).to_have_text(person.respondent)


# --- nothing is lost, nobody is overwritten ---------------------------------------------------------


def test_what_was_acknowledged_before_the_server_was_killed_is_there(folder: Path) -> None:
    server, ask = start_server(folder)
    try:
        rows = ask("/api/granska")["suggestions"]
        for place, one in enumerate(rows[:6]):
            assert ask(f"/api/granska/{one['id']}/{'avvisa' if place % 2 else 'godta'}", body(one))["events"]
    finally:
        server.kill()
        server.communicate()
    with Study.open(folder) as study:
        told = {one.id: one.status for one in study.material.suggestions(status=None)}
        assert [told[one["id"]] for one in rows[:6]] == ["accepted", "rejected"] * 3
        assert len(study.material.codings()) == 3


def test_two_tabs_never_overwrite_each_other(chromium: Browser, served_here: Served) -> None:
    with browsing(chromium, served_here) as context:
        page = card(let_in(context, served_here))
        shown = page.evaluate("async () => (await (await fetch('/api/granska')).json()).suggestions[0].id")
        with served_here.desk.deciding("Anna") as study:
            study.accept(shown, code="ekonomi")
        page.keyboard.press("x")
        expect(page.locator("#says")).to_contain_text("redan godtaget med ändring: Anna")
        expect(page.locator("#says")).to_contain_text("som Ekonomi. Ditt val är inte sparat.")
        expect(page.locator("#progress")).to_contain_text("1 av")
        with served_here.desk.reading("MK") as study:
            assert study.material.suggestion(shown).status == "changed"
            assert [coding.coder for coding in study.material.codings()] == ["Anna"]


def test_a_decision_somebody_made_first_is_answered_with_the_present_state(client: TestClient) -> None:
    one = client.get("/api/granska").json()["suggestions"][0]
    assert client.post(f"/api/granska/{one['id']}/godta", json=body(one)).status_code == 200
    answer = client.post(f"/api/granska/{one['id']}/avvisa", json=body(one))
    assert answer.status_code == 409 and answer.json()["now"]["code"] == one["code"]
    assert "redan godtaget: Du i ett annat fönster" in answer.json()["problem"]
    other = client.get("/api/granska").json()["suggestions"][0]
    wrong = body(other) | {"expected": {"transcript": 1, "start": 0, "end": 1, "code": "ekonomi"}}
    assert client.post(f"/api/granska/{other['id']}/avvisa", json=wrong).status_code == 409


def test_a_suggestion_withdrawn_while_it_was_looked_at_may_still_be_accepted(client: TestClient) -> None:
    one = client.get("/api/granska").json()["suggestions"][0]
    gone = 10**12
    made = client.post(f"/api/granska/{gone}/godta", json=body(one, memo="Ett minne")).json()
    assert made["coding"] and len(made["events"]) == 2
    assert client.post(f"/api/granska/{gone}/avvisa", json=body(one)).json() == {"coding": None, "events": []}
    assert client.post("/api/granska/angra", json={"events": made["events"]}).json() == {"undone": 2}


def test_only_what_was_meant_is_undone(client: TestClient) -> None:
    first, second = client.get("/api/granska").json()["suggestions"][:2]
    events = client.post(f"/api/granska/{first['id']}/avvisa", json=body(first)).json()["events"]
    client.post(f"/api/granska/{second['id']}/avvisa", json=body(second))
    answer = client.post("/api/granska/angra", json={"events": events})
    assert answer.status_code == 409 and "Inget är ångrat" in answer.json()["problem"]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/api/granska/1/godta", {"code": 1}),
        ("/api/granska/99999999999999999999/avvisa", {}),
        ("/api/granska/99999999/godta", {"code": "ekonomi", "expected": {"transcript": "1"}}),
        ("/api/granska/1/godta", {"code": "ekonomi", "held": ["x"]}),
        ("/api/granska/lar", {"mode": "allt"}),
        ("/api/granska/angra", {"events": "1"}),
    ],
)
def test_what_is_of_the_wrong_shape_is_refused_in_swedish(
    client: TestClient, path: str, data: dict[str, object]
) -> None:
    answer = client.post(path, json=data)
    assert answer.status_code in {404, 409, 422} and answer.json()["problem"]


# --- learning ---------------------------------------------------------------------------------------


def test_after_a_batch_it_learns_and_what_is_on_the_screen_stays(chromium: Browser, served_here: Served) -> None:
    with browsing(chromium, served_here) as context:
        page = card(let_in(context, served_here))
        batch = page.evaluate("async () => (await (await fetch('/api/granska')).json()).batch")
        for place in range(batch):
            page.keyboard.press("x" if place % 3 else "g")
            expect(page.locator("#progress strong")).to_have_text(str(place + 1))
        said = page.locator("mark.active").inner_text()
        expect(page.locator(".learning")).to_contain_text("Lär sig av dina beslut")
        expect(page.locator(".learning")).to_contain_text("Har lärt sig", timeout=300_000)
        assert page.locator("mark.active").inner_text() == said
        page.keyboard.press("g")
        expect(page.locator("#progress strong")).to_have_text(str(batch + 1))
        expect(page.locator("#says .notice-problem")).to_have_count(0)
        settled(page)
        assert len([one for one in statuses(served_here) if one != "open"]) == batch + 1


def test_new_suggestions_keep_the_numbers_of_like_ones_and_leave_alone_what_is_looked_at(folder: Path) -> None:
    with Study.open(folder) as study:
        before = study.material.suggestions()
        seen, like, gone = before[:3]
        fresh = [replace(seen, id=0, score=0.99), replace(like, id=0, reason="Nytt skäl.")]
        assert study._store.replace_suggestions("prov", fresh, keep=lambda: [seen.id, 10**9]) == 2
        assert study.material.suggestions() == [seen, replace(like, reason="Nytt skäl.")]
        assert gone.id not in {one.id for one in study.material.suggestions(status=None)}
        study._store.replace_suggestions("prov", [replace(gone, id=0)])
        assert study.material.suggestions()[0].id > max(one.id for one in before)  # a number is never used again


def test_a_suggestion_accepted_at_another_place_is_told_as_changed(folder: Path) -> None:
    with Study.open(folder, coder="MK") as study:
        one = next(one for one in study.material.suggestions() if len(one.quote.split()) > 3)
        coding = study.accept(one.id, span=(one.start, one.start + len(one.quote.split()[0])))
        assert coding.quote == one.quote.split()[0] and study.material.suggestion(one.id).status == "changed"


def test_without_suggestions_the_page_offers_to_make_them(chromium: Browser, small_folder: Path) -> None:
    with serving(small_folder) as served, browsing(chromium, served) as context:
        page = card(let_in(context, served))
        expect(page.get_by_role("heading", name="Inga förslag än")).to_be_visible()
        page.get_by_role("button", name="Ta fram förslag").click()
        expect(page.locator("#card")).to_be_visible(timeout=300_000)


# --- for everybody ----------------------------------------------------------------------------------


def test_axe_finds_nothing(chromium: Browser, served_here: Served, axe_findings: Callable[..., list[str]]) -> None:
    with browsing(chromium, served_here) as context:
        page = card(let_in(context, served_here))
        page.keyboard.press("p")
        page.keyboard.press("d")
        page.locator("#by summary").click()
        page.locator("#selection summary").click()
        expect(page.locator("#by-table table")).to_be_visible()
        assert axe_findings(page) == []
        page.keyboard.press("x")
        expect(page.locator("#trace")).to_be_visible()
        assert axe_findings(page) == []


def test_nothing_sticks_out_on_a_telephone(chromium: Browser, served_here: Served) -> None:
    with browsing(chromium, served_here, **NARROW) as context:
        page = card(let_in(context, served_here))
        page.get_by_role("button", name=re.compile("Part")).click()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
        small = page.evaluate(
            """() => [...document.querySelectorAll('main button, main summary')]
            .filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect())
            .filter(({ width, height }) => width < 24 || height < 24).length"""
        )
        assert small == 0


def test_hostile_words_are_shown_as_written(chromium: Browser, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "S31.txt"
    said = f"{HOSTILE} 👩‍👩‍👧‍👦 Det blev lång väntetid."
    file.write_bytes(interview("S31", said, f"{'ord ' * 250_000}slut"))
    with Study.open(folder) as study:
        study.add_transcripts(file)
        transcript = study.transcript("S31")
        starts = [transcript.text.index("Det blev"), transcript.text.index("slut")]
        quotes = ["Det blev lång väntetid.", "slut"]
        pattern = study.material.suggestions()[0]
        given = zip(starts, quotes, (0.9, 0.5), strict=True)
        made = {"id": 0, "transcript": transcript.id, "reason": HOSTILE}
        rows = [
            replace(pattern, **made, start=at, end=at + len(quote), quote=quote, score=score)
            for at, quote, score in given
        ]
        study._store.replace_suggestions("prov", rows)
    with serving(folder) as served, browsing(chromium, served) as context:
        page = let_in(context, served)
        page.on("dialog", lambda dialog: pytest.fail("a dialog"))
        card(page)
        expect(page.locator("mark.active")).to_contain_text("Det blev lång väntetid.")
        expect(page.locator(".said")).to_contain_text("<img src=x onerror=alert(1)>")
        expect(page.locator(".reason")).to_contain_text("</mark><script>")
        page.keyboard.press(",")
        page.keyboard.press("g")
        expect(page.locator("mark.active")).to_contain_text("slut")
        assert len(page.locator(".said").inner_text()) < 5000
        page.keyboard.press("ArrowLeft")
        page.keyboard.press(",")
        page.keyboard.press("g")
        expect(page.locator(".empty")).to_be_visible()
        assert page.locator("main script, main img").count() == 0
        settled(page)
        with served.desk.reading("MK") as study:
            whole = "</mark><script>alert(1)</script> 👩‍👩‍👧‍👦 Det blev lång väntetid."  # a sign alone is no word
            assert [coding.quote for coding in study.material.codings()] == [whole, "ord slut"]
